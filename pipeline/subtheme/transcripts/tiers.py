"""Tiers on a time line: ELAN (.eaf), EXMARaLDA (.exb) and Praat (.TextGrid)."""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence

from lxml import etree

from subtheme.bytes.encodings import decoded
from subtheme.bytes.guards import parse_xml
from subtheme.errors import InputError, Problem
from subtheme.nouns import canonical_text
from subtheme.transcripts.draft import Draft, Source, Utterance, plural
from subtheme.transcripts.rendering import merged, rendered
from subtheme.transcripts.stamps import number_of_seconds

_SPELT = re.compile(
    r"(?P<whose>.*?)[\s_:/.@-]*(?P<what>words?|phones?|phonemes?|syllables?|sounds?|mau|kan|gestures?|gaze|codes?|notes?)",
    re.IGNORECASE,
)
_TOKEN = re.compile(r'"((?:[^"]|"")*)"|\[\d*\]:?|(<exists>|<absent>)|(?<![\w.])([-+]?\d+(?:\.\d+)?(?:[eE][-+]?\d+)?)')


def read_eaf(source: Source) -> Draft:
    """Read ELAN: a tier that does not depend on another is a speaker, or the tier of words below a tier of ids.

    Raises
    ------
    InputError
        If the XML is refused or is not ELAN's.
    """
    root = _root(source, "ANNOTATION_DOCUMENT", "an ELAN file (.eaf)")
    slots = {s.get("TIME_SLOT_ID", ""): number_of_seconds(s.get("TIME_VALUE")) for s in root.iter("TIME_SLOT")}
    tiers = list(root.iter("TIER"))
    every = [t.get("TIER_ID", "") for t in tiers]
    spoken = [
        t
        for t in tiers
        if not t.get("PARENT_REF")
        and not _describes_another(t.get("TIER_ID", ""), every)
        and _is_speech([_value(a) for a in _annotations(t)])
    ]
    names = {t.get("TIER_ID"): t for t in tiers}
    for tier in tiers:
        parent = names.get(tier.get("PARENT_REF"))
        # A tier of ids (a reference tier) has its speech in the first tier below it that holds words.
        if parent is not None and not parent.get("PARENT_REF") and parent not in spoken:
            has_sibling = any(s.get("PARENT_REF") == tier.get("PARENT_REF") for s in spoken)
            if not has_sibling and _is_speech([_value(a) for a in _annotations(tier)]):
                spoken.append(tier)
    times = _times_of_annotations(tiers, slots)
    utterances = [
        Utterance(
            speaker=tier.get("PARTICIPANT") or tier.get("TIER_ID") or "",
            words=_value(item),
            start_s=_span_of(item, times, slots)[0],
            end_s=_span_of(item, times, slots)[1],
        )
        for tier in spoken
        for item in _annotations(tier)
    ]
    return _draft(utterances, source, "eaf/elan", len(tiers) - len(spoken), encoding=_encoding(root))


def _annotations(tier: etree._Element) -> Iterator[etree._Element]:
    return tier.iter("ALIGNABLE_ANNOTATION", "REF_ANNOTATION")


def _value(annotation: etree._Element) -> str:
    return annotation.findtext("ANNOTATION_VALUE") or ""


def _times_of_annotations(
    tiers: Sequence[etree._Element], slots: Mapping[str, float | None]
) -> dict[str, tuple[float | None, float | None]]:
    """Return start and end of every annotation in seconds; one that refers to another has the other's."""
    times: dict[str, tuple[float | None, float | None]] = {}
    refers: dict[str, str] = {}
    for tier in tiers:
        for item in _annotations(tier):
            key = item.get("ANNOTATION_ID", "")
            if item.tag == "REF_ANNOTATION":
                refers[key] = item.get("ANNOTATION_REF", "")
                continue
            times[key] = _span_of(item, times, slots)
    for key, first in refers.items():
        seen, at = {key}, first
        while at in refers and at not in seen:
            seen.add(at)
            at = refers[at]
        times[key] = times.get(at, (None, None))
    return times


def _span_of(
    item: etree._Element, times: Mapping[str, tuple[float | None, float | None]], slots: Mapping[str, float | None]
) -> tuple[float | None, float | None]:
    """Return start and end of one annotation in seconds: its own, or those of the one that it refers to."""
    if item.tag == "REF_ANNOTATION":
        return times.get(item.get("ANNOTATION_ID", ""), (None, None))
    start, end = (slots.get(item.get(f"TIME_SLOT_REF{i}", "")) for i in (1, 2))
    return None if start is None else start / 1000, None if end is None else end / 1000


def _is_speech(values: Sequence[str]) -> bool:
    """Return whether a tier holds speech: not ids or codes, of which most are one word with a number or few letters."""
    filled = [v for v in values if v.strip()]
    codes = [v for v in filled if len(v.split()) == 1 and (any(c.isdigit() for c in v) or "_" in v)]
    return bool(filled) and 2 * len(codes) <= len(filled)


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
    """Read Praat's TextGrid, long or short: a tier is a speaker, unless it spells out another in words or sounds.

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
        found = list(_grid(_tokens(text)))
    except (StopIteration, RuntimeError, ValueError, OverflowError):
        raise InputError(
            Problem(
                what="the TextGrid ends too early or is damaged",
                where=source.name,
                expected="tiers with intervals or points",
                remedy="Save it again from Praat, as text",
            )
        ) from None
    names = dict.fromkeys(u.speaker for u in found)
    kept = [n for n in names if not _describes_another(n, names)]
    speech = [u for u in found if u.speaker in kept]
    return _draft(speech, source, "textgrid/praat", len(names) - len(kept), encoding=content.encoding)


def _describes_another(tier: str, tiers: Collection[str]) -> bool:
    """Return whether a tier spells out what another one says, in sounds or words, or holds codes."""
    match = _SPELT.fullmatch(tier)
    if match is None:
        return False
    is_of_words = match["what"].casefold().startswith("word")
    return not is_of_words or bool(match["whose"] and any(t.casefold() == match["whose"].casefold() for t in tiers))


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
