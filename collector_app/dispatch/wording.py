"""What an edit did, what it costs, and why one is refused, in plain Spanish."""

from collections.abc import Mapping

from flask_babel import gettext, ngettext

from collector_app.compliance.rules import Block
from collector_app.compliance.sentences import block_sentence
from collector_app.core.errors import CollectorError
from collector_app.core.money import Sums
from collector_app.dispatch.queries import EditRow
from collector_app.dispatch.rules import (
    BoardEditKind,
    Cost,
    StopDoesNotFit,
    StopForbidden,
    Unfit,
    What,
)
from collector_app.planning.reasons import skip_sentences
from collector_app.planning.rules import SkipCause
from collector_app.web.filters import MINUS, distancia, hora_del_dia, pesos, tiempo_de_mas
from collector_app.web.words import label, message

Names = Mapping[int, str]
MINUTE_S = 60
_MARKS = {BoardEditKind.PIN, BoardEditKind.UNPIN, BoardEditKind.LOCK, BoardEditKind.UNLOCK}


def edit_sentence(edit: EditRow, clients: Names, collectors: Names) -> str:
    """Return what an edit did; of an undo or redo, what became of whose edit."""
    if edit.turned is None:
        return _what_sentence(edit.kind, edit.what, clients, collectors)
    told = {
        "what": _what_sentence(edit.turned.kind, edit.turned.what, clients, collectors),
        "who": edit.turned.author or gettext("Sistema"),
    }
    is_own = edit.author == edit.turned.author
    if edit.kind is BoardEditKind.UNDO:
        by_whom = (gettext("Se deshizo: %(what)s"), gettext("Se deshizo, de %(who)s: %(what)s"))
    else:
        by_whom = (gettext("Se rehizo: %(what)s"), gettext("Se rehizo, de %(who)s: %(what)s"))
    return str(by_whom[0 if is_own else 1]) % told


def _what_sentence(kind: BoardEditKind, what: What, clients: Names, collectors: Names) -> str:
    done = _done_sentence(kind, what, clients, collectors)
    if not what.out:
        return done
    out = ", ".join(clients.get(one, "") for one in what.out)
    left = ngettext("salió %(out)s", "salieron %(out)s", len(what.out), out=out)
    return str(gettext("%(done)s; para hacerle lugar %(left)s", done=done, left=left))


def _done_sentence(kind: BoardEditKind, what: What, clients: Names, collectors: Names) -> str:
    told = {
        "client": clients.get(what.client_id or 0, ""),
        "before": collectors.get(what.from_id or 0, ""),
        "after": collectors.get(what.to_id or 0, ""),
        "at": what.position,
    }
    if kind is BoardEditKind.MOVE and what.from_id == what.to_id:
        return str(gettext("%(client)s es ahora la parada %(at)s de %(after)s", **told))
    if kind in _MARKS:
        return f"{label(kind)}: {told['client']}"
    words = {
        BoardEditKind.MOVE: gettext("%(client)s pasó de %(before)s a %(after)s, parada %(at)s"),
        BoardEditKind.ADD: gettext("%(client)s entró a la ruta de %(after)s, parada %(at)s"),
        BoardEditKind.REMOVE: gettext("%(client)s salió de la ruta de %(before)s"),
        BoardEditKind.SWAP: gettext("%(before)s y %(after)s cambiaron sus rutas"),
    }
    return str(words[kind]) % told if kind in words else label(kind)


def cost_sentence(cost: Cost) -> str:
    """Return what an edit adds or saves: time and way on the road, expected money, stops."""
    parts = [
        tiempo_de_mas(cost.travel_s),
        _signed(cost.travel_m, distancia(abs(cost.travel_m))),
        gettext("%(sum)s de recuperación", sum=_signed_sums(cost.expected)),
    ]
    if cost.stops:
        count = ngettext("%(num)s parada", "%(num)s paradas", abs(cost.stops))
        parts.append(_signed(cost.stops, count))
    return " · ".join(str(part) for part in parts)


def refusal_sentence(
    error: CollectorError, clients: Names, collectors: Names, moved: int | None
) -> str:
    """Return why an edit was refused, with the rule and its article when the law forbids it.

    Who no longer fits may be another client than the one that was moved.
    """
    facts = error.facts
    told = facts | {
        "client": clients.get(_id(facts.get("client")), ""),
        "collector": collectors.get(_id(facts.get("collector")), ""),
    }
    if isinstance(error, StopForbidden):
        details = facts["details"] if isinstance(facts["details"], dict) else {}
        why = "; ".join(skip_sentences(SkipCause(str(facts["cause"])), details))
        return f"{message(error.code, told)} {why}."
    if isinstance(error, StopDoesNotFit):
        what = (
            message(error.code, told)
            if facts.get("client") == moved
            else gettext(
                "Con ese cambio %(client)s ya no cabe en la ruta de %(collector)s.", **told
            )
        )
        return f"{what} {_unfit(facts)}."
    return message(error.code, told)


def meanwhile_sentence(
    edits: tuple[EditRow, ...], seen: int, clients: Names, names: Names, *, is_publishing: bool
) -> str:
    """Return why somebody came too late: what others did since that version, the latest last."""
    did = "; ".join(
        f"{one.author or gettext('Sistema')}: {edit_sentence(one, clients, names)}"
        for one in reversed(edits)
        if one.number > seen
    )
    told = (
        gettext("No se publicó, porque mientras tanto cambió el tablero.")
        if is_publishing
        else gettext(
            "Tu cambio no se guardó, porque mientras tanto cambió el tablero. Ya ves lo más nuevo."
        )
    )
    return f"{told} {did}."


def _unfit(facts: Mapping[str, object]) -> str:
    # Too late by seconds is told as the next minute: the same hour twice would say nothing.
    at = hora_del_dia(_id(facts["at_s"]) + MINUTE_S - 1) if "at_s" in facts else ""
    until = hora_del_dia(_id(facts["until_s"])) if "until_s" in facts else ""
    match Unfit(str(facts["why"])):
        case Unfit.WINDOW:
            late = str(
                gettext(
                    "Se llegaría a las %(at)s y hay que empezar a más tardar a las %(until)s",
                    at=at,
                    until=until,
                )
            )
            blocks = facts["blocks"] if isinstance(facts["blocks"], list) else []
            return "; ".join([late, *(block_sentence(Block(**one)) for one in blocks)])
        case Unfit.SHIFT:
            return str(
                gettext(
                    "Terminaría a las %(at)s y su jornada acaba a las %(until)s", at=at, until=until
                )
            )
        case Unfit.MAX_STOPS:
            return str(gettext("Ya tiene su máximo de %(n)s visitas", n=facts["until_s"]))
    return str(gettext("Ninguna calle lleva hasta ahí"))


def _signed(value: int, shown: str) -> str:
    return f"{'+' if value > 0 else MINUS if value < 0 else ''}{shown}"


def _signed_sums(sums: Sums) -> str:
    """Show how much more of each currency, the larger first."""
    shown = [_signed(cents, pesos(abs(cents), currency)) for currency, cents in sums.items()]
    return ", ".join(shown) or pesos(0)


def _id(value: object) -> int:
    return value if isinstance(value, int) else 0
