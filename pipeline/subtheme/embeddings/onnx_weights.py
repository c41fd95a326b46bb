"""Weights of a BERT model out of an ONNX file in whole numbers, as floating point.

The file holds every matrix as whole numbers with a scale per column. Multiplied out they are floats, and the model is
run like any other, so that its vectors are the same on every machine: an engine that multiplies the whole numbers
themselves rounds what it feeds them, and each processor does so in its own way.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import numpy.typing as npt

from subtheme.embeddings.protobuf import Value, fields_of, messages_in, varints_in

_GRAPH, _NODES, _TENSORS = 7, 1, 5
_NODE_INPUT, _NODE_OUTPUT, _NODE_KIND = 1, 2, 4
_FLOAT, _BYTE, _SIGNED_BYTE, _LONG = 1, 2, 3, 7
_TYPES: dict[int, str] = {_FLOAT: "<f4", _BYTE: "u1", _SIGNED_BYTE: "i1", _LONG: "<i8"}
_QUANTISED = "_quantized"
_PRODUCT = re.compile(r"/(encoder/layer\.\d+/.*)/MatMul_output_0_output_quantized\Z")

Floats = npt.NDArray[np.float32]


@dataclass(slots=True)
class _Tensor:
    """A tensor as its message has it."""

    name: str = ""
    kind: int = 0
    shape: list[int] = field(default_factory=list)
    raw: memoryview = field(default_factory=lambda: memoryview(b""))
    numbers: list[int] = field(default_factory=list)

    def values(self) -> npt.NDArray[np.generic]:
        kind = np.dtype(_TYPES[self.kind])
        flat = np.array(self.numbers).astype(kind) if self.numbers else np.frombuffer(self.raw, dtype=kind)
        return flat.reshape(self.shape)


def bert_weights(path: Path) -> dict[str, Floats]:
    """Return the weights in the file by the names that safetensors files of BERT models give them.

    Raises
    ------
    ValueError
        If the file is no such model.
    """
    model = memoryview(path.read_bytes())
    tensors = {t.name: t for t in map(_tensor, messages_in(model, _GRAPH, _TENSORS)) if t.kind in _TYPES}
    weights: dict[str, Floats] = {}
    for name, tensor in tensors.items():
        if tensor.kind == _FLOAT and not name.endswith("_scale"):
            weights[name] = tensor.values().astype(np.float32)
        elif name.startswith("embeddings.") and name.endswith(_QUANTISED):
            weights[name.removesuffix(_QUANTISED)] = _floats(tensors, name)
    for kind, inputs, outputs in map(_node, messages_in(model, _GRAPH, _NODES)):
        place = _PRODUCT.match(outputs[0]) if kind == "MatMulInteger" else None
        if place:
            # The file multiplies from the right, safetensors files hold the matrix the other way round.
            weights[f"{place[1].replace('/', '.')}.weight"] = np.ascontiguousarray(_floats(tensors, inputs[1]).T)
    return weights


def _floats(tensors: dict[str, _Tensor], name: str) -> Floats:
    stem = name.removesuffix(_QUANTISED)
    whole, zero = (tensors[n].values().astype(np.float32) for n in (name, f"{stem}_zero_point"))
    scale = tensors[f"{stem}_scale"].values().astype(np.float32)
    return (whole - zero) * scale


def _tensor(message: memoryview) -> _Tensor:
    tensor = _Tensor()
    for number, value in fields_of(message):
        if number == 1:
            tensor.shape += _numbers(value)
        elif number == 2 and isinstance(value, int):
            tensor.kind = value
        elif number == 5:
            tensor.numbers += _numbers(value)
        elif number in {4, 9} and isinstance(value, memoryview):
            tensor.raw = value
        elif number == 8 and isinstance(value, memoryview):
            tensor.name = str(value, "utf-8")
    return tensor


def _numbers(value: Value) -> list[int]:
    return [value] if isinstance(value, int) else varints_in(value)


def _node(message: memoryview) -> tuple[str, list[str], list[str]]:
    kind, inputs, outputs = "", [], []
    for number, value in fields_of(message):
        if isinstance(value, int):
            continue
        if number == _NODE_INPUT:
            inputs.append(str(value, "utf-8"))
        elif number == _NODE_OUTPUT:
            outputs.append(str(value, "utf-8"))
        elif number == _NODE_KIND:
            kind = str(value, "utf-8")
    return kind, inputs, outputs
