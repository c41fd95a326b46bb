"""The same coefficients from a program that shares nothing with ours: qdaPy, in an environment of its own."""

import json
import math
import os
import subprocess
import venv
from pathlib import Path

import numpy as np
import pytest

from subtheme.agreement import brennan_prediger, cohen_kappa, gwet_ac1, krippendorff_alpha, percent_agreement

SCRIPT = """
import json, sys
import pandas as pd
from qdapy import agreement
tables = json.load(sys.stdin)
print(json.dumps([
    {name: getattr(agreement, name)(pd.DataFrame(rows, columns=["A", "B"]))
     for name in ("kappa", "alpha", "ac1", "brennan", "percent_agreement")}
    for rows in tables
]))
"""


@pytest.mark.journey
@pytest.mark.skipif(os.environ.get("SUBTHEME_FOREIGN") != "1", reason="installs qdaPy (AGPL) apart: SUBTHEME_FOREIGN=1")
def test_qdapy_gives_the_same_kappa_alpha_and_ac1(tmp_path: Path) -> None:
    venv.create(tmp_path / "foreign", with_pip=True)
    python = tmp_path / "foreign" / "bin" / "python"
    subprocess.run([python, "-m", "pip", "install", "--quiet", "qdaPy==0.1.0"], check=True, capture_output=True)
    random = np.random.default_rng(1)
    tables = []
    for values in ("yn", "abcd", "ab"):
        first = random.choice(list(values), 200)
        second = np.where(random.random(200) < 0.7, first, random.choice(list(values), 200))
        tables.append(np.column_stack([first, second]).tolist())
    tables.append([["y", "y"]] * 20)
    done = subprocess.run([python, "-c", SCRIPT], input=json.dumps(tables), capture_output=True, text=True, check=True)
    ours = {
        "kappa": cohen_kappa,
        "alpha": krippendorff_alpha,
        "ac1": gwet_ac1,
        "brennan": brennan_prediger,
        "percent_agreement": percent_agreement,
    }
    for rows, theirs in zip(tables[:3], json.loads(done.stdout), strict=False):
        for name, measure in ours.items():
            assert measure(rows).value == pytest.approx(theirs[name], abs=1e-12), name
    alike = json.loads(done.stdout)[3]
    for name in ("kappa", "alpha", "ac1"):
        assert math.isnan(alike[name])
        assert not ours[name](tables[3]).is_defined
