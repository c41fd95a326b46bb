"""Cases, participants and coders."""

from dataclasses import dataclass
from enum import StrEnum


class Level(StrEnum):
    """Where a participant stands in the organisation."""

    FRONT_LINE_WORKER = "front-line-worker"
    FRONT_LINE_MANAGER = "front-line-manager"
    SENIOR_MANAGER = "senior-manager"


@dataclass(frozen=True, slots=True, kw_only=True)
class Case:
    """The unit of analysis, usually an organisation.

    Attributes
    ----------
    id : str
        Short name, such as ``HO1``.
    name : str
        Name to print.
    """

    id: str
    name: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Participant:
    """A person who was interviewed, belonging to one case.

    Attributes
    ----------
    id : str
        Pseudonym, such as ``MHO1-FLW6``.
    case : str
        Id of the case.
    level : str
        A value of `Level`, or any other word that the study uses; empty where unknown.
    """

    id: str
    case: str
    level: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Coder:
    """Someone, or something, that codes: a person, or a model under its own name."""

    id: str
    is_model: bool = False
