"""Who works in the demo company and what their clients are called; all invented."""

from dataclasses import dataclass
from random import Random

from collector_app.core.actor import Role

PASSWORD = "ruta-demo-2026"  # noqa: S105 - printed on purpose; only ever loaded in development


@dataclass(frozen=True, slots=True)
class Person:
    """One login of the demo."""

    username: str
    full_name: str
    role: Role


STAFF = (
    Person("admin", "Alma Rosa Quintero", Role.ADMIN),
    Person("despacho1", "Daniel Ibarra", Role.DISPATCHER),
    Person("despacho2", "Lorena Mejía", Role.DISPATCHER),
    Person("supervisor1", "Teresa Villaseñor", Role.SUPERVISOR),
    Person("supervisor2", "Raúl Ontiveros", Role.SUPERVISOR),
    Person("gestor1", "Mariana Cruz", Role.COLLECTOR),
    Person("gestor2", "Julio César Peña", Role.COLLECTOR),
    Person("gestor3", "Ofelia Landeros", Role.COLLECTOR),
    Person("gestor4", "Iván Tovar", Role.COLLECTOR),
    Person("gestor5", "Brenda Salgado", Role.COLLECTOR),
    Person("gestor6", "Hugo Arellano", Role.COLLECTOR),
    Person("gestor7", "Paola Zepeda", Role.COLLECTOR),
    Person("gestor8", "Efraín Cordero", Role.COLLECTOR),
)

_FIRST = (
    "María Guadalupe José Juan Francisca Luis Rosa Carlos Verónica Miguel Leticia Jorge Silvia Pedro"
    " Patricia Manuel Alejandra Antonio Gabriela Roberto Martha Fernando Claudia Ricardo Adriana"
    " Eduardo Yolanda Arturo Norma Sergio Beatriz Raúl Elena Javier Irma Gerardo Lucía Óscar Carmen"
    " Enrique Araceli Héctor Rocío Víctor Sandra Rubén Maricela Alfredo Susana Ernesto"
).split()
_LAST = (
    "Hernández García Martínez López González Rodríguez Pérez Sánchez Ramírez Flores Gómez Torres"
    " Díaz Vázquez Morales Reyes Jiménez Ruiz Aguilar Mendoza Ortiz Castillo Romero Álvarez Rivera"
    " Chávez Ramos Domínguez Herrera Medina Castro Vargas Guzmán Méndez Salazar Rojas Guerrero"
    " Contreras Luna Delgado Ríos Estrada Cervantes Navarro Campos Vega Cortés Ibáñez Núñez Soto"
).split()
_SHOPS = (
    "Abarrotes Papelería Tortillería Refaccionaria Estética Taller Miscelánea Carnicería Panadería"
    " Ferretería"
).split()
_SHOP_NAMES = (
    "La Esperanza|El Porvenir|San Judas|La Central|Los Pinos|El Faro|La Güera|Hermanos Rojas"
    "|La Económica|El Amanecer"
).split("|")


def client_name(dice: Random) -> str:
    """Return the name of a person: one or two first names and two surnames."""
    first = dice.sample(_FIRST, 2 if dice.random() < 0.35 else 1)
    return " ".join([*first, dice.choice(_LAST), dice.choice(_LAST)])


def shop_name(dice: Random) -> str:
    """Return the name of a small business."""
    return f"{dice.choice(_SHOPS)} {dice.choice(_SHOP_NAMES)}"
