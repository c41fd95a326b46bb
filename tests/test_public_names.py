"""The public face: its names, that they load late, and that results tell no words of interviews."""

import subprocess
import sys

import subtheme as st
from subtheme.errors import InputError

NAMES = [
    "Codebook",
    "Judgements",
    "Study",
    "ThemeClassifier",
    "cohen_kappa",
    "fleiss_kappa",
    "gwet_ac1",
    "krippendorff_alpha",
    "percent_agreement",
    "positive_agreement",
    "score",
    "scott_pi",
]


def test_the_public_names_are_these():
    assert st.__all__ == NAMES
    assert all(getattr(st, name) is not None for name in NAMES)
    assert set(NAMES) < set(dir(st))


def test_importing_the_package_loads_nothing_heavy():
    code = "import subtheme, sys; print(sorted({'numpy', 'pandas', 'sklearn', 'torch', 'spacy'} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


def test_what_cannot_be_used_is_a_value_error():
    assert issubclass(InputError, ValueError)
