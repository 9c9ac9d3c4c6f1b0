"""The two words that the desk and the client's own device both show, so that nobody else's device slips in between."""

from decisionaid import i18n
from decisionaid.i18n import lazy_gettext as _

WORDS = (
    _("apple"),
    _("bridge"),
    _("candle"),
    _("door"),
    _("feather"),
    _("garden"),
    _("hill"),
    _("island"),
    _("jacket"),
    _("kettle"),
    _("lamp"),
    _("mirror"),
    _("orange"),
    _("pillow"),
    _("river"),
    _("shoe"),
    _("umbrella"),
    _("violin"),
    _("window"),
    _("boat"),
    _("clock"),
    _("drum"),
    _("fox"),
    _("glove"),
    _("horse"),
    _("leaf"),
    _("moon"),
    _("nest"),
    _("pencil"),
    _("rabbit"),
    _("snow"),
    _("train"),
)
"""Things that everybody knows, that say nothing of anybody, and that neither look nor sound alike."""


def two_words(first: int, second: int, language: str) -> tuple[str, str]:
    """The words in these places, in one language."""
    with i18n.speaking(language):
        return str(WORDS[first]), str(WORDS[second])
