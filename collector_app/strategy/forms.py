"""Segments and treatments as people type them; what they typed is read into rules."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from flask_babel import gettext
from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from wtforms import (
    FieldList,
    Form,
    FormField,
    IntegerField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import InputRequired, Length, NumberRange

from collector_app.compliance.rules import Channel
from collector_app.core.money import CENTS_PER_PESO, parse_pesos
from collector_app.portfolio.rules import Stage
from collector_app.strategy.rules import (
    CHOICES,
    LEAST_VISIT_PERCENT,
    LONGEST_NAME,
    LONGEST_OPENING,
    MOST_CADENCE_DAYS,
    MOST_CONDITIONS,
    MOST_DAYS,
    MOST_INSTALMENTS,
    MOST_NOTICE_DAYS,
    MOST_PERCENT,
    MOST_SHARE,
    MOST_VISIT_PERCENT,
    BadCondition,
    Comparison,
    Condition,
    ExperimentTerms,
    Measure,
    SegmentRule,
    Trait,
    TraitKind,
    Treatment,
    check_condition,
    is_number,
    kind_of,
)
from collector_app.web.check_boxes import CheckBoxesField
from collector_app.web.words import label

# E-mail addresses of clients are not kept, so nobody can be treated by it.
CHANNELS = tuple(one for one in Channel if one is not Channel.EMAIL)


class ConditionForm(Form):
    trait = SelectField(_("Dato"), choices=[])
    comparison = SelectField(_("Comparación"), choices=[])
    value = StringField(_("Valor"))


class SegmentForm(FlaskForm):
    name = StringField(
        _("Nombre"), [InputRequired(_("Ponle un nombre.")), Length(max=LONGEST_NAME)]
    )
    conditions = FieldList(
        FormField(ConditionForm), min_entries=MOST_CONDITIONS, max_entries=MOST_CONDITIONS
    )

    def offer(self) -> None:
        """Fill the lists to choose from."""
        for one in self.conditions:
            one.form.trait.choices = [("", ""), *((each.value, label(each)) for each in Trait)]
            one.form.comparison.choices = [(each.value, label(each)) for each in Comparison]

    def show(self, rule: SegmentRule) -> None:
        """Begin with a segment as it stands."""
        self.name.data = rule.name
        for row, condition in zip(self.conditions, rule.conditions, strict=False):
            row.form.trait.data = condition.trait.value
            row.form.comparison.data = condition.comparison.value
            row.form.value.data = written_value(condition)

    def read(self) -> tuple[tuple[Condition, ...], dict[int, str]]:
        """Return the conditions, and by row what is wrong with those that can't be read."""
        found: list[Condition] = []
        faults: dict[int, str] = {}
        for number, row in enumerate(self.conditions):
            typed = Typed.of(row.form)
            if typed is None:
                continue
            try:
                found.append(typed.condition())
            except BadCondition:
                faults[number] = typed.expected()
        return tuple(found), faults


@dataclass(frozen=True, slots=True)
class Typed:
    """One row of the form as it was typed."""

    trait: Trait
    comparison: Comparison
    value: str

    @classmethod
    def of(cls, form: Form) -> "Typed | None":
        """Return what a row holds, None for an empty one."""
        trait, value = form.trait.data or "", (form.value.data or "").strip()
        if not trait:
            return None
        return cls(Trait(trait), Comparison(form.comparison.data), value)

    def condition(self) -> Condition:
        """Return the condition.

        Raises
        ------
        BadCondition
            When the value is none of this trait, or the comparison does not fit it.
        """
        condition = Condition(self.trait, self.comparison, self._values())
        check_condition(condition)
        return condition

    def expected(self) -> str:
        """Return in words what was expected, the trait by its name."""
        name = label(self.trait)
        if not is_number(self.trait) and self.comparison not in (Comparison.IS, Comparison.IS_NOT):
            return str(gettext("%(name)s: elige “es” o “no es”.", name=name))
        if self.trait in CHOICES:
            words = ", ".join(label(one) for one in CHOICES[self.trait])
            return str(
                gettext("%(name)s: escribe una o varias de: %(words)s.", name=name, words=words)
            )
        match kind_of(self.trait):
            case TraitKind.MONEY:
                return str(gettext("%(name)s: escribe un importe, como 5,000.", name=name))
            case TraitKind.COUNT:
                return str(gettext("%(name)s: escribe un número entero, como 30.", name=name))
        return str(
            gettext("%(name)s: escribe una o varias palabras, separadas por comas.", name=name)
        )

    def _values(self) -> tuple[int | str, ...]:
        match kind_of(self.trait):
            case TraitKind.MONEY:
                return (self._cents(),)
            case TraitKind.COUNT:
                if not (self.value.isascii() and self.value.isdecimal()):
                    raise BadCondition(self.trait.value, "a whole number")
                return (int(self.value),)
        words = tuple(one.strip() for one in self.value.split(",") if one.strip())
        if self.trait not in CHOICES:
            return words
        known = {label(one).casefold(): one.value for one in CHOICES[self.trait]}
        return tuple(known.get(one.casefold(), one) for one in words)

    def _cents(self) -> int:
        try:
            return parse_pesos(self.value)
        except ValueError as error:
            raise BadCondition(self.trait.value, "an amount") from error


def written_value(condition: Condition) -> str:
    """Return the values of a condition as people would type them."""
    match kind_of(condition.trait):
        case TraitKind.MONEY:
            cents = int(condition.values[0])
            pesos, rest = divmod(cents, CENTS_PER_PESO)
            return f"{pesos:,}.{rest:02}" if rest else f"{pesos:,}"
        case TraitKind.CHOICE:
            members: type[StrEnum] = CHOICES[condition.trait]
            return ", ".join(label(members(str(one))) for one in condition.values)
    return ", ".join(str(one) for one in condition.values)


def _whole(text: str, most: int, least: int = 0) -> IntegerField:
    wrong = _("Escribe un número entero de %(least)s a %(most)s.", least=least, most=most)
    return IntegerField(text, [InputRequired(wrong), NumberRange(least, most, wrong)])


class TreatmentForm(FlaskForm):
    channels = CheckBoxesField(
        _("Por dónde se le contacta"),
        choices=[],
        validators=[InputRequired(_("Elige al menos un canal."))],
    )
    cadence_days = _whole(
        _("Cadencia: días entre un contacto y la siguiente visita"), MOST_CADENCE_DAYS
    )
    notice_days = _whole(
        _("Antes de visitar, un mensaje o llamada en los últimos (días)"), MOST_NOTICE_DAYS
    )
    visit_percent = _whole(
        _("Peso de la visita en el plan (%)"), MOST_VISIT_PERCENT, LEAST_VISIT_PERCENT
    )
    most_discount_percent = _whole(_("Quita máxima que se ofrece (% de la deuda)"), MOST_PERCENT)
    most_instalments = _whole(_("Pagos máximos de un convenio"), MOST_INSTALMENTS)
    script = SelectField(_("Guion que se lee"), choices=[])
    opening = TextAreaField(_("Apertura propia (opcional)"), [Length(max=LONGEST_OPENING)])

    def offer(self) -> None:
        """Fill the lists to choose from."""
        self.channels.choices = [(one.value, label(one)) for one in CHANNELS]
        self.script.choices = [(one.value, label(one)) for one in Stage]

    def show(self, treatment: Treatment) -> None:
        """Begin with a treatment as it stands."""
        self.channels.data = [one.value for one in treatment.channels]
        self.cadence_days.data = treatment.cadence_days
        self.most_discount_percent.data = treatment.most_discount_percent
        self.most_instalments.data = treatment.most_instalments
        self.script.data = treatment.script.value
        self.opening.data = treatment.opening
        self.visit_percent.data = treatment.visit_percent
        self.notice_days.data = treatment.notice_days

    def treatment(self) -> Treatment:
        """Return what was typed; only for a form that is valid."""
        return Treatment(
            channels=frozenset(Channel(one) for one in self.channels.data),
            cadence_days=self.cadence_days.data,
            most_discount_percent=self.most_discount_percent.data,
            most_instalments=self.most_instalments.data,
            script=Stage(self.script.data),
            opening=(self.opening.data or "").strip() or None,
            visit_percent=self.visit_percent.data,
            notice_days=self.notice_days.data,
        )


OF_ITS_STAGE = ""  # the script of the stage that the experiment is about


class ExperimentForm(TreatmentForm):
    name = StringField(
        _("Nombre del experimento"),
        [InputRequired(_("Ponle un nombre.")), Length(max=LONGEST_NAME)],
    )
    segment_id = SelectField(_("Segmento"), choices=[], coerce=int)
    stage = SelectField(_("Etapa"), choices=[])
    share_percent = _whole(_("Parte de los clientes con el retador (%)"), MOST_SHARE)
    measure = SelectField(_("Se juzga por"), choices=[])
    days = _whole(_("Días que dura, con hoy"), MOST_DAYS)

    def offer_segments(self, segments: Sequence[SegmentRule]) -> None:
        """Fill the lists to choose from."""
        self.offer()
        self.segment_id.choices = [(one.id, one.name) for one in segments]
        self.stage.choices = [(one.value, label(one)) for one in Stage]
        self.script.choices = [(OF_ITS_STAGE, _("El de su etapa")), *self.script.choices]
        self.measure.choices = [(one.value, label(one)) for one in Measure]

    def begin_with(self, treatment: Treatment) -> None:
        """Begin with a treatment, and the script of whatever stage is chosen."""
        self.show(treatment)
        self.script.data = OF_ITS_STAGE

    def treatment(self) -> Treatment:
        """Return what was typed; only for a form that is valid."""
        if self.script.data == OF_ITS_STAGE:
            self.script.data = self.stage.data
        return super().treatment()

    def terms(self, today: date) -> ExperimentTerms:
        """Return what is fixed, from today on; only for a form that is valid."""
        return ExperimentTerms(
            self.name.data,
            self.share_percent.data,
            Measure(self.measure.data),
            today,
            today + timedelta(days=self.days.data - 1),
        )


class StopForm(FlaskForm):
    reason = StringField(_("Por qué se detiene"), [Length(max=240)])


def usual_treatment(stage: Stage) -> Treatment:
    """Return the treatment that a form begins with: everything as the house rules allow it."""
    return Treatment(frozenset(CHANNELS), 0, MOST_PERCENT, MOST_INSTALMENTS, stage)


def condition_sentences(rule: SegmentRule) -> list[str]:
    """Return each condition of a segment in words."""
    return [_sentence(one) for one in rule.conditions]


def _sentence(condition: Condition) -> str:
    unit = "$" if kind_of(condition.trait) is TraitKind.MONEY else ""
    name, how = label(condition.trait), label(condition.comparison)
    return f"{name} {how} {unit}{written_value(condition)}"


def suggestions(words: Mapping[Trait, list[str]]) -> list[str]:
    """Return what may be typed as a value: the words of closed sets and those of the house."""
    closed = {label(one) for members in CHOICES.values() for one in members}
    return sorted(closed | {one for of_trait in words.values() for one in of_trait})
