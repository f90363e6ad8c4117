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
_Mode: TypeAlias = Literal['log', 'magnitude', 'psd', 'real', 'imag', 'angle', 'stft']
_Operation: TypeAlias = Literal['abs', 'absolute', 'adaptive_average_pool', 'adaptive_max_pool', 'add', 'all', 'amax', 'amin', 'any', 'arctan', 'arctan2', 'argmax', 'argmin', 'array', 'array_split', 'average_pool', 'cast', 'cbrt', 'ceil', 'celu', 'clip', 'concatenate', 'conj', 'conjugate', 'convert_to_tensor', 'copy', 'cos', 'cosh', 'count_nonzero', 'cumsum', 'deg2rad', 'depth_to_space', 'divide', 'divide_no_nan', 'dot', 'elu', 'equal', 'erf', 'erfc', 'exp', 'exp2', 'expand_dims', 'expm1', 'fabs', 'flip', 'floor', 'floor_divide', 'full_like', 'gelu', 'get_item', 'glu', 'greater', 'greater_equal', 'hard_shrink', 'hard_sigmoid', 'hard_silu', 'hard_tanh', 'hypot', 'identity', 'isfinite', 'isinf', 'isnan', 'isneginf', 'isposinf', 'layer_norm', 'layer_normalization', 'leaky_relu', 'less', 'less_equal', 'log', 'log10', 'log1p', 'log2', 'log_sigmoid', 'log_softmax', 'logaddexp', 'logical_and', 'logical_not', 'logical_or', 'logical_xor', 'logsumexp', 'matmul', 'max', 'max_pool', 'maximum', 'mean', 'min', 'minimum', 'mish', 'mod', 'moments', 'moveaxis', 'multi_hot', 'multiply', 'nan_to_num', 'negative', 'norm', 'normalize', 'not_equal', 'one_hot', 'ones_like', 'pad', 'pow', 'power', 'ptp', 'rad2deg', 'real', 'reciprocal', 'relu', 'relu6', 'repeat', 'reshape', 'resize', 'rgb_to_grayscale', 'rms_norm', 'rms_normalization', 'roll', 'round', 'rsqrt', 'saturate_cast', 'selu', 'sigmoid', 'sign', 'silu', 'sin', 'sinh', 'soft_shrink', 'softmax', 'softplus', 'softsign', 'space_to_depth', 'sparse_plus', 'sparse_sigmoid', 'sparsemax', 'split', 'sqrt', 'square', 'squareplus', 'squeeze', 'stack', 'std', 'stop_gradient', 'subtract', 'sum', 'swapaxes', 'take', 'tan', 'tanh', 'tanh_shrink', 'threshold', 'tile', 'transpose', 'true_divide', 'trunc', 'unstack', 'var', 'view', 'where', 'zeros_like']
_RecurrentActivation: TypeAlias = Literal['celu', 'elu', 'exponential', 'gelu', 'glu', 'hard_shrink', 'hard_sigmoid', 'hard_silu', 'hard_swish', 'hard_tanh', 'keras2_hard_sigmoid', 'leaky_relu', 'linear', 'log_sigmoid', 'log_softmax', 'mish', 'relu', 'relu6', 'selu', 'sigmoid', 'silu', 'softmax', 'soft_shrink', 'softplus', 'softsign', 'sparse_plus', 'sparse_sigmoid', 'sparsemax', 'squareplus', 'swish', 'tanh', 'tanh_shrink', 'threshold', 'LeakyReLU', 'ReLU', 'ELU', 'PReLU', 'Softmax']
_RegularizerName: TypeAlias = Literal['L1', 'L2', 'L1L2', 'OrthogonalRegularizer', 'l1', 'l2', 'l1_l2', 'l1l2', 'orthogonal_regularizer']
_Window: TypeAlias = Literal['boxcar', 'hann', 'hamming', 'blackman', 'nuttall', 'blackmanharris', 'flattop', 'bartlett', 'triang', 'cosine']

class Activation(Layer):
    r"""``y = f(x)`` for one of the activations.

    Args:
        activation: The activation's name.
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
    r"""``y = min(x, max_value)`` where x > threshold, else ``negative_slope·(x - threshold)``.

    Args:
        max_value: The largest output; no limit where null.
        negative_slope: The slope below the threshold.
        threshold: The value up to which an input is cut.
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
    r"""``y = x`` where x ≥ 0, else ``negative_slope·x``.

    Args:
        negative_slope: The slope below 0.
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
    r"""``y = x`` where x ≥ 0, else ``alpha·x``, with a learned alpha for every position (He et al., 2015).

    Weights: alpha, in the shape of one sample, with 1 along the shared axes.

    Args:
        alpha_initializer: How alpha is drawn.
        alpha_regularizer: The penalty on alpha in training.
        alpha_constraint: What alpha is projected to after a training step.
        shared_axes: The axes along which alpha is the same, from 1: `[1, 2]` for one alpha per channel of an
            image.
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
    r"""``y = x`` where x > 0, else ``alpha·(exp(x) - 1)`` (Clevert et al., 2016).

    Args:
        alpha: What the output tends to for small inputs, negated.
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
    r"""``y = exp(x) / Σ exp(x)``, the sum over `axis`.

    An optional mask, 1 (keep) or 0 and broadcast to x, makes the masked positions 0.

    Args:
        axis: The axis or axes of the sum.
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
        shape: The shape of one sample, without the batch.
        batch_size: The number of samples, where it is fixed; a model of modelc's takes any.
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
    r"""Fully connected: ``y[..., u] = f(Σ_i x[..., i]·kernel[i, u] + bias[u])``.

    x: (N, ..., I) → (N, ..., units). Weights: kernel (I, units), bias (units,);
    with `lora_rank` also lora_kernel_a (I, rank) and lora_kernel_b (rank, units).

    Args:
        units: The number of outputs.
        activation: The function applied to the result.
        use_bias: Whether a bias is added.
        kernel_initializer: How the kernel is drawn.
        bias_initializer: How the bias is drawn.
        kernel_regularizer: The penalty on the kernel in training.
        bias_regularizer: The penalty on the bias in training.
        activity_regularizer: The penalty on the output in training.
        kernel_constraint: What the kernel is projected to after a training step.
        bias_constraint: What the bias is projected to after a training step.
        lora_rank: Freezes the kernel and trains a change of this rank instead.
        lora_alpha: The factor of that change, over `lora_rank`; null is `lora_rank`.
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
    r"""``y[..., :] = embeddings[x[...], :]``: integers 0 ≤ x < input_dim to vectors.

    x: (N, ...) → (N, ..., output_dim); floats are truncated to integers. Weights: embeddings
    (input_dim, output_dim); with `lora_rank` also lora_embeddings_a (input_dim, rank) and lora_embeddings_b
    (rank, output_dim). An index out of range is an error at run time.

    Args:
        input_dim: The number of different integers.
        output_dim: The length of the vectors.
        embeddings_initializer: How the vectors are drawn.
        embeddings_regularizer: The penalty on the vectors in training.
        embeddings_constraint: What the vectors are projected to after a training step.
        mask_zero: Whether 0 is padding that layers which take a mask skip.
        lora_rank: Freezes the table and trains a change of this rank instead.
        lora_alpha: The factor of that change, over `lora_rank`; null is `lora_rank`.
        activity_regularizer: The penalty on the output in training.
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
    r"""``y = x``.
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
    r"""``y[..., :] = embeddings[x[...], :]``, and with `reverse` back from vectors to a score for every integer:
    ``y[..., i] = Σ_d x[..., d]·embeddings[i, d]`` (Press and Wolf, 2017).

    x: (N, ...) → (N, ..., output_dim), or reversed (N, ..., output_dim) → (N, ..., input_dim). Weights: embeddings
    (input_dim, output_dim); without `tie_weights` also reverse_embeddings (output_dim, input_dim), which the way back
    multiplies by.

    Args:
        input_dim: The number of different integers.
        output_dim: The length of the vectors.
        tie_weights: Whether the way back uses the same table.
        embeddings_initializer: How the vectors are drawn.
        embeddings_regularizer: The penalty on the vectors in training.
        embeddings_constraint: What the vectors are projected to after a training step.
        mask_zero: Whether 0 is padding that layers which take a mask skip.
        reverse_dtype: The type that the way back computes in.
        logit_soft_cap: The limit c of the scores: ``c·tanh(y / c)``.
        activity_regularizer: The penalty on the output in training.
        reverse: Whether this use goes from vectors to scores.
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
        filters: The number of output channels.
        kernel_size: The extent of the window.
        strides: How far the window moves.
        padding: `valid` adds nothing; `same` adds zeros so that the output has ceil(input / stride) positions;
            `causal` adds them in front, so that no output depends on later steps.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
        dilation_rate: The distance between the taps of the window.
        groups: The number of groups of channels that are convolved separately.
        activation: The function applied to the result.
        use_bias: Whether a bias is added.
        kernel_initializer: How the kernel is drawn.
        bias_initializer: How the bias is drawn.
        kernel_regularizer: The penalty on the kernel in training.
        bias_regularizer: The penalty on the bias in training.
        activity_regularizer: The penalty on the output in training.
        kernel_constraint: What the kernel is projected to after a training step.
        bias_constraint: What the bias is projected to after a training step.
        lora_rank: Freezes the kernel and trains a change of this rank instead.
        lora_alpha: The factor of that change, over `lora_rank`; null is `lora_rank`.
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
        filters: The number of output channels.
        kernel_size: The extent of the window.
        strides: How far the window moves.
        padding: `valid` adds nothing; `same` adds zeros so that the output has ceil(input / stride) positions.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
        dilation_rate: The distance between the taps of the window.
        groups: The number of groups of channels that are convolved separately.
        activation: The function applied to the result.
        use_bias: Whether a bias is added.
        kernel_initializer: How the kernel is drawn.
        bias_initializer: How the bias is drawn.
        kernel_regularizer: The penalty on the kernel in training.
        bias_regularizer: The penalty on the bias in training.
        activity_regularizer: The penalty on the output in training.
        kernel_constraint: What the kernel is projected to after a training step.
        bias_constraint: What the bias is projected to after a training step.
        lora_rank: Freezes the kernel and trains a change of this rank instead.
        lora_alpha: The factor of that change, over `lora_rank`; null is `lora_rank`.
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
        filters: The number of output channels.
        kernel_size: The extent of the window.
        strides: How far the window moves.
        padding: `valid` adds nothing; `same` adds zeros so that the output has ceil(input / stride) positions.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
        dilation_rate: The distance between the taps of the window.
        groups: The number of groups of channels that are convolved separately.
        activation: The function applied to the result.
        use_bias: Whether a bias is added.
        kernel_initializer: How the kernel is drawn.
        bias_initializer: How the bias is drawn.
        kernel_regularizer: The penalty on the kernel in training.
        bias_regularizer: The penalty on the bias in training.
        activity_regularizer: The penalty on the output in training.
        kernel_constraint: What the kernel is projected to after a training step.
        bias_constraint: What the bias is projected to after a training step.
        lora_rank: Freezes the kernel and trains a change of this rank instead.
        lora_alpha: The factor of that change, over `lora_rank`; null is `lora_rank`.
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
        filters: The number of output channels.
        kernel_size: The extent of the window.
        strides: How far the window moves.
        padding: `valid` adds nothing; `same` adds zeros so that the output has ceil(input / stride) positions,
            and needs implementation 2 or 3.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
        activation: The function applied to the result.
        use_bias: Whether a bias is added.
        kernel_initializer: How the kernel is drawn.
        bias_initializer: How the bias is drawn.
        kernel_regularizer: The penalty on the kernel in training.
        bias_regularizer: The penalty on the bias in training.
        activity_regularizer: The penalty on the output in training.
        kernel_constraint: What the kernel is projected to after a training step.
        bias_constraint: What the bias is projected to after a training step.
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
        filters: The number of output channels.
        kernel_size: The extent of the window.
        strides: How far the window moves.
        padding: `valid` adds nothing; `same` adds zeros so that the output has ceil(input / stride) positions,
            and needs implementation 2 or 3.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
        activation: The function applied to the result.
        use_bias: Whether a bias is added.
        kernel_initializer: How the kernel is drawn.
        bias_initializer: How the bias is drawn.
        kernel_regularizer: The penalty on the kernel in training.
        bias_regularizer: The penalty on the bias in training.
        activity_regularizer: The penalty on the output in training.
        kernel_constraint: What the kernel is projected to after a training step.
        bias_constraint: What the bias is projected to after a training step.
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
        kernel_size: The extent of the window.
        strides: How far the window moves.
        padding: `valid` adds nothing; `same` adds zeros so that the output has ceil(input / stride) positions.
        depth_multiplier: The number of output channels for each input channel.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
        dilation_rate: The distance between the taps of the window.
        activation: The function applied to the result.
        use_bias: Whether a bias is added.
        depthwise_initializer: How the kernel is drawn.
        bias_initializer: How the bias is drawn.
        depthwise_regularizer: The penalty on the kernel in training.
        bias_regularizer: The penalty on the bias in training.
        activity_regularizer: The penalty on the output in training.
        depthwise_constraint: What the kernel is projected to after a training step.
        bias_constraint: What the bias is projected to after a training step.
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
        kernel_size: The extent of the window.
        strides: How far the window moves.
        padding: `valid` adds nothing; `same` adds zeros so that the output has ceil(input / stride) positions.
        depth_multiplier: The number of output channels for each input channel.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
        dilation_rate: The distance between the taps of the window.
        activation: The function applied to the result.
        use_bias: Whether a bias is added.
        depthwise_initializer: How the kernel is drawn.
        bias_initializer: How the bias is drawn.
        depthwise_regularizer: The penalty on the kernel in training.
        bias_regularizer: The penalty on the bias in training.
        activity_regularizer: The penalty on the output in training.
        depthwise_constraint: What the kernel is projected to after a training step.
        bias_constraint: What the bias is projected to after a training step.
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
        filters: The number of output channels.
        kernel_size: The extent of the depthwise window.
        strides: How far the window moves.
        padding: `valid` adds nothing; `same` adds zeros so that the output has ceil(input / stride) positions.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
        dilation_rate: The distance between the taps of the window.
        depth_multiplier: The number of channels between the two convolutions, for each input channel.
        activation: The function applied to the result.
        use_bias: Whether a bias is added.
        depthwise_initializer: How the depthwise kernel is drawn.
        pointwise_initializer: How the pointwise kernel is drawn.
        bias_initializer: How the bias is drawn.
        depthwise_regularizer: The penalty on the depthwise kernel in training.
        pointwise_regularizer: The penalty on the pointwise kernel in training.
        bias_regularizer: The penalty on the bias in training.
        activity_regularizer: The penalty on the output in training.
        depthwise_constraint: What the depthwise kernel is projected to after a training step.
        pointwise_constraint: What the pointwise kernel is projected to after a training step.
        bias_constraint: What the bias is projected to after a training step.
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

class SeparableConv2D(Layer):
    r"""Separable convolution over images: (N, height, width, C) → (N, height, width, filters).

    Args:
        filters: The number of output channels.
        kernel_size: The extent of the depthwise window.
        strides: How far the window moves.
        padding: `valid` adds nothing; `same` adds zeros so that the output has ceil(input / stride) positions.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
        dilation_rate: The distance between the taps of the window.
        depth_multiplier: The number of channels between the two convolutions, for each input channel.
        activation: The function applied to the result.
        use_bias: Whether a bias is added.
        depthwise_initializer: How the depthwise kernel is drawn.
        pointwise_initializer: How the pointwise kernel is drawn.
        bias_initializer: How the bias is drawn.
        depthwise_regularizer: The penalty on the depthwise kernel in training.
        pointwise_regularizer: The penalty on the pointwise kernel in training.
        bias_regularizer: The penalty on the bias in training.
        activity_regularizer: The penalty on the output in training.
        depthwise_constraint: What the depthwise kernel is projected to after a training step.
        pointwise_constraint: What the pointwise kernel is projected to after a training step.
        bias_constraint: What the bias is projected to after a training step.
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
        filters: The number of output channels.
        kernel_size: The extent of the window.
        strides: How far apart the input's elements are in the output.
        padding: `valid` gives (input - 1)·stride + extent positions and at least input·stride; `same` gives
            input·stride.
        output_padding: Positions added at the end, fewer than the strides: `valid` then gives (input - 1)·stride
            + extent + output_padding, `same` (input - 1)·stride + extent mod 2 + output_padding.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
        dilation_rate: The distance between the taps of the window.
        activation: The function applied to the result.
        use_bias: Whether a bias is added.
        kernel_initializer: How the kernel is drawn.
        bias_initializer: How the bias is drawn.
        kernel_regularizer: The penalty on the kernel in training.
        bias_regularizer: The penalty on the bias in training.
        activity_regularizer: The penalty on the output in training.
        kernel_constraint: What the kernel is projected to after a training step.
        bias_constraint: What the bias is projected to after a training step.
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
        filters: The number of output channels.
        kernel_size: The extent of the window.
        strides: How far apart the input's elements are in the output.
        padding: `valid` gives (input - 1)·stride + extent positions and at least input·stride; `same` gives
            input·stride.
        output_padding: Positions added at the end, fewer than the strides: `valid` then gives (input - 1)·stride
            + extent + output_padding, `same` (input - 1)·stride + extent mod 2 + output_padding.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
        dilation_rate: The distance between the taps of the window.
        activation: The function applied to the result.
        use_bias: Whether a bias is added.
        kernel_initializer: How the kernel is drawn.
        bias_initializer: How the bias is drawn.
        kernel_regularizer: The penalty on the kernel in training.
        bias_regularizer: The penalty on the bias in training.
        activity_regularizer: The penalty on the output in training.
        kernel_constraint: What the kernel is projected to after a training step.
        bias_constraint: What the bias is projected to after a training step.
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
        filters: The number of output channels.
        kernel_size: The extent of the window.
        strides: How far apart the input's elements are in the output.
        padding: `valid` gives (input - 1)·stride + extent positions and at least input·stride; `same` gives
            input·stride.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
        output_padding: Positions added at the end, fewer than the strides: `valid` then gives (input - 1)·stride
            + extent + output_padding, `same` (input - 1)·stride + extent mod 2 + output_padding.
        dilation_rate: The distance between the taps of the window.
        activation: The function applied to the result.
        use_bias: Whether a bias is added.
        kernel_initializer: How the kernel is drawn.
        bias_initializer: How the bias is drawn.
        kernel_regularizer: The penalty on the kernel in training.
        bias_regularizer: The penalty on the bias in training.
        activity_regularizer: The penalty on the output in training.
        kernel_constraint: What the kernel is projected to after a training step.
        bias_constraint: What the bias is projected to after a training step.
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
        pool_size: The extent of the window.
        strides: How far the window moves; null is `pool_size`.
        padding: `valid` leaves positions out where the window does not fit; `same` gives ceil(input / stride)
            positions.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
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
        pool_size: The extent of the window.
        strides: How far the window moves; null is `pool_size`.
        padding: `valid` leaves positions out where the window does not fit; `same` gives ceil(input / stride)
            positions.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
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
        pool_size: The extent of the window.
        strides: How far the window moves; null is `pool_size`.
        padding: `valid` leaves positions out where the window does not fit; `same` gives ceil(input / stride)
            positions.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
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
        pool_size: The extent of the window.
        strides: How far the window moves; null is `pool_size`.
        padding: `valid` leaves positions out where the window does not fit; `same` gives ceil(input / stride)
            positions.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
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
        pool_size: The extent of the window.
        strides: How far the window moves; null is `pool_size`.
        padding: `valid` leaves positions out where the window does not fit; `same` gives ceil(input / stride)
            positions.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
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
        pool_size: The extent of the window.
        strides: How far the window moves; null is `pool_size`.
        padding: `valid` leaves positions out where the window does not fit; `same` gives ceil(input / stride)
            positions.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
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
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
        keepdims: Whether the spatial axes stay, with an extent of 1.
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
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
        keepdims: Whether the spatial axes stay, with an extent of 1.
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
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
        keepdims: Whether the spatial axes stay, with an extent of 1.
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
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
        keepdims: Whether the spatial axes stay, with an extent of 1.
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
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
        keepdims: Whether the spatial axes stay, with an extent of 1.
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
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
        keepdims: Whether the spatial axes stay, with an extent of 1.
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
        output_size: The extent of the output, per axis.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
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
        output_size: The extent of the output, per axis.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
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
        output_size: The extent of the output, per axis.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
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
        output_size: The extent of the output, per axis.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
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
        output_size: The extent of the output, per axis.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
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
        output_size: The extent of the output, per axis.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
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
    r"""``y = gamma·(x - mean) / sqrt(variance + epsilon) + beta`` per channel (Ioffe and Szegedy, 2015).

    At inference mean and variance are the moving ones. In training, unless the layer is frozen, they are those of
    the batch, of its unmasked positions where a mask (N, ...), one axis short of x, is given; and the moving ones
    become ``moving·momentum + batch·(1 - momentum)``. Batch renormalization (Ioffe, 2017) corrects the batch's
    statistics towards moving ones of their own. Weights: gamma, beta, moving_mean, moving_variance, each (C,), or,
    where `axis` is a list, in the rank of x with 1 for all other axes; with `renorm` also moving_stddev, renorm_mean,
    renorm_stddev.

    Args:
        axis: The axis of the channels, or several axes whose every position has statistics of its own, as in
            Keras 2.
        momentum: How much of the moving statistics a training step keeps.
        epsilon: Added to the variance, so that nothing is divided by zero.
        center: Whether beta is added.
        scale: Whether the result is multiplied by gamma.
        beta_initializer: How beta is drawn.
        gamma_initializer: How gamma is drawn.
        moving_mean_initializer: What the moving mean starts from.
        moving_variance_initializer: What the moving variance starts from.
        beta_regularizer: The penalty on beta in training.
        gamma_regularizer: The penalty on gamma in training.
        beta_constraint: What beta is projected to after a training step.
        gamma_constraint: What gamma is projected to after a training step.
        renorm: Whether to use batch renormalization.
        renorm_clipping: Limits of its corrections: `rmin` and `rmax` of the scale, `dmax` of the shift.
        renorm_momentum: How much of the renormalization's own statistics a training step keeps.
        synchronized: Whether replicas of the model would share their statistics; here there is one.
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
    r"""``y = gamma·(x - mean) / sqrt(variance + epsilon) + beta``, mean and variance of each sample over `axis`
    (Ba et al., 2016).

    With `rms_scaling`, ``y = gamma·x / sqrt(variance + epsilon)``. Weights: gamma, beta in x's extents along `axis`.

    Args:
        axis: The axis or axes of the statistics, and of gamma and beta.
        epsilon: Added to the variance, so that nothing is divided by zero.
        center: Whether beta is added.
        scale: Whether the result is multiplied by gamma.
        beta_initializer: How beta is drawn.
        gamma_initializer: How gamma is drawn.
        beta_regularizer: The penalty on beta in training.
        gamma_regularizer: The penalty on gamma in training.
        beta_constraint: What beta is projected to after a training step.
        gamma_constraint: What gamma is projected to after a training step.
        rms_scaling: Divide only, with gamma and without beta: Keras's older form, which is not RMSNormalization.
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
    r"""LayerNormalization of groups of channels: ``y = gamma·(x - mean) / sqrt(variance + epsilon) + beta``, mean and
    variance of each sample and group (Wu and He, 2018). Weights: gamma (C,), beta (C,).

    Args:
        groups: The number of groups; -1 is one per channel.
        axis: The axis of the channels.
        epsilon: Added to the variance, so that nothing is divided by zero.
        center: Whether beta is added.
        scale: Whether the result is multiplied by gamma.
        beta_initializer: How beta is drawn.
        gamma_initializer: How gamma is drawn.
        beta_regularizer: The penalty on beta in training.
        gamma_regularizer: The penalty on gamma in training.
        beta_constraint: What beta is projected to after a training step.
        gamma_constraint: What gamma is projected to after a training step.
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
    r"""``y = scale·x / sqrt(mean(x²) + epsilon)``, the mean of each sample over `axis` (Zhang and Sennrich, 2019).

    Weights: scale, in x's extents along `axis`.

    Args:
        axis: The axis or axes of the mean, and of the scale.
        epsilon: Added to the mean of squares, so that nothing is divided by zero.
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
    r"""``y = x / sqrt(Σ x²)``, the sum of each sample over `axis`: vectors of length 1.

    Args:
        axis: The axis or axes of the sum.
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
    r"""In training, ``y = x·m / (1 - rate)`` with m 0 at random, else 1 (Srivastava et al., 2014); else ``y = x``.

    Args:
        rate: The probability of an element to be dropped.
        noise_shape: The shape of the mask, the batch first: 1 along an axis drops all along it or nothing, null
            is x's size.
        seed: Fixes the random draws whatever the model's seed is.
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
        rate: The probability of a channel to be dropped.
        seed: Fixes the random draws whatever the model's seed is.
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
        rate: The probability of a channel to be dropped.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
        seed: Fixes the random draws whatever the model's seed is.
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
        rate: The probability of a channel to be dropped.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
        seed: Fixes the random draws whatever the model's seed is.
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
    r"""In training, drops to the negative saturation of `selu`, and keeps mean and variance (Klambauer et al., 2017);
    else ``y = x``.

    ``y = a·(x where kept, else s) + b`` with ``s = -scale·alpha`` of selu, ``a = ((1 - rate)·(1 + rate·s²))^(-1/2)``
    and ``b = -a·rate·s``.

    Args:
        rate: The probability of an element to be dropped.
        noise_shape: The shape of the mask, the batch first: 1 along an axis drops all along it or nothing, null
            is x's size.
        seed: Fixes the random draws whatever the model's seed is.
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
    r"""In training, ``y = x + N(0, stddev²)``; else ``y = x``.

    Args:
        stddev: The standard deviation of the noise, 0 to 1.
        seed: Fixes the random draws whatever the model's seed is.
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
    r"""In training, ``y = x·N(1, rate / (1 - rate))`` (Srivastava et al., 2014); else ``y = x``.

    Args:
        rate: The drop probability of the Dropout whose variance the noise has.
        seed: Fixes the random draws whatever the model's seed is.
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
    r"""``y = x``; in training the loss grows by ``l1·Σ|x| + l2·Σx²``, per sample.

    Args:
        l1: The factor of the sum of magnitudes.
        l2: The factor of the sum of squares.
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
    r"""(N, ...) → (N, F): all the elements of a sample in a row, channels last.

    Args:
        data_format: Where the channels of the input are: `channels_last` (the default) or `channels_first`.
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
    r"""(N, ...) → (N, *target_shape): the same elements in the same order.

    Args:
        target_shape: The shape of one sample; one size may be -1: what is left.
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
    r"""``y[n, i[dims[0]], i[dims[1]], ...] = x[n, i[1], i[2], ...]``: axis k of the output is axis dims[k] of x.

    Args:
        dims: The axes of a sample in their new order, counted from 1.
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
    r"""(N, F) → (N, n, F): ``y[i, k, :] = x[i, :]``.

    Args:
        n: How many times.
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
        padding: How many: one number for both ends, or [before, after].
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
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
        padding: How many: one number for all sides, one per axis, or [before, after] per axis.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
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
        padding: How many: one number for all sides, one per axis, or [before, after] per axis.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
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
        cropping: How many: one number for both ends, or [before, after].
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
        cropping: How many: one number for all sides, one per axis, or [before, after] per axis.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
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
        cropping: How many: one number for all sides, one per axis, or [before, after] per axis.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
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
    r"""``y[n, i, c] = x[n, i // size, c]``: (N, steps, C) → (N, size·steps, C).

    Args:
        size: How often each step is repeated.
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
        size: The factors of the height and the width.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
        interpolation: How values between pixels are found.
    """

    def __init__(
        self,
        size: int | Sequence[int] = (2, 2),
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        interpolation: Literal['nearest', 'bilinear', 'bicubic', 'lanczos3', 'lanczos5'] = 'nearest',
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
    def interpolation(self) -> Literal['nearest', 'bilinear', 'bicubic', 'lanczos3', 'lanczos5']: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class UpSampling3D(Layer):
    r"""``y[n, i, j, k, c] = x[n, i // size[0], j // size[1], k // size[2], c]``: every axis `size` times as long.

    Args:
        size: The factors of the depth, the height and the width.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
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
    r"""``y = x·scale + offset``, each a number or an array that broadcasts to a sample: one number per channel.

    Args:
        scale: The factor.
        offset: What is added.
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
    r"""``y = (x - mean) / max(sqrt(variance), 1e-7)``; with `invert`, ``y = x·max(sqrt(variance), 1e-7) + mean``.

    Without `mean` and `variance` they are weights in x's extents along `axis`: mean, variance, and count (), the
    number of batches that they were computed from.

    Args:
        axis: The axis or axes with statistics of their own; null for one mean and one variance in all.
        mean: The mean, a number or numbers along `axis`.
        variance: The variance, in the shape of `mean`.
        invert: Whether to undo a normalization instead.
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
        num_tokens: The number of different integers.
        output_mode: What a sample becomes: `one_hot`, `multi_hot` (or `binary`), `count`.
        sparse: Sparse outputs are not supported.
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
    r"""``y = number of boundaries b ≤ x``: numbers to the integers of their bins, or to vectors of these.

    Bin i holds boundaries[i - 1] ≤ x < boundaries[i]. `int` gives the integers; the other modes encode them in
    `len(bin_boundaries) + 1` numbers as CategoryEncoding does.

    Args:
        bin_boundaries: The boundaries of the bins, ascending.
        num_bins: The number of bins that `adapt` of Keras found the boundaries for.
        epsilon: The error that `adapt` of Keras allowed in a quantile.
        output_mode: What a number becomes: `int`, `one_hot`, `multi_hot` or `count`.
        sparse: Sparse outputs are not supported.
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
        height: The height of the output.
        width: The width of the output.
        interpolation: How values between pixels are found.
        crop_to_aspect_ratio: Whether the image is first cropped to the output's aspect ratio.
        pad_to_aspect_ratio: Whether the image is first padded to the output's aspect ratio.
        fill_mode: What padding is filled with.
        fill_value: The value of padding.
        antialias: Whether a smaller output is made of all pixels, and not of those nearest to its centres only.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
    """

    def __init__(
        self,
        height: int,
        width: int,
        interpolation: Literal['nearest', 'bilinear', 'bicubic', 'lanczos3', 'lanczos5'] = 'bilinear',
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
    def interpolation(self) -> Literal['nearest', 'bilinear', 'bicubic', 'lanczos3', 'lanczos5']: ...
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
        height: The height of the output.
        width: The width of the output.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
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
        value_range: The smallest and the largest value of a pixel.
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
        frame_length: The length of a frame.
        frame_step: How far apart frames are; null is half of `frame_length`.
        fft_length: The length of the transform; null is the next power of 2 from `frame_length` on.
        window: The name of a window function, its values, or null for none.
        periodic: Whether a window that is given by name is periodic instead of symmetric.
        scaling: How the window is normalized.
        padding: `valid` leaves frames out that do not fit; `same` gives ceil(steps / frame_step) frames.
        expand_dims: Whether frequencies and channels are axes of their own.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
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
        sequence_stride: How far apart frames are.
        sequence_length: The length of the window; null is `fft_length`.
        window: The name of a window function, its values, or null for none.
        sampling_rate: Steps per second.
        num_mel_bins: The number of filters.
        min_freq: The lowest frequency, in hertz.
        max_freq: The highest frequency, in hertz; null is half the sampling rate.
        power_to_db: Whether the result is in decibels.
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
    r"""In training, half of the images are mirrored, along both axes at once if `mode` names both; else ``y = x``.

    Args:
        mode: Along which axes.
        seed: Fixes the random draws whatever the model's seed is.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
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
    r"""In training, a part of the images at a random place, the same one in all of a batch; else ``y = x``, as Keras
    computes it.

    Images that are not larger along both axes are resized instead. What follows must take both sizes, as convolutions
    and global pooling do. Keras's own summary shows the size of the part nevertheless.

    Args:
        height: The height of what is cut out.
        width: The width of what is cut out.
        seed: Fixes the random draws whatever the model's seed is.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
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
    r"""In training, images are turned about their centres, by `factor` of a full turn; else ``y = x``.

    With the angle t, ``rows = sin(t)·j + cos(t)·i`` and ``columns = cos(t)·j - sin(t)·i`` from the centre.

    Args:
        factor: How strong the change is.
        fill_mode: What lies beyond the edges.
        interpolation: How values between pixels are found.
        seed: Fixes the random draws whatever the model's seed is.
        fill_value: The value beyond the edges where `fill_mode` is `constant`.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
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
    r"""In training, images are shifted by these shares of their extents, down and to the right; else ``y = x``.

    Args:
        height_factor: How much along the height.
        width_factor: How much along the width.
        fill_mode: What lies beyond the edges.
        interpolation: How values between pixels are found.
        seed: Fixes the random draws whatever the model's seed is.
        fill_value: The value beyond the edges where `fill_mode` is `constant`.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
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
    r"""In training, images are reduced (factors above 0) or enlarged (below) about their centres; else ``y = x``.

    Coordinates from the centre are multiplied by ``1 + factor``.

    Args:
        height_factor: How much along the height.
        width_factor: How much along the width; as along the height where null.
        fill_mode: What lies beyond the edges.
        interpolation: How values between pixels are found.
        seed: Fixes the random draws whatever the model's seed is.
        fill_value: The value beyond the edges where `fill_mode` is `constant`.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
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
    r"""In training, images are sheared, to either side: ``rows = i + y·j``, ``columns = j + x·i``; else ``y = x``.

    Args:
        x_factor: How much along the width.
        y_factor: How much along the height.
        interpolation: How values between pixels are found.
        fill_mode: What lies beyond the edges.
        fill_value: The value beyond the edges where `fill_mode` is `constant`.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
        seed: Fixes the random draws whatever the model's seed is.
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
    r"""In training, the corners of images are displaced, but for the first one; else ``y = x``.

    The corners (0, 1), (1, 0) and (1, 1), in rows and columns, go to (0, a), (b, 0) and (d, c), each number drawn from
    ``1 ± scale/2``. The projection back, with ``k = a·d + b·c - a·b`` and i, j from 0 to 1, is
    ``rows = k·i / (a·b·d·D)`` and ``columns = k·j / (a·b·c·D)``, ``D = 1 - (b - d)/(b·c)·j - (a - c)/(a·d)·i``.

    Args:
        factor: The probability of a change; it is drawn itself, from 0 to a number, or between two.
        scale: How strong the change is.
        interpolation: How values between pixels are found.
        fill_value: The value beyond the edges where `fill_mode` is `constant`.
        seed: Fixes the random draws whatever the model's seed is.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
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
    r"""In training, smooth random displacements (Simard et al., 2003); else ``y = x``.

    With s drawn from `scale` for all of a batch, every pixel is displaced along each axis by ``0.1·s·max(height,
    width)`` times normal numbers of the deviation ``σ = 0.05·s·min(height, width)``, blurred by a Gaussian of the same
    σ that is cut at 3·σ. Keras on JAX and TensorFlow draws the same numbers for both axes, elsewhere independent
    ones as here.

    Args:
        factor: The probability of a change; it is drawn itself, from 0 to a number, or between two.
        scale: How strong the change is.
        interpolation: How values between pixels are found.
        fill_mode: What lies beyond the edges.
        fill_value: The value beyond the edges where `fill_mode` is `constant`.
        value_range: The smallest and the largest value of a pixel.
        seed: Fixes the random draws whatever the model's seed is.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
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
    r"""In training, a share `factor` of the range is added to an image, and the sum cut to the range; else ``y = x``.

    Args:
        factor: How strong the change is.
        value_range: The smallest and the largest value of a pixel.
        seed: Fixes the random draws whatever the model's seed is.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
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
    r"""In training, ``y = (x - mean)·f + mean``, cut to the range, by the means of each channel of each image; else
    ``y = x``.

    f is drawn from ``1 - low`` to ``1 + high`` with a `factor` of [low, high]; one number is [0, high], as in Keras.

    Args:
        factor: How strong the change is.
        value_range: The smallest and the largest value of a pixel.
        seed: Fixes the random draws whatever the model's seed is.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
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
    r"""In training, ``y = high - x`` of the value range for some images; else ``y = x``.

    Args:
        factor: The probability of a change; it is drawn itself, from 0 to a number, or between two.
        value_range: The smallest and the largest value of a pixel.
        seed: Fixes the random draws whatever the model's seed is.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
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
    r"""In training, something is added, and values from a threshold on are mirrored within their range; else ``y = x``.

    With the range as 0 to 255, both are drawn from a lower factor itself to 255 times the upper one, as in Keras.

    Args:
        addition_factor: What is added, as a share of the range.
        threshold_factor: From which share of the range on values are mirrored.
        value_range: The smallest and the largest value of a pixel.
        seed: Fixes the random draws whatever the model's seed is.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
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
    r"""In training, of values as 8 bits only the upper `factor` ones are kept; else ``y = x``.

    What lies outside of the value range is cut to it.

    Args:
        factor: How many bits are kept: 1 up to a number, or from one to another, which is not among them itself.
        value_range: The smallest and the largest value of a pixel.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
        seed: Fixes the random draws whatever the model's seed is.
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
    r"""In training, some images lose their colour: all channels are ``0.2989·R + 0.587·G + 0.114·B``; else ``y = x``.

    Args:
        factor: The probability of a change.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
        seed: Fixes the random draws whatever the model's seed is.
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
    r"""In training, ``y = x + f·(grey - x)``, cut to the range, with the f of each image; else ``y = x``.

    Args:
        factor: How strong the change is.
        value_range: The smallest and the largest value of a pixel.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
        seed: Fixes the random draws whatever the model's seed is.
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
    r"""In training, the saturation is multiplied by ``f / (1 - f)``; else ``y = x``.

    f is drawn from `factor` for each image: 0.5 changes nothing, 0 leaves grey. The new saturation is cut to the value
    range, as in Keras.

    Args:
        factor: How strong the change is.
        value_range: The smallest and the largest value of a pixel.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
        seed: Fixes the random draws whatever the model's seed is.
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
    r"""In training, the hue is turned by up to half of `factor` of the circle, either way; else ``y = x``.

    Args:
        factor: How strong the change is.
        value_range: The smallest and the largest value of a pixel.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
        seed: Fixes the random draws whatever the model's seed is.
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
    r"""In training, RandomBrightness, RandomContrast, RandomSaturation and RandomHue in this order; else ``y = x``.

    Args:
        value_range: The smallest and the largest value of a pixel.
        brightness_factor: How much the brightness changes; not at all where null.
        contrast_factor: How much the contrast changes; not at all where null.
        saturation_factor: How much the saturation changes; not at all where null.
        hue_factor: How much the hue changes; not at all where null.
        seed: Fixes the random draws whatever the model's seed is.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
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
    r"""In training, ``y = x + (1 - 2·f)·(smoothed - x)``, cut to the range, with the f of each image; else ``y = x``.

    Smoothed is the mean of 3×3 pixels, in which the middle one counts five times: 0.5 changes nothing, 0 blurs, 1
    sharpens.

    Args:
        factor: How strong the change is.
        value_range: The smallest and the largest value of a pixel.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
        seed: Fixes the random draws whatever the model's seed is.
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
    r"""In training, some images are blurred by a Gaussian window, and cut to the range; else ``y = x``.

    The deviations along the width and the height are drawn from `sigma`, the same for all of a batch.

    Args:
        factor: The probability of a change; it is drawn itself, from 0 to a number, or between two.
        kernel_size: The extent of the window along the width and the height, both odd.
        sigma: The standard deviation of the blur.
        value_range: The smallest and the largest value of a pixel.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
        seed: Fixes the random draws whatever the model's seed is.
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
    r"""In training, a rectangle of some images is erased (Zhong et al., 2020); else ``y = x``.

    Its height and width are shares of the image's, the square roots of numbers drawn from `scale`. Noise is normal,
    times the upper end of the value range; what is filled in is cut to the range.

    Args:
        factor: The probability of a change; it is drawn itself, from 0 to a number, or between two.
        scale: The share of the image that is erased.
        fill_value: The value of what is erased, or that of each of three channels; noise where null.
        value_range: The smallest and the largest value of a pixel.
        seed: Fixes the random draws whatever the model's seed is.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
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
    r"""In training, the histogram of every channel, of all images of a batch together, is made even; else ``y = x``.

    With the value range as 0 to 255 and C(b) the number of values in the bins up to b, the values of bin b become
    ``round(255·(C(b) - C(first)) / (C(last) - C(first)))``, first and last being the bins that have values. A channel
    with one such bin stays as it is.

    Args:
        value_range: The smallest and the largest value of a pixel.
        bins: The bins of the histogram.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
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
    r"""In training, a rectangle of every image comes from another one of the batch (Yun et al., 2019); else ``y = x``.

    The rectangle's share of the image is 1 - w, w of Beta(a, a) with the a of the batch drawn from `factor`. Labels
    stay as they are, since they do not come to a layer of a model; as in Keras.

    Args:
        factor: The parameters of the distribution of the rectangle's share.
        seed: Fixes the random draws whatever the model's seed is.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
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
    r"""In training, ``y = w·x + (1 - w)·another one of the batch``, w of Beta(alpha, alpha) (Zhang et al., 2018); else
    ``y = x``.

    Labels stay as they are, since they do not come to a layer of a model; as in Keras.

    Args:
        alpha: The parameter of the distribution of the mixture.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
        seed: Fixes the random draws whatever the model's seed is.
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
    r"""In training, some changes drawn from a fixed set (Cubuk et al., 2020); else ``y = x``.

    The changes are drawn for a batch, how strong they are for each image: shear, translation, rotation, brightness,
    colour degeneration, contrast, sharpness, posterization, solarization, auto-contrast and equalization, as the layers
    of these names do them with this `factor`.

    Args:
        value_range: The smallest and the largest value of a pixel.
        num_ops: The number of changes to an image.
        factor: How strong the changes are.
        interpolation: How values between pixels are found.
        seed: Fixes the random draws whatever the model's seed is.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
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
    r"""In training, ``y = m·x + (1 - m)·Σ w·chain(x)``, cut to the range (Hendrycks et al., 2020); else ``y = x``.

    A chain is up to `chain_depth` changes, those of RandAugment or, unless `all_ops`, without brightness, colour
    degeneration, contrast and sharpness. The changes, the w of Dirichlet(alpha, …) and the m of Beta(alpha, alpha) are
    drawn for a batch, how strong the changes are for each image.

    Args:
        value_range: The smallest and the largest value of a pixel.
        num_chains: The number of chains of changes that are mixed.
        chain_depth: The most changes in a chain.
        factor: How strong the changes are.
        alpha: The parameter of the distributions that the mixture is drawn from.
        all_ops: Whether all kinds of changes are used.
        interpolation: How values between pixels are found.
        seed: Fixes the random draws whatever the model's seed is.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
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
    r"""``y[t] = Σ_s softmax_s(score(q[t], k[s]))·v[s]`` (Luong et al., 2015).

    The score is ``scale·Σ_d q_d·k_d``, or with `score_mode: concat` ``w·Σ_d tanh(scale·(q_d + k_d))``. Weights: scale
    () with `use_scale`, concat_score_weight () for the w.

    Args:
        use_scale: Whether a weight scales the scores.
        score_mode: How a query and a key make a score.
        dropout: The fraction of the weights that training drops.
        seed: The seed of the dropped weights.
        return_attention_scores: Whether the weights of the sums are returned as a second tensor.
        use_causal_mask: Whether step i takes part only in what comes from the steps up to i.
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
    r"""``y[t] = Σ_s softmax_s(Σ_d scale_d·tanh(q[t]_d + k[s]_d))·v[s]`` (Bahdanau et al., 2015).

    Weights: scale (D,) with `use_scale`, else it is 1.

    Args:
        use_scale: Whether a weight scales the features.
        dropout: The fraction of the weights that training drops.
        seed: The seed of the dropped weights.
        return_attention_scores: Whether the weights of the sums are returned as a second tensor.
        use_causal_mask: Whether step i takes part only in what comes from the steps up to i.
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
    r"""``y = W_o·[heads]``, each head ``h[t] = Σ_s softmax_s(q[t]·k[s] / sqrt(key_dim))·v[s]`` with the projections
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
        value_dim: The size of a value in one head; null for `key_dim`.
        dropout: The fraction of the weights that training drops.
        use_bias: Whether the projections add a bias.
        output_shape: The sizes that take the place of the last axis; null for the last size of the query.
        attention_axes: The axes over which the sums go; null for all but the batch and the last.
        sliding_window: Leaves out what is this many steps away or more; null for no such limit.
        flash_attention: Changes nothing here; with Keras it asks for another kernel, which cannot drop or return
            weights.
        kernel_initializer: How the kernels are drawn.
        bias_initializer: How the biases are drawn.
        kernel_regularizer: The penalty on the kernels in training.
        bias_regularizer: The penalty on the biases in training.
        activity_regularizer: The penalty on the projections in training.
        kernel_constraint: What the kernels are projected to after a training step.
        bias_constraint: What the biases are projected to after a training step.
        use_gate: Whether the sum is multiplied by ``sigmoid(gate projection of the query)`` before the last
            projection.
        seed: The seed of the dropped weights.
        return_attention_scores: Whether the weights of the sums are returned as a second tensor.
        use_causal_mask: Whether step i takes part only in what comes from the steps up to i.
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
        num_key_value_heads: The number of projections of keys and values, each of which serves as many heads.
        dropout: The fraction of the weights that training drops.
        use_bias: Whether the projections add a bias.
        sliding_window: Leaves out what is this many steps away or more; null for no such limit.
        flash_attention: Changes nothing here; with Keras it asks for another kernel, which cannot drop or return
            weights.
        kernel_initializer: How the kernels are drawn.
        bias_initializer: How the biases are drawn.
        kernel_regularizer: The penalty on the kernels in training.
        bias_regularizer: The penalty on the biases in training.
        activity_regularizer: The penalty on the projections in training.
        kernel_constraint: What the kernels are projected to after a training step.
        bias_constraint: What the biases are projected to after a training step.
        use_gate: Whether the sum is multiplied by ``sigmoid(gate projection of the query)`` before the last
            projection.
        seed: The seed of the dropped weights.
        return_attention_scores: Whether the weights of the sums are returned as a second tensor.
        use_causal_mask: Whether step i takes part only in what comes from the steps up to i.
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
    r"""``y[n, i, j] = Σ_k x_1[n, i, k]·x_2[n, j, k]``, k along one axis of each input, i and j along all others.

    Of two inputs (N, K) y is (N, 1).

    Args:
        axes: The axis of the sum: of both inputs, or a list with one for each; 0 is the batch and not allowed.
        normalize: Whether vectors are first divided by their length: y is then the cosine of their angle.
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
    r"""``y = f(einsum(equation, x, kernel) + bias)``: in `abc,cd->abd` letters name axes, and those that the output
    lacks are summed over.

    The batch is the first axis of x and y; `...` stands for axes that stay as they are, in front or at the end.
    Weights: kernel, whose axes are those of the equation, and with `bias_axes` a bias that varies along them; with
    `lora_rank` also lora_kernel_a (..., rank) and lora_kernel_b (rank, ·) for the last axis of the kernel.

    Args:
        equation: The sum: `ab,bc->ac`, `...b,bc->...c` or `ab...,bc->ac...`.
        output_shape: The sizes of the output without the batch and the ellipsis; null where the input says it.
        activation: The function applied to the result.
        bias_axes: The letters of the output along which the bias varies; null for no bias.
        kernel_initializer: How the kernel is drawn.
        bias_initializer: How the bias is drawn.
        kernel_regularizer: The penalty on the kernel in training.
        bias_regularizer: The penalty on the bias in training.
        kernel_constraint: What the kernel is projected to after a training step.
        bias_constraint: What the bias is projected to after a training step.
        lora_rank: Freezes the kernel and trains a change of this rank instead.
        lora_alpha: The factor of that change, over `lora_rank`; null is `lora_rank`.
        activity_regularizer: The penalty on the output in training.
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
    r"""``y = x_1 + x_2 + …``.
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
    r"""``y = x_1 - x_2``, of two inputs.
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
    r"""``y = x_1·x_2·…``.

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
    r"""``y = (x_1 + … + x_n) / n``.
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
    r"""``y = max(x_1, x_2, …)``, without the elements that a mask leaves out.
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
    r"""``y = min(x_1, x_2, …)``, without the elements that a mask leaves out.
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
    r"""``y = [x_1, x_2, …]`` along an axis; the other axes agree.

    Where any input has a mask, so has y: the masks side by side, or, along the last axis, 1 where any of them is.

    Args:
        axis: The axis along which the inputs follow each other; 0 is the batch.
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
        operation: The function's name in `keras.ops`.
        operands: Constants, numbers or arrays, among the inputs: null stands for the next input. All are inputs
            unless said.
        arguments: The function's further arguments by name: `{axis: -1, keepdims: true}`.
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
        layers: The layers in order.
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
    r"""``y[..., c] = gamma[c]·x[..., c]`` (Touvron et al., 2021), as ConvNeXt has it. Weights: gamma (C,).

    Args:
        init_values: What gamma starts from.
        projection_dim: The number of channels C.
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
    r"""In training, ``y = x·m / (1 - rate)``, m 0 at random for all of a sample, else 1 (Huang et al., 2016);
    else ``y = x``.

    Args:
        drop_path_rate: The probability of a sample to be dropped.
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
    r"""``y = a + scale·b``: how Inception-ResNet-v2 adds a residual.

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
    r"""``y = layer(x)``; in training the layer's kernel W becomes W / σ(W) before every call, σ its largest singular
    value (Miyato et al., 2018).

    Weights, with those of the layer at its own name: the layer's kernel (or embeddings), vector_u (1, Q), which
    estimates σ's singular vector, then the layer's other weights.

    Args:
        layer: A layer with a kernel, or an Embedding.
        power_iterations: The steps by which the estimate is improved in a call.
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
    r"""Masks the steps of which all features are `mask_value`; there, y is 0, elsewhere ``y = x``.

    x: (N, ..., C) → (N, ..., C), with a mask (N, ...) for layers that skip such steps.

    Args:
        mask_value: The value that marks padding.
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
    r"""Fully connected recurrence: ``h_t = f(x_t·kernel + h_{t-1}·recurrent_kernel + bias)`` (Elman, 1990).

    x: (N, T, C) → (N, units), or (N, T, units) with `return_sequences`; with `return_state` also h (N, units).
    Weights: simple_rnn_cell/kernel (C, units), recurrent_kernel (units, units), bias (units,).

    Args:
        units: The number of outputs, and of the elements of each state.
        activation: The function applied to candidates, and to the carried state on its way out.
        use_bias: Whether a bias is added.
        kernel_initializer: How the kernel is drawn, which multiplies the input.
        recurrent_initializer: How the recurrent kernel is drawn, which multiplies the state.
        bias_initializer: How the bias is drawn.
        kernel_regularizer: The penalty on the kernel in training.
        recurrent_regularizer: The penalty on the recurrent kernel in training.
        bias_regularizer: The penalty on the bias in training.
        activity_regularizer: The penalty on the output in training.
        kernel_constraint: What the kernel is projected to after a training step.
        recurrent_constraint: What the recurrent kernel is projected to after a training step.
        bias_constraint: What the bias is projected to after a training step.
        dropout: The probability of an element of the input to be dropped in training.
        recurrent_dropout: The probability of an element of the state to be dropped in training.
        return_sequences: Whether the outputs of all steps are returned, or that of the last one.
        return_state: Whether the states after the last step are returned as well.
        go_backwards: Whether the last step is taken first; outputs are in the order in which steps are taken.
        stateful: Whether a batch begins with the states that the batch before it left; needs a fixed batch size.
            These states are no weights: they are not counted and in no file, and a model that is loaded begins
            with zeros.
        unroll: Changes nothing: the loop is compiled either way.
        zero_output_for_mask: Whether the outputs of masked steps are zeros, and not those of the step before.
        seed: Fixes the random draws whatever the model's seed is.
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
    r"""Long short-term memory: ``i, f, ĉ, o = x_t·kernel + h·recurrent_kernel + bias``, ``c' = g(f)∘c + g(i)∘a(ĉ)``,
    ``h' = g(o)∘a(c')``, a the activation and g the recurrent one (Hochreiter and Schmidhuber, 1997).

    x: (N, T, C) → (N, units), or (N, T, units) with `return_sequences`; with `return_state` also h and c, (N, units).
    Weights: lstm_cell/kernel (C, 4·units), recurrent_kernel (units, 4·units), bias (4·units,), parts in the order
    i, f, ĉ, o.

    Args:
        units: The number of outputs, and of the elements of each state.
        activation: The function applied to candidates, and to the carried state on its way out.
        recurrent_activation: The function applied to gates.
        use_bias: Whether a bias is added.
        kernel_initializer: How the kernel is drawn, which multiplies the input.
        recurrent_initializer: How the recurrent kernel is drawn, which multiplies the state.
        bias_initializer: How the bias is drawn.
        unit_forget_bias: Whether the bias of the forget gate begins with ones (Jozefowicz et al., 2015).
        kernel_regularizer: The penalty on the kernel in training.
        recurrent_regularizer: The penalty on the recurrent kernel in training.
        bias_regularizer: The penalty on the bias in training.
        activity_regularizer: The penalty on the output in training.
        kernel_constraint: What the kernel is projected to after a training step.
        recurrent_constraint: What the recurrent kernel is projected to after a training step.
        bias_constraint: What the bias is projected to after a training step.
        dropout: The probability of an element of the input to be dropped in training.
        recurrent_dropout: The probability of an element of the state to be dropped in training.
        seed: Fixes the random draws whatever the model's seed is.
        return_sequences: Whether the outputs of all steps are returned, or that of the last one.
        return_state: Whether the states after the last step are returned as well.
        go_backwards: Whether the last step is taken first; outputs are in the order in which steps are taken.
        stateful: Whether a batch begins with the states that the batch before it left; needs a fixed batch size.
            These states are no weights: they are not counted and in no file, and a model that is loaded begins
            with zeros.
        unroll: Changes nothing: the loop is compiled either way.
        zero_output_for_mask: Whether the outputs of masked steps are zeros, and not those of the step before.
        use_cudnn: Changes nothing: modelc runs on the CPU.
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
    r"""Gated recurrent unit: ``z, r = g(x_t·kernel + h·recurrent_kernel + biases)``, ``h' = z∘h + (1 - z)∘ĥ`` with
    ``ĥ = a(x_t·kernel + bias_0 + r∘(h·recurrent_kernel + bias_1))`` where `reset_after`, else
    ``ĥ = a(x_t·kernel + bias + (r∘h)·recurrent_kernel)`` (Cho et al., 2014).

    x: (N, T, C) → (N, units), or (N, T, units) with `return_sequences`; with `return_state` also h (N, units).
    Weights: gru_cell/kernel (C, 3·units), recurrent_kernel (units, 3·units), bias (2, 3·units), or (3·units,) without
    `reset_after`, parts in the order z, r, ĥ.

    Args:
        units: The number of outputs, and of the elements of each state.
        activation: The function applied to candidates, and to the carried state on its way out.
        recurrent_activation: The function applied to gates.
        use_bias: Whether a bias is added.
        kernel_initializer: How the kernel is drawn, which multiplies the input.
        recurrent_initializer: How the recurrent kernel is drawn, which multiplies the state.
        bias_initializer: How the bias is drawn.
        kernel_regularizer: The penalty on the kernel in training.
        recurrent_regularizer: The penalty on the recurrent kernel in training.
        bias_regularizer: The penalty on the bias in training.
        activity_regularizer: The penalty on the output in training.
        kernel_constraint: What the kernel is projected to after a training step.
        recurrent_constraint: What the recurrent kernel is projected to after a training step.
        bias_constraint: What the bias is projected to after a training step.
        dropout: The probability of an element of the input to be dropped in training.
        recurrent_dropout: The probability of an element of the state to be dropped in training.
        seed: Fixes the random draws whatever the model's seed is.
        return_sequences: Whether the outputs of all steps are returned, or that of the last one.
        return_state: Whether the states after the last step are returned as well.
        go_backwards: Whether the last step is taken first; outputs are in the order in which steps are taken.
        stateful: Whether a batch begins with the states that the batch before it left; needs a fixed batch size.
            These states are no weights: they are not counted and in no file, and a model that is loaded begins
            with zeros.
        unroll: Changes nothing: the loop is compiled either way.
        zero_output_for_mask: Whether the outputs of masked steps are zeros, and not those of the step before.
        reset_after: Whether the reset gate applies after the product with the recurrent kernel, as in cuDNN, or
            before it.
        use_cudnn: Changes nothing: modelc runs on the CPU.
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
        activation: The function applied to candidates, and to the carried state on its way out.
        use_bias: Whether a bias is added.
        kernel_initializer: How the kernel is drawn, which multiplies the input.
        recurrent_initializer: How the recurrent kernel is drawn, which multiplies the state.
        bias_initializer: How the bias is drawn.
        kernel_regularizer: The penalty on the kernel in training.
        recurrent_regularizer: The penalty on the recurrent kernel in training.
        bias_regularizer: The penalty on the bias in training.
        kernel_constraint: What the kernel is projected to after a training step.
        recurrent_constraint: What the recurrent kernel is projected to after a training step.
        bias_constraint: What the bias is projected to after a training step.
        dropout: The probability of an element of the input to be dropped in training.
        recurrent_dropout: The probability of an element of the state to be dropped in training.
        seed: Fixes the random draws whatever the model's seed is.
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
        activation: The function applied to candidates, and to the carried state on its way out.
        recurrent_activation: The function applied to gates.
        use_bias: Whether a bias is added.
        kernel_initializer: How the kernel is drawn, which multiplies the input.
        recurrent_initializer: How the recurrent kernel is drawn, which multiplies the state.
        bias_initializer: How the bias is drawn.
        unit_forget_bias: Whether the bias of the forget gate begins with ones (Jozefowicz et al., 2015).
        kernel_regularizer: The penalty on the kernel in training.
        recurrent_regularizer: The penalty on the recurrent kernel in training.
        bias_regularizer: The penalty on the bias in training.
        kernel_constraint: What the kernel is projected to after a training step.
        recurrent_constraint: What the recurrent kernel is projected to after a training step.
        bias_constraint: What the bias is projected to after a training step.
        dropout: The probability of an element of the input to be dropped in training.
        recurrent_dropout: The probability of an element of the state to be dropped in training.
        seed: Fixes the random draws whatever the model's seed is.
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
        activation: The function applied to candidates, and to the carried state on its way out.
        recurrent_activation: The function applied to gates.
        use_bias: Whether a bias is added.
        kernel_initializer: How the kernel is drawn, which multiplies the input.
        recurrent_initializer: How the recurrent kernel is drawn, which multiplies the state.
        bias_initializer: How the bias is drawn.
        kernel_regularizer: The penalty on the kernel in training.
        recurrent_regularizer: The penalty on the recurrent kernel in training.
        bias_regularizer: The penalty on the bias in training.
        kernel_constraint: What the kernel is projected to after a training step.
        recurrent_constraint: What the recurrent kernel is projected to after a training step.
        bias_constraint: What the bias is projected to after a training step.
        dropout: The probability of an element of the input to be dropped in training.
        recurrent_dropout: The probability of an element of the state to be dropped in training.
        reset_after: Whether the reset gate applies after the product with the recurrent kernel, as in cuDNN, or
            before it.
        seed: Fixes the random draws whatever the model's seed is.
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
        cells: The cells.
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
        cell: The cell: SimpleRNNCell, LSTMCell, GRUCell, StackedRNNCells, or a list of cells.
        return_sequences: Whether the outputs of all steps are returned, or that of the last one.
        return_state: Whether the states after the last step are returned as well.
        go_backwards: Whether the last step is taken first; outputs are in the order in which steps are taken.
        stateful: Whether a batch begins with the states that the batch before it left; needs a fixed batch size.
            These states are no weights: they are not counted and in no file, and a model that is loaded begins
            with zeros.
        unroll: Changes nothing: the loop is compiled either way.
        zero_output_for_mask: Whether the outputs of masked steps are zeros, and not those of the step before.
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
        layer: The recurrent layer that takes the steps in their order; with `go_backwards` the two change places.
        merge_mode: How the outputs become one; null returns both.
        backward_layer: The layer that takes the last step first; unless given, a second one like `layer`.
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
    r"""``y[:, t] = layer(x[:, t])``, with the same weights at every step.

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
        filters: The number of output channels, and of those of each state.
        kernel_size: The extent of the window.
        strides: How far the window over the input moves.
        padding: `valid` adds nothing to the input; `same` adds zeros so that the output has ceil(input / stride)
            positions.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
        dilation_rate: The distance between the taps of the window over the input.
        activation: The function applied to candidates, and to the carried state on its way out.
        recurrent_activation: The function applied to gates.
        use_bias: Whether a bias is added.
        kernel_initializer: How the kernel is drawn, which multiplies the input.
        recurrent_initializer: How the recurrent kernel is drawn, which multiplies the state.
        bias_initializer: How the bias is drawn.
        unit_forget_bias: Whether the bias of the forget gate begins with ones (Jozefowicz et al., 2015).
        kernel_regularizer: The penalty on the kernel in training.
        recurrent_regularizer: The penalty on the recurrent kernel in training.
        bias_regularizer: The penalty on the bias in training.
        activity_regularizer: The penalty on the output in training.
        kernel_constraint: What the kernel is projected to after a training step.
        recurrent_constraint: What the recurrent kernel is projected to after a training step.
        bias_constraint: What the bias is projected to after a training step.
        dropout: The probability of an element of the input to be dropped in training.
        recurrent_dropout: The probability of an element of the state to be dropped in training.
        seed: Fixes the random draws whatever the model's seed is.
        return_sequences: Whether the outputs of all steps are returned, or that of the last one.
        return_state: Whether the states after the last step are returned as well.
        go_backwards: Whether the last step is taken first; outputs are in the order in which steps are taken.
        stateful: Whether a batch begins with the states that the batch before it left; needs a fixed batch size.
            These states are no weights: they are not counted and in no file, and a model that is loaded begins
            with zeros.
        unroll: Changes nothing: the loop is compiled either way.
        zero_output_for_mask: Whether the outputs of masked steps are zeros, and not those of the step before.
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
        filters: The number of output channels, and of those of each state.
        kernel_size: The extent of the window.
        strides: How far the window over the input moves.
        padding: `valid` adds nothing to the input; `same` adds zeros so that the output has ceil(input / stride)
            positions.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
        dilation_rate: The distance between the taps of the window over the input.
        activation: The function applied to candidates, and to the carried state on its way out.
        recurrent_activation: The function applied to gates.
        use_bias: Whether a bias is added.
        kernel_initializer: How the kernel is drawn, which multiplies the input.
        recurrent_initializer: How the recurrent kernel is drawn, which multiplies the state.
        bias_initializer: How the bias is drawn.
        unit_forget_bias: Whether the bias of the forget gate begins with ones (Jozefowicz et al., 2015).
        kernel_regularizer: The penalty on the kernel in training.
        recurrent_regularizer: The penalty on the recurrent kernel in training.
        bias_regularizer: The penalty on the bias in training.
        activity_regularizer: The penalty on the output in training.
        kernel_constraint: What the kernel is projected to after a training step.
        recurrent_constraint: What the recurrent kernel is projected to after a training step.
        bias_constraint: What the bias is projected to after a training step.
        dropout: The probability of an element of the input to be dropped in training.
        recurrent_dropout: The probability of an element of the state to be dropped in training.
        seed: Fixes the random draws whatever the model's seed is.
        return_sequences: Whether the outputs of all steps are returned, or that of the last one.
        return_state: Whether the states after the last step are returned as well.
        go_backwards: Whether the last step is taken first; outputs are in the order in which steps are taken.
        stateful: Whether a batch begins with the states that the batch before it left; needs a fixed batch size.
            These states are no weights: they are not counted and in no file, and a model that is loaded begins
            with zeros.
        unroll: Changes nothing: the loop is compiled either way.
        zero_output_for_mask: Whether the outputs of masked steps are zeros, and not those of the step before.
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
        filters: The number of output channels, and of those of each state.
        kernel_size: The extent of the window.
        strides: How far the window over the input moves.
        padding: `valid` adds nothing to the input; `same` adds zeros so that the output has ceil(input / stride)
            positions.
        data_format: Where the channels are: `channels_last` (the default) or `channels_first`.
        dilation_rate: The distance between the taps of the window over the input.
        activation: The function applied to candidates, and to the carried state on its way out.
        recurrent_activation: The function applied to gates.
        use_bias: Whether a bias is added.
        kernel_initializer: How the kernel is drawn, which multiplies the input.
        recurrent_initializer: How the recurrent kernel is drawn, which multiplies the state.
        bias_initializer: How the bias is drawn.
        unit_forget_bias: Whether the bias of the forget gate begins with ones (Jozefowicz et al., 2015).
        kernel_regularizer: The penalty on the kernel in training.
        recurrent_regularizer: The penalty on the recurrent kernel in training.
        bias_regularizer: The penalty on the bias in training.
        activity_regularizer: The penalty on the output in training.
        kernel_constraint: What the kernel is projected to after a training step.
        recurrent_constraint: What the recurrent kernel is projected to after a training step.
        bias_constraint: What the bias is projected to after a training step.
        dropout: The probability of an element of the input to be dropped in training.
        recurrent_dropout: The probability of an element of the state to be dropped in training.
        seed: Fixes the random draws whatever the model's seed is.
        return_sequences: Whether the outputs of all steps are returned, or that of the last one.
        return_state: Whether the states after the last step are returned as well.
        go_backwards: Whether the last step is taken first; outputs are in the order in which steps are taken.
        stateful: Whether a batch begins with the states that the batch before it left; needs a fixed batch size.
            These states are no weights: they are not counted and in no file, and a model that is loaded begins
            with zeros.
        unroll: Changes nothing: the loop is compiled either way.
        zero_output_for_mask: Whether the outputs of masked steps are zeros, and not those of the step before.
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
