// Copies what a button names, and keeps the page for where there is no network; the page works without it.
"use strict";
for (const button of document.querySelectorAll("button[data-copy]")) {
  if (!navigator.clipboard) break;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    button.textContent = button.dataset.done;
  });
}
if ("serviceWorker" in navigator) {
  navigator.serviceWorker.register("/P/worker.js").then(async () => {
    const kept = await caches.open("gatepos");
    await kept.addAll([location.href, "/P/page.js"]);
  }).catch(() => {});
}
