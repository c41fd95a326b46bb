"""What differs between operating systems, in one place: who may read a file, who has a port, which names are free."""

import socket
from pathlib import Path

_DEVICES = frozenset({"con", "prn", "aux", "nul", *(f"{d}{n}" for d in ("com", "lpt") for n in range(1, 10))})


def keep_to_owner(path: Path) -> None:
    """Let nobody but the owner read a file or folder.

    On Windows this does nothing: there a folder takes its rights from the one above, such as the user's own.
    """
    path.chmod(0o700 if path.is_dir() else 0o600)


def take_port_alone(listener: socket.socket) -> None:
    """Let no other program take the port of `listener`, and let it be taken again at once after we have gone.

    On Windows, SO_REUSEADDR would let another program take the port of one that listens; elsewhere it does not.
    """
    exclusive = getattr(socket, "SO_EXCLUSIVEADDRUSE", None)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR if exclusive is None else exclusive, 1)


def is_free_name(name: str) -> bool:
    """Return whether a file may have this name on every operating system.

    >>> is_free_name("model-2"), is_free_name("CON"), is_free_name("nul.txt"), is_free_name("end.")
    (True, False, False, False)
    """
    return (
        bool(name)
        and not set(name) & set('<>:"/\\|?*')
        and all(ord(c) >= 32 for c in name)
        and name[-1] not in " ."
        and not name.startswith(".")
        and name.split(".", maxsplit=1)[0].rstrip().lower() not in _DEVICES
    )
