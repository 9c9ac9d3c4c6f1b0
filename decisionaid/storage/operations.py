"""What is held of the operations of a sort: asked at every choice that a page saves, so put together once."""

from sqlalchemy import BindParameter, bindparam, func, or_, select
from sqlalchemy.orm import Session, aliased

from decisionaid.core.saving import Operation
from decisionaid.storage.models import OperationRecord, SortRecord

_SERVICE: BindParameter[str] = bindparam("service_id")
_SORT: BindParameter[str] = bindparam("sort_id")
_EPOCH: BindParameter[str] = bindparam("epoch")
_Row = OperationRecord
_Other = aliased(OperationRecord)
_LAST = select(func.max(_Other.number)).where(
    _Other.service_id == _SERVICE, _Other.sort_id == _SORT, _Other.epoch == _EPOCH
)
_IS_LAST = (_Row.sort_id == _SORT) & (_Row.epoch == _EPOCH) & (_Row.number == _LAST.scalar_subquery())
_HELD = select(_Row.sort_id, _Row.epoch, _Row.number, _Row.id, _Row.digest).where(
    _Row.service_id == _SERVICE, or_(_Row.id == bindparam("id"), _IS_LAST)
)


def held(db: Session, sort: SortRecord, id: str, epoch: str) -> tuple[Operation | None, int]:
    """The operation with this id, and the highest number of this sort and epoch (0 for none); by one query."""
    whose = {"service_id": sort.service_id, "sort_id": sort.id, "epoch": epoch}
    found = [Operation(*row) for row in db.execute(_HELD, {**whose, "id": id})]
    known = next((one for one in found if one.id == id), None)
    last = max((one.number for one in found if (one.sort, one.epoch) == (sort.id, epoch)), default=0)
    return known, last


def last_number(db: Session, sort: SortRecord, epoch: str) -> int:
    """The number of the last operation held for this sort and epoch; 0 for none."""
    return db.scalar(_LAST, {"service_id": sort.service_id, "sort_id": sort.id, "epoch": epoch}) or 0
