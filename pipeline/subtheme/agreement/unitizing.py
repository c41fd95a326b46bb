"""Alpha for unitizing: alpha_U of 1995/2004 and the u-alpha family of 2016.

The two are different measures: alpha_U squares the distances between boundaries, the 2016 family
compares lengths of intersections and is, for one code, close to the character-level alpha. Every
result names its version.
"""

from dataclasses import dataclass
from itertools import pairwise

import numpy as np

from subtheme.agreement.coefficient import Coefficient
from subtheme.agreement.ratings import FloatArray
from subtheme.agreement.spans import Continuum, Span
from subtheme.errors import InputError, Problem

NOTHING_MARKED = "no coder marked a span"
ALL_MARKED_ALIKE = "every coder gave the whole text one value"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Section:
    """A unit, or the gap between two units (code None)."""

    start: int
    end: int
    code: str | None

    @property
    def length(self) -> int:
        return self.end - self.start


def alpha_u_2004(continuum: Continuum, *, code: str | None = None) -> Coefficient:
    """Return Krippendorff's alpha_U of 1995/2004 for one code, or over all codes.

    Observed disagreement of a code: over ordered pairs of coders, the squared distances of the
    boundaries of units that intersect, and the squared length of a unit that lies within a gap of
    the other coder, over m (m - 1) L**2. Expected: the same for units thrown on the continuum at
    random. Over all codes both are summed.

    Parameters
    ----------
    continuum : Continuum
        Spans of one coder and code must not overlap; spans of different codes may.
    code : str, optional
        One code; by default all.

    Raises
    ------
    InputError
        If there are fewer than two coders, or spans of one coder and code overlap.

    References
    ----------
    Krippendorff, K. (2004). Measuring the reliability of qualitative text analysis data. Quality &
    Quantity 38, https://doi.org/10.1007/s11135-004-8107-7

    Examples
    --------
    Figure 2 of the paper, category c:

    >>> places = {"A": [(225, 295), (370, 400)], "B": [(220, 300), (355, 375), (400, 420)]}
    >>> spans = [Span(coder=k, code="c", start_char=s, end_char=e) for k, v in places.items() for s, e in v]
    >>> one = Continuum.of(spans, name="figure 2", start_char=150, end_char=450, coders=["A", "B"])
    >>> round(alpha_u_2004(one, code="c").value, 4)
    0.7286
    """
    name = "alpha_U 2004" if code is None else f"alpha_U 2004 of '{code}'"
    _require_two(continuum, name)
    observed = expected = 0.0
    for each in continuum.codes if code is None else (code,):
        chosen = continuum.of_code(each)
        sections = _sections(chosen, name)
        observed += _observed_2004(sections, chosen.length)
        expected += _expected_2004(sections, chosen.length)
    return _result(continuum, name, observed, expected, reason=NOTHING_MARKED)


def u_alpha_2016(continuum: Continuum) -> Coefficient:
    """Return u-alpha of 2016: whether the coders mark the same text with the same codes.

    With the lengths l_ck that coders gave c and k (None for a gap, the lengths over m - 1), and
    e_ck = l_c l_k less the pairing of each unit with itself (units: length squared; gaps: length)
    over the like total: ``1 - sum l_ck / sum e_ck`` over c != k.

    Raises
    ------
    InputError
        If there are fewer than two coders, or spans of one coder overlap.

    References
    ----------
    Krippendorff, K., Mathet, Y., Bouvry, S. & Widlöcher, A. (2016). On the reliability of unitizing
    textual continua. Quality & Quantity 50, https://doi.org/10.1007/s11135-015-0266-1

    Examples
    --------
    >>> rows = [("A", "1", 2, 5), ("A", "1", 9, 11), ("A", "2", 12, 20), ("B", "1", 2, 5), ("B", "2", 7, 15),
    ...         ("C", "1", 2, 5), ("C", "2", 10, 15)]
    >>> spans = [Span(coder=a, code=b, start_char=s, end_char=e) for a, b, s, e in rows]
    >>> one = Continuum.of(spans, name="example", end_char=20, coders=["A", "B", "C"])
    >>> round(u_alpha_2016(one).value, 3), round(u_alpha_2016_binary(one).value, 3)
    (0.474, 0.433)
    """
    name = "u-alpha 2016"
    lengths, own = _lengths_2016(_sections(continuum, name), (None, *continuum.codes))
    return _of_lengths(continuum, name, lengths, own)


def u_alpha_2016_binary(continuum: Continuum) -> Coefficient:
    """Return the binary u-alpha of 2016: whether the coders mark the same text, whatever the code.

    Raises
    ------
    InputError
        If there are fewer than two coders, or spans of one coder overlap.
    """
    name = "u-alpha 2016, binary"
    lengths, own = _lengths_2016(_sections(continuum, name), (None, *continuum.codes))
    group = np.zeros((2, len(own)))
    group[0, 0] = 1
    group[1, 1:] = 1
    return _of_lengths(continuum, name, group @ lengths @ group.T, group @ own)


def cu_alpha_2016(continuum: Continuum) -> Coefficient:
    """Return cu-alpha of 2016 for two coders: whether they code alike the text that both have marked.

    As u-alpha, on the text in units of both coders; a unit's self-pairing is the square of that
    part of it.

    Raises
    ------
    InputError
        If there are not two coders (published programs disagree on more), or spans of one coder
        overlap.
    """
    name = "cu-alpha 2016"
    if len(continuum.coders) != 2:
        raise InputError(
            Problem(
                what=f"{len(continuum.coders)} coders",
                where=f"{name}, {continuum.name}",
                expected="two",
                remedy="Use u-alpha, or cu-alpha for each pair",
            )
        )
    sections = _sections(continuum, name)
    lengths, _ = _lengths_2016(sections, (None, *continuum.codes))
    own = np.zeros(len(continuum.codes))
    for mine, other in ((sections[0], sections[1]), (sections[1], sections[0])):
        units = [s for s in other if s.code is not None]
        for section in mine:
            if section.code is not None:
                own[continuum.codes.index(section.code)] += sum(_shared(section, u) for u in units) ** 2
    return _of_lengths(continuum, name, lengths[1:, 1:], own, nothing="no text was marked by both coders")


def _require_two(continuum: Continuum, measure: str) -> None:
    if len(continuum.coders) < 2:
        raise InputError(
            Problem(what=f"{len(continuum.coders)} coder", where=f"{measure}, {continuum.name}", expected="two or more")
        )


def _sections(continuum: Continuum, measure: str) -> list[list[_Section]]:
    """Return units and gaps of every coder, in the order of the text."""
    _require_two(continuum, measure)
    problems = []
    result = []
    for coder in continuum.coders:
        spans = continuum.spans_of(coder)
        problems += [
            _overlap(continuum, measure, one, two) for one, two in pairwise(spans) if two.start_char < one.end_char
        ]
        sections, reached = [], continuum.start_char
        for span in spans:
            if span.start_char > reached:
                sections.append(_Section(start=reached, end=span.start_char, code=None))
            sections.append(_Section(start=span.start_char, end=span.end_char, code=span.code))
            reached = span.end_char
        if reached < continuum.end_char:
            sections.append(_Section(start=reached, end=continuum.end_char, code=None))
        result.append(sections)
    if problems:
        raise InputError(problems)
    return result


def _overlap(continuum: Continuum, measure: str, one: Span, two: Span) -> Problem:
    return Problem(
        what=f"spans of coder '{one.coder}' overlap at character {two.start_char}",
        where=f"{measure}, {continuum.name}",
        expected="spans of one coder that lie apart",
        remedy="Merge them, or compare character by character (character_ratings)",
    )


def _observed_2004(sections: list[list[_Section]], length: int) -> float:
    total = 0
    coders = len(sections)
    for i, mine in enumerate(sections):
        for other in sections[i + 1 :]:
            total += 2 * sum(_distance_2004(g, h) for g in mine for h in other if _shared(g, h))
    return total / (coders * (coders - 1) * length**2)


def _distance_2004(one: _Section, two: _Section) -> int:
    if one.code is not None and two.code is not None:
        return (one.start - two.start) ** 2 + (one.end - two.end) ** 2
    if one.code is not None and two.start <= one.start and one.end <= two.end:
        return one.length**2
    if two.code is not None and one.start <= two.start and two.end <= one.end:
        return two.length**2
    return 0


def _expected_2004(sections: list[list[_Section]], length: int) -> float:
    units = np.array([s.length for own in sections for s in own if s.code is not None], dtype=np.float64)
    gaps = np.array([s.length for own in sections for s in own if s.code is None], dtype=np.float64)
    everything = len(sections) * length
    pairs = everything * (everything - 1) - float((units * (units - 1)).sum())
    among_units = (len(units) - 1) / 3 * (2 * units**3 - 3 * units**2 + units)
    room = np.clip(gaps[None, :] - units[:, None] + 1, 0, None).sum(axis=1)
    return 2 / length * float((among_units + units**2 * room).sum()) / pairs if pairs else 0.0


def _lengths_2016(sections: list[list[_Section]], values: tuple[str | None, ...]) -> tuple[FloatArray, FloatArray]:
    """Return lengths of intersections by value, and each value's self-pairing."""
    lengths = np.zeros((len(values), len(values)))
    own = np.zeros(len(values))
    for i, mine in enumerate(sections):
        for section in mine:
            own[values.index(section.code)] += section.length if section.code is None else section.length**2
        for j, other in enumerate(sections):
            if i != j:
                for g in mine:
                    for h in other:
                        lengths[values.index(g.code), values.index(h.code)] += _shared(g, h)
    return lengths / (len(sections) - 1), own


def _of_lengths(
    continuum: Continuum, name: str, lengths: FloatArray, own: FloatArray, *, nothing: str = NOTHING_MARKED
) -> Coefficient:
    total = float(lengths.sum())
    if not continuum.spans or not total:
        return _result(continuum, name, 0.0, 0.0, reason=nothing)
    share = lengths.sum(axis=1)
    expected = np.outer(share, share) - np.diag(own)
    apart = float(expected.sum() - np.trace(expected))
    everything = float(total**2 - own.sum())
    observed = float(total - np.trace(lengths)) / total
    return _result(continuum, name, observed, apart / everything if everything else 0.0, reason=ALL_MARKED_ALIKE)


def _shared(one: _Section, two: _Section) -> int:
    return max(0, min(one.end, two.end) - max(one.start, two.start))


def _result(continuum: Continuum, name: str, observed: float, expected: float, *, reason: str) -> Coefficient:
    value = 1.0 - observed / expected if expected else float("nan")
    return Coefficient(
        name=name,
        value=value,
        observed=1.0 - observed,
        expected=1.0 - expected,
        n=continuum.length,
        k=len(continuum.codes),
        coders=len(continuum.coders),
        reason="" if expected else reason,
    )
