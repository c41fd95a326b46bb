"""Taguette's own project (``.sqlite3``), whose offsets are UTF-8 bytes of the text between the mark-up; read only."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from html.parser import HTMLParser
from pathlib import Path

from subtheme.errors import InputError, Problem
from subtheme.exchange.cell_value import number_of, text_of
from subtheme.exchange.code_description import RawCode
from subtheme.exchange.foreign_project import ForeignProject, ForeignText, Mark
from subtheme.exchange.loss import Dropped
from subtheme.exchange.offset_choice import Habit
from subtheme.exchange.offsets import Offsets, Unit
from subtheme.exchange.refi_model import RefiProject
from subtheme.exchange.sqlite_file import SqliteFile, opened

_HABIT = Habit(offsets=Offsets(unit=Unit.UTF_8), is_proven=True)
_BLOCKS = frozenset(
    (
        *("address", "article", "aside", "blockquote", "dd", "div", "dl", "dt", "figcaption", "figure", "footer"),
        *("h1", "h2", "h3", "h4", "h5", "h6", "header", "hr", "li", "main", "nav", "ol", "p", "pre", "section"),
        *("table", "td", "th", "tr", "ul"),
    )
)


def read_taguette(path: Path, *, offsets: Offsets | None = None, separator: str = ".") -> RefiProject:
    """Read a Taguette project; one database may hold several, which become one.

    Parameters
    ----------
    path : pathlib.Path
        ``.sqlite3``.
    offsets : Offsets or None
        How places are counted; UTF-8 bytes without it, unless the words say otherwise.
    separator : str
        What joins a tag to the tags above it.

    Raises
    ------
    InputError
        If it is no project of Taguette, or the database is damaged or in use.
    """
    with opened(path) as store:
        if not {"documents", "tags", "highlights", "highlight_tags"} <= store.tables:
            raise InputError(
                Problem(what="not a project of Taguette", where=path.name, expected="its tables of documents and tags")
            )
        names = [text_of(row["name"]) for row in store.rows("projects", ["name"], order="id")]
        found = ForeignProject(
            file=path.name,
            name=names[0] if len(names) == 1 else path.stem,
            origin="Taguette",
            codes=tuple(_codes(store)),
            texts=tuple(_texts(store)),
            dropped=tuple(_dropped(store)),
        )
    return found.project(habit=_HABIT, override=offsets, separator=separator)


@dataclass(frozen=True, slots=True, kw_only=True)
class MarkupText:
    """The text of a document in HTML.

    Attributes
    ----------
    text : str
        With a line end after every block that the mark-up does not already part from the next.
    added : frozenset of int
        Positions of the line ends that the mark-up stands for.
    """

    text: str = field(repr=False)
    added: frozenset[int]

    @classmethod
    def parse(cls, markup: str) -> "MarkupText":
        """Return the text of `markup`; entities become their characters."""
        reader = _TextReader()
        reader.feed(markup)
        reader.close()
        return cls(text="".join(reader.pieces), added=frozenset(reader.added))


class _TextReader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self.added: list[int] = []
        self._length = 0
        self._is_block_open = False

    def handle_data(self, data: str) -> None:
        if not data:
            return
        if self._is_block_open and not data.startswith("\n"):
            self._add_line_end()
        self._is_block_open = False
        data = data.replace("\r\n", "\n").replace("\r", "\n")
        self.pieces.append(data)
        self._length += len(data)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002 - not asked for
        if tag == "br":
            self._add_line_end()
        elif tag in _BLOCKS:
            self._end_block()

    def handle_endtag(self, tag: str) -> None:
        if tag in _BLOCKS:
            self._end_block()

    def _end_block(self) -> None:
        self._is_block_open = bool(self.pieces) and not self.pieces[-1].endswith("\n")

    def _add_line_end(self) -> None:
        self.pieces.append("\n")
        self.added.append(self._length)
        self._length += 1


def _codes(store: SqliteFile) -> Iterator[RawCode]:
    for row in store.rows("tags", ["id", "path", "description"], order="id"):
        yield RawCode(
            key=text_of(row["id"]), name=text_of(row["path"]), parent="", description=text_of(row["description"])
        )


def _texts(store: SqliteFile) -> Iterator[ForeignText]:
    tags: dict[str, list[str]] = defaultdict(list)
    for row in store.rows("highlight_tags", ["highlight_id", "tag_id"], order="tag_id"):
        tags[text_of(row["highlight_id"])].append(text_of(row["tag_id"]))
    marks: dict[str, list[Mark]] = defaultdict(list)
    columns = ["id", "document_id", "start_offset", "end_offset", "snippet"]
    for row in store.rows("highlights", columns, order="id"):
        start, end = number_of(row["start_offset"]), number_of(row["end_offset"])
        quote = MarkupText.parse(text_of(row["snippet"])).text
        for tag in tags.get(text_of(row["id"]), ()):
            marks[text_of(row["document_id"])].append(
                Mark(
                    where=f"highlight {row['id']}",
                    code=tag,
                    start=-1 if start is None else start,
                    end=-1 if end is None else end,
                    quote=quote,
                )
            )
    for row in store.rows("documents", ["id", "name", "contents"], order="id"):
        content = MarkupText.parse(str(row["contents"] or ""))
        yield ForeignText(
            name=text_of(row["name"]),
            text=content.text,
            marks=tuple(marks.get(text_of(row["id"]), ())),
            uncounted=content.added,
        )


def _dropped(store: SqliteFile) -> Iterator[Dropped]:
    tagged = {text_of(r["highlight_id"]) for r in store.rows("highlight_tags", ["highlight_id"], order="highlight_id")}
    for row in store.rows("highlights", ["id"], order="id"):
        if text_of(row["id"]) not in tagged:
            yield Dropped(what="selection", where=f"highlight {row['id']}", reason="it has no tag")
