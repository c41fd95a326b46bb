"""Codes of a foreign project found again in the codebook of a study: by path, by id, by name."""

from collections import defaultdict
from dataclasses import dataclass

from subtheme.nouns import Codebook, folded


@dataclass(frozen=True, slots=True, kw_only=True)
class CodeMatches:
    """Which code of a study each foreign code is.

    Attributes
    ----------
    found : dict of str to str
        Id in the study by the id of the foreign code.
    elsewhere : tuple of str
        Ids of foreign codes that stand in another branch of the study.
    missing : tuple of str
        Ids of foreign codes that the study does not have.
    """

    found: dict[str, str]
    elsewhere: tuple[str, ...]
    missing: tuple[str, ...]


def match_codes(foreign: Codebook, own: Codebook) -> CodeMatches:
    """Return the codes of `own` that the codes of `foreign` are.

    The names from the theme down to the code count first, then the id, then the name where it stands once in
    either codebook. GUIDs do not count: most programs make new ones at every export.
    """
    by_path = {_path(own, c.id): c.id for c in own.codes}
    by_name, times = _by_name(own), _by_name(foreign)
    found: dict[str, str] = {}
    elsewhere, missing = [], []
    for code in foreign.codes:
        match = by_path.get(_path(foreign, code.id), "")
        if not match:
            name = folded(code.name)
            namesakes = by_name[name] if len(times[name]) == 1 else []
            match = code.id if code.id in own else namesakes[0] if len(namesakes) == 1 else ""
            parents = (code.parent, own.by_id[match].parent if match else "")
            if all(parents) and folded(foreign.by_id[parents[0]].name) != folded(own.by_id[parents[1]].name):
                elsewhere.append(code.id)
        if match:
            found[code.id] = match
        else:
            missing.append(code.id)
    return CodeMatches(found=found, elsewhere=tuple(elsewhere), missing=tuple(missing))


def _path(codebook: Codebook, code: str) -> tuple[str, ...]:
    return tuple(folded(codebook.by_id[i].name) for i in codebook.lineage(code))


def _by_name(codebook: Codebook) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for code in codebook.codes:
        found[folded(code.name)].append(code.id)
    return found
