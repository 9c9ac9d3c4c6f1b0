// The network between people and the server, and the chance that rules it.
import http from "node:http";

const agent = new http.Agent({ keepAlive: true, maxSockets: 24 });

export const pause = (ms) => new Promise((done) => setTimeout(done, ms));

// Numbers from 0 to 1 that a seed decides.
export const seeded = (seed) => () => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
};

// What the server answers, over a network without fault.
export function ask(host, method, path, headers, body = "") {
  return new Promise((done, failed) => {
    const request = http.request(`http://${host}${path}`, { method, headers, agent }, (answer) => {
      const parts = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () => done({ status: answer.statusCode, headers: answer.headers, text: Buffer.concat(parts).toString() }));
    });
    request.on("error", failed);
    request.end(body);
  });
}

// Loses, doubles and holds up what passes through it; what it holds up arrives after what was sent later.
export class Network {
  // `often` is how often a request is held up.
  constructor(host, often, chance) {
    Object.assign(this, { host, often, chance, down: false, late: new Set() });
    this.counts = { sent: 0, lost: 0, doubled: 0, late: 0, unanswered: 0 };
  }

  async pass(method, path, headers, body) {
    const { chance, counts } = this;
    const arrive = () => ask(this.host, method, path, headers, body);
    counts.sent += 1;
    await pause(chance() * 3);
    if (this.down || chance() < 0.08) {
      counts.lost += 1;
      throw new TypeError("lost on the way");
    }
    if (chance() < this.often) {
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
