"""The contract of a cartera file: which columns there may be and how their headings are known."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from pathlib import Path

_FILE = Path(__file__).with_name("columns.es.toml")
_FILLERS = frozenset({"de", "del", "la", "el", "los", "las"})
_SHORT_FORMS = {  # what people write -> what the aliases say
    **dict.fromkeys(("numero", "num", "nro", "n", "nr"), "no"),
    **dict.fromkeys(("cve", "cod", "codigo"), "clave"),
    **dict.fromkeys(("fec", "fch", "f"), "fecha"),
    **dict.fromkeys(("vto", "vcto", "venc", "vencim"), "vencimiento"),
    **dict.fromkeys(("tel", "telef", "tels", "telefonos"), "telefono"),
    **dict.fromkeys(("cel", "celulares"), "celular"),
    **dict.fromkeys(("mpio", "mun"), "municipio"),
    "ap": "apellido",
    "col": "colonia",
    "cred": "credito",
    "depto": "departamento",
    "dir": "direccion",
    "dom": "domicilio",
    "ext": "exterior",
    "fact": "factura",
    "identificador": "id",
    "int": "interior",
}


@dataclass(frozen=True, slots=True)
class Column:
    """One column of the contract; the words are Spanish because people read them."""

    field: str
    title: str
    aliases: tuple[str, ...]
    kind: str
    required: str
    example: str
    meaning: str

    @property
    def keys(self) -> tuple[str, ...]:
        """Return the headings that mean this column, reduced, the most telling first."""
        names = self.aliases if self.title in self.aliases else (self.title, *self.aliases)
        return tuple(heading_key(name) for name in names)

    @property
    def is_required(self) -> bool:
        """Tell whether a file without this column is of no use."""
        return self.required == "always"


@cache
def columns() -> tuple[Column, ...]:
    """Return every column of the contract, in the order of our own template."""
    table = tomllib.loads(_FILE.read_text(encoding="utf-8"))
    return tuple(
        Column(field=name, **(values | {"aliases": tuple(values["aliases"])}))
        for name, values in table.items()
    )


def column_of(field: str) -> Column:
    """Return the column of a field."""
    return next(one for one in columns() if one.field == field)


def column_field(name: str) -> str:
    """Return the column that a value was read from: amounts are in cents once they are read."""
    return "invoice_number" if name == "bill_number" else name.removesuffix("_cents")


def template_row() -> dict[str, str]:
    """Return the row of examples of our template, by field.

    What can be said in two ways is said in one: a due date and no days past due, a street with
    its number. A creditor has to be one that there is: the example is none.
    """
    left_out = {"last_name", "second_last_name", "street_number", "unit_number", "days_past_due"}
    left_out |= {"creditor"}
    return {one.field: "" if one.field in left_out else one.example for one in columns()}


def required_groups() -> tuple[tuple[Column, ...], ...]:
    """Return what a file must have: of each group of columns at least one."""
    groups: dict[str, list[Column]] = {}
    for one in columns():
        if one.required != "no":
            groups.setdefault(one.field if one.is_required else one.required, []).append(one)
    return tuple(tuple(group) for group in groups.values())


def heading_key(heading: str) -> str:
    """Reduce a heading to what tells it apart.

    "No. de Cliente", "NUM_CLIENTE" and "Número cliente" all become "nocliente".
    """
    text = re.sub(r"\([^)]*\)", " ", heading).replace("#", " no ")
    text = re.sub(r"(?<=[a-zñáéíóú])(?=[A-ZÑ])", " ", text)  # NoCliente
    text = unicodedata.normalize("NFKD", text).casefold()
    text = "".join(one for one in text if not unicodedata.combining(one))
    words = re.findall(r"[a-z0-9]+", text)
    return "".join(_SHORT_FORMS.get(word, word) for word in words if word not in _FILLERS)
