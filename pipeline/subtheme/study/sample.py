"""The sample study: invented interviews, codebook and codings that come with the installation."""

from importlib import resources
from pathlib import Path

from subtheme.errors import Problem, StudyError


def sample_files() -> Path:
    """Return the folder of the sample study, from the package or from the checkout. Every file of it says SYNTHETIC.

    Raises
    ------
    StudyError
        If it is not installed.
    """
    packaged = Path(str(resources.files("subtheme"))) / "sample_study"
    checkout = Path(__file__).resolve().parents[3] / "data" / "sample"
    for place in (packaged, checkout):
        if (place / "manifest.json").is_file():
            return place
    raise StudyError(Problem(what="the sample study is not installed", remedy="Reinstall subtheme, or use a checkout"))
