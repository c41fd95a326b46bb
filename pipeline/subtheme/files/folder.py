"""The folder of a study: what lies where in it, how it is made and opened."""

import contextlib
import json
import re
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import resources
from pathlib import Path

from subtheme.errors import InputError, Problem, StudyError
from subtheme.files.settings import Settings, key_of, read_settings
from subtheme.files.store import Store
from subtheme.nouns import Codebook
from subtheme.platforms import keep_to_owner

_SETTINGS = "study.toml"
_CODEBOOK = "codebook.toml"
_STORE = "study.sqlite"


@dataclass(frozen=True, slots=True, kw_only=True)
class StudyFolder:
    """An opened study.

    Attributes
    ----------
    path : pathlib.Path
    settings : Settings
    codebook : Codebook
    """

    path: Path
    settings: Settings
    codebook: Codebook

    @property
    def name(self) -> str:
        """Name to print: from the settings, else from the folder."""
        return self.settings.name or self.path.resolve().name

    @property
    def synthetic(self) -> bool:
        """Whether the study is invented; either the settings or the codebook say so."""
        return self.settings.synthetic or self.codebook.synthetic

    @property
    def models(self) -> Path:
        """Folder of trained models, one folder each."""
        return self.path / "models"

    @property
    def cache(self) -> Path:
        """Folder of cached vectors; may be deleted at any time."""
        return self.path / "cache"

    @property
    def exports(self) -> Path:
        """Folder of reports, sheets and exports."""
        return self.path / "exports"

    @property
    def store_path(self) -> Path:
        """File of the store, where the settings name no database."""
        return self.path / _STORE

    def model_folders(self) -> list[Path]:
        """Return the folders of trained models, by name."""
        return sorted(p for p in self.models.glob("*") if p.is_dir())

    def store(self) -> Store:
        """Open the store.

        Raises
        ------
        StudyError
            If its file is missing: an empty one in its place would hide that a study was lost.
        """
        if not self.settings.store_url and not self.store_path.is_file():
            raise StudyError(
                Problem(
                    what=f"{_STORE} is missing: the texts, codings and decisions of the study are in it",
                    where=str(self.path),
                    expected=f"{_STORE} beside {_SETTINGS}",
                    remedy="Bring it along from where the study was, or 'subtheme doctor --restore BACKUP'",
                )
            )
        store = Store(self.store_path, url=self.settings.store_url, definitions=self.codebook.definitions)
        if store.lacks_codes_of_then:
            with store.writing():
                store.settle_codes_of_then(self._codes_of_then())
        return store

    def _codes_of_then(self) -> list[str]:
        """Return the codes that readings of an older store were for, as far as can be known.

        A code that no model of the study was trained beside came later, and is open; without a model every code of
        the codebook is taken to have been there.
        """
        remembered: set[str] = set()
        for folder in self.model_folders():
            with contextlib.suppress(OSError, ValueError, AttributeError):
                manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
                remembered |= set(manifest.get("code_hashes", {}))
        return [c.id for c in self.codebook.codes if not remembered or c.id in remembered]


def create_study(
    path: Path,
    *,
    codebook: Path | str,
    name: str = "",
    level: str = "",
    synthetic: bool = False,
    settings: Mapping[str, object] | None = None,
) -> StudyFolder:
    """Make a new study.

    Parameters
    ----------
    path : pathlib.Path
        Folder to make; it may exist if it is empty.
    codebook : pathlib.Path or str
        A codebook in TOML, which is copied in; or the text of one.
    name : str
        Name to print.
    level : str
        Level of the codebook to learn and score; the default of the settings where it is empty.
    synthetic : bool
        Whether the study is invented.
    settings : mapping of str to object, optional
        Further settings by their names in `Settings`.

    Raises
    ------
    StudyError
        If the folder is not empty.
    InputError
        If the codebook is refused, or has no code at the level; nothing is made then.
    """
    if isinstance(codebook, Path):
        Codebook.read(codebook)
        content = codebook.read_bytes()
    else:
        Codebook.from_toml(codebook, where=_CODEBOOK)
        content = codebook.encode("utf-8")
    if path.exists() and (not path.is_dir() or any(path.iterdir())):
        raise StudyError(
            Problem(
                what="the folder is not empty",
                where=str(path),
                expected="a new or empty folder",
                remedy="Choose another name; nothing was changed",
            )
        )
    is_new = not path.exists()
    path.mkdir(parents=True, exist_ok=True)
    try:
        given = {**(settings or {}), **{k: v for k, v in (("name", name), ("level", level)) if v}}
        return _filled(path, content, {**given, "synthetic": True} if synthetic else given)
    except BaseException:
        for made in path.iterdir():
            shutil.rmtree(made) if made.is_dir() else made.unlink()
        if is_new:
            path.rmdir()
        raise


def _filled(path: Path, codebook: bytes, given: Mapping[str, object]) -> StudyFolder:
    """Put a new study into an empty folder."""
    keep_to_owner(path)
    settings = _settings_template()
    for name, value in given.items():
        settings = _with(settings, key_of(name), _toml_value(value))
    (path / _SETTINGS).write_text(settings, encoding="utf-8", newline="\n")
    (path / _CODEBOOK).write_bytes(codebook)
    study = open_study(path)
    Store(study.store_path, url=study.settings.store_url).close()
    return study


def open_study(path: Path, *, given: Mapping[str, object] | None = None) -> StudyFolder:
    """Open a study; `given` are settings from the command line.

    Raises
    ------
    StudyError
        If the folder is not a study.
    InputError
        If its settings or its codebook are refused.
    """
    missing = [name for name in (_SETTINGS, _CODEBOOK) if not (path / name).is_file()]
    if missing:
        raise StudyError(
            Problem(
                what=f"not a study: {' and '.join(missing)} missing",
                where=str(path),
                expected="a folder made by 'subtheme new'",
                remedy="Go into the study's folder, or name it with --study",
            )
        )
    settings = read_settings(path / _SETTINGS, given=given)
    codebook = Codebook.read(path / _CODEBOOK)
    if settings.level not in codebook.levels:
        raise InputError(
            Problem(
                what=f"the codebook has no level '{settings.level}'",
                where=f"{_SETTINGS}, coding.level",
                expected=f"one of {', '.join(codebook.levels)}",
            )
        )
    study = StudyFolder(path=path, settings=settings, codebook=codebook)
    for folder in (study.models, study.cache, study.exports):  # empty folders do not come along with every copy
        with contextlib.suppress(OSError):  # a study that may only be read is read all the same
            folder.mkdir(exist_ok=True)
    return study


def replace_codebook(study: StudyFolder, text: str) -> StudyFolder:
    """Put another codebook in the place of the study's, whole or not at all, and open the study anew.

    Raises
    ------
    InputError
        If the codebook is refused; nothing is changed then.
    StudyError
        If another program is writing to this study, such as a page that shows the codes it has.
    """
    Codebook.from_toml(text, where=_CODEBOOK)
    path = study.path / _CODEBOOK
    beside = path.with_suffix(".new")
    with study.store() as store, store.holding():
        beside.write_text(text, encoding="utf-8", newline="\n")
        beside.replace(path)
    return open_study(study.path)


def _settings_template() -> str:
    """Return the commented settings file, from the package or from the checkout."""
    packaged = resources.files("subtheme") / "configs" / _SETTINGS
    if packaged.is_file():
        return packaged.read_text(encoding="utf-8")
    checkout = Path(__file__).resolve().parents[3] / "configs" / _SETTINGS
    return checkout.read_text(encoding="utf-8")


def _with(settings: str, key: str, value: str) -> str:
    """Return the settings file with another value, written as TOML, for `key`."""
    return re.sub(rf"^{key} = .*$", lambda _: f"{key} = {value}", settings, flags=re.MULTILINE)


def _toml_value(value: object) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    if not isinstance(value, str):
        return repr(value)
    escaped = value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", " ")
    return f'"{escaped}"'
