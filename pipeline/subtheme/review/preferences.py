"""What a coder sets for the page: which keys do what, whether they act alone, with Alt, or not at all."""

import json
import os
from dataclasses import dataclass, field
from pathlib import Path

from subtheme.errors import InputError, Problem

FORMAT = "subtheme-review-preferences/1"

ACTIONS: dict[str, tuple[str, str]] = {
    "accept": ("a", "Accept (blind: it applies)"),
    "reject": ("x", "Reject (blind: it does not apply)"),
    "unsure": ("u", "Unsure"),
    "counter-example": ("o", "Counter-example: about the code, and denies the influence"),
    "next-row": ("j", "Next code"),
    "previous-row": ("k", "Previous code"),
    "finish": ("n", "Finish this segment and go on; Enter does the same. What is open stays open"),
    "add": ("c", "Add a code"),
    "relabel": ("r", "Reject this code and add another"),
    "memo": ("i", "Write a memo"),
    "start-back": ("[", "Begin the coding a word earlier"),
    "start-on": ("]", "Begin the coding a word later"),
    "end-back": ("{", "End the coding a word earlier"),
    "end-on": ("}", "End the coding a word later"),
    "evidence": ("e", "Evidence of this proposal"),
    "flag": ("f", "Flag, to come back"),
    "undo": ("z", "Undo the last thing done, however long ago"),
    "more": ("m", "More context"),
    "transcript": ("t", "Whole transcript"),
    "help": ("?", "This help"),
}
"""Every action by name: its key to begin with, and what it does."""

MODES = {
    "single": "a key alone",
    "alt": "Alt and a key",
    "off": "no keys: buttons only",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferences:
    """One coder's settings of the page.

    Attributes
    ----------
    mode : str
        A key of `MODES`.
    keys : dict of str to str
        Key of every action.
    """

    mode: str = "single"
    keys: dict[str, str] = field(default_factory=lambda: {name: key for name, (key, _) in ACTIONS.items()})

    @classmethod
    def checked(cls, mode: str, keys: dict[str, str]) -> "Preferences":
        """Return preferences from a form.

        Raises
        ------
        InputError
            Unknown mode, a key that is not one character, or one key for two actions: all in one go.
        """
        problems = []
        if mode not in MODES:
            problems.append(Problem(what="unknown way of using keys", expected=f"one of {', '.join(MODES)}"))
        own = {name: keys.get(name, usual).strip().casefold() for name, (usual, _) in ACTIONS.items()}
        for name, key in own.items():
            if len(key) != 1 or not key.isprintable():
                problems.append(Problem(what=f"the key of '{name}' is not one character"))
        for key in sorted({k for k in own.values() if list(own.values()).count(k) > 1 and k}):
            names = ", ".join(f"'{n}'" for n, k in own.items() if k == key)
            problems.append(Problem(what=f"one key for several actions: {names}", expected="a key of its own for each"))
        if problems:
            raise InputError(problems)
        return cls(mode=mode, keys=own)


class PreferenceFile:
    """Preferences of all coders of a study, in one file beside the store.

    Parameters
    ----------
    path : pathlib.Path or None
        None keeps them in memory.
    """

    def __init__(self, path: Path | None) -> None:
        self._path = path
        self._coders: dict[str, dict[str, object]] = self._load()

    def of(self, coder: str) -> Preferences:
        """Return a coder's preferences; where there are none, or they cannot be read, the usual ones."""
        stored = self._coders.get(coder, {})
        keys = stored.get("keys")
        try:
            return Preferences.checked(str(stored["mode"]), {str(k): str(v) for k, v in dict(keys or {}).items()})  # type: ignore[call-overload]
        except (InputError, KeyError, TypeError, ValueError):
            return Preferences()

    def store(self, coder: str, preferences: Preferences) -> None:
        """Keep a coder's preferences."""
        self._coders[coder] = {"mode": preferences.mode, "keys": preferences.keys}
        if self._path is None:
            return
        temporary = self._path.with_suffix(".new")
        text = json.dumps({"format": FORMAT, "coders": self._coders}, indent=2, sort_keys=True, ensure_ascii=False)
        descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(text + "\n")
        temporary.replace(self._path)

    def _load(self) -> dict[str, dict[str, object]]:
        if self._path is None:
            return {}
        try:
            content = json.loads(self._path.read_text(encoding="utf-8"))
            return {str(k): dict(v) for k, v in content["coders"].items()} if content["format"] == FORMAT else {}
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return {}
