"""Keeping what was typed into the plan: each text with its language, and both texts shown where somebody was faster."""

from collections.abc import Iterable
from dataclasses import dataclass

from decisionaid.casework import planning
from decisionaid.casework.planning import Draft, PlanChangedMeanwhile
from decisionaid.core.plan import FIELDS
from decisionaid.storage.models import Plan
from decisionaid.web.request import db, now
from decisionaid.web.together.plan_forms import EditForm

DECLARED = {field.name for field in FIELDS}


@dataclass(frozen=True)
class Newer:
    """What somebody else saved in a field meanwhile; without a `language` it is in the page's."""

    label: str
    text: str
    language: str = ""


def text_fields(form: EditForm) -> tuple[str, ...]:
    """The declared fields of the plan that this form holds."""
    return tuple(field.short_name for field in form if field.short_name in DECLARED)


def held_texts(draft: Draft, form: type[EditForm]) -> dict[str, str]:
    """What the plan holds for the fields of a form class, to fill it with."""
    return {name: draft.text(name) for name in DECLARED if hasattr(form, name)}


def keep_texts(plan: Plan, form: EditForm) -> None:
    """Keep the texts of a form that changed; one that did not keeps the language it was written in."""
    held = planning.draft(db(), plan)
    for name in text_fields(form):
        typed = form[name].data or ""
        if typed != held.text(name):
            planning.set_text(db(), plan, name, typed, language=form.language, now=now())


def claim(plan: Plan, form: EditForm) -> bool:
    """Take the next edition of the plan; False where someone has saved a newer one."""
    try:
        planning.claim_edition(plan, form.edition.data or 0)
    except PlanChangedMeanwhile:
        return False
    return True


def newer(form: EditForm, held: Iterable[tuple[str, str]]) -> list[Newer]:
    """What someone else saved while this was typed (name, text), where it is not the same."""
    if not form.is_overtaken:
        return []
    return [Newer(str(form[name].label.text), text) for name, text in held if text and text != (form[name].data or "")]
