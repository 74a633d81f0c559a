"""A client's debts from the invoice down: papers, instalments, and what moved each; pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from collector_app.backing.queries import Backing, DocumentRow
from collector_app.backing.rules import DocumentKind
from collector_app.payments.movements import CreditLine, Movement
from collector_app.portfolio.gathering import plain
from collector_app.stages.queries import ClientLife, CreditLife


@dataclass(frozen=True, slots=True)
class Instalment:
    """One part of a bill, or the whole of it: what it was, what is owed, and what moved it."""

    number: str
    due_on: date
    amount_cents: int
    owed_cents: int
    movements: tuple[Movement, ...]


@dataclass(frozen=True, slots=True)
class Bill:
    """An invoice as the client knows it, with the papers that prove it."""

    number: str
    issued_on: date | None
    instalments: tuple[Instalment, ...]
    papers: tuple[DocumentRow, ...]

    @property
    def amount_cents(self) -> int:
        """Return what was billed."""
        return sum(one.amount_cents for one in self.instalments)

    @property
    def owed_cents(self) -> int:
        """Return what is left of it."""
        return sum(one.owed_cents for one in self.instalments)


@dataclass(frozen=True, slots=True)
class CreditBills:
    """The bills of a credit, and the papers that belong to none of them."""

    credit: CreditLife
    bills: tuple[Bill, ...]
    papers: tuple[DocumentRow, ...]


def bills_of(life: ClientLife, backing: Backing, day: date) -> tuple[CreditBills, ...]:
    """Return the bills of each credit as they stood when a day ended, oldest first.

    A paper belongs to the bill that it names, or to the one whose number it bears as an invoice.
    """
    owed = life.ledger.owed_on(day)
    return tuple(_of_credit(life, backing.documents, credit, owed, day) for credit in life.credits)


def _of_credit(
    life: ClientLife,
    documents: Iterable[DocumentRow],
    credit: CreditLife,
    owed: dict[int, int],
    day: date,
) -> CreditBills:
    moved: dict[int, list[Movement]] = {}
    for line, movement in life.ledger.movements_of(credit.credit_id, day):
        moved.setdefault(line.invoice_id, []).append(movement)
    lines: dict[str, list[CreditLine]] = {}
    for line in life.ledger.lines:
        if line.credit_id == credit.credit_id and line.invoice_id in owed:
            lines.setdefault(line.bill_number or line.number, []).append(line)
    papers = [one for one in documents if one.credit == credit.external_id]
    bills = tuple(
        Bill(
            number,
            min((one.issued_on for one in parts if one.issued_on), default=None),
            tuple(
                Instalment(
                    one.number,
                    one.due_on,
                    one.amount_cents,
                    owed[one.invoice_id],
                    tuple(moved.get(one.invoice_id, ())),
                )
                for one in parts
            ),
            tuple(paper for paper in papers if _is_of(paper, number)),
        )
        for number, parts in lines.items()
    )
    return CreditBills(credit, bills, _left_over(papers, bills))


def _is_of(paper: DocumentRow, bill: str) -> bool:
    named = paper.bill_number or (paper.number if paper.kind is DocumentKind.INVOICE else None)
    return named is not None and plain(named) == plain(bill)


def _left_over(papers: Iterable[DocumentRow], bills: Sequence[Bill]) -> tuple[DocumentRow, ...]:
    placed = {paper.id for bill in bills for paper in bill.papers}
    return tuple(one for one in papers if one.id not in placed)
