"""Files of payments, and which payment each of their lines is."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from collector_app.core.orm import Model


class PaymentFile(Model):
    """A list of payments that the creditor sent."""

    __tablename__ = "payment_file"
    sealed_columns = (
        "file_name",
        "file_sha256",
        "uploaded_at",
        "uploaded_by",
        "applied_at",
        "applied_by",
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    file_name: Mapped[str] = mapped_column(String(200))
    file_sha256: Mapped[str] = mapped_column(String(64))
    uploaded_at: Mapped[datetime]
    uploaded_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))
    applied_at: Mapped[datetime | None]
    applied_by: Mapped[int | None] = mapped_column(ForeignKey("user_account.id"))


class PaymentFileLine(Model):
    """A line of a file that is one of our payments: we had it, or it was recorded from the file."""

    __tablename__ = "payment_file_line"
    __table_args__ = (UniqueConstraint("file_id", "sheet", "row"),)
    sealed_columns = ("file_id", "sheet", "row", "payment_id", "is_new")

    id: Mapped[int] = mapped_column(primary_key=True)
    file_id: Mapped[int] = mapped_column(ForeignKey("payment_file.id"))
    sheet: Mapped[str] = mapped_column(String(100))
    row: Mapped[int]
    payment_id: Mapped[int] = mapped_column(ForeignKey("payment.id"), index=True)
    is_new: Mapped[bool]
