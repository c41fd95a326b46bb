"""Every benchmark starts, and has a smallest form that `make nightly` runs."""

import subprocess
import sys
from pathlib import Path

import pytest

FOLDER = Path(__file__).resolve().parents[2] / "benchmarks"
PROGRAMS = sorted(p.name for p in FOLDER.glob("*.py") if "ArgumentParser(" in p.read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", PROGRAMS)
def test_a_benchmark_starts_and_has_a_smallest_form(name: str) -> None:
    done = subprocess.run(
        [sys.executable, str(FOLDER / name), "--help"], capture_output=True, text=True, check=False, timeout=300
    )
    assert done.returncode == 0, done.stderr
    assert "--smoke" in done.stdout


def test_no_benchmark_is_left_out() -> None:
    """A script is a benchmark, a part of one, or a peer that runs in an environment of its own."""
    peers = {"iqual_script.py", "learning_iqual.py", "learning_setfit.py", "obvious_script.py"}
    runs = {p.name for p in FOLDER.glob("*.py") if '__name__ == "__main__"' in p.read_text(encoding="utf-8")}
    assert runs - peers <= set(PROGRAMS)
    assert len(PROGRAMS) >= 17
