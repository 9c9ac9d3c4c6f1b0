"""A test client that polices every page it fetches: whatever a page promises is checked wherever a test happens to
look."""

from collections import Counter
from itertools import pairwise
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from bs4 import BeautifulSoup, Tag
from flask.testing import FlaskClient
from lxml import etree, html
from werkzeug.test import TestResponse

from decisionaid.web import headers

SENT_ON, BAD, FAULT = 303, 400, 500
READER = html.HTMLParser(encoding="utf-8")
HIDDEN = "ancestor-or-self::*[@hidden or @aria-hidden='true']"
SILENT = etree.XPath(
    f"//li[not({HIDDEN}) and not(.//text()[normalize-space() and not({HIDDEN})]) and not(.//@aria-label | .//img/@alt)]"
)
"""Items of a list that say nothing to whoever hears them."""

HEADINGS = etree.XPath(f"//*[self::h1 or self::h2 or self::h3 or self::h4 or self::h5 or self::h6][not({HIDDEN})]")
INLINE = "//@style | //style | //script[not(@src)] | //@*[starts-with(name(), 'on')]"
"""What of a page would be kept from running or from being shown by the headers."""


class PageFault(AssertionError):
    """A page breaks a rule that all pages keep; the text says what to change."""


class Police(FlaskClient):
    """Fetches pages as a browser would, and refuses those that break the rules of all pages."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        response = super().open(*args, **kwargs)
        check_headers(response)
        if response.request.method == "POST" and not kwargs.get("follow_redirects"):
            check_answer(response)
        if response.mimetype == "text/html" and response.data and response.status_code not in range(300, 400):
            vars(response)["read"] = check_page(response.data, response.request.path)
        return response

    def page(self, path: str, status: int = 200) -> BeautifulSoup:
        """The page at `path`."""
        response = self.get(path)
        assert response.status_code == status, f"{path}: {response.status_code}, not {status}"
        return parsed(response)

    def send(self, page_path: str, to: str | None = None, *, status: int = 303, **fields: Any) -> TestResponse:
        """Fetch `page_path`, then send the form that goes `to` (by default the page itself) with these fields."""
        page = parsed(self.get(page_path, follow_redirects=True))
        target = to or page_path
        form, button = form_to(page, target)
        assert form is not None, f"{page_path}: no form goes to {target}"
        data = {i["name"]: i.get("value", "") for i in form.find_all("input", type="hidden") if i["name"] != "drawn"}
        return self.press(target, {**data, **own_fields(button), **fields}, status=status)

    def led(self, sent: TestResponse) -> TestResponse:
        """The page that says why a press was not taken, where it leads to one; otherwise the answer itself."""
        return self.get(sent.location) if (sent.location or "").startswith("/said/") else sent

    def press(self, target: str, data: Any, *, status: int = 303) -> TestResponse:
        """Send a form, and see that it was taken (303), or refused as `status` says; then the page that it leads to."""
        sent = self.post(target, data=data)
        led_to = sent if sent.status_code != SENT_ON else self.get(sent.headers["Location"], follow_redirects=True)
        found = outcome(sent, led_to)
        assert found == status, f"POST {target}: {found}, not {status}\n{words(led_to)}"
        return sent if found == SENT_ON else led_to

    def heard(self, target: str, data: Any, **more: Any) -> int:
        """Send a form; 303 where it was taken, else how it was refused."""
        sent = self.post(target, data=data, **more)
        return outcome(sent, self.get(sent.headers["Location"]) if sent.status_code == SENT_ON else sent)


def outcome(sent: TestResponse, led_to: TestResponse) -> int:
    """What became of a press, by the page that it leads to: 422 where a field has to be put right, 409 where someone
    else has saved a newer text, else that page's own status; 303 where nothing speaks against it."""
    if sent.status_code != SENT_ON or led_to.status_code >= BAD:
        return led_to.status_code
    page = vars(led_to).get("read")
    if page is None:  # a file, or it leads on
        return SENT_ON
    return 409 if page.xpath("//@data-changed") else 422 if page.xpath("//@data-error-summary") else SENT_ON


def parsed(response: TestResponse) -> BeautifulSoup:
    """The page of a response, read once."""
    kept: BeautifulSoup | None = vars(response).get("kept_page")
    if kept is None:
        kept = vars(response)["kept_page"] = BeautifulSoup(response.data, "lxml")
    return kept


def words(response: TestResponse) -> str:
    """The text of a page."""
    return " ".join(parsed(response).get_text(" ").split())


def form_to(page: BeautifulSoup, target: str) -> tuple[Tag | None, Tag | None]:
    """The form that goes to `target`, or whose button does, with that button."""
    for form in page.find_all("form", method="post"):
        if str(form.get("action", "")).split("?")[0] == target:
            return form, None
    for button in page.find_all("button", formaction=True):
        if str(button["formaction"]).split("?")[0] != target:
            continue
        return (page.find("form", id=str(button["form"])) if button.get("form") else button.find_parent("form")), button
    return None, None


def own_fields(button: Tag | None) -> dict[str, str]:
    """What a button adds to its form: its own name and value, and what its address says."""
    if button is None:
        return {}
    named = {str(button["name"]): str(button.get("value", ""))} if button.get("name") else {}
    return named | dict(parse_qsl(urlsplit(str(button.get("formaction", ""))).query))


def check_headers(response: TestResponse) -> None:
    """Every response carries the headers that protect it."""
    for name in headers.HEADERS:
        if name not in response.headers:
            raise PageFault(f"{response.request.path}: the header {name} is missing; see web/headers.py")


def check_answer(response: TestResponse) -> None:
    """A press leads to a page, refused or not: what a browser shows as the answer to a form, it keeps with the form.

    A fault of ours is the one exception, as the page that it would lead to may fail alike.
    """
    is_page = response.mimetype == "text/html" and response.data
    if is_page and response.status_code != SENT_ON and response.status_code < FAULT:
        raise PageFault(f"{response.request.path}: a press sends people on (303), it shows no page")
    if response.status_code < BAD and response.status_code not in (SENT_ON, 200, 204):
        raise PageFault(f"{response.request.path}: a POST answers 303, not {response.status_code}")


def check_page(page: bytes, path: str) -> html.HtmlElement:
    """Refuse a page that breaks a rule; gives it as it was read.

    One h1, no level of heading skipped, no item of a list empty, a title, a language, no id twice, forms that say
    where they go and carry their token, nothing inline.

    Every page of every test comes by here, so it is read by the fast reader itself.
    """
    root = html.document_fromstring(page, parser=READER)
    titles, headings = root.xpath("//head/title"), root.xpath("//h1")
    faults = [
        "has no language on <html>" if not (root.get("lang") and root.get("dir")) else "",
        f"has {len(headings)} h1, not one" if len(headings) != 1 else "",
        "has no title" if not (titles and titles[0].text_content().strip()) else "",
        "has no <main>" if len(root.xpath("//main")) != 1 else "",
        "has something inline (style, on…, <style>, <script>)" if root.xpath(INLINE) else "",
        "has an empty item in a list" if SILENT(root) else "",
        *_skipped(root),
        *_twice(root),
        *_forms(root),
        *_labels(root),
    ]
    found = [fault for fault in faults if fault]
    if found:
        raise PageFault(f"{path}: the page " + "; ".join(found))
    return root


def _skipped(root: html.HtmlElement) -> list[str]:
    """Headings that stand more than one level below the one before; what stands before the h1 is an h2 at most."""
    levels = [1, *(int(heading.tag[1]) for heading in HEADINGS(root))]
    return [f"goes from h{above} to h{level}" for above, level in pairwise(levels) if level > above + 1]


def _twice(root: html.HtmlElement) -> list[str]:
    counted = Counter(root.xpath("//@id"))
    return [f"has the id {id_} more than once" for id_, times in sorted(counted.items()) if times > 1]


def _forms(root: html.HtmlElement) -> list[str]:
    faults = []
    for form in root.iter("form"):
        if not form.get("action"):
            faults.append("has a form without an action")
        if form.get("method", "get").lower() == "post" and not form.xpath(".//input[@name='csrf_token']"):
            faults.append(f"has a form to {form.get('action')} without its token")
    return faults


def _labels(root: html.HtmlElement) -> list[str]:
    labelled = set(root.xpath("//label/@for"))
    faults = []
    for field in root.iter("input", "textarea", "select"):
        if field.get("type") in ("hidden", "submit"):
            continue
        named = field.get("id") in labelled or field.get("aria-label") or field.get("aria-labelledby")
        if not (named or field.xpath("ancestor::label")):
            faults.append(f"has a field {field.get('name')} without a label")
    return faults
