// Sends choices one at a time and in order, each with its number, until the server says that it is kept. A copy that comes
// late or twice then has no effect, whatever the network does.
import { read, write } from "./device.js";

const AGAIN_AFTER = 3000;
const LONGEST = 15000;
const ANSWERS = ["definitely", "possibly", "definitely_not", "skipped", "not_understood", "too_hard"];

const place = (path) => /^\/s\/card\/(\d+)$/.exec(path)?.[1];

// The card's place and which answer, or nothing for what may not lie on the device.
function aliasOf(path, body) {
  const answer = ANSWERS.indexOf(body.get("answer"));
  return place(path) && answer >= 0 ? `${place(path)}:${answer}` : "";
}

function fromAlias({ alias, ...rest }) {
  const [card, answer] = alias.split(":");
  return { ...rest, alias, path: `/s/card/${card}`, body: new URLSearchParams({ answer: ANSWERS[answer] }) };
}

// Where the card that an alias speaks of stands, and its answer.
export const answerOf = (alias) => [Number(alias.split(":")[0]), ANSWERS[alias.split(":")[1]]];

const freshId = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(36).padStart(2, "0")).join("");

export class Queue {
  // `say` is told "saving", "saved", "offline", "unsaved"; `refused` is given what the server would not take, and its answer.
  constructor({ epoch, number, keeps, token, say, refused }) {
    Object.assign(this, { epoch, keeps, token, say, refused, sending: false, tried: null });
    const held = keeps ? read(epoch) : { number: 0, waiting: [] };
    this.last = Math.max(number, held.number);
    this.waiting = held.waiting.map(fromAlias);
    this.mine = new Set(this.waiting.map((one) => one.id));
    this.kept = keeps;
  }

  // Whether closing the page would lose something.
  get wouldLose() {
    return this.waiting.some((one) => !one.alias || !this.kept);
  }

  add(path, body, more = {}) {
    body.delete("csrf_token");
    const alias = this.keeps ? aliasOf(path, body) : "";
    const one = { id: freshId(), at: Date.now(), number: 0, alias, path, body, ...more };
    this.mine.add(one.id);
    this.waiting.push(one);
    this.#keep();
    if (!this.tried) this.say("saving");
    this.send();
  }

  letGo() {
    this.waiting = [];
    this.#keep();
  }

  // Nothing more is kept or sent.
  close() {
    this.waiting = [];
    this.keeps = false;
  }

  async send() {
    if (this.sending || !this.waiting.length) return;
    clearTimeout(this.tried);
    const one = this.waiting[0];
    one.number ||= this.last + 1;
    this.#keep();
    this.sending = true;
    const answer = await this.#post(one);
    this.sending = false;
    this.#settle(one, answer);
  }

  async #post(one) {
    const body = new URLSearchParams(one.body);
    body.append("csrf_token", this.token());
    const said = `${this.epoch} ${one.number} ${one.id} ${Math.max(0, Date.now() - one.at)}`;
    const stop = new AbortController();
    const late = setTimeout(() => stop.abort(), LONGEST);
    const headers = { "X-Acknowledge": "1", "X-Operation": said };
    const answer = await fetch(one.path, { method: "POST", body, redirect: "manual", keepalive: true, headers, signal: stop.signal }).catch(() => null);
    clearTimeout(late);
    return answer;
  }

  #settle(one, answer) {
    const held = answer?.headers.get("X-Operation");
    if (!answer || answer.status === 429 || answer.status >= 500) return this.#later(answer ? "unsaved" : "offline");
    this.tried = null;
    if (answer.status === 409 && held) {
      // Another page of this seat has saved meanwhile. This one was never taken, so it takes the next turn.
      this.last = Number(held);
      one.number = 0;
    } else if (answer.status === 204) this.#acknowledged(one);
    else if (answer.type === "opaqueredirect") return this.say("unsaved");
    else {
      this.#drop(one);
      this.refused(one, answer);
    }
    this.send();
  }

  #later(state) {
    this.tried = setTimeout(() => this.send(), AGAIN_AFTER);
    this.say(state);
  }

  #acknowledged(one) {
    this.last = Math.max(this.last, one.number);
    this.#drop(one);
    if (!this.waiting.length) this.say("saved");
    one.done?.();
  }

  #drop(one) {
    this.waiting = this.waiting.filter((other) => other !== one);
    this.#keep();
  }

  // What other pages of this seat keep stays beside it.
  #keep() {
    if (!this.keeps) return;
    const others = read(this.epoch).waiting.filter((other) => !this.mine.has(other.id));
    const waiting = this.waiting.filter((one) => one.alias).map(({ alias, id, number, at }) => ({ alias, id, number, at }));
    this.kept = write({ epoch: this.epoch, number: this.last, waiting: [...others, ...waiting] });
  }
}
