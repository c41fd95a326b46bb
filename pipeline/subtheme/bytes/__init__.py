"""Reading what strangers wrote, safely: sizes, packages, XML and encodings, before anybody looks at the words."""

from subtheme.bytes.encodings import SAVE_TABLE, Decoded, decoded
from subtheme.bytes.guards import DEFAULT_LIMITS, Archive, Limits, parse_xml, read_bytes, read_head

__all__ = [
    "DEFAULT_LIMITS",
    "SAVE_TABLE",
    "Archive",
    "Decoded",
    "Limits",
    "decoded",
    "parse_xml",
    "read_bytes",
    "read_head",
]
