"""A town with neighbourhoods, house numbers and streets that share a name."""

from tests.routing.travel.towns import Town

# Two neighbourhoods two kilometres apart, each with a street called Juárez; an avenue joins them.
CENTRO, SANTA_ANA = (0, 0), (2000, 0)


def addressed_town() -> Town:
    town = Town()
    for name, (east, north) in (("c", CENTRO), ("s", SANTA_ANA)):
        town.node(f"{name}1", east, north)
        town.node(f"{name}2", east + 100, north)
        town.node(f"{name}3", east + 200, north)
        town.node(f"{name}4", east + 100, north + 100)
        town.street(f"{name}1 {name}2 {name}3", name="Calle Benito Juárez")
        town.street(f"{name}2 {name}4", name=f"Privada Hidalgo {1 if name == 'c' else 2}")
    town.street("c3 s1", name="Avenida de los Insurgentes", alt_name="Camino Viejo")
    town.node("odd", 100, 300)
    town.street("c4 odd", name='Pasaje <img src=x onerror="alert()">')  # somebody's joke
    town.node("long", 2200, 3000)
    town.street("s3 long", name="Calle 16 de Septiembre")
    for number, east in ((10, 20), (20, 120), (11, 40)):
        tags = {"addr__street": "Calle Benito Juárez", "addr__housenumber": str(number)}
        town.node(f"house{number}", east, 10, **tags)
    town.node("centro", 100, 50, place="suburb", name="Colonia Centro")
    for corner, east, north in (
        ("a", 1900, -100),
        ("b", 2400, -100),
        ("c", 2400, 300),
        ("d", 1900, 300),
    ):
        town.node(f"z{corner}", east, north)
    town.ways.append(
        (["za", "zb", "zc", "zd", "za"], {"place": "neighbourhood", "name": "Santa Ana"})
    )
    return town
