"""The most memory that this process alone has had."""

import resource
import sys
from pathlib import Path


def peak_megabytes() -> int:
    """Return the peak resident size since this program was started, in MB.

    The peak of `resource.getrusage` is that of the parent where a process was started from a larger one; what Linux
    keeps for the address space begins anew with each program.
    """
    status = Path("/proc/self/status")
    if status.exists():
        line = next(n for n in status.read_text(encoding="ascii").splitlines() if n.startswith("VmHWM:"))
        return int(line.split()[1]) // 1024
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak >> 20 if sys.platform == "darwin" else peak >> 10
