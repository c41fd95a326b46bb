"""Rich text: converted by striprtf, with emoji put together again."""

import re

from subtheme.errors import InputError, Problem
from subtheme.nouns import canonical_text
from subtheme.transcripts.draft import Draft, Source
from subtheme.transcripts.plain_text import found_draft, turns_of_text

_LINK = re.compile(r"(\\fldinst[^A-Za-z]{0,20})HYPERLINK", re.IGNORECASE)


def read_rtf(source: Source) -> Draft:
    """Read an .rtf file; its plain text becomes the canonical text.

    Raises
    ------
    InputError
        If it is no rich text, or names characters that its own code page does not have.
    """
    from striprtf.striprtf import rtf_to_text

    if not source.data.lstrip().startswith(b"{\\rtf"):
        raise InputError(
            Problem(
                what="the file does not begin like rich text",
                where=source.name,
                expected="{\\rtf",
                remedy="Save it as .rtf or .docx again",
            )
        )
    raw = source.data.decode("latin-1")  # rich text is ASCII; what is beyond is left to the code page
    # striprtf prints the address of a link among the words, with a search that is quadratic in a line: rename the
    # instruction (which is not printed) and begin a line at each field (which rich text ignores).
    raw = _LINK.sub(r"\1LINK", raw).replace("{\\field", "\n{\\field")
    try:
        text = str(rtf_to_text(raw, encoding=source.encoding or "cp1252"))
        # striprtf leaves characters beyond the basic plane as two surrogates each.
        text = text.encode("utf-16", "surrogatepass").decode("utf-16")
    except (UnicodeError, LookupError, ValueError, TypeError, AttributeError, RecursionError, OverflowError) as error:
        raise InputError(
            Problem(
                what=f"the rich text cannot be read ({type(error).__name__})",
                where=source.name,
                expected="rich text as a word processor writes it",
                remedy="Save it as .docx and import that",
            )
        ) from None
    text = canonical_text(text, where=source.name)
    found = turns_of_text(text, source=source)
    notes = []
    if "\\deleted" in raw:
        notes.append("the file has tracked deletions, which cannot be told apart in .rtf: import it as .docx instead")
    return found_draft(text, found, source=source, encoding="binary", notes=notes)
