"""A process: whether it is ours alone, and imports in it that must not see a module.

A command and its workers are processes of our own; a notebook is somebody else's, and we leave it as it was.
"""

import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager

OWN = "SUBTHEME_OWN_PROCESS"
"""Variable that marks a process, and those that it starts, as ours alone."""


def own_this_process() -> None:
    """Mark this process as ours alone: nobody else's code runs in it."""
    os.environ[OWN] = "1"


def is_own_process() -> bool:
    """Return whether nobody else's code runs in this process."""
    return os.environ.get(OWN) == "1"


@contextmanager
def hidden(name: str) -> Iterator[None]:
    """Let imports inside find no module `name`, and put back what was; one that is loaded stays in sight."""
    if name in sys.modules:
        yield
        return
    sys.modules[name] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        if sys.modules.get(name) is None:
            sys.modules.pop(name, None)
