"""Simulated coders: what they see of the planted truth, and where they say it stands.

Each coder sees a piece of talk through a sensitivity and a specificity per sub-theme [1]_, writes some
codes as their neighbour's, grows stricter, and marks excerpts whose ends are off by a sentence.

References
----------
.. [1] Dawid AP, Skene AM (1979) Maximum likelihood estimation of observer error-rates using the EM
   algorithm. Applied Statistics 28:20-28. https://doi.org/10.2307/2346806
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import Any

from banks import COUNTERS, SUPPORTS, TRAP, Fragment
from places import Place
from speech import sentences


@dataclass(frozen=True, slots=True, kw_only=True)
class Mark:
    """One excerpt that a coder marked."""

    transcript: str
    code: str
    direction: str
    start_char: int
    end_char: int
    fragment: str


@dataclass(frozen=True, kw_only=True)
class Coder:
    """A simulated coder.

    Attributes
    ----------
    id : str
    parameters : mapping
        As under ``[coders.<id>]``.
    sub_themes : tuple of str
    """

    id: str
    parameters: Mapping[str, Any]
    sub_themes: tuple[str, ...]

    @cached_property
    def _written(self) -> dict[str, list[tuple[str, float]]]:
        """The neighbours that each sub-theme may be written as, with the share of each."""
        table: dict[str, list[tuple[str, float]]] = {s: [] for s in self.sub_themes}
        for row in self.parameters["confusion"]:
            table[row["seen"]].append((row["written"], row["share"]))
        return table

    def read_of(self, assigned: Sequence[str], random: Random) -> list[str]:
        """Return which of the assigned transcripts the coder read, in the order of the reading."""
        order = list(assigned)
        random.shuffle(order)
        skipped = set(random.sample(order, round(self.parameters["skipped"] * len(order))))
        return [t for t in order if t not in skipped]

    def is_strict(self, position: int) -> bool:
        """Return whether the interview read at `position` (from 0) comes after the drift."""
        return position >= self.parameters["drift_after"]

    def sensitivity(self, sub_theme: str, *, strict: bool) -> float:
        """Return the probability that a described sub-theme is seen."""
        return _of(self.parameters["sensitivity"], sub_theme) * (1 - self.parameters["drift"] * strict)

    def false_alarm(self, fragment: Fragment, sub_theme: str) -> float:
        """Return the probability of seeing `sub_theme` as described in a piece that does not describe it."""
        if fragment.sub_theme == sub_theme and fragment.kind == TRAP:
            return float(self.parameters["trap_alarm"])
        if fragment.sub_theme == sub_theme and fragment.kind == COUNTERS:
            return float(self.parameters["counter_sensitivity"] * self.parameters["direction_slip"])
        return _of(self.parameters["false_alarm"], sub_theme)

    def chance(self, fragment: Fragment, sub_theme: str, *, strict: bool) -> float:
        """Return the probability that the coder writes `sub_theme` down as described in `fragment`.

        The events are independent, so with the truths T of the fragment, sensitivities s, shares m of what is
        written as something else, and the false alarm f: 1 - prod(1 - p) over p = s_k (1 - sum_j m_kj) for
        k in T, p = s_a m_ak for the other a in T, and p = f for k not in T.
        """
        missed = 1.0
        for truth in fragment.truths:
            seen = self.sensitivity(truth, strict=strict)
            shares = dict(self._written[truth])
            missed *= 1 - seen * (1 - sum(shares.values()) if truth == sub_theme else shares.get(sub_theme, 0.0))
        if sub_theme not in fragment.truths:
            missed *= 1 - self.false_alarm(fragment, sub_theme)
        return 1 - missed

    def marks(self, transcript: str, text: str, places: Sequence[Place], *, strict: bool, random: Random) -> list[Mark]:
        """Return what the coder marks in one transcript, in the order of the text."""
        marks = []
        parts: dict[str, list[Place]] = {}
        for place in places:
            parts.setdefault(place.fragment.id, []).append(place)
        for fragment_id, its_places in parts.items():
            fragment = its_places[0].fragment
            verdicts = self._verdicts(fragment, strict=strict, random=random)
            if not verdicts:
                continue
            start, end = self._span(text, its_places, random)
            marks += [
                Mark(
                    transcript=transcript,
                    code=code,
                    direction=direction,
                    start_char=start,
                    end_char=end,
                    fragment=fragment_id,
                )
                for code, direction in verdicts
            ]
        return marks

    def _verdicts(self, fragment: Fragment, *, strict: bool, random: Random) -> dict[tuple[str, str], None]:
        """Return the codes with direction that the coder writes down, in order and once each."""
        found: dict[tuple[str, str], None] = {}
        seen_sub_themes: set[str] = set()
        for truth in fragment.truths:
            if random.random() >= self.sensitivity(truth, strict=strict):
                continue
            written = self._as_written(truth, random)
            if written not in seen_sub_themes:
                seen_sub_themes.add(written)
                found[self._code(fragment, written, random), SUPPORTS] = None
        for sub_theme in self.sub_themes:
            if sub_theme in fragment.truths:
                continue
            is_counter = fragment.kind == COUNTERS and fragment.sub_theme == sub_theme
            if is_counter:
                if random.random() < self.parameters["counter_sensitivity"]:
                    slips = random.random() < self.parameters["direction_slip"]
                    found[self._code(fragment, sub_theme, random), SUPPORTS if slips else COUNTERS] = None
            elif random.random() < self.false_alarm(fragment, sub_theme) and sub_theme not in seen_sub_themes:
                found[self._code(fragment, sub_theme, random), SUPPORTS] = None
        return found

    def _as_written(self, truth: str, random: Random) -> str:
        value = random.random()
        for neighbour, share in self._written[truth]:
            if value < share:
                return neighbour
            value -= share
        return truth

    def _code(self, fragment: Fragment, sub_theme: str, random: Random) -> str:
        """Return the finer code of the fragment's own sub-theme, or the sub-theme where the coder stays broad."""
        is_own = sub_theme == fragment.sub_theme and fragment.code
        return fragment.code if is_own and random.random() >= self.parameters["broader_code"] else sub_theme

    def _span(self, text: str, places: Sequence[Place], random: Random) -> tuple[int, int]:
        """Return the marked span, across an interruption where there is one; its ends may be off by a sentence."""
        first, last = places[0], places[-1]
        start, end = first.start_char, last.end_char
        if random.random() < self.parameters["jitter"]:
            start = _moved_start(text, first, outwards=random.random() < 0.5)
        if random.random() < self.parameters["jitter"]:
            end = _moved_end(text, last, outwards=random.random() < 0.5)
        # A piece of two sentences could lose both to its two ends.
        return (start, end) if start < end else (first.start_char, last.end_char)


def _moved_start(text: str, place: Place, *, outwards: bool) -> int:
    """Return a start that is a sentence earlier or later, within the turn, by no more than half of the place."""
    start, end = place.start_char, place.end_char
    if outwards:
        before = text[place.turn_start : start].rstrip()
        earlier = place.turn_start + (sentences(before)[-1][0] if before else 0)
        return earlier if before and 2 * (start - earlier) <= end - start else start
    inner = sentences(text[start:end])
    later = start + inner[1][0] if len(inner) > 1 else start
    return later if 2 * (later - start) <= end - start else start


def _moved_end(text: str, place: Place, *, outwards: bool) -> int:
    """Return an end that is a sentence later or earlier, within the turn, by no more than half of the place."""
    start, end = place.start_char, place.end_char
    if outwards:
        rest = text[end : place.turn_end]
        lead = len(rest) - len(rest.lstrip())
        later = end + lead + sentences(rest[lead:])[0][1]
        return later if rest.strip() and 2 * (later - end) <= end - start else end
    inner = sentences(text[start:end])
    earlier = start + inner[-2][1] if len(inner) > 1 else end
    return earlier if 2 * (end - earlier) <= end - start else end


def _of(table: Mapping[str, float], sub_theme: str) -> float:
    return float(table.get(sub_theme, table["default"]))
