"""Forms to pause, to resume, and to put a credit into another stage."""

from datetime import date

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import SelectField, StringField
from wtforms.validators import InputRequired, Length, Optional

from collector_app.portfolio.rules import Stage
from collector_app.stages.rules import CHOSEN_PAUSES, MoveCause, PauseCause
from collector_app.stages.services import MoveData, PauseData
from collector_app.web.day_field import DayField
from collector_app.web.words import label

REASON_LENGTH = 240


class PauseForm(FlaskForm):
    cause = SelectField(_("Motivo"))
    pause_credit = SelectField(_("Qué se pausa"))
    pause_reason = StringField(
        _("Qué pasó y dónde consta"), [InputRequired(_("Escríbelo.")), Length(max=REASON_LENGTH)]
    )
    from_on = DayField(_("Desde"), [InputRequired(_("Elige el día."))])
    to_on = DayField(_("Hasta (vacío: hasta que se reanude)"), [Optional()])

    def offer(self, credits: list[tuple[str, str]], today: date) -> None:
        """Fill the lists to choose from."""
        self.cause.choices = [(one.value, label(one)) for one in CHOSEN_PAUSES]
        self.pause_credit.choices = [("", _("Todo lo que debe")), *credits]
        if self.from_on.data is None and not self.is_submitted():
            self.from_on.data = today

    def to_data(self, client_id: int) -> PauseData:
        """Return what was asked for."""
        return PauseData(
            client_id=client_id,
            cause=PauseCause(self.cause.data),
            reason=self.pause_reason.data or "",
            from_on=self.from_on.data,
            to_on=self.to_on.data,
            credit_id=int(self.pause_credit.data) if self.pause_credit.data else None,
        )


class ResumeForm(FlaskForm):
    reason = StringField(
        _("Por qué se reanuda"), [InputRequired(_("Escríbelo.")), Length(max=REASON_LENGTH)]
    )


class MoveForm(FlaskForm):
    move_credit = SelectField(_("Crédito"))
    stage = SelectField(_("Pasa a"))
    move_cause = SelectField(_("Motivo"))
    move_reason = StringField(
        _("Qué pasó y dónde consta"), [InputRequired(_("Escríbelo.")), Length(max=REASON_LENGTH)]
    )

    def offer(self, credits: list[tuple[str, str]]) -> None:
        """Fill the lists to choose from."""
        self.move_credit.choices = credits
        self.stage.choices = [
            (one.value, label(one)) for one in Stage if one is not Stage.PREVENTIVE
        ]
        self.move_cause.choices = [(one.value, label(one)) for one in MoveCause]

    def to_data(self) -> MoveData:
        """Return what was asked for."""
        return MoveData(
            credit_id=int(self.move_credit.data),
            stage=Stage(self.stage.data),
            cause=MoveCause(self.move_cause.data),
            reason=self.move_reason.data or "",
        )
