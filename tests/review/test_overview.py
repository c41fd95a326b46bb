"""The pages of the whole study: where it stands, the table with its evidence, agreement, history."""

import re
import uuid
import zipfile
from io import BytesIO

import pytest

from subtheme.review.overview import in_words
from subtheme.scoring import Cell, State
from subtheme.study import Study


def _answer(served, client, *, code: str, verdict: str = "accept", number: int = 3) -> None:
    desk = served.opened.desk
    given = {"number": number, "code": code, "verdict": verdict, "uid": uuid.uuid4().hex}
    reply = client.post("/decide", data={**given, "order": "transcript"})
    assert reply.status_code in {200, 303}, reply.text
    assert desk.log.standing(desk.passage(number).segment, code) is not None


def _code(served) -> str:
    return served.opened.desk.material.rows[0]


@pytest.mark.parametrize("address", ["/home", "/cells", "/cells/0/0", "/agreement", "/history"])
def test_every_page_is_there_and_small(served, address):
    with served.client() as client:
        page = client.get(address)
    assert page.status_code == 200
    assert len(page.content) < 60_000
    assert page.text.count("<h1") == 1
    assert "SYNTHETIC" in page.text


def test_a_cell_that_is_none_is_no_page(served):
    with served.client() as client:
        assert client.get("/cells/0/999").status_code == 404
        assert client.get("/cells/999/0").status_code == 404


def test_the_page_begins_with_what_comes_next(served):
    with served.client() as client:
        page = client.get("/home").text
    assert "<b>Next:</b>" in page
    assert re.search(r"\d+ of \d+ cells of the table are settled", page)


def test_an_answer_shows_in_the_table_and_can_be_taken_back_in_the_history(served):
    code = _code(served)
    with served.client() as client:
        before = client.get("/cells").text
        _answer(served, client, code=code)
        after = client.get("/cells").text
        assert before != after
        trail = client.get("/history").text
        event = re.search(r'name="event" value="([^"]+)"', trail)
        assert event is not None
        client.post("/history", data={"event": event.group(1)})
        assert client.get("/cells").text == before
        assert "taken back" in client.get("/history").text
    assert served.opened.desk.log.standing(served.opened.desk.passage(3).segment, code) is None


def test_what_is_not_ones_own_cannot_be_taken_back(served):
    with served.client() as client:
        reply = client.post("/history", data={"event": "0000000000000000"})
    assert reply.status_code == 400
    assert "cannot be taken back" in reply.text


def test_the_table_of_the_page_is_that_of_the_study(served):
    code = _code(served)
    with served.client() as client:
        _answer(served, client, code=code)
        page = client.get("/cells").text
    table = (
        Study.of(served.opened.desk.material.study.folder, served.opened.desk.record.store)
        .as_seen_by(served.opened.desk.coder)
        .table()
    )
    shown = re.findall(r'<td class="d\d \w+"><a [^>]*><b>(\w+)</b> (\d+)/(\d+)', page)
    assert shown == [(c.state.value, str(c.describing), str(c.participants)) for c in table.cells]


def test_the_table_goes_out_as_a_workbook(served):
    with served.client() as client:
        book = client.get("/table.xlsx")
    assert book.status_code == 200
    assert "xl/workbook.xml" in zipfile.ZipFile(BytesIO(book.content)).namelist()


@pytest.mark.parametrize(
    ("describing", "unread", "state", "words"),
    [
        (9, 0, State.PRESENT, "9 of 16 describe it: a majority; one fewer and it is none"),
        (8, 4, State.OPEN, "8 of 16 describe it; 4 not judged yet; one more and it is a majority"),
        (2, 0, State.ABSENT, "2 of 16 describe it: no majority, whoever else is read; 7 more would make one"),
    ],
)
def test_a_cell_in_words(describing, unread, state, words):
    cell = Cell(
        sub_theme="a", case="A", describing=describing, participants=16, unread=unread, state=state,
        counter_examples=0, levels=(),
    )  # fmt: skip
    assert in_words(cell) == words
