"""What of a card and its answers is in sight, at which sizes of a screen."""

from collections.abc import Iterable, Iterator

from playwright.sync_api import Page

from tests.journeys.test_reading import FLOOR, WIDER

SIZES = (
    (1024, 600),
    (1024, 768),
    (1180, 820),
    (1280, 720),
    (1280, 800),
    (1366, 768),
    (360, 640),
    (375, 667),
    (390, 844),
    (820, 1180),
)
"""Tablets and laptops, phones, and a tablet held upright: width and height in CSS pixels."""

UNSEEN = """
floor => {
  const all = (what) => [...document.querySelectorAll(what)];
  const end = Math.min(document.querySelector(".bottom-bar").getBoundingClientRect().top, innerHeight);
  const called = (one) => one.classList[0] ?? one.localName;
  const covering = (one, { top, bottom, left, right }) =>
    [[left + 8, top + 8], [right - 8, bottom - 8], [(left + right) / 2, (top + bottom) / 2]]
      .map(([x, y]) => document.elementFromPoint(x, y))
      .find((met) => !one.contains(met) && !met.contains(one));
  const fault = (one) => {
    const box = one.getBoundingClientRect();
    if (box.top < 0 || box.bottom > end + 0.5) return `${Math.round(box.bottom - end)} px under the bar`;
    if (box.left < 0 || box.right > innerWidth + 0.5) return "over the edge";
    if (covering(one, box)) return `under ${called(covering(one, box))}`;
    if (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1) return "cut off";
    if (one.matches(".choice") && box.height < floor) return `only ${box.height} px high`;
    return parseFloat(getComputedStyle(one).fontSize) < 16 ? "in small letters" : "";
  };
  const choices = all(".choices > .choice");
  const heights = choices.map((one) => one.getBoundingClientRect().height);
  return [
    ...[...choices, ...all("h1, .card-picture, .safety, .question")]
      .map((one) => [called(one), fault(one)]).filter(([, wrong]) => wrong).map((found) => found.join(": ")),
    ...(choices.length === 3 ? [] : [`${choices.length} answers`]),
    ...(Math.max(...heights) - Math.min(...heights) > 1 ? ["the answers are not alike in height"] : []),
    ...(document.documentElement.scrollWidth > innerWidth ? ["the page scrolls sideways"] : []),
  ];
}
"""
"""What of the card and its answers is not in full sight, on the page as it came."""


OUTSIDE_THE_BAR = """
() => {
  const inside = document.querySelector(".bottom-bar").getBoundingClientRect();
  return [...document.querySelectorAll(".bottom-bar-in > *")].filter((one) => {
    const { top, bottom, left, right } = one.getBoundingClientRect();
    return top < inside.top || bottom > inside.bottom || left < inside.left || right > inside.right;
  }).map((one) => one.textContent);
}
"""
"""What of the bar reaches out of it, and so over the page."""

UNDER_A_BAR = """
() => {
  const bar = document.querySelector(".bottom-bar");
  const under = (one) => one.getBoundingClientRect().bottom > bar.getBoundingClientRect().top + 0.5;
  return getComputedStyle(bar).position === "sticky" && [...document.querySelectorAll(".choice")].some(under);
}
"""
"""Whether a bar that stays in its place lies over an answer."""


def unseen(page: Page, sizes: Iterable[tuple[int, int]] = SIZES) -> Iterator[str]:
    """What is not in sight at each size."""
    for width, height in sizes:
        page.set_viewport_size({"width": width, "height": height})
        wrong = [*page.evaluate(UNSEEN, FLOOR), *page.evaluate(WIDER)]
        if wrong:
            yield f"{width}x{height}: {wrong}"
