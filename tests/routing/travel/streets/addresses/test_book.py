"""From what people write to a place, and how sure it is."""

import pytest

from routing.errors import BrokenPack
from routing.geo import haversine_m
from routing.travel.streets import build_pack
from routing.travel.streets.addresses import AddressBook, Doubt, MatchKind
from routing.travel.streets.addresses.index import INDEX_FILE
from routing.travel.streets.addresses.places import PLACES_FILE
from tests.routing.travel.streets.addresses.drawn_town import addressed_town
from tests.routing.travel.towns import at, grid


def best(book, text, **more):
    return book.search(text, limit=1, **more)[0]


def off_m(match, east, north):
    return haversine_m(match.point, at(east, north))


def test_a_house_whose_number_is_known_is_found(book):
    match = best(book, "C. Benito Juárez #10, Centro")

    assert match.kind is MatchKind.HOUSE
    assert off_m(match, 20, 10) < 1
    assert match.confidence == 0.95
    assert match.label == "Calle Benito Juárez 10, Colonia Centro"


def test_a_number_between_two_known_ones_is_estimated_on_its_side_of_the_street(book):
    match = best(book, "Benito Juárez 14, Centro")

    # 14 lies four tenths of the way from number 10 (20 m) to number 20 (120 m); 11 is opposite.
    assert off_m(match, 60, 10) < 1
    assert match.confidence == 0.8
    assert match.doubts == (Doubt.ESTIMATED_NUMBER,)


def test_a_number_beyond_the_known_ones_is_not_invented(book):
    match = best(book, "Benito Juárez 2000, Centro")

    assert match.kind is MatchKind.STREET
    assert Doubt.UNKNOWN_NUMBER in match.doubts


@pytest.mark.parametrize("text", ["Juárez y Privada Hidalgo 1", "Priv. Hidalgo 1 esq. Juárez"])
def test_a_corner_is_found_from_either_street(book, text):
    match = best(book, text)

    assert match.kind is MatchKind.CORNER
    assert off_m(match, 100, 0) < 1
    assert match.confidence >= 0.6


def test_the_block_between_two_corners_is_found(book):
    match = best(book, "Benito Juárez entre Privada Hidalgo 2 e Insurgentes")

    # Between the corners at 2,000 and at 2,100 m.
    assert off_m(match, 2050, 0) < 1
    assert match.kind is MatchKind.CORNER


def test_streets_that_never_meet_leave_the_street_with_a_doubt(book):
    match = best(book, "16 de Septiembre y Privada Hidalgo 1")

    assert match.kind is MatchKind.STREET
    assert Doubt.UNKNOWN_CORNER in match.doubts


def test_two_streets_of_one_name_halve_the_confidence(book):
    matches = book.search("Benito Juárez")

    # Each reaches 100 m from its middle, which alone is worth 0.7.
    assert [match.confidence for match in matches[:2]] == [0.35, 0.35]
    assert all(Doubt.SAME_NAME in match.doubts for match in matches[:2])


def test_the_neighbourhood_tells_which_street_of_a_name_is_meant(book):
    match = best(book, "Benito Juárez, Col. Santa Ana")

    assert off_m(match, 2100, 0) < 1
    assert match.confidence == 0.7
    assert match.neighbourhood == "Santa Ana"


def test_the_neighbourhood_may_stand_in_a_column_of_its_own(book):
    assert off_m(best(book, "Benito Juárez", neighbourhood="STA. ANA"), 2100, 0) < 1


def test_a_street_outside_of_the_named_neighbourhood_is_hardly_believed(book):
    match = best(book, "Privada Hidalgo 1, Col. Santa Ana")

    assert match.confidence < 0.4
    assert Doubt.OTHER_NEIGHBOURHOOD in match.doubts


def test_a_neighbourhood_that_the_map_lacks_costs_little(book):
    with_it = best(book, "Privada Hidalgo 1, Col. Las Lomas")

    assert with_it.confidence == pytest.approx(0.9 * best(book, "Privada Hidalgo 1").confidence)
    assert Doubt.UNKNOWN_NEIGHBOURHOOD in with_it.doubts


def test_the_middle_of_a_long_street_is_hardly_believed(book):
    match = best(book, "16 de Septiembre 450")

    assert match.confidence <= 0.2
    assert Doubt.LONG_STREET in match.doubts
    assert match.reach_m > 1000


def test_a_misspelt_street_is_found_with_less_confidence(book):
    match = best(book, "Privada Hidlgo 1")

    assert match.street == "Privada Hidalgo 1"
    assert Doubt.SPELLING in match.doubts
    assert match.confidence < best(book, "Privada Hidalgo 1").confidence


def test_another_number_in_the_name_is_another_street(book):
    match = best(book, "17 de Septiembre")

    assert match.confidence < 0.1


def test_another_name_of_a_street_finds_it(book):
    assert best(book, "Camino Viejo").street == "Avenida de los Insurgentes"


def test_a_street_is_found_while_its_name_is_typed(book):
    assert "Avenida de los Insurgentes" in {one.street for one in book.search("insurg")}


def test_a_neighbourhood_alone_is_found_and_worth_little(book):
    match = best(book, "Santa Ana")

    assert match.kind is MatchKind.NEIGHBOURHOOD
    assert match.confidence <= 0.1


def test_of_equal_places_the_nearer_comes_first(book):
    near = book.search("Benito Juárez", near=at(2100, 50))

    assert off_m(near[0], 2100, 0) < 1


def test_a_search_may_be_kept_within_a_place(book):
    santa_ana = next(place for place in book.places.places if place.name == "Santa Ana")

    matches = book.search("Benito Juárez", within=santa_ana)

    assert [round(off_m(match, 2100, 0)) for match in matches] == [0]


@pytest.mark.parametrize("text", ["", " ", "#", "xyzzy qwerty", "🏠", "'; DROP TABLE client; --"])
def test_what_is_no_address_finds_nothing(book, text):
    assert book.search(text) == []


def test_a_text_of_ten_thousand_letters_is_answered(book):
    assert book.search("Privada Hidalgo 1, " + "x" * 10_000)[0].street == "Privada Hidalgo 1"


def test_a_town_without_names_or_numbers_has_an_empty_book(tmp_path):
    town = grid(2, 2)
    for _path, tags in town.ways:
        del tags["name"]
    build_pack(town.write(tmp_path / "t.osm"), tmp_path / "t", with_basemap=False)

    assert AddressBook.open(tmp_path / "t").search("Calle 1") == []


@pytest.mark.parametrize("file", [INDEX_FILE, PLACES_FILE])
def test_a_pack_from_before_there_were_addresses_says_to_build_it_again(tmp_path, file):
    extract = addressed_town().write(tmp_path / "t.osm")
    build_pack(extract, tmp_path / "t", with_basemap=False)
    (tmp_path / "t" / file).unlink()

    with pytest.raises(BrokenPack, match="build the pack again"):
        AddressBook.open(tmp_path / "t")


@pytest.mark.parametrize("file", [INDEX_FILE, PLACES_FILE])
@pytest.mark.parametrize("content", [b"", b"PK\x03\x04nonsense", b"{}", b"[1]"])
def test_a_damaged_file_is_named(tmp_path, pack, file, content):
    for name in (INDEX_FILE, PLACES_FILE):
        (tmp_path / name).write_bytes((pack / name).read_bytes())
    (tmp_path / file).write_bytes(content)

    with pytest.raises(BrokenPack, match=file):
        AddressBook.open(tmp_path)
