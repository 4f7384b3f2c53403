// Fetches the page again every 15 seconds and puts its main part in place; without it a reload does the same.
// On a phone the tab of this page is brought into sight.
"use strict";
(() => {
  const PERIOD_MS = 15000;
  const main = document.querySelector("main[data-live]");
  const lost = document.getElementById("lost");
  const tab = document.querySelector("nav [aria-current]");
  if (tab) tab.parentNode.scrollLeft = tab.offsetLeft - (tab.parentNode.clientWidth - tab.offsetWidth) / 2;
  let tag = "";

  const isBusy = () => {
    const at = document.activeElement;
    if (main.querySelector("details[open] form")) return true;
    const isTyping = at && main.contains(at) && at.matches("input, select, textarea, summary");
    return isTyping || [...main.querySelectorAll("input, textarea")].some((one) => one.value !== one.defaultValue);
  };

  const show = (text) => {
    const next = new DOMParser().parseFromString(text, "text/html");
    const found = next.querySelector("main[data-live]");
    if (!found) return;
    main.replaceChildren(...found.childNodes);
    for (const id of ["now", "open-cases"]) {
      const here = document.getElementById(id);
      const there = next.getElementById(id);
      if (here && there) { here.textContent = there.textContent; here.hidden = there.hidden; }
    }
  };

  const ask = async () => {
    if (document.hidden || isBusy()) return;
    const headers = { "gatepos-live": "1" };
    if (tag) headers["If-None-Match"] = tag;
    try {
      const answer = await fetch(location.href, { headers, cache: "no-store", credentials: "same-origin" });
      if (answer.redirected) { location.reload(); return; }
      lost.hidden = answer.ok || answer.status === 304;
      if (answer.ok) {
        const text = await answer.text();
        if (!isBusy()) { tag = answer.headers.get("ETag") || ""; show(text); }
      }
    } catch {
      lost.hidden = false;
    }
  };

  if (main && lost) {
    setInterval(ask, PERIOD_MS);
    document.addEventListener("visibilitychange", ask);
  }
})();
