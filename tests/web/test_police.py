"""The rules that every page keeps are looked at wherever a test fetches one: each fault alone is named."""

import pytest

from tests.police import PageFault, check_page

GOOD = """<!doctype html><html lang="en" dir="ltr"><head><title>Cards</title></head><body><main><h1>Cards</h1>
<form action="/x" method="post"><input type="hidden" name="csrf_token" value="1"><label for="a">Name</label>
<input id="a" name="a"><label>Words <textarea name="b"></textarea></label><input name="c" aria-label="More">
<button>Save</button></form></main></body></html>"""
FAULTS = {
    "no language": (' lang="en"', "", "no language"),
    "no direction": (' dir="ltr"', "", "no language"),
    "no heading": ("<h1>Cards</h1>", "", "0 h1"),
    "two headings": ("<h1>", "<h1>More</h1><h1>", "2 h1"),
    "a level skipped": ("</h1>", "</h1><h3>More</h3>", "h1 to h3"),
    "a level skipped before the title": ("<h1>", "<h3>More</h3><h1>", "h1 to h3"),
    "a level skipped further down": ("</h1>", "</h1><h2>More</h2><h3>And</h3><h2>Less</h2><h4>Least</h4>", "h2 to h4"),
    "an empty item": ("</h1>", "</h1><ul><li>One</li><li> <svg></svg></li></ul>", "empty item"),
    "an item for the eye alone": ("</h1>", '</h1><ul><li><span aria-hidden="true">One</span></li></ul>', "empty item"),
    "an empty title": ("<title>Cards", "<title> ", "no title"),
    "no title": ("<title>Cards</title>", "", "no title"),
    "two main parts": ("<main>", "<main></main><main>", "no <main>"),
    "a style on an element": ("<h1>", '<h1 style="color:red">', "something inline"),
    "styles on the page": ("</head>", "<style>h1{}</style></head>", "something inline"),
    "a handler": ("<h1>", '<h1 onclick="go()">', "something inline"),
    "a script on the page": ("<main>", "<script>go()</script><main>", "something inline"),
    "an id twice": ("<h1>", '<h1 id="a">', "the id a more than once"),
    "a form that goes nowhere": (' action="/x"', "", "without an action"),
    "a form without its token": ("csrf_token", "other", "without its token"),
    "a field without a label": ('for="a"', 'for="z"', "a field a without a label"),
    "words without a label": ("<label>Words ", "<label>Words</label>", "a field b without a label"),
}


def test_a_page_that_keeps_all_rules_passes() -> None:
    check_page(GOOD.encode(), "/")


FINE = {
    "a section that is not shown": "<section hidden><h4>Later</h4><ul><li></li></ul></section>",
    "steps down and back up": "<h2>One</h2><h3>Two</h3><h2>Three</h2>",
    "an item that is named": '<ul><li><a href="/x" aria-label="One"><svg></svg></a></li></ul>',
}


@pytest.mark.parametrize("fine", FINE)
def test_what_nobody_misses_is_no_fault(fine: str) -> None:
    check_page(GOOD.replace("</h1>", f"</h1>{FINE[fine]}").encode(), "/")


@pytest.mark.parametrize("fault", FAULTS)
def test_control_each_fault_alone_is_named(fault: str) -> None:
    was, becomes, named = FAULTS[fault]
    assert GOOD.count(was) == 1
    with pytest.raises(PageFault, match=named):
        check_page(GOOD.replace(was, becomes).encode(), "/")
