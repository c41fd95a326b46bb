"""The next step: what is left to do in a study, in one sentence."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class NextStep:
    """What comes next.

    Attributes
    ----------
    words : str
        One sentence for a page.
    command : str
        What to type in a terminal.
    page : str
        Name of the page where it is done: ``review``, ``cells`` or empty.
    """

    words: str
    command: str
    page: str = ""


def next_step(facts: Mapping[str, Any], table: Mapping[str, Any] | None) -> NextStep:
    """Return what comes next.

    Parameters
    ----------
    facts : mapping
        As `subtheme.study.standing.held` gives them.
    table : mapping, optional
        As `subtheme.study.standing.standing` gives it; None without segments.
    """
    if facts["decisions"] and table is not None and table["open"] and not table["enough"]:
        cells = f"{table['open']} {'cell is' if table['open'] == 1 else 'cells are'} still open"
        if table["expected_looks_range"] and not table["expected_looks_range"][1]:
            return NextStep(
                words=f"{cells}: they are settled by reading alone.",
                command="subtheme sheet out reading.xlsx --blind TRANSCRIPT: what is still open is settled by "
                "reading alone",
                page="review",
            )
        return NextStep(
            words=f"{cells}: answer the next questions.",
            command="subtheme review, or subtheme sheet out questions.xlsx: cells are still open",
            page="review",
        )
    for key, step in _STEPS:
        if not facts[key]:
            return step
    return NextStep(
        words="The table stands: look at it, at the agreement of the coders, and write the report.",
        command="subtheme score, subtheme agree, subtheme report",
        page="cells",
    )


_STEPS = (
    (
        "transcripts",
        NextStep(
            words="Bring in the interviews.", command="subtheme import TRANSCRIPTS --participants PARTICIPANTS.csv"
        ),
    ),
    (
        "codings",
        NextStep(
            words="Code some interviews here, or bring in codings that were made elsewhere.",
            command="subtheme codings CODINGS.csv",
            page="review",
        ),
    ),
    ("models", NextStep(words="Let the program learn from what is coded.", command="subtheme train")),
    ("proposals", NextStep(words="Let the model propose codes where nobody has read.", command="subtheme precode")),
    (
        "decisions",
        NextStep(
            words="Confirm or reject what the model proposes.",
            command="subtheme review, or subtheme sheet out questions.xlsx, decide, subtheme sheet in questions.xlsx",
            page="review",
        ),
    ),
)
