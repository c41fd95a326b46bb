"""Which language's sentence rules a transcript is cut by, and what a person should know of that."""

from collections.abc import Sequence
from dataclasses import dataclass

from subtheme.segments.languages import DEFAULT, LANGUAGES, Language
from subtheme.segments.recognition import Recognised, language_name, recognised

_FEWEST_WORDS_TO_SAY_SO = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class LanguageChoice:
    """The language of a transcript.

    Attributes
    ----------
    code : str
        Of the language that it seems to be in, also where no rules are known for that; empty where nothing can be said.
    rules : Language
        The language whose sentence rules are used.
    notes : tuple of str
        What is out of the ordinary.
    """

    code: str
    rules: Language
    notes: tuple[str, ...] = ()


def language_choice(texts: Sequence[str], *, among: Sequence[Language]) -> LanguageChoice:
    """Return the language for the words of a transcript.

    Parameters
    ----------
    texts : sequence of str
        Its turns.
    among : sequence of Language
        The languages of the study; none where each transcript is to be told by itself.
    """
    text = " ".join(texts)
    found = recognised(text)
    rules = _rules(found, among)
    note = _note(found, rules, among) if len(text.split()) >= _FEWEST_WORDS_TO_SAY_SO else ""
    return LanguageChoice(
        code=found.code if found.is_sure else (rules.code if among else ""), rules=rules, notes=(note,) if note else ()
    )


def _rules(found: Recognised, among: Sequence[Language]) -> Language:
    allowed = {language.code: language for language in among} or LANGUAGES
    if found.is_sure and found.code in allowed:
        return allowed[found.code]
    return among[0] if among else LANGUAGES[DEFAULT]


def _note(found: Recognised, rules: Language, among: Sequence[Language]) -> str:
    by = f"cut by the sentence rules of {rules.name}"
    if not found.is_sure:
        return "" if among else f"no language could be told: {by}; say which with 'language' in study.toml"
    if found.code == rules.code:
        return ""
    if among:
        names = " or ".join(language.name for language in among)
        return f"seems to be {language_name(found.code)}, and the study's language is {names}: {by}"
    return f"seems to be {language_name(found.code)}, whose sentence rules are not known: {by}"
