"""Messages of protocol buffers, read field by field: weights and word pieces come in such files.

Only what those files need is here, and nothing of the libraries that write them: varints and stretches of bytes.
"""

from collections.abc import Iterator

Value = int | memoryview
_VARINT, _EIGHT, _BYTES, _FOUR = 0, 1, 2, 5


def fields_of(message: memoryview) -> Iterator[tuple[int, Value]]:
    """Yield number and value of every field: an integer, or the bytes of a number, text or message.

    Raises
    ------
    ValueError
        If the message is cut off, or holds what no such file has.
    """
    place, end = 0, len(message)
    while place < end:
        tag, place = _varint(message, place)
        number, kind = tag >> 3, tag & 7
        if kind == _VARINT:
            value, place = _varint(message, place)
            yield number, value
            continue
        if kind == _BYTES:
            size, place = _varint(message, place)
        elif kind in {_EIGHT, _FOUR}:
            size = 8 if kind == _EIGHT else 4
        else:
            raise ValueError(f"a field of kind {kind}")
        if place + size > end:
            raise ValueError("a field that is cut off")
        yield number, message[place : place + size]
        place += size


def messages_in(message: memoryview, *path: int) -> Iterator[memoryview]:
    """Yield the bytes of all fields that lie at `path`, a number per level."""
    first, *rest = path
    for number, value in fields_of(message):
        if number == first and isinstance(value, memoryview):
            yield from messages_in(value, *rest) if rest else (value,)


def varints_in(values: memoryview) -> list[int]:
    """Return the numbers of a packed field."""
    numbers, place = [], 0
    while place < len(values):
        number, place = _varint(values, place)
        numbers.append(number)
    return numbers


def _varint(message: memoryview, place: int) -> tuple[int, int]:
    value, shift = 0, 0
    while place < len(message):
        byte = message[place]
        place += 1
        value |= (byte & 0x7F) << shift
        if not byte & 0x80:
            return value, place
        shift += 7
    raise ValueError("a number that is cut off")
