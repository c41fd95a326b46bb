"""Utterances to one text: ``Speaker: words``, a blank line between turns, and the span of every turn."""

from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise

from subtheme.nouns import Role, canonical_text
from subtheme.transcripts.draft import Draft, Span, Utterance

_SENTENCE_ENDS = (".", "?", "!", "…", "。", "？", "！")
_CLOSERS = "\"'”’»)]"
_SAME_BREATH_S = 2.0


def rendered(
    utterances: Iterable[Utterance],
    *,
    where: str,
    grammar: str,
    encoding: str,
    notes: Iterable[str] = (),
    id: str = "",  # noqa: A002
    declared: Mapping[str, Role] | None = None,
) -> Draft:
    """Return the draft of `utterances`, one turn each; utterances without words are left out.

    Parameters
    ----------
    utterances : iterable of Utterance
        In the order of the conversation.
    where : str
        Name of the source, for errors.
    grammar, encoding, notes, id, declared
        As in `Draft`.

    Raises
    ------
    InputError
        If the words hold NUL or lone surrogates.
    """
    parts: list[str] = []
    spans: list[Span] = []
    at = 0
    for utterance in utterances:
        words = canonical_text(utterance.words, where=where).strip()
        if not words:
            continue
        speaker = " ".join(canonical_text(utterance.speaker, where=where).split())
        lead = f"{speaker}: " if speaker else ""
        start = at + len(lead)
        spans.append(
            Span(
                speaker=speaker,
                start_char=start,
                end_char=start + len(words),
                start_s=utterance.start_s,
                end_s=utterance.end_s,
                role=utterance.role,
            )
        )
        parts += (lead, words, "\n\n")
        at = start + len(words) + 2
    return Draft(
        text="".join(parts),
        spans=tuple(spans),
        grammar=grammar,
        encoding=encoding,
        notes=tuple(notes),
        id=id,
        declared=declared or {},
    )


def merged(utterances: Iterable[Utterance], *, joint: Callable[[str, str], str] | None = None) -> list[Utterance]:
    """Return `utterances` with neighbours of one speaker made into one.

    Where nobody is named, neighbours are joined as long as the sentence goes on: the earlier one
    does not end a sentence and the later one begins within two seconds.

    Parameters
    ----------
    utterances : iterable of Utterance
    joint : callable or None
        Returns what stands between two texts; a blank by default.
    """
    between = joint or (lambda _left, _right: " ")
    groups: list[list[Utterance]] = []
    for utterance in utterances:
        if not utterance.words.strip():
            continue
        if groups and _belongs(groups[-1][-1], utterance):
            groups[-1].append(utterance)
        else:
            groups.append([utterance])
    return [_joined(g, between) for g in groups]


def _joined(group: list[Utterance], between: Callable[[str, str], str]) -> Utterance:
    words = [group[0].words.strip()]
    for left, right in pairwise(group):
        words += (between(left.words, right.words), right.words.strip())
    ends = [u.end_s for u in group if u.end_s is not None]
    return Utterance(
        speaker=group[0].speaker,
        words="".join(words),
        start_s=group[0].start_s,
        end_s=ends[-1] if ends else None,
        role=group[0].role,
    )


def _belongs(left: Utterance, right: Utterance) -> bool:
    if left.speaker != right.speaker or left.role != right.role:
        return False
    if left.speaker:
        return True
    if left.words.rstrip().rstrip(_CLOSERS).endswith(_SENTENCE_ENDS):
        return False
    return left.end_s is not None and right.start_s is not None and right.start_s - left.end_s < _SAME_BREATH_S
