"""Arranging what is known of a study as pairs of participant and sub-theme."""

from collections.abc import Iterator, Mapping

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from subtheme.errors import InputError, Problem, shown, suggestion
from subtheme.nouns import CONFIRMING, DENYING, PARTICIPANTS, Codebook, Verdict
from subtheme.proposals.pairs import Pairs, all_denied


def review_pairs(
    scores: pd.DataFrame,
    segments: pd.DataFrame,
    participants: pd.DataFrame,
    codebook: Codebook,
    *,
    level: str = "sub-theme",
    decided: pd.DataFrame | None = None,
    described: pd.DataFrame | None = None,
    read: pd.DataFrame | None = None,
    known: pd.DataFrame | None = None,
    answers: pd.DataFrame | None = None,
) -> Pairs:
    """Arrange scores, segments and what is already known by participant and sub-theme.

    Parameters
    ----------
    scores : pandas.DataFrame
        `segment`, `code` and calibrated `probability` of every segment and code (not of proposals alone). Codes
        below `level` roll up, and the highest counts; codes above it are passed over.
    segments, participants : pandas.DataFrame
        Tables after the contracts of the study. Segments of nobody among the participants are passed over.
    codebook : Codebook
    level : str
    decided : pandas.DataFrame, optional
        Where decisions stand now: `segment`, `code`, `verdict`, one row each (retracted ones left out). Rejecting a
        code below the level rejects the row only when every scored code of that row is rejected there. A pair all of
        whose segments are rejected is ruled out.
    described : pandas.DataFrame, optional
        `participant` and `code` of confirmed codings made otherwise.
    read : pandas.DataFrame, optional
        `participant` (and optionally `code`) of interviews read in full: what is not coded there is absent.
    known : pandas.DataFrame, optional
        `segment` and `code` at the level, judged otherwise than by an answer: they are not looked at again.
    answers : pandas.DataFrame, optional
        Every answer to a question about a segment, further ones about the same among them: `segment`, `code`,
        `verdict`, and `coder` and `look` where somebody else, or the same coder later, was asked again, in the order in
        which they were given. By default those of `decided`.

    Raises
    ------
    InputError
        If scores, decisions or codings name unknown segments, codes or participants.
    """
    people = PARTICIPANTS.check(participants, source="participants")
    position = {p: i for i, p in enumerate(people["participant"])}
    wanted = segments[segments["participant"].isin(position)].sort_values(["transcript", "order"], kind="stable")
    wanted = wanted.reset_index(drop=True).assign(owner=lambda s: s["participant"].map(position).astype("int64"))
    problems = _unknown(scores, segments, codebook, "scores")
    if decided is not None:
        problems += _unknown(decided, segments, codebook, "decisions")
    for name, table in (("codings", described), ("readings", read)):
        problems += [] if table is None else _unknown_people(table, position, name)
    if answers is not None:
        problems += _unknown(answers, segments, codebook, "answers")
    if problems:
        raise InputError(problems)
    level_rows = [c.id for c in codebook.at_level(level) if c.depth == codebook.levels.index(level)]
    row_of = {c.id: codebook.roll_up(c.id, level) for c in codebook.codes}
    scored = scores.assign(row=scores["code"].map(row_of))
    scored = scored[scored["row"].notna() & scored["segment"].isin(set(wanted["segment"]))]
    rows = tuple(r for r in level_rows if r in set(scored["row"]))
    place = {s: i for i, s in enumerate(wanted["segment"])}
    column = {r: j for j, r in enumerate(rows)}
    probability = np.full((len(wanted), len(rows)), np.nan)
    at = (scored["segment"].map(place).to_numpy(dtype=np.intp), scored["row"].map(column).to_numpy(dtype=np.intp))
    np.fmax.at(probability, at, scored["probability"].to_numpy(dtype=np.float64))
    codes_of = {row: set(scored.loc[scored["row"] == row, "code"]) for row in rows}
    verdict = np.full(probability.shape, "", dtype="<U16")
    if decided is not None:
        _place_verdicts(verdict, decided, place=place, column=column, row_of=row_of, codes_of=codes_of)
    describes = np.zeros((len(people), len(rows)), dtype=bool)
    np.logical_or.at(describes, wanted["owner"].to_numpy(), np.isin(verdict, CONFIRMING))
    certain = np.zeros_like(describes)
    if described is not None:
        for participant, code in zip(described["participant"], described["code"], strict=True):
            if row_of.get(code) in column:
                certain[position[participant], column[str(row_of[code])]] = True
    describes |= certain
    told = decided if answers is None else answers
    confirmations, denials = np.zeros_like(verdict, dtype=np.int64), np.zeros_like(verdict, dtype=np.int64)
    first = np.zeros_like(verdict, dtype=bool)
    if told is not None:
        for segment, row, confirms in _given(told, place=place, column=column, row_of=row_of, codes_of=codes_of):
            first[segment, row] |= confirms and not (confirmations[segment, row] or denials[segment, row])
            confirmations[segment, row] += confirms
            denials[segment, row] += not confirms
    ruled_out = _ruled_out(read, describes, position, rows, codebook)
    ruled_out |= ~describes & all_denied(verdict, wanted["owner"].to_numpy(), len(people))
    return Pairs(
        participants=people,
        rows=rows,
        unscored=tuple(r for r in level_rows if r not in column),
        segments=wanted,
        probability=probability,
        verdict=verdict,
        describes=describes,
        ruled_out=ruled_out,
        is_known=_places(known, place, column, probability.shape),
        confirmations=confirmations,
        denials=denials,
        first=first,
        certain=certain,
    )


def _place_verdicts(
    verdict: NDArray[np.str_],
    decided: pd.DataFrame,
    *,
    place: Mapping[str, int],
    column: Mapping[str, int],
    row_of: Mapping[str, str | None],
    codes_of: Mapping[str, set[str]],
) -> None:
    """Write every decision into its place; a confirming one outranks the others of its row."""
    denied: dict[tuple[int, int], set[str]] = {}
    for segment, code, word in zip(decided["segment"], decided["code"], decided["verdict"], strict=True):
        row = row_of[code]
        if row is None or segment not in place or row not in column:
            continue
        where = (place[segment], column[row])
        if word in CONFIRMING:
            verdict[where] = word
        elif word == Verdict.UNSURE.value:
            verdict[where] = verdict[where] or word
        elif word in DENYING:
            denied.setdefault(where, set()).add(code)
            is_whole = code == row or denied[where] >= codes_of[row]
            if is_whole and verdict[where] not in CONFIRMING:
                verdict[where] = word


def _given(
    answers: pd.DataFrame,
    *,
    place: Mapping[str, int],
    column: Mapping[str, int],
    row_of: Mapping[str, str | None],
    codes_of: Mapping[str, set[str]],
) -> Iterator[tuple[int, int, bool]]:
    """Yield segment, row and whether it was confirmed, for everybody who confirmed it or denied all of it, in order."""
    whose = [answers[c].astype(str) if c in answers.columns else [""] * len(answers) for c in ("coder", "look")]
    given: dict[tuple[int, int, str, str], tuple[set[str], set[str]]] = {}
    for segment, code, word, coder, look in zip(
        answers["segment"], answers["code"], answers["verdict"], *whose, strict=True
    ):
        row = row_of[code]
        if row is None or segment not in place or row not in column:
            continue
        yes, no = given.setdefault((place[segment], column[row], coder, look), (set(), set()))
        if word in CONFIRMING:
            yes.add(code)
        elif word in DENYING:
            no.update(codes_of[row] if code == row else {code})
    rows = {number: row for row, number in column.items()}
    for (at, number, _, _), (yes, no) in given.items():
        if yes or (no and no >= codes_of[rows[number]]):
            yield at, number, bool(yes)


def _places(
    known: pd.DataFrame | None, place: Mapping[str, int], column: Mapping[str, int], shape: tuple[int, ...]
) -> NDArray[np.bool_]:
    found = np.zeros(shape, dtype=bool)
    if known is not None:
        for segment, code in zip(known["segment"], known["code"], strict=True):
            if segment in place and code in column:
                found[place[segment], column[code]] = True
    return found


def _ruled_out(
    read: pd.DataFrame | None,
    describes: NDArray[np.bool_],
    position: Mapping[str, int],
    rows: tuple[str, ...],
    codebook: Codebook,
) -> NDArray[np.bool_]:
    ruled_out = np.zeros_like(describes)
    if read is None:
        return ruled_out
    codes = read["code"].fillna("").tolist() if "code" in read.columns else [""] * len(read)
    for participant, code in zip(read["participant"], codes, strict=True):
        covered = [not code or code in codebook.lineage(r) for r in rows]
        ruled_out[position[participant]] |= np.array(covered, dtype=bool)
    return ruled_out & ~describes


def _unknown(table: pd.DataFrame, segments: pd.DataFrame, codebook: Codebook, name: str) -> list[Problem]:
    problems = [codebook.unknown(str(c), where=name) for c in table["code"].unique() if c not in codebook]
    strangers = table.loc[~table["segment"].isin(set(segments["segment"])), "segment"].unique()
    if len(strangers):
        problems.append(
            Problem(
                what=f"{len(strangers)} unknown segments, the first {shown(strangers[0])}",
                where=name,
                expected="segments of this study",
                remedy="Were the interviews cut again since? Then make the proposals anew",
            )
        )
    return problems


def _unknown_people(table: pd.DataFrame, position: Mapping[str, int], name: str) -> list[Problem]:
    return [
        Problem(
            what=f"unknown participant {shown(p)}",
            where=name,
            expected="a participant of the study",
            remedy=suggestion(str(p), position),
        )
        for p in table["participant"].unique()
        if p not in position
    ]
