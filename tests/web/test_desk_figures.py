"""The tables of `make bench-desk` tell which pages are slow or break, and how they grow."""

from scripts.desk_figures import Measured, PageFigures, lines_of, write_down
from scripts.large_company import CompanySize


def page(path: str, *taken_ms: float, cpu_ms: float = 10.0, broken: int = 0) -> PageFigures:
    return PageFigures(path, "despacho1", cpu_ms, cpu_ms, 12.0, list(taken_ms), broken)


def company(clients: int, *pages: PageFigures) -> Measured:
    return Measured("sqlite", CompanySize(clients, 2), pages, 0.5)


def test_pages_beyond_what_is_wanted_are_named():
    slow_at_median = page("/cartera", 301, 301, 301)
    slow_at_p95 = page("/zonas", *[10] * 90, *[1_500] * 10)
    quick = page("/planes", 299, 299, 299)
    text = "\n".join(lines_of([company(1_000, slow_at_median, slow_at_p95, quick)]))
    missed = text.partition("More than 300 ms")[2].partition("CPU of the web server")[0]
    assert "`/cartera`" in missed
    assert "`/zonas`" in missed
    assert "`/planes`" not in missed


def test_nothing_slow_is_said_as_well():
    text = "\n".join(lines_of([company(1_000, page("/planes", 20, 30))]))
    assert "No page took more than 300 ms" in text


def test_broken_answers_are_counted_for_each_company():
    (row,) = [
        one
        for one in lines_of([company(1_000, page("/a", 20, broken=2), page("/b", 20, broken=1))])
        if one.startswith("| sqlite | 1,000 |")
    ]
    assert [cell.strip() for cell in row.split("|")][10] == "3"


def test_growth_sets_sizes_beside_each_other_the_dearest_first():
    small = company(1_000, page("/a", 5, cpu_ms=5), page("/b", 5, cpu_ms=6))
    large = company(100_000, page("/a", 5, cpu_ms=50), page("/b", 5, cpu_ms=7))
    growth = [one for one in lines_of([small, large]) if one.startswith("| `/")]
    assert growth == ["| `/a` | 5 | 50 |", "| `/b` | 6 | 7 |"]


def test_what_stands_around_the_marks_stays(tmp_path):
    file = tmp_path / "page.md"
    file.write_text("before\n<!-- desk:start -->\nold\n<!-- desk:end -->\nafter\n", "utf-8")
    write_down(file, ["new"])
    assert file.read_text("utf-8") == (
        "before\n<!-- desk:start -->\n\nnew\n\n<!-- desk:end -->\nafter\n"
    )


def test_a_map_weighs_what_its_page_and_its_data_weigh():
    (row,) = [
        one
        for one in lines_of([company(1_000, page("/zonas", 20), page("/zonas/puntos", 20))])
        if one.startswith("| sqlite | 1,000 |")
    ]
    assert [cell.strip() for cell in row.split("|")][11] == "24"


def test_a_file_of_all_rows_is_told_but_no_slow_page():
    text = lines_of([company(1_000, page("/promesas/lista.csv", 2_000))])
    (row,) = [one for one in text if one.startswith("| sqlite | 1,000 |")]
    assert [cell.strip() for cell in row.split("|")][9] == "0"
    assert any(one.startswith("| `/promesas/lista.csv`") for one in text)
    assert "No page took more than 300 ms" in "\n".join(text)
