"""The role that a speaker's label names by its words alone."""

import re
import unicodedata

from subtheme.nouns import Role
from subtheme.transcripts import label_words
from subtheme.transcripts.label_words import bare

_BETWEEN_WORDS = re.compile(r"[\W\d_]+")


def words_of_label(label: str) -> list[str]:
    """Return the words of a label as `bare` leaves them: without digits, marks and brackets.

    >>> words_of_label("INT_1"), words_of_label("Interviewer:in")
    (['int'], ['interviewer', 'in'])
    """
    return [w for w in _BETWEEN_WORDS.split(bare(label)) if w]


def role_in_full(label: str) -> Role | None:
    """Return the role that a whole word such as ``MODERATOR`` or ``回答者`` names, or None.

    >>> role_in_full("The Witness"), role_in_full("I1"), role_in_full("被采访者")
    (<Role.PARTICIPANT: 'participant'>, None, <Role.PARTICIPANT: 'participant'>)
    """
    words = set(words_of_label(label))
    if words & label_words.INTERVIEWER:
        return Role.INTERVIEWER
    if words & label_words.PARTICIPANT:
        return Role.PARTICIPANT
    if label.isascii():
        return None
    plain = bare(label)
    longest = {
        role: max((len(word) for word in listed if word in plain), default=0)
        for role, listed in (
            (Role.PARTICIPANT, label_words.PARTICIPANT_INSIDE),
            (Role.INTERVIEWER, label_words.INTERVIEWER_INSIDE),
        )
    }
    best = max(longest, key=lambda r: longest[r])
    return best if longest[best] else None


def role_of_label(label: str) -> Role | None:
    """Return the role that a speaker's label names by itself, or None where it is just a name.

    >>> role_of_label("INT1"), role_of_label("Participant 3"), role_of_label("Dan")
    (<Role.INTERVIEWER: 'interviewer'>, <Role.PARTICIPANT: 'participant'>, None)
    """
    role = role_in_full(label)
    if role is not None:
        return role
    words = words_of_label(label)
    if set(words) & label_words.OTHER:
        return Role.OTHER
    if len(words) == 1 and words[0] in label_words.INTERVIEWER_ALONE:
        return Role.INTERVIEWER
    if len(words) == 1 and words[0] in label_words.PARTICIPANT_ALONE:
        return Role.PARTICIPANT
    return None


def initial_of(label: str) -> str:
    """Return the only word of a short label, without its number; empty where there are more words.

    >>> initial_of("P1"), initial_of("Int."), initial_of("Dr Ann Lee")
    ('p', 'int', '')
    """
    words = words_of_label(label)
    return words[0] if len(words) == 1 else ""


def is_stand_in(label: str) -> bool:
    """Return whether the label is nobody's own name, and its words may be a participant's: ``Unknown Speaker``."""
    return bool(set(words_of_label(label)) & label_words.STAND_IN)


def is_numbered(label: str) -> bool:
    """Return whether the label holds a number, in any script."""
    return any(unicodedata.category(c) == "Nd" for c in label)
