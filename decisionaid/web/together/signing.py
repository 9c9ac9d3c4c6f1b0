"""The plan as it will print, the word of each of the two on it, and the paper."""

import logging
from functools import partial
from html import unescape

from flask import Response as FileResponse
from flask import abort, redirect, render_template, url_for
from markupsafe import Markup
from werkzeug.wrappers import Response

from decisionaid import i18n
from decisionaid.casework import planning, signing
from decisionaid.casework.planning import PlanRefused
from decisionaid.casework.sealing import PlanAltered
from decisionaid.casework.signing import NotReady, NotTheirName, TextChanged
from decisionaid.core.plan import Agreement, Missing, text_hash
from decisionaid.core.sort import Party
from decisionaid.printing import PrintFailed, letters
from decisionaid.storage import queries_plan
from decisionaid.storage.models import Plan, Signature, Signing
from decisionaid.web import pins, plan_page, plan_words
from decisionaid.web.drafts import drafted, overtaken, refused
from decisionaid.web.forms import complain
from decisionaid.web.named import about
from decisionaid.web.request import commit, db, decks_of, now, seat_round, staff, today
from decisionaid.web.safety import rules_of, verdict_of
from decisionaid.web.together import blueprint
from decisionaid.web.together.forms import FreezeForm, KeyworkerSignForm, SignForm, sign_form
from decisionaid.web.together.plan import missing
from decisionaid.web.together.sitting import plan_to_change, plan_to_edit, plan_to_see, words

log = logging.getLogger(__name__)


@blueprint.get("/preview")
def preview() -> str:
    """The plan as it will print, before anybody signs."""
    plan = plan_to_edit()
    form = drafted(partial(FreezeForm, verdict_of(seat_round())), action=url_for("together.freeze"))
    return _preview(plan, form)


@blueprint.post("/freeze")
def freeze() -> Response:
    """Freeze the exact text that was on the screen as the next version, if nothing is missing.

    Where the client is warned and has no medical advice, the keyworker's reason or "no" is given here, and counts for
    this text only.
    """
    plan, form = plan_to_change(), FreezeForm(verdict_of(seat_round()))
    if form.text_hash.data != _hash(plan, plan_page.text(plan)):
        return overtaken(form, to=url_for("together.preview"))
    ready = form.validate() and not missing(planning.draft(db(), plan), form.given)
    if not ready or (form.given is not None and not pins.confirm(form.pin)):
        return refused(form, to=url_for("together.preview"))
    planning.give_copy(plan, bool(form.copy_given.data), now())
    signing.freeze(
        db(),
        plan,
        plan_page.text(plan, form.given),
        rules=rules_of(seat_round()),
        word=form.given,
        language=i18n.current(),
        deck_digest=_deck_digest(),
        actor=staff(),
        today=today(),
        now=now(),
    )
    return redirect(url_for("together.sign"), 303)


@blueprint.post("/withdraw")
def withdraw() -> Response:
    """Take the frozen version that the page showed back, to change the plan."""
    plan = plan_to_see()
    frozen = _waiting(plan)
    if about() != frozen.id:
        raise PlanRefused
    signing.withdraw(db(), plan, frozen, actor=staff(), now=now())
    return redirect(url_for("together.plan"), 303)


@blueprint.get("/sign")
def sign() -> str | Response:
    """The frozen text, and a place for each of the two; where it was altered, the way back to the plan."""
    plan = plan_to_see()
    frozen = signing.waiting(db(), plan)
    if frozen is None:
        return redirect(url_for("together.done" if signing.latest(db(), plan) else "together.preview"), 303)
    try:
        return _sign_page(plan, frozen)
    except PlanAltered:
        return render_template("together/sign-altered.html", frozen=frozen)


@blueprint.post("/sign/<party>")
def give_word(party: str) -> Response:
    """One of the two signs, or says why not. With both words the plan is whole, and its paper is kept."""
    signer = Party(party) if party in set(Party) else abort(404)
    plan, form = plan_to_see(), sign_form(signer)
    frozen = _waiting(plan)
    if not form.validate() or (isinstance(form, KeyworkerSignForm) and not pins.confirm(form.pin)):
        return refused(form, to=url_for("together.sign"))
    try:
        _sign(plan, frozen, signer, form)
    except TextChanged:
        return overtaken(form, to=url_for("together.sign"))
    except NotTheirName:
        complain(form.name, i18n.gettext("Enter your own name, as shown above"))
        return refused(form, to=url_for("together.sign"))
    except NotReady:
        complain(form.signs, i18n.gettext("This plan cannot be signed today"))
        return refused(form, to=url_for("together.sign"))
    if frozen.completed_at is not None:
        _keep_paper(frozen)
    return redirect(url_for("together.sign"), 303)


@blueprint.get("/done")
def done() -> str | Response:
    """The plan is whole: print it, change it, or go back to the desk."""
    plan = plan_to_see()
    versions = signing.complete_versions(db(), plan)
    if not versions:
        return redirect(url_for("together.preview"), 303)
    return render_template(
        "together/done.html",
        plan=plan,
        versions=versions,
        newest=versions[-1],
        said=signing.signatures(db(), versions[-1]),
        may_change=queries_plan.is_newest(db(), plan),
    )


@blueprint.post("/print/<int:version>")
def print_plan(version: int) -> Response:
    """See that the paper of a version is there, then show it."""
    plan = plan_to_see()
    printed = _version(plan, version)
    if queries_plan.printout(db(), printed) is None:
        _keep_paper(printed, quietly=False)
    return redirect(url_for("together.file", number=plan.number, version=version), 303)


@blueprint.get("/plan-<int:number>-<int:version>.pdf")
def file(number: int, version: int) -> FileResponse:
    """The paper of a version, as it was kept; a replaced one says so."""
    plan = plan_to_see()
    if number != plan.number:
        abort(404)
    pdf = plan_page.kept_paper(_version(plan, version)) or abort(404)
    return FileResponse(pdf, mimetype="application/pdf", headers={"Content-Disposition": "inline"})


def _sign(plan: Plan, frozen: Signing, party: Party, form: SignForm) -> Signature:
    said = getattr(form, "agreement", None)
    shared = getattr(form, "share_agreement", None)
    signs = form.signs.data == "yes"
    return signing.sign(
        db(),
        plan,
        frozen,
        party,
        signs=signs,
        name=form.name.data or "",
        reason="" if signs else form.reason.data or "",
        agreement=Agreement(said.data) if said is not None and said.data else None,
        share_agreement=bool(shared is not None and shared.data),
        seen_hash=form.text_hash.data or "",
        rules=rules_of(seat_round()),
        today=today(),
        now=now(),
    )


def _sign_form(party: Party, frozen: Signing) -> SignForm:
    action = url_for("together.give_word", party=party)
    return drafted(partial(sign_form, party), action=action, data={"text_hash": frozen.text_hash})


def _keep_paper(signed: Signing, *, quietly: bool = True) -> None:
    """Print and keep. The signatures are committed first: no writer waits, and no fault of the printer undoes them."""
    commit()
    try:
        pdf = plan_page.paper(signed)
    except PrintFailed:
        if not quietly:
            raise
        log.exception("the paper of a signed plan could not be printed; it is printed when somebody asks for it")
        return
    signing.keep_paper(db(), signed, pdf, now())


def _waiting(plan: Plan) -> Signing:
    """The frozen version; without one there is nothing to sign."""
    frozen = signing.waiting(db(), plan)
    if frozen is None:
        raise PlanRefused
    return frozen


def _version(plan: Plan, number: int) -> Signing:
    versions = signing.complete_versions(db(), plan)
    return next((signed for signed in versions if signed.version == number), None) or abort(404)


def _hash(plan: Plan, text: str) -> str:
    """What the next version would be bound by, if this were its text."""
    return text_hash(text, i18n.current(), signing.next_version(db(), plan), _deck_digest())


def _deck_digest() -> str:
    return plan_words.digest(decks_of(seat_round()), seat_round())


def _preview(plan: Plan, form: FreezeForm) -> str:
    text = plan_page.text(plan)
    return render_template(
        "together/preview.html",
        form=form,
        plan=plan,
        version=signing.next_version(db(), plan),
        text_hash=_hash(plan, text),
        text=Markup(text),  # noqa: S704 - rendered by our own template, in which everything typed is escaped
        unprinted=letters.unprinted(unescape(text)),
        missing=tuple(what for what in missing(planning.draft(db(), plan)) if what is not Missing.SAFETY_STEP),
        verdict=form.verdict,
        words=words(),
    )


def _sign_page(plan: Plan, frozen: Signing) -> str:
    forms = {party: _sign_form(party, frozen) for party in Party}
    return render_template(
        "together/sign.html",
        form=next((form for form in forms.values() if form.errors), None),
        forms=forms,
        changed=any(form.is_overtaken for form in forms.values()),
        unsafe=not verdict_of(seat_round()).allows(signing.word_on(frozen)),
        plan=plan,
        frozen=frozen,
        text=plan_page.frozen_text(frozen),
        said=signing.signatures(db(), frozen),
    )
