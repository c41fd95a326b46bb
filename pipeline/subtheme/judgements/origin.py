"""How an answer was made, from what the coder had on the screen."""

import json

from subtheme.nouns import Basis

ADJUDICATION, SETTLED = "adjudication", "settled"
"""What `shown` says under ``arm`` of an answer about others' answers: from the window, from a decided list."""

_UNSUGGESTED = {Basis.BLIND.word, "first"}
"""Arms in which the coder answered without having seen a suggestion."""


def origin_of(shown: str) -> str:
    """Return ``blind``, ``assisted`` or ``agreed``, the origin of an answer.

    Parameters
    ----------
    shown : str
        JSON of what the coder had on the screen; empty or ``{}`` where there was nothing.

    Examples
    --------
    >>> origin_of("{}"), origin_of('{"model": "m@1"}'), origin_of('{"arm": "settled"}')
    ('blind', 'assisted', 'agreed')
    """
    if shown in {"", "{}"}:
        return Basis.BLIND.word
    seen = json.loads(shown)
    arm = seen.get("arm", Basis.BLIND.word)
    if arm in {ADJUDICATION, SETTLED}:
        return Basis.AGREED.word
    is_assisted = bool(seen.get("model")) or arm not in _UNSUGGESTED
    return Basis.ASSISTED.word if is_assisted else Basis.BLIND.word
