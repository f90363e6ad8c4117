"""The table of operators: how each is read.

A rule is declared where it is written (`@reads("Relu")`); the page docs/onnx.md is generated from them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, TypeVar

from modelc.onnx.read.values import Value

if TYPE_CHECKING:
    from modelc.onnx.read.graph import OnnxNode
    from modelc.onnx.read.reader import OnnxReader

Read = Callable[["OnnxReader", "OnnxNode"], "Value | tuple[Value, ...]"]
"""What a node gives: one tensor or several."""
R = TypeVar("R", bound=Read)


@dataclass(frozen=True, slots=True)
class OnnxReading:
    """How one operator is read."""

    operator: str
    read: Read
    becomes: tuple[str, ...]
    """The layers and operations that it is written as; for the page."""
    note: str
    """What of it is refused or read otherwise; for the page."""
    compute: Callable[..., Any] | None
    """What it gives for known data, by its operands and attributes, where that is no matter of a traced graph."""


READINGS: dict[str, OnnxReading] = {}
"""By operator, those of other domains after the domain's name and a dot. What is not here is refused."""


def reads(*operators: str, becomes: str, note: str = "", compute: Callable[..., Any] | None = None) -> Callable[[R], R]:
    """Declare how operators are read. `becomes` names what they are written as, with commas between."""

    def declare(read: R) -> R:
        for operator in operators:
            assert operator not in READINGS, f"{operator} has two rules"
            names = tuple(name.strip() for name in becomes.split(","))
            READINGS[operator] = OnnxReading(operator, read, names, note, compute)
        return read

    return declare


class RefusedError(Exception):
    """A node that modelc has no layers or operations for, or not with these operands. The reader tells the node."""

    def __init__(self, reason: str, help: str | None = None) -> None:
        super().__init__(reason)
        self.reason, self.help = reason, help


class MixesSamplesError(RefusedError):
    """A node that computes one sample of what should be the batch from another one."""

    node = ""
    """What messages call the node, once it is known."""

    def at(self, node: str) -> MixesSamplesError:
        """The same error with its node, the innermost one."""
        self.node = self.node or node
        return self


_VALUES = "how many elements it gives depends on the values"
_TEXT = "modelc has no text"
_SEQUENCES = "modelc has no sequences of tensors"
_COMPLEX = "modelc has no complex numbers"
_BITS = "modelc computes with floats, which have no bits that are integers"
_RANDOM = "its values are random, and a prediction's are not"
_TRAINING = "it is a step of training; modelc has its own"

_BY_REASON: dict[str, str] = {
    _VALUES: "NonZero Unique NonMaxSuppression StringSplit",
    _TEXT: """
        StringConcat StringNormalizer RegexFullMatch TfIdfVectorizer
    """,
    _SEQUENCES: """
        SequenceAt SequenceConstruct SequenceEmpty SequenceErase SequenceInsert SequenceLength SequenceMap
        SplitToSequence ConcatFromSequence Optional OptionalGetElement OptionalHasElement
    """,
    _COMPLEX: "DFT STFT",
    _BITS: "BitShift BitwiseAnd BitwiseNot BitwiseOr BitwiseXor BitCast",
    _RANDOM: """
        RandomNormal RandomNormalLike RandomUniform RandomUniformLike Multinomial Bernoulli
    """,
    _TRAINING: "Adagrad Adam Momentum Gradient",
    "modelc has no decoders of pictures among its operations": "ImageDecoder",
    "modelc has no decompositions of matrices": "Det",
    "it takes or places elements where a tensor says, between them": """
        GridSample RoiAlign MaxRoiPool MaxUnpool DeformConv
    """,
}

REFUSED: MappingProxyType[str, str] = MappingProxyType(
    {name: reason for reason, names in _BY_REASON.items() for name in names.split()}
)
"""Operators of ONNX that are refused: the reason against each."""


_DEFINED = """
    AffineGrid Attention BlackmanWindow CausalConvWithState CenterCropPad HammingWindow HannWindow LinearAttention
    NegativeLogLikelihoodLoss RotaryEmbedding SoftmaxCrossEntropyLoss SwiGLU Swish
"""
DEFINED = tuple(_DEFINED.split())
"""Operators that ONNX defines as functions of others, which are read in their place."""


def reason_against(operator: str, domain: str) -> str:
    """Why an operator is not read."""
    if domain:
        return f"operators of the domain `{domain[:80]}` are not ONNX's own"
    if operator in DEFINED:
        return "what ONNX defines it as cannot be written out for its options"
    return REFUSED.get(operator, "modelc has no layer or operation for it")
