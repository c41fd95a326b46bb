"""The words of the report: what the figures mean, and what they must not be called."""

import math
from typing import TYPE_CHECKING

from subtheme.agreement.intervals import THRESHOLDS
from subtheme.agreement.levels import CodeAgreement, LevelAgreement

if TYPE_CHECKING:
    from subtheme.agreement.part import AgreementPart
    from subtheme.agreement.report import AgreementReport

_LANDIS_KOCH = ((0.8, "almost perfect"), (0.6, "substantial"), (0.4, "moderate"), (0.2, "fair"), (0.0, "slight"))


def paragraph(report: "AgreementReport") -> str:
    """Return one paragraph on who coded what, how much twice, blind or not, and what the units are."""
    sentences = _who(report.blind, report)
    if report.assisted is not None:
        seen = report.assisted.coverage
        sentences.append(
            f"With assisted codings included, two coders or more judged {seen.shared_transcripts} transcripts; "
            "those figures say how far coders agree after seeing suggestions, not how far they would agree alone."
        )
    elif report.assisted_asked:
        sentences.append("Nobody read with suggestions in view, so there are no assisted codings to include.")
    sentences.append(
        f"Units are {report.units}."
        if report.units
        else "Units are segments of participants' speech, cut before coding."
    )
    sentences.append(
        f"Disagreements were settled: {report.settled}."
        if report.settled
        else "How disagreements are settled is not recorded."
    )
    return " ".join(sentences)


def _who(part: "AgreementPart", report: "AgreementReport") -> list[str]:
    seen = part.coverage
    who = [
        f"{coder} read {count} of {seen.transcripts} transcripts"
        for coder, count in zip(seen.coders, seen.transcripts_read, strict=True)
        if count or coder not in part.left_out
    ]
    sentences = [f"{'; '.join(who)}."] if who else ["Nobody has read a transcript."]
    sentences.append(
        f"Two coders or more judged {seen.shared_transcripts} transcripts with {seen.shared_segments} of "
        f"{seen.segments} segments ({seen.shared_share:.0%}), blind: they had seen no suggestion."
    )
    if seen.weighted:
        sentences.append(
            "Only a sample of the segments was drawn; figures are weighted to the whole, and participants and cells, "
            "which need all segments, are not compared."
        )
    if report.roster.assisted_only:
        sentences.append(
            f"{_count(len(report.roster.assisted_only), 'reading')} with suggestions in view "
            f"{'does' if len(report.roster.assisted_only) == 1 else 'do'} not count as blind."
        )
    if report.roster.mixed:
        sentences.append(
            f"In {_count(len(report.roster.mixed), 'reading')} the coder later added codings with suggestions in "
            "view; only the blind ones count."
        )
    if part.left_out and part.people is not None:
        sentences.append(f"{', '.join(part.left_out)} shared no transcript with another and is left out.")
    if part.reason:
        sentences.append(f"People are not compared: {part.reason}.")
    if report.roster.without_reading:
        sentences.append(
            f"{', '.join(report.roster.without_reading)} decided on suggestions without reading a transcript whole and "
            "cannot be compared."
        )
    return [*sentences, *_models(part, report)]


def _models(part: "AgreementPart", report: "AgreementReport") -> list[str]:
    if not report.roster.models:
        return []
    words = f"{', '.join(report.roster.models)} coded automatically"
    if report.trained_on:
        words += f"; {_count(len(report.trained_on), 'transcript')} of its training left out"
    if not part.models:
        words += "; nobody has read any other of its transcripts, so it is not compared"
    return [f"{words}."]


def verdict(row: CodeAgreement) -> str:
    """Return what alpha allows to conclude, by the lower end of its interval."""
    if math.isnan(row.alpha):
        return f"not defined ({row.reason})"
    if not row.interval.is_defined:
        return f"no interval ({row.interval.reason})"
    low = row.interval.low
    if low >= THRESHOLDS[1]:
        return "at least .800: firm conclusions"
    if low >= THRESHOLDS[0]:
        return "above .667, below .800: tentative conclusions only"
    return "not shown to reach .667"


def verdicts(level: LevelAgreement) -> tuple[str, ...]:
    """Return one line per verdict with the codes that it holds for."""
    groups: dict[str, list[str]] = {}
    for row in level.rows:
        if not row.is_rare and not math.isnan(row.alpha):
            groups.setdefault(verdict(row), []).append(row.name)
    return tuple(f"{words[0].upper()}{words[1:]}: {', '.join(names)}." for words, names in sorted(groups.items()))


def paradox(row: CodeAgreement) -> str:
    """Return one sentence why kappa and alpha are low although the coders mostly agree, or nothing."""
    sentences = []
    if "prevalence" in row.flags:
        rare = row.prevalence < 0.5
        kind, where = ("rare", "on its absence") if rare else ("nearly everywhere", "on its presence")
        sentences.append(
            f"{row.name}: kappa is {row.kappa:.2f} at {row.percent:.0%} agreement because the code is {kind} "
            f"(prevalence {row.prevalence:.0%}) and most agreement is {where}; when one coder used it the other did "
            f"in {_share(row.positive)}"
        )
    if "bias" in row.flags:
        sentences.append(
            f"{row.name}: one coder used the code more often than the other "
            f"({', '.join(map(str, row.used))} of {row.n})"
        )
    return ". ".join(sentences) + ("." if sentences else "")


def paradoxes(level: LevelAgreement) -> tuple[str, ...]:
    """Return the sentences for a table: one for all where most rows would say the same."""
    rows = [row for row in level.rows if not row.is_rare]
    rare = [row for row in rows if "prevalence" in row.flags and row.prevalence < 0.5]
    lines = []
    if len(rare) > 3 and 2 * len(rare) > len(rows):
        low, high = min(r.prevalence for r in rare), max(r.prevalence for r in rare)
        lines.append(
            f"{len(rare)} of {len(rows)} codes are rare (prevalence {low:.0%} to {high:.0%}): most agreement is on "
            "their absence, so percent agreement and AC1 are high beside kappa whatever coders do with the code; "
            "positive agreement says how often the other coder found it too."
        )
        rows = [row for row in rows if row not in rare] + [row for row in rare if "bias" in row.flags]
    return (*lines, *(text for row in rows if (text := paradox(row))))


def landis_koch(value: float) -> str:
    """Return the word of Landis & Koch (1977) for a kappa; shown only where asked for.

    https://doi.org/10.2307/2529310

    >>> landis_koch(0.61), landis_koch(-0.1)
    ('substantial', 'poor')
    """
    if math.isnan(value):
        return "not defined"
    return next((word for limit, word in _LANDIS_KOCH if value > limit or value == limit == 0), "poor")


def _count(number: int, noun: str) -> str:
    return f"{number} {noun}" if number == 1 else f"{number} {noun}s"


def _share(value: float) -> str:
    return "none" if math.isnan(value) else f"{value:.0%}"
