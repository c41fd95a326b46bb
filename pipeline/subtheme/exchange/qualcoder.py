"""QualCoder's own project: a folder ``name.qda`` with the database ``data.qda``; read, never written."""

from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from subtheme.exchange.cell_value import number_of, text_of
from subtheme.exchange.code_description import RawCode
from subtheme.exchange.foreign_project import ForeignCase, ForeignProject, ForeignText, Mark
from subtheme.exchange.loss import Dropped
from subtheme.exchange.offset_choice import Habit
from subtheme.exchange.offsets import Offsets
from subtheme.exchange.refi_model import RefiNote, RefiProject
from subtheme.exchange.sqlite_file import SqliteFile, opened

DATABASE = "data.qda"
_HABIT = Habit(offsets=Offsets(), is_proven=True)
_MEDIA = ("/audio", "audio:", "/video", "video:", "/images", "images:")


def read_qualcoder(path: Path, *, offsets: Offsets | None = None) -> RefiProject:
    """Read a QualCoder project.

    QualCoder keeps the words of every coding beside its place, so that each is checked.

    Parameters
    ----------
    path : pathlib.Path
        The folder ``name.qda``, or the database in it.
    offsets : Offsets or None
        How places are counted; code points without it, unless the words say otherwise.

    Raises
    ------
    InputError
        If the database is missing, damaged or in use.
    """
    database = path / DATABASE if path.is_dir() else path
    name = path.stem if path.is_dir() or path.name != DATABASE else path.resolve().parent.stem
    with opened(database) as store:
        found = ForeignProject(
            file=path.name,
            name=name,
            origin=f"QualCoder database {_version(store)}".rstrip(),
            codes=tuple(_codes(store)),
            texts=tuple(_texts(store)),
            cases=tuple(_cases(store)),
            coders=tuple(_coders(store)),
            notes=tuple(_journal(store)),
            dropped=tuple(_dropped(store)),
        )
    return found.project(habit=_HABIT, override=offsets)


def _version(store: SqliteFile) -> str:
    return next((text_of(row["databaseversion"]) for row in store.rows("project", ["databaseversion"], order="")), "")


def _coders(store: SqliteFile) -> list[str]:
    return [text_of(row["name"]) for row in store.rows("coder_names", ["name"], order="name")]


def _codes(store: SqliteFile) -> Iterator[RawCode]:
    """Iterate over categories and the codes in them, each after what it lies in; a ring of categories is cut."""
    categories = {
        text_of(r["catid"]): r for r in store.rows("code_cat", ["catid", "name", "memo", "supercatid"], order="catid")
    }
    done: set[str] = set()

    def with_parents(key: str) -> Iterator[RawCode]:
        line = []
        while key in categories and key not in done:
            done.add(key)
            line.append(key)
            key = text_of(categories[key]["supercatid"])
        for own in reversed(line):
            row = categories[own]
            above = text_of(row["supercatid"])
            is_known = above in done and above not in line[: line.index(own) + 1]
            yield RawCode(
                key=f"category {own}",
                name=text_of(row["name"]),
                parent=f"category {above}" if is_known else "",
                description=text_of(row["memo"]),
            )

    for key in categories:
        yield from with_parents(key)
    for row in store.rows("code_name", ["cid", "name", "memo", "catid"], order="cid"):
        category = text_of(row["catid"])
        yield RawCode(
            key=text_of(row["cid"]),
            name=text_of(row["name"]),
            parent=f"category {category}" if category in categories else "",
            description=text_of(row["memo"]),
        )


def _texts(store: SqliteFile) -> Iterator[ForeignText]:
    marks: dict[str, list[Mark]] = defaultdict(list)
    columns = ["ctid", "cid", "fid", "seltext", "pos0", "pos1", "owner", "memo"]
    for row in store.rows("code_text", columns, order="ctid"):
        marks[text_of(row["fid"])].append(
            Mark(
                where=f"coding {row['ctid']}",
                code=text_of(row["cid"]),
                coder=text_of(row["owner"]),
                start=_place(row["pos0"]),
                end=_place(row["pos1"]),
                quote=text_of(row["seltext"]),
                memo=text_of(row["memo"]),
            )
        )
    for row in store.rows("annotation", ["anid", "fid", "pos0", "pos1", "memo", "owner"], order="anid"):
        marks[text_of(row["fid"])].append(
            Mark(
                where=f"annotation {row['anid']}",
                coder=text_of(row["owner"]),
                start=_place(row["pos0"]),
                end=_place(row["pos1"]),
                memo=text_of(row["memo"]),
            )
        )
    values = _values(store, "file")
    for source in _text_sources(store):
        key = text_of(source["id"])
        yield ForeignText(
            name=text_of(source["name"]),
            text=str(source["fulltext"]),
            marks=tuple(marks.get(key, ())),
            values=values.get(key, {}),
        )


def _text_sources(store: SqliteFile) -> Iterator[dict[str, object]]:
    for row in store.rows("source", ["id", "name", "fulltext", "mediapath"], order="id"):
        if isinstance(row["fulltext"], str) and not text_of(row["mediapath"]).startswith(_MEDIA):
            yield row


def _place(value: object) -> int:
    """Return a place; -1, which is outside of any text, where the database holds no number."""
    found = number_of(value)
    return -1 if found is None else found


def _values(store: SqliteFile, kind: str) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = defaultdict(dict)
    for row in store.rows("attribute", ["name", "attr_type", "value", "id"], order="attrid"):
        if row["attr_type"] == kind and (value := text_of(row["value"])):
            found[text_of(row["id"])][text_of(row["name"])] = value
    return found


def _cases(store: SqliteFile) -> Iterator[ForeignCase]:
    names = {text_of(r["id"]): text_of(r["name"]) for r in _text_sources(store)}
    members: dict[str, list[tuple[str, int, int]]] = defaultdict(list)
    for row in store.rows("case_text", ["caseid", "fid", "pos0", "pos1"], order="id"):
        if (name := names.get(text_of(row["fid"]))) is not None:
            members[text_of(row["caseid"])].append((name, _place(row["pos0"]), _place(row["pos1"])))
    values = _values(store, "case")
    for row in store.rows("cases", ["caseid", "name"], order="caseid"):
        key = text_of(row["caseid"])
        yield ForeignCase(name=text_of(row["name"]), values=values.get(key, {}), members=tuple(members.get(key, ())))


def _journal(store: SqliteFile) -> Iterator[RefiNote]:
    for row in store.rows("journal", ["name", "jentry", "owner"], order="jid"):
        yield RefiNote(name=text_of(row["name"]), text=text_of(row["jentry"]), coder=text_of(row["owner"]))


def _dropped(store: SqliteFile) -> Iterator[Dropped]:
    texts = {text_of(r["id"]) for r in _text_sources(store)}
    for row in store.rows("source", ["id", "name"], order="id"):
        if text_of(row["id"]) not in texts:
            yield Dropped(what="source", where=text_of(row["name"]), reason="it is no text")
    for table, key in (("code_image", "imid"), ("code_av", "avid")):
        for row in store.rows(table, [key], order=key):
            yield Dropped(what="coding", where=f"{table} {row[key]}", reason="it codes a picture or a recording")
    for row in store.rows("code_text", ["ctid", "fid"], order="ctid"):
        if text_of(row["fid"]) not in texts:
            yield Dropped(what="coding", where=f"coding {row['ctid']}", reason="its text is not in the project")
