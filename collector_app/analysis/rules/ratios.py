"""Ratios of receivables over a period: how long sales stay unpaid, how much of the due came in."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Receivables:
    """Receivables at both ends of a period of `days` days, and what was invoiced in it.

    ``closing_current_cents`` is the part of the closing balance that is not yet due.
    """

    days: int
    opening_cents: int
    invoiced_cents: int
    closing_cents: int
    closing_current_cents: int

    @property
    def sales_outstanding_days(self) -> float | None:
        """Return DSO, closing receivables ÷ credit sales × days; None without sales."""
        if self.invoiced_cents <= 0:
            return None
        return self.closing_cents / self.invoiced_cents * self.days

    @property
    def effectiveness(self) -> float | None:
        """Return CEI, the share of what could be collected that was; None when nothing could.

        (opening + invoiced - closing) ÷ (opening + invoiced - closing not yet due), the collection
        effectiveness index as credit managers define it. It is below 0 when balances grew by more
        than what was invoiced, as with interest.
        """
        collectable = self.opening_cents + self.invoiced_cents - self.closing_current_cents
        if collectable <= 0:
            return None
        return (self.opening_cents + self.invoiced_cents - self.closing_cents) / collectable
