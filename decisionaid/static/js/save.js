// Sends each choice as it is made. "Saved" is said only when the server has said so.
import { wipe } from "./parts/device.js";
import { watch } from "./parts/idle.js";
import { putBy } from "./parts/offline.js";
import { Queue, answerOf } from "./parts/queue.js";

const told = document.querySelector("script[data-epoch]").dataset;
const unsent = document.querySelector("[data-unsent]");
let next = null;
let typed = false;

const state = () => document.querySelector("[data-saved]")?.dataset ?? {};

function say(word) {
  state().state = word;
  if (word === "saved" || word === "offline") goOn(word);
}

const queue = new Queue({
  epoch: told.epoch,
  number: Number(told.number ?? 0),
  keeps: told.keeps !== undefined,
  token: () => document.querySelector("[name=csrf_token]")?.value ?? "",
  say,
  refused,
});

// Whatever the server says of a form is shown as its own page, by sending it as a browser would; and where this page has no
// such form, or is no longer true, by opening the page again.
function refused({ form, pressed, done }, answer) {
  if (answer.status === 410) return stopHere("[data-ended]");
  if (answer.status === 409) queue.letGo();
  if (!form || done || answer.status === 404 || answer.status === 409) {
    if (!queue.waiting.length) location.reload();
    return;
  }
  form.removeAttribute("data-save");
  form.requestSubmit(pressed?.name ? pressed : undefined);
}

// The seat is over, here or on the server: nothing more is kept or sent, and the page says what became of what was not saved.
// It says nothing of anybody then, and need not give way to the next person.
function stopHere(words) {
  const said = document.querySelector(words);
  next = null;
  typed = false;
  queue.close();
  wipe();
  const title = document.createElement("h1");
  title.className = "panel-title";
  title.textContent = said.querySelector("h2").textContent;
  said.querySelector("h2").replaceWith(title);
  said.hidden = false;
  document.querySelector(".page-body").replaceChildren(said);
  document.querySelector(".bottom-bar")?.remove();
  delete document.documentElement.dataset.epoch;
}

// What somebody pressed while something was on its way: it waits until that is kept, or lies safe on the device.
function goOn(word) {
  const safe = next?.away && !queue.wouldLose && navigator.serviceWorker?.controller;
  if (!next || (word === "offline" ? !safe : queue.waiting.length)) return;
  const { away, act } = next;
  next = null;
  if (away) location.href = away;
  else act();
}

function choose(form, pressed) {
  if (!pressed?.hasAttribute("aria-pressed")) return;
  for (const other of form.querySelectorAll(`[name="${pressed.name}"][aria-pressed]`)) {
    other.setAttribute("aria-pressed", other === pressed);
  }
  for (const way of document.querySelectorAll("[data-way]")) way.hidden = way.dataset.way !== "on";
  const warning = pressed.dataset.warns && document.querySelector("[data-warning]");
  if (warning) {
    warning.hidden = false;
    warning.scrollIntoView({ block: "nearest" });
  }
}

// A choice that is taken back by the press that says so: its marks go, and the focus stays with it.
function clear(form, name) {
  for (const mark of form.querySelectorAll(`[name="${name}"]`)) mark.checked = false;
  form.querySelector(`[name="${name}"]`).focus();
}

function keep(form, pressed) {
  if (pressed?.dataset.clears) clear(form, pressed.dataset.clears);
  const body = new URLSearchParams(new FormData(form));
  if (pressed?.name) body.append(pressed.name, pressed.value);
  typed = false;
  if (pressed?.dataset.to) next = { away: pressed.dataset.to };
  queue.add(new URL(form.action).pathname, body, { form, pressed });
}

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (form.matches("[data-swap]")) return;
  if (form.matches("[data-save]")) {
    event.preventDefault();
    choose(form, submitter);
    keep(form, submitter);
  } else if (queue.waiting.length) {
    event.preventDefault();
    next = { act: () => form.requestSubmit(submitter ?? undefined) };
    if (unsent) unsent.hidden = false;
  } else {
    typed = false;
    if (form.action.endsWith("/s/back")) wipe();
  }
});
document.addEventListener("leaving", () => {
  typed = false;
  queue.close();
});
document.addEventListener("change", ({ target }) => {
  if (target.form?.matches("[data-save]")) keep(target.form);
});
document.addEventListener("input", ({ target }) => {
  if (!target.matches("textarea, [type=text]")) return;
  typed = true;
  state().state = "typed";
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-send-again]")) queue.send();
  if (event.target.closest("[data-let-go]")) {
    queue.letGo();
    unsent.hidden = true;
  }
  const link = event.target.closest("a[href]");
  if (!link || !queue.waiting.length) return;
  event.preventDefault();
  next = { away: link.href };
  if (state().state === "offline") goOn("offline");
});
// Another script's choice: it says what, and hears when that is kept.
document.addEventListener("choice", ({ detail: { form, body, done } }) => {
  queue.add(new URL(form.action).pathname, body, { form, done });
});
addEventListener("beforeunload", (event) => {
  if (!typed && !queue.wouldLose) return;
  event.preventDefault();
  event.returnValue = true; // for browsers that know no other way
});
addEventListener("online", () => queue.send());

// What was chosen here and is not sent yet shows as chosen.
for (const { alias } of queue.waiting) {
  const [place, answer] = answerOf(alias);
  const form = document.querySelector(`form[data-save][action="/s/card/${place}"]`);
  if (form) choose(form, form.querySelector(`[name=answer][value=${answer}]`));
}
if (queue.waiting.length) {
  say("saving");
  queue.send();
}
const { page } = document.body.dataset;
if (queue.keeps) {
  watch({
    question: document.querySelector("[data-idle]"),
    matters: () => typed || queue.waiting.length > 0,
    over: () => {
      if (typed || queue.waiting.length) return stopHere("[data-wiped]");
      queue.close();
      wipe();
    },
  });
  if (page === "done") wipe();
  if (page === "card") addEventListener("load", () => putBy(told.epoch, Number(told.cards)));
}
