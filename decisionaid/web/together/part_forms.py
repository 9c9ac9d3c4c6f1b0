"""The parts of the plan that are text alone.

Together with the forms of `plan_forms` they hold each field of `core.plan.FIELDS` once.
"""

from decisionaid.i18n import lazy_gettext as _
from decisionaid.web.forms import WordsField
from decisionaid.web.together.plan_forms import EditForm


class OurselvesForm(EditForm):
    """What matters, who is here, how the client wants to be treated."""

    what_matters = WordsField(_("What matters to me, in my words"))
    present = WordsField(_("Who else is here, if they agree to be named"))
    how_treat_me = WordsField(_("How I want staff to treat me, and what I find difficult"))


class DifferencesForm(EditForm):
    """What stays open, what waits, and what could not be had."""

    meanwhile = WordsField(_("Where we disagree: what we’ll do until our review"))
    not_now = WordsField(_("What can wait, and why"))
    unavailable = WordsField(_("What I asked for that is not available, why, and what we’ll do instead"))
    waiting = WordsField(_("What I’m waiting for: how long, who will tell me, who to call"))
    constraints = WordsField(_("Limits we work within: money, places, rules, the law"))
    required = WordsField(_("What I have to do and who says so, and what is my choice"))
    unmet_need = WordsField(_("What I need that no one provides yet"))


class HardDaysForm(EditForm):
    """Early signs, what the client does then, and the way back in."""

    early_signs = WordsField(_("How I notice that things get harder"))
    what_i_do = WordsField(_("What I do then"))
    whom_i_call = WordsField(_("Who I’ll call"))
    way_back = WordsField(_("How I get back in touch if I’ve been away"))


class SupportForm(EditForm):
    """Who holds the threads, what comes after, and who may know what."""

    coordinator = WordsField(_("Who coordinates my care"))
    aftercare = WordsField(_("What comes after this treatment"))
    missed_meeting = WordsField(_("What happens if I miss a meeting"))
    who_may_know = WordsField(_("Who may know what"))
    who_may_know_until = WordsField(_("Until when"))


PARTS: dict[str, type[EditForm]] = {
    "ourselves": OurselvesForm,
    "differences": DifferencesForm,
    "hard-days": HardDaysForm,
    "support": SupportForm,
}
"""The text parts by the word in their address."""
