"""The graph of a BERT encoder, built from its weights for OpenVINO; nothing is converted.

Only what sentence encoders of this kind need is here: texts of equal length in a batch, so no mask; one sentence,
so one token type. The result is the mean over all word pieces, or the first of them, brought to length 1.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
import numpy.typing as npt

Weights = Mapping[str, npt.NDArray[np.float32]]


@dataclass(frozen=True, slots=True, kw_only=True)
class BertShape:
    """What the graph must know of a model beside its weights.

    Attributes
    ----------
    layers, heads, width : int
        Layers, attention heads per layer, and length of a vector.
    epsilon : float
        Added to the variance in the normalisation of layers.
    is_first_piece : bool
        Whether the first word piece stands for the text, and not the mean over all.
    """

    layers: int
    heads: int
    width: int
    epsilon: float
    is_first_piece: bool = False

    @classmethod
    def of(cls, config: Mapping[str, Any], *, is_first_piece: bool = False) -> Self | None:
        """Return the shape that a ``config.json`` describes, or None where it is no plain BERT encoder."""
        is_plain = (
            config.get("model_type") == "bert"
            and config.get("hidden_act") == "gelu"
            and config.get("position_embedding_type", "absolute") == "absolute"
        )
        if not is_plain:
            return None
        return cls(
            layers=int(config["num_hidden_layers"]),
            heads=int(config["num_attention_heads"]),
            width=int(config["hidden_size"]),
            epsilon=float(config["layer_norm_eps"]),
            is_first_piece=is_first_piece,
        )


class BertGraph:
    """Builds the graph, layer by layer.

    Parameters
    ----------
    opset : module
        The operations of OpenVINO.
    weights : mapping of str to numpy.ndarray
        As the safetensors file names them.
    shape : BertShape
    quantised : bool
        Whether the matrices of the layers are kept as whole numbers from -127 to 127, one scale per output.
    """

    def __init__(self, opset: Any, weights: Weights, shape: BertShape, *, quantised: bool) -> None:
        self._op = opset
        self._weights = weights
        self._shape = shape
        self._quantised = quantised

    def build(self) -> tuple[Any, Any]:
        """Return the output, float32 (texts, width), and the input, word pieces as int32 (texts, pieces)."""
        op = self._op
        pieces = op.parameter([-1, -1], np.int32, name="pieces")
        x = self._embedded(pieces)
        for number in range(self._shape.layers):
            x = self._layer(x, f"encoder.layer.{number}")
        if self._shape.is_first_piece:
            whole = op.gather(x, op.constant(np.int64(0)), op.constant(np.int64(1)))
        else:
            whole = op.reduce_mean(x, self._axes(1), keep_dims=False)
        return op.normalize_l2(whole, self._axes(1), 1e-12, "max"), pieces

    def _embedded(self, pieces: Any) -> Any:
        op, zero, one = self._op, self._op.constant(np.int64(0)), self._op.constant(np.int64(1))
        count = op.gather(op.shape_of(pieces, "i64"), one, zero)
        places = op.range(zero, count, one, "i64")
        first_type = self._weights["embeddings.token_type_embeddings.weight"][0]
        by_place = self._weights["embeddings.position_embeddings.weight"] + first_type
        words = op.gather(op.constant(self._weights["embeddings.word_embeddings.weight"]), pieces, zero)
        return self._normalised(op.add(words, op.gather(op.constant(by_place), places, zero)), "embeddings.LayerNorm")

    def _layer(self, x: Any, name: str) -> Any:
        op = self._op
        attended = self._linear(self._attention(x, f"{name}.attention.self"), f"{name}.attention.output.dense")
        x = self._normalised(op.add(x, attended), f"{name}.attention.output.LayerNorm")
        inner = op.gelu(self._linear(x, f"{name}.intermediate.dense"), "erf")
        return self._normalised(op.add(x, self._linear(inner, f"{name}.output.dense")), f"{name}.output.LayerNorm")

    def _attention(self, x: Any, name: str) -> Any:
        op, shape = self._op, self._shape
        size = shape.width // shape.heads
        split = op.constant(np.array([0, 0, shape.heads, size], dtype=np.int64))
        turned = self._axes(0, 2, 1, 3)
        query, key, value = (
            op.transpose(op.reshape(self._linear(x, f"{name}.{part}"), split, special_zero=True), turned)
            for part in ("query", "key", "value")
        )
        scores = op.multiply(
            op.matmul(query, key, transpose_a=False, transpose_b=True), op.constant(np.float32(size**-0.5))
        )
        heads = op.transpose(op.matmul(op.softmax(scores, -1), value, transpose_a=False, transpose_b=False), turned)
        return op.reshape(heads, op.constant(np.array([0, 0, shape.width], dtype=np.int64)), special_zero=True)

    def _linear(self, x: Any, name: str) -> Any:
        op, weight = self._op, self._weights[f"{name}.weight"]
        matrix = op.constant(weight)
        if self._quantised:
            scale = np.maximum(np.abs(weight).max(axis=1, keepdims=True) / 127, np.finfo(np.float32).tiny)
            whole = np.clip(np.rint(weight / scale), -127, 127).astype(np.int8)
            matrix = op.multiply(op.convert(op.constant(whole), np.float32), op.constant(scale.astype(np.float32)))
        return op.add(
            op.matmul(x, matrix, transpose_a=False, transpose_b=True), op.constant(self._weights[f"{name}.bias"])
        )

    def _normalised(self, x: Any, name: str) -> Any:
        op = self._op
        plain = op.mvn(x, self._axes(-1), normalize_variance=True, eps=self._shape.epsilon, eps_mode="inside_sqrt")
        scaled = op.multiply(plain, op.constant(self._weights[f"{name}.weight"]))
        return op.add(scaled, op.constant(self._weights[f"{name}.bias"]))

    def _axes(self, *axes: int) -> Any:
        return self._op.constant(np.array(axes, dtype=np.int64))
