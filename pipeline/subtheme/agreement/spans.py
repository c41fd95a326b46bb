"""Freely marked spans: what coders marked on one text, character by character and span by span."""

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from subtheme.agreement.coefficient import number_or_none
from subtheme.agreement.ratings import FloatArray, IntArray, Ratings
from subtheme.agreement.specific import PRESENCE
from subtheme.errors import InputError, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class Span:
    """A stretch of text that a coder gave a code: ``[start_char, end_char)`` in code points."""

    coder: str
    code: str
    start_char: int
    end_char: int

    @property
    def length(self) -> int:
        """Number of characters."""
        return self.end_char - self.start_char


@dataclass(frozen=True, slots=True, kw_only=True)
class Continuum:
    """One transcript with the spans of all coders who read it.

    Attributes
    ----------
    name : str
        Id of the transcript.
    start_char, end_char : int
        The text that was read.
    coders : tuple of str
        Who read it, also those who marked nothing.
    spans : tuple of Span
    """

    name: str
    start_char: int
    end_char: int
    coders: tuple[str, ...]
    spans: tuple[Span, ...]

    @classmethod
    def of(
        cls,
        spans: Iterable[Span],
        *,
        name: str,
        end_char: int,
        coders: Sequence[str],
        start_char: int = 0,
        sha256: Mapping[str, str] | None = None,
    ) -> "Continuum":
        """Return a checked continuum.

        Parameters
        ----------
        spans : iterable of Span
        name : str
        end_char, start_char : int
            The text that was read.
        coders : sequence of str
            Who read it.
        sha256 : mapping of coder to digest, optional
            Digest of the text that each coder had before them.

        Raises
        ------
        InputError
            With every problem: a span that is empty, lies outside of the text or is of an unknown
            coder; coders whose texts differ.
        """
        listed = tuple(sorted(spans, key=lambda s: (s.coder, s.start_char, s.end_char, s.code)))
        problems = []
        if sha256 is not None and len(set(sha256.values())) > 1:
            problems.append(
                Problem(
                    what=f"the text differs between coders {', '.join(sorted(sha256))}",
                    where=name,
                    expected="one text for all coders",
                    remedy="Bring the codings to one version of the transcript first",
                )
            )
        for span in listed:
            where = f"{name}, characters {span.start_char} to {span.end_char}"
            if span.coder not in coders:
                problems.append(Problem(what=f"a span of '{span.coder}', who has not read it", where=where))
            if span.length <= 0:
                problems.append(Problem(what="an empty span", where=where, expected="an end after its start"))
            elif span.start_char < start_char or span.end_char > end_char:
                problems.append(
                    Problem(
                        what="a span outside of the text", where=where, expected=f"within {start_char} to {end_char}"
                    )
                )
        if problems:
            raise InputError(problems)
        return cls(name=name, start_char=start_char, end_char=end_char, coders=tuple(coders), spans=listed)

    @property
    def length(self) -> int:
        """Number of characters."""
        return self.end_char - self.start_char

    @property
    def codes(self) -> tuple[str, ...]:
        """The codes that occur, sorted."""
        return tuple(sorted({s.code for s in self.spans}))

    def of_code(self, code: str) -> "Continuum":
        """Return the continuum with the spans of one code."""
        return Continuum(
            name=self.name,
            start_char=self.start_char,
            end_char=self.end_char,
            coders=self.coders,
            spans=tuple(s for s in self.spans if s.code == code),
        )

    def of_coders(self, coders: Sequence[str]) -> "Continuum":
        """Return the continuum with the spans of some coders, in their order."""
        spans = tuple(s for s in self.spans if s.coder in coders)
        return Continuum(
            name=self.name, start_char=self.start_char, end_char=self.end_char, coders=tuple(coders), spans=spans
        )

    def spans_of(self, coder: str) -> tuple[Span, ...]:
        """Return the spans of one coder in the order of the text."""
        return tuple(s for s in self.spans if s.coder == coder)


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class CharacterRatings:
    """Ratings of characters as present or absent, in stretches of equal rating.

    Attributes
    ----------
    ratings : Ratings
        One row per stretch, weighted by its length in characters.
    cluster : ndarray of int, shape (stretches,)
        Which continuum each stretch belongs to.
    """

    ratings: Ratings
    cluster: IntArray


@dataclass(frozen=True, slots=True, kw_only=True)
class SpanMatch:
    """How many spans of one coder find a partner among those of another.

    Two spans are partners where the characters in both are at least `overlap` of the characters
    in either. There is no chance term.

    Attributes
    ----------
    first, second : str
        Coders.
    overlap : float
        Share in (0, 1].
    spans_of_first, spans_of_second : int
    first_found, second_found : float
        Share of the spans of `first` (`second`) with a partner; NaN where there are none.
    reason : str
        Why a share is not defined; empty where all are.
    """

    first: str
    second: str
    overlap: float
    spans_of_first: int
    spans_of_second: int
    first_found: float
    second_found: float
    reason: str = ""

    @property
    def f1(self) -> float:
        """Harmonic mean of both shares."""
        both = self.first_found + self.second_found
        if math.isnan(both):
            return math.nan
        return 2 * self.first_found * self.second_found / both if both else 0.0

    def as_dict(self) -> dict[str, object]:
        """Return the match for ``--json``."""
        return {
            "first": self.first,
            "second": self.second,
            "overlap": self.overlap,
            "spans_of_first": self.spans_of_first,
            "spans_of_second": self.spans_of_second,
            "first_found": number_or_none(self.first_found),
            "second_found": number_or_none(self.second_found),
            "f1": number_or_none(self.f1),
            "reason": self.reason,
        }


def character_ratings(continua: Sequence[Continuum], *, code: str) -> CharacterRatings:
    """Return for every character whether each coder gave it `code`, as NVivo counts.

    Kappa and alpha follow from it (`cohen_kappa`, `krippendorff_alpha`), with one warning: characters
    are not independent observations, so only an interval over transcripts (`cluster_interval` with
    `cluster`) means anything. Spans of one coder that overlap count once. A coder who has not
    read a transcript is missing there.

    Examples
    --------
    >>> from subtheme.agreement.alpha import krippendorff_alpha
    >>> spans = [Span(coder="A", code="c", start_char=10, end_char=30),
    ...          Span(coder="B", code="c", start_char=20, end_char=30)]
    >>> one = Continuum.of(spans, name="T1", end_char=100, coders=["A", "B"])
    >>> alpha = krippendorff_alpha(character_ratings([one], code="c").ratings)
    >>> alpha.n, round(alpha.value, 3)
    (100, 0.61)
    """
    coders = sorted({coder for one in continua for coder in one.coders})
    rows: list[IntArray] = []
    lengths: list[FloatArray] = []
    clusters: list[IntArray] = []
    for number, one in enumerate(continua):
        marked = one.of_code(code).spans
        ends = {one.start_char, one.end_char} | {e for s in marked for e in (s.start_char, s.end_char)}
        edges = np.array(sorted(ends))
        pieces = np.full((max(len(edges) - 1, 0), len(coders)), -1, dtype=np.int64)
        for coder in one.coders:
            pieces[:, coders.index(coder)] = 0
        for span in marked:
            inside = (edges[:-1] >= span.start_char) & (edges[:-1] < span.end_char)
            pieces[inside, coders.index(span.coder)] = 1
        rows.append(pieces)
        lengths.append(np.diff(edges).astype(np.float64))
        clusters.append(np.full(len(pieces), number, dtype=np.int64))
    empty = np.empty((0, len(coders)), dtype=np.int64)
    ratings = Ratings(
        codes=np.concatenate([empty, *rows]),
        categories=PRESENCE,
        weights=np.concatenate([np.empty(0), *lengths]),
    )
    return CharacterRatings(ratings=ratings, cluster=np.concatenate([np.empty(0, dtype=np.int64), *clusters]))


def span_match(continua: Sequence[Continuum], *, first: str, second: str, code: str, overlap: float = 0.5) -> SpanMatch:
    """Return how many spans of `code` find a partner, in the transcripts that both coders read.

    Raises
    ------
    InputError
        If `overlap` does not lie in (0, 1].
    """
    if not 0 < overlap <= 1:
        raise InputError(
            Problem(what=f"an overlap of {overlap}", where="span match", expected="more than 0, at most 1")
        )
    found = [0, 0]
    total = [0, 0]
    for one in continua:
        if first not in one.coders or second not in one.coders:
            continue
        chosen = one.of_code(code)
        ours, theirs = chosen.spans_of(first), chosen.spans_of(second)
        matched = _shares(ours, theirs) >= overlap
        found = [found[0] + int(matched.any(axis=1).sum()), found[1] + int(matched.any(axis=0).sum())]
        total = [total[0] + len(ours), total[1] + len(theirs)]
    without = [name for name, count in zip((first, second), total, strict=True) if not count]
    return SpanMatch(
        first=first,
        second=second,
        overlap=overlap,
        spans_of_first=total[0],
        spans_of_second=total[1],
        first_found=found[0] / total[0] if total[0] else math.nan,
        second_found=found[1] / total[1] if total[1] else math.nan,
        reason=f"{' and '.join(without)} did not use this code where both have read" if without else "",
    )


def span_match_curve(continua: Sequence[Continuum], *, first: str, second: str, code: str) -> tuple[SpanMatch, ...]:
    """Return `span_match` at overlaps of .1, .2 and so on to 1: how much hangs on the threshold."""
    return tuple(
        span_match(continua, first=first, second=second, code=code, overlap=tenth / 10) for tenth in range(1, 11)
    )


def _shares(ours: Sequence[Span], theirs: Sequence[Span]) -> FloatArray:
    """Return the characters in both spans as a share of those in either, for all pairs."""
    start, end = (
        np.array([[getattr(s, side)] for s in ours], dtype=np.float64).reshape(-1, 1)
        for side in ("start_char", "end_char")
    )
    begin, stop = (
        np.array([getattr(s, side) for s in theirs], dtype=np.float64) for side in ("start_char", "end_char")
    )
    both = np.clip(np.minimum(end, stop) - np.maximum(start, begin), 0, None)
    return np.asarray(both / ((end - start) + (stop - begin) - both))
