"""A codebook as TOML that `subtheme.study.Codebook` reads back to the same, and that a person can edit."""

import json

from subtheme.study import Codebook
from subtheme.study.codebook import FORMAT


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
        lines += [
            "",
            f"[[{'.'.join(['code'] * (code.depth + 1))}]]",
            f"id = {_text(code.id)}",
            f"name = {_text(code.name)}",
        ]
        for key in ("definition", "when_to_use", "when_not"):
            if words := getattr(code, key):
                lines.append(f"{key} = {_text(words)}")
        if code.examples:
            lines.append(f"examples = [{', '.join(map(_text, code.examples))}]")
        if code.placeholder:
            lines.append("placeholder = true")
    return "\n".join(lines) + "\n"


def _text(words: str) -> str:
    # A JSON string is a TOML basic string, but for DEL, which TOML wants escaped.
    return json.dumps(words, ensure_ascii=False).replace("\x7f", "\\u007f")
