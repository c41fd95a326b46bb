"""GUIDs: foreign ones made comparable, our own derived from content, so that two exports are byte-equal."""

import uuid

_NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://subtheme.invalid/refi-qda")


def plain_guid(text: str) -> str:
    """Return a foreign GUID without braces and in small letters, so that programs' spellings compare equal.

    >>> plain_guid("{5215CC69-B628-4E02-AFB9-9BEEAEE55808}")
    '5215cc69-b628-4e02-afb9-9beeaee55808'
    """
    return text.strip().strip("{}").casefold()


def stable_guid(kind: str, *parts: str) -> str:
    """Return the version-5 UUID of `kind` and `parts`; a coder and a code of one name differ."""
    return str(uuid.uuid5(_NAMESPACE, "\x1f".join((kind, *parts))))
