"""``subtheme demo``: the main job, end to end, on the synthetic sample study."""

import csv
import shutil
import time
from pathlib import Path
from typing import Annotated

import typer

from subtheme.cli.frame import reports_errors, say
from subtheme.errors import Problem, StudyError

_REVIEWER = "prepared-reviewer"
_ROUNDS = 2
"""Sheets of presence review that the demo fills in; a person would go on until the status says that it is enough."""


@reports_errors
def demo(
    folder: Annotated[
        Path, typer.Option("--folder", help="Study to make; one that this command made is replaced.")
    ] = Path("demo-study"),
) -> None:
    """Pre-code, confirm and score the invented sample study, showing every command. About two minutes.

    Example: subtheme demo
    """
    from subtheme.cli.agree import agree
    from subtheme.cli.codings import codings
    from subtheme.cli.importing import import_
    from subtheme.cli.new import new
    from subtheme.cli.precode import precode
    from subtheme.cli.report import report
    from subtheme.cli.score import score
    from subtheme.cli.sheet import sheet_in, sheet_out
    from subtheme.cli.status import status
    from subtheme.cli.train import train
    from subtheme.study.sample import sample_files

    began = time.monotonic()
    sample = sample_files()
    shown = "data/sample" if sample.parts[-2:] == ("data", "sample") else sample.as_posix()
    _make_room(folder)
    at = f"--study {folder}"
    say("SYNTHETIC: the interviews, coders and decisions of this study are invented. Nothing here is research.")
    _shown(f"new {folder} --codebook {shown}/codebook.toml")
    new(folder, codebook=sample / "codebook.toml", name="Sample study (SYNTHETIC)")
    (folder / ".made-by-demo").touch()
    _shown(f"import {shown}/transcripts --participants {shown}/participants.csv {at}")
    import_([sample / "transcripts"], study=folder, participants=str(sample / "participants.csv"))
    for name in ("coder-1", "coder-2"):
        _shown(f"codings {shown}/codings/{name}.csv --readings {shown}/readings.csv {at}")
        codings(sample / "codings" / f"{name}.csv", study=folder, readings=sample / "readings.csv")
    _shown(f"train --coder coder-1 {at}")
    train(study=folder, coder=["coder-1"])
    _shown(f"precode {at}")
    precode(study=folder)
    for number in range(1, _ROUNDS + 1):
        sheet = folder / "exports" / f"questions-{number}.csv"
        _shown(f"sheet out {sheet} {at}")
        sheet_out(sheet, study=folder, coder=_REVIEWER)
        _decide(sheet, sample)
        say("(here a person would decide row by row; the demo fills in prepared decisions)")
        _shown(f"sheet in {sheet} --coder {_REVIEWER} {at}")
        sheet_in(sheet, study=folder, coder=_REVIEWER)
    _shown(f"status {at}")
    status(study=folder)
    _shown(f"score {at}")
    score(study=folder)
    _shown(f"agree coder-1 coder-2 {at}")
    agree(["coder-1", "coder-2"], study=folder)
    _shown(f"report {at}")
    report(study=folder)
    say(f"\nDone in {time.monotonic() - began:.0f} s. Look at {folder / 'exports' / 'report.html'},")
    say("then try it on your own interviews.")


def _make_room(folder: Path) -> None:
    """Remove a study that an earlier demo made, and nothing else."""
    marker = folder / ".made-by-demo"
    if marker.is_file():
        shutil.rmtree(folder)
    if folder.exists() and any(folder.iterdir()):
        raise StudyError(
            Problem(what="the folder is not empty", where=str(folder), remedy="Name another with --folder")
        )


def _shown(command: str) -> None:
    say(f"\n$ subtheme {command}")


def _decide(sheet: Path, sample: Path) -> None:
    """Fill the column `decision` of `sheet` with what the prepared reviewer thinks of the place.

    The reviewer wrote finer codes; a sub-theme is described where a code below it is.
    """
    from subtheme.nouns import Codebook

    book = Codebook.read(sample / "codebook.toml")
    with (sample / "decisions" / "prepared.csv").open(newline="", encoding="utf-8") as file:
        answers = [
            (r["transcript"], book.lineage(r["code"]), int(r["start_char"]), int(r["end_char"]), r["direction"])
            for r in csv.DictReader(file)
        ]
    with sheet.open(newline="", encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        transcript, _, span = row["segment"].rpartition(":")
        start, end = (int(x) for x in span.split("-"))
        met = {d for t, codes, a, b, d in answers if t == transcript and row["code"] in codes and a < end and start < b}
        row["decision"] = "accept" if "supports" in met else "counter-example" if met else "reject"
    with sheet.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
