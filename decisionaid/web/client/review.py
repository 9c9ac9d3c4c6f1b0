"""At a review: did the client feel listened to?"""

from flask import abort, url_for
from werkzeug.wrappers import Response

from decisionaid.casework import sorting as verbs
from decisionaid.i18n import gettext as _
from decisionaid.storage.models.sorts import Listened
from decisionaid.web.client import blueprint
from decisionaid.web.client.sitting import my_sort
from decisionaid.web.drafts import drafted, refused
from decisionaid.web.forms import complain, was_sent
from decisionaid.web.request import now
from decisionaid.web.sort_forms import ListenedForm
from decisionaid.web.sort_pages import Sorting, saved
from decisionaid.web.sort_words import onward


@blueprint.get("/listened")
def listened() -> str:
    """Did you feel listened to?"""
    sorting = _my_review()
    form = drafted(ListenedForm, listened_words=sorting.record.listened_words)
    return sorting.show("client/listened.html", form=form)


@blueprint.post("/listened")
def keep_listened() -> Response:
    """Keep the answer. Words alone stand beside the answer given before."""
    sorting, form = _my_review(), ListenedForm()
    good = form.validate()
    said = form.listened.data or sorting.record.listened
    if good and form.listened_words.data and not said:
        complain(form.listened, _("Choose one of the answers first. Your words are saved with it."))
        good = False
    if not good:
        return refused(form, to=url_for("client.listened"))
    words = form.listened_words.data if was_sent(form.listened_words) else sorting.record.listened_words
    if said and (form.listened.data or was_sent(form.listened_words)):
        verbs.say_listened(sorting.record, Listened(said), words or "", now())
    return saved(onward(url_for("client.listened"), url_for("client.check")))


def _my_review() -> Sorting:
    sorting = my_sort()
    return sorting if sorting.round.is_review else abort(404)
