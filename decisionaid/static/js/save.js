// Sends each choice as it is made, one at a time and in order. "Saved" is said only when the server has said so.
const status = document.querySelector("[data-saved]");
const waiting = [];
let sending = false;
let next = "";

const say = (state) => status && (status.dataset.state = state);

function choose(form, pressed) {
  if (!pressed?.hasAttribute("aria-pressed")) return;
  for (const other of form.querySelectorAll(`[name="${pressed.name}"][aria-pressed]`)) {
    other.setAttribute("aria-pressed", other === pressed);
  }
  const warning = pressed.dataset.warns && document.querySelector("[data-warning]");
  if (warning) {
    warning.hidden = false;
    warning.scrollIntoView({ block: "nearest" });
  }
}

function keep(form, pressed) {
  const body = new URLSearchParams(new FormData(form));
  if (pressed?.name) body.append(pressed.name, pressed.value);
  waiting.push({ form, pressed, body });
  send();
}

// Whatever the server says but "kept" is shown as its own page, by sending the form as a browser would.
function showAnswer({ form, pressed }) {
  form.removeAttribute("data-save");
  form.requestSubmit(pressed?.name ? pressed : undefined);
}

async function send() {
  if (sending || !waiting.length) return;
  const { form, body } = waiting[0];
  sending = true;
  say("saving");
  const answer = await fetch(form.action, {
    method: "POST", body, redirect: "manual", keepalive: true, headers: { "X-Acknowledge": "1" },
  }).catch(() => null);
  sending = false;
  if (!answer) {
    say("offline");
    setTimeout(send, 3000);
  } else if (answer.status === 204) {
    waiting.shift();
    say("saved");
    if (next && !waiting.length) location.href = next;
    send();
  } else if (answer.status === 429 || answer.status >= 500) say("unsaved");
  else showAnswer(waiting.shift());
}

document.addEventListener("submit", (event) => {
  const { target: form, submitter } = event;
  if (!form.matches("[data-save]") || submitter?.name === "go") return;
  event.preventDefault();
  choose(form, submitter);
  keep(form, submitter);
});
document.addEventListener("change", ({ target }) => {
  if (target.form?.matches("[data-save]")) keep(target.form);
});
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-send-again]")) send();
  const link = event.target.closest("a[href]");
  if (!link || !waiting.length) return;
  event.preventDefault(); // a link waits until what was chosen is kept
  next = link.href;
});
addEventListener("online", send);
