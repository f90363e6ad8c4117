"""The functions of `keras.ops` that modelc does not have, and why."""

from __future__ import annotations

from types import MappingProxyType

_VALUES = "how many elements it gives depends on the values"
_MIXES = "it mixes the samples of the batch, which modelc computes each by itself"
_CODE = "it runs code, which a file does not hold"
_DECOMPOSES = "modelc has no decompositions of matrices"
_COMPLEX = "modelc has no complex numbers"
_BITS = "modelc computes with floats, which have no bits that are integers"
_NOTHING = "it makes a tensor of numbers: write them as a constant in `operands`"
_FACT = "it gives a fact about a tensor and no tensor: Keras computes it while the model is made"
_ORDER = "the order of its result is left open, so that no two programs agree"

_BY_REASON: dict[str, str] = {
    _VALUES: "bincount nonzero unique histogram",
    _MIXES: """
        corrcoef correlate diag diagflat flipud meshgrid scatter scatter_update segment_max segment_min segment_prod
        segment_sum vsplit vstack
    """,
    _CODE: """
        associative_scan cond custom_gradient fori_loop jvp map scan switch vectorize vectorized_map while_loop
    """,
    _DECOMPOSES: """
        cholesky cholesky_inverse det eig eigh inv logdet lstsq lu_factor matrix_rank pinv qr slogdet solve
        solve_triangular svd
    """,
    _COMPLEX: "fft fft2 ifft2 irfft istft polar rfft stft view_as_complex view_as_real",
    _BITS: """
        bitwise_and bitwise_invert bitwise_left_shift bitwise_not bitwise_or bitwise_right_shift bitwise_xor gcd lcm
        left_shift nextafter right_shift
    """,
    _NOTHING: """
        arange bartlett blackman empty eye full geomspace hamming hanning kaiser logspace ones tri zeros
    """,
    _FACT: "convert_to_numpy dtype is_tensor ndim shape size",
    _ORDER: "argpartition",
    "it is random": "elastic_transform",
    "it is a loss of training, for which there is `CTC`": "ctc_loss",
    "it searches among sequences whose lengths depend on the values": "ctc_decode",
    "Keras's backends do not agree about what lies beyond the edges": "sobel_edges",
    "modelc has no operation for it yet": """
        affine_transform extract_patches_3d fold map_coordinates perspective_transform scale_and_translate ssim
    """,
}

REFUSED: MappingProxyType[str, str] = MappingProxyType(
    {name: reason for reason, names in _BY_REASON.items() for name in names.split()}
)
"""Functions of `keras.ops` and `keras.ops.image` by name: the reason against each."""

NOT_OF_KERAS = frozenset({"layer_norm", "mish", "pow", "rms_norm"})
"""Operations of modelc that `keras.ops` has under another name only, or not at all."""
