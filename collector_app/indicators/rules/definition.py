"""What is told of each indicator, as data."""

from dataclasses import dataclass

from collector_app.indicators.rules.counts import Count
from collector_app.indicators.rules.kinds import (
    PER_THOUSAND,
    Aim,
    Dimension,
    RowKind,
    Section,
    Unit,
)


@dataclass(frozen=True, slots=True)
class Definition:
    """An indicator as data: ``part / whole``, or of ``per`` of what the whole counts.

    ``squares`` says how far the cases of a mean lie apart, ``times`` what it is multiplied by. A
    ratio of two sums, as of money, has ``cases`` that do not depend on each other and the ``error``
    that they make (`ratio_error`).
    """

    section: Section
    part: Count
    whole: Count
    unit: Unit
    aim: Aim
    rows: RowKind
    per: int = 1
    squares: Count | None = None
    times: Count | None = None
    cases: Count | None = None
    error: Count | None = None

    @property
    def is_sampled(self) -> bool:
        """Tell whether the value is a share of counted things, so that it has an interval."""
        return self.unit is Unit.SHARE and not self.part.value.endswith(("_cents", "_s"))

    @property
    def is_rate(self) -> bool:
        """Tell whether rare events are counted beside something else: as Poisson's are."""
        return self.per == PER_THOUSAND

    @property
    def sample(self) -> Count | None:
        """Return what its cases are, which make its interval; None: it has none."""
        is_counted = self.is_sampled or self.is_rate or self.squares is not None
        return self.whole if is_counted else self.cases

    @property
    def is_share(self) -> bool:
        """Tell whether no case has more part than whole: confirmed money may be of new debt."""
        beyond = {Count.CONFIRMED_CENTS, Count.CASH_OFF_CENTS}
        return self.unit is Unit.SHARE and self.part not in beyond

    @property
    def may_be_negative(self) -> bool:
        """Tell whether its part can be below nothing: debts that grew were not collected."""
        return self.part is Count.COLLECTED_CENTS

    @property
    def is_of_money(self) -> bool:
        """Tell whether money is added up for it, which is of one currency then."""
        return any(one.value.endswith("_cents") for one in (self.part, self.whole))

    @property
    def is_told(self) -> bool:
        """Tell whether its part is known only where somebody told it: nothing is not zero then."""
        return self.part in {Count.COST_CENTS, Count.CONFIRMED_CENTS}

    @property
    def is_of_costs(self) -> bool:
        """Tell whether it comes from what the company told of its costs."""
        return self.part is Count.COST_CENTS

    @property
    def splits(self) -> tuple[Dimension, ...]:
        """Return what it can be split by: counted cash is of no one client, debts of no week."""
        if self.is_of_today:
            return tuple(one for one in Dimension if one is not Dimension.WEEK)
        if self.rows is RowKind.CASH_COUNTS:
            return (Dimension.COLLECTOR, Dimension.WEEK)
        return tuple(Dimension)

    @property
    def is_of_today(self) -> bool:
        """Tell whether it describes the cartera as it stands now, whatever the period."""
        return self.section is Section.PORTFOLIO
