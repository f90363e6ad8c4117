"""`Semantics`: what Keras 2 and Keras 3 compute differently from the same words, as one thing that all rules consult.

A file means what the Keras that saved it meant. Whoever reads a file of Keras's asks `semantics_of` for the semantics
of the version and the backend that saved it; what can be said by the options of layers is written out so, and the rest
goes with the spec as `semantics: keras2`, and with the graph's builder to the layers that are traced.

Each rule is an enum of which the values are sentences: docs/semantics.md is made of them.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum
from typing import Literal

SemanticsName = Literal["keras2", "keras2-theano", "keras3"]
"""What a spec can say: which Keras its layers compute as, where the two differ."""


class Rule(Enum):
    """A question that versions of Keras answer differently; the values of its members are the answers."""

    @classmethod
    def question(cls) -> str:
        """What it decides."""
        return (cls.__doc__ or "").partition("\n")[0].rstrip(".")


class HardSigmoid(Rule):
    """The function that `hard_sigmoid` names, as an activation and as that of gates."""

    FIFTH = "x/5 + 1/2, cut to 0 … 1: modelc's activation `keras2_hard_sigmoid`"
    SIXTH = "x/6 + 1/2, cut to 0 … 1: modelc's activation `hard_sigmoid`"


class GateDefault(Rule):
    """The activation of the gates of LSTM, GRU and ConvLSTM where a file says none."""

    HARD_SIGMOID = "`hard_sigmoid` (Keras before 2.3, where it stood by itself)"
    SIGMOID = "`sigmoid` (since 2.3, and in TensorFlow 2)"


class KernelOrder(Rule):
    """How the kernels of convolutions lie in a file."""

    FLIPPED = (
        "flipped along all spatial axes but for depthwise and separable ones, where Theano saved the file (`backend: "
        "theano`, Keras before 2.4)"
    )
    STRAIGHT = "as TensorFlow takes them"


class MergedMask(Rule):
    """The mask of what Add, Subtract, Multiply, Average, Maximum and Minimum give."""

    ALL = "an element counts where it counts in every input that has a mask; those without one are passed over"
    ANY = "an element counts where it counts in any input, if all of them have a mask; else there is none"


class MaskedOperands(Rule):
    """What Multiply, Maximum and Minimum make of elements that a mask leaves out."""

    TAKE_PART = "they take part with the values that they have"
    LEFT_OUT = "they count as 1 in a product and cannot be the extreme; what all masks leave out is 0 in a product"


class ConcatenatedMask(Rule):
    """The mask of what Concatenate gives along the last axis."""

    ALL = "an element counts where it counts in every input; an input without a mask counts everywhere"
    ANY = "an element counts where it counts in any input, if all of them have a mask; else there is none"


class TimeDistributedMask(Rule):
    """The mask of what TimeDistributed gives."""

    OF_LAYER = "what the layer makes of the mask of each step; where it makes none, a step counts if any of it does"
    OF_INPUT = "that of its input, as it is"


class PassedMask(Rule):
    """What Rescaling, Normalization and Identity do with a mask."""

    DROPPED = "they drop it"
    KEPT = "it goes on with their output"


class StatesAndMask(Rule):
    """Whether a recurrent layer that is given `initial_state` skips the steps that the mask of its input leaves out."""

    SKIPPED = "it does"
    TAKEN = "it takes all steps, unless `mask` is given in the call as well; the mask goes on with its output"


class TrainingInCall(Rule):
    """What `predict` makes of a layer that was called with `training=True` or `training=False`."""

    HOLDS = "the layer computes as the call says, at inference and in training"
    PASSED_OVER = "the layer computes as the model does; only a call of the model itself keeps to it"


class OutputBeforeFirst(Rule):
    """What a recurrent layer that begins with given or kept states gives for steps that are masked at the beginning."""

    ZEROS = "zeros"
    STATE = "the state that it begins with (so on JAX; Keras 3 on TensorFlow gives zeros)"


class CropAtInference(Rule):
    """What RandomCrop does when the model does not train."""

    MIDDLE = "it takes the largest part in the middle that has the wanted aspect ratio, and resizes it"
    LEFT_ALONE = "nothing: images keep their size"


class IntegerImages(Rule):
    """What Resizing makes of images of integers."""

    FLOATS = "numbers with fractions, as interpolated"
    ROUNDED = "integers, rounded (so on JAX; a model of Keras 3 on TensorFlow gives numbers with fractions)"


class CubicWeights(Rule):
    """The weights of `bicubic` interpolation without antialiasing, in Resizing and UpSampling2D."""

    TABLE = "those of the distance between two pixels that is rounded to a multiple of 1/1024: TensorFlow's table"
    EXACT = "computed (so on JAX; Keras 3 on TensorFlow takes them from the table, which differs by up to 0.002)"


class SamePadding(Rule):
    """Where the zeros of `padding: same` lie in convolutions, transposed ones and pooling."""

    HALF = (
        "half of the window before each axis, rounded down, whatever the strides; in pooling one less than the window, "
        "two less where that is odd and more than 2; the rest after it (Keras on Theano: `semantics: keras2-theano`)"
    )
    BALANCED = "as few as give ceil(in / stride) outputs, the odd one after the axis"


@dataclass(frozen=True, slots=True)
class Semantics:
    """What a version of Keras, with its backend, means where versions differ: an answer for each rule.

    The first four are about what a file says and are settled while it is read: specs say them in other words. The
    others hold while layers are traced.
    """

    name: SemanticsName
    hard_sigmoid: HardSigmoid
    gate_default: GateDefault
    kernel_order: KernelOrder
    training_in_call: TrainingInCall
    merged_mask: MergedMask
    masked_operands: MaskedOperands
    concatenated_mask: ConcatenatedMask
    time_distributed_mask: TimeDistributedMask
    passed_mask: PassedMask
    states_and_mask: StatesAndMask
    output_before_first: OutputBeforeFirst
    crop_at_inference: CropAtInference
    integer_images: IntegerImages
    cubic_weights: CubicWeights
    same_padding: SamePadding


KERAS_2 = Semantics(
    name="keras2",
    hard_sigmoid=HardSigmoid.FIFTH,
    gate_default=GateDefault.SIGMOID,
    kernel_order=KernelOrder.STRAIGHT,
    training_in_call=TrainingInCall.HOLDS,
    merged_mask=MergedMask.ALL,
    masked_operands=MaskedOperands.TAKE_PART,
    concatenated_mask=ConcatenatedMask.ALL,
    time_distributed_mask=TimeDistributedMask.OF_LAYER,
    passed_mask=PassedMask.DROPPED,
    states_and_mask=StatesAndMask.SKIPPED,
    output_before_first=OutputBeforeFirst.ZEROS,
    crop_at_inference=CropAtInference.MIDDLE,
    integer_images=IntegerImages.FLOATS,
    cubic_weights=CubicWeights.TABLE,
    same_padding=SamePadding.BALANCED,
)
KERAS_3 = Semantics(
    name="keras3",
    hard_sigmoid=HardSigmoid.SIXTH,
    gate_default=GateDefault.SIGMOID,
    kernel_order=KernelOrder.STRAIGHT,
    training_in_call=TrainingInCall.PASSED_OVER,
    merged_mask=MergedMask.ANY,
    masked_operands=MaskedOperands.LEFT_OUT,
    concatenated_mask=ConcatenatedMask.ANY,
    time_distributed_mask=TimeDistributedMask.OF_INPUT,
    passed_mask=PassedMask.KEPT,
    states_and_mask=StatesAndMask.TAKEN,
    output_before_first=OutputBeforeFirst.STATE,
    crop_at_inference=CropAtInference.LEFT_ALONE,
    integer_images=IntegerImages.ROUNDED,
    cubic_weights=CubicWeights.EXACT,
    same_padding=SamePadding.BALANCED,
)

KERAS_2_THEANO = replace(KERAS_2, name="keras2-theano", kernel_order=KernelOrder.FLIPPED, same_padding=SamePadding.HALF)

SEMANTICS: dict[SemanticsName, Semantics] = {one.name: one for one in (KERAS_2, KERAS_2_THEANO, KERAS_3)}
"""Those that a spec can name."""

_KERAS_BEFORE_3 = ("0.", "1.", "2.")
_GATES_WERE_HARD = ("0.", "1.", "2.0.", "2.1.", "2.2.")


def semantics_of(version: str | None, backend: str | None = None, *, modern: bool = False) -> Semantics:
    """The semantics of what a version of Keras saved with a backend, both as files note them.

    Where no version is noted, `modern` says whether it is written in the way of Keras 3; Keras 1 and 2 wrote theirs
    otherwise. TensorFlow's own Keras 2 has versions such as `2.2.4-tf`.
    """
    if not (version.startswith(_KERAS_BEFORE_3) if version is not None else not modern):
        return KERAS_3
    # TensorFlow 2.0, whose Keras calls itself 2.2.4-tf, has the newer default.
    hard_gates = version is not None and version.startswith(_GATES_WERE_HARD) and not version.endswith("-tf")
    found = KERAS_2_THEANO if kernel_order_of(backend) is KernelOrder.FLIPPED else KERAS_2
    return replace(found, gate_default=GateDefault.HARD_SIGMOID if hard_gates else found.gate_default)


def kernel_order_of(backend: str | None) -> KernelOrder:
    """How a file that a backend saved holds the kernels of convolutions."""
    return KernelOrder.FLIPPED if backend == "theano" else KernelOrder.STRAIGHT
