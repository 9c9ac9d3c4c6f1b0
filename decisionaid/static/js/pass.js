// The tablet passes from hand to hand: nothing of one person stays for the next. Loaded first on every page, and not
// deferred: no page stands without it.
const LEFT = "left"; // kept on the device while a seat was left that the server does not know of yet
const SHIFTS = 3, WITHIN = 1500;
const root = document.documentElement;
const empty = () => root.replaceChildren();
const here = () => location.origin + location.pathname; // a path that begins with // would lead elsewhere by itself

// What the browser keeps for "Back" is an empty page, and one that came back all the same is asked for anew.
addEventListener("pagehide", empty);
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  empty();
  location.replace(here() + location.search);
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
  delete root.dataset.epoch; // from here on a page of nobody's, that need not give way
  root.style.opacity = "";
  root.hidden = false;
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
  await root.typed; // what was typed goes before, where a script of the page still saves it
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
  root.hidden = true;
  document.addEventListener("DOMContentLoaded", () => {
    const form = leaving();
    if (form) return leave(form, true);
    localStorage.removeItem(LEFT);
    root.hidden = false;
  });
}

// Other tabs of this browser. Each page knows whose it is, by a name that opens nothing: "" is nobody's. The page that came
// last leaves that name on the device, where every other tab hears of it at once, and a tab that slept reads it on waking. A
// page of somebody else empties itself, and asks the server what comes in its place.
const SEAT = "seat";
const PATIENCE = 4000, AGAIN = 2000;
const LONG = 30 * 60 * 1000; // a tab away for longer than this shows nothing until the server has answered
const mine = () => root.dataset.epoch;
const theirs = () => localStorage.getItem(SEAT) ?? "";
const isAnothers = (seat) => mine() !== undefined && seat !== mine();

function giveWay(seat) {
  const left = localStorage.getItem(LEFT); // the server may not know yet: nothing is asked of it before
  document.dispatchEvent(new Event("leaving"));
  if (left && leaving()) close(leaving());
  else empty();
  if (!left) location.replace(mine() && seat ? "/" : here());
}

function hear(seat = theirs()) {
  if (isAnothers(seat)) giveWay(seat);
}

// A key of null is the sweep, which comes after the news and says nothing of its own.
addEventListener("storage", ({ key, newValue }) => {
  if (key === SEAT) hear(newValue ?? "");
  if (key === LEFT) hear();
});

function say() {
  if (mine()) localStorage.setItem(SEAT, mine());
  else if (mine() === "") localStorage.removeItem(SEAT);
}

// A page that Back brings may be an old one, kept by the browser: it does not speak for who is here now.
if (isAnothers(theirs()) && performance.getEntriesByType("navigation")[0]?.type === "back_forward") {
  root.hidden = true;
  document.addEventListener("DOMContentLoaded", () => hear());
} else {
  say();
  addEventListener("load", () => theirs() || say()); // the sweep has taken it away
}

async function whoIsHere() {
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), PATIENCE);
  const answer = await fetch("/seat", { signal: stop.signal }).catch(() => null);
  clearTimeout(late);
  return answer?.ok ? answer.text() : undefined;
}

// A tab that is not looked at is covered, and shown again once it is known to be still this person's. Where nobody can be
// asked, what lies on the device has to do, for a while.
let since = Date.now();

async function wake() {
  if (theirs() || localStorage.getItem(LEFT)) hear();
  const seat = mine() ? await whoIsHere() : mine();
  if (document.hidden) return;
  if (seat === undefined && mine() && Date.now() - since > LONG) return setTimeout(wake, AGAIN);
  if (seat !== undefined && isAnothers(seat)) return giveWay(seat);
  root.style.opacity = "";
}

document.addEventListener("visibilitychange", () => {
  if (!document.hidden) return wake();
  root.style.opacity = 0;
  since = Date.now();
});
