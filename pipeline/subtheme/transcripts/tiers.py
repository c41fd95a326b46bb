"""Tiers on a time line: ELAN (.eaf), EXMARaLDA (.exb) and Praat (.TextGrid)."""

import re
from collections.abc import Iterator

from lxml import etree

from subtheme.bytes.encodings import decoded
from subtheme.bytes.guards import parse_xml
from subtheme.errors import InputError, Problem
from subtheme.nouns import canonical_text
from subtheme.transcripts.draft import Draft, Source, Utterance, plural
from subtheme.transcripts.rendering import merged, rendered
from subtheme.transcripts.stamps import number_of_seconds

_TOKEN = re.compile(r'"((?:[^"]|"")*)"|\[\d*\]:?|(<exists>|<absent>)|(?<![\w.])([-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)')


def read_eaf(source: Source) -> Draft:
    """Read ELAN: every tier that does not depend on another is a speaker.

    Raises
    ------
    InputError
        If the XML is refused or is not ELAN's.
    """
    root = _root(source, "ANNOTATION_DOCUMENT", "an ELAN file (.eaf)")
    slots = {s.get("TIME_SLOT_ID", ""): number_of_seconds(s.get("TIME_VALUE")) for s in root.iter("TIME_SLOT")}
    utterances: list[Utterance] = []
    dependent = 0
    for tier in root.iter("TIER"):
        if tier.get("PARENT_REF"):
            dependent += 1
            continue
        speaker = tier.get("PARTICIPANT") or tier.get("TIER_ID") or ""
        for item in tier.iter("ALIGNABLE_ANNOTATION"):
            start, end = (slots.get(item.get(f"TIME_SLOT_REF{i}", "")) for i in (1, 2))
            utterances.append(
                Utterance(
                    speaker=speaker,
                    words=item.findtext("ANNOTATION_VALUE") or "",
                    start_s=None if start is None else start / 1000,
                    end_s=None if end is None else end / 1000,
                )
            )
    return _draft(utterances, source, "eaf/elan", dependent, encoding=_encoding(root))


def read_exb(source: Source) -> Draft:
    """Read EXMARaLDA: the first transcription tier of every speaker.

    Raises
    ------
    InputError
        If the XML is refused or is not EXMARaLDA's basic transcription.
    """
    root = _root(source, "basic-transcription", "an EXMARaLDA basic transcription (.exb)")
    times = {t.get("id", ""): number_of_seconds(t.get("time")) for t in root.iter("tli")}
    names = {s.get("id", ""): str(s.findtext("abbreviation") or s.get("id", "")) for s in root.iter("speaker")}
    seen: set[str] = set()
    utterances: list[Utterance] = []
    dependent = 0
    for tier in root.iter("tier"):
        key = tier.get("speaker") or ""
        if tier.get("type") != "t" or key in seen:
            dependent += 1
            continue
        seen.add(key)
        utterances += [
            Utterance(
                speaker=names.get(key, key),
                words="".join(event.itertext()),
                start_s=times.get(event.get("start", "")),
                end_s=times.get(event.get("end", "")),
            )
            for event in tier.iter("event")
        ]
    return _draft(utterances, source, "exb/exmaralda", dependent, encoding=_encoding(root))


def read_textgrid(source: Source) -> Draft:
    """Read Praat's TextGrid, long or short: every tier is a speaker.

    Raises
    ------
    InputError
        If it is not a TextGrid, or ends too early.
    """
    content = decoded(source.data, where=source.name, encoding=source.encoding)
    text = canonical_text(content.text, where=source.name)
    if "ooTextFile" not in text[:200] or "TextGrid" not in text[:200]:
        raise InputError(Problem(what="no head of a TextGrid", where=source.name, expected="a Praat TextGrid as text"))
    try:
        utterances = list(_grid(_tokens(text)))
    except (StopIteration, RuntimeError, ValueError, OverflowError):
        raise InputError(
            Problem(
                what="the TextGrid ends too early or is damaged",
                where=source.name,
                expected="tiers with intervals or points",
                remedy="Save it again from Praat, as text",
            )
        ) from None
    return _draft(utterances, source, "textgrid/praat", 0, encoding=content.encoding)


def _root(source: Source, tag: str, expected: str) -> etree._Element:
    root = parse_xml(source.data, where=source.name)
    if root.tag != tag:
        raise InputError(Problem(what="XML of another kind", where=source.name, expected=expected))
    return root


def _encoding(root: etree._Element) -> str:
    return (root.getroottree().docinfo.encoding or "utf-8").lower()


def _tokens(text: str) -> Iterator[str]:
    """Yield texts in quotes (with a leading quote sign kept) and numbers, in order."""
    for match in _TOKEN.finditer(text):
        if match[1] is not None:
            yield '"' + match[1].replace('""', '"')
        elif match[2] or match[3]:
            yield match[2] or match[3]


def _grid(tokens: Iterator[str]) -> Iterator[Utterance]:
    head = [next(tokens) for _ in range(5)]  # file type, class, start, end, <exists>
    if head[-1] != "<exists>":
        return
    for _ in range(int(next(tokens))):
        kind, name = next(tokens), next(tokens)[1:]
        next(tokens), next(tokens)
        for _ in range(int(next(tokens))):
            start = number_of_seconds(next(tokens))
            end = number_of_seconds(next(tokens)) if kind == '"IntervalTier' else start
            yield Utterance(speaker=name, words=next(tokens)[1:], start_s=start, end_s=end)


def _draft(utterances: list[Utterance], source: Source, grammar: str, dependent: int, *, encoding: str) -> Draft:
    in_order = sorted(utterances, key=lambda u: (u.start_s is None, u.start_s or 0.0))
    notes = []
    if dependent:
        notes.append(f"{plural(dependent, 'tier')} that describe others, or hold no speech, were left out")
    turns = merged(in_order, joint=_own_blank if any(u.words[-1:].isspace() for u in in_order) else None)
    return rendered(turns, where=source.name, grammar=grammar, encoding=encoding, notes=notes)


def _own_blank(left: str, right: str) -> str:
    """Return the joint where events bring their own blanks, so that parts of a word stay together."""
    return " " if left[-1:].isspace() or right[:1].isspace() else ""
