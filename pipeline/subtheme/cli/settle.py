"""``subtheme settle``: decided disagreements back in."""

import hashlib
import time
from pathlib import Path
from typing import Annotated

import typer

from subtheme.cli.frame import JsonOption, StudyOption, opened_study, reports_errors, say, say_json


@reports_errors
def settle(
    file: Annotated[Path, typer.Argument(help="The list that 'subtheme agree --output' wrote, decided (.xlsx, .csv).")],
    study: StudyOption = Path(),
    coder: Annotated[str, typer.Option("--coder", help="Name under which what was agreed is kept.")] = "agreed",
    as_json: JsonOption = False,
) -> None:
    """Take what was agreed on disagreements into the log: present or absent, all rows or none where one is bad.

    Where nothing of a transcript is open any more, what all coders had found stands beside it, so that the agreed
    coding is whole. It was made with the codings of others in view and never counts as reliability.

    Example: subtheme settle agreement/disagreements.xlsx
    """
    from subtheme.agreement import read_decisions, settlement
    from subtheme.judgements import batch_for
    from subtheme.nouns import rows_of
    from subtheme.tablefiles import read_table

    opened = opened_study(study)
    report = opened.agreement(sorted({c for c in opened.judgements.by_hand.coders if c != coder}))
    decided = read_decisions(
        read_table(file),
        source=file.name,
        codebook=opened.codebook,
        segments=set(opened.segments["segment"]),
    )
    batch = batch_for(f"settle:{hashlib.sha256(file.read_bytes()).hexdigest()[:16]}", opened.events)
    before = opened.judgements.of_coders([coder]).frame
    agreed = settlement(
        decided,
        report.blind.judgements,
        opened.segments,
        coder=coder,
        batch=batch,
        at_us=time.time_ns() // 1000,
        standing={(r.segment, r.code): r.value for r in rows_of(before)},
    )
    with opened.folder.store() as store, store.writing():
        new = store.append_decisions(agreed.decisions, batch=batch)
        store.add_readings(agreed.readings, batch=batch)
    facts = {
        "decisions": new,
        "open": agreed.still_open,
        "transcripts": len(agreed.readings),
        "coder": coder,
        "batch": batch,
    }
    if as_json:
        say_json(facts)
        return
    say(f"Stored {new} decisions of {coder}; {agreed.still_open} disagreements stay open.")
    say(f"{len(agreed.readings)} transcripts are settled whole: train --coder {coder} can learn from them.")
