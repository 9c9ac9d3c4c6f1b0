// People who sort on a bad network, in the shipped saving script. Reads what to do as one line of JSON; tells, a line each,
// what a page called saved, and waits for a line before that person goes on.
import { createInterface } from "node:readline";

import { Network, ask, pause, seeded } from "./network.mjs";
import { Page } from "./page.mjs";

const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const job = JSON.parse((await lines.next()).value);

let turn = Promise.resolve();
function tell(what) {
  turn = turn.then(async () => {
    process.stdout.write(`${JSON.stringify(what)}\n`);
    await lines.next();
  });
  return turn;
}

class Sitting {
  constructor(number, { cookie, cards, blanks }) {
    Object.assign(this, { number, cookie, cards, blanks, faults: [], chosen: {}, written: [""], wanted: "", pending: [] });
    this.chance = seeded(job.seed * 1000 + number);
    this.network = new Network(job.host, job.late, this.chance);
    this.site = `http://${job.host}`;
    this.script = job.script;
    const held = new Map();
    this.storage = { getItem: (key) => held.get(key) ?? null, setItem: (key, value) => held.set(key, value), removeItem: (key) => held.delete(key) };
  }

  fault(what) {
    this.faults.push(what);
  }

  fetch(page, path, { method, body, headers, signal }) {
    const sent = { ...headers, Cookie: this.cookie, "Content-Type": "application/x-www-form-urlencoded" };
    return new Promise((done, failed) => {
      // A page that is gone hears nothing more; what it sent goes on its way.
      const to = (tell) => (heard) => page.closed || tell(heard);
      signal.addEventListener("abort", () => to(failed)(new Error("given up")));
      this.network.pass(method, path, sent, String(body)).then(to((answer) => {
        const redirected = answer.status === 303;
        done({ status: redirected ? 0 : answer.status, type: redirected ? "opaqueredirect" : "basic", headers: { get: (name) => answer.headers[name.toLowerCase()] ?? null } });
      }), to(failed));
    });
  }

  // What was called saved has to be held at that moment: whoever reads along looks, and this person waits until then. Of
  // words it speaks only where some were written since the page was opened: else it is of choices that waited.
  saidSaved() {
    if (this.page?.written) this.written = this.written.slice(-1);
    this.pending.push(tell({ sitting: this.number, saved: structuredClone(this.chosen) }));
  }

  async open(path) {
    if (this.page) this.page.closed = true;
    for (;;) {
      try {
        const answer = await this.network.pass("GET", path, { Cookie: this.cookie });
        if (answer.status === 200) return this.#show(path, answer.text);
        this.fault(`${path}: ${answer.status}`);
        return undefined;
      } catch {
        if (this.network.down && path.startsWith("/s/card/")) return this.#show(path, this.blanks[path]);
        if (this.network.down) this.network.down = false;
      }
    }
  }

  #show(path, html) {
    this.wanted = "";
    this.page = new Page(this, path, html);
  }

  async follow(path) {
    if (this.page.click(this.site + path)) this.wanted = path;
    for (let waited = 0; !this.wanted; waited += 2) {
      if (waited > 100) this.network.down = false;
      if (waited > 20000) return this.fault(`never came to ${path}: ${this.page.state}`);
      await pause(2);
    }
    await this.open(this.wanted);
  }

  // Where somebody goes on although the page warns, any of what was written since the last "saved" may be what is held.
  async reload() {
    if (this.page.wouldWarn()) {
      if (!this.hasty && this.chance() < 0.5) return;
      if (this.written.length > 1) this.chosen.words = [...this.written];
    }
    await this.open(this.page.path);
  }

  choose(key, value) {
    if (key === "words") this.written.push(value);
    this.chosen[key] = value;
  }

  // One person in so many writes, and is in a hurry: reloads the page while it is still saving.
  get hasty() {
    return this.number % job.hurry === 1 % job.hurry;
  }

  async move(number) {
    const dice = this.hasty ? (this.chance() < 0.35 ? 0.2 : 0.9) : this.chance();
    const place = 1 + Math.floor(this.chance() * 6);
    if (this.network.down ? dice < 0.3 : dice < 0.04) this.network.down = !this.network.down;
    else if (dice < 0.16) await this.follow(this.chance() < 0.3 ? "/s/words" : `/s/card/${place}`);
    else if (dice < 0.24) await this.reload();
    else if (this.page.path === "/s/words") {
      this.choose("words", `Words of move ${number}`);
      this.page.write(this.chosen.words);
    } else {
      const { value } = this.page.buttons[Math.floor(this.chance() * this.page.buttons.length)];
      this.choose(this.cards[Number(this.page.path.split("/").pop()) - 1], value);
      this.page.press(value);
    }
    await pause(this.chance() * 12);
    // Now and then somebody looks whether it is saved.
    for (let waited = 0; number % 3 === 0 && waited < 200 && /saving|offline/.test(this.page.state); waited += 3) await pause(3);
    if (this.wanted) await this.open(this.wanted);
    await Promise.all(this.pending.splice(0));
  }

  async sit() {
    await this.open(this.hasty ? "/s/words" : "/s/card/1");
    for (let number = 1; number <= job.moves; number += 1) await this.move(number);
    this.network.down = false;
    for (let waited = 0; JSON.parse(this.storage.getItem("unsent") ?? "{}").waiting?.length || this.page.wouldWarn(); waited += 5) {
      if (waited > 20000) {
        this.fault(`never all sent: ${this.page.state}`);
        break;
      }
      await pause(5);
    }
    while (this.network.late.size) await Promise.all(this.network.late);
    await Promise.all(this.pending.splice(0));
    await tell({ sitting: this.number, end: this.chosen, faults: this.faults, counts: this.network.counts });
  }
}

async function blanksOf(cookie) {
  const blanks = {};
  for (let place = 1; place <= 6; place += 1) {
    blanks[`/s/card/${place}`] = (await ask(job.host, "GET", job.blank.replace("N", place), { Cookie: cookie })).text;
  }
  return blanks;
}

const waiting = job.people.map((person, number) => ({ person, number }));
async function seat() {
  for (let next = waiting.shift(); next; next = waiting.shift()) {
    const { person, number } = next;
    await new Sitting(number, { ...person, blanks: await blanksOf(person.cookie) }).sit();
  }
}
await Promise.all(Array.from({ length: job.atOnce }, seat));
process.stdout.write("done\n");
process.exit(0);
