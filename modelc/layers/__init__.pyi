# Made by `python docs/generate` from the classes themselves: change those, then run that again.
"""The layers, by Keras's names."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias

from modelc.constraints.classes import Constraint as Constraint
from modelc.initializers.classes import Initializer as Initializer
from modelc.layers.base import Layer as Layer
from modelc.regularizers.classes import Regularizer as Regularizer
from modelc.spec.nested import Model as Model

_Activation: TypeAlias = Literal['celu', 'elu', 'exponential', 'gelu', 'glu', 'hard_shrink', 'hard_sigmoid', 'hard_silu', 'hard_swish', 'hard_tanh', 'keras2_hard_sigmoid', 'leaky_relu', 'linear', 'log_sigmoid', 'log_softmax', 'mish', 'relu', 'relu6', 'selu', 'sigmoid', 'silu', 'softmax', 'soft_shrink', 'softplus', 'softsign', 'sparse_plus', 'sparse_sigmoid', 'sparsemax', 'squareplus', 'swish', 'tanh', 'tanh_shrink', 'threshold', 'LeakyReLU', 'ReLU', 'ELU', 'PReLU', 'Softmax']
_ConstraintName: TypeAlias = Literal['MaxNorm', 'NonNeg', 'UnitNorm', 'MinMaxNorm', 'max_norm', 'non_neg', 'unit_norm', 'min_max_norm']
_Dtype: TypeAlias = Literal['float16', 'float32', 'float64', 'int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'bool']
_InitializerName: TypeAlias = Literal['Zeros', 'Ones', 'Constant', 'Identity', 'RandomNormal', 'RandomUniform', 'TruncatedNormal', 'VarianceScaling', 'GlorotUniform', 'GlorotNormal', 'HeUniform', 'HeNormal', 'LecunUniform', 'LecunNormal', 'Orthogonal', 'STFT', 'zeros', 'zero', 'ones', 'one', 'constant', 'identity', 'IdentityInitializer', 'random_normal', 'normal', 'random_uniform', 'uniform', 'truncated_normal', 'variance_scaling', 'glorot_uniform', 'glorot_normal', 'he_uniform', 'he_normal', 'lecun_uniform', 'lecun_normal', 'orthogonal', 'OrthogonalInitializer', 'stft', 'STFTInitializer']
_Interpolation: TypeAlias = Literal['nearest', 'bilinear', 'bicubic', 'lanczos3', 'lanczos5', 'area', 'gaussian', 'mitchellcubic']
_Mode: TypeAlias = Literal['log', 'magnitude', 'psd', 'real', 'imag', 'angle', 'stft']
_Operation: TypeAlias = Literal['abs', 'absolute', 'adaptive_average_pool', 'adaptive_max_pool', 'add', 'all', 'allclose', 'amax', 'amin', 'angle', 'any', 'append', 'arccos', 'arccosh', 'arcsin', 'arcsinh', 'arctan', 'arctan2', 'arctanh', 'argmax', 'argmin', 'argsort', 'array', 'array_split', 'average', 'average_pool', 'batch_normalization', 'binary_crossentropy', 'broadcast_to', 'cast', 'categorical_crossentropy', 'cbrt', 'cdist', 'ceil', 'celu', 'clip', 'concatenate', 'conj', 'conjugate', 'conv', 'conv_transpose', 'convert_to_tensor', 'copy', 'cos', 'cosh', 'count_nonzero', 'crop_images', 'cross', 'cumprod', 'cumsum', 'deg2rad', 'depth_to_space', 'depthwise_conv', 'diagonal', 'diff', 'digitize', 'divide', 'divide_no_nan', 'dot', 'dot_product_attention', 'dsplit', 'dstack', 'einsum', 'elu', 'empty_like', 'equal', 'erf', 'erfc', 'erfinv', 'exp', 'exp2', 'expand_dims', 'expm1', 'extract_patches', 'extract_sequences', 'fabs', 'flip', 'fliplr', 'floor', 'floor_divide', 'fmax', 'fmin', 'fmod', 'full_like', 'gaussian_blur', 'gelu', 'get_item', 'glu', 'greater', 'greater_equal', 'hard_shrink', 'hard_sigmoid', 'hard_silu', 'hard_swish', 'hard_tanh', 'heaviside', 'hsplit', 'hstack', 'hsv_to_rgb', 'hypot', 'i0', 'identity', 'imag', 'in_top_k', 'inner', 'isclose', 'isfinite', 'isin', 'isinf', 'isnan', 'isneginf', 'isposinf', 'isreal', 'kron', 'layer_norm', 'layer_normalization', 'ldexp', 'leaky_relu', 'less', 'less_equal', 'linspace', 'log', 'log10', 'log1p', 'log2', 'log_sigmoid', 'log_softmax', 'logaddexp', 'logaddexp2', 'logical_and', 'logical_not', 'logical_or', 'logical_xor', 'logsumexp', 'matmul', 'max', 'max_pool', 'maximum', 'mean', 'median', 'min', 'minimum', 'mish', 'mod', 'moments', 'moveaxis', 'multi_hot', 'multiply', 'nan_to_num', 'nanargmax', 'nanargmin', 'nancumprod', 'nancumsum', 'nanmax', 'nanmean', 'nanmedian', 'nanmin', 'nanpercentile', 'nanprod', 'nanquantile', 'nanstd', 'nansum', 'nanvar', 'negative', 'norm', 'normalize', 'not_equal', 'one_hot', 'ones_like', 'outer', 'pad', 'pad_images', 'percentile', 'pow', 'power', 'prod', 'psnr', 'ptp', 'quantile', 'rad2deg', 'ravel', 'real', 'rearrange', 'reciprocal', 'relu', 'relu6', 'repeat', 'reshape', 'resize', 'rgb_to_grayscale', 'rgb_to_hsv', 'rms_norm', 'rms_normalization', 'roll', 'rot90', 'round', 'rsqrt', 'saturate_cast', 'searchsorted', 'select', 'selu', 'separable_conv', 'sigmoid', 'sign', 'signbit', 'silu', 'sin', 'sinc', 'sinh', 'slice', 'slice_update', 'soft_shrink', 'softmax', 'softplus', 'softsign', 'sort', 'space_to_depth', 'sparse_categorical_crossentropy', 'sparse_plus', 'sparse_sigmoid', 'sparsemax', 'split', 'sqrt', 'square', 'squareplus', 'squeeze', 'stack', 'std', 'stop_gradient', 'subtract', 'sum', 'swapaxes', 'swish', 'take', 'take_along_axis', 'tan', 'tanh', 'tanh_shrink', 'tensordot', 'threshold', 'tile', 'top_k', 'trace', 'transpose', 'trapezoid', 'tril', 'triu', 'true_divide', 'trunc', 'unfold', 'unravel_index', 'unstack', 'vander', 'var', 'vdot', 'view', 'where', 'zeros_like']
_RecurrentActivation: TypeAlias = Literal['celu', 'elu', 'exponential', 'gelu', 'glu', 'hard_shrink', 'hard_sigmoid', 'hard_silu', 'hard_swish', 'hard_tanh', 'keras2_hard_sigmoid', 'leaky_relu', 'linear', 'log_sigmoid', 'log_softmax', 'mish', 'relu', 'relu6', 'selu', 'sigmoid', 'silu', 'softmax', 'soft_shrink', 'softplus', 'softsign', 'sparse_plus', 'sparse_sigmoid', 'sparsemax', 'squareplus', 'swish', 'tanh', 'tanh_shrink', 'threshold', 'LeakyReLU', 'ReLU', 'ELU', 'PReLU', 'Softmax']
_RegularizerName: TypeAlias = Literal['L1', 'L2', 'L1L2', 'OrthogonalRegularizer', 'l1', 'l2', 'l1_l2', 'l1l2', 'orthogonal_regularizer']
_Window: TypeAlias = Literal['boxcar', 'hann', 'hamming', 'blackman', 'nuttall', 'blackmanharris', 'flattop', 'bartlett', 'triang', 'cosine']

class Activation(Layer):
    r"""A function of every element by itself, such as relu or tanh, as a layer of its own.

    ``y = f(x)`` for one of the activations.

    Args:
        activation: The name of the function, such as `relu`, `tanh` or `softmax`.
    """

    def __init__(
        self,
        activation: _Activation | Layer | Mapping[str, Any] | None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def activation(self) -> Any: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class ReLU(Layer):
    r"""Rectified linear unit: negative inputs become 0, others stay.

    ``y = min(x, max_value)`` where x > threshold, else ``negative_slope·(x - threshold)``.

    Args:
        max_value: The largest output: larger ones are cut to it, as in `max_value: 6`; null for no limit.
        negative_slope: The slope below the threshold: 0 for a flat line, 0.1 for a leaky one.
        threshold: The input up to which the output is cut; 0 by default.
    """

    def __init__(
        self,
        max_value: float | None = None,
        negative_slope: float = 0.0,
        threshold: float = 0.0,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def max_value(self) -> float | None: ...
    @property
    def negative_slope(self) -> float: ...
    @property
    def threshold(self) -> float: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class LeakyReLU(Layer):
    r"""A ReLU that lets negative inputs through, made smaller.

    ``y = x`` where x ≥ 0, else ``negative_slope·x``.

    Args:
        negative_slope: The factor of negative inputs.
    """

    def __init__(
        self,
        negative_slope: float = 0.3,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def negative_slope(self) -> float: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class PReLU(Layer):
    r"""A ReLU whose slope for negative inputs is learned.

    ``y = x`` where x ≥ 0, else ``alpha·x``, with a learned alpha for every position (He et al., 2015).

    Weights: alpha, in the shape of one sample, with 1 along the shared axes.

    Args:
        alpha_initializer: The random numbers, or other values, that alpha start from: the name of an initializer,
            or a mapping with `type`.
        alpha_regularizer: A penalty on alpha, added to the loss in training, such as `l2` or `{type: L2, l2:
            0.001}`; null for none.
        alpha_constraint: A limit that alpha must keep after every update, such as `non_neg` or `{type: MaxNorm,
            max_value: 2}`; null for none.
        shared_axes: The axes along which alpha is the same, counted from 1 without the batch: `[1, 2]` for one
            alpha per channel of a picture.
    """

    def __init__(
        self,
        alpha_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Zeros',
        alpha_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        alpha_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        shared_axes: int | Sequence[int] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def alpha_initializer(self) -> Any: ...
    @property
    def alpha_regularizer(self) -> Any: ...
    @property
    def alpha_constraint(self) -> Any: ...
    @property
    def shared_axes(self) -> int | tuple[int, ...] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class ELU(Layer):
    r"""Exponential linear unit: positive inputs stay, negative ones go smoothly to a limit.

    ``y = x`` where x > 0, else ``alpha·(exp(x) - 1)`` (Clevert et al., 2016).

    Args:
        alpha: The limit, with its sign turned, that the output goes to for very negative inputs.
    """

    def __init__(
        self,
        alpha: float = 1.0,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def alpha(self) -> float: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Softmax(Layer):
    r"""Turns numbers into probabilities: all positive, with a sum of 1.

    ``y = exp(x) / Σ exp(x)``, the sum over `axis`.

    An optional mask, 1 (keep) or 0 and broadcast to x, makes the masked positions 0.

    Args:
        axis: The axis, or axes, along which the sum is 1; -1 is the last.
    """

    def __init__(
        self,
        axis: int | Sequence[int] = -1,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def axis(self) -> int | tuple[int, ...]: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class InputLayer(Layer):
    r"""What a model takes. `batch_shape` may stand for `batch_size` and `shape`: `[null, 28, 28, 1]`.

    Args:
        shape: The shape of one sample, without the batch: `[28, 28, 1]`.
        batch_size: The number of samples of every call, where it must be fixed; by default it is free.
        sparse: Sparse inputs are not supported.
        ragged: Ragged inputs are not supported.
        optional: Inputs that may be left out are not supported.
    """

    def __init__(
        self,
        shape: Sequence[int],
        batch_size: int | None = None,
        sparse: Literal[False] | None = None,
        ragged: Literal[False] | None = None,
        optional: Literal[False] = False,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: _Dtype = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def shape(self) -> tuple[int, ...]: ...
    @property
    def batch_size(self) -> int | None: ...
    @property
    def sparse(self) -> Literal[False] | None: ...
    @property
    def ragged(self) -> Literal[False] | None: ...
    @property
    def optional(self) -> Literal[False]: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Dense(Layer):
    r"""Fully connected: every output is a weighted sum of all inputs, plus a bias, through an activation.

    ``y[..., u] = f(Σ_i x[..., i]·kernel[i, u] + bias[u])``.

    x: (N, ..., I) → (N, ..., units). Weights: kernel (I, units), bias (units,);
    with `lora_rank` also lora_kernel_a (I, rank) and lora_kernel_b (rank, units).

    Args:
        units: The number of outputs.
        activation: The function that the result goes through, such as `relu`; linear, the default, leaves it.
        use_bias: Whether a learned number, the bias, is added for each output.
        kernel_initializer: The random numbers, or other values, that the kernel start from: the name of an
            initializer, or a mapping with `type`.
        bias_initializer: The random numbers, or other values, that the bias start from: the name of an
            initializer, or a mapping with `type`.
        kernel_regularizer: A penalty on the kernel, added to the loss in training, such as `l2` or `{type: L2,
            l2: 0.001}`; null for none.
        bias_regularizer: A penalty on the bias, added to the loss in training, such as `l2` or `{type: L2, l2:
            0.001}`; null for none.
        activity_regularizer: A penalty on the output of the layer, added to the loss in training, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        kernel_constraint: A limit that the kernel must keep after every update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        bias_constraint: A limit that the bias must keep after every update, such as `non_neg` or `{type: MaxNorm,
            max_value: 2}`; null for none.
        lora_rank: The rank of a low-rank update (LoRA): the weight itself is frozen, and the product of two small
            matrices with this rank is trained and added to it. Null trains the weight itself.
        lora_alpha: The factor of the low-rank update, divided by `lora_rank`; null takes `lora_rank`, so that the
            factor is 1.
    """

    def __init__(
        self,
        units: int,
        activation: _Activation | Layer | Mapping[str, Any] | None = 'linear',
        use_bias: bool = True,
        kernel_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'GlorotUniform',
        bias_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Zeros',
        kernel_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        bias_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        activity_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        kernel_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        bias_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        lora_rank: int | None = None,
        lora_alpha: float | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def units(self) -> int: ...
    @property
    def activation(self) -> Any: ...
    @property
    def use_bias(self) -> bool: ...
    @property
    def kernel_initializer(self) -> Any: ...
    @property
    def bias_initializer(self) -> Any: ...
    @property
    def kernel_regularizer(self) -> Any: ...
    @property
    def bias_regularizer(self) -> Any: ...
    @property
    def activity_regularizer(self) -> Any: ...
    @property
    def kernel_constraint(self) -> Any: ...
    @property
    def bias_constraint(self) -> Any: ...
    @property
    def lora_rank(self) -> int | None: ...
    @property
    def lora_alpha(self) -> float | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Embedding(Layer):
    r"""Turns integers, such as the numbers of words, into learned vectors.

    ``y[..., :] = embeddings[x[...], :]``: integers 0 ≤ x < input_dim to vectors.

    x: (N, ...) → (N, ..., output_dim); floats are truncated to integers. Weights: embeddings
    (input_dim, output_dim); with `lora_rank` also lora_embeddings_a (input_dim, rank) and lora_embeddings_b
    (rank, output_dim). An index out of range is an error at run time.

    Args:
        input_dim: The number of different integers: inputs are 0 to `input_dim` - 1.
        output_dim: The length of the vectors.
        embeddings_initializer: The random numbers, or other values, that the vectors start from: the name of an
            initializer, or a mapping with `type`.
        embeddings_regularizer: A penalty on the vectors, added to the loss in training, such as `l2` or `{type:
            L2, l2: 0.001}`; null for none.
        embeddings_constraint: A limit that the vectors must keep after every update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        mask_zero: Whether the integer 0 stands for padding, which the layers behind it skip.
        lora_rank: The rank of a low-rank update (LoRA): the weight itself is frozen, and the product of two small
            matrices with this rank is trained and added to it. Null trains the weight itself.
        lora_alpha: The factor of the low-rank update, divided by `lora_rank`; null takes `lora_rank`, so that the
            factor is 1.
        activity_regularizer: A penalty on the output of the layer, added to the loss in training, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
    """

    def __init__(
        self,
        input_dim: int,
        output_dim: int,
        embeddings_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'RandomUniform',
        embeddings_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        embeddings_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        mask_zero: bool = False,
        lora_rank: int | None = None,
        lora_alpha: float | None = None,
        activity_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def input_dim(self) -> int: ...
    @property
    def output_dim(self) -> int: ...
    @property
    def embeddings_initializer(self) -> Any: ...
    @property
    def embeddings_regularizer(self) -> Any: ...
    @property
    def embeddings_constraint(self) -> Any: ...
    @property
    def mask_zero(self) -> bool: ...
    @property
    def lora_rank(self) -> int | None: ...
    @property
    def lora_alpha(self) -> float | None: ...
    @property
    def activity_regularizer(self) -> Any: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Identity(Layer):
    r"""Gives its input unchanged.

    ``y = x``.
    """

    def __init__(
        self,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class ReversibleEmbedding(Layer):
    r"""An Embedding that can also go back, from vectors to a score for every integer.

    ``y[..., :] = embeddings[x[...], :]``, and with `reverse` back from vectors to a score for every integer:
    ``y[..., i] = Σ_d x[..., d]·embeddings[i, d]`` (Press and Wolf, 2017).

    x: (N, ...) → (N, ..., output_dim), or reversed (N, ..., output_dim) → (N, ..., input_dim). Weights: embeddings
    (input_dim, output_dim); without `tie_weights` also reverse_embeddings (output_dim, input_dim), which the way back
    multiplies by.

    Args:
        input_dim: The number of different integers: inputs are 0 to `input_dim` - 1.
        output_dim: The length of the vectors.
        tie_weights: Whether the way back uses the same table of vectors.
        embeddings_initializer: The random numbers, or other values, that the vectors start from: the name of an
            initializer, or a mapping with `type`.
        embeddings_regularizer: A penalty on the vectors, added to the loss in training, such as `l2` or `{type:
            L2, l2: 0.001}`; null for none.
        embeddings_constraint: A limit that the vectors must keep after every update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        mask_zero: Whether the integer 0 stands for padding, which the layers behind it skip.
        reverse_dtype: The type that the way back computes in: float32, the only one.
        logit_soft_cap: The limit c that scores go smoothly towards: ``c·tanh(y / c)``; null for none.
        activity_regularizer: A penalty on the output of the layer, added to the loss in training, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        reverse: Whether this use goes back, from vectors to scores.
    """

    def __init__(
        self,
        input_dim: int,
        output_dim: int,
        tie_weights: bool = True,
        embeddings_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'RandomUniform',
        embeddings_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        embeddings_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        mask_zero: bool = False,
        reverse_dtype: Literal['float32'] | None = None,
        logit_soft_cap: float | None = None,
        activity_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
        reverse: bool = False,
    ) -> None: ...
    @property
    def input_dim(self) -> int: ...
    @property
    def output_dim(self) -> int: ...
    @property
    def tie_weights(self) -> bool: ...
    @property
    def embeddings_initializer(self) -> Any: ...
    @property
    def embeddings_regularizer(self) -> Any: ...
    @property
    def embeddings_constraint(self) -> Any: ...
    @property
    def mask_zero(self) -> bool: ...
    @property
    def reverse_dtype(self) -> Literal['float32'] | None: ...
    @property
    def logit_soft_cap(self) -> float | None: ...
    @property
    def activity_regularizer(self) -> Any: ...
    @property
    def reverse(self) -> bool: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Conv1D(Layer):
    r"""Convolution over steps: (N, steps, C) → (N, steps, filters).

    Args:
        filters: The number of filters: that of the output's channels.
        kernel_size: The size of the window: a number for all axes, or one for each: `3` or `[3, 3]`.
        strides: The distance by which the window moves from one output to the next; 2 halves the size of the
            output.
        padding: `valid` adds nothing; `same` adds zeros so that the output has ceil(input / stride) positions;
            `causal` adds them in front, so that no output depends on later steps.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
        dilation_rate: The distance between the elements of the window: 1 for neighbours, 2 to skip every other
            one, which widens the window without more weights.
        groups: The number of groups that the channels are divided into; each group is convolved by filters of its
            own, and does not see the others.
        activation: The function that the result goes through, such as `relu`; linear, the default, leaves it.
        use_bias: Whether a learned number, the bias, is added for each output.
        kernel_initializer: The random numbers, or other values, that the kernel start from: the name of an
            initializer, or a mapping with `type`.
        bias_initializer: The random numbers, or other values, that the bias start from: the name of an
            initializer, or a mapping with `type`.
        kernel_regularizer: A penalty on the kernel, added to the loss in training, such as `l2` or `{type: L2,
            l2: 0.001}`; null for none.
        bias_regularizer: A penalty on the bias, added to the loss in training, such as `l2` or `{type: L2, l2:
            0.001}`; null for none.
        activity_regularizer: A penalty on the output of the layer, added to the loss in training, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        kernel_constraint: A limit that the kernel must keep after every update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        bias_constraint: A limit that the bias must keep after every update, such as `non_neg` or `{type: MaxNorm,
            max_value: 2}`; null for none.
        lora_rank: The rank of a low-rank update (LoRA): the weight itself is frozen, and the product of two small
            matrices with this rank is trained and added to it. Null trains the weight itself.
        lora_alpha: The factor of the low-rank update, divided by `lora_rank`; null takes `lora_rank`, so that the
            factor is 1.
    """

    def __init__(
        self,
        filters: int,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int] = 1,
        padding: Literal['valid', 'same', 'causal'] = 'valid',
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        dilation_rate: int | Sequence[int] = 1,
        groups: int = 1,
        activation: _Activation | Layer | Mapping[str, Any] | None = 'linear',
        use_bias: bool = True,
        kernel_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'GlorotUniform',
        bias_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Zeros',
        kernel_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        bias_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        activity_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        kernel_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        bias_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        lora_rank: int | None = None,
        lora_alpha: float | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def filters(self) -> int: ...
    @property
    def kernel_size(self) -> tuple[int, ...]: ...
    @property
    def strides(self) -> tuple[int, ...]: ...
    @property
    def padding(self) -> Literal['valid', 'same', 'causal']: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    @property
    def dilation_rate(self) -> tuple[int, ...]: ...
    @property
    def groups(self) -> int: ...
    @property
    def activation(self) -> Any: ...
    @property
    def use_bias(self) -> bool: ...
    @property
    def kernel_initializer(self) -> Any: ...
    @property
    def bias_initializer(self) -> Any: ...
    @property
    def kernel_regularizer(self) -> Any: ...
    @property
    def bias_regularizer(self) -> Any: ...
    @property
    def activity_regularizer(self) -> Any: ...
    @property
    def kernel_constraint(self) -> Any: ...
    @property
    def bias_constraint(self) -> Any: ...
    @property
    def lora_rank(self) -> int | None: ...
    @property
    def lora_alpha(self) -> float | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Conv2D(Layer):
    r"""Convolution over images: (N, height, width, C) → (N, height, width, filters).

    Args:
        filters: The number of filters: that of the output's channels.
        kernel_size: The size of the window: a number for all axes, or one for each: `3` or `[3, 3]`.
        strides: The distance by which the window moves from one output to the next; 2 halves the size of the
            output.
        padding: `valid` adds nothing; `same` adds zeros so that the output has ceil(input / stride) positions.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
        dilation_rate: The distance between the elements of the window: 1 for neighbours, 2 to skip every other
            one, which widens the window without more weights.
        groups: The number of groups that the channels are divided into; each group is convolved by filters of its
            own, and does not see the others.
        activation: The function that the result goes through, such as `relu`; linear, the default, leaves it.
        use_bias: Whether a learned number, the bias, is added for each output.
        kernel_initializer: The random numbers, or other values, that the kernel start from: the name of an
            initializer, or a mapping with `type`.
        bias_initializer: The random numbers, or other values, that the bias start from: the name of an
            initializer, or a mapping with `type`.
        kernel_regularizer: A penalty on the kernel, added to the loss in training, such as `l2` or `{type: L2,
            l2: 0.001}`; null for none.
        bias_regularizer: A penalty on the bias, added to the loss in training, such as `l2` or `{type: L2, l2:
            0.001}`; null for none.
        activity_regularizer: A penalty on the output of the layer, added to the loss in training, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        kernel_constraint: A limit that the kernel must keep after every update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        bias_constraint: A limit that the bias must keep after every update, such as `non_neg` or `{type: MaxNorm,
            max_value: 2}`; null for none.
        lora_rank: The rank of a low-rank update (LoRA): the weight itself is frozen, and the product of two small
            matrices with this rank is trained and added to it. Null trains the weight itself.
        lora_alpha: The factor of the low-rank update, divided by `lora_rank`; null takes `lora_rank`, so that the
            factor is 1.
    """

    def __init__(
        self,
        filters: int,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int] = 1,
        padding: Literal['valid', 'same'] = 'valid',
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        dilation_rate: int | Sequence[int] = 1,
        groups: int = 1,
        activation: _Activation | Layer | Mapping[str, Any] | None = 'linear',
        use_bias: bool = True,
        kernel_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'GlorotUniform',
        bias_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Zeros',
        kernel_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        bias_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        activity_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        kernel_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        bias_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        lora_rank: int | None = None,
        lora_alpha: float | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def filters(self) -> int: ...
    @property
    def kernel_size(self) -> tuple[int, ...]: ...
    @property
    def strides(self) -> tuple[int, ...]: ...
    @property
    def padding(self) -> Literal['valid', 'same']: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    @property
    def dilation_rate(self) -> tuple[int, ...]: ...
    @property
    def groups(self) -> int: ...
    @property
    def activation(self) -> Any: ...
    @property
    def use_bias(self) -> bool: ...
    @property
    def kernel_initializer(self) -> Any: ...
    @property
    def bias_initializer(self) -> Any: ...
    @property
    def kernel_regularizer(self) -> Any: ...
    @property
    def bias_regularizer(self) -> Any: ...
    @property
    def activity_regularizer(self) -> Any: ...
    @property
    def kernel_constraint(self) -> Any: ...
    @property
    def bias_constraint(self) -> Any: ...
    @property
    def lora_rank(self) -> int | None: ...
    @property
    def lora_alpha(self) -> float | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Conv3D(Layer):
    r"""Convolution over volumes: (N, depth, height, width, C) → (N, depth, height, width, filters).

    Args:
        filters: The number of filters: that of the output's channels.
        kernel_size: The size of the window: a number for all axes, or one for each: `3` or `[3, 3]`.
        strides: The distance by which the window moves from one output to the next; 2 halves the size of the
            output.
        padding: `valid` adds nothing; `same` adds zeros so that the output has ceil(input / stride) positions.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
        dilation_rate: The distance between the elements of the window: 1 for neighbours, 2 to skip every other
            one, which widens the window without more weights.
        groups: The number of groups that the channels are divided into; each group is convolved by filters of its
            own, and does not see the others.
        activation: The function that the result goes through, such as `relu`; linear, the default, leaves it.
        use_bias: Whether a learned number, the bias, is added for each output.
        kernel_initializer: The random numbers, or other values, that the kernel start from: the name of an
            initializer, or a mapping with `type`.
        bias_initializer: The random numbers, or other values, that the bias start from: the name of an
            initializer, or a mapping with `type`.
        kernel_regularizer: A penalty on the kernel, added to the loss in training, such as `l2` or `{type: L2,
            l2: 0.001}`; null for none.
        bias_regularizer: A penalty on the bias, added to the loss in training, such as `l2` or `{type: L2, l2:
            0.001}`; null for none.
        activity_regularizer: A penalty on the output of the layer, added to the loss in training, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        kernel_constraint: A limit that the kernel must keep after every update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        bias_constraint: A limit that the bias must keep after every update, such as `non_neg` or `{type: MaxNorm,
            max_value: 2}`; null for none.
        lora_rank: The rank of a low-rank update (LoRA): the weight itself is frozen, and the product of two small
            matrices with this rank is trained and added to it. Null trains the weight itself.
        lora_alpha: The factor of the low-rank update, divided by `lora_rank`; null takes `lora_rank`, so that the
            factor is 1.
    """

    def __init__(
        self,
        filters: int,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int] = 1,
        padding: Literal['valid', 'same'] = 'valid',
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        dilation_rate: int | Sequence[int] = 1,
        groups: int = 1,
        activation: _Activation | Layer | Mapping[str, Any] | None = 'linear',
        use_bias: bool = True,
        kernel_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'GlorotUniform',
        bias_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Zeros',
        kernel_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        bias_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        activity_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        kernel_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        bias_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        lora_rank: int | None = None,
        lora_alpha: float | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def filters(self) -> int: ...
    @property
    def kernel_size(self) -> tuple[int, ...]: ...
    @property
    def strides(self) -> tuple[int, ...]: ...
    @property
    def padding(self) -> Literal['valid', 'same']: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    @property
    def dilation_rate(self) -> tuple[int, ...]: ...
    @property
    def groups(self) -> int: ...
    @property
    def activation(self) -> Any: ...
    @property
    def use_bias(self) -> bool: ...
    @property
    def kernel_initializer(self) -> Any: ...
    @property
    def bias_initializer(self) -> Any: ...
    @property
    def kernel_regularizer(self) -> Any: ...
    @property
    def bias_regularizer(self) -> Any: ...
    @property
    def activity_regularizer(self) -> Any: ...
    @property
    def kernel_constraint(self) -> Any: ...
    @property
    def bias_constraint(self) -> Any: ...
    @property
    def lora_rank(self) -> int | None: ...
    @property
    def lora_alpha(self) -> float | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class LocallyConnected1D(Layer):
    r"""A kernel for each step: (N, steps, C) → (N, steps, filters). Keras 3 has no such layer.

    Args:
        filters: The number of filters: that of the output's channels.
        kernel_size: The size of the window: a number for all axes, or one for each.
        strides: The distance by which the window moves from one output to the next.
        padding: `valid` adds nothing; `same` adds zeros so that the output has ceil(input / stride) positions,
            and needs implementation 2 or 3.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
        activation: The function that the result goes through, such as `relu`; linear, the default, leaves it.
        use_bias: Whether a learned number, the bias, is added for each output.
        kernel_initializer: The random numbers, or other values, that the kernel start from: the name of an
            initializer, or a mapping with `type`.
        bias_initializer: The random numbers, or other values, that the bias start from: the name of an
            initializer, or a mapping with `type`.
        kernel_regularizer: A penalty on the kernel, added to the loss in training, such as `l2` or `{type: L2,
            l2: 0.001}`; null for none.
        bias_regularizer: A penalty on the bias, added to the loss in training, such as `l2` or `{type: L2, l2:
            0.001}`; null for none.
        activity_regularizer: A penalty on the output of the layer, added to the loss in training, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        kernel_constraint: A limit that the kernel must keep after every update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        bias_constraint: A limit that the bias must keep after every update, such as `non_neg` or `{type: MaxNorm,
            max_value: 2}`; null for none.
        implementation: How the kernel is kept: 1, a matrix for each output position; 2, a matrix from all inputs
            to all outputs, of which only the elements within a window count; 3, those elements alone. The output
            is the same.
    """

    def __init__(
        self,
        filters: int,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int] = 1,
        padding: Literal['valid', 'same'] = 'valid',
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        activation: _Activation | Layer | Mapping[str, Any] | None = 'linear',
        use_bias: bool = True,
        kernel_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'GlorotUniform',
        bias_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Zeros',
        kernel_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        bias_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        activity_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        kernel_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        bias_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        implementation: Literal[1, 2, 3] = 1,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def filters(self) -> int: ...
    @property
    def kernel_size(self) -> tuple[int, ...]: ...
    @property
    def strides(self) -> tuple[int, ...]: ...
    @property
    def padding(self) -> Literal['valid', 'same']: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    @property
    def activation(self) -> Any: ...
    @property
    def use_bias(self) -> bool: ...
    @property
    def kernel_initializer(self) -> Any: ...
    @property
    def bias_initializer(self) -> Any: ...
    @property
    def kernel_regularizer(self) -> Any: ...
    @property
    def bias_regularizer(self) -> Any: ...
    @property
    def activity_regularizer(self) -> Any: ...
    @property
    def kernel_constraint(self) -> Any: ...
    @property
    def bias_constraint(self) -> Any: ...
    @property
    def implementation(self) -> Literal[1, 2, 3]: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class LocallyConnected2D(Layer):
    r"""A kernel for each place of images: (N, height, width, C) → (N, height, width, filters). Keras 3 has no such
    layer.

    Args:
        filters: The number of filters: that of the output's channels.
        kernel_size: The size of the window: a number for all axes, or one for each.
        strides: The distance by which the window moves from one output to the next.
        padding: `valid` adds nothing; `same` adds zeros so that the output has ceil(input / stride) positions,
            and needs implementation 2 or 3.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
        activation: The function that the result goes through, such as `relu`; linear, the default, leaves it.
        use_bias: Whether a learned number, the bias, is added for each output.
        kernel_initializer: The random numbers, or other values, that the kernel start from: the name of an
            initializer, or a mapping with `type`.
        bias_initializer: The random numbers, or other values, that the bias start from: the name of an
            initializer, or a mapping with `type`.
        kernel_regularizer: A penalty on the kernel, added to the loss in training, such as `l2` or `{type: L2,
            l2: 0.001}`; null for none.
        bias_regularizer: A penalty on the bias, added to the loss in training, such as `l2` or `{type: L2, l2:
            0.001}`; null for none.
        activity_regularizer: A penalty on the output of the layer, added to the loss in training, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        kernel_constraint: A limit that the kernel must keep after every update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        bias_constraint: A limit that the bias must keep after every update, such as `non_neg` or `{type: MaxNorm,
            max_value: 2}`; null for none.
        implementation: How the kernel is kept: 1, a matrix for each output position; 2, a matrix from all inputs
            to all outputs, of which only the elements within a window count; 3, those elements alone. The output
            is the same.
    """

    def __init__(
        self,
        filters: int,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int] = 1,
        padding: Literal['valid', 'same'] = 'valid',
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        activation: _Activation | Layer | Mapping[str, Any] | None = 'linear',
        use_bias: bool = True,
        kernel_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'GlorotUniform',
        bias_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Zeros',
        kernel_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        bias_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        activity_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        kernel_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        bias_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        implementation: Literal[1, 2, 3] = 1,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def filters(self) -> int: ...
    @property
    def kernel_size(self) -> tuple[int, ...]: ...
    @property
    def strides(self) -> tuple[int, ...]: ...
    @property
    def padding(self) -> Literal['valid', 'same']: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    @property
    def activation(self) -> Any: ...
    @property
    def use_bias(self) -> bool: ...
    @property
    def kernel_initializer(self) -> Any: ...
    @property
    def bias_initializer(self) -> Any: ...
    @property
    def kernel_regularizer(self) -> Any: ...
    @property
    def bias_regularizer(self) -> Any: ...
    @property
    def activity_regularizer(self) -> Any: ...
    @property
    def kernel_constraint(self) -> Any: ...
    @property
    def bias_constraint(self) -> Any: ...
    @property
    def implementation(self) -> Literal[1, 2, 3]: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class DepthwiseConv1D(Layer):
    r"""Convolution of each channel over steps: (N, steps, C) → (N, steps, C·depth_multiplier).

    Args:
        kernel_size: The size of the window: a number for all axes, or one for each: `3` or `[3, 3]`.
        strides: The distance by which the window moves from one output to the next; 2 halves the size of the
            output.
        padding: `valid` adds nothing; `same` adds zeros so that the output has ceil(input / stride) positions.
        depth_multiplier: The number of output channels that each input channel gives.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
        dilation_rate: The distance between the elements of the window: 1 for neighbours, 2 to skip every other
            one, which widens the window without more weights.
        activation: The function that the result goes through, such as `relu`; linear, the default, leaves it.
        use_bias: Whether a learned number, the bias, is added for each output.
        depthwise_initializer: The random numbers, or other values, that the depthwise kernel start from: the name
            of an initializer, or a mapping with `type`.
        bias_initializer: The random numbers, or other values, that the bias start from: the name of an
            initializer, or a mapping with `type`.
        depthwise_regularizer: A penalty on the depthwise kernel, added to the loss in training, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        bias_regularizer: A penalty on the bias, added to the loss in training, such as `l2` or `{type: L2, l2:
            0.001}`; null for none.
        activity_regularizer: A penalty on the output of the layer, added to the loss in training, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        depthwise_constraint: A limit that the depthwise kernel must keep after every update, such as `non_neg` or
            `{type: MaxNorm, max_value: 2}`; null for none.
        bias_constraint: A limit that the bias must keep after every update, such as `non_neg` or `{type: MaxNorm,
            max_value: 2}`; null for none.
    """

    def __init__(
        self,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int] = 1,
        padding: Literal['valid', 'same'] = 'valid',
        depth_multiplier: int = 1,
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        dilation_rate: int | Sequence[int] = 1,
        activation: _Activation | Layer | Mapping[str, Any] | None = 'linear',
        use_bias: bool = True,
        depthwise_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'GlorotUniform',
        bias_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Zeros',
        depthwise_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        bias_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        activity_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        depthwise_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        bias_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def kernel_size(self) -> tuple[int, ...]: ...
    @property
    def strides(self) -> tuple[int, ...]: ...
    @property
    def padding(self) -> Literal['valid', 'same']: ...
    @property
    def depth_multiplier(self) -> int: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    @property
    def dilation_rate(self) -> tuple[int, ...]: ...
    @property
    def activation(self) -> Any: ...
    @property
    def use_bias(self) -> bool: ...
    @property
    def depthwise_initializer(self) -> Any: ...
    @property
    def bias_initializer(self) -> Any: ...
    @property
    def depthwise_regularizer(self) -> Any: ...
    @property
    def bias_regularizer(self) -> Any: ...
    @property
    def activity_regularizer(self) -> Any: ...
    @property
    def depthwise_constraint(self) -> Any: ...
    @property
    def bias_constraint(self) -> Any: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class DepthwiseConv2D(Layer):
    r"""Convolution of each channel over images: (N, height, width, C) → (N, height, width, C·depth_multiplier).

    Args:
        kernel_size: The size of the window: a number for all axes, or one for each: `3` or `[3, 3]`.
        strides: The distance by which the window moves from one output to the next; 2 halves the size of the
            output.
        padding: `valid` adds nothing; `same` adds zeros so that the output has ceil(input / stride) positions.
        depth_multiplier: The number of output channels that each input channel gives.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
        dilation_rate: The distance between the elements of the window: 1 for neighbours, 2 to skip every other
            one, which widens the window without more weights.
        activation: The function that the result goes through, such as `relu`; linear, the default, leaves it.
        use_bias: Whether a learned number, the bias, is added for each output.
        depthwise_initializer: The random numbers, or other values, that the depthwise kernel start from: the name
            of an initializer, or a mapping with `type`.
        bias_initializer: The random numbers, or other values, that the bias start from: the name of an
            initializer, or a mapping with `type`.
        depthwise_regularizer: A penalty on the depthwise kernel, added to the loss in training, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        bias_regularizer: A penalty on the bias, added to the loss in training, such as `l2` or `{type: L2, l2:
            0.001}`; null for none.
        activity_regularizer: A penalty on the output of the layer, added to the loss in training, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        depthwise_constraint: A limit that the depthwise kernel must keep after every update, such as `non_neg` or
            `{type: MaxNorm, max_value: 2}`; null for none.
        bias_constraint: A limit that the bias must keep after every update, such as `non_neg` or `{type: MaxNorm,
            max_value: 2}`; null for none.
    """

    def __init__(
        self,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int] = 1,
        padding: Literal['valid', 'same'] = 'valid',
        depth_multiplier: int = 1,
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        dilation_rate: int | Sequence[int] = 1,
        activation: _Activation | Layer | Mapping[str, Any] | None = 'linear',
        use_bias: bool = True,
        depthwise_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'GlorotUniform',
        bias_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Zeros',
        depthwise_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        bias_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        activity_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        depthwise_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        bias_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def kernel_size(self) -> tuple[int, ...]: ...
    @property
    def strides(self) -> tuple[int, ...]: ...
    @property
    def padding(self) -> Literal['valid', 'same']: ...
    @property
    def depth_multiplier(self) -> int: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    @property
    def dilation_rate(self) -> tuple[int, ...]: ...
    @property
    def activation(self) -> Any: ...
    @property
    def use_bias(self) -> bool: ...
    @property
    def depthwise_initializer(self) -> Any: ...
    @property
    def bias_initializer(self) -> Any: ...
    @property
    def depthwise_regularizer(self) -> Any: ...
    @property
    def bias_regularizer(self) -> Any: ...
    @property
    def activity_regularizer(self) -> Any: ...
    @property
    def depthwise_constraint(self) -> Any: ...
    @property
    def bias_constraint(self) -> Any: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class SeparableConv1D(Layer):
    r"""Separable convolution over steps: (N, steps, C) → (N, steps, filters).

    Args:
        filters: The number of filters: that of the output's channels.
        kernel_size: The size of the window: a number for all axes, or one for each: `3` or `[3, 3]`.
        strides: The distance by which the window moves from one output to the next; 2 halves the size of the
            output.
        padding: `valid` adds nothing; `same` adds zeros so that the output has ceil(input / stride) positions;
            `causal` adds them in front, so that no output depends on later steps (Keras 2 has that, Keras 3 not).
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
        dilation_rate: The distance between the elements of the window: 1 for neighbours, 2 to skip every other
            one, which widens the window without more weights.
        depth_multiplier: The number of output channels that each input channel gives.
        activation: The function that the result goes through, such as `relu`; linear, the default, leaves it.
        use_bias: Whether a learned number, the bias, is added for each output.
        depthwise_initializer: The random numbers, or other values, that the depthwise kernel start from: the name
            of an initializer, or a mapping with `type`.
        pointwise_initializer: The random numbers, or other values, that the pointwise kernel start from: the name
            of an initializer, or a mapping with `type`.
        bias_initializer: The random numbers, or other values, that the bias start from: the name of an
            initializer, or a mapping with `type`.
        depthwise_regularizer: A penalty on the depthwise kernel, added to the loss in training, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        pointwise_regularizer: A penalty on the pointwise kernel, added to the loss in training, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        bias_regularizer: A penalty on the bias, added to the loss in training, such as `l2` or `{type: L2, l2:
            0.001}`; null for none.
        activity_regularizer: A penalty on the output of the layer, added to the loss in training, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        depthwise_constraint: A limit that the depthwise kernel must keep after every update, such as `non_neg` or
            `{type: MaxNorm, max_value: 2}`; null for none.
        pointwise_constraint: A limit that the pointwise kernel must keep after every update, such as `non_neg` or
            `{type: MaxNorm, max_value: 2}`; null for none.
        bias_constraint: A limit that the bias must keep after every update, such as `non_neg` or `{type: MaxNorm,
            max_value: 2}`; null for none.
    """

    def __init__(
        self,
        filters: int,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int] = 1,
        padding: Literal['valid', 'same', 'causal'] = 'valid',
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        dilation_rate: int | Sequence[int] = 1,
        depth_multiplier: int = 1,
        activation: _Activation | Layer | Mapping[str, Any] | None = 'linear',
        use_bias: bool = True,
        depthwise_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'GlorotUniform',
        pointwise_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'GlorotUniform',
        bias_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Zeros',
        depthwise_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        pointwise_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        bias_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        activity_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        depthwise_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        pointwise_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        bias_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def filters(self) -> int: ...
    @property
    def kernel_size(self) -> tuple[int, ...]: ...
    @property
    def strides(self) -> tuple[int, ...]: ...
    @property
    def padding(self) -> Literal['valid', 'same', 'causal']: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    @property
    def dilation_rate(self) -> tuple[int, ...]: ...
    @property
    def depth_multiplier(self) -> int: ...
    @property
    def activation(self) -> Any: ...
    @property
    def use_bias(self) -> bool: ...
    @property
    def depthwise_initializer(self) -> Any: ...
    @property
    def pointwise_initializer(self) -> Any: ...
    @property
    def bias_initializer(self) -> Any: ...
    @property
    def depthwise_regularizer(self) -> Any: ...
    @property
    def pointwise_regularizer(self) -> Any: ...
    @property
    def bias_regularizer(self) -> Any: ...
    @property
    def activity_regularizer(self) -> Any: ...
    @property
    def depthwise_constraint(self) -> Any: ...
    @property
    def pointwise_constraint(self) -> Any: ...
    @property
    def bias_constraint(self) -> Any: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class SeparableConv2D(Layer):
    r"""Separable convolution over images: (N, height, width, C) → (N, height, width, filters).

    Args:
        filters: The number of filters: that of the output's channels.
        kernel_size: The size of the window: a number for all axes, or one for each: `3` or `[3, 3]`.
        strides: The distance by which the window moves from one output to the next; 2 halves the size of the
            output.
        padding: `valid` adds nothing; `same` adds zeros so that the output has ceil(input / stride) positions.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
        dilation_rate: The distance between the elements of the window: 1 for neighbours, 2 to skip every other
            one, which widens the window without more weights.
        depth_multiplier: The number of output channels that each input channel gives.
        activation: The function that the result goes through, such as `relu`; linear, the default, leaves it.
        use_bias: Whether a learned number, the bias, is added for each output.
        depthwise_initializer: The random numbers, or other values, that the depthwise kernel start from: the name
            of an initializer, or a mapping with `type`.
        pointwise_initializer: The random numbers, or other values, that the pointwise kernel start from: the name
            of an initializer, or a mapping with `type`.
        bias_initializer: The random numbers, or other values, that the bias start from: the name of an
            initializer, or a mapping with `type`.
        depthwise_regularizer: A penalty on the depthwise kernel, added to the loss in training, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        pointwise_regularizer: A penalty on the pointwise kernel, added to the loss in training, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        bias_regularizer: A penalty on the bias, added to the loss in training, such as `l2` or `{type: L2, l2:
            0.001}`; null for none.
        activity_regularizer: A penalty on the output of the layer, added to the loss in training, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        depthwise_constraint: A limit that the depthwise kernel must keep after every update, such as `non_neg` or
            `{type: MaxNorm, max_value: 2}`; null for none.
        pointwise_constraint: A limit that the pointwise kernel must keep after every update, such as `non_neg` or
            `{type: MaxNorm, max_value: 2}`; null for none.
        bias_constraint: A limit that the bias must keep after every update, such as `non_neg` or `{type: MaxNorm,
            max_value: 2}`; null for none.
    """

    def __init__(
        self,
        filters: int,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int] = 1,
        padding: Literal['valid', 'same'] = 'valid',
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        dilation_rate: int | Sequence[int] = 1,
        depth_multiplier: int = 1,
        activation: _Activation | Layer | Mapping[str, Any] | None = 'linear',
        use_bias: bool = True,
        depthwise_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'GlorotUniform',
        pointwise_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'GlorotUniform',
        bias_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Zeros',
        depthwise_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        pointwise_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        bias_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        activity_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        depthwise_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        pointwise_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        bias_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def filters(self) -> int: ...
    @property
    def kernel_size(self) -> tuple[int, ...]: ...
    @property
    def strides(self) -> tuple[int, ...]: ...
    @property
    def padding(self) -> Literal['valid', 'same']: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    @property
    def dilation_rate(self) -> tuple[int, ...]: ...
    @property
    def depth_multiplier(self) -> int: ...
    @property
    def activation(self) -> Any: ...
    @property
    def use_bias(self) -> bool: ...
    @property
    def depthwise_initializer(self) -> Any: ...
    @property
    def pointwise_initializer(self) -> Any: ...
    @property
    def bias_initializer(self) -> Any: ...
    @property
    def depthwise_regularizer(self) -> Any: ...
    @property
    def pointwise_regularizer(self) -> Any: ...
    @property
    def bias_regularizer(self) -> Any: ...
    @property
    def activity_regularizer(self) -> Any: ...
    @property
    def depthwise_constraint(self) -> Any: ...
    @property
    def pointwise_constraint(self) -> Any: ...
    @property
    def bias_constraint(self) -> Any: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Conv1DTranspose(Layer):
    r"""Transposed convolution over steps: (N, steps, C) → (N, steps, filters).

    Args:
        filters: The number of filters: that of the output's channels.
        kernel_size: The size of the window: a number for all axes, or one for each: `3` or `[3, 3]`.
        strides: The distance in the output between neighbours of the input; 2 doubles the size.
        padding: `valid` gives (input - 1)·stride + extent positions and at least input·stride; `same` gives
            input·stride.
        output_padding: Positions added at the end, fewer than the strides: `valid` then gives (input - 1)·stride
            + extent + output_padding, `same` (input - 1)·stride + extent mod 2 + output_padding.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
        dilation_rate: The distance between the elements of the window: 1 for neighbours, 2 to skip every other
            one, which widens the window without more weights.
        activation: The function that the result goes through, such as `relu`; linear, the default, leaves it.
        use_bias: Whether a learned number, the bias, is added for each output.
        kernel_initializer: The random numbers, or other values, that the kernel start from: the name of an
            initializer, or a mapping with `type`.
        bias_initializer: The random numbers, or other values, that the bias start from: the name of an
            initializer, or a mapping with `type`.
        kernel_regularizer: A penalty on the kernel, added to the loss in training, such as `l2` or `{type: L2,
            l2: 0.001}`; null for none.
        bias_regularizer: A penalty on the bias, added to the loss in training, such as `l2` or `{type: L2, l2:
            0.001}`; null for none.
        activity_regularizer: A penalty on the output of the layer, added to the loss in training, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        kernel_constraint: A limit that the kernel must keep after every update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        bias_constraint: A limit that the bias must keep after every update, such as `non_neg` or `{type: MaxNorm,
            max_value: 2}`; null for none.
    """

    def __init__(
        self,
        filters: int,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int] = 1,
        padding: Literal['valid', 'same'] = 'valid',
        output_padding: int | Sequence[int] | None = None,
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        dilation_rate: int | Sequence[int] = 1,
        activation: _Activation | Layer | Mapping[str, Any] | None = 'linear',
        use_bias: bool = True,
        kernel_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'GlorotUniform',
        bias_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Zeros',
        kernel_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        bias_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        activity_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        kernel_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        bias_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def filters(self) -> int: ...
    @property
    def kernel_size(self) -> tuple[int, ...]: ...
    @property
    def strides(self) -> tuple[int, ...]: ...
    @property
    def padding(self) -> Literal['valid', 'same']: ...
    @property
    def output_padding(self) -> tuple[int, ...] | None: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    @property
    def dilation_rate(self) -> tuple[int, ...]: ...
    @property
    def activation(self) -> Any: ...
    @property
    def use_bias(self) -> bool: ...
    @property
    def kernel_initializer(self) -> Any: ...
    @property
    def bias_initializer(self) -> Any: ...
    @property
    def kernel_regularizer(self) -> Any: ...
    @property
    def bias_regularizer(self) -> Any: ...
    @property
    def activity_regularizer(self) -> Any: ...
    @property
    def kernel_constraint(self) -> Any: ...
    @property
    def bias_constraint(self) -> Any: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Conv2DTranspose(Layer):
    r"""Transposed convolution over images: (N, height, width, C) → (N, height, width, filters).

    Args:
        filters: The number of filters: that of the output's channels.
        kernel_size: The size of the window: a number for all axes, or one for each: `3` or `[3, 3]`.
        strides: The distance in the output between neighbours of the input; 2 doubles the size.
        padding: `valid` gives (input - 1)·stride + extent positions and at least input·stride; `same` gives
            input·stride.
        output_padding: Positions added at the end, fewer than the strides: `valid` then gives (input - 1)·stride
            + extent + output_padding, `same` (input - 1)·stride + extent mod 2 + output_padding.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
        dilation_rate: The distance between the elements of the window: 1 for neighbours, 2 to skip every other
            one, which widens the window without more weights.
        activation: The function that the result goes through, such as `relu`; linear, the default, leaves it.
        use_bias: Whether a learned number, the bias, is added for each output.
        kernel_initializer: The random numbers, or other values, that the kernel start from: the name of an
            initializer, or a mapping with `type`.
        bias_initializer: The random numbers, or other values, that the bias start from: the name of an
            initializer, or a mapping with `type`.
        kernel_regularizer: A penalty on the kernel, added to the loss in training, such as `l2` or `{type: L2,
            l2: 0.001}`; null for none.
        bias_regularizer: A penalty on the bias, added to the loss in training, such as `l2` or `{type: L2, l2:
            0.001}`; null for none.
        activity_regularizer: A penalty on the output of the layer, added to the loss in training, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        kernel_constraint: A limit that the kernel must keep after every update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        bias_constraint: A limit that the bias must keep after every update, such as `non_neg` or `{type: MaxNorm,
            max_value: 2}`; null for none.
    """

    def __init__(
        self,
        filters: int,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int] = 1,
        padding: Literal['valid', 'same'] = 'valid',
        output_padding: int | Sequence[int] | None = None,
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        dilation_rate: int | Sequence[int] = 1,
        activation: _Activation | Layer | Mapping[str, Any] | None = 'linear',
        use_bias: bool = True,
        kernel_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'GlorotUniform',
        bias_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Zeros',
        kernel_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        bias_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        activity_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        kernel_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        bias_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def filters(self) -> int: ...
    @property
    def kernel_size(self) -> tuple[int, ...]: ...
    @property
    def strides(self) -> tuple[int, ...]: ...
    @property
    def padding(self) -> Literal['valid', 'same']: ...
    @property
    def output_padding(self) -> tuple[int, ...] | None: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    @property
    def dilation_rate(self) -> tuple[int, ...]: ...
    @property
    def activation(self) -> Any: ...
    @property
    def use_bias(self) -> bool: ...
    @property
    def kernel_initializer(self) -> Any: ...
    @property
    def bias_initializer(self) -> Any: ...
    @property
    def kernel_regularizer(self) -> Any: ...
    @property
    def bias_regularizer(self) -> Any: ...
    @property
    def activity_regularizer(self) -> Any: ...
    @property
    def kernel_constraint(self) -> Any: ...
    @property
    def bias_constraint(self) -> Any: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Conv3DTranspose(Layer):
    r"""Transposed convolution over volumes: (N, depth, height, width, C) → (N, depth, height, width, filters).

    By position, `data_format` comes before `output_padding`, as in Keras.

    Args:
        filters: The number of filters: that of the output's channels.
        kernel_size: The size of the window: a number for all axes, or one for each: `3` or `[3, 3]`.
        strides: The distance in the output between neighbours of the input; 2 doubles the size.
        padding: `valid` gives (input - 1)·stride + extent positions and at least input·stride; `same` gives
            input·stride.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
        output_padding: Positions added at the end, fewer than the strides: `valid` then gives (input - 1)·stride
            + extent + output_padding, `same` (input - 1)·stride + extent mod 2 + output_padding.
        dilation_rate: The distance between the elements of the window: 1 for neighbours, 2 to skip every other
            one, which widens the window without more weights.
        activation: The function that the result goes through, such as `relu`; linear, the default, leaves it.
        use_bias: Whether a learned number, the bias, is added for each output.
        kernel_initializer: The random numbers, or other values, that the kernel start from: the name of an
            initializer, or a mapping with `type`.
        bias_initializer: The random numbers, or other values, that the bias start from: the name of an
            initializer, or a mapping with `type`.
        kernel_regularizer: A penalty on the kernel, added to the loss in training, such as `l2` or `{type: L2,
            l2: 0.001}`; null for none.
        bias_regularizer: A penalty on the bias, added to the loss in training, such as `l2` or `{type: L2, l2:
            0.001}`; null for none.
        activity_regularizer: A penalty on the output of the layer, added to the loss in training, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        kernel_constraint: A limit that the kernel must keep after every update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        bias_constraint: A limit that the bias must keep after every update, such as `non_neg` or `{type: MaxNorm,
            max_value: 2}`; null for none.
    """

    def __init__(
        self,
        filters: int,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int] = 1,
        padding: Literal['valid', 'same'] = 'valid',
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        output_padding: int | Sequence[int] | None = None,
        dilation_rate: int | Sequence[int] = 1,
        activation: _Activation | Layer | Mapping[str, Any] | None = 'linear',
        use_bias: bool = True,
        kernel_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'GlorotUniform',
        bias_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Zeros',
        kernel_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        bias_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        activity_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        kernel_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        bias_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def filters(self) -> int: ...
    @property
    def kernel_size(self) -> tuple[int, ...]: ...
    @property
    def strides(self) -> tuple[int, ...]: ...
    @property
    def padding(self) -> Literal['valid', 'same']: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    @property
    def output_padding(self) -> tuple[int, ...] | None: ...
    @property
    def dilation_rate(self) -> tuple[int, ...]: ...
    @property
    def activation(self) -> Any: ...
    @property
    def use_bias(self) -> bool: ...
    @property
    def kernel_initializer(self) -> Any: ...
    @property
    def bias_initializer(self) -> Any: ...
    @property
    def kernel_regularizer(self) -> Any: ...
    @property
    def bias_regularizer(self) -> Any: ...
    @property
    def activity_regularizer(self) -> Any: ...
    @property
    def kernel_constraint(self) -> Any: ...
    @property
    def bias_constraint(self) -> Any: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class MaxPooling1D(Layer):
    r"""The largest value in a window of steps: (N, steps, C) → (N, steps, C).

    Args:
        pool_size: The size of the window: a number for all axes, or one for each.
        strides: The distance by which the window moves from one output to the next; by default the size of the
            window, so that windows do not overlap.
        padding: `valid` leaves positions out where the window does not fit; `same` gives ceil(input / stride)
            positions.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
    """

    def __init__(
        self,
        pool_size: int | Sequence[int] = 2,
        strides: int | Sequence[int] | None = None,
        padding: Literal['valid', 'same'] = 'valid',
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def pool_size(self) -> tuple[int, ...]: ...
    @property
    def strides(self) -> tuple[int, ...] | None: ...
    @property
    def padding(self) -> Literal['valid', 'same']: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class MaxPooling2D(Layer):
    r"""The largest value in a window of an image: (N, height, width, C) → (N, height, width, C).

    Args:
        pool_size: The size of the window: a number for all axes, or one for each.
        strides: The distance by which the window moves from one output to the next; by default the size of the
            window, so that windows do not overlap.
        padding: `valid` leaves positions out where the window does not fit; `same` gives ceil(input / stride)
            positions.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
    """

    def __init__(
        self,
        pool_size: int | Sequence[int] = 2,
        strides: int | Sequence[int] | None = None,
        padding: Literal['valid', 'same'] = 'valid',
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def pool_size(self) -> tuple[int, ...]: ...
    @property
    def strides(self) -> tuple[int, ...] | None: ...
    @property
    def padding(self) -> Literal['valid', 'same']: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class MaxPooling3D(Layer):
    r"""The largest value in a window of a volume: (N, depth, height, width, C) → (N, depth, height, width, C).

    Args:
        pool_size: The size of the window: a number for all axes, or one for each.
        strides: The distance by which the window moves from one output to the next; by default the size of the
            window, so that windows do not overlap.
        padding: `valid` leaves positions out where the window does not fit; `same` gives ceil(input / stride)
            positions.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
    """

    def __init__(
        self,
        pool_size: int | Sequence[int] = 2,
        strides: int | Sequence[int] | None = None,
        padding: Literal['valid', 'same'] = 'valid',
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def pool_size(self) -> tuple[int, ...]: ...
    @property
    def strides(self) -> tuple[int, ...] | None: ...
    @property
    def padding(self) -> Literal['valid', 'same']: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class AveragePooling1D(Layer):
    r"""The mean of a window of steps: (N, steps, C) → (N, steps, C).

    Args:
        pool_size: The size of the window: a number for all axes, or one for each.
        strides: The distance by which the window moves from one output to the next; by default the size of the
            window, so that windows do not overlap.
        padding: `valid` leaves positions out where the window does not fit; `same` gives ceil(input / stride)
            positions.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
    """

    def __init__(
        self,
        pool_size: int | Sequence[int],
        strides: int | Sequence[int] | None = None,
        padding: Literal['valid', 'same'] = 'valid',
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def pool_size(self) -> tuple[int, ...]: ...
    @property
    def strides(self) -> tuple[int, ...] | None: ...
    @property
    def padding(self) -> Literal['valid', 'same']: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class AveragePooling2D(Layer):
    r"""The mean of a window of an image: (N, height, width, C) → (N, height, width, C).

    Args:
        pool_size: The size of the window: a number for all axes, or one for each.
        strides: The distance by which the window moves from one output to the next; by default the size of the
            window, so that windows do not overlap.
        padding: `valid` leaves positions out where the window does not fit; `same` gives ceil(input / stride)
            positions.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
    """

    def __init__(
        self,
        pool_size: int | Sequence[int],
        strides: int | Sequence[int] | None = None,
        padding: Literal['valid', 'same'] = 'valid',
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def pool_size(self) -> tuple[int, ...]: ...
    @property
    def strides(self) -> tuple[int, ...] | None: ...
    @property
    def padding(self) -> Literal['valid', 'same']: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class AveragePooling3D(Layer):
    r"""The mean of a window of a volume: (N, depth, height, width, C) → (N, depth, height, width, C).

    Args:
        pool_size: The size of the window: a number for all axes, or one for each.
        strides: The distance by which the window moves from one output to the next; by default the size of the
            window, so that windows do not overlap.
        padding: `valid` leaves positions out where the window does not fit; `same` gives ceil(input / stride)
            positions.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
    """

    def __init__(
        self,
        pool_size: int | Sequence[int],
        strides: int | Sequence[int] | None = None,
        padding: Literal['valid', 'same'] = 'valid',
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def pool_size(self) -> tuple[int, ...]: ...
    @property
    def strides(self) -> tuple[int, ...] | None: ...
    @property
    def padding(self) -> Literal['valid', 'same']: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class GlobalMaxPooling1D(Layer):
    r"""The largest value of all steps: (N, steps, C) → (N, C).

    Args:
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
        keepdims: Whether the rows and columns stay as axes of size 1.
    """

    def __init__(
        self,
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        keepdims: bool = False,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    @property
    def keepdims(self) -> bool: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class GlobalMaxPooling2D(Layer):
    r"""The largest value of an image: (N, height, width, C) → (N, C).

    Args:
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
        keepdims: Whether the rows and columns stay as axes of size 1.
    """

    def __init__(
        self,
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        keepdims: bool = False,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    @property
    def keepdims(self) -> bool: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class GlobalMaxPooling3D(Layer):
    r"""The largest value of a volume: (N, depth, height, width, C) → (N, C).

    Args:
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
        keepdims: Whether the rows and columns stay as axes of size 1.
    """

    def __init__(
        self,
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        keepdims: bool = False,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    @property
    def keepdims(self) -> bool: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class GlobalAveragePooling1D(Layer):
    r"""The mean of all steps: (N, steps, C) → (N, C). A mask (N, steps) leaves out the steps where it is 0.

    Args:
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
        keepdims: Whether the rows and columns stay as axes of size 1.
    """

    def __init__(
        self,
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        keepdims: bool = False,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    @property
    def keepdims(self) -> bool: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class GlobalAveragePooling2D(Layer):
    r"""The mean of an image: (N, height, width, C) → (N, C).

    Args:
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
        keepdims: Whether the rows and columns stay as axes of size 1.
    """

    def __init__(
        self,
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        keepdims: bool = False,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    @property
    def keepdims(self) -> bool: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class GlobalAveragePooling3D(Layer):
    r"""The mean of a volume: (N, depth, height, width, C) → (N, C).

    Args:
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
        keepdims: Whether the rows and columns stay as axes of size 1.
    """

    def __init__(
        self,
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        keepdims: bool = False,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    @property
    def keepdims(self) -> bool: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class AdaptiveAveragePooling1D(Layer):
    r"""The means of `output_size` windows that cover the steps: (N, steps, C) → (N, output_size, C).

    Args:
        output_size: The size of the output: a number for all axes, or one for each.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
    """

    def __init__(
        self,
        output_size: int | Sequence[int],
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def output_size(self) -> tuple[int, ...]: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class AdaptiveAveragePooling2D(Layer):
    r"""The means of windows that cover an image: (N, height, width, C) → (N, *output_size, C).

    Args:
        output_size: The size of the output: a number for all axes, or one for each.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
    """

    def __init__(
        self,
        output_size: int | Sequence[int],
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def output_size(self) -> tuple[int, ...]: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class AdaptiveAveragePooling3D(Layer):
    r"""The means of windows that cover a volume: (N, depth, height, width, C) → (N, *output_size, C).

    Args:
        output_size: The size of the output: a number for all axes, or one for each.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
    """

    def __init__(
        self,
        output_size: int | Sequence[int],
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def output_size(self) -> tuple[int, ...]: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class AdaptiveMaxPooling1D(Layer):
    r"""The largest values of `output_size` windows that cover the steps: (N, steps, C) → (N, output_size, C).

    Args:
        output_size: The size of the output: a number for all axes, or one for each.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
    """

    def __init__(
        self,
        output_size: int | Sequence[int],
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def output_size(self) -> tuple[int, ...]: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class AdaptiveMaxPooling2D(Layer):
    r"""The largest values of windows that cover an image: (N, height, width, C) → (N, *output_size, C).

    Args:
        output_size: The size of the output: a number for all axes, or one for each.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
    """

    def __init__(
        self,
        output_size: int | Sequence[int],
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def output_size(self) -> tuple[int, ...]: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class AdaptiveMaxPooling3D(Layer):
    r"""The largest values of windows that cover a volume: (N, depth, height, width, C) → (N, *output_size, C).

    Args:
        output_size: The size of the output: a number for all axes, or one for each.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
    """

    def __init__(
        self,
        output_size: int | Sequence[int],
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def output_size(self) -> tuple[int, ...]: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class BatchNormalization(Layer):
    r"""Normalizes each channel to a mean of 0 and a variance of 1: in training over the batch, else by moving averages.

    ``y = gamma·(x - mean) / sqrt(variance + epsilon) + beta`` per channel (Ioffe and Szegedy, 2015).

    At inference mean and variance are the moving ones. In training, unless the layer is frozen, they are those of
    the batch, of its unmasked positions where a mask (N, ...), one axis short of x, is given; and the moving ones
    become ``moving·momentum + batch·(1 - momentum)``. Batch renormalization (Ioffe, 2017) corrects the batch's
    statistics towards moving ones of their own. Weights: gamma, beta, moving_mean, moving_variance, each (C,), or,
    where `axis` is a list, in the rank of x with 1 for all other axes; with `renorm` also moving_stddev, renorm_mean,
    renorm_stddev.

    Args:
        axis: The axis of the channels, or several axes whose every position has statistics of its own (as in
            Keras 2); -1 is the last.
        momentum: The share of the old moving averages that each training step keeps: 0.99 averages over about the
            last 100 batches.
        epsilon: A small number added to what is divided by, so that nothing is divided by 0.
        center: Whether a learned number, beta, is added to the result.
        scale: Whether the result is multiplied by a learned number, gamma.
        beta_initializer: The random numbers, or other values, that beta start from: the name of an initializer,
            or a mapping with `type`.
        gamma_initializer: The random numbers, or other values, that gamma start from: the name of an initializer,
            or a mapping with `type`.
        moving_mean_initializer: The values that the moving mean starts from.
        moving_variance_initializer: The values that the moving variance starts from.
        beta_regularizer: A penalty on beta, added to the loss in training, such as `l2` or `{type: L2, l2:
            0.001}`; null for none.
        gamma_regularizer: A penalty on gamma, added to the loss in training, such as `l2` or `{type: L2, l2:
            0.001}`; null for none.
        beta_constraint: A limit that beta must keep after every update, such as `non_neg` or `{type: MaxNorm,
            max_value: 2}`; null for none.
        gamma_constraint: A limit that gamma must keep after every update, such as `non_neg` or `{type: MaxNorm,
            max_value: 2}`; null for none.
        renorm: Whether to use batch renormalization, which corrects batches by the moving averages; for small
            batches.
        renorm_clipping: The limits of the corrections of renormalization: `rmin` and `rmax` for the scale, `dmax`
            for the shift.
        renorm_momentum: The share of the old averages of renormalization that each training step keeps.
        synchronized: Has no effect: it joins the statistics of several devices, and here there is one.
    """

    def __init__(
        self,
        axis: int | Sequence[int] = -1,
        momentum: float = 0.99,
        epsilon: float = 0.001,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Zeros',
        gamma_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Ones',
        moving_mean_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Zeros',
        moving_variance_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Ones',
        beta_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        gamma_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        beta_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        gamma_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        renorm: bool = False,
        renorm_clipping: Mapping[str, Any] | None = None,
        renorm_momentum: float = 0.99,
        synchronized: bool = False,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def axis(self) -> int | tuple[int, ...]: ...
    @property
    def momentum(self) -> float: ...
    @property
    def epsilon(self) -> float: ...
    @property
    def center(self) -> bool: ...
    @property
    def scale(self) -> bool: ...
    @property
    def beta_initializer(self) -> Any: ...
    @property
    def gamma_initializer(self) -> Any: ...
    @property
    def moving_mean_initializer(self) -> Any: ...
    @property
    def moving_variance_initializer(self) -> Any: ...
    @property
    def beta_regularizer(self) -> Any: ...
    @property
    def gamma_regularizer(self) -> Any: ...
    @property
    def beta_constraint(self) -> Any: ...
    @property
    def gamma_constraint(self) -> Any: ...
    @property
    def renorm(self) -> bool: ...
    @property
    def renorm_clipping(self) -> dict[str, float] | None: ...
    @property
    def renorm_momentum(self) -> float: ...
    @property
    def synchronized(self) -> bool: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class LayerNormalization(Layer):
    r"""Normalizes each sample by itself, along its last axis, to a mean of 0 and a variance of 1.

    ``y = gamma·(x - mean) / sqrt(variance + epsilon) + beta``, mean and variance of each sample over `axis`
    (Ba et al., 2016).

    With `rms_scaling`, ``y = gamma·x / sqrt(variance + epsilon)``. Weights: gamma, beta in x's extents along `axis`.

    Args:
        axis: The axis, or axes, that a mean and a variance are taken over; -1 is the last.
        epsilon: A small number added to what is divided by, so that nothing is divided by 0.
        center: Whether a learned number, beta, is added to the result.
        scale: Whether the result is multiplied by a learned number, gamma.
        beta_initializer: The random numbers, or other values, that beta start from: the name of an initializer,
            or a mapping with `type`.
        gamma_initializer: The random numbers, or other values, that gamma start from: the name of an initializer,
            or a mapping with `type`.
        beta_regularizer: A penalty on beta, added to the loss in training, such as `l2` or `{type: L2, l2:
            0.001}`; null for none.
        gamma_regularizer: A penalty on gamma, added to the loss in training, such as `l2` or `{type: L2, l2:
            0.001}`; null for none.
        beta_constraint: A limit that beta must keep after every update, such as `non_neg` or `{type: MaxNorm,
            max_value: 2}`; null for none.
        gamma_constraint: A limit that gamma must keep after every update, such as `non_neg` or `{type: MaxNorm,
            max_value: 2}`; null for none.
        rms_scaling: Whether to divide only, with gamma and without beta: an older form of Keras, which is not
            RMSNormalization.
    """

    def __init__(
        self,
        axis: int | Sequence[int] = -1,
        epsilon: float = 0.001,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Zeros',
        gamma_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Ones',
        beta_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        gamma_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        beta_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        gamma_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        rms_scaling: bool = False,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def axis(self) -> int | tuple[int, ...]: ...
    @property
    def epsilon(self) -> float: ...
    @property
    def center(self) -> bool: ...
    @property
    def scale(self) -> bool: ...
    @property
    def beta_initializer(self) -> Any: ...
    @property
    def gamma_initializer(self) -> Any: ...
    @property
    def beta_regularizer(self) -> Any: ...
    @property
    def gamma_regularizer(self) -> Any: ...
    @property
    def beta_constraint(self) -> Any: ...
    @property
    def gamma_constraint(self) -> Any: ...
    @property
    def rms_scaling(self) -> bool: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class GroupNormalization(Layer):
    r"""Normalizes each sample in groups of its channels.

    LayerNormalization of groups of channels: ``y = gamma·(x - mean) / sqrt(variance + epsilon) + beta``, mean and
    variance of each sample and group (Wu and He, 2018). Weights: gamma (C,), beta (C,).

    Args:
        groups: The number of groups that the channels are divided into; -1 for one per channel (instance
            normalization).
        axis: The axis of the channels; -1 is the last.
        epsilon: A small number added to what is divided by, so that nothing is divided by 0.
        center: Whether a learned number, beta, is added to the result.
        scale: Whether the result is multiplied by a learned number, gamma.
        beta_initializer: The random numbers, or other values, that beta start from: the name of an initializer,
            or a mapping with `type`.
        gamma_initializer: The random numbers, or other values, that gamma start from: the name of an initializer,
            or a mapping with `type`.
        beta_regularizer: A penalty on beta, added to the loss in training, such as `l2` or `{type: L2, l2:
            0.001}`; null for none.
        gamma_regularizer: A penalty on gamma, added to the loss in training, such as `l2` or `{type: L2, l2:
            0.001}`; null for none.
        beta_constraint: A limit that beta must keep after every update, such as `non_neg` or `{type: MaxNorm,
            max_value: 2}`; null for none.
        gamma_constraint: A limit that gamma must keep after every update, such as `non_neg` or `{type: MaxNorm,
            max_value: 2}`; null for none.
    """

    def __init__(
        self,
        groups: int = 32,
        axis: int = -1,
        epsilon: float = 0.001,
        center: bool = True,
        scale: bool = True,
        beta_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Zeros',
        gamma_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Ones',
        beta_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        gamma_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        beta_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        gamma_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def groups(self) -> int: ...
    @property
    def axis(self) -> int: ...
    @property
    def epsilon(self) -> float: ...
    @property
    def center(self) -> bool: ...
    @property
    def scale(self) -> bool: ...
    @property
    def beta_initializer(self) -> Any: ...
    @property
    def gamma_initializer(self) -> Any: ...
    @property
    def beta_regularizer(self) -> Any: ...
    @property
    def gamma_regularizer(self) -> Any: ...
    @property
    def beta_constraint(self) -> Any: ...
    @property
    def gamma_constraint(self) -> Any: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class RMSNormalization(Layer):
    r"""Divides each sample by the root mean square of its last axis.

    ``y = scale·x / sqrt(mean(x²) + epsilon)``, the mean of each sample over `axis` (Zhang and Sennrich, 2019).

    Weights: scale, in x's extents along `axis`.

    Args:
        axis: The axis, or axes, that the mean of squares is taken over; -1 is the last.
        epsilon: A small number added to what is divided by, so that nothing is divided by 0.
    """

    def __init__(
        self,
        axis: int | Sequence[int] = -1,
        epsilon: float = 1e-06,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def axis(self) -> int | tuple[int, ...]: ...
    @property
    def epsilon(self) -> float: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class UnitNormalization(Layer):
    r"""Scales vectors to length 1.

    ``y = x / sqrt(Σ x²)``, the sum of each sample over `axis`: vectors of length 1.

    Args:
        axis: The axis, or axes, along which the vectors lie; -1 is the last.
    """

    def __init__(
        self,
        axis: int | Sequence[int] = -1,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def axis(self) -> int | tuple[int, ...]: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Dropout(Layer):
    r"""Sets a random share of its input to 0 in training, against overfitting; gives its input unchanged otherwise.

    In training, ``y = x·m / (1 - rate)`` with m 0 at random, else 1 (Srivastava et al., 2014); else ``y = x``.

    Args:
        rate: The share of the elements that is set to 0, between 0 and 1: 0.5 drops half of them.
        noise_shape: The shape of the random mask, the batch first: 1 for an axis along which all or nothing is
            dropped, null for one with draws of its own. By default every element has its own.
        seed: A seed for the random numbers of this layer alone, whatever the seed of the model is. By default the
            model's seed decides.
    """

    def __init__(
        self,
        rate: float,
        noise_shape: Sequence[int | None] | None = None,
        seed: int | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def rate(self) -> float: ...
    @property
    def noise_shape(self) -> tuple[int | None, ...] | None: ...
    @property
    def seed(self) -> int | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class SpatialDropout1D(Layer):
    r"""Dropout of whole channels of (N, steps, C) in training; ``y = x`` at inference.

    Args:
        rate: The share of the elements that is set to 0, between 0 and 1: 0.5 drops half of them.
        seed: A seed for the random numbers of this layer alone, whatever the seed of the model is. By default the
            model's seed decides.
    """

    def __init__(
        self,
        rate: float,
        seed: int | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def rate(self) -> float: ...
    @property
    def seed(self) -> int | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class SpatialDropout2D(Layer):
    r"""Dropout of whole channels of (N, height, width, C) in training; ``y = x`` at inference.

    Args:
        rate: The share of the elements that is set to 0, between 0 and 1: 0.5 drops half of them.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
        seed: A seed for the random numbers of this layer alone, whatever the seed of the model is. By default the
            model's seed decides.
    """

    def __init__(
        self,
        rate: float,
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        seed: int | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def rate(self) -> float: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    @property
    def seed(self) -> int | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class SpatialDropout3D(Layer):
    r"""Dropout of whole channels of (N, depth, height, width, C) in training; ``y = x`` at inference.

    Args:
        rate: The share of the elements that is set to 0, between 0 and 1: 0.5 drops half of them.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
        seed: A seed for the random numbers of this layer alone, whatever the seed of the model is. By default the
            model's seed decides.
    """

    def __init__(
        self,
        rate: float,
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        seed: int | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def rate(self) -> float: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    @property
    def seed(self) -> int | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class AlphaDropout(Layer):
    r"""A Dropout for networks with selu: it keeps the mean and the variance.

    In training, drops to the negative saturation of `selu`, and keeps mean and variance (Klambauer et al., 2017);
    else ``y = x``.

    ``y = a·(x where kept, else s) + b`` with ``s = -scale·alpha`` of selu, ``a = ((1 - rate)·(1 + rate·s²))^(-1/2)``
    and ``b = -a·rate·s``.

    Args:
        rate: The share of the elements that is set to 0, between 0 and 1: 0.5 drops half of them.
        noise_shape: The shape of the random mask, the batch first: 1 for an axis along which all or nothing is
            dropped, null for one with draws of its own. By default every element has its own.
        seed: A seed for the random numbers of this layer alone, whatever the seed of the model is. By default the
            model's seed decides.
    """

    def __init__(
        self,
        rate: float,
        noise_shape: Sequence[int | None] | None = None,
        seed: int | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def rate(self) -> float: ...
    @property
    def noise_shape(self) -> tuple[int | None, ...] | None: ...
    @property
    def seed(self) -> int | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class GaussianNoise(Layer):
    r"""Adds random noise to its input in training, against overfitting; gives its input unchanged otherwise.

    In training, ``y = x + N(0, stddev²)``; else ``y = x``.

    Args:
        stddev: The standard deviation of the noise, between 0 and 1.
        seed: A seed for the random numbers of this layer alone, whatever the seed of the model is. By default the
            model's seed decides.
    """

    def __init__(
        self,
        stddev: float,
        seed: int | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def stddev(self) -> float: ...
    @property
    def seed(self) -> int | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class GaussianDropout(Layer):
    r"""Multiplies its input by random noise in training, against overfitting; gives its input unchanged otherwise.

    In training, ``y = x·N(1, rate / (1 - rate))`` (Srivastava et al., 2014); else ``y = x``.

    Args:
        rate: The share of the elements that is set to 0, between 0 and 1: 0.5 drops half of them.
        seed: A seed for the random numbers of this layer alone, whatever the seed of the model is. By default the
            model's seed decides.
    """

    def __init__(
        self,
        rate: float,
        seed: int | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def rate(self) -> float: ...
    @property
    def seed(self) -> int | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class ActivityRegularization(Layer):
    r"""Leaves its input as it is, and adds a penalty on its size to the loss.

    ``y = x``; in training the loss grows by ``l1·Σ|x| + l2·Σx²``, per sample.

    Args:
        l1: The factor of the sum of absolute values, which is added to the loss.
        l2: The factor of the sum of squares, which is added to the loss.
    """

    def __init__(
        self,
        l1: float = 0.0,
        l2: float = 0.0,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def l1(self) -> float: ...
    @property
    def l2(self) -> float: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Flatten(Layer):
    r"""All the elements of a sample in one row, as a Dense takes them.

    (N, ...) → (N, F): all the elements of a sample in a row, channels last.

    Args:
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
    """

    def __init__(
        self,
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Reshape(Layer):
    r"""The same elements in another shape.

    (N, ...) → (N, *target_shape): the same elements in the same order.

    Args:
        target_shape: The shape of one sample, without the batch; one size may be -1, which stands for what is
            left.
    """

    def __init__(
        self,
        target_shape: Sequence[int],
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def target_shape(self) -> tuple[int, ...]: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Permute(Layer):
    r"""The axes of a sample in another order.

    ``y[n, i[dims[0]], i[dims[1]], ...] = x[n, i[1], i[2], ...]``: axis k of the output is axis dims[k] of x.

    Args:
        dims: The axes in their new order, counted from 1 without the batch: `[2, 1]` swaps two.
    """

    def __init__(
        self,
        dims: Sequence[int],
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def dims(self) -> tuple[int, ...]: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class RepeatVector(Layer):
    r"""A vector repeated as the steps of a sequence.

    (N, F) → (N, n, F): ``y[i, k, :] = x[i, :]``.

    Args:
        n: The number of repetitions, which are the steps of the output.
    """

    def __init__(
        self,
        n: int,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def n(self) -> int: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class ZeroPadding1D(Layer):
    r"""Zeros before and after the steps: (N, steps, C) → (N, before + steps + after, C).

    Args:
        padding: The number of zeros: one for both ends, or `[before, after]`.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
    """

    def __init__(
        self,
        padding: int | Sequence[int] = (1, 1),
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def padding(self) -> tuple[int, int]: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class ZeroPadding2D(Layer):
    r"""Zeros around an image: (N, height, width, C) → (N, top + height + bottom, left + width + right, C).

    Args:
        padding: The number of zeros: one for all sides, one per axis, or `[before, after]` per axis.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
    """

    def __init__(
        self,
        padding: int | Sequence[int | Sequence[int]] = ((1, 1), (1, 1)),
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def padding(self) -> tuple[tuple[int, int], tuple[int, int]]: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class ZeroPadding3D(Layer):
    r"""Zeros around a volume: (N, depth, height, width, C) → the same with what is added on every axis.

    Args:
        padding: The number of zeros: one for all sides, one per axis, or `[before, after]` per axis.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
    """

    def __init__(
        self,
        padding: int | Sequence[int | Sequence[int]] = ((1, 1), (1, 1), (1, 1)),
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def padding(self) -> tuple[tuple[int, int], tuple[int, int], tuple[int, int]]: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Cropping1D(Layer):
    r"""Steps cut off at both ends: (N, steps, C) → (N, steps - before - after, C).

    Args:
        cropping: The number of steps that are cut off: one for both ends, or `[before, after]`.
    """

    def __init__(
        self,
        cropping: int | Sequence[int] = (1, 1),
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def cropping(self) -> tuple[int, int]: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Cropping2D(Layer):
    r"""The inner part of an image: (N, height, width, C) → (N, height - top - bottom, width - left - right, C).

    Args:
        cropping: The number of rows and columns that are cut off: one for all sides, one per axis, or `[before,
            after]` per axis.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
    """

    def __init__(
        self,
        cropping: int | Sequence[int | Sequence[int]] = ((0, 0), (0, 0)),
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def cropping(self) -> tuple[tuple[int, int], tuple[int, int]]: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Cropping3D(Layer):
    r"""The inner part of a volume: (N, depth, height, width, C) → the same without what is cut on every axis.

    Args:
        cropping: The number of positions that are cut off: one for all sides, one per axis, or `[before, after]`
            per axis.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
    """

    def __init__(
        self,
        cropping: int | Sequence[int | Sequence[int]] = ((1, 1), (1, 1), (1, 1)),
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def cropping(self) -> tuple[tuple[int, int], tuple[int, int], tuple[int, int]]: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class UpSampling1D(Layer):
    r"""Repeats every step.

    ``y[n, i, c] = x[n, i // size, c]``: (N, steps, C) → (N, size·steps, C).

    Args:
        size: The number of times that each step is repeated.
    """

    def __init__(
        self,
        size: int = 2,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def size(self) -> int: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class UpSampling2D(Layer):
    r"""An image enlarged by whole factors: (N, height, width, C) → (N, size[0]·height, size[1]·width, C).

    `nearest` repeats: ``y[n, i, j, c] = x[n, i // size[0], j // size[1], c]``. The others interpolate between
    the centres of pixels, along the height and then along the width; see `modelc.ops.resample.Resample`.

    Args:
        size: The factors of the height and the width; one number for both.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
        interpolation: How values between pixels are found: `nearest` repeats the nearest pixel, `bilinear` mixes
            the four around, the others mix more.
    """

    def __init__(
        self,
        size: int | Sequence[int] = (2, 2),
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        interpolation: _Interpolation = 'nearest',
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def size(self) -> tuple[int, int]: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    @property
    def interpolation(self) -> Literal['nearest', 'bilinear', 'bicubic', 'lanczos3', 'lanczos5', 'area', 'gaussian', 'mitchellcubic']: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class UpSampling3D(Layer):
    r"""Repeats every element of a volume.

    ``y[n, i, j, k, c] = x[n, i // size[0], j // size[1], k // size[2], c]``: every axis `size` times as long.

    Args:
        size: The factors of the depth, the height and the width; one number for all.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
    """

    def __init__(
        self,
        size: int | Sequence[int] = (2, 2, 2),
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def size(self) -> tuple[int, int, int]: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Rescaling(Layer):
    r"""Multiplies its input by a number and adds another, such as 1/255 for pixels.

    ``y = x·scale + offset``, each a number or an array that broadcasts to a sample: one number per channel.

    Args:
        scale: The factor: a number, or one for each channel.
        offset: The number that is added: one, or one for each channel.
    """

    def __init__(
        self,
        scale: float | Sequence[Any],
        offset: float | Sequence[Any] = 0.0,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def scale(self) -> Any: ...
    @property
    def offset(self) -> Any: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Normalization(Layer):
    r"""Subtracts a known mean and divides by a known standard deviation.

    ``y = (x - mean) / max(sqrt(variance), 1e-7)``; with `invert`, ``y = x·max(sqrt(variance), 1e-7) + mean``.

    Without `mean` and `variance` they are weights in x's extents along `axis`: mean, variance, and count (), the
    number of batches that they were computed from.

    Args:
        axis: The axis, or axes, whose every position has a mean and a variance of its own; null for one of each
            in all.
        mean: The mean: a number, or one for each position of `axis`. Without it the mean is a weight.
        variance: The variance, in the form of `mean`.
        invert: Whether to do the opposite: multiply by the standard deviation, and add the mean.
    """

    def __init__(
        self,
        axis: int | Sequence[int] | None = -1,
        mean: float | Sequence[Any] | None = None,
        variance: float | Sequence[Any] | None = None,
        invert: bool = False,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def axis(self) -> int | tuple[int, ...] | None: ...
    @property
    def mean(self) -> Any: ...
    @property
    def variance(self) -> Any: ...
    @property
    def invert(self) -> bool: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class CategoryEncoding(Layer):
    r"""Integers 0 ≤ x < num_tokens as vectors of `num_tokens` numbers; other integers become zeros.

    `one_hot`: ``y[..., t] = [x[...] = t]``; `multi_hot`: ``y[n, ..., t] = max_k [x[n, k, ...] = t]``;
    `count`: ``y[n, ..., t] = Σ_k count_weights[n, k, ...]·[x[n, k, ...] = t]``, the weights 1 unless given.

    Args:
        num_tokens: The number of different integers: inputs are 0 to `num_tokens` - 1.
        output_mode: The form of the output: a 1 at the integer (`one_hot`), at each integer of a sample
            (`multi_hot`), or how often each occurs (`count`).
        sparse: Must be false: modelc has no sparse tensors.
    """

    def __init__(
        self,
        num_tokens: int,
        output_mode: Literal['one_hot', 'multi_hot', 'count'] = 'multi_hot',
        sparse: Literal[False] = False,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def num_tokens(self) -> int: ...
    @property
    def output_mode(self) -> Literal['one_hot', 'multi_hot', 'count']: ...
    @property
    def sparse(self) -> Literal[False]: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Discretization(Layer):
    r"""Turns numbers into the numbers of the bins that they fall into.

    ``y = number of boundaries b ≤ x``: numbers to the integers of their bins, or to vectors of these.

    Bin i holds boundaries[i - 1] ≤ x < boundaries[i]. `int` gives the integers; the other modes encode them in
    `len(bin_boundaries) + 1` numbers as CategoryEncoding does.

    Args:
        bin_boundaries: The boundaries between the bins, in ascending order: n boundaries make n + 1 bins.
        num_bins: The number of bins for which Keras's `adapt` finds boundaries.
        epsilon: The error that Keras's `adapt` allows in a quantile.
        output_mode: The form of the output: the number of the bin (`int`), a 1 at it (`one_hot`), at all bins of
            a sample (`multi_hot`), or how often each occurs (`count`).
        sparse: Must be false: modelc has no sparse tensors.
    """

    def __init__(
        self,
        bin_boundaries: Sequence[float] | None = None,
        num_bins: int | None = None,
        epsilon: float = 0.01,
        output_mode: Literal['int'] | Literal['one_hot', 'multi_hot', 'count'] = 'int',
        sparse: Literal[False] = False,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def bin_boundaries(self) -> tuple[float, ...] | None: ...
    @property
    def num_bins(self) -> int | None: ...
    @property
    def epsilon(self) -> float: ...
    @property
    def output_mode(self) -> Literal['int'] | Literal['one_hot', 'multi_hot', 'count']: ...
    @property
    def sparse(self) -> Literal[False]: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Resizing(Layer):
    r"""Images resized: (N, h, w, C) → (N, height, width, C); one image (h, w, C) where the batch's size is fixed.

    Interpolates between the centres of pixels, along the height and then along the width, as
    `modelc.ops.resample.Resample` says. Integers stay integers, rounded.

    Args:
        height: The height of the output, in pixels.
        width: The width of the output, in pixels.
        interpolation: How values between pixels are found: `nearest` takes the nearest pixel, `bilinear` mixes
            the four around, the others mix more.
        crop_to_aspect_ratio: Whether a picture is first cropped to the shape of the output, so that nothing is
            distorted.
        pad_to_aspect_ratio: Whether a picture is first padded to the shape of the output, so that nothing is
            distorted or lost.
        fill_mode: What padding is filled with.
        fill_value: The value of padding.
        antialias: Whether a smaller output averages over all pixels, instead of looking only at those nearest to
            its own.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
    """

    def __init__(
        self,
        height: int,
        width: int,
        interpolation: _Interpolation = 'bilinear',
        crop_to_aspect_ratio: bool = False,
        pad_to_aspect_ratio: bool = False,
        fill_mode: Literal['constant'] = 'constant',
        fill_value: float = 0.0,
        antialias: bool = False,
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def height(self) -> int: ...
    @property
    def width(self) -> int: ...
    @property
    def interpolation(self) -> Literal['nearest', 'bilinear', 'bicubic', 'lanczos3', 'lanczos5', 'area', 'gaussian', 'mitchellcubic']: ...
    @property
    def crop_to_aspect_ratio(self) -> bool: ...
    @property
    def pad_to_aspect_ratio(self) -> bool: ...
    @property
    def fill_mode(self) -> Literal['constant']: ...
    @property
    def fill_value(self) -> float: ...
    @property
    def antialias(self) -> bool: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class CenterCrop(Layer):
    r"""The middle of images: (N, h, w, C) → (N, height, width, C); one image (h, w, C) where the batch's size is fixed.

    Where an image is smaller along either axis, the largest part of the output's aspect ratio, resized bilinearly.

    Args:
        height: The height of the output, in pixels.
        width: The width of the output, in pixels.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
    """

    def __init__(
        self,
        height: int,
        width: int,
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def height(self) -> int: ...
    @property
    def width(self) -> int: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class AutoContrast(Layer):
    r"""``y = clip((x - low) / (high - low), 0, 1)`` in the value range, low and high x's extremes along axes 1 and 2.

    A channel of one value stays as it is. The axes are those of Keras: the height and the width of images whose
    channels are last. Acts in training and at inference.

    Args:
        value_range: The smallest and the largest value that a pixel can have, such as `[0, 255]` or `[0, 1]`.
        data_format: Not used; Keras accepts it.
    """

    def __init__(
        self,
        value_range: Sequence[float] = (0.0, 255.0),
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def value_range(self) -> tuple[float, float]: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class STFTSpectrogram(Layer):
    r"""The short-time Fourier transform of every channel: ``s[k, f] = Σ_t x[k·frame_step + t]·kernel[t, f]``, with the
    kernels ``window[t]·exp(-2πi·t·f / fft_length)``, real and imaginary part apart.

    x: (N, steps, C) → (N, frames, C·F), F = fft_length / 2 + 1 frequencies, or (N, frames, F, C) with `expand_dims`.
    `magnitude` is |s|, `log` its logarithm, `psd` |s|², doubled between the first and the last frequency, `stft` real
    and imaginary part one behind the other. Weights: real_kernel and imag_kernel, each (frame_length, 1, F), those
    that the mode uses.

    Args:
        mode: What is given of the complex result.
        frame_length: The number of steps in a frame.
        frame_step: The number of steps from one frame to the next; by default half of `frame_length`.
        fft_length: The length of the transform; null is the next power of 2 from `frame_length` on.
        window: The function that fades frames out at their ends: its name, its values, or null for none.
        periodic: Whether a window that is given by name is periodic instead of symmetric.
        scaling: How the window is normalized.
        padding: `valid` leaves frames out that do not fit; `same` gives ceil(steps / frame_step) frames.
        expand_dims: Whether frequencies and channels are axes of their own.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
    """

    def __init__(
        self,
        mode: _Mode = 'log',
        frame_length: int = 256,
        frame_step: int | None = None,
        fft_length: int | None = None,
        window: _Window | Sequence[float] | None = 'hann',
        periodic: bool = False,
        scaling: Literal['density', 'spectrum'] | None = 'density',
        padding: Literal['valid', 'same'] = 'valid',
        expand_dims: bool = False,
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def mode(self) -> Literal['log', 'magnitude', 'psd', 'real', 'imag', 'angle', 'stft']: ...
    @property
    def frame_length(self) -> int: ...
    @property
    def frame_step(self) -> int | None: ...
    @property
    def fft_length(self) -> int | None: ...
    @property
    def window(self) -> Literal['boxcar', 'hann', 'hamming', 'blackman', 'nuttall', 'blackmanharris', 'flattop', 'bartlett', 'triang', 'cosine'] | tuple[float, ...] | None: ...
    @property
    def periodic(self) -> bool: ...
    @property
    def scaling(self) -> Literal['density', 'spectrum'] | None: ...
    @property
    def padding(self) -> Literal['valid', 'same']: ...
    @property
    def expand_dims(self) -> bool: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class MelSpectrogram(Layer):
    r"""The energy of sound over time and mel frequencies: (N, steps) → (N, num_mel_bins, frames).

    Frames of `fft_length` around every `sequence_stride`-th step, the ends reflected, are windowed and transformed;
    ``m = |s|^mag_exp @ filters``, the filters those of `modelc.ops.fourier.MelScale`; with `power_to_db`
    ``10·log10(max(m, min_power) / max(ref_power, min_power))``, cut at `top_db` below the largest of the batch.

    Args:
        fft_length: The length of the transform.
        sequence_stride: The number of steps from one frame to the next.
        sequence_length: The number of steps in a frame; by default `fft_length`.
        window: The function that fades frames out at their ends: its name, its values, or null for none.
        sampling_rate: The number of steps per second, in hertz.
        num_mel_bins: The number of mel bands: the height of the output.
        min_freq: The lowest frequency, in hertz.
        max_freq: The highest frequency, in hertz; null is half the sampling rate.
        power_to_db: Whether the result is in decibels, instead of a power.
        top_db: How far below the largest value the smallest one can be, in decibels.
        mag_exp: The exponent of the magnitudes: 1 for the energy's root, 2 for the power.
        min_power: What smaller powers count as.
        ref_power: The power of 0 decibels.
    """

    def __init__(
        self,
        fft_length: int = 2048,
        sequence_stride: int = 512,
        sequence_length: int | None = None,
        window: Literal['hann', 'hamming'] | Sequence[float] | None = 'hann',
        sampling_rate: float = 16000,
        num_mel_bins: int = 128,
        min_freq: float = 20.0,
        max_freq: float | None = None,
        power_to_db: bool = True,
        top_db: float = 80.0,
        mag_exp: float = 2.0,
        min_power: float = 1e-10,
        ref_power: float = 1.0,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def fft_length(self) -> int: ...
    @property
    def sequence_stride(self) -> int: ...
    @property
    def sequence_length(self) -> int | None: ...
    @property
    def window(self) -> Literal['hann', 'hamming'] | tuple[float, ...] | None: ...
    @property
    def sampling_rate(self) -> float: ...
    @property
    def num_mel_bins(self) -> int: ...
    @property
    def min_freq(self) -> float: ...
    @property
    def max_freq(self) -> float | None: ...
    @property
    def power_to_db(self) -> bool: ...
    @property
    def top_db(self) -> float: ...
    @property
    def mag_exp(self) -> float: ...
    @property
    def min_power(self) -> float: ...
    @property
    def ref_power(self) -> float: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class RandomFlip(Layer):
    r"""Mirrors pictures at random in training.

    In training, half of the images are mirrored, along both axes at once if `mode` names both; else ``y = x``.

    Args:
        mode: The direction of the mirroring: left and right (`horizontal`), top and bottom (`vertical`), or both.
        seed: A seed for the random numbers of this layer alone, whatever the seed of the model is. By default the
            model's seed decides.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
    """

    def __init__(
        self,
        mode: Literal['horizontal', 'vertical', 'horizontal_and_vertical'] = 'horizontal_and_vertical',
        seed: int | None = None,
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def mode(self) -> Literal['horizontal', 'vertical', 'horizontal_and_vertical']: ...
    @property
    def seed(self) -> int | None: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class RandomCrop(Layer):
    r"""Cuts out a part of pictures at a random place in training.

    In training, a part of the images at a random place, the same one in all of a batch; else ``y = x``, as Keras
    computes it.

    Images that are not larger along both axes are resized instead. What follows must take both sizes, as convolutions
    and global pooling do. Keras's own summary shows the size of the part nevertheless.

    Args:
        height: The height of the part that is cut out, in pixels.
        width: The width of the part that is cut out, in pixels.
        seed: A seed for the random numbers of this layer alone, whatever the seed of the model is. By default the
            model's seed decides.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
    """

    def __init__(
        self,
        height: int,
        width: int,
        seed: int | None = None,
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def height(self) -> int: ...
    @property
    def width(self) -> int: ...
    @property
    def seed(self) -> int | None: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class RandomRotation(Layer):
    r"""Turns pictures at random in training.

    In training, images are turned about their centres, by `factor` of a full turn; else ``y = x``.

    With the angle t, ``rows = sin(t)·j + cos(t)·i`` and ``columns = cos(t)·j - sin(t)·i`` from the centre.

    Args:
        factor: The strength of the random change: it is drawn between two numbers, `[low, high]`, each from -1 to
            1; one number stands for as much in both directions.
        fill_mode: What stands beyond the edges: a mirror image (`reflect`), the other side (`wrap`), the edge
            itself (`nearest`), or a fixed value (`constant`).
        interpolation: How values between pixels are found: `nearest` takes the nearest pixel, `bilinear` mixes
            the four around.
        seed: A seed for the random numbers of this layer alone, whatever the seed of the model is. By default the
            model's seed decides.
        fill_value: The value beyond the edges, where `fill_mode` is `constant`.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
    """

    def __init__(
        self,
        factor: float | Sequence[float],
        fill_mode: Literal['constant', 'nearest', 'wrap', 'mirror', 'reflect'] = 'reflect',
        interpolation: Literal['nearest', 'bilinear'] = 'bilinear',
        seed: int | None = None,
        fill_value: float = 0.0,
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def factor(self) -> Any: ...
    @property
    def fill_mode(self) -> Literal['constant', 'nearest', 'wrap', 'mirror', 'reflect']: ...
    @property
    def interpolation(self) -> Literal['nearest', 'bilinear']: ...
    @property
    def seed(self) -> int | None: ...
    @property
    def fill_value(self) -> float: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class RandomTranslation(Layer):
    r"""Shifts pictures at random in training.

    In training, images are shifted by these shares of their extents, down and to the right; else ``y = x``.

    Args:
        height_factor: The strength along the height, as a share of it: drawn in both directions up to this
            number, or between two, `[low, high]`.
        width_factor: The strength along the width, as a share of it: drawn in both directions up to this number,
            or between two, `[low, high]`.
        fill_mode: What stands beyond the edges: a mirror image (`reflect`), the other side (`wrap`), the edge
            itself (`nearest`), or a fixed value (`constant`).
        interpolation: How values between pixels are found: `nearest` takes the nearest pixel, `bilinear` mixes
            the four around.
        seed: A seed for the random numbers of this layer alone, whatever the seed of the model is. By default the
            model's seed decides.
        fill_value: The value beyond the edges, where `fill_mode` is `constant`.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
    """

    def __init__(
        self,
        height_factor: float | Sequence[float],
        width_factor: float | Sequence[float],
        fill_mode: Literal['constant', 'nearest', 'wrap', 'mirror', 'reflect'] = 'reflect',
        interpolation: Literal['nearest', 'bilinear'] = 'bilinear',
        seed: int | None = None,
        fill_value: float = 0.0,
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def height_factor(self) -> Any: ...
    @property
    def width_factor(self) -> Any: ...
    @property
    def fill_mode(self) -> Literal['constant', 'nearest', 'wrap', 'mirror', 'reflect']: ...
    @property
    def interpolation(self) -> Literal['nearest', 'bilinear']: ...
    @property
    def seed(self) -> int | None: ...
    @property
    def fill_value(self) -> float: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class RandomZoom(Layer):
    r"""Makes what pictures show larger or smaller at random in training.

    In training, images are reduced (factors above 0) or enlarged (below) about their centres; else ``y = x``.

    Coordinates from the centre are multiplied by ``1 + factor``.

    Args:
        height_factor: The strength along the height, as a share of it: drawn in both directions up to this
            number, or between two, `[low, high]`.
        width_factor: The strength along the width; null for that along the height, which keeps the proportions.
        fill_mode: What stands beyond the edges: a mirror image (`reflect`), the other side (`wrap`), the edge
            itself (`nearest`), or a fixed value (`constant`).
        interpolation: How values between pixels are found: `nearest` takes the nearest pixel, `bilinear` mixes
            the four around.
        seed: A seed for the random numbers of this layer alone, whatever the seed of the model is. By default the
            model's seed decides.
        fill_value: The value beyond the edges, where `fill_mode` is `constant`.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
    """

    def __init__(
        self,
        height_factor: float | Sequence[float],
        width_factor: float | Sequence[float] | None = None,
        fill_mode: Literal['constant', 'nearest', 'wrap', 'mirror', 'reflect'] = 'reflect',
        interpolation: Literal['nearest', 'bilinear'] = 'bilinear',
        seed: int | None = None,
        fill_value: float = 0.0,
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def height_factor(self) -> Any: ...
    @property
    def width_factor(self) -> Any: ...
    @property
    def fill_mode(self) -> Literal['constant', 'nearest', 'wrap', 'mirror', 'reflect']: ...
    @property
    def interpolation(self) -> Literal['nearest', 'bilinear']: ...
    @property
    def seed(self) -> int | None: ...
    @property
    def fill_value(self) -> float: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class RandomShear(Layer):
    r"""Slants pictures at random in training.

    In training, images are sheared, to either side: ``rows = i + y·j``, ``columns = j + x·i``; else ``y = x``.

    Args:
        x_factor: The strength along the width.
        y_factor: The strength along the height.
        interpolation: How values between pixels are found: `nearest` takes the nearest pixel, `bilinear` mixes
            the four around.
        fill_mode: What stands beyond the edges: a mirror image (`reflect`), the other side (`wrap`), the edge
            itself (`nearest`), or a fixed value (`constant`).
        fill_value: The value beyond the edges, where `fill_mode` is `constant`.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
        seed: A seed for the random numbers of this layer alone, whatever the seed of the model is. By default the
            model's seed decides.
    """

    def __init__(
        self,
        x_factor: float | Sequence[float] = 0.0,
        y_factor: float | Sequence[float] = 0.0,
        interpolation: Literal['nearest', 'bilinear'] = 'bilinear',
        fill_mode: Literal['constant', 'nearest', 'wrap', 'mirror', 'reflect'] = 'reflect',
        fill_value: float = 0.0,
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        seed: int | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def x_factor(self) -> Any: ...
    @property
    def y_factor(self) -> Any: ...
    @property
    def interpolation(self) -> Literal['nearest', 'bilinear']: ...
    @property
    def fill_mode(self) -> Literal['constant', 'nearest', 'wrap', 'mirror', 'reflect']: ...
    @property
    def fill_value(self) -> float: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    @property
    def seed(self) -> int | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class RandomPerspective(Layer):
    r"""Tilts pictures at random in training, as if seen from the side.

    In training, the corners of images are displaced, but for the first one; else ``y = x``.

    The corners (0, 1), (1, 0) and (1, 1), in rows and columns, go to (0, a), (b, 0) and (d, c), each number drawn from
    ``1 ± scale/2``. The projection back, with ``k = a·d + b·c - a·b`` and i, j from 0 to 1, is
    ``rows = k·i / (a·b·d·D)`` and ``columns = k·j / (a·b·c·D)``, ``D = 1 - (b - d)/(b·c)·j - (a - c)/(a·d)·i``.

    Args:
        factor: The probability that a picture is changed. It is drawn itself: from 0 to this number, or between
            two, `[low, high]`.
        scale: The strength of the change: how far corners move, as a share of the picture.
        interpolation: How values between pixels are found: `nearest` takes the nearest pixel, `bilinear` mixes
            the four around.
        fill_value: The value beyond the edges, where `fill_mode` is `constant`.
        seed: A seed for the random numbers of this layer alone, whatever the seed of the model is. By default the
            model's seed decides.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
    """

    def __init__(
        self,
        factor: float | Sequence[float] = 1.0,
        scale: float = 1.0,
        interpolation: Literal['nearest', 'bilinear'] = 'bilinear',
        fill_value: float = 0.0,
        seed: int | None = None,
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def factor(self) -> Any: ...
    @property
    def scale(self) -> float: ...
    @property
    def interpolation(self) -> Literal['nearest', 'bilinear']: ...
    @property
    def fill_value(self) -> float: ...
    @property
    def seed(self) -> int | None: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class RandomElasticTransform(Layer):
    r"""Distorts pictures smoothly at random in training.

    In training, smooth random displacements (Simard et al., 2003); else ``y = x``.

    With s drawn from `scale` for all of a batch, every pixel is displaced along each axis by ``0.1·s·max(height,
    width)`` times normal numbers of the deviation ``σ = 0.05·s·min(height, width)``, blurred by a Gaussian of the same
    σ that is cut at 3·σ. Keras on JAX and TensorFlow draws the same numbers for both axes, elsewhere independent
    ones as here.

    Args:
        factor: The probability that a picture is changed. It is drawn itself: from 0 to this number, or between
            two, `[low, high]`.
        scale: The strength of the change: how far pixels move.
        interpolation: How values between pixels are found: `nearest` takes the nearest pixel, `bilinear` mixes
            the four around.
        fill_mode: What stands beyond the edges: a mirror image (`reflect`), the other side (`wrap`), the edge
            itself (`nearest`), or a fixed value (`constant`).
        fill_value: The value beyond the edges, where `fill_mode` is `constant`.
        value_range: The smallest and the largest value that a pixel can have, such as `[0, 255]` or `[0, 1]`.
        seed: A seed for the random numbers of this layer alone, whatever the seed of the model is. By default the
            model's seed decides.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
    """

    def __init__(
        self,
        factor: float | Sequence[float] = 1.0,
        scale: float | Sequence[float] = 1.0,
        interpolation: Literal['nearest', 'bilinear'] = 'bilinear',
        fill_mode: Literal['constant', 'nearest', 'wrap', 'mirror', 'reflect'] = 'reflect',
        fill_value: float = 0.0,
        value_range: Sequence[float] = (0.0, 255.0),
        seed: int | None = None,
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def factor(self) -> Any: ...
    @property
    def scale(self) -> Any: ...
    @property
    def interpolation(self) -> Literal['nearest', 'bilinear']: ...
    @property
    def fill_mode(self) -> Literal['constant', 'nearest', 'wrap', 'mirror', 'reflect']: ...
    @property
    def fill_value(self) -> float: ...
    @property
    def value_range(self) -> tuple[float, float]: ...
    @property
    def seed(self) -> int | None: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class RandomBrightness(Layer):
    r"""Makes pictures brighter or darker at random in training.

    In training, a share `factor` of the range is added to an image, and the sum cut to the range; else ``y = x``.

    Args:
        factor: The strength of the random change: it is drawn between two numbers, `[low, high]`, each from -1 to
            1; one number stands for as much in both directions.
        value_range: The smallest and the largest value that a pixel can have, such as `[0, 255]` or `[0, 1]`.
        seed: A seed for the random numbers of this layer alone, whatever the seed of the model is. By default the
            model's seed decides.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
    """

    def __init__(
        self,
        factor: float | Sequence[float],
        value_range: Sequence[float] = (0.0, 255.0),
        seed: int | None = None,
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def factor(self) -> Any: ...
    @property
    def value_range(self) -> tuple[float, float]: ...
    @property
    def seed(self) -> int | None: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class RandomContrast(Layer):
    r"""Makes the contrast of pictures stronger or weaker at random in training.

    In training, ``y = (x - mean)·f + mean``, cut to the range, by the means of each channel of each image; else
    ``y = x``.

    f is drawn from ``1 - low`` to ``1 + high`` with a `factor` of [low, high]; one number is [0, high], as in Keras.

    Args:
        factor: The strength of the random change: it is drawn from 0 to this number, or between two, `[low,
            high]`.
        value_range: The smallest and the largest value that a pixel can have, such as `[0, 255]` or `[0, 1]`.
        seed: A seed for the random numbers of this layer alone, whatever the seed of the model is. By default the
            model's seed decides.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
    """

    def __init__(
        self,
        factor: float | Sequence[float],
        value_range: Sequence[float] = (0.0, 255.0),
        seed: int | None = None,
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def factor(self) -> Any: ...
    @property
    def value_range(self) -> tuple[float, float]: ...
    @property
    def seed(self) -> int | None: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class RandomInvert(Layer):
    r"""Turns some pictures into negatives at random in training.

    In training, ``y = high - x`` of the value range for some images; else ``y = x``.

    Args:
        factor: The probability that a picture is changed. It is drawn itself: from 0 to this number, or between
            two, `[low, high]`.
        value_range: The smallest and the largest value that a pixel can have, such as `[0, 255]` or `[0, 1]`.
        seed: A seed for the random numbers of this layer alone, whatever the seed of the model is. By default the
            model's seed decides.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
    """

    def __init__(
        self,
        factor: float | Sequence[float] = 1.0,
        value_range: Sequence[float] = (0.0, 255.0),
        seed: int | None = None,
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def factor(self) -> Any: ...
    @property
    def value_range(self) -> tuple[float, float]: ...
    @property
    def seed(self) -> int | None: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Solarization(Layer):
    r"""Turns the light parts of pictures dark at random in training.

    In training, something is added, and values from a threshold on are mirrored within their range; else ``y = x``.

    With the range as 0 to 255, both are drawn from a lower factor itself to 255 times the upper one, as in Keras.

    Args:
        addition_factor: The number that is added to pixels, as a share of their range.
        threshold_factor: The share of the range from which on values are turned around, so that light becomes
            dark.
        value_range: The smallest and the largest value that a pixel can have, such as `[0, 255]` or `[0, 1]`.
        seed: A seed for the random numbers of this layer alone, whatever the seed of the model is. By default the
            model's seed decides.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
    """

    def __init__(
        self,
        addition_factor: float | Sequence[float] = 0.0,
        threshold_factor: float | Sequence[float] = 0.0,
        value_range: Sequence[float] = (0.0, 255.0),
        seed: int | None = None,
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def addition_factor(self) -> Any: ...
    @property
    def threshold_factor(self) -> Any: ...
    @property
    def value_range(self) -> tuple[float, float]: ...
    @property
    def seed(self) -> int | None: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class RandomPosterization(Layer):
    r"""Reduces the number of shades of pictures at random in training.

    In training, of values as 8 bits only the upper `factor` ones are kept; else ``y = x``.

    What lies outside of the value range is cut to it.

    Args:
        factor: The number of bits that are kept of the 8 of a value: drawn from 1 to this number, or from one to
            another, which is not drawn itself.
        value_range: The smallest and the largest value that a pixel can have, such as `[0, 255]` or `[0, 1]`.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
        seed: A seed for the random numbers of this layer alone, whatever the seed of the model is. By default the
            model's seed decides.
    """

    def __init__(
        self,
        factor: float | Sequence[float],
        value_range: Sequence[float] = (0.0, 255.0),
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        seed: int | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def factor(self) -> Any: ...
    @property
    def value_range(self) -> tuple[float, float]: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    @property
    def seed(self) -> int | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class RandomGrayscale(Layer):
    r"""Takes the colour out of some pictures at random in training.

    In training, some images lose their colour: all channels are ``0.2989·R + 0.587·G + 0.114·B``; else ``y = x``.

    Args:
        factor: The probability that a picture loses its colour.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
        seed: A seed for the random numbers of this layer alone, whatever the seed of the model is. By default the
            model's seed decides.
    """

    def __init__(
        self,
        factor: float = 0.5,
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        seed: int | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def factor(self) -> float: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    @property
    def seed(self) -> int | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class RandomColorDegeneration(Layer):
    r"""Makes colours weaker at random in training.

    In training, ``y = x + f·(grey - x)``, cut to the range, with the f of each image; else ``y = x``.

    Args:
        factor: The strength of the random change: it is drawn between two numbers, `[low, high]`, each from -1 to
            1; one number stands for as much in both directions.
        value_range: The smallest and the largest value that a pixel can have, such as `[0, 255]` or `[0, 1]`.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
        seed: A seed for the random numbers of this layer alone, whatever the seed of the model is. By default the
            model's seed decides.
    """

    def __init__(
        self,
        factor: float | Sequence[float],
        value_range: Sequence[float] = (0.0, 255.0),
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        seed: int | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def factor(self) -> Any: ...
    @property
    def value_range(self) -> tuple[float, float]: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    @property
    def seed(self) -> int | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class RandomSaturation(Layer):
    r"""Makes colours stronger or weaker at random in training.

    In training, the saturation is multiplied by ``f / (1 - f)``; else ``y = x``.

    f is drawn from `factor` for each image: 0.5 changes nothing, 0 leaves grey. The new saturation is cut to the value
    range, as in Keras.

    Args:
        factor: The strength of the random change: it is drawn between two numbers, `[low, high]`, each from -1 to
            1; one number stands for as much in both directions.
        value_range: The smallest and the largest value that a pixel can have, such as `[0, 255]` or `[0, 1]`.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
        seed: A seed for the random numbers of this layer alone, whatever the seed of the model is. By default the
            model's seed decides.
    """

    def __init__(
        self,
        factor: float | Sequence[float],
        value_range: Sequence[float] = (0.0, 255.0),
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        seed: int | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def factor(self) -> Any: ...
    @property
    def value_range(self) -> tuple[float, float]: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    @property
    def seed(self) -> int | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class RandomHue(Layer):
    r"""Shifts the colours of pictures around the colour circle at random in training.

    In training, the hue is turned by up to half of `factor` of the circle, either way; else ``y = x``.

    Args:
        factor: The strength of the random change: it is drawn from 0 to this number, or between two, `[low,
            high]`.
        value_range: The smallest and the largest value that a pixel can have, such as `[0, 255]` or `[0, 1]`.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
        seed: A seed for the random numbers of this layer alone, whatever the seed of the model is. By default the
            model's seed decides.
    """

    def __init__(
        self,
        factor: float | Sequence[float],
        value_range: Sequence[float] = (0.0, 255.0),
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        seed: int | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def factor(self) -> Any: ...
    @property
    def value_range(self) -> tuple[float, float]: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    @property
    def seed(self) -> int | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class RandomColorJitter(Layer):
    r"""Changes brightness, contrast, saturation and hue at random in training.

    In training, RandomBrightness, RandomContrast, RandomSaturation and RandomHue in this order; else ``y = x``.

    Args:
        value_range: The smallest and the largest value that a pixel can have, such as `[0, 255]` or `[0, 1]`.
        brightness_factor: The strength of the random change of brightness, as in RandomBrightness; null for none.
        contrast_factor: The strength of the random change of contrast, as in RandomContrast; null for none.
        saturation_factor: The strength of the random change of saturation, as in RandomSaturation; null for none.
        hue_factor: The strength of the random change of hue, as in RandomHue; null for none.
        seed: A seed for the random numbers of this layer alone, whatever the seed of the model is. By default the
            model's seed decides.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
    """

    def __init__(
        self,
        value_range: Sequence[float] = (0.0, 255.0),
        brightness_factor: float | Sequence[float] | None = None,
        contrast_factor: float | Sequence[float] | None = None,
        saturation_factor: float | Sequence[float] | None = None,
        hue_factor: float | Sequence[float] | None = None,
        seed: int | None = None,
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def value_range(self) -> tuple[float, float]: ...
    @property
    def brightness_factor(self) -> Any: ...
    @property
    def contrast_factor(self) -> Any: ...
    @property
    def saturation_factor(self) -> Any: ...
    @property
    def hue_factor(self) -> Any: ...
    @property
    def seed(self) -> int | None: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class RandomSharpness(Layer):
    r"""Makes pictures sharper or softer at random in training.

    In training, ``y = x + (1 - 2·f)·(smoothed - x)``, cut to the range, with the f of each image; else ``y = x``.

    Smoothed is the mean of 3×3 pixels, in which the middle one counts five times: 0.5 changes nothing, 0 blurs, 1
    sharpens.

    Args:
        factor: The strength of the random change: it is drawn from 0 to this number, or between two, `[low,
            high]`.
        value_range: The smallest and the largest value that a pixel can have, such as `[0, 255]` or `[0, 1]`.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
        seed: A seed for the random numbers of this layer alone, whatever the seed of the model is. By default the
            model's seed decides.
    """

    def __init__(
        self,
        factor: float | Sequence[float],
        value_range: Sequence[float] = (0.0, 255.0),
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        seed: int | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def factor(self) -> Any: ...
    @property
    def value_range(self) -> tuple[float, float]: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    @property
    def seed(self) -> int | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class RandomGaussianBlur(Layer):
    r"""Blurs some pictures at random in training.

    In training, some images are blurred by a Gaussian window, and cut to the range; else ``y = x``.

    The deviations along the width and the height are drawn from `sigma`, the same for all of a batch.

    Args:
        factor: The probability that a picture is changed. It is drawn itself: from 0 to this number, or between
            two, `[low, high]`.
        kernel_size: The size of the window, along the width and the height; both are odd.
        sigma: The standard deviation of the blur, in pixels; more blurs more.
        value_range: The smallest and the largest value that a pixel can have, such as `[0, 255]` or `[0, 1]`.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
        seed: A seed for the random numbers of this layer alone, whatever the seed of the model is. By default the
            model's seed decides.
    """

    def __init__(
        self,
        factor: float | Sequence[float] = 1.0,
        kernel_size: int | Sequence[int] = (3, 3),
        sigma: float | Sequence[float] = 1.0,
        value_range: Sequence[float] = (0.0, 255.0),
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        seed: int | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def factor(self) -> Any: ...
    @property
    def kernel_size(self) -> tuple[int, int]: ...
    @property
    def sigma(self) -> Any: ...
    @property
    def value_range(self) -> tuple[float, float]: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    @property
    def seed(self) -> int | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class RandomErasing(Layer):
    r"""Erases a rectangle of some pictures at random in training.

    In training, a rectangle of some images is erased (Zhong et al., 2020); else ``y = x``.

    Its height and width are shares of the image's, the square roots of numbers drawn from `scale`. Noise is normal,
    times the upper end of the value range; what is filled in is cut to the range.

    Args:
        factor: The probability that a picture is changed. It is drawn itself: from 0 to this number, or between
            two, `[low, high]`.
        scale: The share of the picture that is erased, drawn between two numbers.
        fill_value: The value of what is erased: one, or one for each of three channels; null for noise.
        value_range: The smallest and the largest value that a pixel can have, such as `[0, 255]` or `[0, 1]`.
        seed: A seed for the random numbers of this layer alone, whatever the seed of the model is. By default the
            model's seed decides.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
    """

    def __init__(
        self,
        factor: float | Sequence[float] = 1.0,
        scale: float | Sequence[float] = (0.02, 0.33),
        fill_value: float | Sequence[float] | None = None,
        value_range: Sequence[float] = (0.0, 255.0),
        seed: int | None = None,
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def factor(self) -> Any: ...
    @property
    def scale(self) -> Any: ...
    @property
    def fill_value(self) -> Any: ...
    @property
    def value_range(self) -> tuple[float, float]: ...
    @property
    def seed(self) -> int | None: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Equalization(Layer):
    r"""Spreads the shades of pictures evenly over their range in training.

    In training, the histogram of every channel, of all images of a batch together, is made even; else ``y = x``.

    With the value range as 0 to 255 and C(b) the number of values in the bins up to b, the values of bin b become
    ``round(255·(C(b) - C(first)) / (C(last) - C(first)))``, first and last being the bins that have values. A channel
    with one such bin stays as it is.

    Args:
        value_range: The smallest and the largest value that a pixel can have, such as `[0, 255]` or `[0, 1]`.
        bins: The number of bins of the histogram.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
    """

    def __init__(
        self,
        value_range: Sequence[float] = (0.0, 255.0),
        bins: int = 256,
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def value_range(self) -> tuple[float, float]: ...
    @property
    def bins(self) -> int: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class CutMix(Layer):
    r"""Puts a rectangle of another picture into every picture in training.

    In training, a rectangle of every image comes from another one of the batch (Yun et al., 2019); else ``y = x``.

    The rectangle's share of the image is 1 - w, w of Beta(a, a) with the a of the batch drawn from `factor`. Labels
    stay as they are, since they do not come to a layer of a model; as in Keras.

    Args:
        factor: The parameters of the Beta distribution that the size of the rectangle is drawn from.
        seed: A seed for the random numbers of this layer alone, whatever the seed of the model is. By default the
            model's seed decides.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
    """

    def __init__(
        self,
        factor: float | Sequence[float] = 1.0,
        seed: int | None = None,
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def factor(self) -> Any: ...
    @property
    def seed(self) -> int | None: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class MixUp(Layer):
    r"""Mixes every picture with another one in training.

    In training, ``y = w·x + (1 - w)·another one of the batch``, w of Beta(alpha, alpha) (Zhang et al., 2018); else
    ``y = x``.

    Labels stay as they are, since they do not come to a layer of a model; as in Keras.

    Args:
        alpha: The parameter of the Beta distribution that the shares are drawn from; small ones mix little.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
        seed: A seed for the random numbers of this layer alone, whatever the seed of the model is. By default the
            model's seed decides.
    """

    def __init__(
        self,
        alpha: float = 0.2,
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        seed: int | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def alpha(self) -> float: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    @property
    def seed(self) -> int | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class RandAugment(Layer):
    r"""Makes a few changes, drawn from a fixed set, to pictures in training.

    In training, some changes drawn from a fixed set (Cubuk et al., 2020); else ``y = x``.

    The changes are drawn for a batch, how strong they are for each image: shear, translation, rotation, brightness,
    colour degeneration, contrast, sharpness, posterization, solarization, auto-contrast and equalization, as the layers
    of these names do them with this `factor`.

    Args:
        value_range: The smallest and the largest value that a pixel can have, such as `[0, 255]` or `[0, 1]`.
        num_ops: The number of changes that are made to a picture.
        factor: The strength of the changes, from 0 to 1.
        interpolation: How values between pixels are found: `nearest` takes the nearest pixel, `bilinear` mixes
            the four around.
        seed: A seed for the random numbers of this layer alone, whatever the seed of the model is. By default the
            model's seed decides.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
    """

    def __init__(
        self,
        value_range: Sequence[float] = (0.0, 255.0),
        num_ops: int = 2,
        factor: float | Sequence[float] = 0.5,
        interpolation: Literal['nearest', 'bilinear'] = 'bilinear',
        seed: int | None = None,
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def value_range(self) -> tuple[float, float]: ...
    @property
    def num_ops(self) -> int: ...
    @property
    def factor(self) -> Any: ...
    @property
    def interpolation(self) -> Literal['nearest', 'bilinear']: ...
    @property
    def seed(self) -> int | None: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class AugMix(Layer):
    r"""Mixes pictures with changed versions of themselves in training.

    In training, ``y = m·x + (1 - m)·Σ w·chain(x)``, cut to the range (Hendrycks et al., 2020); else ``y = x``.

    A chain is up to `chain_depth` changes, those of RandAugment or, unless `all_ops`, without brightness, colour
    degeneration, contrast and sharpness. The changes, the w of Dirichlet(alpha, …) and the m of Beta(alpha, alpha) are
    drawn for a batch, how strong the changes are for each image.

    Args:
        value_range: The smallest and the largest value that a pixel can have, such as `[0, 255]` or `[0, 1]`.
        num_chains: The number of chains of changes whose results are mixed.
        chain_depth: The largest number of changes in a chain.
        factor: The strength of the changes, from 0 to 1.
        alpha: The parameter of the distributions that the shares of the mixture are drawn from.
        all_ops: Whether all kinds of changes are used, those of colours too.
        interpolation: How values between pixels are found: `nearest` takes the nearest pixel, `bilinear` mixes
            the four around.
        seed: A seed for the random numbers of this layer alone, whatever the seed of the model is. By default the
            model's seed decides.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
    """

    def __init__(
        self,
        value_range: Sequence[float] = (0.0, 255.0),
        num_chains: int = 3,
        chain_depth: int = 3,
        factor: float | Sequence[float] = 0.3,
        alpha: float = 1.0,
        all_ops: bool = True,
        interpolation: Literal['nearest', 'bilinear'] = 'bilinear',
        seed: int | None = None,
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def value_range(self) -> tuple[float, float]: ...
    @property
    def num_chains(self) -> int: ...
    @property
    def chain_depth(self) -> int: ...
    @property
    def factor(self) -> Any: ...
    @property
    def alpha(self) -> float: ...
    @property
    def all_ops(self) -> bool: ...
    @property
    def interpolation(self) -> Literal['nearest', 'bilinear']: ...
    @property
    def seed(self) -> int | None: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Attention(Layer):
    r"""Dot-product attention: each query gets the mean of the values, weighted by how well their keys match it.

    ``y[t] = Σ_s softmax_s(score(q[t], k[s]))·v[s]`` (Luong et al., 2015).

    The score is ``scale·Σ_d q_d·k_d``, or with `score_mode: concat` ``w·Σ_d tanh(scale·(q_d + k_d))``. Weights: scale
    () with `use_scale`, concat_score_weight () for the w.

    Args:
        use_scale: Whether a learned number scales the scores.
        score_mode: How well a query and a key match: their product (`dot`), or a tanh of their sum (`concat`).
        dropout: The share of the weights of the mean that is set to 0 in training, at random, between 0 and 1.
        seed: A seed for the random numbers of this layer alone, whatever the seed of the model is. By default the
            model's seed decides.
        return_attention_scores: Whether the weights of the means are returned as well, as a second tensor.
        use_causal_mask: Whether a step sees only itself and the steps before it, as in models that write text.
    """

    def __init__(
        self,
        use_scale: bool = False,
        score_mode: Literal['dot', 'concat'] = 'dot',
        dropout: float = 0.0,
        seed: int | None = None,
        return_attention_scores: bool = False,
        use_causal_mask: bool = False,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def use_scale(self) -> bool: ...
    @property
    def score_mode(self) -> Literal['dot', 'concat']: ...
    @property
    def dropout(self) -> float: ...
    @property
    def seed(self) -> int | None: ...
    @property
    def return_attention_scores(self) -> bool: ...
    @property
    def use_causal_mask(self) -> bool: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class AdditiveAttention(Layer):
    r"""Additive attention: each query gets the mean of the values, weighted by how well their keys match it.

    ``y[t] = Σ_s softmax_s(Σ_d scale_d·tanh(q[t]_d + k[s]_d))·v[s]`` (Bahdanau et al., 2015).

    Weights: scale (D,) with `use_scale`, else it is 1.

    Args:
        use_scale: Whether learned numbers scale the features.
        dropout: The share of the weights of the mean that is set to 0 in training, at random, between 0 and 1.
        seed: A seed for the random numbers of this layer alone, whatever the seed of the model is. By default the
            model's seed decides.
        return_attention_scores: Whether the weights of the means are returned as well, as a second tensor.
        use_causal_mask: Whether a step sees only itself and the steps before it, as in models that write text.
    """

    def __init__(
        self,
        use_scale: bool = True,
        dropout: float = 0.0,
        seed: int | None = None,
        return_attention_scores: bool = False,
        use_causal_mask: bool = False,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def use_scale(self) -> bool: ...
    @property
    def dropout(self) -> float: ...
    @property
    def seed(self) -> int | None: ...
    @property
    def return_attention_scores(self) -> bool: ...
    @property
    def use_causal_mask(self) -> bool: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class MultiHeadAttention(Layer):
    r"""Attention in several heads, as transformers have it: each looks at the sequence in its own way.

    ``y = W_o·[heads]``, each head ``h[t] = Σ_s softmax_s(q[t]·k[s] / sqrt(key_dim))·v[s]`` with the projections
    ``q = W_q·query``, ``k = W_k·key``, ``v = W_v·value`` (Vaswani et al., 2017).

    query (N, T, D), value (N, S, V), key (N, S, K), the value unless given, → (N, T, D), and where asked for the
    weights (N, heads, T, S). Masks leave sources out: `value_mask` and `key_mask` (N, S), `attention_mask` (N, T, S);
    those that go with the inputs do so by themselves, and that of the query goes on. As in Keras 3.15, a `query_mask`
    that is given by name changes nothing.
    Weights: query/kernel (D, heads, key_dim) and query/bias (heads, key_dim), the same of key, of gate with
    `use_gate`, and of value, then attention_output/kernel (heads, value_dim, D) and attention_output/bias (D,).

    Args:
        num_heads: The number of heads.
        key_dim: The size of a query and of a key in one head.
        value_dim: The size of a value in one head; by default `key_dim`.
        dropout: The share of the attention weights that is set to 0 in training, at random, between 0 and 1.
        use_bias: Whether the projections add a learned number, the bias.
        output_shape: The size, or sizes, of the output's last axis; by default that of the query.
        attention_axes: The axes of the positions that attend to each other; by default all but the batch and the
            last.
        sliding_window: The distance, in steps, from which on positions are not seen; null for no limit.
        flash_attention: Has no effect: in Keras it asks for another algorithm of the same result.
        kernel_initializer: The random numbers, or other values, that the kernels of the projections start from:
            the name of an initializer, or a mapping with `type`.
        bias_initializer: The random numbers, or other values, that the biases of the projections start from: the
            name of an initializer, or a mapping with `type`.
        kernel_regularizer: A penalty on the kernels of the projections, added to the loss in training, such as
            `l2` or `{type: L2, l2: 0.001}`; null for none.
        bias_regularizer: A penalty on the biases of the projections, added to the loss in training, such as `l2`
            or `{type: L2, l2: 0.001}`; null for none.
        activity_regularizer: A penalty on the outputs of the projections, added to the loss in training, such as
            `l2` or `{type: L2, l2: 0.001}`; null for none.
        kernel_constraint: A limit that the kernels of the projections must keep after every update, such as
            `non_neg` or `{type: MaxNorm, max_value: 2}`; null for none.
        bias_constraint: A limit that the biases of the projections must keep after every update, such as
            `non_neg` or `{type: MaxNorm, max_value: 2}`; null for none.
        use_gate: Whether the sum is multiplied by ``sigmoid(gate projection of the query)`` before the last
            projection.
        seed: A seed for the random numbers of this layer alone, whatever the seed of the model is. By default the
            model's seed decides.
        return_attention_scores: Whether the weights of the means are returned as well, as a second tensor.
        use_causal_mask: Whether a step sees only itself and the steps before it, as in models that write text.
    """

    def __init__(
        self,
        num_heads: int,
        key_dim: int,
        value_dim: int | None = None,
        dropout: float = 0.0,
        use_bias: bool = True,
        output_shape: int | Sequence[int] | None = None,
        attention_axes: int | Sequence[int] | None = None,
        sliding_window: int | None = None,
        flash_attention: bool | None = None,
        kernel_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'GlorotUniform',
        bias_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Zeros',
        kernel_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        bias_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        activity_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        kernel_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        bias_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        use_gate: bool = False,
        seed: int | None = None,
        return_attention_scores: bool = False,
        use_causal_mask: bool = False,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def num_heads(self) -> int: ...
    @property
    def key_dim(self) -> int: ...
    @property
    def value_dim(self) -> int | None: ...
    @property
    def dropout(self) -> float: ...
    @property
    def use_bias(self) -> bool: ...
    @property
    def output_shape(self) -> tuple[int, ...] | None: ...
    @property
    def attention_axes(self) -> int | tuple[int, ...] | None: ...
    @property
    def sliding_window(self) -> int | None: ...
    @property
    def flash_attention(self) -> bool | None: ...
    @property
    def kernel_initializer(self) -> Any: ...
    @property
    def bias_initializer(self) -> Any: ...
    @property
    def kernel_regularizer(self) -> Any: ...
    @property
    def bias_regularizer(self) -> Any: ...
    @property
    def activity_regularizer(self) -> Any: ...
    @property
    def kernel_constraint(self) -> Any: ...
    @property
    def bias_constraint(self) -> Any: ...
    @property
    def use_gate(self) -> bool: ...
    @property
    def seed(self) -> int | None: ...
    @property
    def return_attention_scores(self) -> bool: ...
    @property
    def use_causal_mask(self) -> bool: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class GroupQueryAttention(Layer):
    r"""MultiHeadAttention in which several heads share a projection of the keys and of the values (Ainslie et al.,
    2023): head i of H uses number ``floor(i·G / H)`` of G.

    query (N, T, D), value (N, S, D), key (N, S, K), the value unless given, → (N, T, D), and where asked for the
    weights (N, H, T, S). Masks are those of MultiHeadAttention. Weights: query/kernel (D, H, head_dim) and
    query/bias (H, head_dim), key/kernel (K, G, head_dim) and key/bias (G, head_dim), those of gate like query's with
    `use_gate`, those of value like key's, then attention_output/kernel (H, head_dim, D) and
    attention_output/bias (D,).

    Args:
        head_dim: The size of a query, a key and a value in one head.
        num_query_heads: The number of heads.
        num_key_value_heads: The number of projections of keys and values; several heads share one.
        dropout: The share of the attention weights that is set to 0 in training, at random, between 0 and 1.
        use_bias: Whether the projections add a learned number, the bias.
        sliding_window: The distance, in steps, from which on positions are not seen; null for no limit.
        flash_attention: Has no effect: in Keras it asks for another algorithm of the same result.
        kernel_initializer: The random numbers, or other values, that the kernels of the projections start from:
            the name of an initializer, or a mapping with `type`.
        bias_initializer: The random numbers, or other values, that the biases of the projections start from: the
            name of an initializer, or a mapping with `type`.
        kernel_regularizer: A penalty on the kernels of the projections, added to the loss in training, such as
            `l2` or `{type: L2, l2: 0.001}`; null for none.
        bias_regularizer: A penalty on the biases of the projections, added to the loss in training, such as `l2`
            or `{type: L2, l2: 0.001}`; null for none.
        activity_regularizer: A penalty on the outputs of the projections, added to the loss in training, such as
            `l2` or `{type: L2, l2: 0.001}`; null for none.
        kernel_constraint: A limit that the kernels of the projections must keep after every update, such as
            `non_neg` or `{type: MaxNorm, max_value: 2}`; null for none.
        bias_constraint: A limit that the biases of the projections must keep after every update, such as
            `non_neg` or `{type: MaxNorm, max_value: 2}`; null for none.
        use_gate: Whether the sum is multiplied by ``sigmoid(gate projection of the query)`` before the last
            projection.
        seed: A seed for the random numbers of this layer alone, whatever the seed of the model is. By default the
            model's seed decides.
        return_attention_scores: Whether the weights of the means are returned as well, as a second tensor.
        use_causal_mask: Whether a step sees only itself and the steps before it, as in models that write text.
    """

    def __init__(
        self,
        head_dim: int,
        num_query_heads: int,
        num_key_value_heads: int,
        dropout: float = 0.0,
        use_bias: bool = True,
        sliding_window: int | None = None,
        flash_attention: bool | None = None,
        kernel_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'GlorotUniform',
        bias_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Zeros',
        kernel_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        bias_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        activity_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        kernel_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        bias_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        use_gate: bool = False,
        seed: int | None = None,
        return_attention_scores: bool = False,
        use_causal_mask: bool = False,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def head_dim(self) -> int: ...
    @property
    def num_query_heads(self) -> int: ...
    @property
    def num_key_value_heads(self) -> int: ...
    @property
    def dropout(self) -> float: ...
    @property
    def use_bias(self) -> bool: ...
    @property
    def sliding_window(self) -> int | None: ...
    @property
    def flash_attention(self) -> bool | None: ...
    @property
    def kernel_initializer(self) -> Any: ...
    @property
    def bias_initializer(self) -> Any: ...
    @property
    def kernel_regularizer(self) -> Any: ...
    @property
    def bias_regularizer(self) -> Any: ...
    @property
    def activity_regularizer(self) -> Any: ...
    @property
    def kernel_constraint(self) -> Any: ...
    @property
    def bias_constraint(self) -> Any: ...
    @property
    def use_gate(self) -> bool: ...
    @property
    def seed(self) -> int | None: ...
    @property
    def return_attention_scores(self) -> bool: ...
    @property
    def use_causal_mask(self) -> bool: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Dot(Layer):
    r"""The dot products of the vectors of two inputs.

    ``y[n, i, j] = Σ_k x_1[n, i, k]·x_2[n, j, k]``, k along one axis of each input, i and j along all others.

    Of two inputs (N, K) y is (N, 1).

    Args:
        axes: The axis along which the vectors of both inputs lie, or a list with one axis for each; not 0, the
            batch.
        normalize: Whether vectors are scaled to length 1 first, so that the result is the cosine of their angle.
    """

    def __init__(
        self,
        axes: int | Sequence[int],
        normalize: bool = False,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def axes(self) -> int | tuple[int, int]: ...
    @property
    def normalize(self) -> bool: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class EinsumDense(Layer):
    r"""A fully connected layer whose sum is written as an equation of axes.

    ``y = f(einsum(equation, x, kernel) + bias)``: in `abc,cd->abd` letters name axes, and those that the output
    lacks are summed over.

    The batch is the first axis of x and y; `...` stands for axes that stay as they are, in front or at the end.
    Weights: kernel, whose axes are those of the equation, and with `bias_axes` a bias that varies along them; with
    `lora_rank` also lora_kernel_a (..., rank) and lora_kernel_b (rank, ·) for the last axis of the kernel.

    Args:
        equation: The sum, with a letter for each axis: input, kernel and output in `abc,cd->abd`; letters that
            the output lacks are summed over.
        output_shape: The sizes of the output's axes, without the batch; null where the input decides.
        activation: The function that the result goes through, such as `relu`.
        bias_axes: The letters of the output's axes along which the bias has a number for each place; null for no
            bias.
        kernel_initializer: The random numbers, or other values, that the kernel start from: the name of an
            initializer, or a mapping with `type`.
        bias_initializer: The random numbers, or other values, that the bias start from: the name of an
            initializer, or a mapping with `type`.
        kernel_regularizer: A penalty on the kernel, added to the loss in training, such as `l2` or `{type: L2,
            l2: 0.001}`; null for none.
        bias_regularizer: A penalty on the bias, added to the loss in training, such as `l2` or `{type: L2, l2:
            0.001}`; null for none.
        kernel_constraint: A limit that the kernel must keep after every update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        bias_constraint: A limit that the bias must keep after every update, such as `non_neg` or `{type: MaxNorm,
            max_value: 2}`; null for none.
        lora_rank: The rank of a low-rank update (LoRA): the weight itself is frozen, and the product of two small
            matrices with this rank is trained and added to it. Null trains the weight itself.
        lora_alpha: The factor of the low-rank update, divided by `lora_rank`; null takes `lora_rank`, so that the
            factor is 1.
        activity_regularizer: A penalty on the output of the layer, added to the loss in training, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
    """

    def __init__(
        self,
        equation: str,
        output_shape: int | Sequence[int | None],
        activation: _Activation | Layer | Mapping[str, Any] | None = 'linear',
        bias_axes: str | None = None,
        kernel_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'GlorotUniform',
        bias_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Zeros',
        kernel_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        bias_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        kernel_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        bias_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        lora_rank: int | None = None,
        lora_alpha: float | None = None,
        activity_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def equation(self) -> str: ...
    @property
    def output_shape(self) -> tuple[int | None, ...]: ...
    @property
    def activation(self) -> Any: ...
    @property
    def bias_axes(self) -> str | None: ...
    @property
    def kernel_initializer(self) -> Any: ...
    @property
    def bias_initializer(self) -> Any: ...
    @property
    def kernel_regularizer(self) -> Any: ...
    @property
    def bias_regularizer(self) -> Any: ...
    @property
    def kernel_constraint(self) -> Any: ...
    @property
    def bias_constraint(self) -> Any: ...
    @property
    def lora_rank(self) -> int | None: ...
    @property
    def lora_alpha(self) -> float | None: ...
    @property
    def activity_regularizer(self) -> Any: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Add(Layer):
    r"""The sum of several inputs of the same shape.

    ``y = x_1 + x_2 + …``.
    """

    def __init__(
        self,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Subtract(Layer):
    r"""The difference of two inputs.

    ``y = x_1 - x_2``, of two inputs.
    """

    def __init__(
        self,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Multiply(Layer):
    r"""The product of several inputs, element by element.

    ``y = x_1·x_2·…``.

    What a mask leaves out of an input counts as 1, and where the masks of all inputs leave it out, y is 0.
    """

    def __init__(
        self,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Average(Layer):
    r"""The mean of several inputs, element by element.

    ``y = (x_1 + … + x_n) / n``.
    """

    def __init__(
        self,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Maximum(Layer):
    r"""The largest of several inputs, element by element.

    ``y = max(x_1, x_2, …)``, without the elements that a mask leaves out.
    """

    def __init__(
        self,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Minimum(Layer):
    r"""The smallest of several inputs, element by element.

    ``y = min(x_1, x_2, …)``, without the elements that a mask leaves out.
    """

    def __init__(
        self,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Concatenate(Layer):
    r"""Several inputs side by side, along one axis.

    ``y = [x_1, x_2, …]`` along an axis; the other axes agree.

    Where any input has a mask, so has y: the masks side by side, or, along the last axis, 1 where any of them is.

    Args:
        axis: The axis along which the inputs are put side by side; -1 is the last, 0 would be the batch.
    """

    def __init__(
        self,
        axis: int = -1,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def axis(self) -> int: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Operation(Layer):
    r"""One function of `keras.ops`: ``y = operation(*operands, **arguments)``.

    The operands are the inputs in their order, and constants where `operands` says so: with `operands: [1, null]`
    the operation `subtract` is ``1 - x``. The batch stays the first axis, whatever the operation does to the others.
    Comparisons and logic give 0 and 1 as float32; arithmetic on integers is done in float32.

    Args:
        operation: The name of the function, as in `keras.ops`: `add`, `exp`, `reshape`.
        operands: The operands in order, where some are constants: numbers or arrays, and null for each input. By
            default all are inputs.
        arguments: The further arguments of the function, by name: `{axis: -1, keepdims: true}`.
    """

    def __init__(
        self,
        operation: _Operation,
        operands: Sequence[Any] | None = None,
        arguments: Mapping[str, Any] = {},
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def operation(self) -> str: ...
    @property
    def operands(self) -> tuple[Any, ...] | None: ...
    @property
    def arguments(self) -> dict[str, Any]: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Pipeline(Layer):
    r"""Layers one after the other: ``y = layer_n(…(layer_1(x)))``. Weights: those of the layers, at their own names.

    Args:
        layers: The layers, in order, each a mapping with `type`.
    """

    def __init__(
        self,
        layers: Sequence[Layer | Mapping[str, Any]],
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def layers(self) -> Any: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class LayerScale(Layer):
    r"""Multiplies each channel by a learned number.

    ``y[..., c] = gamma[c]·x[..., c]`` (Touvron et al., 2021), as ConvNeXt has it. Weights: gamma (C,).

    Args:
        init_values: The number that gamma starts from.
        projection_dim: The number of channels.
    """

    def __init__(
        self,
        init_values: float,
        projection_dim: int,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def init_values(self) -> float: ...
    @property
    def projection_dim(self) -> int: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class StochasticDepth(Layer):
    r"""Sets whole samples to 0 at random in training, so that a residual is skipped.

    In training, ``y = x·m / (1 - rate)``, m 0 at random for all of a sample, else 1 (Huang et al., 2016);
    else ``y = x``.

    Args:
        drop_path_rate: The share of the samples that is set to 0, between 0 and 1.
    """

    def __init__(
        self,
        drop_path_rate: float,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def drop_path_rate(self) -> float: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class CustomScaleLayer(Layer):
    r"""Adds a scaled second input to the first.

    ``y = a + scale·b``: how Inception-ResNet-v2 adds a residual.

    Args:
        scale: The factor of the second input.
    """

    def __init__(
        self,
        scale: float,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def scale(self) -> float: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class SpectralNormalization(Layer):
    r"""Wraps a layer, and keeps the largest singular value of its kernel at 1.

    ``y = layer(x)``; in training the layer's kernel W becomes W / σ(W) before every call, σ its largest singular
    value (Miyato et al., 2018).

    Weights, with those of the layer at its own name: the layer's kernel (or embeddings), vector_u (1, Q), which
    estimates σ's singular vector, then the layer's other weights.

    Args:
        layer: The layer, which has a kernel, or is an Embedding.
        power_iterations: The number of iterations in each training step by which the largest singular value is
            estimated.
    """

    def __init__(
        self,
        layer: Layer | Mapping[str, Any],
        power_iterations: int = 1,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def layer(self) -> Any: ...
    @property
    def power_iterations(self) -> int: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Masking(Layer):
    r"""Marks the steps of a sequence that are padding, for the layers behind it to skip.

    Masks the steps of which all features are `mask_value`; there, y is 0, elsewhere ``y = x``.

    x: (N, ..., C) → (N, ..., C), with a mask (N, ...) for layers that skip such steps.

    Args:
        mask_value: The value that marks padding: a step whose features all have it is skipped.
    """

    def __init__(
        self,
        mask_value: float = 0.0,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def mask_value(self) -> float: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class SimpleRNN(Layer):
    r"""A simple recurrent layer: the output of each step depends on the step and on the output before it.

    Fully connected recurrence: ``h_t = f(x_t·kernel + h_{t-1}·recurrent_kernel + bias)`` (Elman, 1990).

    x: (N, T, C) → (N, units), or (N, T, units) with `return_sequences`; with `return_state` also h (N, units).
    Weights: simple_rnn_cell/kernel (C, units), recurrent_kernel (units, units), bias (units,).

    Args:
        units: The number of outputs, and of the elements of each state.
        activation: The function that new content goes through, `tanh` by default.
        use_bias: Whether a learned number, the bias, is added for each output.
        kernel_initializer: The random numbers, or other values, that the kernel, which multiplies the input,
            start from: the name of an initializer, or a mapping with `type`.
        recurrent_initializer: The random numbers, or other values, that the recurrent kernel, which multiplies
            the state, start from: the name of an initializer, or a mapping with `type`.
        bias_initializer: The random numbers, or other values, that the bias start from: the name of an
            initializer, or a mapping with `type`.
        kernel_regularizer: A penalty on the kernel, added to the loss in training, such as `l2` or `{type: L2,
            l2: 0.001}`; null for none.
        recurrent_regularizer: A penalty on the recurrent kernel, added to the loss in training, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        bias_regularizer: A penalty on the bias, added to the loss in training, such as `l2` or `{type: L2, l2:
            0.001}`; null for none.
        activity_regularizer: A penalty on the output of the layer, added to the loss in training, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        kernel_constraint: A limit that the kernel must keep after every update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        recurrent_constraint: A limit that the recurrent kernel must keep after every update, such as `non_neg` or
            `{type: MaxNorm, max_value: 2}`; null for none.
        bias_constraint: A limit that the bias must keep after every update, such as `non_neg` or `{type: MaxNorm,
            max_value: 2}`; null for none.
        dropout: The share of the input's elements that is set to 0 in training, at random, between 0 and 1.
        recurrent_dropout: The share of the state's elements that is set to 0 in training, at random, between 0
            and 1.
        return_sequences: Whether the outputs of all steps are returned, for another recurrent layer behind it,
            instead of that of the last step.
        return_state: Whether the states after the last step are returned as well, as further tensors.
        go_backwards: Whether the steps are read from last to first; outputs are in the order in which they are
            read.
        stateful: Whether a batch begins with the states that the batch before it left; needs a fixed batch size.
            These states are no weights: they are not counted and in no file, and a model that is loaded begins
            with zeros.
        unroll: Has no effect: the loop over the steps is compiled either way.
        zero_output_for_mask: Whether the outputs of skipped steps are zeros, instead of the output of the step
            before.
        seed: A seed for the random numbers of this layer alone, whatever the seed of the model is. By default the
            model's seed decides.
    """

    def __init__(
        self,
        units: int,
        activation: _Activation | Layer | Mapping[str, Any] | None = 'tanh',
        use_bias: bool = True,
        kernel_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'GlorotUniform',
        recurrent_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Orthogonal',
        bias_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Zeros',
        kernel_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        recurrent_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        bias_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        activity_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        kernel_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        recurrent_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        bias_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        seed: int | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
        zero_output_for_mask: bool = False,
    ) -> None: ...
    @property
    def units(self) -> int: ...
    @property
    def activation(self) -> Any: ...
    @property
    def use_bias(self) -> bool: ...
    @property
    def kernel_initializer(self) -> Any: ...
    @property
    def recurrent_initializer(self) -> Any: ...
    @property
    def bias_initializer(self) -> Any: ...
    @property
    def kernel_regularizer(self) -> Any: ...
    @property
    def recurrent_regularizer(self) -> Any: ...
    @property
    def bias_regularizer(self) -> Any: ...
    @property
    def activity_regularizer(self) -> Any: ...
    @property
    def kernel_constraint(self) -> Any: ...
    @property
    def recurrent_constraint(self) -> Any: ...
    @property
    def bias_constraint(self) -> Any: ...
    @property
    def dropout(self) -> float: ...
    @property
    def recurrent_dropout(self) -> float: ...
    @property
    def return_sequences(self) -> bool: ...
    @property
    def return_state(self) -> bool: ...
    @property
    def go_backwards(self) -> bool: ...
    @property
    def stateful(self) -> bool: ...
    @property
    def unroll(self) -> bool: ...
    @property
    def zero_output_for_mask(self) -> bool: ...
    @property
    def seed(self) -> int | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class LSTM(Layer):
    r"""Long short-term memory: a recurrent layer that keeps a memory over many steps, with gates.

    Long short-term memory: ``i, f, ĉ, o = x_t·kernel + h·recurrent_kernel + bias``, ``c' = g(f)∘c + g(i)∘a(ĉ)``,
    ``h' = g(o)∘a(c')``, a the activation and g the recurrent one (Hochreiter and Schmidhuber, 1997).

    x: (N, T, C) → (N, units), or (N, T, units) with `return_sequences`; with `return_state` also h and c, (N, units).
    Weights: lstm_cell/kernel (C, 4·units), recurrent_kernel (units, 4·units), bias (4·units,), parts in the order
    i, f, ĉ, o.

    Args:
        units: The number of outputs, and of the elements of each state.
        activation: The function that new content goes through, `tanh` by default.
        recurrent_activation: The function that the gates go through, which gives numbers from 0 (closed) to 1
            (open).
        use_bias: Whether a learned number, the bias, is added for each output.
        kernel_initializer: The random numbers, or other values, that the kernel, which multiplies the input,
            start from: the name of an initializer, or a mapping with `type`.
        recurrent_initializer: The random numbers, or other values, that the recurrent kernel, which multiplies
            the state, start from: the name of an initializer, or a mapping with `type`.
        bias_initializer: The random numbers, or other values, that the bias start from: the name of an
            initializer, or a mapping with `type`.
        unit_forget_bias: Whether the bias of the forget gate starts from 1, so that the memory is kept at first
            (Jozefowicz et al., 2015).
        kernel_regularizer: A penalty on the kernel, added to the loss in training, such as `l2` or `{type: L2,
            l2: 0.001}`; null for none.
        recurrent_regularizer: A penalty on the recurrent kernel, added to the loss in training, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        bias_regularizer: A penalty on the bias, added to the loss in training, such as `l2` or `{type: L2, l2:
            0.001}`; null for none.
        activity_regularizer: A penalty on the output of the layer, added to the loss in training, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        kernel_constraint: A limit that the kernel must keep after every update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        recurrent_constraint: A limit that the recurrent kernel must keep after every update, such as `non_neg` or
            `{type: MaxNorm, max_value: 2}`; null for none.
        bias_constraint: A limit that the bias must keep after every update, such as `non_neg` or `{type: MaxNorm,
            max_value: 2}`; null for none.
        dropout: The share of the input's elements that is set to 0 in training, at random, between 0 and 1.
        recurrent_dropout: The share of the state's elements that is set to 0 in training, at random, between 0
            and 1.
        seed: A seed for the random numbers of this layer alone, whatever the seed of the model is. By default the
            model's seed decides.
        return_sequences: Whether the outputs of all steps are returned, for another recurrent layer behind it,
            instead of that of the last step.
        return_state: Whether the states after the last step are returned as well, as further tensors.
        go_backwards: Whether the steps are read from last to first; outputs are in the order in which they are
            read.
        stateful: Whether a batch begins with the states that the batch before it left; needs a fixed batch size.
            These states are no weights: they are not counted and in no file, and a model that is loaded begins
            with zeros.
        unroll: Has no effect: the loop over the steps is compiled either way.
        zero_output_for_mask: Whether the outputs of skipped steps are zeros, instead of the output of the step
            before.
        use_cudnn: Has no effect: it chooses code for GPUs, and modelc runs on the CPU.
    """

    def __init__(
        self,
        units: int,
        activation: _Activation | Layer | Mapping[str, Any] | None = 'tanh',
        recurrent_activation: _RecurrentActivation | Layer | Mapping[str, Any] | None = 'sigmoid',
        use_bias: bool = True,
        kernel_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'GlorotUniform',
        recurrent_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Orthogonal',
        bias_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Zeros',
        unit_forget_bias: bool = True,
        kernel_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        recurrent_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        bias_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        activity_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        kernel_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        recurrent_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        bias_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        use_cudnn: Literal['auto'] | bool = 'auto',
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
        zero_output_for_mask: bool = False,
    ) -> None: ...
    @property
    def units(self) -> int: ...
    @property
    def activation(self) -> Any: ...
    @property
    def recurrent_activation(self) -> Any: ...
    @property
    def use_bias(self) -> bool: ...
    @property
    def kernel_initializer(self) -> Any: ...
    @property
    def recurrent_initializer(self) -> Any: ...
    @property
    def bias_initializer(self) -> Any: ...
    @property
    def unit_forget_bias(self) -> bool: ...
    @property
    def kernel_regularizer(self) -> Any: ...
    @property
    def recurrent_regularizer(self) -> Any: ...
    @property
    def bias_regularizer(self) -> Any: ...
    @property
    def activity_regularizer(self) -> Any: ...
    @property
    def kernel_constraint(self) -> Any: ...
    @property
    def recurrent_constraint(self) -> Any: ...
    @property
    def bias_constraint(self) -> Any: ...
    @property
    def dropout(self) -> float: ...
    @property
    def recurrent_dropout(self) -> float: ...
    @property
    def seed(self) -> int | None: ...
    @property
    def return_sequences(self) -> bool: ...
    @property
    def return_state(self) -> bool: ...
    @property
    def go_backwards(self) -> bool: ...
    @property
    def stateful(self) -> bool: ...
    @property
    def unroll(self) -> bool: ...
    @property
    def zero_output_for_mask(self) -> bool: ...
    @property
    def use_cudnn(self) -> Literal['auto'] | bool: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class GRU(Layer):
    r"""Gated recurrent unit: a recurrent layer with gates, simpler than LSTM.

    Gated recurrent unit: ``z, r = g(x_t·kernel + h·recurrent_kernel + biases)``, ``h' = z∘h + (1 - z)∘ĥ`` with
    ``ĥ = a(x_t·kernel + bias_0 + r∘(h·recurrent_kernel + bias_1))`` where `reset_after`, else
    ``ĥ = a(x_t·kernel + bias + (r∘h)·recurrent_kernel)`` (Cho et al., 2014).

    x: (N, T, C) → (N, units), or (N, T, units) with `return_sequences`; with `return_state` also h (N, units).
    Weights: gru_cell/kernel (C, 3·units), recurrent_kernel (units, 3·units), bias (2, 3·units), or (3·units,) without
    `reset_after`, parts in the order z, r, ĥ.

    Args:
        units: The number of outputs, and of the elements of each state.
        activation: The function that new content goes through, `tanh` by default.
        recurrent_activation: The function that the gates go through, which gives numbers from 0 (closed) to 1
            (open).
        use_bias: Whether a learned number, the bias, is added for each output.
        kernel_initializer: The random numbers, or other values, that the kernel, which multiplies the input,
            start from: the name of an initializer, or a mapping with `type`.
        recurrent_initializer: The random numbers, or other values, that the recurrent kernel, which multiplies
            the state, start from: the name of an initializer, or a mapping with `type`.
        bias_initializer: The random numbers, or other values, that the bias start from: the name of an
            initializer, or a mapping with `type`.
        kernel_regularizer: A penalty on the kernel, added to the loss in training, such as `l2` or `{type: L2,
            l2: 0.001}`; null for none.
        recurrent_regularizer: A penalty on the recurrent kernel, added to the loss in training, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        bias_regularizer: A penalty on the bias, added to the loss in training, such as `l2` or `{type: L2, l2:
            0.001}`; null for none.
        activity_regularizer: A penalty on the output of the layer, added to the loss in training, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        kernel_constraint: A limit that the kernel must keep after every update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        recurrent_constraint: A limit that the recurrent kernel must keep after every update, such as `non_neg` or
            `{type: MaxNorm, max_value: 2}`; null for none.
        bias_constraint: A limit that the bias must keep after every update, such as `non_neg` or `{type: MaxNorm,
            max_value: 2}`; null for none.
        dropout: The share of the input's elements that is set to 0 in training, at random, between 0 and 1.
        recurrent_dropout: The share of the state's elements that is set to 0 in training, at random, between 0
            and 1.
        seed: A seed for the random numbers of this layer alone, whatever the seed of the model is. By default the
            model's seed decides.
        return_sequences: Whether the outputs of all steps are returned, for another recurrent layer behind it,
            instead of that of the last step.
        return_state: Whether the states after the last step are returned as well, as further tensors.
        go_backwards: Whether the steps are read from last to first; outputs are in the order in which they are
            read.
        stateful: Whether a batch begins with the states that the batch before it left; needs a fixed batch size.
            These states are no weights: they are not counted and in no file, and a model that is loaded begins
            with zeros.
        unroll: Has no effect: the loop over the steps is compiled either way.
        zero_output_for_mask: Whether the outputs of skipped steps are zeros, instead of the output of the step
            before.
        reset_after: Whether the reset gate applies after the product with the recurrent kernel (Keras 3's
            default) or before it (Keras 1).
        use_cudnn: Has no effect: it chooses code for GPUs, and modelc runs on the CPU.
    """

    def __init__(
        self,
        units: int,
        activation: _Activation | Layer | Mapping[str, Any] | None = 'tanh',
        recurrent_activation: _RecurrentActivation | Layer | Mapping[str, Any] | None = 'sigmoid',
        use_bias: bool = True,
        kernel_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'GlorotUniform',
        recurrent_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Orthogonal',
        bias_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Zeros',
        kernel_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        recurrent_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        bias_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        activity_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        kernel_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        recurrent_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        bias_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        reset_after: bool = True,
        use_cudnn: Literal['auto'] | bool = 'auto',
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
        zero_output_for_mask: bool = False,
    ) -> None: ...
    @property
    def units(self) -> int: ...
    @property
    def activation(self) -> Any: ...
    @property
    def recurrent_activation(self) -> Any: ...
    @property
    def use_bias(self) -> bool: ...
    @property
    def kernel_initializer(self) -> Any: ...
    @property
    def recurrent_initializer(self) -> Any: ...
    @property
    def bias_initializer(self) -> Any: ...
    @property
    def kernel_regularizer(self) -> Any: ...
    @property
    def recurrent_regularizer(self) -> Any: ...
    @property
    def bias_regularizer(self) -> Any: ...
    @property
    def activity_regularizer(self) -> Any: ...
    @property
    def kernel_constraint(self) -> Any: ...
    @property
    def recurrent_constraint(self) -> Any: ...
    @property
    def bias_constraint(self) -> Any: ...
    @property
    def dropout(self) -> float: ...
    @property
    def recurrent_dropout(self) -> float: ...
    @property
    def seed(self) -> int | None: ...
    @property
    def return_sequences(self) -> bool: ...
    @property
    def return_state(self) -> bool: ...
    @property
    def go_backwards(self) -> bool: ...
    @property
    def stateful(self) -> bool: ...
    @property
    def unroll(self) -> bool: ...
    @property
    def zero_output_for_mask(self) -> bool: ...
    @property
    def reset_after(self) -> bool: ...
    @property
    def use_cudnn(self) -> Literal['auto'] | bool: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class SimpleRNNCell(Layer):
    r"""One step of SimpleRNN: ``h' = f(x·kernel + h·recurrent_kernel + bias)`` (Elman, 1990).

    Weights: kernel (C, units), recurrent_kernel (units, units), bias (units,).

    Args:
        units: The number of outputs, and of the elements of each state.
        activation: The function that new content goes through, `tanh` by default.
        use_bias: Whether a learned number, the bias, is added for each output.
        kernel_initializer: The random numbers, or other values, that the kernel, which multiplies the input,
            start from: the name of an initializer, or a mapping with `type`.
        recurrent_initializer: The random numbers, or other values, that the recurrent kernel, which multiplies
            the state, start from: the name of an initializer, or a mapping with `type`.
        bias_initializer: The random numbers, or other values, that the bias start from: the name of an
            initializer, or a mapping with `type`.
        kernel_regularizer: A penalty on the kernel, added to the loss in training, such as `l2` or `{type: L2,
            l2: 0.001}`; null for none.
        recurrent_regularizer: A penalty on the recurrent kernel, added to the loss in training, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        bias_regularizer: A penalty on the bias, added to the loss in training, such as `l2` or `{type: L2, l2:
            0.001}`; null for none.
        kernel_constraint: A limit that the kernel must keep after every update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        recurrent_constraint: A limit that the recurrent kernel must keep after every update, such as `non_neg` or
            `{type: MaxNorm, max_value: 2}`; null for none.
        bias_constraint: A limit that the bias must keep after every update, such as `non_neg` or `{type: MaxNorm,
            max_value: 2}`; null for none.
        dropout: The share of the input's elements that is set to 0 in training, at random, between 0 and 1.
        recurrent_dropout: The share of the state's elements that is set to 0 in training, at random, between 0
            and 1.
        seed: A seed for the random numbers of this layer alone, whatever the seed of the model is. By default the
            model's seed decides.
    """

    def __init__(
        self,
        units: int,
        activation: _Activation | Layer | Mapping[str, Any] | None = 'tanh',
        use_bias: bool = True,
        kernel_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'GlorotUniform',
        recurrent_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Orthogonal',
        bias_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Zeros',
        kernel_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        recurrent_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        bias_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        kernel_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        recurrent_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        bias_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def units(self) -> int: ...
    @property
    def activation(self) -> Any: ...
    @property
    def use_bias(self) -> bool: ...
    @property
    def kernel_initializer(self) -> Any: ...
    @property
    def recurrent_initializer(self) -> Any: ...
    @property
    def bias_initializer(self) -> Any: ...
    @property
    def kernel_regularizer(self) -> Any: ...
    @property
    def recurrent_regularizer(self) -> Any: ...
    @property
    def bias_regularizer(self) -> Any: ...
    @property
    def kernel_constraint(self) -> Any: ...
    @property
    def recurrent_constraint(self) -> Any: ...
    @property
    def bias_constraint(self) -> Any: ...
    @property
    def dropout(self) -> float: ...
    @property
    def recurrent_dropout(self) -> float: ...
    @property
    def seed(self) -> int | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class LSTMCell(Layer):
    r"""One step of LSTM: ``i, f, ĉ, o = x·kernel + h·recurrent_kernel + bias``, ``c' = g(f)∘c + g(i)∘a(ĉ)``,
    ``h' = g(o)∘a(c')``, a the activation and g that of the gates (Hochreiter and Schmidhuber, 1997).

    States: h, c. Weights: kernel (C, 4·units), recurrent_kernel (units, 4·units), bias (4·units,).

    Args:
        units: The number of outputs, and of the elements of each state.
        activation: The function that new content goes through, `tanh` by default.
        recurrent_activation: The function that the gates go through, which gives numbers from 0 (closed) to 1
            (open).
        use_bias: Whether a learned number, the bias, is added for each output.
        kernel_initializer: The random numbers, or other values, that the kernel, which multiplies the input,
            start from: the name of an initializer, or a mapping with `type`.
        recurrent_initializer: The random numbers, or other values, that the recurrent kernel, which multiplies
            the state, start from: the name of an initializer, or a mapping with `type`.
        bias_initializer: The random numbers, or other values, that the bias start from: the name of an
            initializer, or a mapping with `type`.
        unit_forget_bias: Whether the bias of the forget gate starts from 1, so that the memory is kept at first
            (Jozefowicz et al., 2015).
        kernel_regularizer: A penalty on the kernel, added to the loss in training, such as `l2` or `{type: L2,
            l2: 0.001}`; null for none.
        recurrent_regularizer: A penalty on the recurrent kernel, added to the loss in training, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        bias_regularizer: A penalty on the bias, added to the loss in training, such as `l2` or `{type: L2, l2:
            0.001}`; null for none.
        kernel_constraint: A limit that the kernel must keep after every update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        recurrent_constraint: A limit that the recurrent kernel must keep after every update, such as `non_neg` or
            `{type: MaxNorm, max_value: 2}`; null for none.
        bias_constraint: A limit that the bias must keep after every update, such as `non_neg` or `{type: MaxNorm,
            max_value: 2}`; null for none.
        dropout: The share of the input's elements that is set to 0 in training, at random, between 0 and 1.
        recurrent_dropout: The share of the state's elements that is set to 0 in training, at random, between 0
            and 1.
        seed: A seed for the random numbers of this layer alone, whatever the seed of the model is. By default the
            model's seed decides.
    """

    def __init__(
        self,
        units: int,
        activation: _Activation | Layer | Mapping[str, Any] | None = 'tanh',
        recurrent_activation: _RecurrentActivation | Layer | Mapping[str, Any] | None = 'sigmoid',
        use_bias: bool = True,
        kernel_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'GlorotUniform',
        recurrent_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Orthogonal',
        bias_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Zeros',
        unit_forget_bias: bool = True,
        kernel_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        recurrent_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        bias_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        kernel_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        recurrent_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        bias_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def units(self) -> int: ...
    @property
    def activation(self) -> Any: ...
    @property
    def recurrent_activation(self) -> Any: ...
    @property
    def use_bias(self) -> bool: ...
    @property
    def kernel_initializer(self) -> Any: ...
    @property
    def recurrent_initializer(self) -> Any: ...
    @property
    def bias_initializer(self) -> Any: ...
    @property
    def unit_forget_bias(self) -> bool: ...
    @property
    def kernel_regularizer(self) -> Any: ...
    @property
    def recurrent_regularizer(self) -> Any: ...
    @property
    def bias_regularizer(self) -> Any: ...
    @property
    def kernel_constraint(self) -> Any: ...
    @property
    def recurrent_constraint(self) -> Any: ...
    @property
    def bias_constraint(self) -> Any: ...
    @property
    def dropout(self) -> float: ...
    @property
    def recurrent_dropout(self) -> float: ...
    @property
    def seed(self) -> int | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class GRUCell(Layer):
    r"""One step of GRU: ``z, r = g(x·kernel + h·recurrent_kernel + biases)``, ``h' = z∘h + (1 - z)∘ĥ`` with
    ``ĥ = a(x·kernel + bias_0 + r∘(h·recurrent_kernel + bias_1))`` where `reset_after`, else
    ``ĥ = a(x·kernel + bias + (r∘h)·recurrent_kernel)`` (Cho et al., 2014).

    Weights: kernel (C, 3·units), recurrent_kernel (units, 3·units), bias (2, 3·units), or (3·units,) without
    `reset_after`; parts in the order z, r, ĥ.

    Args:
        units: The number of outputs, and of the elements of each state.
        activation: The function that new content goes through, `tanh` by default.
        recurrent_activation: The function that the gates go through, which gives numbers from 0 (closed) to 1
            (open).
        use_bias: Whether a learned number, the bias, is added for each output.
        kernel_initializer: The random numbers, or other values, that the kernel, which multiplies the input,
            start from: the name of an initializer, or a mapping with `type`.
        recurrent_initializer: The random numbers, or other values, that the recurrent kernel, which multiplies
            the state, start from: the name of an initializer, or a mapping with `type`.
        bias_initializer: The random numbers, or other values, that the bias start from: the name of an
            initializer, or a mapping with `type`.
        kernel_regularizer: A penalty on the kernel, added to the loss in training, such as `l2` or `{type: L2,
            l2: 0.001}`; null for none.
        recurrent_regularizer: A penalty on the recurrent kernel, added to the loss in training, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        bias_regularizer: A penalty on the bias, added to the loss in training, such as `l2` or `{type: L2, l2:
            0.001}`; null for none.
        kernel_constraint: A limit that the kernel must keep after every update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        recurrent_constraint: A limit that the recurrent kernel must keep after every update, such as `non_neg` or
            `{type: MaxNorm, max_value: 2}`; null for none.
        bias_constraint: A limit that the bias must keep after every update, such as `non_neg` or `{type: MaxNorm,
            max_value: 2}`; null for none.
        dropout: The share of the input's elements that is set to 0 in training, at random, between 0 and 1.
        recurrent_dropout: The share of the state's elements that is set to 0 in training, at random, between 0
            and 1.
        reset_after: Whether the reset gate applies after the product with the recurrent kernel (Keras 3's
            default) or before it (Keras 1).
        seed: A seed for the random numbers of this layer alone, whatever the seed of the model is. By default the
            model's seed decides.
    """

    def __init__(
        self,
        units: int,
        activation: _Activation | Layer | Mapping[str, Any] | None = 'tanh',
        recurrent_activation: _RecurrentActivation | Layer | Mapping[str, Any] | None = 'sigmoid',
        use_bias: bool = True,
        kernel_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'GlorotUniform',
        recurrent_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Orthogonal',
        bias_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Zeros',
        kernel_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        recurrent_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        bias_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        kernel_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        recurrent_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        bias_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        reset_after: bool = True,
        seed: int | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def units(self) -> int: ...
    @property
    def activation(self) -> Any: ...
    @property
    def recurrent_activation(self) -> Any: ...
    @property
    def use_bias(self) -> bool: ...
    @property
    def kernel_initializer(self) -> Any: ...
    @property
    def recurrent_initializer(self) -> Any: ...
    @property
    def bias_initializer(self) -> Any: ...
    @property
    def kernel_regularizer(self) -> Any: ...
    @property
    def recurrent_regularizer(self) -> Any: ...
    @property
    def bias_regularizer(self) -> Any: ...
    @property
    def kernel_constraint(self) -> Any: ...
    @property
    def recurrent_constraint(self) -> Any: ...
    @property
    def bias_constraint(self) -> Any: ...
    @property
    def dropout(self) -> float: ...
    @property
    def recurrent_dropout(self) -> float: ...
    @property
    def reset_after(self) -> bool: ...
    @property
    def seed(self) -> int | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class StackedRNNCells(Layer):
    r"""Several cells as one: each takes the output of the one before it.

    States: those of all cells, in order.

    Args:
        cells: The cells, in order.
    """

    def __init__(
        self,
        cells: Sequence[Layer | Mapping[str, Any]],
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def cells(self) -> Any: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class RNN(Layer):
    r"""A cell run over the steps of a sequence: ``h_t, states_t = cell(x_t, states_{t-1})``.

    x: (N, T, C) → (N, units), or (N, T, units) with `return_sequences`; with `return_state` also the states after
    the last step. A list of cells is StackedRNNCells.

    Args:
        cell: The cell that does one step: SimpleRNNCell, LSTMCell, GRUCell, StackedRNNCells, or a list of cells.
        return_sequences: Whether the outputs of all steps are returned, for another recurrent layer behind it,
            instead of that of the last step.
        return_state: Whether the states after the last step are returned as well, as further tensors.
        go_backwards: Whether the steps are read from last to first; outputs are in the order in which they are
            read.
        stateful: Whether a batch begins with the states that the batch before it left; needs a fixed batch size.
            These states are no weights: they are not counted and in no file, and a model that is loaded begins
            with zeros.
        unroll: Has no effect: the loop over the steps is compiled either way.
        zero_output_for_mask: Whether the outputs of skipped steps are zeros, instead of the output of the step
            before.
    """

    def __init__(
        self,
        cell: Layer | Mapping[str, Any] | Sequence[Layer | Mapping[str, Any]],
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        zero_output_for_mask: bool = False,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def cell(self) -> Any: ...
    @property
    def return_sequences(self) -> bool: ...
    @property
    def return_state(self) -> bool: ...
    @property
    def go_backwards(self) -> bool: ...
    @property
    def stateful(self) -> bool: ...
    @property
    def unroll(self) -> bool: ...
    @property
    def zero_output_for_mask(self) -> bool: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Bidirectional(Layer):
    r"""A recurrent layer over the steps in their order, and another one over the steps from last to first
    (Schuster and Paliwal, 1997).

    x: (N, T, C) → what `merge_mode` makes of the two outputs, each in the order of x; with `return_state` also the
    states of the first layer, then those of the second. First states are given in the same order. Masked steps give
    zeros where `return_sequences`. Weights: those of `forward_<name>`, then those of `backward_<name>`.

    Args:
        layer: The recurrent layer that reads the steps from first to last, such as `{type: LSTM, units: 32}`;
            with `go_backwards` the two layers change places.
        merge_mode: How the outputs of the two directions become one: side by side (`concat`), by `sum`, `mul` or
            `ave`; null returns both.
        backward_layer: The layer that reads the steps from last to first; by default a second one like `layer`.
    """

    def __init__(
        self,
        layer: Layer | Mapping[str, Any],
        merge_mode: Literal['sum', 'mul', 'concat', 'ave'] | None = 'concat',
        backward_layer: Layer | Mapping[str, Any] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def layer(self) -> Any: ...
    @property
    def merge_mode(self) -> Literal['sum', 'mul', 'concat', 'ave'] | None: ...
    @property
    def backward_layer(self) -> Any: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class TimeDistributed(Layer):
    r"""Applies a layer to every step of a sequence, with the same weights.

    ``y[:, t] = layer(x[:, t])``, with the same weights at every step.

    x: (N, T, ...) → (N, T, ...). Weights: those of the layer or the model, under its name. As in
    Keras, the `activity_regularizer` of the layer itself does not count.

    Args:
        layer: The layer, or a model: `{type: Model, spec: …}`.
    """

    def __init__(
        self,
        layer: Layer | Mapping[str, Any],
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def layer(self) -> Any: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class ConvLSTM1D(Layer):
    r"""Convolutional LSTM over sequences of lines: (N, T, steps, C) → (N, steps, filters).

    Args:
        filters: The number of channels of the output and of each state.
        kernel_size: The size of the window: a number for all axes, or one for each: `3` or `[3, 3]`.
        strides: The distance by which the window over the input moves; 2 halves the size.
        padding: `valid` adds nothing to the input; `same` adds zeros so that the output has ceil(input / stride)
            positions.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
        dilation_rate: The distance between the elements of the window: 1 for neighbours, 2 to skip every other
            one, which widens the window without more weights.
        activation: The function that new content goes through, `tanh` by default.
        recurrent_activation: The function that the gates go through, which gives numbers from 0 (closed) to 1
            (open).
        use_bias: Whether a learned number, the bias, is added for each output.
        kernel_initializer: The random numbers, or other values, that the kernel, which multiplies the input,
            start from: the name of an initializer, or a mapping with `type`.
        recurrent_initializer: The random numbers, or other values, that the recurrent kernel, which multiplies
            the state, start from: the name of an initializer, or a mapping with `type`.
        bias_initializer: The random numbers, or other values, that the bias start from: the name of an
            initializer, or a mapping with `type`.
        unit_forget_bias: Whether the bias of the forget gate starts from 1, so that the memory is kept at first
            (Jozefowicz et al., 2015).
        kernel_regularizer: A penalty on the kernel, added to the loss in training, such as `l2` or `{type: L2,
            l2: 0.001}`; null for none.
        recurrent_regularizer: A penalty on the recurrent kernel, added to the loss in training, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        bias_regularizer: A penalty on the bias, added to the loss in training, such as `l2` or `{type: L2, l2:
            0.001}`; null for none.
        activity_regularizer: A penalty on the output of the layer, added to the loss in training, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        kernel_constraint: A limit that the kernel must keep after every update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        recurrent_constraint: A limit that the recurrent kernel must keep after every update, such as `non_neg` or
            `{type: MaxNorm, max_value: 2}`; null for none.
        bias_constraint: A limit that the bias must keep after every update, such as `non_neg` or `{type: MaxNorm,
            max_value: 2}`; null for none.
        dropout: The share of the input's elements that is set to 0 in training, at random, between 0 and 1.
        recurrent_dropout: The share of the state's elements that is set to 0 in training, at random, between 0
            and 1.
        seed: A seed for the random numbers of this layer alone, whatever the seed of the model is. By default the
            model's seed decides.
        return_sequences: Whether the outputs of all steps are returned, for another recurrent layer behind it,
            instead of that of the last step.
        return_state: Whether the states after the last step are returned as well, as further tensors.
        go_backwards: Whether the steps are read from last to first; outputs are in the order in which they are
            read.
        stateful: Whether a batch begins with the states that the batch before it left; needs a fixed batch size.
            These states are no weights: they are not counted and in no file, and a model that is loaded begins
            with zeros.
        unroll: Has no effect: the loop over the steps is compiled either way.
        zero_output_for_mask: Whether the outputs of skipped steps are zeros, instead of the output of the step
            before.
    """

    def __init__(
        self,
        filters: int,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int] = 1,
        padding: Literal['valid', 'same'] = 'valid',
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        dilation_rate: int | Sequence[int] = 1,
        activation: _Activation | Layer | Mapping[str, Any] | None = 'tanh',
        recurrent_activation: _RecurrentActivation | Layer | Mapping[str, Any] | None = 'sigmoid',
        use_bias: bool = True,
        kernel_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'GlorotUniform',
        recurrent_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Orthogonal',
        bias_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Zeros',
        unit_forget_bias: bool = True,
        kernel_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        recurrent_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        bias_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        activity_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        kernel_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        recurrent_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        bias_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
        zero_output_for_mask: bool = False,
    ) -> None: ...
    @property
    def filters(self) -> int: ...
    @property
    def kernel_size(self) -> tuple[int, ...]: ...
    @property
    def strides(self) -> tuple[int, ...]: ...
    @property
    def padding(self) -> Literal['valid', 'same']: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    @property
    def dilation_rate(self) -> tuple[int, ...]: ...
    @property
    def activation(self) -> Any: ...
    @property
    def recurrent_activation(self) -> Any: ...
    @property
    def use_bias(self) -> bool: ...
    @property
    def kernel_initializer(self) -> Any: ...
    @property
    def recurrent_initializer(self) -> Any: ...
    @property
    def bias_initializer(self) -> Any: ...
    @property
    def unit_forget_bias(self) -> bool: ...
    @property
    def kernel_regularizer(self) -> Any: ...
    @property
    def recurrent_regularizer(self) -> Any: ...
    @property
    def bias_regularizer(self) -> Any: ...
    @property
    def activity_regularizer(self) -> Any: ...
    @property
    def kernel_constraint(self) -> Any: ...
    @property
    def recurrent_constraint(self) -> Any: ...
    @property
    def bias_constraint(self) -> Any: ...
    @property
    def dropout(self) -> float: ...
    @property
    def recurrent_dropout(self) -> float: ...
    @property
    def seed(self) -> int | None: ...
    @property
    def return_sequences(self) -> bool: ...
    @property
    def return_state(self) -> bool: ...
    @property
    def go_backwards(self) -> bool: ...
    @property
    def stateful(self) -> bool: ...
    @property
    def unroll(self) -> bool: ...
    @property
    def zero_output_for_mask(self) -> bool: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class ConvLSTM2D(Layer):
    r"""Convolutional LSTM over sequences of images: (N, T, height, width, C) → (N, height, width, filters).

    Args:
        filters: The number of channels of the output and of each state.
        kernel_size: The size of the window: a number for all axes, or one for each: `3` or `[3, 3]`.
        strides: The distance by which the window over the input moves; 2 halves the size.
        padding: `valid` adds nothing to the input; `same` adds zeros so that the output has ceil(input / stride)
            positions.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
        dilation_rate: The distance between the elements of the window: 1 for neighbours, 2 to skip every other
            one, which widens the window without more weights.
        activation: The function that new content goes through, `tanh` by default.
        recurrent_activation: The function that the gates go through, which gives numbers from 0 (closed) to 1
            (open).
        use_bias: Whether a learned number, the bias, is added for each output.
        kernel_initializer: The random numbers, or other values, that the kernel, which multiplies the input,
            start from: the name of an initializer, or a mapping with `type`.
        recurrent_initializer: The random numbers, or other values, that the recurrent kernel, which multiplies
            the state, start from: the name of an initializer, or a mapping with `type`.
        bias_initializer: The random numbers, or other values, that the bias start from: the name of an
            initializer, or a mapping with `type`.
        unit_forget_bias: Whether the bias of the forget gate starts from 1, so that the memory is kept at first
            (Jozefowicz et al., 2015).
        kernel_regularizer: A penalty on the kernel, added to the loss in training, such as `l2` or `{type: L2,
            l2: 0.001}`; null for none.
        recurrent_regularizer: A penalty on the recurrent kernel, added to the loss in training, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        bias_regularizer: A penalty on the bias, added to the loss in training, such as `l2` or `{type: L2, l2:
            0.001}`; null for none.
        activity_regularizer: A penalty on the output of the layer, added to the loss in training, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        kernel_constraint: A limit that the kernel must keep after every update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        recurrent_constraint: A limit that the recurrent kernel must keep after every update, such as `non_neg` or
            `{type: MaxNorm, max_value: 2}`; null for none.
        bias_constraint: A limit that the bias must keep after every update, such as `non_neg` or `{type: MaxNorm,
            max_value: 2}`; null for none.
        dropout: The share of the input's elements that is set to 0 in training, at random, between 0 and 1.
        recurrent_dropout: The share of the state's elements that is set to 0 in training, at random, between 0
            and 1.
        seed: A seed for the random numbers of this layer alone, whatever the seed of the model is. By default the
            model's seed decides.
        return_sequences: Whether the outputs of all steps are returned, for another recurrent layer behind it,
            instead of that of the last step.
        return_state: Whether the states after the last step are returned as well, as further tensors.
        go_backwards: Whether the steps are read from last to first; outputs are in the order in which they are
            read.
        stateful: Whether a batch begins with the states that the batch before it left; needs a fixed batch size.
            These states are no weights: they are not counted and in no file, and a model that is loaded begins
            with zeros.
        unroll: Has no effect: the loop over the steps is compiled either way.
        zero_output_for_mask: Whether the outputs of skipped steps are zeros, instead of the output of the step
            before.
    """

    def __init__(
        self,
        filters: int,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int] = 1,
        padding: Literal['valid', 'same'] = 'valid',
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        dilation_rate: int | Sequence[int] = 1,
        activation: _Activation | Layer | Mapping[str, Any] | None = 'tanh',
        recurrent_activation: _RecurrentActivation | Layer | Mapping[str, Any] | None = 'sigmoid',
        use_bias: bool = True,
        kernel_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'GlorotUniform',
        recurrent_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Orthogonal',
        bias_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Zeros',
        unit_forget_bias: bool = True,
        kernel_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        recurrent_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        bias_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        activity_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        kernel_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        recurrent_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        bias_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
        zero_output_for_mask: bool = False,
    ) -> None: ...
    @property
    def filters(self) -> int: ...
    @property
    def kernel_size(self) -> tuple[int, ...]: ...
    @property
    def strides(self) -> tuple[int, ...]: ...
    @property
    def padding(self) -> Literal['valid', 'same']: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    @property
    def dilation_rate(self) -> tuple[int, ...]: ...
    @property
    def activation(self) -> Any: ...
    @property
    def recurrent_activation(self) -> Any: ...
    @property
    def use_bias(self) -> bool: ...
    @property
    def kernel_initializer(self) -> Any: ...
    @property
    def recurrent_initializer(self) -> Any: ...
    @property
    def bias_initializer(self) -> Any: ...
    @property
    def unit_forget_bias(self) -> bool: ...
    @property
    def kernel_regularizer(self) -> Any: ...
    @property
    def recurrent_regularizer(self) -> Any: ...
    @property
    def bias_regularizer(self) -> Any: ...
    @property
    def activity_regularizer(self) -> Any: ...
    @property
    def kernel_constraint(self) -> Any: ...
    @property
    def recurrent_constraint(self) -> Any: ...
    @property
    def bias_constraint(self) -> Any: ...
    @property
    def dropout(self) -> float: ...
    @property
    def recurrent_dropout(self) -> float: ...
    @property
    def seed(self) -> int | None: ...
    @property
    def return_sequences(self) -> bool: ...
    @property
    def return_state(self) -> bool: ...
    @property
    def go_backwards(self) -> bool: ...
    @property
    def stateful(self) -> bool: ...
    @property
    def unroll(self) -> bool: ...
    @property
    def zero_output_for_mask(self) -> bool: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class ConvLSTM3D(Layer):
    r"""Convolutional LSTM over sequences of volumes: (N, T, depth, height, width, C) →
    (N, depth, height, width, filters).

    Args:
        filters: The number of channels of the output and of each state.
        kernel_size: The size of the window: a number for all axes, or one for each: `3` or `[3, 3]`.
        strides: The distance by which the window over the input moves; 2 halves the size.
        padding: `valid` adds nothing to the input; `same` adds zeros so that the output has ceil(input / stride)
            positions.
        data_format: The position of the channels among the axes: `channels_last` (rows, columns, channels; the
            default) or `channels_first` (channels, rows, columns).
        dilation_rate: The distance between the elements of the window: 1 for neighbours, 2 to skip every other
            one, which widens the window without more weights.
        activation: The function that new content goes through, `tanh` by default.
        recurrent_activation: The function that the gates go through, which gives numbers from 0 (closed) to 1
            (open).
        use_bias: Whether a learned number, the bias, is added for each output.
        kernel_initializer: The random numbers, or other values, that the kernel, which multiplies the input,
            start from: the name of an initializer, or a mapping with `type`.
        recurrent_initializer: The random numbers, or other values, that the recurrent kernel, which multiplies
            the state, start from: the name of an initializer, or a mapping with `type`.
        bias_initializer: The random numbers, or other values, that the bias start from: the name of an
            initializer, or a mapping with `type`.
        unit_forget_bias: Whether the bias of the forget gate starts from 1, so that the memory is kept at first
            (Jozefowicz et al., 2015).
        kernel_regularizer: A penalty on the kernel, added to the loss in training, such as `l2` or `{type: L2,
            l2: 0.001}`; null for none.
        recurrent_regularizer: A penalty on the recurrent kernel, added to the loss in training, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        bias_regularizer: A penalty on the bias, added to the loss in training, such as `l2` or `{type: L2, l2:
            0.001}`; null for none.
        activity_regularizer: A penalty on the output of the layer, added to the loss in training, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        kernel_constraint: A limit that the kernel must keep after every update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        recurrent_constraint: A limit that the recurrent kernel must keep after every update, such as `non_neg` or
            `{type: MaxNorm, max_value: 2}`; null for none.
        bias_constraint: A limit that the bias must keep after every update, such as `non_neg` or `{type: MaxNorm,
            max_value: 2}`; null for none.
        dropout: The share of the input's elements that is set to 0 in training, at random, between 0 and 1.
        recurrent_dropout: The share of the state's elements that is set to 0 in training, at random, between 0
            and 1.
        seed: A seed for the random numbers of this layer alone, whatever the seed of the model is. By default the
            model's seed decides.
        return_sequences: Whether the outputs of all steps are returned, for another recurrent layer behind it,
            instead of that of the last step.
        return_state: Whether the states after the last step are returned as well, as further tensors.
        go_backwards: Whether the steps are read from last to first; outputs are in the order in which they are
            read.
        stateful: Whether a batch begins with the states that the batch before it left; needs a fixed batch size.
            These states are no weights: they are not counted and in no file, and a model that is loaded begins
            with zeros.
        unroll: Has no effect: the loop over the steps is compiled either way.
        zero_output_for_mask: Whether the outputs of skipped steps are zeros, instead of the output of the step
            before.
    """

    def __init__(
        self,
        filters: int,
        kernel_size: int | Sequence[int],
        strides: int | Sequence[int] = 1,
        padding: Literal['valid', 'same'] = 'valid',
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        dilation_rate: int | Sequence[int] = 1,
        activation: _Activation | Layer | Mapping[str, Any] | None = 'tanh',
        recurrent_activation: _RecurrentActivation | Layer | Mapping[str, Any] | None = 'sigmoid',
        use_bias: bool = True,
        kernel_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'GlorotUniform',
        recurrent_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Orthogonal',
        bias_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Zeros',
        unit_forget_bias: bool = True,
        kernel_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        recurrent_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        bias_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        activity_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        kernel_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        recurrent_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        bias_constraint: Constraint | _ConstraintName | Mapping[str, Any] | None = None,
        dropout: float = 0.0,
        recurrent_dropout: float = 0.0,
        seed: int | None = None,
        return_sequences: bool = False,
        return_state: bool = False,
        go_backwards: bool = False,
        stateful: bool = False,
        unroll: bool = False,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
        zero_output_for_mask: bool = False,
    ) -> None: ...
    @property
    def filters(self) -> int: ...
    @property
    def kernel_size(self) -> tuple[int, ...]: ...
    @property
    def strides(self) -> tuple[int, ...]: ...
    @property
    def padding(self) -> Literal['valid', 'same']: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    @property
    def dilation_rate(self) -> tuple[int, ...]: ...
    @property
    def activation(self) -> Any: ...
    @property
    def recurrent_activation(self) -> Any: ...
    @property
    def use_bias(self) -> bool: ...
    @property
    def kernel_initializer(self) -> Any: ...
    @property
    def recurrent_initializer(self) -> Any: ...
    @property
    def bias_initializer(self) -> Any: ...
    @property
    def unit_forget_bias(self) -> bool: ...
    @property
    def kernel_regularizer(self) -> Any: ...
    @property
    def recurrent_regularizer(self) -> Any: ...
    @property
    def bias_regularizer(self) -> Any: ...
    @property
    def activity_regularizer(self) -> Any: ...
    @property
    def kernel_constraint(self) -> Any: ...
    @property
    def recurrent_constraint(self) -> Any: ...
    @property
    def bias_constraint(self) -> Any: ...
    @property
    def dropout(self) -> float: ...
    @property
    def recurrent_dropout(self) -> float: ...
    @property
    def seed(self) -> int | None: ...
    @property
    def return_sequences(self) -> bool: ...
    @property
    def return_state(self) -> bool: ...
    @property
    def go_backwards(self) -> bool: ...
    @property
    def stateful(self) -> bool: ...
    @property
    def unroll(self) -> bool: ...
    @property
    def zero_output_for_mask(self) -> bool: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...
