"""The sign of life that each worker leaves, so that pages know whether anybody does the jobs."""

from datetime import datetime

from sqlalchemy import String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from collector_app.core.orm import Model


class WorkerSign(Model):
    """When a worker was last seen alive; one row for each place where one may work."""

    __tablename__ = "worker_sign"
    __table_args__ = (UniqueConstraint("machine", "slot"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    machine: Mapped[str] = mapped_column(String(255))
    slot: Mapped[str] = mapped_column(String(60))
    seen_at: Mapped[datetime]
    stopped_at: Mapped[datetime | None]  # told to stop; a killed one just falls silent
