"""Everything that a study holds as tables to leave it: one sheet, or one file, each."""

from collections.abc import Mapping

import pandas as pd

from subtheme.exchange.held_study import HeldStudy
from subtheme.exchange.refi_model import QUOTED_CODINGS, quoted
from subtheme.nouns import TURNS, Codebook

_REST = ("origin", "direction", "memo")


def codings_table(codings: pd.DataFrame, texts: Mapping[str, str]) -> pd.DataFrame:
    """Return codings with their words: `QUOTED_CODINGS`, then origin, direction and memo.

    Parameters
    ----------
    codings : pandas.DataFrame
        Columns of `subtheme.nouns.CODINGS`.
    texts : mapping of str to str
        Canonical text of every transcript by its id.
    """
    return quoted(codings, texts).assign(**{name: codings[name] for name in _REST})[[*QUOTED_CODINGS, *_REST]]


def codebook_table(codebook: Codebook) -> pd.DataFrame:
    """Return the codebook with one row per code, in reading order; `path` joins the names from the theme down."""
    names = codebook.by_id
    return pd.DataFrame(
        {
            "id": [c.id for c in codebook.codes],
            "name": [c.name for c in codebook.codes],
            "parent": [c.parent for c in codebook.codes],
            "level": [codebook.level_of(c.id) for c in codebook.codes],
            "path": [" > ".join(names[i].name for i in reversed(codebook.lineage(c.id))) for c in codebook.codes],
            "definition": [c.definition for c in codebook.codes],
            "when_to_use": [c.when_to_use for c in codebook.codes],
            "when_not": [c.when_not for c in codebook.codes],
            "examples": ["\n".join(c.examples) for c in codebook.codes],
            "placeholder": [c.placeholder for c in codebook.codes],
        }
    )


def held_tables(held: HeldStudy) -> dict[str, pd.DataFrame]:
    """Return every table of a study by its name, with the words that offsets point at."""
    turns = [
        {
            "transcript": t.id,
            "turn": turn.number,
            "speaker": turn.speaker,
            "role": turn.role.value,
            "start_char": turn.start_char,
            "end_char": turn.end_char,
            "start_s": turn.start_s,
            "end_s": turn.end_s,
            "text": t.words(turn),
        }
        for t in held.transcripts
        for turn in t.turns
    ]
    facts = [(t.id, t.source, t.grammar, t.encoding, len(t.text), t.sha256) for t in held.transcripts]
    return {
        "codings": codings_table(held.codings, held.texts),
        "codebook": codebook_table(held.codebook),
        "participants": held.participants,
        "transcripts": pd.DataFrame(
            facts, columns=["transcript", "source", "grammar", "encoding", "characters", "sha256"]
        ),
        "turns": pd.DataFrame(turns, columns=[*TURNS.names, "text"]).drop(columns="participant"),
        "segments": held.segments,
        "readings": held.readings,
        "proposals": held.proposals,
        "decisions": held.decisions,
        "judgements": held.judgements,
    }
