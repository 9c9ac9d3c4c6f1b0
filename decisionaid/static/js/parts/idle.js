// After half an hour in which nobody touched the device, what waits on it is wiped. Before that it asks, for two minutes.
import { IDLE } from "./device.js";

const ASKING = 2 * 60 * 1000;
const SIGNS = ["pointerdown", "keydown", "input"];

// `matters` says whether something would be lost; `question` is shown while it asks, and any touch takes it back.
export function watch({ question, matters, over }) {
  let touched = Date.now();
  let timer;
  const look = () => {
    const idle = Date.now() - touched;
    if (idle >= IDLE) return over();
    const asking = idle >= IDLE - ASKING;
    if (question) question.hidden = !(asking && matters());
    clearTimeout(timer);
    timer = setTimeout(look, (asking ? IDLE : IDLE - ASKING) - idle);
  };
  const touch = () => {
    touched = Date.now();
    look();
  };
  for (const sign of SIGNS) document.addEventListener(sign, touch);
  document.addEventListener("visibilitychange", look);
  look();
}
