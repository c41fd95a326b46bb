"""The fingerprint of an encoder: ``model/arithmetic/pieces``, such as ``all-MiniLM-L6-v2:0a1b/exact/256-split``.

It says which vectors may be mixed, and nothing of the engine: sentence-transformers and OpenVINO in floating point give
the same vectors. Earlier fingerprints named the engine; they are read as what they are.
"""

from subtheme.embeddings.precision import Precision

JOINT = " + "
"""Between the fingerprints of encoders that stand side by side."""

_ARITHMETIC = {Precision.EXACT: "exact", Precision.FAST: "fast-int8-g128"}
_EARLIER = {
    "torch-fp32": Precision.EXACT,
    "openvino-f32": Precision.EXACT,
    "openvino-int8-g128": Precision.FAST,
}


def fingerprint_of(model: str, *, precision: Precision, pieces: int) -> str:
    """Return the fingerprint of a model (name and digest) that reads `pieces` word pieces at once."""
    return f"{model}/{_ARITHMETIC[precision]}/{pieces}-split"


def current_fingerprint(fingerprint: str) -> str:
    """Return a fingerprint as it is written today; what is no fingerprint of ours stays as it is.

    >>> current_fingerprint("m:1/torch-fp32/256-split"), current_fingerprint("m:1/openvino-int8-g128/256-split")
    ('m:1/exact/256-split', 'm:1/fast-int8-g128/256-split')
    """
    parts = fingerprint.rsplit("/", maxsplit=2)
    if len(parts) != 3 or parts[1] not in _EARLIER:
        return fingerprint
    return "/".join((parts[0], _ARITHMETIC[_EARLIER[parts[1]]], parts[2]))


def earlier_fingerprints(fingerprint: str) -> tuple[str, ...]:
    """Return the names that the same vectors had before.

    >>> earlier_fingerprints("m:1/exact/256-split")
    ('m:1/torch-fp32/256-split', 'm:1/openvino-f32/256-split')
    """
    parts = fingerprint.rsplit("/", maxsplit=2)
    precision = precision_of(fingerprint)
    if precision is None:
        return ()
    return tuple("/".join((parts[0], name, parts[2])) for name, p in _EARLIER.items() if p is precision)


def precision_of(fingerprint: str) -> Precision | None:
    """Return the precision in a fingerprint of today, or None where there is none that we know.

    Encoders side by side are fast where one of them is.
    """
    if JOINT in fingerprint:
        several = [precision_of(one) for one in fingerprint.split(JOINT)]
        return Precision.FAST if Precision.FAST in several else several[0]
    parts = fingerprint.rsplit("/", maxsplit=2)
    known = {name: precision for precision, name in _ARITHMETIC.items()}
    return known.get(parts[1]) if len(parts) == 3 else None


def model_in(fingerprint: str) -> str:
    """Return name and digest of the model in a fingerprint."""
    return fingerprint.rsplit("/", maxsplit=2)[0]
