"""A codebook as TOML that `subtheme.nouns.Codebook` reads back to the same, and that a person can edit."""

import json

from subtheme.nouns import Code, Codebook
from subtheme.nouns.codebook import FORMAT


def codebook_toml(codebook: Codebook) -> str:
    """Return `codebook` as the text of a TOML file.

    >>> book = Codebook(title="T", levels=("sub-theme",), codes=(Code(id="pay", name="Pay", parent="", depth=0),))
    >>> Codebook.from_toml(codebook_toml(book), where="x") == book
    True
    """
    lines = [f"format = {_text(FORMAT)}", f"title = {_text(codebook.title)}"]
    lines.append(f"levels = [{', '.join(map(_text, codebook.levels))}]")
    if codebook.synthetic:
        lines.append("synthetic = true")
    if codebook.note:
        lines.append(f"note = {_text(codebook.note)}")
    for code in codebook.codes:
        lines += code_toml(code)
    return "\n".join(lines) + "\n"


def code_toml(code: Code) -> list[str]:
    """Return the lines of one code, a blank one first."""
    lines = ["", f"[[{'.'.join(['code'] * (code.depth + 1))}]]", f"id = {_text(code.id)}", f"name = {_text(code.name)}"]
    said = {"definition": code.definition, "when_to_use": code.when_to_use, "when_not": code.when_not}
    lines += [f"{key} = {_text(words)}" for key, words in said.items() if words]
    if code.examples:
        lines.append(f"examples = [{', '.join(map(_text, code.examples))}]")
    if code.placeholder:
        lines.append("placeholder = true")
    return lines


def _text(words: str) -> str:
    # A JSON string is a TOML basic string, but for DEL, which TOML wants escaped.
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f")
