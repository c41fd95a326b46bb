"""Codebooks in files of other programs: REFI-QDA, tables, projects; in and out by the ending."""

from dataclasses import replace
from pathlib import Path

from subtheme.errors import InputError, Problem, shown
from subtheme.exchange.bundle import is_bundle, read_bundle
from subtheme.exchange.code_description import RawCode, codebook_of, described
from subtheme.exchange.codebook_toml import codebook_toml
from subtheme.exchange.held_tables import codebook_table
from subtheme.exchange.loss import LossReport
from subtheme.exchange.project_file import is_project, read_project
from subtheme.exchange.refi_codebook import branched, read_refi_codebook, write_refi_codebook
from subtheme.nouns import Code, Codebook, folded
from subtheme.tablefiles import TableFile, read_table_file, write_table

_TABLES = (".csv", ".tsv", ".txt", ".xlsx", ".xlsm")
_PATHS = ("path", "code", "tag", "name", "code name", "codes")
_DESCRIPTIONS = ("definition", "description", "memo", "comment", "code memo")
_SEPARATORS = (" > ", "\\", ">", "::")


def read_codebook(path: Path, *, separator: str = "") -> tuple[Codebook, LossReport]:
    """Read a codebook: .toml, .qdc, the one of a project or bundle, or a table with a column of codes.

    Of a table, the column ``path``, ``code``, ``tag`` or ``name`` holds the codes, with their branch before them, and
    ``definition``, ``description`` or ``memo`` what they mean.

    Parameters
    ----------
    path : pathlib.Path
    separator : str
        What joins a code to the codes above it in its name, such as ``.`` (Taguette) or ``::`` (ATLAS.ti). In
        tables ``" > "``, a backslash (both MAXQDA), ``>`` and ``::`` are known without it.

    Raises
    ------
    InputError
        If the file cannot be read, holds no code, or is a .toml, which states its branches, beside a separator.
    """
    suffix = path.suffix.lower()
    if suffix == ".qdc":
        found = read_refi_codebook(path, separator=separator)
        return found.codebook, found.loss
    if suffix in _TABLES:
        return _of_table(read_table_file(path, known=(*_PATHS, *_DESCRIPTIONS)), title=path.stem, separator=separator)
    if is_bundle(path):
        book = read_bundle(path).codebook
        return book, LossReport(file=path.name, read={"codes": len(book.codes)}, kept={"codes": len(book.codes)})
    if is_project(path):
        book = read_project(path).codebook
        if not book.codes:
            raise InputError(Problem(what="the project has no codes", where=path.name, expected="at least one"))
        counts = {"codes": len(book.codes)}
        book = _branched(book, separator) if separator else book
        return book, LossReport(file=path.name, read=counts, kept={"codes": len(book.codes)})
    if separator:
        raise InputError(
            Problem(
                what=f"--separator {shown(separator)} beside a codebook of our own",
                where=path.name,
                expected="a .qdc, a table or a project",
                remedy="Leave it out: a .toml states its branches itself",
            )
        )
    book = Codebook.read(path)
    counts = {"codes": len(book.codes)}
    return book, LossReport(file=path.name, read=counts, kept=counts)


def write_codebook(codebook: Codebook, path: Path) -> LossReport:
    """Write a codebook as .toml, .qdc, .csv or .xlsx.

    Raises
    ------
    InputError
        If the ending is none of these.
    """
    suffix = path.suffix.lower()
    counts = {"codes": len(codebook.codes)}
    report = LossReport(file=path.name, read=counts, kept=counts)
    if suffix == ".qdc":
        return write_refi_codebook(codebook, path)
    if suffix == ".toml":
        path.write_text(codebook_toml(codebook), encoding="utf-8", newline="\n")
        return report
    if suffix not in {".csv", ".xlsx"}:
        raise InputError(
            Problem(what=f"cannot write '{suffix}'", where=path.name, expected=".toml, .qdc, .csv or .xlsx")
        )
    write_table(codebook_table(codebook), path)
    return replace(report, warnings=("the title and the note of the codebook have no place in a table",))


def _branched(book: Codebook, separator: str) -> Codebook:
    """Return a codebook whose names are cut into branches at the separator."""
    raw = [
        RawCode(key=c.id, name=c.name, parent=c.parent, description=described(c, states_id=False)) for c in book.codes
    ]
    found, _ = codebook_of(branched(raw, separator), title=book.title, synthetic=book.synthetic)
    return replace(found, note=book.note)


def _of_table(table: TableFile, *, title: str, separator: str) -> tuple[Codebook, LossReport]:
    headings = [folded(h) for h in table.headings]
    place = next((headings.index(h) for h in _PATHS if h in headings), None)
    if place is None:
        raise InputError(
            Problem(
                what="no column of codes",
                where=table.name,
                expected=f"a column headed one of {', '.join(_PATHS)}",
                remedy=f"Found: {', '.join(map(shown, table.headings))}",
            )
        )
    about = next((h for h in _DESCRIPTIONS if h in headings), "")
    joined = separator or next((s for s in _SEPARATORS if any(s in row[place] for row in table.rows)), "")
    raw = []
    for number, row in zip(table.numbers, table.rows, strict=True):
        cells = dict(zip(headings, row, strict=True))
        if not row[place].strip():
            continue
        code = Code(
            id=cells.get("id", ""),
            name=row[place].strip(),
            parent="",
            depth=0,
            definition=cells.get(about, ""),
            when_to_use=cells.get("when_to_use", ""),
            when_not=cells.get("when_not", ""),
            examples=tuple(cells.get("examples", "").splitlines()),
            placeholder=folded(cells.get("placeholder", "")) == "true",
        )
        description = described(code, states_id=bool(code.id))
        raw.append(RawCode(key=str(number), name=code.name, parent="", description=description))
    if not raw:
        raise InputError(Problem(what="no codes", where=table.name, expected="a row for each"))
    book, _ = codebook_of(branched(raw, joined) if joined else raw, title=title)
    counts = {"codes": len(raw)}
    return book, LossReport(file=table.name, read=counts, kept={"codes": len(book.codes)})
