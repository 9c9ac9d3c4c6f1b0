"""What all forms stand on: typed text is tidied once, limits and their messages, a date in three boxes.

The token is checked for every request in one place (see `csrf`), so forms know nothing of it.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from datetime import date
from functools import cache
from typing import Any, ClassVar

from flask_wtf import FlaskForm
from werkzeug.datastructures import MultiDict
from wtforms import Field, PasswordField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice  # type: ignore[attr-defined]  # its types are older than it
from wtforms.fields.core import UnboundField
from wtforms.validators import StopValidation

from decisionaid import i18n
from decisionaid.i18n import lazy_gettext as _
from decisionaid.printing import letters
from decisionaid.storage.models import Withheld

TITLE, LINE, WORDS = 80, 200, 2000
"""How many letters fit: a title, a line, some words."""

LONGEST_SECRET = 128
PARTS = ("day", "month", "year")
SURE = "sure"
"""The box that says: I do mean this day, years away as it is."""
CONTROLS, HALVES = r"\x00-\x08\x0b-\x1f\x7f-\x9f", r"\ud800-\udfff"
"""Control characters but the tab and the end of a line (general category Cc), and half a surrogate pair (Cs)."""
TURNS_THE_LINE = r"\u202a-\u202e\u2066-\u2069"
"""Marks that make text run the other way, and could make a name or a number read as another."""
NO_LETTERS = r"\ufdd0-\ufdef" + "".join(rf"\U{plane:04x}fffe\U{plane:04x}ffff" for plane in range(17))
"""Code points that Unicode keeps free of letters for ever."""
UNPRINTABLE = re.compile(f"[{CONTROLS}{HALVES}{TURNS_THE_LINE}{NO_LETTERS}]")
UNSEEN, BLANKS = ("Cc", "Cf", "Mn", "Zl", "Zp", "Zs"), "\u115f\u1160\u2800\u3164\uffa0"
"""Kinds of letters that show nothing by themselves, and letters of other kinds that are drawn empty: Hangul's fillers,
and Braille's blank."""
BULLETS = {"\uf0b7": "•", "\uf0a7": "▪", "\uf0d8": "➢", "\uf076": "❖", "\uf0fc": "✓", "\uf0e0": "→", "\uf02d": "–"}
"""What Word keeps of its lists: letters of two fonts of its own (Symbol, Wingdings), and those that all fonts know."""
PLAIN = str.maketrans(BULLETS | dict.fromkeys("\r\u0085\u2028\u2029", "\n"))
"""What other programs leave in a text, made plain."""

CHOOSE = _("Choose one from the list")
SAID = {
    "Not a valid choice.": CHOOSE,
    "Invalid Choice: could not coerce.": CHOOSE,
    "Invalid choice(s): one or more data inputs could not be coerced.": CHOOSE,
    "'%(value)s' is not a valid choice for this field.": CHOOSE,
    "'%(value)s' are not valid choices for this field.": CHOOSE,
    "Not a valid integer value.": _("Enter a whole number, like 7"),
    "This field is required.": _("Fill this in"),
}
"""What the form library says by itself, in our words."""


class _Ours:
    """The form library's messages in our words, and in the language that is spoken."""

    def gettext(self, message: str) -> str:
        return str(SAID.get(message, message))

    def ngettext(self, one: str, many: str, number: int) -> str:
        return self.gettext(one if number == 1 else many)


class PlainForm(FlaskForm):
    """A form whose typed text comes tidy: no spaces around it, one kind of line end, nothing unprintable."""

    EDITIONS: ClassVar[tuple[str, ...]] = ()
    """The fields that say which edition was on the page; the page that shows both texts gives newer ones."""

    withheld: Withheld | None = None
    """Where it is a draft: why it was not taken."""

    without_draft: "PlainForm | None" = None
    """Where it is a draft: the form as it would be without."""

    key = ""
    """Under what its draft is kept: where it goes, and what it is about."""

    @property
    def editions(self) -> tuple[str, ...]:
        """The same as they are sent."""
        return tuple(self[name].name for name in self.EDITIONS)

    @property
    def is_overtaken(self) -> bool:
        """Whether someone else saved a newer text while this was typed."""
        return self.withheld is Withheld.CHANGED

    class Meta(FlaskForm.Meta):
        csrf = False

        def get_translations(self, form: Any) -> _Ours:
            return _Ours()

        def wrap_formdata(self, form: Any, formdata: Any) -> Any:
            wrapped = super().wrap_formdata(form, formdata)
            return None if wrapped is None else _tidied(wrapped)


def was_sent(field: Field) -> bool:
    """Whether the form held this field at all. What is missing says nothing; what is empty says "empty"."""
    return bool(field.raw_data)


def complain(field: Field, message: str) -> None:
    """Put a message at a field after the form was looked at: what only the database or a rule could tell."""
    field.errors = [*field.errors, message]


class Needed:
    """Something has to be written or chosen here. An answer of 0 counts; spaces alone do not."""

    def __init__(self, message: str) -> None:
        self.message = message

    def __call__(self, _form: Any, field: Field) -> None:
        if not any(field.raw_data or ()):
            field.errors = []
            raise StopValidation(self.message)


class _Limited(StringField):
    """A field that holds at most `longest` letters; nothing sent is nothing written."""

    data: str
    longest: int

    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata(valuelist or [""])

    def pre_validate(self, form: Any) -> None:
        if len(self.data or "") > self.longest:
            said = i18n.gettext("Use %(longest)s characters or fewer")
            raise StopValidation(said % {"longest": self.longest})

    @property
    def unprinted(self) -> dict[str, str]:
        """The letters in it that no font here has, each with what a paper will say instead."""
        return letters.unprinted(self.data or "")


class _OneLine(_Limited):
    def process_formdata(self, valuelist: list[Any]) -> None:
        super().process_formdata([" ".join(value.split()) for value in valuelist])


class TitleField(_OneLine):
    """A few words on one line: a name, a title."""

    longest = TITLE


class LineField(_OneLine):
    """One line."""

    longest = LINE


class WordsField(_Limited, TextAreaField):
    """Some words, on as many lines as one likes."""

    longest = WORDS


class NeverKept:
    """A field of which no draft holds anything: a password, a PIN, a code, or what is private to one of two people."""


class SecretField(NeverKept, _Limited, PasswordField):
    """A password or PIN. It is never shown again, not a letter of it."""

    longest = LONGEST_SECRET
    unprinted: ClassVar[dict[str, str]] = {}


class CodeField(NeverKept, LineField):
    """A code that opens something."""


def may_be_kept(names: Iterable[str]) -> set[str]:
    """Those of these fields that a draft may hold. A name that is a secret in one form is one in every form."""
    secret = _secrets(frozenset(forms()))
    return {name for name in names if name.rpartition("-")[2] not in secret}


@cache
def _secrets(of_forms: frozenset[type[Any]]) -> set[str]:
    fields = (field for form in of_forms for field in vars(form).items())
    return {name for name, field in fields if _is_never_kept(field)}


def _is_never_kept(field: Any) -> bool:
    return isinstance(field, UnboundField) and issubclass(field.field_class, NeverKept)


def forms(above: type[PlainForm] = PlainForm) -> Iterator[type[Any]]:
    """Every form of the program, and what their fields are mixed in from. Forms made in tests are left out."""
    for form in above.__subclasses__():
        if form.__module__.startswith("decisionaid."):
            yield from form.__mro__
        yield from forms(form)


class SixFigures:
    """A PIN: six figures, 0 to 9."""

    def __call__(self, _form: Any, field: Field) -> None:
        if not re.fullmatch(r"[0-9]{6}", field.data or ""):
            raise StopValidation(i18n.gettext("A PIN has 6 digits"))


class DayField(Field):
    """A date in three boxes: `<name>-day`, `<name>-month` and `<name>-year`, in figures.

    `data` is the date, or None; `parts` holds what was typed, and `wrong_parts` the boxes to put right. `bounded`: a
    rule says how far away it may be, so that a day beyond is never asked about (see `web.days`).
    """

    data: date | None

    def __init__(self, label: str = "", validators: Any = None, *, bounded: bool = False, **kwargs: Any) -> None:
        super().__init__(label, validators, **kwargs)
        self.bounded = bounded
        self._sure = ""
        self.parts: dict[str, str] = dict.fromkeys(PARTS, "")
        self.wrong_parts: list[str] = list(PARTS)

    def process(self, formdata: Any, *args: Any, **kwargs: Any) -> None:
        super().process(None, *args, **kwargs)
        self.parts = _said(self.data)
        if formdata is None:
            return
        self._sure = "" if self.bounded else formdata.get(f"{self.name}-{SURE}", "")
        self.parts = {part: formdata.get(f"{self.name}-{part}", "") for part in PARTS}
        typed = " ".join(filter(None, self.parts.values()))
        self.raw_data, self.data = ([typed] if typed else []), None
        if typed:
            self._read()

    @property
    def boxes(self) -> list[str]:
        """The names under which a browser sends it."""
        return [f"{self.name}-{part}" for part in (*PARTS, SURE)]

    @property
    def is_sure(self) -> bool:
        """Whether the box was ticked that says of this very day that it is meant."""
        return self.data is not None and self._sure == self.data.isoformat()

    def _read(self) -> None:
        try:
            self.data = date(*(self._number(part) for part in reversed(PARTS)))
        except _NoDate as error:
            self.process_errors = [error.args[0]]
        except ValueError:
            self.wrong_parts = ["day", "month"]
            self.process_errors = [_("Enter a real date. Check the day and month.")]

    def _number(self, part: str) -> int:
        text = self.parts[part]
        if not text:
            raise self._wrong(part, _("Enter a day, a month and a year"))
        if not text.isdecimal() or len(text) > len("2026"):
            raise self._wrong(part, _("Enter the date in numbers, like 27 3 2027"))
        if part == "year" and len(text) != len("2026"):
            raise self._wrong(part, _("Enter the year in full, like 2027"))
        return int(text)

    def _wrong(self, part: str, message: str) -> "_NoDate":
        self.wrong_parts = [part]
        return _NoDate(message)


class _NoDate(ValueError):
    """What was typed is no date; the message says why."""


def choice(value: str, label: str) -> SelectChoice:
    """One of several to choose from."""
    return SelectChoice(value, label)


def languages() -> list[SelectChoice]:
    """The languages to choose from for a client, each by its own name."""
    return [choice(language.code, language.name) for language in i18n.LANGUAGES.values()]


def desk_languages() -> list[SelectChoice]:
    """The same for whoever works at the desk: those that say all of it."""
    return [choice(language.code, language.name) for language in i18n.desk_languages()]


def _said(value: date | None) -> dict[str, str]:
    if value is None:
        return dict.fromkeys(PARTS, "")
    return {part: str(getattr(value, part)) for part in PARTS}


def _tidied(formdata: Mapping[str, Any]) -> MultiDict[str, Any]:
    tidied: MultiDict[str, Any] = MultiDict()
    for name, values in formdata.lists():  # type: ignore[attr-defined]
        tidied.setlist(name, [tidy(value) if isinstance(value, str) else value for value in values])
    return tidied


def tidy(text: str) -> str:
    """Composed letters (NFC), line ends as \\n, a word processor's bullets made plain, and nothing unprintable.

    A text of which nothing can be seen, as a zero-width space alone, is empty.
    """
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").translate(PLAIN))
    text = UNPRINTABLE.sub("", text).strip()
    return text if any(map(_is_seen, text)) else ""


def _is_seen(letter: str) -> bool:
    return unicodedata.category(letter) not in UNSEEN and letter not in BLANKS
