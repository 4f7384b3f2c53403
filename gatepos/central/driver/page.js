// Copies what a button names, remembers the passes scanned, and keeps the page for where there is no network; the page works without it.
"use strict";
for (const button of document.querySelectorAll("button[data-copy]")) {
  if (!navigator.clipboard) break;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.done;
  });
}
// The passes that this phone scanned and that are not paid, so that one payment may pay for them together.
const OTHERS_MAX = 19, KEPT_MS = 2 * 86_400_000;
function remember(main) {
  const now = Date.now(), pass = main.dataset.pass, isOpen = "open" in main.dataset;
  const kept = JSON.parse(localStorage.getItem("gatepos.passes") || "[]");
  const others = kept.filter((one) => one.pass !== pass && one.at > now - KEPT_MS).slice(-OTHERS_MAX);
  localStorage.setItem("gatepos.passes", JSON.stringify(isOpen ? [...others, { pass, at: now }] : others));
  const link = main.querySelector("a.with");
  if (!link || !others.length) return;
  const query = others.map((one) => `with=${encodeURIComponent(one.pass)}`).join("&");
  link.href = `?lang=${link.dataset.language}&${query}`;
  link.textContent += ` (${others.length})`;
  link.hidden = false;
}
try {
  remember(document.querySelector("main[data-pass]"));
} catch (error) {
  // A browser that keeps nothing, or kept something else: each pass is paid by itself.
}
if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register("/P/worker.js").then(async () => {
    const kept = await caches.open("gatepos");
    await kept.addAll([location.href, "/P/page.js"]);
  }).catch(() => {});
}
