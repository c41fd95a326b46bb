"""What the tests of exchange share."""

import pytest

from subtheme.study import Codebook

CODEBOOK = """
format = "subtheme-codebook/1"
title = "Trial"
[[code]]
id = "working-time"
name = "Working time"
[[code.code]]
id = "split-shifts"
name = "Split shifts"
[[code.code]]
id = "other-time"
name = "Other"
[[code]]
id = "support"
name = "Support"
[[code.code]]
id = "appraisal"
name = "Appraisal"
[[code.code]]
id = "other-support"
name = "Other"
"""


@pytest.fixture
def codebook():
    """Return a codebook in which one name stands twice."""
    return Codebook.from_toml(CODEBOOK, where="trial.toml")
