"""What happened and is not applied yet, as a list in the address: one plan answers all of it.

Each item is the form of one change as it was sent, so that it is read and checked as the form is.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from urllib.parse import parse_qsl, urlencode

from werkzeug.datastructures import MultiDict

from collector_app.repairs.forms import FIELDS, RepairForm
from collector_app.repairs.rules import DayChange, ListOutdated

MOST_PREPARED = 20
LIST = "antes"  # its name in the address


@dataclass(frozen=True, slots=True)
class Prepared:
    """One change of the list: as it stands in the address, and what it says."""

    text: str
    change: DayChange


def prepared_list(
    texts: Sequence[str], read: Callable[[RepairForm], DayChange]
) -> tuple[Prepared, ...]:
    """Read the list of the address.

    Parameters
    ----------
    read : callable
        Offers the choices of today to a form, checks it, and returns the change.

    Raises
    ------
    ListOutdated
        If an item can't be read, or is not possible any more.
    """
    if len(texts) > MOST_PREPARED:
        raise ListOutdated(most=MOST_PREPARED)
    return tuple(
        Prepared(text, read(RepairForm(MultiDict(parse_qsl(text)), meta={"csrf": False})))
        for text in texts
    )


def text_of(form: RepairForm) -> str:
    """Return the form of one change as an item of the list: the fields of its kind alone."""
    assert form.kind is not None  # noqa: S101 - only what was previewed is put on the list
    sent = [("cambio", form.kind.value), ("buscar", form.buscar.data or "")]
    for name in FIELDS[form.kind]:
        values = form[name].raw_data or [form[name].data]
        sent += [(name, str(value)) for value in values if value]
    return urlencode([(name, value) for name, value in sent if value])


def joined(changes: Sequence[DayChange]) -> DayChange:
    """Return several things that happened as one change, the last one leading; at least one."""
    *also, last = changes
    return replace(last, also=tuple(also))
