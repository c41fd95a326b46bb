"""How long a project of 55 interviews and 500,000 words takes, against parsing its XML alone.

The project is made here: invented words, one coding per 60 words by each of two coders, written by our own writer. Three figures: parsing
``project.qde`` with lxml, reading the project (texts, offsets proven by every quotation, codes, codings, cases), and the whole of
``subtheme import`` into a new study, which also recognises turns and cuts segments. CPU seconds of this process; parsing is the best of five, reading of two.

    python benchmarks/project_import.py
"""

import argparse
import json
import random
import resource
import tempfile
import time
import zipfile
from collections.abc import Callable
from pathlib import Path

import pandas as pd
from lxml import etree
from smoke import options_of

from subtheme.exchange import people_of, read_refi_project, refi_project, take_in_project, ways_that_fit
from subtheme.exchange.codebook_toml import codebook_toml
from subtheme.files import create_study
from subtheme.nouns import CODINGS, PARTICIPANTS, Code, Codebook

INTERVIEWS, WORDS, WORDS_PER_CODING, CODES = 55, 500_000, 60, 15


def invented(dice: random.Random, words: int) -> str:
    """Return an interview of about that many invented words, with emoji and dashes among them."""
    bank = [
        f"{dice.choice('bdfgklmnprst')}{dice.choice('aeiou')}{dice.choice('lmnrst')}{dice.choice(['', 'ed', 'ing', 'y'])}"
        for _ in range(4_000)
    ]
    bank += ["–", "😐", "café", "it’s"] * 20
    lines, left = [], words
    while left > 0:
        asked, told = dice.randint(5, 15), dice.randint(20, 120)
        lines.append("Interviewer: " + " ".join(dice.choices(bank, k=asked)) + "?")
        sentences = [" ".join(dice.choices(bank, k=10)).capitalize() + "." for _ in range(told // 10)]
        lines.append("Participant: " + " ".join(sentences))
        left -= asked + told
    return "\n".join(lines) + "\n"


def project(folder: Path, *, words: int = WORDS) -> tuple[Path, Codebook]:
    """Write the project and return its file."""
    dice = random.Random(1)
    top = Code(id="t", name="Theme", parent="", depth=0)
    codes = [Code(id=f"c{n}", name=f"Sub-theme {n}", parent="t", depth=1) for n in range(CODES)]
    book = Codebook(title="Benchmark", levels=("theme", "sub-theme", "code"), codes=(top, *codes), synthetic=True)
    texts = {f"I{n:02}": invented(dice, words // INTERVIEWS) for n in range(INTERVIEWS)}
    rows = []
    for name, text in texts.items():
        for coder in ("coder-a", "coder-b"):
            for _ in range(words // INTERVIEWS // WORDS_PER_CODING):
                start = text.index(" ", dice.randrange(len(text) - 600)) + 1
                end = text.index(" ", start + dice.randint(40, 300))
                rows.append(
                    {
                        "participant": name,
                        "transcript": name,
                        "coder": coder,
                        "code": f"c{dice.randrange(CODES)}",
                        "start_char": start,
                        "end_char": end,
                    }
                )
    people = pd.DataFrame([{"participant": name, "case": f"HO{n % 4}"} for n, name in enumerate(texts)])
    path = folder / "benchmark.qdpx"
    refi_project(
        codebook=book,
        texts=texts,
        codings=CODINGS.check(pd.DataFrame(rows), source="benchmark"),
        participants=PARTICIPANTS.check(people, source="benchmark"),
    ).write(path)
    return path, book


def best(work: Callable[[], object], times: int) -> float:
    """Return the least CPU seconds of several runs."""
    seconds = []
    for _ in range(times):
        began = time.process_time()
        work()
        seconds.append(time.process_time() - began)
    return min(seconds)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--words", type=int, default=WORDS)
    given = options_of(parser, smallest={"words": 20_000})
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        path, book = project(folder, words=given.words)
        with zipfile.ZipFile(path) as package:
            xml = package.read("project.qde")
        read = read_refi_project(path)
        way = ways_that_fit(read)[0]
        studies = iter(range(100))

        def take_in() -> None:
            study = create_study(folder / f"study-{next(studies)}", codebook=codebook_toml(book), synthetic=True)
            take_in_project(study, read_refi_project(path), people=way, batch="benchmark")

        parse, whole, stored = (
            best(lambda: etree.fromstring(xml), 5),
            best(lambda: read_refi_project(path), 2),
            best(take_in, 1),
        )
        print(
            json.dumps(
                {
                    "interviews": len(read.sources),
                    "words": sum(len(t.split()) for t in read.texts.values()),
                    "xml_kb": len(xml) // 1024,
                    "codings": len(read.codings),
                    "quotes_confirmed": sum(s.choice.quotes_confirmed for s in read.sources if s.choice),
                    "participants": len(
                        people_of(read, participant="case", organisation="variable:organisation").participants
                    ),
                    "parse_xml_s": round(parse, 3),
                    "read_project_s": round(whole, 2),
                    "read_to_parse": round(whole / parse, 1),
                    "import_into_study_s": round(stored, 2),
                    "import_to_parse": round(stored / parse, 1),
                    "peak_mb": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
                },
                indent=1,
            )
        )


if __name__ == "__main__":
    main()
