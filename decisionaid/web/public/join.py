"""Coming in on a device of one's own: a code typed or scanned, two words to compare, and the cards."""

from typing import Any

from flask import current_app, g, redirect, render_template, request, url_for
from werkzeug.wrappers import Response
from wtforms import Field
from wtforms.validators import StopValidation

from decisionaid import i18n
from decisionaid.casework import pairing, seats
from decisionaid.casework.seats import SeatKind
from decisionaid.i18n import lazy_gettext as _
from decisionaid.storage.models import Client, Pairing, Round
from decisionaid.web.drafts import drafted, refused
from decisionaid.web.forms import CodeField, Needed, PlainForm, complain
from decisionaid.web.public import blueprint
from decisionaid.web.request import commit, db, now, service
from decisionaid.web.seat import LANGUAGE, sit
from decisionaid.web.two_words import two_words as words_of

Answer = str | Response | tuple[str, int]

OVER = _("That code does not work now. Ask your keyworker for a new one.")
"""Wrong, used and late alike."""


class LooksLikeACode:
    """Eight letters and figures of those that codes are made of. Small letters, spaces and dashes are made right."""

    def __call__(self, _form: Any, field: Field) -> None:
        bare = "".join(letter for letter in field.data.upper() if letter.isalnum())
        if len(bare) != pairing.LENGTH or not set(bare) <= set(pairing.LETTERS):
            raise StopValidation(i18n.gettext("A code has 8 letters and numbers. Check it and try again."))
        field.data = bare


class CodeForm(PlainForm):
    """The code as it is typed: in large letters or small, with or without the space."""

    code = CodeField(
        _("Code"),
        [Needed(_("Enter the code that your keyworker shows you")), LooksLikeACode()],
        description=_("Your keyworker shows it to you: two groups of four."),
    )


@blueprint.get("/join")
def join() -> str:
    """Room for a code. What a scan brings stands after the # of the address: the script takes it away and sends it."""
    _speak()
    return render_template("public/join.html", form=drafted(CodeForm))


@blueprint.post("/join")
def claim() -> Response:
    """Use a typed code up."""
    form = CodeForm()
    _speak()
    if not form.validate():
        return refused(form, to=url_for("public.join"))
    here = str(request.remote_addr)
    pairing.check_guesses(db(), service().id, here, now())
    device = pairing.claim_by_code(db(), service().id, form.code.data, now(), from_desk=_is_the_desk())
    if device is None:
        pairing.count_guess(db(), service().id, here, now())
        commit()  # the count stands, though the press is refused
        return _over(form)
    return _wait(device)


@blueprint.post("/join/scan")
def claim_by_scan() -> Response:
    """Use up what a scan brought: nobody guesses 128 bits, so no limit holds it up."""
    token = request.form.get("token", "")
    device = pairing.claim_by_token(db(), service().id, token, now(), from_desk=_is_the_desk())
    _speak()
    return _wait(device) if device else _over(CodeForm(formdata=None))


@blueprint.get("/join/words")
def two_words() -> Answer:
    """The two words, until the keyworker has said yes; then the way on."""
    found = _waiting()
    if found is None:
        _speak()
        return render_template("public/join-over.html"), 404
    round_ = db().get_one(Round, (found.service_id, found.round_id))
    i18n.speak(db().get_one(Client, (found.service_id, round_.client_id)).language)
    words = words_of(found.first_word, found.second_word, i18n.current())
    return render_template("public/two-words.html", words=words, step=found.step.value)


@blueprint.post("/join/go")
def go_on() -> Response:
    """Take the client's seat, once the keyworker has said yes. Whatever seat this browser had is over."""
    device = request.cookies.get(_cookie_name(), "")
    opened = pairing.connect(db(), service().id, device, now(), from_desk=_is_the_desk())
    if opened is None:
        return redirect(url_for("public.two_words"), 303)
    if g.seat is not None:
        seats.end(db(), g.seat)
    sit(opened)
    answer = redirect(url_for("client.start"), 303)
    answer.delete_cookie(_cookie_name(), secure=_secure(), samesite="Strict")
    return answer


def _wait(device: str) -> Response:
    answer = redirect(url_for("public.two_words"), 303)
    answer.set_cookie(_cookie_name(), device, httponly=True, samesite="Strict", secure=_secure())
    return answer


def _waiting() -> Pairing | None:
    return pairing.waiting(db(), service().id, request.cookies.get(_cookie_name(), ""), now())


def _over(form: CodeForm) -> Response:
    complain(form.code, str(OVER))
    return refused(form, to=url_for("public.join"), action=url_for("public.claim"))


def _speak() -> None:
    """Before it is known whose code it is: the language chosen here, or else the browser's own."""
    if g.seat is None and LANGUAGE not in request.cookies:
        i18n.speak(request.accept_languages.best_match(list(i18n.LANGUAGES)) or "en")


def _is_the_desk() -> bool:
    """Whether this browser holds a keyworker's desk: that is asked about later, and stops nobody."""
    return g.seat is not None and g.seat.kind is SeatKind.KEYWORKER


def _secure() -> bool:
    return bool(current_app.config["SECURE_COOKIES"])


def _cookie_name() -> str:
    return "__Host-joining" if _secure() else "joining"
