// People who sort on a bad network: the shipped saving script under node, with as much of a browser around it as it asks for.
// Reads what to do as one line of JSON; tells, a line each, what a page called saved, and waits for a line before it goes on.
import http from "node:http";
import { createInterface } from "node:readline";
import vm from "node:vm";

const FASTER = 100; // the script's own waits, in this many times less
const lines = createInterface({ input: process.stdin })[Symbol.asyncIterator]();
const job = JSON.parse((await lines.next()).value);
const agent = new http.Agent({ keepAlive: true, maxSockets: 24 });
const pause = (ms) => new Promise((done) => setTimeout(done, ms));
const seeded = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};

let turn = Promise.resolve();
function tell(what) {
  turn = turn.then(async () => {
    process.stdout.write(`${JSON.stringify(what)}\n`);
    await lines.next();
  });
  return turn;
}

function ask(method, path, headers, body = "") {
  return new Promise((done, failed) => {
    const request = http.request(`http://${job.host}${path}`, { method, headers, agent }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () => done({ status: answer.statusCode, headers: answer.headers, text: Buffer.concat(parts).toString() }));
    });
    request.on("error", failed);
    request.end(body);
  });
}

// Loses, doubles and holds up what passes through it; what it holds up arrives after what was sent later.
class Network {
  constructor(chance) {
    this.chance = chance;
    this.down = false;
    this.late = new Set();
    this.counts = { sent: 0, lost: 0, doubled: 0, late: 0, unanswered: 0 };
  }

  async pass(method, path, headers, body) {
    const { chance, counts } = this;
    const arrive = () => ask(method, path, headers, body);
    counts.sent += 1;
    await pause(chance() * 3);
    if (this.down || chance() < 0.08) {
      counts.lost += 1;
      throw new TypeError("lost on the way");
    }
    if (chance() < job.late) {
      counts.late += 1;
      this.#later(arrive);
      throw new TypeError("no answer in time");
    }
    if (chance() < 0.1) {
      counts.doubled += 1;
      this.#later(arrive);
    }
    const answer = await arrive();
    if (chance() < 0.1) {
      counts.unanswered += 1;
      throw new TypeError("the answer was lost");
    }
    await pause(chance() * 3);
    return answer;
  }

  #later(arrive) {
    const copy = pause(20 + this.chance() * 2000).then(arrive).catch(() => null);
    this.late.add(copy);
    copy.then(() => this.late.delete(copy));
  }
}

class Target {
  constructor() {
    this.heard = {};
  }
  addEventListener(name, listener) {
    (this.heard[name] ??= []).push(listener);
  }
  dispatch(name, more = {}) {
    const event = { ...more, defaultPrevented: false, preventDefault: () => (event.defaultPrevented = true) };
    for (const listener of this.heard[name] ?? []) listener(event);
    return event;
  }
}

// A page as the saving script sees it.
class Page {
  constructor(sitting, path, html) {
    this.sitting = sitting;
    this.path = path;
    const found = (pattern) => pattern.exec(html)?.[1] ?? "";
    this.csrf = found(/name="csrf_token" value="([^"]+)"/);
    this.buttons = [...html.matchAll(/name="answer" value="(\w+)" aria-pressed="(\w+)"/g)].map(([, value, pressed]) => this.#button(value, pressed));
    this.words = { name: "what_matters", value: found(/<textarea[^>]*name="what_matters"[^>]*>([^<]*)/).trim(), matches: () => true };
    this.form = this.#form(found(/<form method="post" action="([^"]+)"[^>]* data-save>/));
    this.words.form = this.form;
    this.document = new Target();
    this.window = new Target();
    this.told = { epoch: found(/data-epoch="(\w+)"/), number: found(/data-number="(\d+)"/), keeps: "" };
    this.status = new Proxy({ state: found(/data-saved data-state="(\w*)"/) }, {
      set: (held, key, value) => {
        held[key] = value;
        if (key === "state" && value === "saved" && !this.closed) sitting.saidSaved();
        return true;
      },
    });
    this.#run();
  }

  get state() {
    return this.status.state;
  }

  press(value) {
    const pressed = this.buttons.find((button) => button.value === value);
    this.document.dispatch("submit", { target: this.form, submitter: pressed });
  }

  write(text) {
    this.words.value = text;
    this.document.dispatch("input", { target: this.words });
    this.document.dispatch("change", { target: this.words });
  }

  // Whether the browser itself would follow the link at once.
  click(href) {
    const link = { href };
    return !this.document.dispatch("click", { target: { closest: (what) => (what === "a[href]" ? link : null) } }).defaultPrevented;
  }

  wouldWarn() {
    return this.window.dispatch("beforeunload").defaultPrevented;
  }

  #button(value, pressed) {
    const attributes = { "aria-pressed": pressed };
    return {
      name: "answer",
      value,
      dataset: {},
      hasAttribute: (name) => name in attributes,
      setAttribute: (name, to) => (attributes[name] = String(to)),
      get pressed() {
        return attributes["aria-pressed"] === "true";
      },
    };
  }

  #form(action) {
    const fields = () => [["csrf_token", this.csrf], ...(action === "/s/words" ? [["what_matters", this.words.value]] : [])];
    return {
      action: `http://${job.host}${action}`,
      fields,
      matches: (what) => what === "[data-save]",
      querySelectorAll: () => this.buttons,
      querySelector: (what) => this.buttons.find((button) => what.endsWith(`[value=${button.value}]`)),
      removeAttribute: () => null,
      requestSubmit: () => this.sitting.fault("a form was sent past the script"),
    };
  }

  #find(what) {
    if (what === "script[data-epoch]") return { dataset: this.told };
    if (what === "[data-saved]") return { dataset: this.status };
    if (what === "[name=csrf_token]") return { value: this.csrf };
    if (what === `form[data-save][action="${this.path}"]`) return this.form;
    return null;
  }

  #run() {
    const page = this;
    const { sitting } = page;
    const alive = (work) => (...given) => page.closed || work(...given);
    page.document.querySelector = (what) => page.#find(what);
    page.document.body = { dataset: { page: "" } };
    class FormData {
      constructor(form) {
        this.form = form;
      }
      [Symbol.iterator]() {
        return this.form.fields()[Symbol.iterator]();
      }
    }
    const context = {
      document: page.document,
      addEventListener: (name, listener) => page.window.addEventListener(name, listener),
      localStorage: sitting.storage,
      navigator: { serviceWorker: { controller: {}, getRegistrations: async () => [] } },
      location: { set href(to) { sitting.wanted = new URL(to, `http://${job.host}`).pathname; }, reload: () => (sitting.wanted = page.path) },
      setTimeout: (work, ms) => setTimeout(alive(work), ms / FASTER),
      fetch: (path, request) => sitting.fetch(page, path, request),
      performance, crypto, clearTimeout, FormData, URL, URLSearchParams, AbortController, Date,
    };
    vm.runInNewContext(`{${job.script}}`, context);
  }
}

class Sitting {
  constructor(number, { cookie, cards, blanks }) {
    Object.assign(this, { number, cookie, cards, blanks, faults: [], chosen: {}, written: [""], wanted: "", pending: [] });
    this.chance = seeded(job.seed * 1000 + number);
    this.network = new Network(this.chance);
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

  // What was called saved has to be held at that moment: whoever reads along looks, and this person waits until then.
  saidSaved() {
    if (this.page?.path === "/s/words") this.written = this.written.slice(-1);
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
    if (this.page.click(`http://${job.host}${path}`)) this.wanted = path;
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
    blanks[`/s/card/${place}`] = (await ask("GET", job.blank.replace("N", place), { Cookie: cookie })).text;
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
