// Saves the texts of a page as they are typed: after a pause, on leaving a field, and before anything leads away. "Saved" is
// said only when the server has said so; what it kept as a draft alone is "Not saved yet". Only the page itself holds the text.
const PAUSE = 1000, AGAIN = 3000, LONGEST = 15000;
const WAITS_FOR_LEAVING = 1500;
const forms = [...document.querySelectorAll("form[data-typed]")];
const changed = new Set(); // forms with something that the server does not have
const root = document.documentElement;
const status = document.querySelector("[data-saved]");
let timer, again, sending = null, going = false, passes = false, left = false;

const say = (state) => status && (status.dataset.state = state);
const isSecret = (field) => field.type === "password" || field.dataset.secret !== undefined;

function bodyOf(form) {
  const body = new FormData(form);
  for (const field of form.elements) if (isSecret(field)) body.delete(field.name);
  return new URLSearchParams(body);
}

async function post(form) {
  const stop = new AbortController();
  const late = setTimeout(() => stop.abort(), LONGEST);
  const headers = { "X-Acknowledge": "1", "X-Typed": "1" };
  const asked = { method: "POST", body: bodyOf(form), headers, redirect: "manual", keepalive: true, signal: stop.signal };
  const answer = await fetch(form.getAttribute("action"), asked).catch(() => null);
  clearTimeout(late);
  return answer;
}

// What the page holds now, so that its next press does not meet what it saved itself.
function takeOver(form, answer) {
  const { drawn = [], fields = {}, letters = {} } = JSON.parse(answer.headers.get("X-Now") ?? "{}");
  const keyOf = (said) => said.slice(said.indexOf("/"));
  for (const field of form.querySelectorAll("[name=drawn]")) {
    field.value = drawn.find((said) => keyOf(said) === keyOf(field.value)) ?? field.value;
  }
  for (const [name, value] of Object.entries(fields)) if (form.elements[name]) form.elements[name].value = value;
  for (const box of form.querySelectorAll("textarea, [type=text]")) sayLetters(box, letters[box.name] ?? "");
}

// The note above a box: which letters in it cannot be printed, and what is printed instead.
function sayLetters(box, words) {
  const id = `${box.id}-letters`;
  let note = document.getElementById(id);
  if (!note && !words) return;
  if (!note) {
    note = Object.assign(document.createElement("p"), { className: "hint", id, ariaLive: "polite" });
    box.before(note);
    box.setAttribute("aria-describedby", `${id} ${box.getAttribute("aria-describedby") ?? ""}`.trim());
  }
  note.textContent = words;
}

const WORDS = { 204: "saved", 409: "changed", 422: "typed" };

async function send(form) {
  changed.delete(form);
  say("saving");
  const answer = await post(form);
  if (answer && WORDS[answer.status]) {
    takeOver(form, answer);
    if (!changed.size) say(WORDS[answer.status]);
    return true;
  }
  if (left) return false;
  changed.add(form);
  // The seat is locked or over: the server keeps the words for this person, and says on the next page what to do.
  if (answer?.type === "opaqueredirect" || (answer && answer.status < 500)) {
    changed.clear();
    location.reload();
    return true;
  }
  say("unsaved");
  clearTimeout(again);
  again = setTimeout(save, AGAIN);
  return false;
}

// Sends what there is, one form after another, and never two at once; whether the server has all of it.
function save() {
  clearTimeout(timer);
  sending ??= (async () => {
    let well = true;
    while (well && changed.size) well = await send([...changed][0]);
    return well;
  })().finally(() => (sending = null));
  return sending;
}

const isUnsaved = () => changed.size > 0 || sending !== null;

function note({ target }) {
  const form = forms.find((one) => one === target.form);
  if (!form || isSecret(target)) return;
  changed.add(form);
  say("typed");
  for (const button of target.dataset.clears ? document.querySelectorAll(`[name="${target.dataset.clears}"]`) : []) {
    button.setAttribute("aria-pressed", "false");
  }
  clearTimeout(timer);
  timer = setTimeout(save, PAUSE);
}

// First what is typed, then what was pressed; where the first fails, the browser asks before the page goes.
async function first(act) {
  if (going) return;
  going = true;
  await save();
  going = false;
  act();
}

const isBesideThis = (event) => event.button > 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey;

document.addEventListener("input", note);
document.addEventListener("change", () => changed.size && save());
document.addEventListener("focusout", () => changed.size && save());
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-send-again]")) return save();
  if (event.target.closest("[data-look]")) return first(() => location.reload());
  const link = event.target.closest("a[href]");
  if (!link || link.target || isBesideThis(event) || !isUnsaved() || link.getAttribute("href").startsWith("#")) return;
  event.preventDefault();
  first(() => (location.href = link.href));
});
document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (passes || event.defaultPrevented || !isUnsaved()) return;
  event.preventDefault();
  first(() => {
    passes = true;
    form.requestSubmit(submitter ?? undefined);
    passes = false;
  });
});
// "Leave this page" has hidden it already; it waits a moment for what can still be saved, and lets the rest go.
document.addEventListener("leaving", () => {
  left = true;
  if (isUnsaved()) root.typed = Promise.race([save(), new Promise((done) => setTimeout(done, WAITS_FOR_LEAVING))]);
});
document.addEventListener("visibilitychange", () => document.hidden && changed.size && save());
addEventListener("online", () => changed.size && save());
// Back, a closed tab: with a network the words are sent on the way out; without, the browser asks.
addEventListener("beforeunload", (event) => {
  if (left || !isUnsaved()) return;
  const isCut = !navigator.onLine || status?.dataset.state === "unsaved";
  if (changed.size) save();
  if (!isCut) return;
  event.preventDefault();
  event.returnValue = true; // for browsers that know no other way
});
