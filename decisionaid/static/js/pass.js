// The tablet passes from hand to hand: nothing of one person stays for the next. Loaded first on every page, and not
// deferred: no page stands without it.
const LEFT = "left"; // kept on the device while a seat was left that the server does not know of yet
const SHIFTS = 3, WITHIN = 1500;
const empty = () => document.documentElement.replaceChildren();

// What the browser keeps for "Back" is an empty page, and one that came back all the same is asked for anew.
addEventListener("pagehide", empty);
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  empty();
  location.replace(location.pathname + location.search);
});

// "Leave this page": first the neutral page's words stand here, under its address, then whatever the device keeps goes, then
// the server is told, as soon as it can be reached.
const leaving = () => document.querySelector("form.leave");

function close(form) {
  const { away, title, said } = form.dataset;
  const parts = [["main", "page-main"], ["div", "page-body"], ["div", "neutral"], ["h1", ""]].map(([tag, name]) => {
    const part = document.createElement(tag);
    part.className = name;
    return part;
  });
  parts.reduce((around, part) => around.appendChild(part)).textContent = said;
  document.title = title;
  document.body.replaceChildren(parts[0]);
  document.documentElement.hidden = false;
  history.replaceState(null, "", away);
}

async function wipe() {
  localStorage.clear();
  sessionStorage.clear();
  localStorage.setItem(LEFT, "1");
  const { caches, indexedDB, navigator } = window;
  for (const name of (await caches?.keys()) ?? []) caches.delete(name);
  for (const { name } of (await indexedDB.databases?.()) ?? []) indexedDB.deleteDatabase(name);
  for (const worker of (await navigator.serviceWorker?.getRegistrations()) ?? []) worker.unregister();
}

// A page of another session than the browser's now is refused: the next page, which is that session's, leaves in its place.
async function tell(form, body, again) {
  const headers = { "X-Acknowledge": "1" }; // a refusal comes as a status, and not as the way to a page
  const answer = await fetch(form.action, { method: "POST", body, headers, redirect: "manual", keepalive: true }).catch(() => null);
  if (!answer || answer.status >= 500) return setTimeout(tell, 2000, form, body, again);
  const left = again || answer.status < 400;
  location.replace(left ? form.dataset.away : "/");
  if (left) localStorage.removeItem(LEFT);
}

function leave(form, again) {
  const body = new URLSearchParams(new FormData(form));
  document.dispatchEvent(new Event("leaving")); // what waits to be sent is let go
  close(form);
  tell(form, body, again);
  wipe().catch(() => {});
}

document.addEventListener("submit", (event) => {
  if (event.target !== leaving()) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  leave(event.target);
});

let shifts = [];
addEventListener("keydown", ({ key, repeat, timeStamp }) => {
  if (repeat) return;
  shifts = key === "Shift" ? [...shifts, timeStamp].slice(-SHIFTS) : [];
  const form = shifts.length === SHIFTS && timeStamp - shifts[0] <= WITHIN && leaving();
  if (form) leave(form);
});

// A seat that was left where there was no network ends with the first page that comes.
if (localStorage.getItem(LEFT)) {
  document.documentElement.hidden = true;
  document.addEventListener("DOMContentLoaded", () => {
    const form = leaving();
    if (form) return leave(form, true);
    localStorage.removeItem(LEFT);
    document.documentElement.hidden = false;
  });
}
