"""Reading fields of protocol buffers."""

import pytest

from subtheme.embeddings.protobuf import fields_of, messages_in, varints_in


def message(*fields: bytes) -> memoryview:
    return memoryview(b"".join(fields))


def test_numbers_texts_and_messages_are_read_with_their_field_numbers():
    inner = message(b"\x08\x96\x01", b"\x12\x02ab")
    outer = message(b"\x1a" + bytes([len(inner)]), bytes(inner), b"\x25\x00\x00\x80\x3f")
    (number, value), (last, raw) = fields_of(outer)
    assert (number, last) == (3, 4)
    assert bytes(raw) == b"\x00\x00\x80\x3f"
    assert [(n, v if isinstance(v, int) else bytes(v)) for n, v in fields_of(value)] == [(1, 150), (2, b"ab")]
    assert [bytes(text) for text in messages_in(outer, 3, 2)] == [b"ab"]
    assert varints_in(memoryview(b"\x01\x96\x01")) == [1, 150]


@pytest.mark.parametrize(
    ("damaged", "told"),
    [
        (b"\x12\x05ab", "a field that is cut off"),
        (b"\x08\x96", "a number that is cut off"),
        (b"\x0b", "a field of kind 3"),
    ],
)
def test_a_damaged_message_is_told(damaged, told):
    with pytest.raises(ValueError, match=told):
        list(fields_of(memoryview(damaged)))
