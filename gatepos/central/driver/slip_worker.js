// Keeps the page of the slip on the phone: it opens from there at once, and is fetched anew behind.
"use strict";
const KEPT = "gatepos-slip", PARTS = ["/S", "/S/page.js", "/S/qrcode.js"];
async function renew(kept, path) {
  const found = await fetch(path);
  if (found.ok) await kept.put(path, found.clone());
  return found;
}
async function answer(event, path) {
  const kept = await caches.open(KEPT), seen = await kept.match(path);
  const fresh = renew(kept, path);
  if (!seen) return fresh;
  event.waitUntil(fresh.catch(() => {}));
  return seen;
}
self.addEventListener("install", (event) => {
  event.waitUntil(caches.open(KEPT).then((kept) => kept.addAll(PARTS)).then(() => self.skipWaiting()));
});
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const path = new URL(event.request.url).pathname;
  if (event.request.method === "GET" && PARTS.includes(path)) event.respondWith(answer(event, path));
});
