"""A stand-in for the voices of a device: Chromium on this machine has none, so nothing here was heard.

It keeps what it is given to say, and says a word, or comes to the end, when a test tells it to.
"""

import json

from playwright.sync_api import Page

STAND_IN = """
(voices) => {
  const state = { said: [], now: null, cancelled: 0 };
  const synth = Object.assign(new EventTarget(), {
    getVoices: () => voices,
    speak: (words) => { state.said.push(words.text); state.now = words; },
    cancel: () => { state.cancelled += 1; state.now = null; },
  });
  class Words { constructor(text) { this.text = text; } }
  Object.defineProperty(globalThis, "speechSynthesis", { value: synth, configurable: true });
  Object.defineProperty(globalThis, "SpeechSynthesisUtterance", { value: Words });
  globalThis.standIn = {
    state,
    word: (charIndex, charLength) => state.now.onboundary({ name: "word", charIndex, charLength }),
    end: () => { const words = state.now; state.now = null; words.onend(); },
    come: (more) => { voices.push(...more); synth.dispatchEvent(new Event("voiceschanged")); },
  };
}
"""

Voice = dict[str, object]


def a_voice(lang: str = "en-GB", *, local: bool = True, default: bool = False) -> Voice:
    return {"lang": lang, "localService": local, "default": default, "name": f"{lang} {'here' if local else 'away'}"}


def give_voices(page: Page, *voices: Voice) -> None:
    """Every page that opens from now on finds these voices on the device."""
    page.context.add_init_script(f"({STAND_IN})({json.dumps(voices)})")


def said(page: Page) -> list[str]:
    """What the voice was given so far, each piece with its spaces made one."""
    found: list[str] = page.evaluate("standIn.state.said")
    return [" ".join(text.split()) for text in found]


def say_all(page: Page) -> list[str]:
    """Let the voice come to the end of everything."""
    while page.evaluate("Boolean(standIn.state.now)"):
        page.evaluate("standIn.end()")
    return said(page)


def marked_word(page: Page) -> str:
    """The word that is marked on the page; empty where none is."""
    return str(page.evaluate('[...(CSS.highlights.get("spoken") ?? [])].map(String).join("|")'))
