// Coming in on a device of one's own, and the desk that waits for it. Everything here goes by links and buttons as well.

// What a scan brought stands after the #. It leaves the address before anything else, and goes to the server in a body.
const TOKEN = /^#[\w-]{22}$/;

function take() {
  const form = document.querySelector("[data-scan]");
  const brought = location.hash;
  if (!form || !TOKEN.test(brought)) return;
  history.replaceState(null, "", location.pathname);
  form.elements.token.value = brought.slice(1);
  form.submit();
  form.reset();
}
take();
addEventListener("hashchange", take);

// A page that waits looks whether something has happened, and shows it. It does not do so for ever: that would keep a
// desk awake that nobody sits at.
const OFTEN = 2500;
const until = Date.now() + 20 * 60 * 1000;
const waits = (page) => page.querySelector("[data-waits]")?.dataset.waits;

function show(page) {
  const main = document.querySelector("main");
  main.replaceChildren(...page.querySelector("main").childNodes);
  document.title = page.title;
  main.focus();
}

async function look() {
  const answer = document.hidden || (await fetch(location.href).catch(() => null));
  if (answer?.redirected) return location.reload();
  if (answer?.text) {
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (waits(page) !== waits(document)) show(page);
  }
  lookLater();
}

function lookLater() {
  if (waits(document) && Date.now() < until) setTimeout(look, OFTEN);
}
lookLater();
