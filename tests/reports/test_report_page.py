"""The report: self-contained, accessible in its bones, and without interview words unless asked."""

import re
from dataclasses import replace

import pytest
from lxml import html

from subtheme.reports import report_html, report_tables
from subtheme.reports.method import method
from subtheme.scoring import TypologyRule, firmness, read_pairs


@pytest.fixture(scope="module")
def whole(content, people, book):
    """The study with all that tells how firm its table is; the last ten participants have not been read."""
    import pandas as pd

    readings = pd.DataFrame({"participant": people["participant"][: len(people) - 10]})
    rows = tuple(t.id for t in content.table.sub_themes)
    read = read_pairs(readings, people, book, rows)
    chances = content.table.as_frame()[["case", "sub_theme"]].assign(chance=0.004, expected_looks=3.0)
    firm = firmness(
        content.table,
        content.codings,
        book,
        read=read,
        sizes=dict.fromkeys(people["participant"], 3),
        chances=chances,
        audit=[("wages", 20, 1, 200)],
        typology_rule=TypologyRule(all_from="9/10"),
    )
    progress = replace(content.progress, expected_wrong=0.3, looks_left=(8, 20), risk=0.5)
    return replace(content, firmness=firm, progress=progress)


@pytest.fixture(scope="module")
def page(whole):
    return report_html(whole, quotations=False)


def test_nothing_is_fetched_and_nothing_runs(page):
    assert "<script" not in page
    assert not re.search(r"\son\w+=", page)
    assert "url(http" not in page
    tree = html.fromstring(page)
    assert not tree.xpath("//link | //img[@src] | //iframe | //object")
    assert all(a.get("href").startswith(("#", "https://doi.org/")) for a in tree.xpath("//a"))


def test_the_method_claims_what_was_done_and_names_the_version(whole):
    done = " ".join(method(whole).sentences)
    not_yet = " ".join(method(replace(whole, progress=replace(whole.progress, verdicts={}))).sentences)

    assert "with subtheme 0.1.0." in done
    assert "a person confirmed or rejected them" in done
    assert "Reading was spent where it could still change the table" in done
    assert "nobody has confirmed or rejected any so far" in not_yet
    assert "Reading was spent" not in not_yet


def test_the_same_content_gives_the_same_bytes(whole, page):
    assert report_html(whole, quotations=False) == page


def test_without_quotations_no_word_of_an_interview(whole, page, canary):
    assert canary not in page
    assert all(canary not in frame.to_csv() for frame in report_tables(whole).values())
    assert canary in report_html(whole, quotations=True)


def test_ids_are_unique_and_references_lead_somewhere(page):
    tree = html.fromstring(page)
    ids = tree.xpath("//@id")
    assert len(ids) == len(set(ids))
    wanted = {i for value in tree.xpath("//@aria-labelledby") for i in value.split()}
    wanted |= {a.removeprefix("#") for a in tree.xpath("//a/@href") if a.startswith("#")}
    assert wanted <= set(ids)


def test_headings_descend_one_level_at_a_time_and_tables_have_captions(page):
    tree = html.fromstring(page)
    levels = [int(h.tag[1]) for h in tree.xpath("//h1|//h2|//h3|//h4|//h5")]
    assert levels.count(1) == 1
    assert all(after - before <= 1 for before, after in zip(levels, levels[1:], strict=False))
    for table in tree.xpath("//table"):
        assert table.xpath("./caption")
        assert all(th.get("scope") for th in table.xpath(".//th"))
    for figure in tree.xpath("//figure//*[local-name()='svg']"):
        assert figure.get("role") == "img"
        assert figure.xpath("./*[local-name()='title']")


def test_every_section_of_the_firmness_stands_there(whole, page):
    text = html.fromstring(page).text_content()
    assert "EXPECTATION, NOT A RESULT" in text
    assert "two thirds or more" in text
    assert "Front-line workers against managers" in text
    assert "at least 9/10 of the sub-themes present" in text
    assert "under 1 %" in text
    assert "within the bound of 0.5" in " ".join(text.split())
    assert "Missed, at most (95 %)" in text
    for case in whole.table.cases:
        assert case.name in text


def test_an_open_cell_is_told_apart_without_colour(whole, page):
    tree = html.fromstring(page)
    cells = tree.xpath("//table[contains(@class, 'results')]//td[contains(@class, 'share-')]")
    assert len(cells) == len(whole.table.cells)
    for cell in cells:
        state = cell.get("class").split()[0]
        assert state in cell.text_content()


def test_a_bare_study_gives_a_whole_page_too(bare):
    page = report_html(bare, quotations=True)
    assert "Nothing yet: no model has made proposals in this study." in page
    assert "Nothing yet: what stands behind the cells was not gathered." in page


def test_shades_keep_their_contrast():
    """WCAG 2.2: 4.5 to 1 for text; the page writes in ink on every shade, in light and in dark."""
    from pathlib import Path

    import subtheme.reports
    from subtheme.reports.drawing import COLOURS, SHADES

    css = (Path(subtheme.reports.__file__).parent / "templates" / "report.css").read_text()
    dark = dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6});", css.partition("prefers-color-scheme: dark")[2]))
    light = COLOURS | {"paper": "#ffffff", "raised": "#f4f5f8"}
    for colours in (light, light | dark):
        for ground in (*(f"shade-{i}" for i in range(len(SHADES))), "paper", "raised"):
            assert contrast(colours["ink"], colours[ground]) >= 4.5
        assert contrast(colours["soft"], colours["paper"]) >= 4.5
        assert contrast(colours["soft"], colours["raised"]) >= 4.5
        assert contrast(colours["accent"], colours["paper"]) >= 4.5
        assert contrast(colours["hatch"], colours["paper"]) >= 3


def contrast(first: str, second: str) -> float:
    """Return the contrast ratio of two colours after WCAG."""
    values = sorted(map(luminance, (first, second)), reverse=True)
    return (values[0] + 0.05) / (values[1] + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    linear = [p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
