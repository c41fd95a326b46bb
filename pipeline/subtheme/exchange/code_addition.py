"""Adding to a study's codebook the codes of a file that it lacks, without touching what a person wrote in it."""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from subtheme.errors import InputError, Problem, shown
from subtheme.exchange.code_matches import match_codes
from subtheme.exchange.codebook_toml import code_toml, codebook_toml
from subtheme.nouns import Code, Codebook, folded

_MOST_NAMED = 20
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
    namesakes: dict[str, list[str]] = defaultdict(list)
    below: dict[str, list[Code]] = defaultdict(list)
    for code in own.codes:
        below[code.parent].append(code)
        if code.id not in spoken_for:
            namesakes[folded(code.name)].append(code.id)
    depths = {code.id: code.depth for code in own.codes} | {"": -1}
    added: list[Code] = []
    problems = []
    for code in (foreign.by_id[i] for i in matches.missing):
        if meant := namesakes.get(folded(code.name)):
            problems.append(
                Problem(
                    what=f"code {shown(code.name)} ({code.id}) may be {' or '.join(meant)} of the study",
                    where=source,
                    expected="names that tell which code is meant",
                    remedy="Rename the code in one of the two; nothing was changed",
                )
            )
            continue
        parent = ids.get(code.parent, "")
        ids[code.id] = code.id
        depths[code.id] = depths[parent] + 1
        added.append(replace(code, parent=parent, depth=depths[code.id]))
        below[parent].append(added[-1])
    if problems:
        raise InputError(problems[:_MOST_NAMED])
    return replace(own, codes=tuple(_in_reading_order(below))), tuple(added)


def _in_reading_order(below: Mapping[str, Sequence[Code]]) -> Iterator[Code]:
    """Iterate over the codes, each before those below it."""
    left = list(reversed(below.get("", ())))
    while left:
        code = left.pop()
        yield code
        left += reversed(below.get(code.id, ()))


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
