"""Adding to a study's codebook the codes of a file that it lacks, without touching what a person wrote in it."""

import re
from dataclasses import replace
from itertools import pairwise

from subtheme.errors import InputError, Problem
from subtheme.exchange.code_matches import match_codes
from subtheme.exchange.code_names import folded
from subtheme.exchange.codebook_toml import code_toml, codebook_toml
from subtheme.study import Code, Codebook

_HEADER = re.compile(r"\s*\[\[\s*code(\s*\.\s*code)*\s*\]\]")


def with_codes_of(own: Codebook, foreign: Codebook, *, source: str) -> tuple[Codebook, tuple[Code, ...]]:
    """Return `own` with the codes of `foreign` that it lacks, and these codes as they stand there.

    Which codes the two have in common is told as for an import (see `match_codes`). A code that is lacking stands
    below the code that its parent is, as the last there; without a parent it becomes a theme.

    Parameters
    ----------
    own, foreign : Codebook
    source : str
        File of `foreign`, for errors.

    Raises
    ------
    InputError
        If `own` has a code of the same name in another place that may be meant, once or several times.
    """
    matches = match_codes(foreign, own)
    ids = dict(matches.found)
    spoken_for = set(ids.values())
    codes = list(own.codes)
    added: list[Code] = []
    problems = []
    for code in (foreign.by_id[i] for i in matches.missing):
        namesakes = [c.id for c in own.codes if folded(c.name) == folded(code.name) and c.id not in spoken_for]
        if namesakes:
            problems.append(
                Problem(
                    what=f"code '{code.name}' ({code.id}) may be {' or '.join(namesakes)} of the study",
                    where=source,
                    expected="names that tell which code is meant",
                    remedy="Rename the code in one of the two; nothing was changed",
                )
            )
            continue
        parent = ids.get(code.parent, "")
        place = next((n for n, c in enumerate(codes) if c.id == parent), None)
        depth = 0 if place is None else codes[place].depth + 1
        end = len(codes) if place is None else place + 1
        while end < len(codes) and codes[end].depth >= depth:
            end += 1
        ids[code.id] = code.id
        added.append(replace(code, parent=parent, depth=depth))
        codes.insert(end, added[-1])
    if problems:
        raise InputError(problems)
    return replace(own, codes=tuple(codes)), tuple(added)


def toml_with(text: str, codebook: Codebook) -> str:
    """Return the TOML of `codebook`, which has more codes than its earlier `text`, with the comments of that text.

    Where the text is not one header per code, as a person or this package writes it, it is written anew.
    """
    old = {code.id for code in Codebook.from_toml(text, where="codebook").codes}
    lines = text.rstrip().split("\n")
    begins = [_without_lead(lines, n) for n, line in enumerate(lines) if _HEADER.match(line)]
    blocks = iter([lines[begin:end] for begin, end in pairwise([*begins, len(lines)])])
    new = lines[: begins[0]] if begins else []
    for code in codebook.codes:
        new += next(blocks, []) if code.id in old else code_toml(code)
    kept = "\n".join(new) + "\n"
    return kept if _is(kept, codebook) else codebook_toml(codebook)


def _without_lead(lines: list[str], header: int) -> int:
    """Return the first of the blank lines and comments right before a header, which belong to it."""
    while header and (not lines[header - 1].strip() or lines[header - 1].lstrip().startswith("#")):
        header -= 1
    return header


def _is(text: str, codebook: Codebook) -> bool:
    try:
        return Codebook.from_toml(text, where="codebook") == codebook
    except InputError:
        return False
