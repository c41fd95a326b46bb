"""What REFI-QDA has no place for, written into the description of the project in words, and read back.

The first line of a project made from invented interviews says SYNTHETIC, in every program.
"""

from dataclasses import dataclass

from subtheme.nouns import Codebook

SYNTHETIC = "SYNTHETIC: invented interviews, not research data"
SYNTHETIC_PREFIX = "SYNTHETIC: "
_LEVELS = "Levels of the codebook: "
_OFFSETS = "Offsets count: "


@dataclass(frozen=True, slots=True, kw_only=True)
class ProjectDescription:
    """The description of a project, taken apart.

    Attributes
    ----------
    levels : tuple of str or None
        Names of the levels of the codebook; None where the description does not say.
    synthetic : bool
    offsets : str
        How offsets count, as `subtheme.exchange.offsets.Offsets.parse` reads it; empty where it does not say.
    note : str
        The rest.
    """

    levels: tuple[str, ...] | None
    synthetic: bool
    offsets: str
    note: str

    @classmethod
    def parse(cls, text: str) -> "ProjectDescription":
        """Take the description of a project apart."""
        levels = None
        offsets = ""
        rest = []
        lines = text.strip().splitlines()
        for line in lines:
            if line.startswith(_LEVELS):
                levels = tuple(p.strip() for p in line.removeprefix(_LEVELS).split(",") if p.strip()) or None
            elif line.startswith(_OFFSETS):
                offsets = line.removeprefix(_OFFSETS)
            elif line != SYNTHETIC:
                rest.append(line)
        return cls(levels=levels, synthetic=SYNTHETIC in lines, offsets=offsets, note="\n".join(rest).strip())


def described_project(codebook: Codebook, *, synthetic: bool, offsets: str = "") -> str:
    """Return the description of a project with this codebook, which counts as `offsets` says."""
    lines = [SYNTHETIC] if synthetic else []
    lines.append(_LEVELS + ", ".join(codebook.levels))
    if offsets:
        lines.append(_OFFSETS + offsets)
    if codebook.note:
        lines.append(codebook.note)
    return "\n".join(lines)
