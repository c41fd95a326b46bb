"""How much to work on at once."""

import os

_MOST_THREADS = 4


def processors() -> int:
    """Return how many processors this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def available_threads() -> int:
    """Return one per available processor, at most four; ``OMP_NUM_THREADS`` is obeyed like elsewhere."""
    asked = os.environ.get("OMP_NUM_THREADS", "")
    if asked.isdigit() and int(asked) > 0:
        return int(asked)
    return min(_MOST_THREADS, processors())
