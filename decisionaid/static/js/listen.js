// Reads a page aloud, by a voice that this device has of its own: nothing of it is sent away. Where there is no such voice for
// the page's language, the button stays hidden. The words being read are marked, where the browser tells which they are.
const synth = globalThis.speechSynthesis;
const button = document.querySelector("[data-listen]");
const BLOCKS = "h1, h2, h3, p, li, dt, dd, legend, .label";
const marked = globalThis.CSS?.highlights && new Highlight();
let reading = null;

const plain = (code) => code.replace("_", "-").toLowerCase();

function voice() {
  const wanted = plain(document.documentElement.lang);
  const ours = (synth?.getVoices() ?? []).filter(
    ({ localService, lang }) => localService && plain(lang).split("-")[0] === wanted.split("-")[0],
  );
  const near = [wanted, wanted === "en" ? "en-gb" : wanted].flatMap((code) => ours.filter(({ lang }) => plain(lang) === code));
  return near[0] ?? ours.find((one) => one.default) ?? ours[0];
}

function showWhatThereIs() {
  const there = Boolean(voice());
  if (button) button.hidden = !there;
  for (const said of document.querySelectorAll("[data-has-voice]")) said.hidden = said.dataset.hasVoice !== (there ? "yes" : "no");
}

const seen = (element) => element.checkVisibility?.() ?? element.getClientRects().length > 0;

// What is read, in the page's order: each piece that holds no other, if it can be seen. What folds is opened first.
function pieces() {
  for (const more of document.querySelectorAll("[data-read] .goal-more, [data-read] .safety-fold")) if (seen(more)) more.open = true;
  return [...document.querySelectorAll("[data-read]")]
    .flatMap((part) => (part.matches(BLOCKS) ? [part] : [...part.querySelectorAll(BLOCKS)]))
    .filter((piece) => !piece.querySelector(BLOCKS) && !piece.closest("[data-listen]") && seen(piece));
}

function textsOf(piece) {
  const walker = document.createTreeWalker(piece, NodeFilter.SHOW_TEXT);
  const found = [];
  while (walker.nextNode()) found.push(walker.currentNode);
  return found;
}

// The place in the piece's texts that stands for a place in what was given to the voice.
function place(texts, index) {
  for (const text of texts) {
    if (index <= text.length) return [text, index];
    index -= text.length;
  }
  return [texts.at(-1), texts.at(-1).length];
}

function markWord(piece, { charIndex, charLength }) {
  const texts = textsOf(piece);
  const all = texts.map((text) => text.data).join("");
  const length = charLength || all.slice(charIndex).search(/\s|$/);
  const word = new Range();
  word.setStart(...place(texts, charIndex));
  word.setEnd(...place(texts, charIndex + length));
  marked.clear();
  marked.add(word);
}

function unmark() {
  marked?.clear();
  for (const piece of document.querySelectorAll("[data-spoken]")) delete piece.dataset.spoken;
}

function stop() {
  if (!reading) return;
  reading = null;
  synth.cancel();
  unmark();
  button.dataset.state = "quiet";
}

function read(mine, [piece, ...rest]) {
  unmark();
  if (reading !== mine) return;
  if (!piece || !seen(button)) return stop();
  const words = new SpeechSynthesisUtterance(textsOf(piece).map((text) => text.data).join(""));
  words.voice = mine.voice;
  words.lang = mine.voice.lang;
  words.rate = 0.9;
  words.onboundary = (event) => {
    if (reading !== mine) return;
    if (!seen(button)) stop();
    else if (marked && event.name === "word") markWord(piece, event);
  };
  words.onend = () => reading === mine && read(mine, rest);
  words.onerror = () => reading === mine && stop();
  piece.dataset.spoken = "";
  synth.speak(words);
}

function start() {
  reading = { voice: voice() };
  button.dataset.state = "speaking";
  synth.cancel();
  read(reading, pieces());
}

if (marked) CSS.highlights.set("spoken", marked);
button?.addEventListener("click", () => (reading ? stop() : start()));
document.addEventListener("leaving", stop);
document.addEventListener("visibilitychange", () => document.hidden && stop());
addEventListener("pagehide", stop);
synth?.addEventListener("voiceschanged", showWhatThereIs);
showWhatThereIs();
