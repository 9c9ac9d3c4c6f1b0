"""The order of the most important cards: a press places, moves or takes back one; dragging sends the whole order."""

from werkzeug.wrappers import Response

from decisionaid.casework import sorting as verbs
from decisionaid.core.sort import NoPlaceLeft, PlacedTwice, SortFinished, SortRefused, UnknownCard
from decisionaid.i18n import gettext as _
from decisionaid.web.drafts import drafted, overtaken, refused
from decisionaid.web.forms import complain
from decisionaid.web.request import db, now
from decisionaid.web.sort_forms import OrderForm
from decisionaid.web.sort_pages import Sorting, saved


def order_page(sorting: Sorting) -> str:
    """The places, and the cards that wait below them."""
    return sorting.show("components/sort_order.html", form=drafted(OrderForm), was=_edition(sorting))


def change_order(sorting: Sorting) -> Response:
    """Take one step in the order. A step that depends on the others' places is refused where these have changed."""
    form = OrderForm()
    depends = form.up.data or form.down.data or form.order.data
    if depends and form.was.data != _edition(sorting):
        return overtaken(form, to=sorting.to("order"), is_press=True)
    try:
        _step(sorting, form)
    except SortFinished:
        raise
    except NoPlaceLeft:
        complain(form.add, _("Your list is full. Put one card back first."))
        return refused(form, to=_where_it_stands(sorting, form.add.data), is_press=True)
    except SortRefused:
        complain(form.order, _("This card cannot go there. Look at the order and try again."))
        return refused(form, to=sorting.to("order"), is_press=True)
    return saved(sorting.to("order"))


def _step(sorting: Sorting, form: OrderForm) -> None:
    order = list(sorting.value.order)
    if form.add.data:
        if form.add.data in order:
            raise PlacedTwice(form.add.data)
        order.append(form.add.data)
    elif form.up.data or form.down.data:
        _shift(order, form.up.data or form.down.data, -1 if form.up.data else 1)
    elif form.out.data:
        order.pop(_index(order, form.out.data))
    elif form.order.data:
        order = form.order.data
    else:
        return
    verbs.reorder(db(), sorting.sort, sorting.deck.ids, sorting.round.places, order, now())


def _where_it_stands(sorting: Sorting, card: str) -> str:
    """The card among those without a place, which says there why it was not taken."""
    number = sorting.numbers.get(card)
    return sorting.to("order", _anchor=f"card-{number}" if number else "order")


def _edition(sorting: Sorting) -> str:
    """A name for the order as it stands."""
    return sorting.alias("\n".join(sorting.value.order))


def _shift(order: list[str], card: str, by: int) -> None:
    at = _index(order, card)
    order.insert(max(0, at + by), order.pop(at))


def _index(order: list[str], card: str) -> int:
    if card not in order:
        raise UnknownCard(card)
    return order.index(card)
