// Stands between the client's pages and the network. The network comes first; without one it shows the shell and the cards as
// nobody has answered them, which is all that it ever keeps.
const CARD = /^\/s\/card\/(\d+)$/;
const UNREACHABLE = "/s/blank";
const PATIENCE = 8000;

addEventListener("install", () => skipWaiting());
addEventListener("activate", (event) => event.waitUntil(clients.claim()));

// A page of this seat says what to keep, and under the name of the seat: what an earlier one left goes.
addEventListener("message", ({ data }) => data.keep && keep(data));

async function keep({ epoch, keep: addresses }) {
  for (const name of await caches.keys()) if (name !== epoch) await caches.delete(name);
  const cache = await caches.open(epoch);
  for (const address of addresses) {
    if (await cache.match(address)) continue;
    const answer = await fetch(address).catch(() => null);
    if (answer?.ok && !answer.redirected) await cache.put(address, answer);
  }
}

addEventListener("fetch", (event) => {
  const { request } = event;
  if (request.method !== "GET") return;
  if (request.mode === "navigate") event.respondWith(page(request));
  else if (new URL(request.url).pathname.startsWith("/static/")) event.respondWith(file(request));
});

async function page(request) {
  try {
    return await Promise.race([fetch(request), new Promise((_, late) => setTimeout(late, PATIENCE))]);
  } catch {
    const place = CARD.exec(new URL(request.url).pathname)?.[1];
    const kept = (place && (await caches.match(`/s/blank/${place}`))) ?? (await caches.match(UNREACHABLE));
    return kept ?? Response.error();
  }
}

const file = async (request) => (await caches.match(request)) ?? fetch(request);
