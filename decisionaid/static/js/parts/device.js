// What lies on this device while it waits to be sent, and how all of it goes. Of an answer only its alias is ever kept: the
// card's place and which of its answers, as "7:2". Words are never kept.
const KEY = "unsent";
export const IDLE = 30 * 60 * 1000;

const nothing = (epoch) => ({ epoch, number: 0, touched: Date.now(), waiting: [] });

// What this seat left here; what is another's, or has lain too long, is not read but wiped.
export function read(epoch) {
  try {
    const held = JSON.parse(localStorage.getItem(KEY));
    if (held?.epoch === epoch && Date.now() - held.touched < IDLE) return held;
    if (held) wipe();
  } catch {
    // No place on this device: what is chosen waits on the page alone.
  }
  return nothing(epoch);
}

// Whether it is kept.
export function write(held) {
  try {
    localStorage.setItem(KEY, JSON.stringify({ ...held, touched: Date.now() }));
    return true;
  } catch {
    return false;
  }
}

export async function wipe() {
  try {
    localStorage.removeItem(KEY);
  } catch {
    // Nothing can lie where nothing can be put.
  }
  await Promise.all([
    ...((await globalThis.caches?.keys()) ?? []).map((name) => caches.delete(name)),
    ...((await navigator.serviceWorker?.getRegistrations()) ?? []).map((worker) => worker.unregister()),
  ]);
}
