"""What to do along a ride, in words; each country's catalogue has its own for a glorieta."""

from dataclasses import dataclass

from flask_babel import format_decimal, gettext
from flask_babel import lazy_gettext as _

from routing.travel.streets.instructions import Instruction, Side
from routing.travel.streets.turns import Maneuver

NEAR_M = 15  # nearer than this, the next turn comes at once
COARSE_M = 300  # from here on, fifties of metres are as much as a rider can tell
KM = 1000

SENTENCES = {
    Maneuver.DEPART: _("Sal hacia %(way)s por %(street)s"),
    Maneuver.CONTINUE: _("Sigue derecho por %(street)s"),
    Maneuver.SLIGHT_LEFT: _("Da vuelta ligera a la izquierda en %(street)s"),
    Maneuver.LEFT: _("Da vuelta a la izquierda en %(street)s"),
    Maneuver.SHARP_LEFT: _("Da vuelta cerrada a la izquierda en %(street)s"),
    Maneuver.SLIGHT_RIGHT: _("Da vuelta ligera a la derecha en %(street)s"),
    Maneuver.RIGHT: _("Da vuelta a la derecha en %(street)s"),
    Maneuver.SHARP_RIGHT: _("Da vuelta cerrada a la derecha en %(street)s"),
    Maneuver.U_TURN: _("Da vuelta en U y sigue por %(street)s"),
    Maneuver.KEEP_LEFT: _("Mantente a la izquierda por %(street)s"),
    Maneuver.KEEP_RIGHT: _("Mantente a la derecha por %(street)s"),
    Maneuver.ROUNDABOUT: _("En la glorieta toma la %(exit)s salida, hacia %(street)s"),
    Maneuver.FERRY: _("Sube al transbordador %(street)s"),
}
INTO_ROUNDABOUT = _("Entra a la glorieta")
ONTO_FERRY = _("Sube al transbordador")
ARRIVALS = {
    Side.LEFT: _("Llegas: queda a tu izquierda"),
    Side.RIGHT: _("Llegas: queda a tu derecha"),
    Side.AHEAD: _("Llegas a tu destino"),
}
# Clockwise from north, each for 45 degrees.
COMPASS = (
    _("el norte"),
    _("el noreste"),
    _("el este"),
    _("el sureste"),
    _("el sur"),
    _("el suroeste"),
    _("el oeste"),
    _("el noroeste"),
)
EXITS = (_("primera"), _("segunda"), _("tercera"), _("cuarta"), _("quinta"), _("sexta"))

# Icons are drawn for the right-hand side; those to the left are their mirror images.
ICONS = {
    Maneuver.DEPART: "go",
    Maneuver.CONTINUE: "turn-none",
    Maneuver.SLIGHT_LEFT: "turn-slight",
    Maneuver.LEFT: "turn",
    Maneuver.SHARP_LEFT: "turn-sharp",
    Maneuver.SLIGHT_RIGHT: "turn-slight",
    Maneuver.RIGHT: "turn",
    Maneuver.SHARP_RIGHT: "turn-sharp",
    Maneuver.U_TURN: "turn-back",
    Maneuver.KEEP_LEFT: "turn-keep",
    Maneuver.KEEP_RIGHT: "turn-keep",
    Maneuver.ROUNDABOUT: "turn-round",
    Maneuver.FERRY: "ferry",
    Maneuver.ARRIVE: "flag",
}
# Where traffic keeps to the right one turns back, and goes round, anticlockwise.
MIRRORED = {
    Maneuver.SLIGHT_LEFT,
    Maneuver.LEFT,
    Maneuver.SHARP_LEFT,
    Maneuver.KEEP_LEFT,
    Maneuver.U_TURN,
}


@dataclass(frozen=True, slots=True)
class TurnRow:
    """One line of a list of turns.

    Attributes
    ----------
    icon : str
    is_mirrored : bool
        The icon is to be shown the other way round.
    ahead : str
        How far to ride before it: ``En 300 m``; "" for the first.
    text : str
        What to do.
    """

    icon: str
    is_mirrored: bool
    ahead: str
    text: str


def turn_rows(told: tuple[Instruction, ...]) -> tuple[TurnRow, ...]:
    """Return the lines of a ride, in the language of whoever asks."""
    before = (None, *told)
    return tuple(
        TurnRow(
            icon=ICONS[one.kind],
            is_mirrored=one.kind in MIRRORED,
            ahead="" if last is None else how_far(last.metres),
            text=sentence(one),
        )
        for one, last in zip(told, before, strict=False)
    )


def sentence(one: Instruction) -> str:
    """Say one instruction."""
    if one.side is not None:
        return str(ARRIVALS[one.side])
    if one.kind is Maneuver.ROUNDABOUT and not one.exit_number:
        return str(INTO_ROUNDABOUT)
    if one.kind is Maneuver.FERRY and not (one.name or one.ref):
        return str(ONTO_FERRY)
    facts = {
        "street": street(one.name, one.ref),
        "way": compass(one.bearing_deg),
        "exit": exit_word(one.exit_number),
    }
    return str(SENTENCES[one.kind]) % facts


def street(name: str, ref: str) -> str:
    """Return a street as its signs show it: the number too, where it is not in the name."""
    if name and ref and ref not in name:
        return f"{name} ({ref})"
    return name or ref or str(gettext("calle sin nombre"))


def compass(bearing_deg: float) -> str:
    """Return the nearest of the eight winds."""
    return str(COMPASS[round(bearing_deg / 45.0) % len(COMPASS)])


def exit_word(number: int) -> str:
    """Return which exit: ``segunda``."""
    if 1 <= number <= len(EXITS):
        return str(EXITS[number - 1])
    return str(gettext("%(number)s.ª", number=number))


def how_far(metres: int) -> str:
    """Say how far to ride before the next turn."""
    if metres < NEAR_M:
        return str(gettext("Enseguida"))
    if (near := _rounded(metres)) < KM:
        return str(gettext("En %(far)s", far=f"{near} m"))
    pattern = "0.#" if near < 10 * KM else "0"
    far = f"{format_decimal(near / KM, pattern)} km"
    return str(gettext("Después de %(far)s", far=far))


def _rounded(metres: int) -> int:
    step = 10 if metres < COARSE_M else 50 if metres < KM else 100
    return round(metres / step) * step
