// The order without leaving the page: a press or a drag sends its form, and the page's new middle takes the old one's place.
// The focus stays on the card that moved, and a live region says where it went. Buttons do all of it without this script too.
const main = document.querySelector("main");

const find = (name, value) => main.querySelector(`[name="${name}"][value="${CSS.escape(value)}"]`);
const cardOf = (id) => main.querySelector(`[data-card="${CSS.escape(id)}"]`);

let turn = Promise.resolve();
const inTurn = (work) => (turn = turn.then(work));

// The saving script sends it, in its turn; once it is kept, the page as it now stands is fetched.
async function send(form, body) {
  await new Promise((done) => document.dispatchEvent(new CustomEvent("choice", { detail: { form, body, done } })));
  const answer = await fetch(form.action).catch(() => null);
  if (answer?.ok && answer.url.startsWith(form.action)) return new DOMParser().parseFromString(await answer.text(), "text/html");
  location.reload();
}

function swap(page) {
  main.replaceChildren(...page.querySelector("main").childNodes);
}

function announce(id) {
  const region = main.querySelector("[data-moved]");
  if (!region) return;
  const placed = cardOf(id);
  const title = placed?.querySelector(".place-name") ?? find("add", id)?.querySelector(".label")?.firstChild;
  const place = placed?.querySelector(".place-number").textContent;
  const words = placed ? region.dataset.words : region.dataset.out;
  region.textContent = words.replace("{card}", title?.textContent.trim() ?? "").replace("{place}", place);
}

// The same button again; where it is gone, the one that stands in its place in the pile, or another of the same card.
function focusOn(name, value, index) {
  const pile = main.querySelectorAll("[name=add]:not([data-full])");
  const near = name === "add" && pile[Math.min(index, pile.length - 1)];
  (find(name, value) ?? (near || cardOf(value)?.querySelector("button")) ?? find("add", value))?.focus();
}

// Every place is taken: the card that was pressed says so, and nothing is sent.
function tellFull({ id, parentElement: pile }) {
  for (const card of pile.children) card.classList.toggle("is-told", card.id === id);
  const said = pile.querySelector(".is-told > .no-place-left");
  said.scrollIntoView({ block: "nearest" });
  const region = main.querySelector("[data-moved]");
  region.textContent = "";
  setTimeout(() => (region.textContent = said.textContent));
}

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (!form.matches("[data-swap]") || !submitter?.name) return;
  event.preventDefault();
  if (submitter.dataset.full) return tellFull(document.getElementById(submitter.dataset.full));
  const body = new URLSearchParams(new FormData(form));
  body.append(submitter.name, submitter.value);
  inTurn(async () => {
    body.set("was", main.querySelector("[name=was]")?.value ?? "");
    const index = [...main.querySelectorAll("[name=add]")].findIndex((button) => button.value === submitter.value);
    const page = await send(form, body);
    if (!page) return;
    swap(page);
    focusOn(submitter.name, submitter.value, index);
    announce(submitter.value);
  });
});

// Dragging: the handle follows the pointer, the card changes places as it passes others, and letting go sends the order.
let dragged = null;

document.addEventListener("pointerdown", (event) => {
  const card = event.target.closest("[data-handle]")?.closest("[data-card]");
  if (!card || event.button) return;
  event.preventDefault();
  dragged = card;
  card.classList.add("is-moving");
});
document.addEventListener("pointermove", (event) => {
  if (!dragged) return;
  for (const other of dragged.parentElement.querySelectorAll("[data-card]")) {
    const { top, bottom, height } = other.getBoundingClientRect();
    if (other === dragged || event.clientY < top || event.clientY > bottom) continue;
    const above = event.clientY < top + height / 2;
    other[above ? "before" : "after"](dragged);
  }
});
document.addEventListener("pointerup", drop);
document.addEventListener("pointercancel", drop);

function drop() {
  if (!dragged) return;
  const { card } = dragged.dataset;
  const form = dragged.closest("form");
  dragged = null;
  const body = new URLSearchParams(new FormData(form));
  for (const placed of form.querySelectorAll("[data-card]")) body.append("order", placed.dataset.card);
  inTurn(async () => {
    const page = await send(form, body);
    if (!page) return;
    swap(page);
    announce(card);
  });
}

