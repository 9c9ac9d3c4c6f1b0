// As much of a browser around the shipped saving script as it asks for.
import vm from "node:vm";

const FASTER = 100; // the script's own waits, in this many times less

// What listeners are added to.
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
export class Page {
  constructor(sitting, path, html) {
    this.sitting = sitting;
    this.path = path;
    this.written = false;
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
    this.written = true;
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
      action: `${this.sitting.site}${action}`,
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
    page.document.querySelectorAll = () => [];
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
      location: { set href(to) { sitting.wanted = new URL(to, sitting.site).pathname; }, reload: () => (sitting.wanted = page.path) },
      setTimeout: (work, ms) => setTimeout(alive(work), ms / FASTER),
      fetch: (path, request) => sitting.fetch(page, path, request),
      performance, crypto, clearTimeout, FormData, URL, URLSearchParams, AbortController, Date,
    };
    vm.runInNewContext(`{${sitting.script}}`, context);
  }
}
