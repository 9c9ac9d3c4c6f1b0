"""The plan's exact text, in the client's language: for the preview, for signing, and on paper.

The text is what is signed, so it is rendered once and frozen; what may differ from one print to the next (when it was
printed, page numbers, signatures, "replaced by") stands around it.
"""

from dataclasses import dataclass

from flask import render_template
from markupsafe import Markup

from decisionaid import i18n
from decisionaid.casework import sealing, signing
from decisionaid.core.safety import ResponseKind, Word
from decisionaid.core.sort import Party
from decisionaid.storage import queries_plan
from decisionaid.storage.models import Client, Plan, Round, Signature, Signing, Staff
from decisionaid.web import safety
from decisionaid.web.plan_content import PlanContent, gather
from decisionaid.web.plan_words import called
from decisionaid.web.printer import printed
from decisionaid.web.request import db, decks_of, now, service, today


@dataclass(frozen=True)
class People:
    """Whose plan it is, and the keyworker who holds the round."""

    client: Client
    keyworker: Staff

    @property
    def called(self) -> dict[Party, str]:
        """What each is called in the text."""
        return {Party.CLIENT: self.client.called, Party.KEYWORKER: called(self.keyworker)}

    @property
    def names(self) -> dict[Party, str]:
        """What stands above each signature."""
        return {Party.CLIENT: self.client.name or self.client.reference, Party.KEYWORKER: self.keyworker.name}


def text(plan: Plan, word: Word | None = None) -> str:
    """The text of the plan as it is now, in the client's language: HTML, the inside of a page.

    `word` is the keyworker's reason or "no" on this text, where one is given.
    """
    people = _people(plan)
    strip, recorded = safety.strip_of(_round(plan), people.client.language), safety.counted(_round(plan))
    with i18n.speaking(people.client.language):
        return render_template(
            "print/text.html",
            plan=plan,
            people=people,
            client=people.called[Party.CLIENT],
            keyworker=people.called[Party.KEYWORKER],
            agreed_on=today(),
            held=_content(plan, people),
            planned=strip.planned if strip else None,
            dealt_with=safety.dealt_with(recorded),
            given=[each for each, _by in recorded if each.kind is ResponseKind.GIVEN],
            word=word,
            word_language=i18n.current() if word is None else people.keyworker.language,
            zone=service().time_zone,
            local_day=i18n.local_day,
        )


def paper(signed: Signing) -> bytes:
    """A complete version as a PDF. One that was replaced says by what, and when.

    Raises:
        PlanAltered: it is not what was signed.
        PrinterBusy, PrintFailed, PrintTookTooLong, NotAccessible: as the printer says.
    """
    plan = db().get_one(Plan, (signed.service_id, signed.plan_id))
    with i18n.speaking(signed.language):
        html = render_template("print/paper.html", **_around(plan, signed, _people(plan)))
    return printed(html, language=signed.language, title=file_name(plan, signed).removesuffix(".pdf"))


def kept_paper(signed: Signing) -> bytes | None:
    """The PDF of a version: the one that was kept at its signing; a replaced version is printed anew, and says so.

    Raises:
        PlanAltered: the PDF, or the text that it was made of, is not what was signed.
    """
    kept = queries_plan.printout(db(), signed)
    if kept is None:
        return None
    sealing.check_text(db(), signed)
    sealing.check_paper(kept)
    plan = db().get_one(Plan, (signed.service_id, signed.plan_id))
    return paper(signed) if signing.replaced_by(db(), plan, signed) else kept.pdf


def frozen_text(signed: Signing) -> Markup:
    """The exact text of a frozen version, as HTML.

    Raises:
        PlanAltered: it is not the text that was frozen, so that nothing says that it is safe to show.
    """
    sealing.check_text(db(), signed)
    return Markup(signed.text)  # noqa: S704 - rendered by our own template, in which everything typed is escaped


def file_name(plan: Plan, signed: Signing) -> str:
    """A name that tells nothing of the person: "plan-1-2.pdf"."""
    return f"plan-{plan.number}-{signed.version}.pdf"


def _around(plan: Plan, signed: Signing, people: People) -> dict[str, object]:
    replaced = signing.replaced_by(db(), plan, signed)
    said: dict[Party, Signature] = signing.signatures(db(), signed)
    return {
        "plan": plan,
        "signed": signed,
        "people": people,
        "text": frozen_text(signed),
        "said": said,
        "parties": tuple(Party),
        "replaced": replaced,
        "printed_at": now(),
        "zone": service().time_zone,
        "local_day": i18n.local_day,
    }


def _round(plan: Plan) -> Round:
    return db().get_one(Round, (plan.service_id, plan.round_id))


def _people(plan: Plan) -> People:
    client = db().get_one(Client, (plan.service_id, plan.client_id))
    return People(client, db().get_one(Staff, (plan.service_id, _round(plan).keyworker_id)))


def _content(plan: Plan, people: People) -> PlanContent:
    return gather(db(), decks_of, plan, people.client)
