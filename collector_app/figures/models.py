"""Figures that the worker added up; nothing is lost when all of them are deleted."""

from datetime import datetime

from sqlalchemy import String, UniqueConstraint, false
from sqlalchemy.orm import Mapped, mapped_column

from collector_app.core.orm import Model


class KeptFigures(Model):
    """The answer to a question as it was at an instant."""

    __tablename__ = "kept_figures"
    __table_args__ = (UniqueConstraint("question", "asked"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    question: Mapped[str] = mapped_column(String(200))  # the query
    asked: Mapped[str] = mapped_column(String(500))  # its arguments
    content: Mapped[bytes]  # MessagePack
    read_at: Mapped[datetime]
    took_s: Mapped[float]
    # Somebody chose what it adds up, so no round makes it anew.
    is_chosen: Mapped[bool] = mapped_column(default=False, server_default=false())
