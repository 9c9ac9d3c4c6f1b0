"""Keeping what was typed into the plan: each text with its language."""

from decisionaid.casework import planning
from decisionaid.casework.planning import Draft
from decisionaid.core.plan import FIELDS
from decisionaid.storage.models import Plan
from decisionaid.web.request import db, now
from decisionaid.web.together.plan_forms import EditForm

DECLARED = {field.name for field in FIELDS}


def text_fields(form: EditForm) -> tuple[str, ...]:
    """The declared fields of the plan that this form holds."""
    return tuple(field.short_name for field in form if field.short_name in DECLARED)


def held_texts(draft: Draft, form: type[EditForm]) -> dict[str, str]:
    """What the plan holds for the fields of a form class, to fill it with."""
    return {name: draft.text(name) for name in DECLARED if hasattr(form, name)}


def keep_texts(plan: Plan, form: EditForm, changed: set[str]) -> None:
    """Keep the texts of a form that it changes; one that it does not keeps the language it was written in."""
    for name in text_fields(form):
        if name in changed:
            planning.set_text(db(), plan, name, form[name].data or "", language=form.language, now=now())
