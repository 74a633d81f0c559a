"""Targets (metas) of indicators: the last one set holds, the earlier ones stay."""

from datetime import date, datetime

from sqlalchemy import BigInteger, CheckConstraint, ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from collector_app.core.orm import Model
from collector_app.indicators.rules import Indicator
from collector_app.portfolio.rules import Stage


class IndicatorTarget(Model):
    """What an indicator should reach from a day on; no value ends the target.

    ``target`` divided by ``divisor`` is in the unit of the indicator. Those of before have no
    divisor: of shares they are in hundredths of a percent, else in that unit.
    """

    __tablename__ = "indicator_target"
    sealed_columns = (
        "indicator",
        "target",
        "divisor",
        "from_on",
        "set_by",
        "set_at",
    )
    __table_args__ = (CheckConstraint("target > 0", name="target_positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    indicator: Mapped[Indicator]
    target: Mapped[int | None] = mapped_column(BigInteger)
    divisor: Mapped[int | None]
    from_on: Mapped[date]
    set_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    set_at: Mapped[datetime]


class GroupTarget(Model):
    """What an indicator should reach for one collector, zone or stage, from a day on.

    The company's target holds for who has none of their own; no value ends their own. ``target`` is
    as that of `IndicatorTarget`.
    """

    __tablename__ = "group_target"
    sealed_columns = (
        "indicator",
        "collector_id",
        "zone_id",
        "stage",
        "target",
        "divisor",
        "from_on",
        "set_by",
        "set_at",
    )
    __table_args__ = (CheckConstraint("target > 0", name="target_positive"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    indicator: Mapped[Indicator]
    collector_id: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    zone_id: Mapped[int | None] = mapped_column(ForeignKey("zone.id"))
    stage: Mapped[Stage | None]
    target: Mapped[int | None] = mapped_column(BigInteger)
    divisor: Mapped[int | None]
    from_on: Mapped[date]
    set_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    set_at: Mapped[datetime]
