"""What each indicator and each count means, in words; pages and the manual read them here."""

import tomllib
from functools import cache
from pathlib import Path

from flask_babel import gettext

from collector_app.indicators.rules import (
    CATALOGUE,
    PER_HOUR,
    PER_PESO,
    PER_THOUSAND,
    Count,
    Definition,
    Dimension,
    Indicator,
    Section,
)
from collector_app.web.words import label

_FILE = Path(__file__).with_name("words.es.toml")


def definitions() -> dict[Indicator | Count, str]:
    """Return the sentence that explains each indicator and each count."""
    table = _table()
    return {
        **{one: gettext(table["indicators"][one.value]) for one in Indicator},
        **{one: gettext(table["counts"][one.value]) for one in Count if not one.is_of_spread},
    }


@cache
def _table() -> dict[str, dict[str, str]]:
    return tomllib.loads(_FILE.read_text(encoding="utf-8"))


def manual_page() -> str:
    """Return the page of the manual that lists every indicator, made from the catalogue."""
    *some, last = (f"**{label(one).lower()}**" for one in Dimension)
    splits = f"{', '.join(some)} o {last}"
    words, lines = definitions(), [_INTRODUCTION.format(splits=splits)]
    for section in Section:
        lines.append(f"\n## {label(section)}\n")
        lines.append("| indicador | fórmula | qué dice |\n| --- | --- | --- |")
        lines += [
            f"| **{label(one)}** | {_formula(kind)} | {words[one]} |"
            for one, kind in CATALOGUE.items()
            if kind.section is section
        ]
    lines.append("\n## Lo que se cuenta\n\n| cuenta | qué entra |\n| --- | --- |")
    lines += [f"| {label(one)} | {words[one]} |" for one in Count if not one.is_of_spread]
    return "\n".join(lines) + "\n"


def _formula(kind: Definition) -> str:
    times = "" if kind.times is None else f" × {label(kind.times)}"
    return f"{label(kind.part)} ÷ {label(kind.whole)}{_PER.get(kind.per, times)}"


_PER = {PER_HOUR: " × 1 hora", PER_PESO: " × 1 peso", PER_THOUSAND: " × 1,000"}
_INTRODUCTION = """# Indicadores

<!-- Esta página se hace con `flask indicators manual`; cámbiala en el catálogo, no aquí. -->

En `/indicadores`. Cada indicador es una división: lo que se logró entre lo que se intentó. Sin nada
entre qué dividir no hay cifra, y con pocos casos se muestra el intervalo en el que está el valor
verdadero con 95 % de confianza (Wilson): con menos de 30 casos nadie debería juzgarse por él. El
periodo son días completos, incluidos el primero y el último; por omisión, las últimas cuatro
semanas. Cada cifra se puede partir por {splits}
y abrir hasta las filas de las que sale. Las sumas de dinero son de una sola moneda, la de la mayor
parte de los créditos: si hay otras, la página dice cuánto se debe en cada una y lleva a sus sumas;
lo que se cuenta (visitas, contactos, promesas) es de todos los clientes. Partidas, las filas suman
el total, también lo que ningún gestor cobró («Sin gestor»); solo los clientes, que cuentan una vez
en cada fila que los encontró, y las jornadas y el tiempo en campo por zona, etapa o segmento no lo
suman. Los promedios de lo que se cuenta caso por caso (visitas, tramos, paradas, jornadas, pagos)
llevan el intervalo de Student, como si ningún caso dependiera de otro. Las divisiones de dos sumas
(dinero por visita, partes de un saldo, tiempo productivo) llevan el de una razón: la varianza se
linealiza sobre los casos que no dependen uno de otro —el cliente, la jornada de un gestor, la
promesa, el pago o el corte, según diga cada indicador— y el intervalo usa la t de Student con un
grado de libertad menos que casos (Cochran, *Sampling Techniques*, 3.ª ed., 1977, cap. 6). No se
dice ninguno con un solo caso, cuando no entró nada o todo (los casos vistos son iguales y callan
sobre los demás), ni cuando unos pocos casos pesan tanto que el divisor mismo podría ser nada
(Fieller, 1954). Cada indicador puede tener una meta de la empresa y otras de un gestor, una zona o
una etapa, que valen para ellos en lugar de la primera; las anteriores se quedan con el día desde el
que valían."""
