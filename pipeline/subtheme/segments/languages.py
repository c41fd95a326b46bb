"""The languages whose sentence rules are known, and what the rules of spaCy miss in each.

spaCy's own lists of abbreviations come first. What stands here was found missing on invented sentences of each
language (``tests/segments/test_languages.py``): mostly abbreviations of care, households and offices.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from subtheme.errors import InputError, Problem, suggestion

AUTO = "auto"
"""As a setting: every transcript's language is told from its words."""

DEFAULT = "en"
"""The language whose rules are used where none could be told."""


@dataclass(frozen=True, kw_only=True)
class Language:
    """A language and its sentence rules.

    Attributes
    ----------
    code : str
        Of ISO 639-1, with ``nb`` for Norwegian.
    name : str
    goes_on : str
        Abbreviations after which a sentence always goes on, separated by commas; spaces in them are optional.
    may_end : str
        Abbreviations that end a sentence where a capital follows, and do not elsewhere.
    has_ordinals : bool
        Whether a number with a full stop is an ordinal ("3. Mai").
    nouns_are_capital : bool
        Whether a capital letter may begin any noun, so that it tells no sentence.
    has_compounds : bool
        Whether words are joined to longer ones without a space.
    """

    code: str
    name: str
    goes_on: str = ""
    may_end: str = ""
    has_ordinals: bool = False
    nouns_are_capital: bool = False
    has_compounds: bool = False

    @cached_property
    def abbreviations_that_go_on(self) -> tuple[str, ...]:
        """Return `goes_on` one by one."""
        return _listed(self.goes_on)

    @cached_property
    def abbreviations_that_may_end(self) -> tuple[str, ...]:
        """Return `may_end` one by one."""
        return _listed(self.may_end)


def _listed(text: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in text.split(",") if part.strip())


_ALL = (
    Language(code="en", name="English"),
    Language(
        code="de",
        name="German",
        goes_on="z. B., d. h., u. a., v. a., z. T., z. Zt., i. d. R., u. U., m. E., o. g., u. g., s. o., s. u., "
        "bzw., ca., Nr., Dr., Prof., Hr., Fr., ggü., ggf., evtl., inkl., exkl., vgl., bspw., insb., sog., "
        "geb., mind., max., Mio., Mrd., Tel., Abt., Art., Abs., St.",
        may_end="usw., u. s. w., etc., o. ä., u. ä., Std., Min., Sek., Str., Jh., S.",
        has_ordinals=True,
        nouns_are_capital=True,
        has_compounds=True,
    ),
    Language(
        code="es",
        name="Spanish",
        goes_on="Sr., Sra., Srta., Sres., Sras., Dr., Dra., Dña., Ud., Uds., Vd., Vds., Prof., Profa., Lic., "
        "Ing., Av., Avda., Sto., Sta., p. ej., por ej.",
        may_end="etc., aprox., art., pág., págs., núm., n.º, tel., máx., mín., cap., fig., EE. UU., a. m., p. m.",
    ),
    Language(
        code="fr",
        name="French",
        goes_on="M., MM., Mme., Mlle., Dr., Pr., Prof., p. ex., par ex., cf., c.-à-d., Ste.",
        may_end="etc., art., env., av., p., pp., tél., min., max., chap., fig., éd., boul., bd., hab.",
    ),
    Language(
        code="pt",
        name="Portuguese",
        goes_on="Sr., Sra., Srs., Sras., Srta., Dr., Dra., Drs., Prof., Profa., Prof.ª, Eng., Enga., Enf., Av., "
        "Sto., Sta., p. ex., por ex.",
        may_end="etc., aprox., art., pág., núm., n.º, tel., máx., mín., ex., cap., fig.",
    ),
    Language(
        code="it",
        name="Italian",
        goes_on="sig., sig.ra, sig.na, sigg., dott., dott.ssa, dr., dr.ssa, prof., prof.ssa, avv., ing., geom., "
        "rag., on., ad es., p. es., per es.",
        may_end="ecc., etc., art., pag., pagg., tel., cap., fig., max., min.",
    ),
    Language(
        code="nl",
        name="Dutch",
        goes_on="bijv., bv., mevr., mw., dhr., dr., drs., ing., ir., prof., d.w.z., o.a., m.b.t., i.v.m., t.a.v., "
        "m.a.w., i.p.v., z.g., zgn., ca., nr., blz., vgl., evt., incl., excl., resp., max., min., tel.",
        may_end="enz., etc., e.d., e.a., p.w., p.m., jl.",
        has_compounds=True,
    ),
    Language(
        code="sv",
        name="Swedish",
        goes_on="t. ex., bl. a., d. v. s., dvs., s. k., p. g. a., pga., m. a. o., fr. o. m., t. o. m., f. d., "
        "kl., ca., c:a, nr., dr., prof., resp., ev., inkl., exkl., max., min., jfr., ang.",
        may_end="osv., o. s. v., etc., m. m., m. fl., o. d., o. dyl., kr., tim.",
        has_compounds=True,
    ),
    Language(
        code="da",
        name="Danish",
        goes_on="f. eks., bl. a., d. v. s., dvs., s. k., p. g. a., pga., m. h. t., mht., i. f. t., ift., ifm., "
        "hhv., kl., ca., hr., dr., prof., nr., evt., inkl., ekskl., max., min., jf., vedr., tlf., pr., "
        "ang.",
        may_end="osv., o. s. v., etc., m. m., m. v., mv., m. fl., o. l., kr.",
        has_ordinals=True,
        has_compounds=True,
    ),
    Language(
        code="nb",
        name="Norwegian",
        goes_on="f. eks., bl. a., d. v. s., dvs., s. k., p. g. a., pga., m. h. t., mht., ift., ifm., hhv., kl., "
        "ca., hr., dr., prof., nr., evt., ev., inkl., ekskl., max., maks., min., jf., jfr., vedr., tlf., "
        "pr., ang., t. o. m., f. o. m.",
        may_end="osv., o. s. v., etc., m. m., m. v., mv., m. fl., o. l., kr.",
        has_ordinals=True,
        has_compounds=True,
    ),
    Language(
        code="fi",
        name="Finnish",
        goes_on="esim., ts., ns., nk., mm., ks., vrt., klo., n., tri., prof., mahd., ml.",
        may_end="jne., yms., ym., tms., jms., kpl., mrk., e. m., puh., s., v.",
        has_ordinals=True,
        has_compounds=True,
    ),
)

LANGUAGES: Mapping[str, Language] = {language.code: language for language in _ALL}
"""By code."""


def languages_of(setting: str) -> tuple[Language, ...]:
    """Return the languages that a setting names: codes or names, separated by commas; none for `AUTO`.

    Raises
    ------
    InputError
        Naming what is no language whose rules are known.
    """
    if setting.strip().lower() == AUTO:
        return ()
    known = {language.code: language for language in _ALL} | {language.name.lower(): language for language in _ALL}
    named = [part.strip() for part in setting.split(",")]
    problems = [
        Problem(
            what=f"no language '{name}'",
            where="language",
            expected=f"{AUTO}, or one or more of {', '.join(LANGUAGES)}",
            remedy=suggestion(name.lower(), known) or f'Set language = "{AUTO}" in study.toml',
        )
        for name in named
        if name.lower() not in known
    ]
    if problems:
        raise InputError(problems)
    return tuple(dict.fromkeys(known[name.lower()] for name in named))
