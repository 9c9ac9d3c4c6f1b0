"""Each text has an edition of its own: of two who change the same one, the second is shown what the first has saved.

A form that changes what is shared carries, for each of its fields, a short digest of what was held when it was drawn.
Field by field, what was sent is compared with that and with what is held now. A field that its sender did not change
is left as it is. One that only its sender changed is saved. Where two have changed the same field, the form is refused
and its page shows both texts.
"""

import base64
import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, ClassVar

from wtforms import Field, HiddenField, RadioField, SelectField, SelectMultipleField, StringField

from decisionaid import i18n
from decisionaid.web.forms import DayField, PlainForm
from decisionaid.web.request import holds_now

LENGTH = 9
"""Bytes of a digest: enough that no two texts of one field share it by chance."""

Held = Mapping[str, object]
"""What is held for each field, by the field's name."""


class SharedForm(PlainForm):
    """A form that changes what more than one page can change. `seen` says what was held when it was drawn."""

    JOINED: ClassVar[tuple[tuple[str, ...], ...]] = ()
    """Fields that mean something only together, as a number with its name: whoever changes one changes all of them."""

    seen = HiddenField()


class ChangedMeanwhile(Exception):
    """Someone else has changed the same text since this form was drawn."""


@dataclass(frozen=True)
class Newer:
    """What someone else saved in a field meanwhile; without a `language` it is in the page's."""

    label: str
    text: str
    language: str = ""


def drawn(held: Held) -> dict[str, object]:
    """What to draw a form with: what is held, and the editions of it."""
    return {**held, "seen": seen(held)}


def seen(held: Held) -> str:
    """The editions of all that is held, for the form to carry."""
    return " ".join(f"{name}={_digest(value)}" for name, value in held.items())


def changes(form: SharedForm, held: Held) -> set[str]:
    """The names of the fields that the form changes.

    Raises:
        ChangedMeanwhile: one of them was changed by someone else since the form was drawn. Nothing may be saved.
    """
    changed = _changed(form, held)
    if any(_is_newer(name, _editions(form), held[name]) for name in changed):
        raise ChangedMeanwhile
    holds_now(form.seen.name, _seen_after(form, held, changed))
    return changed


def catch_up(form: SharedForm, held: Held) -> list[Newer]:
    """Bring a form that was refused for this up to what is held now, and return what stands against its own texts.

    Fields that its sender did not change show what is held. To send it again is to have seen all of it.
    """
    if not form.is_overtaken:
        return []
    drawn_as, changed, newer = _editions(form), _changed(form, held), []
    for name, value in held.items():
        if name not in changed:
            _show(form[name], value)
        elif _is_newer(name, drawn_as, value):
            newer.append(Newer(str(form[name].label.text), _shown(form[name], value)))
    form.seen.data = seen(held)
    return newer


def _seen_after(form: SharedForm, held: Held, changed: set[str]) -> str:
    """The editions of the form once it is saved.

    A field that its sender did not change keeps the one it was drawn with: its page does not show what someone else may
    have saved there.
    """
    editions = _editions(form)
    for name, value in held.items():
        if name in changed or _text(form[name].data) == _text(value):
            editions[name] = _digest(form[name].data)
    return " ".join(f"{name}={digest}" for name, digest in editions.items())


def _changed(form: SharedForm, held: Held) -> set[str]:
    """The fields that the sender of the form changed, with those that are joined to them. What was not sent at all
    changes nothing."""
    sent, drawn_as = {name for name in held if _is_sent(form[name])}, _editions(form)
    own = {name for name in sent if _is_changed(form, name, drawn_as, held[name])}
    return own | {name for group in form.JOINED if own & set(group) for name in group if name in sent}


def _is_sent(field: Field) -> bool:
    """Whether a browser sent this field. Boxes without a tick are sent by being left out."""
    is_ticks = isinstance(field, SelectMultipleField) or not isinstance(field, (StringField, RadioField, SelectField))
    return bool(field.raw_data) or is_ticks


def _is_changed(form: SharedForm, name: str, drawn_as: Mapping[str, str], held: object) -> bool:
    sent = _text(form[name].data)
    return sent != _text(held) and _digest(sent) != drawn_as.get(name)


def _is_newer(name: str, drawn_as: Mapping[str, str], held: object) -> bool:
    """Whether what is held was saved after the form was drawn. A form that says nothing of it has seen nothing."""
    return _digest(held) != drawn_as.get(name, _digest(""))


def _editions(form: SharedForm) -> dict[str, str]:
    return dict(pair.split("=", 1) for pair in str(form.seen.data or "").split() if "=" in pair)


def _digest(value: object) -> str:
    said = hashlib.sha256(_text(value).encode()).digest()[:LENGTH]
    return base64.urlsafe_b64encode(said).decode()


def _text(value: object) -> str:
    """A value as text, the same whether it was sent or is held."""
    if isinstance(value, bool):
        return "yes" if value else ""
    if isinstance(value, (list, tuple)):
        return " ".join(map(str, value))
    return "" if value is None else str(value)


def _shown(field: Field, value: object) -> str:
    """A value as people read it; what is held may be nothing, which is said too."""
    if isinstance(value, bool):
        return i18n.gettext("Yes") if value else i18n.gettext("No")
    if isinstance(value, date):
        return i18n.day(value)
    names = {str(key): str(label) for key, label, *_ in _choices(field)}
    parts = value if isinstance(value, (list, tuple)) else [value]
    said = ", ".join(names.get(_text(part), _text(part)) for part in parts)
    return said or i18n.gettext("Empty")


def _choices(field: Field) -> list[Any]:
    return list(field.iter_choices()) if hasattr(field, "iter_choices") else []


def _show(field: Field, value: Any) -> None:
    """Put what is held into a field that was filled with something older."""
    field.process(None, data=value)
    if isinstance(field, DayField):
        field.raw_data = None
