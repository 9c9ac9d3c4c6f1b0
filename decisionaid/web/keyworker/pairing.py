"""Connecting the client's own device at the desk: the code, the two words, and what may be said of it after."""

from flask import current_app, g, redirect, render_template, request, url_for
from markupsafe import Markup
from segno import make_qr
from werkzeug.wrappers import Response

from decisionaid import i18n
from decisionaid.casework import pairing
from decisionaid.i18n import lazy_gettext as _
from decisionaid.storage import sorts
from decisionaid.storage.models import Pairing, Round
from decisionaid.storage.models.access import PairingStep
from decisionaid.storage.sorts import Viewer
from decisionaid.web.drafts import drafted, refused
from decisionaid.web.forms import LineField, PlainForm
from decisionaid.web.keyworker import blueprint
from decisionaid.web.keyworker.rounds import still_open
from decisionaid.web.request import db, now, own_client, staff
from decisionaid.web.sort_forms import PressField, one_of
from decisionaid.web.two_words import two_words

YES, NO = "yes", "no"


class SameForm(PlainForm):
    """Whether the device shows the same two words. `pairing` says which device the keyworker has looked at."""

    pairing = LineField()
    same = PressField(_("The same words?"), validators=[one_of([YES, NO])])


@blueprint.get("/rounds/<round_id>/own-device")
def own_device(round_id: str) -> str:
    """How to connect the client's own device; the code, the words, or that it is connected."""
    return _page(still_open(round_id))


@blueprint.post("/rounds/<round_id>/own-device")
def show_code(round_id: str) -> Response:
    """Show a new code; the one before is dead."""
    round_ = still_open(round_id)
    pairing.begin(db(), round_, staff(), desk_token=g.token, address=str(request.remote_addr), now=now())
    return redirect(url_for("keyworker.own_device", round_id=round_id), 303)


@blueprint.post("/rounds/<round_id>/own-device/words")
def same_words(round_id: str) -> Response:
    """Yes opens the cards on the device; no ends it."""
    round_, form = still_open(round_id), SameForm()
    if not form.validate():
        return refused(form, to=url_for("keyworker.own_device", round_id=round_id))
    pairing.answer(db(), round_, form.pairing.data, same=form.same.data == YES, now=now())
    return redirect(url_for("keyworker.own_device", round_id=round_id), 303)


def _page(round_: Round) -> str:
    found, client = pairing.of_round(db(), round_, now()), own_client(round_.client_id)
    shown = pairing.shows(found, g.token) if found and found.step is PairingStep.OFFERED else None
    state = "" if found is None or (found.step is PairingStep.OFFERED and shown is None) else found.step.value
    return render_template(
        "keyworker/own-device.html",
        form=drafted(SameForm, action=url_for("keyworker.same_words", round_id=round_.id)),
        round=round_,
        client=client,
        pairing=found,
        state=state,
        code=shown and f"{shown.code[:4]} {shown.code[4:]}",
        picture=shown and _picture(shown.token),
        address=_address(),
        words=_words(found, client.language) if found else None,
        words_here=_words(found, i18n.current()) if found else None,
        finished=bool(sorts.sight(db(), round_, Viewer.KEYWORKER).other_finished),
    )


def _words(found: Pairing, language: str) -> tuple[str, str]:
    return two_words(found.first_word, found.second_word, language)


def _address() -> str:
    """Where the device goes: the address that people use, or the one on which this page was asked for."""
    return (current_app.config["PUBLIC_URL"] or request.host_url).rstrip("/") + url_for("public.join")


def _picture(token: str) -> Markup:
    """The address with its token after the #, which no server ever sees, as a picture to scan."""
    drawn = make_qr(f"{_address()}#{token}", error="m")
    picture = drawn.svg_inline(border=4, omitsize=True, svgclass="qr", lineclass=None, dark="#000", light="#fff")
    return Markup(picture)  # noqa: S704 - drawn from our own address and letters
