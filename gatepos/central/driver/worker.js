// The network first; without it, the page as it was last seen.
"use strict";
async function answer(request) {
  const kept = await caches.open("gatepos");
  try {
    const found = await fetch(request);
    if (found.ok) await kept.put(request, found.clone());
    return found;
  } catch (error) {
    const seen = await kept.match(request) || await kept.match(request, { ignoreSearch: true });
    if (seen) return seen;
    throw error;
  }
}
self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  if (event.request.method === "GET") event.respondWith(answer(event.request));
});
