# Made by `python docs/generate` from the classes themselves: change those, then run that again.
"""The layers, by Keras's names."""

from collections.abc import Mapping, Sequence
from typing import Any, Literal, TypeAlias

from modelc.config.registry import Registry as Registry
from modelc.constraints.classes import Constraint
from modelc.initializers.classes import Initializer
from modelc.layers.base import Layer
from modelc.regularizers.classes import Regularizer
from modelc.keras.layer_form import deserialize as deserialize
from modelc.keras.layer_form import serialize as serialize

LAYERS: Registry[Layer]
WRAPPED: Registry[Layer]
CELLS: Registry[Layer]
ACTIVATION_LAYERS: Registry[Layer]

_Activation: TypeAlias = Literal['celu', 'elu', 'exponential', 'gelu', 'glu', 'hard_shrink', 'hard_sigmoid', 'hard_silu', 'hard_swish', 'hard_tanh', 'keras2_hard_sigmoid', 'leaky_relu', 'linear', 'log_sigmoid', 'log_softmax', 'mish', 'relu', 'relu6', 'selu', 'sigmoid', 'silu', 'soft_shrink', 'softmax', 'softplus', 'softsign', 'sparse_plus', 'sparse_sigmoid', 'sparsemax', 'squareplus', 'swish', 'tanh', 'tanh_shrink', 'threshold', 'ELU', 'LeakyReLU', 'PReLU', 'ReLU', 'Softmax']
_ConstraintName: TypeAlias = Literal['MaxNorm', 'MinMaxNorm', 'NonNeg', 'UnitNorm', 'max_norm', 'min_max_norm', 'non_neg', 'unit_norm']
_Dtype: TypeAlias = Literal['float16', 'float32', 'float64', 'int8', 'int16', 'int32', 'int64', 'uint8', 'uint16', 'uint32', 'bool']
_InitializerName: TypeAlias = Literal['Constant', 'GlorotNormal', 'GlorotUniform', 'HeNormal', 'HeUniform', 'Identity', 'LecunNormal', 'LecunUniform', 'Ones', 'Orthogonal', 'RandomNormal', 'RandomUniform', 'STFT', 'TruncatedNormal', 'VarianceScaling', 'Zeros', 'constant', 'glorot_normal', 'glorot_uniform', 'he_normal', 'he_uniform', 'identity', 'IdentityInitializer', 'lecun_normal', 'lecun_uniform', 'ones', 'one', 'orthogonal', 'OrthogonalInitializer', 'random_normal', 'normal', 'random_uniform', 'uniform', 'stft', 'STFTInitializer', 'truncated_normal', 'variance_scaling', 'zeros', 'zero']
_Interpolation: TypeAlias = Literal['nearest', 'bilinear', 'bicubic', 'lanczos3', 'lanczos5', 'area', 'gaussian', 'mitchellcubic']
_Mode: TypeAlias = Literal['log', 'magnitude', 'psd', 'real', 'imag', 'angle', 'stft']
_Operation: TypeAlias = Literal['abs', 'absolute', 'adaptive_average_pool', 'adaptive_max_pool', 'add', 'all', 'allclose', 'amax', 'amin', 'angle', 'any', 'append', 'arccos', 'arccosh', 'arcsin', 'arcsinh', 'arctan', 'arctan2', 'arctanh', 'argmax', 'argmin', 'argsort', 'array', 'array_split', 'average', 'average_pool', 'batch_normalization', 'binary_crossentropy', 'broadcast_to', 'cast', 'categorical_crossentropy', 'cbrt', 'cdist', 'ceil', 'celu', 'clip', 'concatenate', 'conj', 'conjugate', 'conv', 'conv_transpose', 'convert_to_tensor', 'copy', 'cos', 'cosh', 'count_nonzero', 'crop_images', 'cross', 'cumprod', 'cumsum', 'deg2rad', 'depth_to_space', 'depthwise_conv', 'diagonal', 'diff', 'digitize', 'divide', 'divide_no_nan', 'dot', 'dot_product_attention', 'dsplit', 'dstack', 'einsum', 'elu', 'empty_like', 'equal', 'erf', 'erfc', 'erfinv', 'exp', 'exp2', 'expand_dims', 'expm1', 'extract_patches', 'extract_sequences', 'fabs', 'flip', 'fliplr', 'floor', 'floor_divide', 'fmax', 'fmin', 'fmod', 'full_like', 'gaussian_blur', 'gelu', 'get_item', 'glu', 'greater', 'greater_equal', 'hard_shrink', 'hard_sigmoid', 'hard_silu', 'hard_swish', 'hard_tanh', 'heaviside', 'hsplit', 'hstack', 'hsv_to_rgb', 'hypot', 'i0', 'identity', 'imag', 'in_top_k', 'inner', 'isclose', 'isfinite', 'isin', 'isinf', 'isnan', 'isneginf', 'isposinf', 'isreal', 'kron', 'layer_norm', 'layer_normalization', 'ldexp', 'leaky_relu', 'less', 'less_equal', 'linspace', 'log', 'log10', 'log1p', 'log2', 'log_sigmoid', 'log_softmax', 'logaddexp', 'logaddexp2', 'logical_and', 'logical_not', 'logical_or', 'logical_xor', 'logsumexp', 'matmul', 'max', 'max_pool', 'maximum', 'mean', 'median', 'min', 'minimum', 'mish', 'mod', 'moments', 'moveaxis', 'multi_hot', 'multiply', 'nan_to_num', 'nanargmax', 'nanargmin', 'nancumprod', 'nancumsum', 'nanmax', 'nanmean', 'nanmedian', 'nanmin', 'nanpercentile', 'nanprod', 'nanquantile', 'nanstd', 'nansum', 'nanvar', 'negative', 'norm', 'normalize', 'not_equal', 'one_hot', 'ones_like', 'outer', 'pad', 'pad_images', 'percentile', 'pow', 'power', 'prod', 'psnr', 'ptp', 'quantile', 'rad2deg', 'ravel', 'real', 'rearrange', 'reciprocal', 'relu', 'relu6', 'repeat', 'reshape', 'resize', 'rgb_to_grayscale', 'rgb_to_hsv', 'rms_norm', 'rms_normalization', 'roll', 'rot90', 'round', 'rsqrt', 'saturate_cast', 'searchsorted', 'select', 'selu', 'separable_conv', 'sigmoid', 'sign', 'signbit', 'silu', 'sin', 'sinc', 'sinh', 'slice', 'slice_update', 'soft_shrink', 'softmax', 'softplus', 'softsign', 'sort', 'space_to_depth', 'sparse_categorical_crossentropy', 'sparse_plus', 'sparse_sigmoid', 'sparsemax', 'split', 'sqrt', 'square', 'squareplus', 'squeeze', 'stack', 'std', 'stop_gradient', 'subtract', 'sum', 'swapaxes', 'swish', 'take', 'take_along_axis', 'tan', 'tanh', 'tanh_shrink', 'tensordot', 'threshold', 'tile', 'top_k', 'trace', 'transpose', 'trapezoid', 'tril', 'triu', 'true_divide', 'trunc', 'unfold', 'unravel_index', 'unstack', 'vander', 'var', 'vdot', 'view', 'where', 'zeros_like']
_RecurrentActivation: TypeAlias = Literal['celu', 'elu', 'exponential', 'gelu', 'glu', 'hard_shrink', 'hard_sigmoid', 'hard_silu', 'hard_swish', 'hard_tanh', 'keras2_hard_sigmoid', 'leaky_relu', 'linear', 'log_sigmoid', 'log_softmax', 'mish', 'relu', 'relu6', 'selu', 'sigmoid', 'silu', 'soft_shrink', 'softmax', 'softplus', 'softsign', 'sparse_plus', 'sparse_sigmoid', 'sparsemax', 'squareplus', 'swish', 'tanh', 'tanh_shrink', 'threshold', 'ELU', 'LeakyReLU', 'PReLU', 'ReLU', 'Softmax']
_RegularizerName: TypeAlias = Literal['L1', 'L1L2', 'L2', 'OrthogonalRegularizer', 'l1', 'l1l2', 'l1_l2', 'l2', 'orthogonal_regularizer']
_Window: TypeAlias = Literal['boxcar', 'hann', 'hamming', 'blackman', 'nuttall', 'blackmanharris', 'flattop', 'bartlett', 'triang', 'cosine']

class Activation(Layer):
    r"""Applies an activation function to its input.

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
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def activation(self) -> Any: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class ELU(Layer):
    r"""Exponential linear unit.

    ``y = x`` for x > 0, else ``alpha·(exp(x) - 1)`` (Clevert et al., 2016).

    Args:
        alpha: The scale of the negative part, which saturates at -alpha.
    """

    def __init__(
        self,
        alpha: float = 1.0,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def alpha(self) -> float: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class LeakyReLU(Layer):
    r"""ReLU with a small slope for negative inputs.

    ``y = x`` for x ≥ 0, else ``negative_slope·x``.

    Args:
        negative_slope: The slope for negative inputs.
    """

    def __init__(
        self,
        negative_slope: float = 0.3,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def negative_slope(self) -> float: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class PReLU(Layer):
    r"""ReLU with a learned slope for negative inputs.

    ``y = x`` for x ≥ 0, else ``alpha·x``, with a learned alpha per position (He et al., 2015).

    Weights: alpha, in the shape of one sample, with size 1 along the shared axes.

    Args:
        alpha_initializer: The initializer of alpha: its name, or a mapping with `type`.
        alpha_regularizer: The regularizer of alpha, a penalty added to the training loss, such as `l2` or `{type:
            L2, l2: 0.001}`; null for none.
        alpha_constraint: The constraint applied to alpha after each update, such as `non_neg` or `{type: MaxNorm,
            max_value: 2}`; null for none.
        shared_axes: The axes along which alpha is shared, counted from 1 without the batch axis: `[1, 2]` gives
            one alpha per channel of an image.
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
        input_shape: Sequence[int | None | str] | None = None,
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

class ReLU(Layer):
    r"""Rectified linear unit.

    ``y = min(x, max_value)`` for x > threshold, else ``negative_slope·(x - threshold)``.

    Args:
        max_value: The largest output, such as 6 for ReLU6; null for no limit.
        negative_slope: The slope below the threshold; 0 makes those outputs 0.
        threshold: The input up to which the unit is off: only larger inputs pass unchanged.
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
        input_shape: Sequence[int | None | str] | None = None,
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

class Softmax(Layer):
    r"""Softmax: normalizes its input to probabilities that sum to 1.

    ``y = exp(x) / Σ exp(x)``, the sum over `axis`. An optional mask, 1 (keep) or 0 and broadcast to x, sets the masked
    positions to 0.

    Args:
        axis: The axis or axes along which the outputs sum to 1; -1 is the last.
    """

    def __init__(
        self,
        axis: int | Sequence[int] = -1,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def axis(self) -> int | tuple[int, ...]: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class AdditiveAttention(Layer):
    r"""Additive attention: the mean of the values, weighted by the match of query and keys.

    ``y[t] = Σ_s softmax_s(Σ_d scale_d·tanh(q[t]_d + k[s]_d))·v[s]`` (Bahdanau et al., 2015).

    Weights: scale (D,) with `use_scale`; otherwise scale is 1.

    Args:
        use_scale: Whether the features are multiplied by a learned vector.
        dropout: The fraction of attention weights set to 0 in training, between 0 and 1.
        seed: The seed of this layer's random numbers; by default they follow from the model's seed.
        return_attention_scores: Whether the attention weights are returned as a second output.
        use_causal_mask: Whether a step attends only to itself and to earlier steps, as in autoregressive models.
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
        input_shape: Sequence[int | None | str] | None = None,
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

class Attention(Layer):
    r"""Dot-product attention: the mean of the values, weighted by the match of query and keys.

    ``y[t] = Σ_s softmax_s(score(q[t], k[s]))·v[s]`` (Luong et al., 2015).

    The score is ``scale·Σ_d q_d·k_d``, or with `score_mode: concat` ``w·Σ_d tanh(scale·(q_d + k_d))``. Weights: scale
    () with `use_scale`, concat_score_weight () for w.

    Args:
        use_scale: Whether the scores are multiplied by a learned scalar.
        score_mode: The score of a query and a key: their dot product (`dot`), or a learned multiple of the tanh
            of their sum (`concat`).
        dropout: The fraction of attention weights set to 0 in training, between 0 and 1.
        seed: The seed of this layer's random numbers; by default they follow from the model's seed.
        return_attention_scores: Whether the attention weights are returned as a second output.
        use_causal_mask: Whether a step attends only to itself and to earlier steps, as in autoregressive models.
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
        input_shape: Sequence[int | None | str] | None = None,
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

class GroupQueryAttention(Layer):
    r"""Multi-head attention whose query heads share key and value projections in groups (Ainslie et al., 2023).

    Query head i of H uses key and value head ``floor(i·G / H)`` of G. query (N, T, D), value (N, S, D), key (N, S, K),
    by default the value, → (N, T, D) and, with `return_attention_scores`, the weights (N, H, T, S). Masks are those of
    MultiHeadAttention. Weights: query/kernel (D, H, head_dim) and query/bias (H, head_dim), key/kernel (K, G, head_dim)
    and key/bias (G, head_dim), those of gate like query's with `use_gate`, those of value like key's, then
    attention_output/kernel (H, head_dim, D) and attention_output/bias (D,).

    Args:
        head_dim: The size of queries, keys and values per head.
        num_query_heads: The number of query heads.
        num_key_value_heads: The number of key and value heads, each shared by a group of query heads.
        dropout: The fraction of attention weights set to 0 in training, between 0 and 1.
        use_bias: Whether the projections have a bias.
        sliding_window: The size of a sliding window in steps: positions at this distance or farther are masked;
            null for no limit.
        flash_attention: No effect: in Keras it selects another algorithm with the same result.
        kernel_initializer: The initializer of the kernels of the projections: its name, or a mapping with `type`.
        bias_initializer: The initializer of the biases of the projections: its name, or a mapping with `type`.
        kernel_regularizer: The regularizer of the kernels of the projections, a penalty added to the training
            loss, such as `l2` or `{type: L2, l2: 0.001}`; null for none.
        bias_regularizer: The regularizer of the biases of the projections, a penalty added to the training loss,
            such as `l2` or `{type: L2, l2: 0.001}`; null for none.
        activity_regularizer: The regularizer of the outputs of the projections, a penalty added to the training
            loss, such as `l2` or `{type: L2, l2: 0.001}`; null for none.
        kernel_constraint: The constraint applied to the kernels of the projections after each update, such as
            `non_neg` or `{type: MaxNorm, max_value: 2}`; null for none.
        bias_constraint: The constraint applied to the biases of the projections after each update, such as
            `non_neg` or `{type: MaxNorm, max_value: 2}`; null for none.
        use_gate: Whether the attention output is multiplied by a sigmoid of a learned projection of the query,
            before the output projection.
        seed: The seed of this layer's random numbers; by default they follow from the model's seed.
        return_attention_scores: Whether the attention weights are returned as a second output.
        use_causal_mask: Whether a step attends only to itself and to earlier steps, as in autoregressive models.
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
        input_shape: Sequence[int | None | str] | None = None,
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

class MultiHeadAttention(Layer):
    r"""Multi-head attention.

    ``y = W_o·[heads]``, each head ``h[t] = Σ_s softmax_s(q[t]·k[s] / sqrt(key_dim))·v[s]`` with the projections ``q =
    W_q·query``, ``k = W_k·key``, ``v = W_v·value`` (Vaswani et al., 2017).

    query (N, T, D), value (N, S, V), key (N, S, K), by default the value, → (N, T, D) and, with
    `return_attention_scores`, the weights (N, heads, T, S). Masks exclude sources: `value_mask` and `key_mask` (N, S),
    `attention_mask` (N, T, S); masks of the inputs apply by themselves, and the output has the mask of the query. As in
    Keras 3.15, a `query_mask` given by name has no effect. Weights: query/kernel (D, heads, key_dim) and query/bias
    (heads, key_dim), the same of key, of gate with `use_gate`, and of value, then attention_output/kernel (heads,
    value_dim, D) and attention_output/bias (D,).

    Args:
        num_heads: The number of heads.
        key_dim: The size of queries and keys per head.
        value_dim: The size of values per head; by default `key_dim`.
        dropout: The fraction of attention weights set to 0 in training, between 0 and 1.
        use_bias: Whether the projections have a bias.
        output_shape: The size or sizes of the output's last axes; by default those of the query.
        attention_axes: The axes over which attention is applied; by default all but the batch axis and the last.
        sliding_window: The size of a sliding window in steps: positions at this distance or farther are masked;
            null for no limit.
        flash_attention: No effect: in Keras it selects another algorithm with the same result.
        kernel_initializer: The initializer of the kernels of the projections: its name, or a mapping with `type`.
        bias_initializer: The initializer of the biases of the projections: its name, or a mapping with `type`.
        kernel_regularizer: The regularizer of the kernels of the projections, a penalty added to the training
            loss, such as `l2` or `{type: L2, l2: 0.001}`; null for none.
        bias_regularizer: The regularizer of the biases of the projections, a penalty added to the training loss,
            such as `l2` or `{type: L2, l2: 0.001}`; null for none.
        activity_regularizer: The regularizer of the outputs of the projections, a penalty added to the training
            loss, such as `l2` or `{type: L2, l2: 0.001}`; null for none.
        kernel_constraint: The constraint applied to the kernels of the projections after each update, such as
            `non_neg` or `{type: MaxNorm, max_value: 2}`; null for none.
        bias_constraint: The constraint applied to the biases of the projections after each update, such as
            `non_neg` or `{type: MaxNorm, max_value: 2}`; null for none.
        use_gate: Whether the attention output is multiplied by a sigmoid of a learned projection of the query,
            before the output projection.
        seed: The seed of this layer's random numbers; by default they follow from the model's seed.
        return_attention_scores: Whether the attention weights are returned as a second output.
        use_causal_mask: Whether a step attends only to itself and to earlier steps, as in autoregressive models.
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
        input_shape: Sequence[int | None | str] | None = None,
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

class AugMix(Layer):
    r"""Mixes images with augmented versions of themselves in training.

    In training, ``y = clip(m·x + (1 - m)·Σ w·chain(x))`` (Hendrycks et al., 2020); else ``y = x``.

    A chain is up to `chain_depth` operations of RandAugment; without `all_ops`, brightness, colour degeneration,
    contrast and sharpness are excluded. The operations, w ~ Dirichlet(alpha, …) and m ~ Beta(alpha, alpha) are drawn
    once per batch, the strengths of the operations per image.

    Args:
        value_range: The smallest and the largest pixel value, such as `[0, 255]` or `[0, 1]`.
        num_chains: The number of augmentation chains whose results are mixed.
        chain_depth: The maximum number of operations in a chain.
        factor: The strength of the changes, from 0 to 1.
        alpha: The parameter of the Dirichlet and Beta distributions from which the mixing weights are drawn.
        all_ops: Whether the operations include brightness, colour degeneration, contrast and sharpness.
        interpolation: The interpolation between pixels: `nearest` takes the nearest pixel, `bilinear` the
            weighted mean of the four around.
        seed: The seed of this layer's random numbers; by default they follow from the model's seed.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
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
        input_shape: Sequence[int | None | str] | None = None,
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

class CutMix(Layer):
    r"""Replaces a rectangle of each image by that of another image of the batch in training.

    In training, as in Yun et al., 2019; else ``y = x``.

    The rectangle's fraction of the image area is 1 - w with w ~ Beta(a, a) and a drawn from `factor` once per batch.
    Labels are not mixed, since a layer of a model does not receive them; the same holds in Keras.

    Args:
        factor: The parameter of the Beta distribution from which the size of the rectangle is drawn.
        seed: The seed of this layer's random numbers; by default they follow from the model's seed.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
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
        input_shape: Sequence[int | None | str] | None = None,
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

class Equalization(Layer):
    r"""Equalizes the histogram of each channel in training.

    In training, the histogram of each channel, taken over all images of the batch, is equalized; else ``y = x``.

    On the scale 0 to 255, with C(b) the number of values in the bins up to b, the values of bin b become
    ``round(255·(C(b) - C(first)) / (C(last) - C(first)))``, first and last being the first and last non-empty bin. A
    channel with one non-empty bin is unchanged.

    Args:
        value_range: The smallest and the largest pixel value, such as `[0, 255]` or `[0, 1]`.
        bins: The number of histogram bins.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
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
        input_shape: Sequence[int | None | str] | None = None,
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

class MixUp(Layer):
    r"""Mixes each image with another image of the batch in training.

    In training, ``y = w·x + (1 - w)·x'``, x' another image of the batch and w ~ Beta(alpha, alpha) (Zhang et al.,
    2018); else ``y = x``.

    Labels are not mixed, since a layer of a model does not receive them; the same holds in Keras.

    Args:
        alpha: The parameter of the Beta distribution from which the mixing weights are drawn; small values mix
            little.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
        seed: The seed of this layer's random numbers; by default they follow from the model's seed.
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
        input_shape: Sequence[int | None | str] | None = None,
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
    r"""Applies randomly chosen augmentation operations to images in training.

    In training, some operations of a fixed set are applied (Cubuk et al., 2020); else ``y = x``.

    The operations are chosen once per batch, their strengths drawn per image: shear, translation, rotation, brightness,
    colour degeneration, contrast, sharpness, posterization, solarization, auto-contrast and equalization, computed as
    the layers of these names do with this `factor`.

    Args:
        value_range: The smallest and the largest pixel value, such as `[0, 255]` or `[0, 1]`.
        num_ops: The number of operations applied to each image.
        factor: The strength of the operations, from 0 to 1.
        interpolation: The interpolation between pixels: `nearest` takes the nearest pixel, `bilinear` the
            weighted mean of the four around.
        seed: The seed of this layer's random numbers; by default they follow from the model's seed.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
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
        input_shape: Sequence[int | None | str] | None = None,
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

class RandomBrightness(Layer):
    r"""Randomly shifts the brightness of images in training.

    In training, ``y = clip(x + f·(high - low))`` with the value range [low, high] and f drawn from `factor` per image;
    else ``y = x``.

    Args:
        factor: The range of the random factor, `[low, high]` within -1 to 1; a single number f stands for `[-f,
            f]`.
        value_range: The smallest and the largest pixel value, such as `[0, 255]` or `[0, 1]`.
        seed: The seed of this layer's random numbers; by default they follow from the model's seed.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
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
        input_shape: Sequence[int | None | str] | None = None,
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

class RandomColorDegeneration(Layer):
    r"""Randomly blends images with their greyscale version in training.

    In training, ``y = clip(x + f·(grey - x))`` with f drawn from `factor` per image; else ``y = x``.

    Args:
        factor: The range of the random factor, `[low, high]` within -1 to 1; a single number f stands for `[-f,
            f]`.
        value_range: The smallest and the largest pixel value, such as `[0, 255]` or `[0, 1]`.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
        seed: The seed of this layer's random numbers; by default they follow from the model's seed.
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
        input_shape: Sequence[int | None | str] | None = None,
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
    r"""Randomly adjusts brightness, contrast, saturation and hue of images in training.

    In training, RandomBrightness, RandomContrast, RandomSaturation and RandomHue are applied in this order; else ``y =
    x``.

    Args:
        value_range: The smallest and the largest pixel value, such as `[0, 255]` or `[0, 1]`.
        brightness_factor: The factor of RandomBrightness; null leaves the brightness unchanged.
        contrast_factor: The factor of RandomContrast; null leaves the contrast unchanged.
        saturation_factor: The factor of RandomSaturation; null leaves the saturation unchanged.
        hue_factor: The factor of RandomHue; null leaves the hue unchanged.
        seed: The seed of this layer's random numbers; by default they follow from the model's seed.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
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
        input_shape: Sequence[int | None | str] | None = None,
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

class RandomContrast(Layer):
    r"""Randomly scales the contrast of images in training.

    In training, ``y = clip((x - mean)·f + mean)``, with the mean of each channel of each image; else ``y = x``.

    f is drawn from ``1 - low`` to ``1 + high`` for a `factor` of [low, high]; a single number stands for [0, number],
    as in Keras.

    Args:
        factor: The range of the random factor, `[low, high]`; a single number f stands for `[0, f]`.
        value_range: The smallest and the largest pixel value, such as `[0, 255]` or `[0, 1]`.
        seed: The seed of this layer's random numbers; by default they follow from the model's seed.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
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
        input_shape: Sequence[int | None | str] | None = None,
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

class RandomCrop(Layer):
    r"""Crops images at a random position in training.

    In training, the same random position is used for all images of a batch; else ``y = x``, as Keras computes it.

    Images that are not larger than the crop along both axes are resized instead. Since training and inference give
    different sizes, the following layers must accept both, as convolutions and global pooling do. Keras's own summary
    shows the crop size regardless.

    Args:
        height: The height of the crop in pixels.
        width: The width of the crop in pixels.
        seed: The seed of this layer's random numbers; by default they follow from the model's seed.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
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
        input_shape: Sequence[int | None | str] | None = None,
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

class RandomElasticTransform(Layer):
    r"""Randomly applies an elastic distortion to images in training.

    In training, pixels are moved by smooth random displacements (Simard et al., 2003); else ``y = x``.

    With s drawn from `scale` once per batch, each pixel is displaced along each axis by ``0.1·s·max(height, width)``
    times normal random numbers of standard deviation ``σ = 0.05·s·min(height, width)``, blurred by a Gaussian of the
    same σ, truncated at 3·σ. Keras on JAX and TensorFlow draws the same numbers for both axes; on other backends, as
    here, they are independent.

    Args:
        factor: The probability that an image is changed. The probability is random itself: it is drawn from the
            range `[low, high]`; a single number f stands for `[0, f]`.
        scale: The strength of the distortion: how far pixels move.
        interpolation: The interpolation between pixels: `nearest` takes the nearest pixel, `bilinear` the
            weighted mean of the four around.
        fill_mode: How points outside the image are filled: by reflection (`reflect`), periodically (`wrap`), with
            the nearest edge pixel (`nearest`), or with `fill_value` (`constant`).
        fill_value: The value outside the image if `fill_mode` is `constant`.
        value_range: The smallest and the largest pixel value, such as `[0, 255]` or `[0, 1]`.
        seed: The seed of this layer's random numbers; by default they follow from the model's seed.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
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
        input_shape: Sequence[int | None | str] | None = None,
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

class RandomErasing(Layer):
    r"""Randomly erases a rectangle of images in training.

    In training, a rectangle of randomly chosen images is erased (Zhong et al., 2020); else ``y = x``.

    The height and the width of the rectangle, as fractions of the image's, are square roots of numbers drawn from
    `scale`. The noise is normal, multiplied by the upper end of the value range; filled values are clipped to the
    range.

    Args:
        factor: The probability that an image is changed. The probability is random itself: it is drawn from the
            range `[low, high]`; a single number f stands for `[0, f]`.
        scale: The range of the erased area, as a fraction of the image area.
        fill_value: The value of erased pixels: one number, or one per channel of three; null fills with noise.
        value_range: The smallest and the largest pixel value, such as `[0, 255]` or `[0, 1]`.
        seed: The seed of this layer's random numbers; by default they follow from the model's seed.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
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
        input_shape: Sequence[int | None | str] | None = None,
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

class RandomFlip(Layer):
    r"""Randomly flips images in training.

    In training, half of the images are flipped, along both axes at once if `mode` names both; else ``y = x``.

    Args:
        mode: The flip direction: left-right (`horizontal`), top-bottom (`vertical`), or both.
        seed: The seed of this layer's random numbers; by default they follow from the model's seed.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
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
        input_shape: Sequence[int | None | str] | None = None,
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

class RandomGaussianBlur(Layer):
    r"""Randomly blurs images in training.

    In training, randomly chosen images are convolved with a Gaussian kernel and clipped to the value range; else ``y =
    x``.

    The standard deviations along width and height are drawn from `sigma`, once per batch.

    Args:
        factor: The probability that an image is changed. The probability is random itself: it is drawn from the
            range `[low, high]`; a single number f stands for `[0, f]`.
        kernel_size: The width and height of the Gaussian kernel in pixels, both odd.
        sigma: The standard deviation of the Gaussian in pixels: drawn from 0 to this number, or from a range
            `[low, high]`.
        value_range: The smallest and the largest pixel value, such as `[0, 255]` or `[0, 1]`.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
        seed: The seed of this layer's random numbers; by default they follow from the model's seed.
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
        input_shape: Sequence[int | None | str] | None = None,
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

class RandomGrayscale(Layer):
    r"""Randomly converts images to greyscale in training.

    In training, all channels of randomly chosen images become ``0.2989·R + 0.587·G + 0.114·B``; else ``y = x``.

    Args:
        factor: The probability that an image is converted to greyscale.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
        seed: The seed of this layer's random numbers; by default they follow from the model's seed.
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
        input_shape: Sequence[int | None | str] | None = None,
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

class RandomHue(Layer):
    r"""Randomly shifts the hue of images in training.

    In training, the hue is shifted in either direction by up to half of `factor`, as a fraction of the colour circle;
    else ``y = x``.

    Args:
        factor: The range of the random factor, `[low, high]`; a single number f stands for `[0, f]`.
        value_range: The smallest and the largest pixel value, such as `[0, 255]` or `[0, 1]`.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
        seed: The seed of this layer's random numbers; by default they follow from the model's seed.
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
        input_shape: Sequence[int | None | str] | None = None,
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

class RandomInvert(Layer):
    r"""Randomly inverts images in training.

    In training, ``y = high - x`` for randomly chosen images, high the upper end of the value range; else ``y = x``.

    Args:
        factor: The probability that an image is changed. The probability is random itself: it is drawn from the
            range `[low, high]`; a single number f stands for `[0, f]`.
        value_range: The smallest and the largest pixel value, such as `[0, 255]` or `[0, 1]`.
        seed: The seed of this layer's random numbers; by default they follow from the model's seed.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
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
        input_shape: Sequence[int | None | str] | None = None,
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

class RandomPerspective(Layer):
    r"""Randomly distorts the perspective of images in training.

    In training, three corners of each image are displaced; else ``y = x``.

    The corners (0, 1), (1, 0) and (1, 1), in rows and columns, move to (0, a), (b, 0) and (d, c), each number drawn
    from ``1 ± scale/2``. The inverse projection, with ``k = a·d + b·c - a·b`` and i, j from 0 to 1, is ``rows = k·i /
    (a·b·d·D)`` and ``columns = k·j / (a·b·c·D)``, ``D = 1 - (b - d)/(b·c)·j - (a - c)/(a·d)·i``.

    Args:
        factor: The probability that an image is changed. The probability is random itself: it is drawn from the
            range `[low, high]`; a single number f stands for `[0, f]`.
        scale: The strength of the distortion: how far the corners move, as a fraction of the image size.
        interpolation: The interpolation between pixels: `nearest` takes the nearest pixel, `bilinear` the
            weighted mean of the four around.
        fill_value: The value outside the image if `fill_mode` is `constant`.
        seed: The seed of this layer's random numbers; by default they follow from the model's seed.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
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
        input_shape: Sequence[int | None | str] | None = None,
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

class RandomPosterization(Layer):
    r"""Randomly reduces the number of bits per colour channel in training.

    In training, only the upper `factor` bits of values scaled to 8 bits are kept; else ``y = x``.

    Values outside the value range are clipped.

    Args:
        factor: The number of bits kept of each 8-bit value: drawn from 1 to this number, or from the first of two
            numbers to below the second.
        value_range: The smallest and the largest pixel value, such as `[0, 255]` or `[0, 1]`.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
        seed: The seed of this layer's random numbers; by default they follow from the model's seed.
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
        input_shape: Sequence[int | None | str] | None = None,
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

class RandomRotation(Layer):
    r"""Randomly rotates images in training.

    In training, images are rotated about their centres by `factor` of a full turn; else ``y = x``.

    With the angle t, ``rows = sin(t)·j + cos(t)·i`` and ``columns = cos(t)·j - sin(t)·i`` from the centre.

    Args:
        factor: The range of the random factor, `[low, high]` within -1 to 1; a single number f stands for `[-f,
            f]`.
        fill_mode: How points outside the image are filled: by reflection (`reflect`), periodically (`wrap`), with
            the nearest edge pixel (`nearest`), or with `fill_value` (`constant`).
        interpolation: The interpolation between pixels: `nearest` takes the nearest pixel, `bilinear` the
            weighted mean of the four around.
        seed: The seed of this layer's random numbers; by default they follow from the model's seed.
        fill_value: The value outside the image if `fill_mode` is `constant`.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
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
        input_shape: Sequence[int | None | str] | None = None,
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

class RandomSaturation(Layer):
    r"""Randomly adjusts the saturation of images in training.

    In training, the saturation is multiplied by ``f / (1 - f)``; else ``y = x``.

    f is drawn from `factor` per image: 0.5 changes nothing, 0 gives grey. The new saturation is clipped to the value
    range, as in Keras.

    Args:
        factor: The range of the random factor, `[low, high]` within -1 to 1; a single number f stands for `[-f,
            f]`.
        value_range: The smallest and the largest pixel value, such as `[0, 255]` or `[0, 1]`.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
        seed: The seed of this layer's random numbers; by default they follow from the model's seed.
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
        input_shape: Sequence[int | None | str] | None = None,
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

class RandomSharpness(Layer):
    r"""Randomly sharpens or blurs images in training.

    In training, ``y = clip(x + (1 - 2·f)·(smoothed - x))`` with f drawn from `factor` per image; else ``y = x``.

    ``smoothed`` is a weighted mean of 3×3 pixels whose centre has weight 5: f = 0.5 changes nothing, 0 blurs, 1
    sharpens.

    Args:
        factor: The range of the random factor, `[low, high]`; a single number f stands for `[0, f]`.
        value_range: The smallest and the largest pixel value, such as `[0, 255]` or `[0, 1]`.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
        seed: The seed of this layer's random numbers; by default they follow from the model's seed.
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
        input_shape: Sequence[int | None | str] | None = None,
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

class RandomShear(Layer):
    r"""Randomly shears images in training.

    In training, images are sheared in either direction: ``rows = i + y·j``, ``columns = j + x·i``; else ``y = x``.

    Args:
        x_factor: The range of the shear along the width.
        y_factor: The range of the shear along the height.
        interpolation: The interpolation between pixels: `nearest` takes the nearest pixel, `bilinear` the
            weighted mean of the four around.
        fill_mode: How points outside the image are filled: by reflection (`reflect`), periodically (`wrap`), with
            the nearest edge pixel (`nearest`), or with `fill_value` (`constant`).
        fill_value: The value outside the image if `fill_mode` is `constant`.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
        seed: The seed of this layer's random numbers; by default they follow from the model's seed.
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
        input_shape: Sequence[int | None | str] | None = None,
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

class RandomTranslation(Layer):
    r"""Randomly shifts images in training.

    In training, images are shifted down and to the right by these fractions of their size; else ``y = x``.

    Args:
        height_factor: The range of the factor along the height, `[low, high]`, as a fraction of the height; a
            single number f stands for `[-f, f]`.
        width_factor: The range of the factor along the width, `[low, high]`, as a fraction of the width; a single
            number f stands for `[-f, f]`.
        fill_mode: How points outside the image are filled: by reflection (`reflect`), periodically (`wrap`), with
            the nearest edge pixel (`nearest`), or with `fill_value` (`constant`).
        interpolation: The interpolation between pixels: `nearest` takes the nearest pixel, `bilinear` the
            weighted mean of the four around.
        seed: The seed of this layer's random numbers; by default they follow from the model's seed.
        fill_value: The value outside the image if `fill_mode` is `constant`.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
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
        input_shape: Sequence[int | None | str] | None = None,
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
    r"""Randomly zooms images in training.

    In training, images are zoomed out (factors above 0) or in (below 0) about their centres; else ``y = x``.

    Coordinates relative to the centre are multiplied by ``1 + factor``.

    Args:
        height_factor: The range of the factor along the height, `[low, high]`, as a fraction of the height; a
            single number f stands for `[-f, f]`.
        width_factor: The range of the factor along the width; null uses the factor drawn for the height, which
            keeps the aspect ratio.
        fill_mode: How points outside the image are filled: by reflection (`reflect`), periodically (`wrap`), with
            the nearest edge pixel (`nearest`), or with `fill_value` (`constant`).
        interpolation: The interpolation between pixels: `nearest` takes the nearest pixel, `bilinear` the
            weighted mean of the four around.
        seed: The seed of this layer's random numbers; by default they follow from the model's seed.
        fill_value: The value outside the image if `fill_mode` is `constant`.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
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
        input_shape: Sequence[int | None | str] | None = None,
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

class Solarization(Layer):
    r"""Randomly solarizes images in training: inverts all pixels above a threshold.

    In training, a random number is added to the pixels, and values at or above a random threshold are inverted within
    the value range; else ``y = x``.

    On the scale 0 to 255, both numbers are drawn from the lower factor (not multiplied by 255) to 255 times the upper
    one, as in Keras.

    Args:
        addition_factor: The range of the number added to all pixels before the inversion, as a fraction of the
            value range.
        threshold_factor: The range of the threshold, as a fraction of the value range: pixels at or above it are
            inverted.
        value_range: The smallest and the largest pixel value, such as `[0, 255]` or `[0, 1]`.
        seed: The seed of this layer's random numbers; by default they follow from the model's seed.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
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
        input_shape: Sequence[int | None | str] | None = None,
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

class Conv1D(Layer):
    r"""1-D convolution over sequences: (N, steps, C) → (N, new_steps, filters).

    Args:
        filters: The number of filters, which is the number of output channels.
        kernel_size: The size of the convolution window: one number for all axes, or one per axis, such as `3` or
            `[3, 3]`.
        strides: The stride: the step of the window between outputs. 2 halves the output size.
        padding: `valid` pads nothing; `same` zero-pads the input so that the output has ceil(input / stride)
            positions; `causal` zero-pads the start only, so that no output depends on later steps.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
        dilation_rate: The dilation rate: the distance between the input elements under the window. Values above 1
            (atrous convolution) widen the window without more weights.
        groups: The number of groups into which input channels and filters are divided; each group of channels is
            convolved only with its own filters.
        activation: The activation function applied to the output, such as `relu`; `linear` for none.
        use_bias: Whether a learned bias is added to each output channel.
        kernel_initializer: The initializer of the kernel: its name, or a mapping with `type`.
        bias_initializer: The initializer of the bias: its name, or a mapping with `type`.
        kernel_regularizer: The regularizer of the kernel, a penalty added to the training loss, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        bias_regularizer: The regularizer of the bias, a penalty added to the training loss, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        activity_regularizer: The regularizer of the layer's output, a penalty added to the training loss, such as
            `l2` or `{type: L2, l2: 0.001}`; null for none.
        kernel_constraint: The constraint applied to the kernel after each update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        bias_constraint: The constraint applied to the bias after each update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        lora_rank: The rank of a low-rank adaptation (LoRA): the weight is frozen, and the product of two trained
            matrices of this rank is added to it. Null trains the weight itself.
        lora_alpha: The low-rank update is multiplied by `lora_alpha / lora_rank`; null stands for `lora_rank`, a
            factor of 1.
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
        input_shape: Sequence[int | None | str] | None = None,
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

class Conv1DTranspose(Layer):
    r"""1-D transposed convolution over sequences: (N, steps, C) → (N, new_steps, filters).

    Args:
        filters: The number of filters: that of the output's channels.
        kernel_size: The size of the convolution window: one number for all axes, or one per axis, such as `3` or
            `[3, 3]`.
        strides: The stride: the distance in the output between adjacent inputs. 2 doubles the output size.
        padding: `valid` gives (input - 1)·stride + extent positions and at least input·stride; `same` gives
            input·stride. The extent is that of the dilated window.
        output_padding: The number of positions added at the end of the output, less than the stride: `valid` then
            gives (input - 1)·stride + extent + output_padding positions, `same` (input - 1)·stride + extent mod 2
            + output_padding.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
        dilation_rate: The dilation rate: the distance between the input elements under the window. Values above 1
            (atrous convolution) widen the window without more weights.
        activation: The activation function applied to the output, such as `relu`; `linear` for none.
        use_bias: Whether a learned bias is added to each output channel.
        kernel_initializer: The initializer of the kernel: its name, or a mapping with `type`.
        bias_initializer: The initializer of the bias: its name, or a mapping with `type`.
        kernel_regularizer: The regularizer of the kernel, a penalty added to the training loss, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        bias_regularizer: The regularizer of the bias, a penalty added to the training loss, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        activity_regularizer: The regularizer of the layer's output, a penalty added to the training loss, such as
            `l2` or `{type: L2, l2: 0.001}`; null for none.
        kernel_constraint: The constraint applied to the kernel after each update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        bias_constraint: The constraint applied to the bias after each update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
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
        input_shape: Sequence[int | None | str] | None = None,
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

class Conv2D(Layer):
    r"""2-D convolution over images: (N, height, width, C) → (N, new_height, new_width, filters).

    Args:
        filters: The number of filters, which is the number of output channels.
        kernel_size: The size of the convolution window: one number for all axes, or one per axis, such as `3` or
            `[3, 3]`.
        strides: The stride: the step of the window between outputs. 2 halves the output size.
        padding: `valid` pads nothing; `same` zero-pads the input so that the output has ceil(input / stride)
            positions.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
        dilation_rate: The dilation rate: the distance between the input elements under the window. Values above 1
            (atrous convolution) widen the window without more weights.
        groups: The number of groups into which input channels and filters are divided; each group of channels is
            convolved only with its own filters.
        activation: The activation function applied to the output, such as `relu`; `linear` for none.
        use_bias: Whether a learned bias is added to each output channel.
        kernel_initializer: The initializer of the kernel: its name, or a mapping with `type`.
        bias_initializer: The initializer of the bias: its name, or a mapping with `type`.
        kernel_regularizer: The regularizer of the kernel, a penalty added to the training loss, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        bias_regularizer: The regularizer of the bias, a penalty added to the training loss, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        activity_regularizer: The regularizer of the layer's output, a penalty added to the training loss, such as
            `l2` or `{type: L2, l2: 0.001}`; null for none.
        kernel_constraint: The constraint applied to the kernel after each update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        bias_constraint: The constraint applied to the bias after each update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        lora_rank: The rank of a low-rank adaptation (LoRA): the weight is frozen, and the product of two trained
            matrices of this rank is added to it. Null trains the weight itself.
        lora_alpha: The low-rank update is multiplied by `lora_alpha / lora_rank`; null stands for `lora_rank`, a
            factor of 1.
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
        input_shape: Sequence[int | None | str] | None = None,
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

class Conv2DTranspose(Layer):
    r"""2-D transposed convolution over images: (N, height, width, C) → (N, new_height, new_width, filters).

    Args:
        filters: The number of filters: that of the output's channels.
        kernel_size: The size of the convolution window: one number for all axes, or one per axis, such as `3` or
            `[3, 3]`.
        strides: The stride: the distance in the output between adjacent inputs. 2 doubles the output size.
        padding: `valid` gives (input - 1)·stride + extent positions and at least input·stride; `same` gives
            input·stride. The extent is that of the dilated window.
        output_padding: The number of positions added at the end of the output, less than the stride: `valid` then
            gives (input - 1)·stride + extent + output_padding positions, `same` (input - 1)·stride + extent mod 2
            + output_padding.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
        dilation_rate: The dilation rate: the distance between the input elements under the window. Values above 1
            (atrous convolution) widen the window without more weights.
        activation: The activation function applied to the output, such as `relu`; `linear` for none.
        use_bias: Whether a learned bias is added to each output channel.
        kernel_initializer: The initializer of the kernel: its name, or a mapping with `type`.
        bias_initializer: The initializer of the bias: its name, or a mapping with `type`.
        kernel_regularizer: The regularizer of the kernel, a penalty added to the training loss, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        bias_regularizer: The regularizer of the bias, a penalty added to the training loss, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        activity_regularizer: The regularizer of the layer's output, a penalty added to the training loss, such as
            `l2` or `{type: L2, l2: 0.001}`; null for none.
        kernel_constraint: The constraint applied to the kernel after each update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        bias_constraint: The constraint applied to the bias after each update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
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
        input_shape: Sequence[int | None | str] | None = None,
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

class Conv3D(Layer):
    r"""3-D convolution over volumes: (N, depth, height, width, C) → (N, new_depth, new_height, new_width, filters).

    Args:
        filters: The number of filters, which is the number of output channels.
        kernel_size: The size of the convolution window: one number for all axes, or one per axis, such as `3` or
            `[3, 3]`.
        strides: The stride: the step of the window between outputs. 2 halves the output size.
        padding: `valid` pads nothing; `same` zero-pads the input so that the output has ceil(input / stride)
            positions.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
        dilation_rate: The dilation rate: the distance between the input elements under the window. Values above 1
            (atrous convolution) widen the window without more weights.
        groups: The number of groups into which input channels and filters are divided; each group of channels is
            convolved only with its own filters.
        activation: The activation function applied to the output, such as `relu`; `linear` for none.
        use_bias: Whether a learned bias is added to each output channel.
        kernel_initializer: The initializer of the kernel: its name, or a mapping with `type`.
        bias_initializer: The initializer of the bias: its name, or a mapping with `type`.
        kernel_regularizer: The regularizer of the kernel, a penalty added to the training loss, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        bias_regularizer: The regularizer of the bias, a penalty added to the training loss, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        activity_regularizer: The regularizer of the layer's output, a penalty added to the training loss, such as
            `l2` or `{type: L2, l2: 0.001}`; null for none.
        kernel_constraint: The constraint applied to the kernel after each update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        bias_constraint: The constraint applied to the bias after each update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        lora_rank: The rank of a low-rank adaptation (LoRA): the weight is frozen, and the product of two trained
            matrices of this rank is added to it. Null trains the weight itself.
        lora_alpha: The low-rank update is multiplied by `lora_alpha / lora_rank`; null stands for `lora_rank`, a
            factor of 1.
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
        input_shape: Sequence[int | None | str] | None = None,
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

class Conv3DTranspose(Layer):
    r"""3-D transposed convolution over volumes: (N, depth, height, width, C) → (N, new_depth, new_height, new_width,
    filters).

    As positional arguments, `data_format` comes before `output_padding`, as in Keras.

    Args:
        filters: The number of filters: that of the output's channels.
        kernel_size: The size of the convolution window: one number for all axes, or one per axis, such as `3` or
            `[3, 3]`.
        strides: The stride: the distance in the output between adjacent inputs. 2 doubles the output size.
        padding: `valid` gives (input - 1)·stride + extent positions and at least input·stride; `same` gives
            input·stride. The extent is that of the dilated window.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
        output_padding: The number of positions added at the end of the output, less than the stride: `valid` then
            gives (input - 1)·stride + extent + output_padding positions, `same` (input - 1)·stride + extent mod 2
            + output_padding.
        dilation_rate: The dilation rate: the distance between the input elements under the window. Values above 1
            (atrous convolution) widen the window without more weights.
        activation: The activation function applied to the output, such as `relu`; `linear` for none.
        use_bias: Whether a learned bias is added to each output channel.
        kernel_initializer: The initializer of the kernel: its name, or a mapping with `type`.
        bias_initializer: The initializer of the bias: its name, or a mapping with `type`.
        kernel_regularizer: The regularizer of the kernel, a penalty added to the training loss, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        bias_regularizer: The regularizer of the bias, a penalty added to the training loss, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        activity_regularizer: The regularizer of the layer's output, a penalty added to the training loss, such as
            `l2` or `{type: L2, l2: 0.001}`; null for none.
        kernel_constraint: The constraint applied to the kernel after each update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        bias_constraint: The constraint applied to the bias after each update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
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
        input_shape: Sequence[int | None | str] | None = None,
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

class DepthwiseConv1D(Layer):
    r"""Convolves each channel of a sequence separately: (N, steps, C) → (N, new_steps, C·depth_multiplier).

    Args:
        kernel_size: The size of the convolution window: one number for all axes, or one per axis, such as `3` or
            `[3, 3]`.
        strides: The stride: the step of the window between outputs. 2 halves the output size.
        padding: `valid` pads nothing; `same` zero-pads the input so that the output has ceil(input / stride)
            positions.
        depth_multiplier: The number of channels that the depthwise convolution gives for each input channel.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
        dilation_rate: The dilation rate: the distance between the input elements under the window. Values above 1
            (atrous convolution) widen the window without more weights.
        activation: The activation function applied to the output, such as `relu`; `linear` for none.
        use_bias: Whether a learned bias is added to each output channel.
        depthwise_initializer: The initializer of the depthwise kernel: its name, or a mapping with `type`.
        bias_initializer: The initializer of the bias: its name, or a mapping with `type`.
        depthwise_regularizer: The regularizer of the depthwise kernel, a penalty added to the training loss, such
            as `l2` or `{type: L2, l2: 0.001}`; null for none.
        bias_regularizer: The regularizer of the bias, a penalty added to the training loss, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        activity_regularizer: The regularizer of the layer's output, a penalty added to the training loss, such as
            `l2` or `{type: L2, l2: 0.001}`; null for none.
        depthwise_constraint: The constraint applied to the depthwise kernel after each update, such as `non_neg`
            or `{type: MaxNorm, max_value: 2}`; null for none.
        bias_constraint: The constraint applied to the bias after each update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
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
        input_shape: Sequence[int | None | str] | None = None,
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
    r"""Convolves each channel of an image separately: (N, height, width, C) → (N, new_height, new_width,
    C·depth_multiplier).

    Args:
        kernel_size: The size of the convolution window: one number for all axes, or one per axis, such as `3` or
            `[3, 3]`.
        strides: The stride: the step of the window between outputs. 2 halves the output size.
        padding: `valid` pads nothing; `same` zero-pads the input so that the output has ceil(input / stride)
            positions.
        depth_multiplier: The number of channels that the depthwise convolution gives for each input channel.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
        dilation_rate: The dilation rate: the distance between the input elements under the window. Values above 1
            (atrous convolution) widen the window without more weights.
        activation: The activation function applied to the output, such as `relu`; `linear` for none.
        use_bias: Whether a learned bias is added to each output channel.
        depthwise_initializer: The initializer of the depthwise kernel: its name, or a mapping with `type`.
        bias_initializer: The initializer of the bias: its name, or a mapping with `type`.
        depthwise_regularizer: The regularizer of the depthwise kernel, a penalty added to the training loss, such
            as `l2` or `{type: L2, l2: 0.001}`; null for none.
        bias_regularizer: The regularizer of the bias, a penalty added to the training loss, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        activity_regularizer: The regularizer of the layer's output, a penalty added to the training loss, such as
            `l2` or `{type: L2, l2: 0.001}`; null for none.
        depthwise_constraint: The constraint applied to the depthwise kernel after each update, such as `non_neg`
            or `{type: MaxNorm, max_value: 2}`; null for none.
        bias_constraint: The constraint applied to the bias after each update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
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
        input_shape: Sequence[int | None | str] | None = None,
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

class LocallyConnected1D(Layer):
    r"""1-D convolution with separate weights per step: (N, steps, C) → (N, new_steps, filters). A layer of Keras 2
    only.

    Args:
        filters: The number of filters: that of the output's channels.
        kernel_size: The size of the window: one number for all axes, or one per axis.
        strides: The stride: the step of the window between outputs.
        padding: `valid` pads nothing; `same` zero-pads the input so that the output has ceil(input / stride)
            positions, and requires implementation 2 or 3.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
        activation: The activation function applied to the output, such as `relu`; `linear` for none.
        use_bias: Whether a learned bias is added to each output channel.
        kernel_initializer: The initializer of the kernel: its name, or a mapping with `type`.
        bias_initializer: The initializer of the bias: its name, or a mapping with `type`.
        kernel_regularizer: The regularizer of the kernel, a penalty added to the training loss, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        bias_regularizer: The regularizer of the bias, a penalty added to the training loss, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        activity_regularizer: The regularizer of the layer's output, a penalty added to the training loss, such as
            `l2` or `{type: L2, l2: 0.001}`; null for none.
        kernel_constraint: The constraint applied to the kernel after each update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        bias_constraint: The constraint applied to the bias after each update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        implementation: The storage of the kernel, with the same output: 1, a matrix per output position; 2, a
            matrix from all inputs to all outputs, masked to the windows; 3, only the elements within the windows.
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
        input_shape: Sequence[int | None | str] | None = None,
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
    r"""2-D convolution with separate weights per position: (N, height, width, C) → (N, new_height, new_width, filters).
    A layer of Keras 2 only.

    Args:
        filters: The number of filters: that of the output's channels.
        kernel_size: The size of the window: one number for all axes, or one per axis.
        strides: The stride: the step of the window between outputs.
        padding: `valid` pads nothing; `same` zero-pads the input so that the output has ceil(input / stride)
            positions, and requires implementation 2 or 3.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
        activation: The activation function applied to the output, such as `relu`; `linear` for none.
        use_bias: Whether a learned bias is added to each output channel.
        kernel_initializer: The initializer of the kernel: its name, or a mapping with `type`.
        bias_initializer: The initializer of the bias: its name, or a mapping with `type`.
        kernel_regularizer: The regularizer of the kernel, a penalty added to the training loss, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        bias_regularizer: The regularizer of the bias, a penalty added to the training loss, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        activity_regularizer: The regularizer of the layer's output, a penalty added to the training loss, such as
            `l2` or `{type: L2, l2: 0.001}`; null for none.
        kernel_constraint: The constraint applied to the kernel after each update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        bias_constraint: The constraint applied to the bias after each update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        implementation: The storage of the kernel, with the same output: 1, a matrix per output position; 2, a
            matrix from all inputs to all outputs, masked to the windows; 3, only the elements within the windows.
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
        input_shape: Sequence[int | None | str] | None = None,
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

class SeparableConv1D(Layer):
    r"""Depthwise separable convolution over sequences: (N, steps, C) → (N, new_steps, filters).

    Args:
        filters: The number of filters, which is the number of output channels.
        kernel_size: The size of the convolution window: one number for all axes, or one per axis, such as `3` or
            `[3, 3]`.
        strides: The stride: the step of the window between outputs. 2 halves the output size.
        padding: `valid` pads nothing; `same` zero-pads the input so that the output has ceil(input / stride)
            positions; `causal` (Keras 2 only) zero-pads the start only, so that no output depends on later steps.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
        dilation_rate: The dilation rate: the distance between the input elements under the window. Values above 1
            (atrous convolution) widen the window without more weights.
        depth_multiplier: The number of channels that the depthwise convolution gives for each input channel.
        activation: The activation function applied to the output, such as `relu`; `linear` for none.
        use_bias: Whether a learned bias is added to each output channel.
        depthwise_initializer: The initializer of the depthwise kernel: its name, or a mapping with `type`.
        pointwise_initializer: The initializer of the pointwise kernel: its name, or a mapping with `type`.
        bias_initializer: The initializer of the bias: its name, or a mapping with `type`.
        depthwise_regularizer: The regularizer of the depthwise kernel, a penalty added to the training loss, such
            as `l2` or `{type: L2, l2: 0.001}`; null for none.
        pointwise_regularizer: The regularizer of the pointwise kernel, a penalty added to the training loss, such
            as `l2` or `{type: L2, l2: 0.001}`; null for none.
        bias_regularizer: The regularizer of the bias, a penalty added to the training loss, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        activity_regularizer: The regularizer of the layer's output, a penalty added to the training loss, such as
            `l2` or `{type: L2, l2: 0.001}`; null for none.
        depthwise_constraint: The constraint applied to the depthwise kernel after each update, such as `non_neg`
            or `{type: MaxNorm, max_value: 2}`; null for none.
        pointwise_constraint: The constraint applied to the pointwise kernel after each update, such as `non_neg`
            or `{type: MaxNorm, max_value: 2}`; null for none.
        bias_constraint: The constraint applied to the bias after each update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
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
        input_shape: Sequence[int | None | str] | None = None,
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
    r"""Depthwise separable convolution over images: (N, height, width, C) → (N, new_height, new_width, filters).

    Args:
        filters: The number of filters, which is the number of output channels.
        kernel_size: The size of the convolution window: one number for all axes, or one per axis, such as `3` or
            `[3, 3]`.
        strides: The stride: the step of the window between outputs. 2 halves the output size.
        padding: `valid` pads nothing; `same` zero-pads the input so that the output has ceil(input / stride)
            positions.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
        dilation_rate: The dilation rate: the distance between the input elements under the window. Values above 1
            (atrous convolution) widen the window without more weights.
        depth_multiplier: The number of channels that the depthwise convolution gives for each input channel.
        activation: The activation function applied to the output, such as `relu`; `linear` for none.
        use_bias: Whether a learned bias is added to each output channel.
        depthwise_initializer: The initializer of the depthwise kernel: its name, or a mapping with `type`.
        pointwise_initializer: The initializer of the pointwise kernel: its name, or a mapping with `type`.
        bias_initializer: The initializer of the bias: its name, or a mapping with `type`.
        depthwise_regularizer: The regularizer of the depthwise kernel, a penalty added to the training loss, such
            as `l2` or `{type: L2, l2: 0.001}`; null for none.
        pointwise_regularizer: The regularizer of the pointwise kernel, a penalty added to the training loss, such
            as `l2` or `{type: L2, l2: 0.001}`; null for none.
        bias_regularizer: The regularizer of the bias, a penalty added to the training loss, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        activity_regularizer: The regularizer of the layer's output, a penalty added to the training loss, such as
            `l2` or `{type: L2, l2: 0.001}`; null for none.
        depthwise_constraint: The constraint applied to the depthwise kernel after each update, such as `non_neg`
            or `{type: MaxNorm, max_value: 2}`; null for none.
        pointwise_constraint: The constraint applied to the pointwise kernel after each update, such as `non_neg`
            or `{type: MaxNorm, max_value: 2}`; null for none.
        bias_constraint: The constraint applied to the bias after each update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
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
        input_shape: Sequence[int | None | str] | None = None,
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

class CustomScaleLayer(Layer):
    r"""Adds a scaled second input to the first.

    ``y = a + scale·b``, the scaled residual of Inception-ResNet-v2.

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
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def scale(self) -> float: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Dense(Layer):
    r"""Fully connected layer.

    ``y[..., u] = f(Σ_i x[..., i]·kernel[i, u] + bias[u])``.

    x: (N, ..., I) → (N, ..., units). Weights: kernel (I, units), bias (units,); with `lora_rank` also lora_kernel_a (I,
    rank) and lora_kernel_b (rank, units).

    Args:
        units: The number of outputs per position.
        activation: The activation function applied to the output, such as `relu`; `linear` for none.
        use_bias: Whether a learned bias is added to each output channel.
        kernel_initializer: The initializer of the kernel: its name, or a mapping with `type`.
        bias_initializer: The initializer of the bias: its name, or a mapping with `type`.
        kernel_regularizer: The regularizer of the kernel, a penalty added to the training loss, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        bias_regularizer: The regularizer of the bias, a penalty added to the training loss, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        activity_regularizer: The regularizer of the layer's output, a penalty added to the training loss, such as
            `l2` or `{type: L2, l2: 0.001}`; null for none.
        kernel_constraint: The constraint applied to the kernel after each update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        bias_constraint: The constraint applied to the bias after each update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        lora_rank: The rank of a low-rank adaptation (LoRA): the weight is frozen, and the product of two trained
            matrices of this rank is added to it. Null trains the weight itself.
        lora_alpha: The low-rank update is multiplied by `lora_alpha / lora_rank`; null stands for `lora_rank`, a
            factor of 1.
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
        input_shape: Sequence[int | None | str] | None = None,
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

class EinsumDense(Layer):
    r"""Fully connected layer defined by an einsum equation.

    ``y = f(einsum(equation, x, kernel) + bias)``: in `abc,cd->abd` letters name axes; letters missing from the output
    are summed over.

    The batch is the first axis of x and y; `...` stands for unchanged axes at the start or the end. Weights: kernel,
    whose axes are those of the equation, and with `bias_axes` a bias along these axes; with `lora_rank` also
    lora_kernel_a (..., rank) and lora_kernel_b (rank, ·) for the last axis of the kernel.

    Args:
        equation: The einsum equation of input, kernel and output, such as `abc,cd->abd`; letters missing from the
            output are summed over.
        output_shape: The output shape without the batch axis; null for sizes that follow from the input.
        activation: The activation function applied to the result, such as `relu`.
        bias_axes: The letters of the output axes along which the bias varies; null for no bias.
        kernel_initializer: The initializer of the kernel: its name, or a mapping with `type`.
        bias_initializer: The initializer of the bias: its name, or a mapping with `type`.
        kernel_regularizer: The regularizer of the kernel, a penalty added to the training loss, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        bias_regularizer: The regularizer of the bias, a penalty added to the training loss, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        kernel_constraint: The constraint applied to the kernel after each update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        bias_constraint: The constraint applied to the bias after each update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        lora_rank: The rank of a low-rank adaptation (LoRA): the weight is frozen, and the product of two trained
            matrices of this rank is added to it. Null trains the weight itself.
        lora_alpha: The low-rank update is multiplied by `lora_alpha / lora_rank`; null stands for `lora_rank`, a
            factor of 1.
        activity_regularizer: The regularizer of the layer's output, a penalty added to the training loss, such as
            `l2` or `{type: L2, l2: 0.001}`; null for none.
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
        input_shape: Sequence[int | None | str] | None = None,
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

class Embedding(Layer):
    r"""Maps integers, such as token indices, to learned vectors.

    ``y[..., :] = embeddings[x[...], :]`` for integers 0 ≤ x < input_dim.

    x: (N, ...) → (N, ..., output_dim); floats are truncated to integers. Weights: embeddings (input_dim, output_dim);
    with `lora_rank` also lora_embeddings_a (input_dim, rank) and lora_embeddings_b (rank, output_dim). An index out of
    range is an error at run time.

    Args:
        input_dim: The size of the vocabulary: inputs are integers from 0 to `input_dim` - 1.
        output_dim: The length of the vectors.
        embeddings_initializer: The initializer of the vectors: its name, or a mapping with `type`.
        embeddings_regularizer: The regularizer of the vectors, a penalty added to the training loss, such as `l2`
            or `{type: L2, l2: 0.001}`; null for none.
        embeddings_constraint: The constraint applied to the vectors after each update, such as `non_neg` or
            `{type: MaxNorm, max_value: 2}`; null for none.
        mask_zero: Whether the integer 0 is padding: the output then has a mask, by which later layers skip those
            steps.
        lora_rank: The rank of a low-rank adaptation (LoRA): the weight is frozen, and the product of two trained
            matrices of this rank is added to it. Null trains the weight itself.
        lora_alpha: The low-rank update is multiplied by `lora_alpha / lora_rank`; null stands for `lora_rank`, a
            factor of 1.
        activity_regularizer: The regularizer of the layer's output, a penalty added to the training loss, such as
            `l2` or `{type: L2, l2: 0.001}`; null for none.
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
        input_shape: Sequence[int | None | str] | None = None,
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
    r"""Returns its input unchanged.

    ``y = x``.
    """

    def __init__(
        self,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class InputLayer(Layer):
    r"""An input of the model. `batch_shape`, such as `[null, 28, 28, 1]`, may be given instead of `batch_size` and
    `shape`.

    Args:
        shape: The shape of one sample, without the batch axis: `[28, 28, 1]`.
        batch_size: The batch size, if it is fixed; by default any.
        sparse: Must be false or null: sparse inputs are not supported.
        ragged: Must be false or null: ragged inputs are not supported.
        optional: Must be false: optional inputs are not supported.
    """

    def __init__(
        self,
        shape: Sequence[int | None | str],
        batch_size: int | None = None,
        sparse: Literal[False] | None = None,
        ragged: Literal[False] | None = None,
        optional: Literal[False] = False,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: _Dtype = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
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

class LayerScale(Layer):
    r"""Multiplies each channel by a learned factor.

    ``y[..., c] = gamma[c]·x[..., c]`` (Touvron et al., 2021), used in ConvNeXt. Weights: gamma (C,).

    Args:
        init_values: The initial value of gamma.
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
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def init_values(self) -> float: ...
    @property
    def projection_dim(self) -> int: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Masking(Layer):
    r"""Masks padded steps of a sequence, so that later layers skip them.

    Steps whose features all equal `mask_value` are masked and set to 0; elsewhere ``y = x``.

    x: (N, ..., C) → (N, ..., C), with a mask (N, ...).

    Args:
        mask_value: The padding value: a step is masked if all its features equal it.
    """

    def __init__(
        self,
        mask_value: float = 0.0,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def mask_value(self) -> float: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class ReversibleEmbedding(Layer):
    r"""An Embedding that can also be applied in reverse, from vectors to a score per integer.

    ``y[..., :] = embeddings[x[...], :]``, and with `reverse` ``y[..., i] = Σ_d x[..., d]·embeddings[i, d]`` (Press and
    Wolf, 2017).

    x: (N, ...) → (N, ..., output_dim), or reversed (N, ..., output_dim) → (N, ..., input_dim). Weights: embeddings
    (input_dim, output_dim); without `tie_weights` also reverse_embeddings (output_dim, input_dim), used in reverse.

    Args:
        input_dim: The number of different integers: inputs are 0 to `input_dim` - 1.
        output_dim: The length of the vectors.
        tie_weights: Whether the reverse direction uses the same weights.
        embeddings_initializer: The initializer of the vectors: its name, or a mapping with `type`.
        embeddings_regularizer: The regularizer of the vectors, a penalty added to the training loss, such as `l2`
            or `{type: L2, l2: 0.001}`; null for none.
        embeddings_constraint: The constraint applied to the vectors after each update, such as `non_neg` or
            `{type: MaxNorm, max_value: 2}`; null for none.
        mask_zero: Whether the integer 0 stands for padding, which the layers behind it skip.
        reverse_dtype: The data type of the reverse direction; only float32 is supported.
        logit_soft_cap: A soft limit c of the scores: ``c·tanh(y / c)``; null for none.
        activity_regularizer: The regularizer of the layer's output, a penalty added to the training loss, such as
            `l2` or `{type: L2, l2: 0.001}`; null for none.
        reverse: Whether this use maps vectors to scores.
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
        input_shape: Sequence[int | None | str] | None = None,
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

class StochasticDepth(Layer):
    r"""Randomly sets whole samples to 0 in training, which skips a residual branch.

    In training, ``y = x·m / (1 - rate)`` with m = 0 with probability rate, else 1, per sample (Huang et al., 2016);
    else ``y = x``.

    Args:
        drop_path_rate: The fraction of samples set to 0 in training, between 0 and 1.
    """

    def __init__(
        self,
        drop_path_rate: float,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def drop_path_rate(self) -> float: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class AutoContrast(Layer):
    r"""Stretches the values of each channel to the full value range, in training and at inference.

    ``y = clip((x - low) / (high - low), 0, 1)``, scaled to the value range, with low and high the extremes of x along
    axes 1 and 2.

    A channel with a single value is unchanged. The axes are fixed as in Keras: height and width of `channels_last`
    images.

    Args:
        value_range: The smallest and the largest value that a pixel can have, such as `[0, 255]` or `[0, 1]`.
        data_format: No effect; accepted as in Keras.
    """

    def __init__(
        self,
        value_range: Sequence[float] = (0.0, 255.0),
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def value_range(self) -> tuple[float, float]: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class CenterCrop(Layer):
    r"""Crops the centre of images: (N, h, w, C) → (N, height, width, C); also a single image (h, w, C) if the batch size
    is fixed.

    If an image is smaller along either axis, the largest part with the output's aspect ratio is cropped and resized
    bilinearly.

    Args:
        height: The height of the output, in pixels.
        width: The width of the output, in pixels.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
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
        input_shape: Sequence[int | None | str] | None = None,
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

class Resizing(Layer):
    r"""Resizes images: (N, h, w, C) → (N, height, width, C); also a single image (h, w, C) if the batch size is fixed.

    Interpolates between pixel centres, along the height and then along the width, as `modelc.ops.resample.Resample`
    defines. Integer images stay integers, rounded.

    Args:
        height: The output height in pixels.
        width: The output width in pixels.
        interpolation: The interpolation method: `nearest` takes the nearest pixel, `bilinear` the weighted mean
            of the four around; the others use larger neighbourhoods.
        crop_to_aspect_ratio: Whether to crop the image to the output's aspect ratio first instead of distorting
            it.
        pad_to_aspect_ratio: Whether to pad the image to the output's aspect ratio first instead of distorting it.
        fill_mode: How padding is filled: `constant` fills it with `fill_value`.
        fill_value: The value of padded pixels.
        antialias: Whether a smaller output averages over all covered pixels instead of sampling the nearest ones.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
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
        input_shape: Sequence[int | None | str] | None = None,
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

class ParametricSoftplus(Layer):
    r"""Softplus with a learned scale and a learned steepness.

    ``y = alpha·log(1 + exp(beta·x))`` (McFarland et al., 2013).

    Weights: alpha, beta, each in the shape of one sample, with size 1 along the shared axes.

    Args:
        alpha_initializer: The initializer of the scale: its name, or a mapping with `type`.
        beta_initializer: The initializer of the steepness: its name, or a mapping with `type`.
        shared_axes: The axes along which the parameters are shared, counted from 1 without the batch axis: `[1,
            2]` gives one set per channel of an image.
    """

    def __init__(
        self,
        alpha_initializer: Initializer | _InitializerName | Mapping[str, Any] = {'type': 'Constant', 'value': 0.2},
        beta_initializer: Initializer | _InitializerName | Mapping[str, Any] = {'type': 'Constant', 'value': 5.0},
        shared_axes: int | Sequence[int] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def alpha_initializer(self) -> Any: ...
    @property
    def beta_initializer(self) -> Any: ...
    @property
    def shared_axes(self) -> int | tuple[int, ...] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class SReLU(Layer):
    r"""S-shaped ReLU: the identity between two learned thresholds, a line with a learned slope beyond each of them.

    ``y = l + a_l·(x - l)`` for x ≤ l, ``y = x`` between l and ``r = l + |t_right|``, ``y = r + a_r·(x - r)`` for x ≥ r,
    with the thresholds l and r and the slopes a_l and a_r (Jin et al., 2016).

    Weights: t_left (l), a_left, t_right, a_right, each in the shape of one sample, with size 1 along the shared axes.

    Args:
        t_left_initializer: The initializer of the left threshold: its name, or a mapping with `type`.
        a_left_initializer: The initializer of the slope below the left threshold: its name, or a mapping with
            `type`.
        t_right_initializer: The initializer of the distance between the thresholds, whose sign does not matter:
            its name, or a mapping with `type`.
        a_right_initializer: The initializer of the slope above the right threshold: its name, or a mapping with
            `type`.
        shared_axes: The axes along which the parameters are shared, counted from 1 without the batch axis: `[1,
            2]` gives one set per channel of an image.
    """

    def __init__(
        self,
        t_left_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Zeros',
        a_left_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'GlorotUniform',
        t_right_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'GlorotUniform',
        a_right_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Ones',
        shared_axes: int | Sequence[int] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def t_left_initializer(self) -> Any: ...
    @property
    def a_left_initializer(self) -> Any: ...
    @property
    def t_right_initializer(self) -> Any: ...
    @property
    def a_right_initializer(self) -> Any: ...
    @property
    def shared_axes(self) -> int | tuple[int, ...] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class SampleNormalization(Layer):
    r"""Normalizes each sample along its last axis, as BatchNormalization with `mode: 1` of Keras 1 did.

    ``y = gamma·(x - mean) / (s + epsilon) + beta``, ``s = sqrt(variance + epsilon)``, with mean and variance over the
    last axis. LayerNormalization divides by s.

    Weights: gamma, beta, one per feature.

    Args:
        epsilon: A small constant added to the variance, and again to its square root, to avoid division by zero.
        gamma_initializer: The initializer of gamma: its name, or a mapping with `type`.
        beta_initializer: The initializer of beta: its name, or a mapping with `type`.
        gamma_regularizer: The regularizer of gamma, a penalty added to the training loss, such as `l2` or `{type:
            L2, l2: 0.001}`; null for none.
        beta_regularizer: The regularizer of beta, a penalty added to the training loss, such as `l2` or `{type:
            L2, l2: 0.001}`; null for none.
    """

    def __init__(
        self,
        epsilon: float = 0.001,
        gamma_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Ones',
        beta_initializer: Initializer | _InitializerName | Mapping[str, Any] = 'Zeros',
        gamma_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        beta_regularizer: Regularizer | _RegularizerName | Mapping[str, Any] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def epsilon(self) -> float: ...
    @property
    def gamma_initializer(self) -> Any: ...
    @property
    def beta_initializer(self) -> Any: ...
    @property
    def gamma_regularizer(self) -> Any: ...
    @property
    def beta_regularizer(self) -> Any: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Add(Layer):
    r"""Adds its inputs.

    ``y = x_1 + x_2 + …``.
    """

    def __init__(
        self,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Average(Layer):
    r"""The elementwise mean of its inputs.

    ``y = (x_1 + … + x_n) / n``.
    """

    def __init__(
        self,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Concatenate(Layer):
    r"""Concatenates its inputs along one axis.

    ``y = [x_1, x_2, …]``; the sizes of all other axes must be equal.

    If any input has a mask, so has y: the masks concatenated or, along the last axis, 1 where any of them is 1.

    Args:
        axis: The axis along which the inputs are concatenated; -1 is the last. Not 0, the batch axis.
    """

    def __init__(
        self,
        axis: int = -1,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def axis(self) -> int: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Dot(Layer):
    r"""Dot products of the vectors of two inputs.

    ``y[n, i, j] = Σ_k x_1[n, i, k]·x_2[n, j, k]``, where k runs along one axis of each input, i and j along all others.

    For two inputs (N, K), y is (N, 1).

    Args:
        axes: The axis of both inputs to sum over, or a list with one axis for each; not 0, the batch axis.
        normalize: Whether the vectors are L2-normalized first, which gives the cosine similarity.
    """

    def __init__(
        self,
        axes: int | Sequence[int],
        normalize: bool = False,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def axes(self) -> int | tuple[int, int]: ...
    @property
    def normalize(self) -> bool: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Maximum(Layer):
    r"""The elementwise maximum of its inputs.

    ``y = max(x_1, x_2, …)``, without masked elements.
    """

    def __init__(
        self,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Minimum(Layer):
    r"""The elementwise minimum of its inputs.

    ``y = min(x_1, x_2, …)``, without masked elements.
    """

    def __init__(
        self,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Multiply(Layer):
    r"""Multiplies its inputs elementwise.

    ``y = x_1·x_2·…``.

    A masked element of an input counts as 1; where all inputs are masked, y is 0.
    """

    def __init__(
        self,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Subtract(Layer):
    r"""Subtracts the second input from the first.

    ``y = x_1 - x_2``.
    """

    def __init__(
        self,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class BatchNormalization(Layer):
    r"""Normalizes each channel with the statistics of the batch in training and with moving averages at inference.

    ``y = gamma·(x - mean) / sqrt(variance + epsilon) + beta`` per channel (Ioffe and Szegedy, 2015).

    At inference, mean and variance are the moving averages. In training, unless the layer is frozen, they are those of
    the batch (of its unmasked positions if a mask (N, ...), one axis short of x, is given), and the moving averages
    become ``moving·momentum + batch·(1 - momentum)``. Batch renormalization (Ioffe, 2017) corrects the batch statistics
    towards moving averages of its own. Weights: gamma, beta, moving_mean, moving_variance, each (C,) or, if `axis` is a
    list, of the rank of x with size 1 along all other axes; with `renorm` also moving_stddev, renorm_mean,
    renorm_stddev.

    Args:
        axis: The channel axis, or several axes (as in Keras 2), each position of which has its own statistics; -1
            is the last.
        momentum: The momentum of the moving averages: the fraction of the old value kept in each training step.
            0.99 averages over about the last 100 batches.
        epsilon: A small constant added to the variance, or the mean of squares, to avoid division by zero.
        center: Whether a learned offset, beta, is added to the normalized values.
        scale: Whether the normalized values are multiplied by a learned factor, gamma.
        beta_initializer: The initializer of beta: its name, or a mapping with `type`.
        gamma_initializer: The initializer of gamma: its name, or a mapping with `type`.
        moving_mean_initializer: The initializer of the moving mean.
        moving_variance_initializer: The initializer of the moving variance.
        beta_regularizer: The regularizer of beta, a penalty added to the training loss, such as `l2` or `{type:
            L2, l2: 0.001}`; null for none.
        gamma_regularizer: The regularizer of gamma, a penalty added to the training loss, such as `l2` or `{type:
            L2, l2: 0.001}`; null for none.
        beta_constraint: The constraint applied to beta after each update, such as `non_neg` or `{type: MaxNorm,
            max_value: 2}`; null for none.
        gamma_constraint: The constraint applied to gamma after each update, such as `non_neg` or `{type: MaxNorm,
            max_value: 2}`; null for none.
        renorm: Whether to use batch renormalization, which makes training with small batches more stable.
        renorm_clipping: The limits of the renormalization correction: `rmin` and `rmax` for the scale, `dmax` for
            the shift.
        renorm_momentum: The momentum of the moving averages of renormalization.
        synchronized: Whether the statistics are those of the whole batch where training splits it into micro-
            batches, by an exchange between all processes that train. Unless it is split they are.
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
        input_shape: Sequence[int | None | str] | None = None,
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

class GroupNormalization(Layer):
    r"""Normalizes groups of channels of each sample to mean 0 and variance 1.

    ``y = gamma·(x - mean) / sqrt(variance + epsilon) + beta``, with mean and variance of each sample and group (Wu and
    He, 2018). Weights: gamma (C,), beta (C,).

    Args:
        groups: The number of channel groups; -1 for one per channel (instance normalization).
        axis: The channel axis; -1 is the last.
        epsilon: A small constant added to the variance, or the mean of squares, to avoid division by zero.
        center: Whether a learned offset, beta, is added to the normalized values.
        scale: Whether the normalized values are multiplied by a learned factor, gamma.
        beta_initializer: The initializer of beta: its name, or a mapping with `type`.
        gamma_initializer: The initializer of gamma: its name, or a mapping with `type`.
        beta_regularizer: The regularizer of beta, a penalty added to the training loss, such as `l2` or `{type:
            L2, l2: 0.001}`; null for none.
        gamma_regularizer: The regularizer of gamma, a penalty added to the training loss, such as `l2` or `{type:
            L2, l2: 0.001}`; null for none.
        beta_constraint: The constraint applied to beta after each update, such as `non_neg` or `{type: MaxNorm,
            max_value: 2}`; null for none.
        gamma_constraint: The constraint applied to gamma after each update, such as `non_neg` or `{type: MaxNorm,
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
        input_shape: Sequence[int | None | str] | None = None,
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

class LayerNormalization(Layer):
    r"""Normalizes each sample to mean 0 and variance 1.

    ``y = gamma·(x - mean) / sqrt(variance + epsilon) + beta``, with mean and variance of each sample over `axis` (Ba et
    al., 2016).

    With `rms_scaling`, ``y = gamma·x / sqrt(variance + epsilon)``. Weights: gamma and beta, of x's sizes along `axis`.

    Args:
        axis: The axis or axes over which mean and variance are computed; -1 is the last.
        epsilon: A small constant added to the variance, or the mean of squares, to avoid division by zero.
        center: Whether a learned offset, beta, is added to the normalized values.
        scale: Whether the normalized values are multiplied by a learned factor, gamma.
        beta_initializer: The initializer of beta: its name, or a mapping with `type`.
        gamma_initializer: The initializer of gamma: its name, or a mapping with `type`.
        beta_regularizer: The regularizer of beta, a penalty added to the training loss, such as `l2` or `{type:
            L2, l2: 0.001}`; null for none.
        gamma_regularizer: The regularizer of gamma, a penalty added to the training loss, such as `l2` or `{type:
            L2, l2: 0.001}`; null for none.
        beta_constraint: The constraint applied to beta after each update, such as `non_neg` or `{type: MaxNorm,
            max_value: 2}`; null for none.
        gamma_constraint: The constraint applied to gamma after each update, such as `non_neg` or `{type: MaxNorm,
            max_value: 2}`; null for none.
        rms_scaling: Whether to divide by the standard deviation without subtracting the mean and without beta: an
            older option of Keras, not equal to RMSNormalization.
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
        input_shape: Sequence[int | None | str] | None = None,
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

class RMSNormalization(Layer):
    r"""Divides each sample by its root mean square.

    ``y = scale·x / sqrt(mean(x²) + epsilon)``, with the mean of each sample over `axis` (Zhang and Sennrich, 2019).

    Weights: scale, of x's sizes along `axis`.

    Args:
        axis: The axis or axes over which the mean of squares is computed; -1 is the last.
        epsilon: A small constant added to the variance, or the mean of squares, to avoid division by zero.
    """

    def __init__(
        self,
        axis: int | Sequence[int] = -1,
        epsilon: float = 1e-06,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def axis(self) -> int | tuple[int, ...]: ...
    @property
    def epsilon(self) -> float: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class UnitNormalization(Layer):
    r"""L2-normalizes vectors to length 1.

    ``y = x / sqrt(Σ x²)``, with the sum of each sample over `axis`.

    Args:
        axis: The axis or axes of the vectors; -1 is the last.
    """

    def __init__(
        self,
        axis: int | Sequence[int] = -1,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def axis(self) -> int | tuple[int, ...]: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Operation(Layer):
    r"""Applies a function of `keras.ops`: ``y = operation(*operands, **arguments)``.

    The operands are the inputs in order, and constants where `operands` has them: with `operands: [1, null]` the
    operation `subtract` computes ``1 - x``. The batch stays the first axis. Comparisons and logical operations give 0
    and 1 as float32; integer arithmetic is computed in float32. Weights: those among `operands`, in their order, by the
    names weight, weight_1, ….

    Args:
        operation: The name of the function in `keras.ops`, such as `add`, `exp` or `reshape`.
        operands: The operands in order, if some are constants: a number or an array for a constant, null for the
            next input, `{weight: [3, 4]}` for a weight of that shape, with `trainable: false` for one that
            training leaves as it is. By default all operands are inputs.
        arguments: The keyword arguments of the function, such as `{axis: -1, keepdims: true}`. A number among
            them, as an operand, can be a formula of sizes of inputs: `{size: [0, 1]}` is axis 1 of the first
            input, and `add`, `multiply` and `floor_divide` of a list compute with such. Inputs after those that
            are operands are there for their sizes only.
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
        input_shape: Sequence[int | None | str] | None = None,
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

class AdaptiveAveragePooling1D(Layer):
    r"""Average pooling of sequences to a fixed length: (N, steps, C) → (N, output_size, C).

    Args:
        output_size: The spatial size of the output: one number for all axes, or one per axis.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
    """

    def __init__(
        self,
        output_size: int | Sequence[int],
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def output_size(self) -> tuple[int, ...]: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class AdaptiveAveragePooling2D(Layer):
    r"""Average pooling of images to a fixed size: (N, height, width, C) → (N, *output_size, C).

    Args:
        output_size: The spatial size of the output: one number for all axes, or one per axis.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
    """

    def __init__(
        self,
        output_size: int | Sequence[int],
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def output_size(self) -> tuple[int, ...]: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class AdaptiveAveragePooling3D(Layer):
    r"""Average pooling of volumes to a fixed size: (N, depth, height, width, C) → (N, *output_size, C).

    Args:
        output_size: The spatial size of the output: one number for all axes, or one per axis.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
    """

    def __init__(
        self,
        output_size: int | Sequence[int],
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def output_size(self) -> tuple[int, ...]: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class AdaptiveMaxPooling1D(Layer):
    r"""Max pooling of sequences to a fixed length: (N, steps, C) → (N, output_size, C).

    Args:
        output_size: The spatial size of the output: one number for all axes, or one per axis.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
    """

    def __init__(
        self,
        output_size: int | Sequence[int],
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def output_size(self) -> tuple[int, ...]: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class AdaptiveMaxPooling2D(Layer):
    r"""Max pooling of images to a fixed size: (N, height, width, C) → (N, *output_size, C).

    Args:
        output_size: The spatial size of the output: one number for all axes, or one per axis.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
    """

    def __init__(
        self,
        output_size: int | Sequence[int],
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def output_size(self) -> tuple[int, ...]: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class AdaptiveMaxPooling3D(Layer):
    r"""Max pooling of volumes to a fixed size: (N, depth, height, width, C) → (N, *output_size, C).

    Args:
        output_size: The spatial size of the output: one number for all axes, or one per axis.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
    """

    def __init__(
        self,
        output_size: int | Sequence[int],
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def output_size(self) -> tuple[int, ...]: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class AveragePooling1D(Layer):
    r"""Average pooling of sequences: (N, steps, C) → (N, new_steps, C).

    Args:
        pool_size: The size of the pooling window: one number for all axes, or one per axis.
        strides: The stride: the step of the window between outputs; by default the window size, so that windows
            do not overlap.
        padding: `valid` uses only windows inside the input; `same` gives ceil(input / stride) positions.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
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
        input_shape: Sequence[int | None | str] | None = None,
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
    r"""Average pooling of images: (N, height, width, C) → (N, new_height, new_width, C).

    Args:
        pool_size: The size of the pooling window: one number for all axes, or one per axis.
        strides: The stride: the step of the window between outputs; by default the window size, so that windows
            do not overlap.
        padding: `valid` uses only windows inside the input; `same` gives ceil(input / stride) positions.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
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
        input_shape: Sequence[int | None | str] | None = None,
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
    r"""Average pooling of volumes: (N, depth, height, width, C) → (N, new_depth, new_height, new_width, C).

    Args:
        pool_size: The size of the pooling window: one number for all axes, or one per axis.
        strides: The stride: the step of the window between outputs; by default the window size, so that windows
            do not overlap.
        padding: `valid` uses only windows inside the input; `same` gives ceil(input / stride) positions.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
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
        input_shape: Sequence[int | None | str] | None = None,
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

class GlobalAveragePooling1D(Layer):
    r"""The mean over all steps: (N, steps, C) → (N, C). Steps whose mask (N, steps) is 0 are excluded.

    Args:
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
        keepdims: Whether the spatial axes are kept with size 1.
    """

    def __init__(
        self,
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        keepdims: bool = False,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    @property
    def keepdims(self) -> bool: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class GlobalAveragePooling2D(Layer):
    r"""The mean over all pixels of an image: (N, height, width, C) → (N, C).

    Args:
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
        keepdims: Whether the spatial axes are kept with size 1.
    """

    def __init__(
        self,
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        keepdims: bool = False,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    @property
    def keepdims(self) -> bool: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class GlobalAveragePooling3D(Layer):
    r"""The mean over all voxels of a volume: (N, depth, height, width, C) → (N, C).

    Args:
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
        keepdims: Whether the spatial axes are kept with size 1.
    """

    def __init__(
        self,
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        keepdims: bool = False,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    @property
    def keepdims(self) -> bool: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class GlobalMaxPooling1D(Layer):
    r"""The maximum over all steps: (N, steps, C) → (N, C).

    Args:
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
        keepdims: Whether the spatial axes are kept with size 1.
    """

    def __init__(
        self,
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        keepdims: bool = False,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    @property
    def keepdims(self) -> bool: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class GlobalMaxPooling2D(Layer):
    r"""The maximum over all pixels of an image: (N, height, width, C) → (N, C).

    Args:
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
        keepdims: Whether the spatial axes are kept with size 1.
    """

    def __init__(
        self,
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        keepdims: bool = False,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    @property
    def keepdims(self) -> bool: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class GlobalMaxPooling3D(Layer):
    r"""The maximum over all voxels of a volume: (N, depth, height, width, C) → (N, C).

    Args:
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
        keepdims: Whether the spatial axes are kept with size 1.
    """

    def __init__(
        self,
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        keepdims: bool = False,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    @property
    def keepdims(self) -> bool: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class MaxPooling1D(Layer):
    r"""Max pooling of sequences: (N, steps, C) → (N, new_steps, C).

    Args:
        pool_size: The size of the pooling window: one number for all axes, or one per axis.
        strides: The stride: the step of the window between outputs; by default the window size, so that windows
            do not overlap.
        padding: `valid` uses only windows inside the input; `same` gives ceil(input / stride) positions.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
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
        input_shape: Sequence[int | None | str] | None = None,
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
    r"""Max pooling of images: (N, height, width, C) → (N, new_height, new_width, C).

    Args:
        pool_size: The size of the pooling window: one number for all axes, or one per axis.
        strides: The stride: the step of the window between outputs; by default the window size, so that windows
            do not overlap.
        padding: `valid` uses only windows inside the input; `same` gives ceil(input / stride) positions.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
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
        input_shape: Sequence[int | None | str] | None = None,
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
    r"""Max pooling of volumes: (N, depth, height, width, C) → (N, new_depth, new_height, new_width, C).

    Args:
        pool_size: The size of the pooling window: one number for all axes, or one per axis.
        strides: The stride: the step of the window between outputs; by default the window size, so that windows
            do not overlap.
        padding: `valid` uses only windows inside the input; `same` gives ceil(input / stride) positions.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
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
        input_shape: Sequence[int | None | str] | None = None,
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

class CategoryEncoding(Layer):
    r"""Encodes integers 0 ≤ x < num_tokens as vectors of length `num_tokens`; other integers become zeros.

    `one_hot`: ``y[..., t] = [x[...] = t]``; `multi_hot`: ``y[n, ..., t] = max_k [x[n, k, ...] = t]``; `count`: ``y[n,
    ..., t] = Σ_k count_weights[n, k, ...]·[x[n, k, ...] = t]``, with weights 1 by default.

    Args:
        num_tokens: The number of categories: inputs are integers from 0 to `num_tokens` - 1.
        output_mode: The encoding: a vector per integer (`one_hot`), a vector per sample with 1 for each integer
            present (`multi_hot`), or with the number of occurrences (`count`).
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
        input_shape: Sequence[int | None | str] | None = None,
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
    r"""Replaces numbers by the index of their bin.

    ``y = number of boundaries b ≤ x``: bin i holds boundaries[i - 1] ≤ x < boundaries[i].

    `int` gives the bin indices; the other modes encode them as vectors of length `len(bin_boundaries) + 1`, as
    CategoryEncoding does.

    Args:
        bin_boundaries: The bin boundaries in ascending order: n boundaries make n + 1 bins.
        num_bins: The number of bins that Keras's `adapt` computes boundaries for.
        epsilon: The approximation error that Keras's `adapt` allows for quantiles.
        output_mode: The encoding: the bin index (`int`), a vector per number (`one_hot`), a vector per sample
            with 1 for each bin present (`multi_hot`), or with the number of occurrences (`count`).
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
        input_shape: Sequence[int | None | str] | None = None,
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

class IntegerLookup(Layer):
    r"""Replaces integers by their places in a vocabulary, or places by integers.

    ``y = first + i`` for ``x = vocabulary[i]``. The places before `first` are those of the mask token (0, where there
    is one and the output is `int`), then those of integers outside of the vocabulary: the only one, or ``x mod
    num_oov_indices`` of several; without such places they become -1, where Keras stops. The vocabulary may begin with
    these special tokens, as Keras's `get_vocabulary` gives it.

    `int` gives the places; the other modes encode them as CategoryEncoding does, with a length of `max_tokens` if
    `pad_to_max_tokens`, else of all places, and leave out the mask token. `tf_idf` multiplies counts by `idf_weights`.

    Args:
        max_tokens: The largest number of places, special ones included; null for any.
        num_oov_indices: The number of places for integers outside of the vocabulary.
        mask_token: The integer that stands for no value: its place is 0 in the output mode `int`, and it is left
            out in the others. null for none.
        oov_token: The integer that `invert` gives for places outside of the vocabulary.
        vocabulary: The integers in the order of their places.
        vocabulary_dtype: No effect: modelc computes with 32-bit integers.
        idf_weights: The inverse document frequencies for `tf_idf`: one number per integer of the vocabulary.
        invert: Whether places are replaced by integers of the vocabulary, instead of integers by places.
        output_mode: The encoding: the place (`int`), a vector per integer (`one_hot`), a vector per sample with 1
            for each place present (`multi_hot`), with the number of occurrences (`count`), or with that number
            times its weight (`tf_idf`).
        sparse: Must be false: modelc has no sparse tensors.
        pad_to_max_tokens: Whether encoded vectors have the length `max_tokens`, even if there are fewer places.
        oov_method: How several places for integers outside of the vocabulary are chosen; `floormod` is the
            remainder.
    """

    def __init__(
        self,
        max_tokens: int | None = None,
        num_oov_indices: int = 1,
        mask_token: int | None = None,
        oov_token: int = -1,
        vocabulary: Sequence[int] | None = None,
        vocabulary_dtype: Literal['int64'] = 'int64',
        idf_weights: Sequence[float] | None = None,
        invert: bool = False,
        output_mode: Literal['int', 'tf_idf'] | Literal['one_hot', 'multi_hot', 'count'] = 'int',
        sparse: Literal[False] = False,
        pad_to_max_tokens: bool = False,
        oov_method: Literal['floormod'] = 'floormod',
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def max_tokens(self) -> int | None: ...
    @property
    def num_oov_indices(self) -> int: ...
    @property
    def mask_token(self) -> int | None: ...
    @property
    def oov_token(self) -> int: ...
    @property
    def vocabulary(self) -> tuple[int, ...] | None: ...
    @property
    def vocabulary_dtype(self) -> Literal['int64']: ...
    @property
    def idf_weights(self) -> tuple[float, ...] | None: ...
    @property
    def invert(self) -> bool: ...
    @property
    def output_mode(self) -> Literal['int', 'tf_idf'] | Literal['one_hot', 'multi_hot', 'count']: ...
    @property
    def sparse(self) -> Literal[False]: ...
    @property
    def pad_to_max_tokens(self) -> bool: ...
    @property
    def oov_method(self) -> Literal['floormod']: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class MelSpectrogram(Layer):
    r"""Mel spectrogram of audio: (N, steps) → (N, num_mel_bins, frames).

    Frames of `fft_length` samples around every `sequence_stride`-th sample, with reflected ends, are windowed and
    transformed; ``m = |s|^mag_exp @ filters`` with the filters of `modelc.ops.fourier.MelScale`; with `power_to_db`
    ``10·log10(max(m, min_power) / max(ref_power, min_power))``, cut at `top_db` below the maximum of the batch.

    Args:
        fft_length: The length of the Fourier transform.
        sequence_stride: The distance between adjacent frames in samples.
        sequence_length: The length of the window in samples; by default `fft_length`.
        window: The function that fades frames out at their ends: its name, its values, or null for none.
        sampling_rate: The sampling rate of the audio in hertz.
        num_mel_bins: The number of mel bands.
        min_freq: The lowest frequency of the mel bands in hertz.
        max_freq: The highest frequency of the mel bands in hertz; null stands for half the sampling rate.
        power_to_db: Whether to convert the power to decibels.
        top_db: The dynamic range in decibels: smaller values are cut at the maximum minus `top_db`.
        mag_exp: The exponent of the magnitude spectrum: 1 for magnitudes, 2 for power.
        min_power: The smallest power: lower values are raised to it.
        ref_power: The reference power, which corresponds to 0 decibels.
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
        input_shape: Sequence[int | None | str] | None = None,
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

class Normalization(Layer):
    r"""Subtracts a fixed mean and divides by a fixed standard deviation.

    ``y = (x - mean) / max(sqrt(variance), 1e-7)``; with `invert`, ``y = x·max(sqrt(variance), 1e-7) + mean``.

    Without the options `mean` and `variance` they are weights of x's sizes along `axis`: mean, variance, and count (),
    the number of batches from which they were computed.

    Args:
        axis: The axis or axes, each position of which has its own mean and variance; null for one mean and
            variance of all values.
        mean: The mean: one number, or one per position of `axis`. Null makes it a weight.
        variance: The variance, in the same form as `mean`.
        invert: Whether to apply the inverse: multiply by the standard deviation and add the mean.
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
        input_shape: Sequence[int | None | str] | None = None,
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

class Rescaling(Layer):
    r"""Multiplies its input by a factor and adds an offset.

    ``y = x·scale + offset``, each a number or an array that broadcasts to a sample, such as one number per channel.

    Args:
        scale: The factor, such as 1/255 for pixels: one number, or one per channel.
        offset: The offset added after scaling: one number, or one per channel.
    """

    def __init__(
        self,
        scale: float | Sequence[Any],
        offset: float | Sequence[Any] = 0.0,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def scale(self) -> Any: ...
    @property
    def offset(self) -> Any: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class STFTSpectrogram(Layer):
    r"""Short-time Fourier transform of each channel.

    ``s[k, f] = Σ_t x[k·frame_step + t]·kernel[t, f]`` with the kernels ``window[t]·exp(-2πi·t·f / fft_length)``, real
    and imaginary parts separately.

    x: (N, steps, C) → (N, frames, C·F), with F = fft_length / 2 + 1 frequencies, or (N, frames, F, C) with
    `expand_dims`. `magnitude` is |s|, `log` its logarithm, `psd` |s|², doubled between the first and the last
    frequency, `stft` the real parts followed by the imaginary parts. Weights: real_kernel and imag_kernel, each
    (frame_length, 1, F), as the mode needs them.

    Args:
        mode: The output: the complex spectrum (`stft`, `real`, `imag`), its magnitude, angle or logarithm, or the
            power spectral density (`psd`).
        frame_length: The length of a frame in samples.
        frame_step: The distance between the starts of adjacent frames in samples; by default half of
            `frame_length`.
        fft_length: The length of the Fourier transform; null stands for the smallest power of 2 not below
            `frame_length`.
        window: The window function applied to each frame: its name, a list of values, or null for none.
        periodic: Whether a named window is periodic instead of symmetric.
        scaling: The normalization of the window: `density` by its energy, `spectrum` by its sum, null for none.
        padding: `valid` uses only frames inside the input; `same` gives ceil(steps / frame_step) frames.
        expand_dims: Whether frequencies and channels are separate axes.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
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
        input_shape: Sequence[int | None | str] | None = None,
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

class ConvLSTM1D(Layer):
    r"""LSTM with 1-D convolutions, over sequences of sequences: (N, T, steps, C) → (N, new_steps, filters).

    Args:
        filters: The number of output channels, and of channels of each state.
        kernel_size: The size of the convolution window: one number for all axes, or one per axis, such as `3` or
            `[3, 3]`.
        strides: The stride of the input convolution: one number for all axes, or one per axis.
        padding: `valid` pads nothing; `same` zero-pads the input so that the output has ceil(input / stride)
            positions.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
        dilation_rate: The dilation rate: the distance between the input elements under the window. Values above 1
            (atrous convolution) widen the window without more weights.
        activation: The activation function of the output and of the candidate state.
        recurrent_activation: The activation function of the gates.
        use_bias: Whether a learned number, the bias, is added for each output.
        kernel_initializer: The initializer of the kernel (input weights): its name, or a mapping with `type`.
        recurrent_initializer: The initializer of the recurrent kernel (state weights): its name, or a mapping
            with `type`.
        bias_initializer: The initializer of the bias: its name, or a mapping with `type`.
        unit_forget_bias: Whether the bias of the forget gate is initialized to 1 (Jozefowicz et al., 2015).
        kernel_regularizer: The regularizer of the kernel, a penalty added to the training loss, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        recurrent_regularizer: The regularizer of the recurrent kernel, a penalty added to the training loss, such
            as `l2` or `{type: L2, l2: 0.001}`; null for none.
        bias_regularizer: The regularizer of the bias, a penalty added to the training loss, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        activity_regularizer: The regularizer of the layer's output, a penalty added to the training loss, such as
            `l2` or `{type: L2, l2: 0.001}`; null for none.
        kernel_constraint: The constraint applied to the kernel after each update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        recurrent_constraint: The constraint applied to the recurrent kernel after each update, such as `non_neg`
            or `{type: MaxNorm, max_value: 2}`; null for none.
        bias_constraint: The constraint applied to the bias after each update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        dropout: The fraction of input elements set to 0 in training, between 0 and 1.
        recurrent_dropout: The fraction of state elements set to 0 in training, between 0 and 1.
        seed: The seed of this layer's random numbers; by default they follow from the model's seed.
        return_sequences: Whether to return the outputs of all steps, as a following recurrent layer needs,
            instead of the last one only.
        return_state: Whether to return the final states as further outputs.
        go_backwards: Whether to process the steps from last to first; outputs are in processing order.
        stateful: Whether the final states of a batch are the initial states of the next one; requires a fixed
            batch size. States are not weights: they are not counted or saved, and a loaded model starts from
            zeros.
        unroll: No effect: the loop over the steps is compiled either way.
        zero_output_for_mask: Whether masked steps give zeros instead of the previous output.
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
        input_shape: Sequence[int | None | str] | None = None,
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
    r"""LSTM with 2-D convolutions, over sequences of images: (N, T, height, width, C) → (N, new_height, new_width,
    filters).

    Args:
        filters: The number of output channels, and of channels of each state.
        kernel_size: The size of the convolution window: one number for all axes, or one per axis, such as `3` or
            `[3, 3]`.
        strides: The stride of the input convolution: one number for all axes, or one per axis.
        padding: `valid` pads nothing; `same` zero-pads the input so that the output has ceil(input / stride)
            positions.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
        dilation_rate: The dilation rate: the distance between the input elements under the window. Values above 1
            (atrous convolution) widen the window without more weights.
        activation: The activation function of the output and of the candidate state.
        recurrent_activation: The activation function of the gates.
        use_bias: Whether a learned number, the bias, is added for each output.
        kernel_initializer: The initializer of the kernel (input weights): its name, or a mapping with `type`.
        recurrent_initializer: The initializer of the recurrent kernel (state weights): its name, or a mapping
            with `type`.
        bias_initializer: The initializer of the bias: its name, or a mapping with `type`.
        unit_forget_bias: Whether the bias of the forget gate is initialized to 1 (Jozefowicz et al., 2015).
        kernel_regularizer: The regularizer of the kernel, a penalty added to the training loss, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        recurrent_regularizer: The regularizer of the recurrent kernel, a penalty added to the training loss, such
            as `l2` or `{type: L2, l2: 0.001}`; null for none.
        bias_regularizer: The regularizer of the bias, a penalty added to the training loss, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        activity_regularizer: The regularizer of the layer's output, a penalty added to the training loss, such as
            `l2` or `{type: L2, l2: 0.001}`; null for none.
        kernel_constraint: The constraint applied to the kernel after each update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        recurrent_constraint: The constraint applied to the recurrent kernel after each update, such as `non_neg`
            or `{type: MaxNorm, max_value: 2}`; null for none.
        bias_constraint: The constraint applied to the bias after each update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        dropout: The fraction of input elements set to 0 in training, between 0 and 1.
        recurrent_dropout: The fraction of state elements set to 0 in training, between 0 and 1.
        seed: The seed of this layer's random numbers; by default they follow from the model's seed.
        return_sequences: Whether to return the outputs of all steps, as a following recurrent layer needs,
            instead of the last one only.
        return_state: Whether to return the final states as further outputs.
        go_backwards: Whether to process the steps from last to first; outputs are in processing order.
        stateful: Whether the final states of a batch are the initial states of the next one; requires a fixed
            batch size. States are not weights: they are not counted or saved, and a loaded model starts from
            zeros.
        unroll: No effect: the loop over the steps is compiled either way.
        zero_output_for_mask: Whether masked steps give zeros instead of the previous output.
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
        input_shape: Sequence[int | None | str] | None = None,
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
    r"""LSTM with 3-D convolutions, over sequences of volumes: (N, T, depth, height, width, C) → (N, new_depth,
    new_height, new_width, filters).

    Args:
        filters: The number of output channels, and of channels of each state.
        kernel_size: The size of the convolution window: one number for all axes, or one per axis, such as `3` or
            `[3, 3]`.
        strides: The stride of the input convolution: one number for all axes, or one per axis.
        padding: `valid` pads nothing; `same` zero-pads the input so that the output has ceil(input / stride)
            positions.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
        dilation_rate: The dilation rate: the distance between the input elements under the window. Values above 1
            (atrous convolution) widen the window without more weights.
        activation: The activation function of the output and of the candidate state.
        recurrent_activation: The activation function of the gates.
        use_bias: Whether a learned number, the bias, is added for each output.
        kernel_initializer: The initializer of the kernel (input weights): its name, or a mapping with `type`.
        recurrent_initializer: The initializer of the recurrent kernel (state weights): its name, or a mapping
            with `type`.
        bias_initializer: The initializer of the bias: its name, or a mapping with `type`.
        unit_forget_bias: Whether the bias of the forget gate is initialized to 1 (Jozefowicz et al., 2015).
        kernel_regularizer: The regularizer of the kernel, a penalty added to the training loss, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        recurrent_regularizer: The regularizer of the recurrent kernel, a penalty added to the training loss, such
            as `l2` or `{type: L2, l2: 0.001}`; null for none.
        bias_regularizer: The regularizer of the bias, a penalty added to the training loss, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        activity_regularizer: The regularizer of the layer's output, a penalty added to the training loss, such as
            `l2` or `{type: L2, l2: 0.001}`; null for none.
        kernel_constraint: The constraint applied to the kernel after each update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        recurrent_constraint: The constraint applied to the recurrent kernel after each update, such as `non_neg`
            or `{type: MaxNorm, max_value: 2}`; null for none.
        bias_constraint: The constraint applied to the bias after each update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        dropout: The fraction of input elements set to 0 in training, between 0 and 1.
        recurrent_dropout: The fraction of state elements set to 0 in training, between 0 and 1.
        seed: The seed of this layer's random numbers; by default they follow from the model's seed.
        return_sequences: Whether to return the outputs of all steps, as a following recurrent layer needs,
            instead of the last one only.
        return_state: Whether to return the final states as further outputs.
        go_backwards: Whether to process the steps from last to first; outputs are in processing order.
        stateful: Whether the final states of a batch are the initial states of the next one; requires a fixed
            batch size. States are not weights: they are not counted or saved, and a loaded model starts from
            zeros.
        unroll: No effect: the loop over the steps is compiled either way.
        zero_output_for_mask: Whether masked steps give zeros instead of the previous output.
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
        input_shape: Sequence[int | None | str] | None = None,
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

class GRU(Layer):
    r"""Gated recurrent unit layer.

    ``z, r = g(x_t·kernel + h·recurrent_kernel + biases)``, ``h' = z∘h + (1 - z)∘ĥ`` with ``ĥ = a(x_t·kernel + bias_0 +
    r∘(h·recurrent_kernel + bias_1))`` if `reset_after`, else ``ĥ = a(x_t·kernel + bias + (r∘h)·recurrent_kernel)`` (Cho
    et al., 2014).

    x: (N, T, C) → (N, units), or (N, T, units) with `return_sequences`; with `return_state` also h (N, units). Weights:
    gru_cell/kernel (C, 3·units), recurrent_kernel (units, 3·units), bias (2, 3·units), or (3·units,) without
    `reset_after`, parts in the order z, r, ĥ.

    Args:
        units: The size of the output and of each state.
        activation: The activation function of the output and of the candidate state.
        recurrent_activation: The activation function of the gates.
        use_bias: Whether a learned number, the bias, is added for each output.
        kernel_initializer: The initializer of the kernel (input weights): its name, or a mapping with `type`.
        recurrent_initializer: The initializer of the recurrent kernel (state weights): its name, or a mapping
            with `type`.
        bias_initializer: The initializer of the bias: its name, or a mapping with `type`.
        kernel_regularizer: The regularizer of the kernel, a penalty added to the training loss, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        recurrent_regularizer: The regularizer of the recurrent kernel, a penalty added to the training loss, such
            as `l2` or `{type: L2, l2: 0.001}`; null for none.
        bias_regularizer: The regularizer of the bias, a penalty added to the training loss, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        activity_regularizer: The regularizer of the layer's output, a penalty added to the training loss, such as
            `l2` or `{type: L2, l2: 0.001}`; null for none.
        kernel_constraint: The constraint applied to the kernel after each update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        recurrent_constraint: The constraint applied to the recurrent kernel after each update, such as `non_neg`
            or `{type: MaxNorm, max_value: 2}`; null for none.
        bias_constraint: The constraint applied to the bias after each update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        dropout: The fraction of input elements set to 0 in training, between 0 and 1.
        recurrent_dropout: The fraction of state elements set to 0 in training, between 0 and 1.
        seed: The seed of this layer's random numbers; by default they follow from the model's seed.
        return_sequences: Whether to return the outputs of all steps, as a following recurrent layer needs,
            instead of the last one only.
        return_state: Whether to return the final states as further outputs.
        go_backwards: Whether to process the steps from last to first; outputs are in processing order.
        stateful: Whether the final states of a batch are the initial states of the next one; requires a fixed
            batch size. States are not weights: they are not counted or saved, and a loaded model starts from
            zeros.
        unroll: No effect: the loop over the steps is compiled either way.
        zero_output_for_mask: Whether masked steps give zeros instead of the previous output.
        reset_after: Whether the reset gate is applied after the product with the recurrent kernel (compatible
            with cuDNN) or before it.
        use_cudnn: No effect: in Keras it selects a GPU kernel, and modelc runs on the CPU.
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
        input_shape: Sequence[int | None | str] | None = None,
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

class GRUCell(Layer):
    r"""One step of GRU: ``z, r = g(x·kernel + h·recurrent_kernel + biases)``, ``h' = z∘h + (1 - z)∘ĥ`` with
    ``ĥ = a(x·kernel + bias_0 + r∘(h·recurrent_kernel + bias_1))`` where `reset_after`, else
    ``ĥ = a(x·kernel + bias + (r∘h)·recurrent_kernel)`` (Cho et al., 2014).

    Weights: kernel (C, 3·units), recurrent_kernel (units, 3·units), bias (2, 3·units), or (3·units,) without
    `reset_after`; parts in the order z, r, ĥ.

    Args:
        units: The size of the output and of each state.
        activation: The activation function of the output and of the candidate state.
        recurrent_activation: The activation function of the gates.
        use_bias: Whether a learned number, the bias, is added for each output.
        kernel_initializer: The initializer of the kernel (input weights): its name, or a mapping with `type`.
        recurrent_initializer: The initializer of the recurrent kernel (state weights): its name, or a mapping
            with `type`.
        bias_initializer: The initializer of the bias: its name, or a mapping with `type`.
        kernel_regularizer: The regularizer of the kernel, a penalty added to the training loss, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        recurrent_regularizer: The regularizer of the recurrent kernel, a penalty added to the training loss, such
            as `l2` or `{type: L2, l2: 0.001}`; null for none.
        bias_regularizer: The regularizer of the bias, a penalty added to the training loss, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        kernel_constraint: The constraint applied to the kernel after each update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        recurrent_constraint: The constraint applied to the recurrent kernel after each update, such as `non_neg`
            or `{type: MaxNorm, max_value: 2}`; null for none.
        bias_constraint: The constraint applied to the bias after each update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        dropout: The fraction of input elements set to 0 in training, between 0 and 1.
        recurrent_dropout: The fraction of state elements set to 0 in training, between 0 and 1.
        reset_after: Whether the reset gate is applied after the product with the recurrent kernel (compatible
            with cuDNN) or before it.
        seed: The seed of this layer's random numbers; by default they follow from the model's seed.
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
        input_shape: Sequence[int | None | str] | None = None,
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

class LSTM(Layer):
    r"""Long short-term memory layer.

    ``i, f, ĉ, o = x_t·kernel + h·recurrent_kernel + bias``, ``c' = g(f)∘c + g(i)∘a(ĉ)``, ``h' = g(o)∘a(c')``, with the
    activation a and the recurrent activation g (Hochreiter and Schmidhuber, 1997).

    x: (N, T, C) → (N, units), or (N, T, units) with `return_sequences`; with `return_state` also h and c, (N, units).
    Weights: lstm_cell/kernel (C, 4·units), recurrent_kernel (units, 4·units), bias (4·units,), parts in the order i, f,
    ĉ, o.

    Args:
        units: The size of the output and of each state.
        activation: The activation function of the output and of the candidate state.
        recurrent_activation: The activation function of the gates.
        use_bias: Whether a learned number, the bias, is added for each output.
        kernel_initializer: The initializer of the kernel (input weights): its name, or a mapping with `type`.
        recurrent_initializer: The initializer of the recurrent kernel (state weights): its name, or a mapping
            with `type`.
        bias_initializer: The initializer of the bias: its name, or a mapping with `type`.
        unit_forget_bias: Whether the bias of the forget gate is initialized to 1 (Jozefowicz et al., 2015).
        kernel_regularizer: The regularizer of the kernel, a penalty added to the training loss, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        recurrent_regularizer: The regularizer of the recurrent kernel, a penalty added to the training loss, such
            as `l2` or `{type: L2, l2: 0.001}`; null for none.
        bias_regularizer: The regularizer of the bias, a penalty added to the training loss, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        activity_regularizer: The regularizer of the layer's output, a penalty added to the training loss, such as
            `l2` or `{type: L2, l2: 0.001}`; null for none.
        kernel_constraint: The constraint applied to the kernel after each update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        recurrent_constraint: The constraint applied to the recurrent kernel after each update, such as `non_neg`
            or `{type: MaxNorm, max_value: 2}`; null for none.
        bias_constraint: The constraint applied to the bias after each update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        dropout: The fraction of input elements set to 0 in training, between 0 and 1.
        recurrent_dropout: The fraction of state elements set to 0 in training, between 0 and 1.
        seed: The seed of this layer's random numbers; by default they follow from the model's seed.
        return_sequences: Whether to return the outputs of all steps, as a following recurrent layer needs,
            instead of the last one only.
        return_state: Whether to return the final states as further outputs.
        go_backwards: Whether to process the steps from last to first; outputs are in processing order.
        stateful: Whether the final states of a batch are the initial states of the next one; requires a fixed
            batch size. States are not weights: they are not counted or saved, and a loaded model starts from
            zeros.
        unroll: No effect: the loop over the steps is compiled either way.
        zero_output_for_mask: Whether masked steps give zeros instead of the previous output.
        use_cudnn: No effect: in Keras it selects a GPU kernel, and modelc runs on the CPU.
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
        input_shape: Sequence[int | None | str] | None = None,
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

class LSTMCell(Layer):
    r"""One step of LSTM: ``i, f, ĉ, o = x·kernel + h·recurrent_kernel + bias``, ``c' = g(f)∘c + g(i)∘a(ĉ)``, ``h' =
    g(o)∘a(c')``, with the activation a and the recurrent activation g (Hochreiter and Schmidhuber, 1997).

    States: h, c. Weights: kernel (C, 4·units), recurrent_kernel (units, 4·units), bias (4·units,).

    Args:
        units: The size of the output and of each state.
        activation: The activation function of the output and of the candidate state.
        recurrent_activation: The activation function of the gates.
        use_bias: Whether a learned number, the bias, is added for each output.
        kernel_initializer: The initializer of the kernel (input weights): its name, or a mapping with `type`.
        recurrent_initializer: The initializer of the recurrent kernel (state weights): its name, or a mapping
            with `type`.
        bias_initializer: The initializer of the bias: its name, or a mapping with `type`.
        unit_forget_bias: Whether the bias of the forget gate is initialized to 1 (Jozefowicz et al., 2015).
        kernel_regularizer: The regularizer of the kernel, a penalty added to the training loss, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        recurrent_regularizer: The regularizer of the recurrent kernel, a penalty added to the training loss, such
            as `l2` or `{type: L2, l2: 0.001}`; null for none.
        bias_regularizer: The regularizer of the bias, a penalty added to the training loss, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        kernel_constraint: The constraint applied to the kernel after each update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        recurrent_constraint: The constraint applied to the recurrent kernel after each update, such as `non_neg`
            or `{type: MaxNorm, max_value: 2}`; null for none.
        bias_constraint: The constraint applied to the bias after each update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        dropout: The fraction of input elements set to 0 in training, between 0 and 1.
        recurrent_dropout: The fraction of state elements set to 0 in training, between 0 and 1.
        seed: The seed of this layer's random numbers; by default they follow from the model's seed.
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
        input_shape: Sequence[int | None | str] | None = None,
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

class RNN(Layer):
    r"""Runs a cell over the steps of a sequence: ``h_t, states_t = cell(x_t, states_{t-1})``.

    x: (N, T, C) → (N, units), or (N, T, units) with `return_sequences`; with `return_state` also the final states. A
    list of cells stands for StackedRNNCells.

    Args:
        cell: The cell that computes one step: SimpleRNNCell, LSTMCell, GRUCell, StackedRNNCells, or a list of
            cells.
        return_sequences: Whether to return the outputs of all steps, as a following recurrent layer needs,
            instead of the last one only.
        return_state: Whether to return the final states as further outputs.
        go_backwards: Whether to process the steps from last to first; outputs are in processing order.
        stateful: Whether the final states of a batch are the initial states of the next one; requires a fixed
            batch size. States are not weights: they are not counted or saved, and a loaded model starts from
            zeros.
        unroll: No effect: the loop over the steps is compiled either way.
        zero_output_for_mask: Whether masked steps give zeros instead of the previous output.
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
        input_shape: Sequence[int | None | str] | None = None,
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

class SimpleRNN(Layer):
    r"""Fully connected recurrent layer.

    ``h_t = f(x_t·kernel + h_{t-1}·recurrent_kernel + bias)`` (Elman, 1990).

    x: (N, T, C) → (N, units), or (N, T, units) with `return_sequences`; with `return_state` also h (N, units). Weights:
    simple_rnn_cell/kernel (C, units), recurrent_kernel (units, units), bias (units,).

    Args:
        units: The size of the output and of each state.
        activation: The activation function of the output and of the candidate state.
        use_bias: Whether a learned number, the bias, is added for each output.
        kernel_initializer: The initializer of the kernel (input weights): its name, or a mapping with `type`.
        recurrent_initializer: The initializer of the recurrent kernel (state weights): its name, or a mapping
            with `type`.
        bias_initializer: The initializer of the bias: its name, or a mapping with `type`.
        kernel_regularizer: The regularizer of the kernel, a penalty added to the training loss, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        recurrent_regularizer: The regularizer of the recurrent kernel, a penalty added to the training loss, such
            as `l2` or `{type: L2, l2: 0.001}`; null for none.
        bias_regularizer: The regularizer of the bias, a penalty added to the training loss, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        activity_regularizer: The regularizer of the layer's output, a penalty added to the training loss, such as
            `l2` or `{type: L2, l2: 0.001}`; null for none.
        kernel_constraint: The constraint applied to the kernel after each update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        recurrent_constraint: The constraint applied to the recurrent kernel after each update, such as `non_neg`
            or `{type: MaxNorm, max_value: 2}`; null for none.
        bias_constraint: The constraint applied to the bias after each update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        dropout: The fraction of input elements set to 0 in training, between 0 and 1.
        recurrent_dropout: The fraction of state elements set to 0 in training, between 0 and 1.
        return_sequences: Whether to return the outputs of all steps, as a following recurrent layer needs,
            instead of the last one only.
        return_state: Whether to return the final states as further outputs.
        go_backwards: Whether to process the steps from last to first; outputs are in processing order.
        stateful: Whether the final states of a batch are the initial states of the next one; requires a fixed
            batch size. States are not weights: they are not counted or saved, and a loaded model starts from
            zeros.
        unroll: No effect: the loop over the steps is compiled either way.
        zero_output_for_mask: Whether masked steps give zeros instead of the previous output.
        seed: The seed of this layer's random numbers; by default they follow from the model's seed.
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
        input_shape: Sequence[int | None | str] | None = None,
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

class SimpleRNNCell(Layer):
    r"""One step of SimpleRNN: ``h' = f(x·kernel + h·recurrent_kernel + bias)`` (Elman, 1990).

    Weights: kernel (C, units), recurrent_kernel (units, units), bias (units,).

    Args:
        units: The size of the output and of each state.
        activation: The activation function of the output and of the candidate state.
        use_bias: Whether a learned number, the bias, is added for each output.
        kernel_initializer: The initializer of the kernel (input weights): its name, or a mapping with `type`.
        recurrent_initializer: The initializer of the recurrent kernel (state weights): its name, or a mapping
            with `type`.
        bias_initializer: The initializer of the bias: its name, or a mapping with `type`.
        kernel_regularizer: The regularizer of the kernel, a penalty added to the training loss, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        recurrent_regularizer: The regularizer of the recurrent kernel, a penalty added to the training loss, such
            as `l2` or `{type: L2, l2: 0.001}`; null for none.
        bias_regularizer: The regularizer of the bias, a penalty added to the training loss, such as `l2` or
            `{type: L2, l2: 0.001}`; null for none.
        kernel_constraint: The constraint applied to the kernel after each update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        recurrent_constraint: The constraint applied to the recurrent kernel after each update, such as `non_neg`
            or `{type: MaxNorm, max_value: 2}`; null for none.
        bias_constraint: The constraint applied to the bias after each update, such as `non_neg` or `{type:
            MaxNorm, max_value: 2}`; null for none.
        dropout: The fraction of input elements set to 0 in training, between 0 and 1.
        recurrent_dropout: The fraction of state elements set to 0 in training, between 0 and 1.
        seed: The seed of this layer's random numbers; by default they follow from the model's seed.
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
        input_shape: Sequence[int | None | str] | None = None,
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

class StackedRNNCells(Layer):
    r"""A stack of cells used as one: the output of each is the input of the next.

    States: those of all cells in order.

    Args:
        cells: The cells in order.
    """

    def __init__(
        self,
        cells: Sequence[Layer | Mapping[str, Any]],
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def cells(self) -> Any: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class ActivityRegularization(Layer):
    r"""Adds a penalty on its input to the training loss; the output is the input.

    ``y = x``; in training the loss grows by ``l1·Σ|x| + l2·Σx²`` per sample.

    Args:
        l1: The factor of the L1 penalty, the sum of absolute values.
        l2: The factor of the L2 penalty, the sum of squares.
    """

    def __init__(
        self,
        l1: float = 0.0,
        l2: float = 0.0,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def l1(self) -> float: ...
    @property
    def l2(self) -> float: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class AlphaDropout(Layer):
    r"""Dropout that preserves the mean and variance of self-normalizing networks (`selu`).

    In training, dropped elements are set to the negative saturation value of `selu`, and the result is rescaled to the
    original mean and variance (Klambauer et al., 2017); else ``y = x``.

    ``y = a·(x if kept, else s) + b`` with ``s = -scale·alpha`` of selu, ``a = ((1 - rate)·(1 + rate·s²))^(-1/2)`` and
    ``b = -a·rate·s``.

    Args:
        rate: The fraction of elements set to 0 in training, between 0 and 1.
        noise_shape: The shape of the dropout mask, with the batch axis: 1 for an axis along which the mask is
            shared, null for the input's size. By default each element has its own mask.
        seed: The seed of this layer's random numbers; by default they follow from the model's seed.
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
        input_shape: Sequence[int | None | str] | None = None,
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

class Dropout(Layer):
    r"""Randomly sets elements of its input to 0 in training.

    In training, ``y = x·m / (1 - rate)`` with m = 0 with probability `rate`, else 1 (Srivastava et al., 2014); else ``y
    = x``.

    Args:
        rate: The fraction of elements set to 0 in training, between 0 and 1.
        noise_shape: The shape of the dropout mask, with the batch axis: 1 for an axis along which the mask is
            shared, null for the input's size. By default each element has its own mask.
        seed: The seed of this layer's random numbers; by default they follow from the model's seed.
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
        input_shape: Sequence[int | None | str] | None = None,
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

class GaussianDropout(Layer):
    r"""Multiplies its input by Gaussian noise of mean 1 in training.

    In training, ``y = x·N(1, rate / (1 - rate))`` (Srivastava et al., 2014); else ``y = x``.

    Args:
        rate: The share of the elements that is set to 0, between 0 and 1: 0.5 drops half of them.
        seed: The seed of this layer's random numbers; by default they follow from the model's seed.
    """

    def __init__(
        self,
        rate: float,
        seed: int | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def rate(self) -> float: ...
    @property
    def seed(self) -> int | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class GaussianNoise(Layer):
    r"""Adds Gaussian noise to its input in training.

    In training, ``y = x + N(0, stddev²)``; else ``y = x``.

    Args:
        stddev: The standard deviation of the noise, between 0 and 1.
        seed: The seed of this layer's random numbers; by default they follow from the model's seed.
    """

    def __init__(
        self,
        stddev: float,
        seed: int | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def stddev(self) -> float: ...
    @property
    def seed(self) -> int | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class SpatialDropout1D(Layer):
    r"""Drops whole channels of sequences (N, steps, C) in training; ``y = x`` at inference.

    Args:
        rate: The share of the elements that is set to 0, between 0 and 1: 0.5 drops half of them.
        seed: The seed of this layer's random numbers; by default they follow from the model's seed.
    """

    def __init__(
        self,
        rate: float,
        seed: int | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def rate(self) -> float: ...
    @property
    def seed(self) -> int | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class SpatialDropout2D(Layer):
    r"""Drops whole channels of images (N, height, width, C) in training; ``y = x`` at inference.

    Args:
        rate: The share of the elements that is set to 0, between 0 and 1: 0.5 drops half of them.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
        seed: The seed of this layer's random numbers; by default they follow from the model's seed.
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
        input_shape: Sequence[int | None | str] | None = None,
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
    r"""Drops whole channels of volumes (N, depth, height, width, C) in training; ``y = x`` at inference.

    Args:
        rate: The share of the elements that is set to 0, between 0 and 1: 0.5 drops half of them.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
        seed: The seed of this layer's random numbers; by default they follow from the model's seed.
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
        input_shape: Sequence[int | None | str] | None = None,
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

class Cropping1D(Layer):
    r"""Crops sequences: (N, steps, C) → (N, steps - before - after, C).

    Args:
        cropping: The number of steps removed at both ends, or `[before, after]`.
    """

    def __init__(
        self,
        cropping: int | Sequence[int] = (1, 1),
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def cropping(self) -> tuple[int, int]: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Cropping2D(Layer):
    r"""Crops images: (N, height, width, C) → (N, height - top - bottom, width - left - right, C).

    Args:
        cropping: The number of rows and columns removed: one for all sides, one per axis, or `[before, after]`
            per axis.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
    """

    def __init__(
        self,
        cropping: int | Sequence[int | Sequence[int]] = ((0, 0), (0, 0)),
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def cropping(self) -> tuple[tuple[int, int], tuple[int, int]]: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Cropping3D(Layer):
    r"""Crops volumes along depth, height and width: (N, depth, height, width, C).

    Args:
        cropping: The number of positions removed: one for all sides, one per axis, or `[before, after]` per axis.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
    """

    def __init__(
        self,
        cropping: int | Sequence[int | Sequence[int]] = ((1, 1), (1, 1), (1, 1)),
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def cropping(self) -> tuple[tuple[int, int], tuple[int, int], tuple[int, int]]: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Flatten(Layer):
    r"""Flattens each sample to a vector.

    (N, ...) → (N, F), in `channels_last` order.

    Args:
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
    """

    def __init__(
        self,
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Permute(Layer):
    r"""Permutes the axes of each sample.

    ``y[n, i[dims[0]], i[dims[1]], ...] = x[n, i[1], i[2], ...]``: axis k of the output is axis dims[k] of x.

    Args:
        dims: The input axes in output order, counted from 1 without the batch axis: `[2, 1]` swaps two axes.
    """

    def __init__(
        self,
        dims: Sequence[int],
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def dims(self) -> tuple[int, ...]: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class RepeatVector(Layer):
    r"""Repeats a vector n times, as the steps of a sequence.

    (N, F) → (N, n, F): ``y[i, k, :] = x[i, :]``.

    Args:
        n: The number of repetitions.
    """

    def __init__(
        self,
        n: int,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def n(self) -> int: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Reshape(Layer):
    r"""Reshapes each sample.

    (N, ...) → (N, *target_shape), with the elements in the same order.

    Args:
        target_shape: The new shape without the batch axis; one size may be -1 and is then computed from the
            others.
    """

    def __init__(
        self,
        target_shape: Sequence[int],
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def target_shape(self) -> tuple[int, ...]: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class UpSampling1D(Layer):
    r"""Repeats each step of a sequence.

    ``y[n, i, c] = x[n, i // size, c]``: (N, steps, C) → (N, size·steps, C).

    Args:
        size: The number of repetitions of each step.
    """

    def __init__(
        self,
        size: int = 2,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def size(self) -> int: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class UpSampling2D(Layer):
    r"""Enlarges images by integer factors: (N, height, width, C) → (N, size[0]·height, size[1]·width, C).

    `nearest` repeats pixels: ``y[n, i, j, c] = x[n, i // size[0], j // size[1], c]``. The other methods interpolate
    between pixel centres, along the height and then along the width; see `modelc.ops.resample.Resample`.

    Args:
        size: The factors of height and width; one number for both.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
        interpolation: The interpolation method: `nearest` repeats pixels, `bilinear` takes the weighted mean of
            the four around; the others use larger neighbourhoods.
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
        input_shape: Sequence[int | None | str] | None = None,
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
    r"""Repeats each element of a volume.

    ``y[n, i, j, k, c] = x[n, i // size[0], j // size[1], k // size[2], c]``.

    Args:
        size: The factors of depth, height and width; one number for all.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
    """

    def __init__(
        self,
        size: int | Sequence[int] = (2, 2, 2),
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def size(self) -> tuple[int, int, int]: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class ZeroPadding1D(Layer):
    r"""Zero-pads sequences: (N, steps, C) → (N, before + steps + after, C).

    Args:
        padding: The number of zeros at both ends, or `[before, after]`.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
    """

    def __init__(
        self,
        padding: int | Sequence[int] = (1, 1),
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def padding(self) -> tuple[int, int]: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class ZeroPadding2D(Layer):
    r"""Zero-pads images: (N, height, width, C) → (N, top + height + bottom, left + width + right, C).

    With `correct_pad: k`, along each axis ``⌊k/2⌋`` zeros after; before, as many where the size is odd, else one less.

    Args:
        padding: The number of zeros: one for all sides, one per axis, or `[before, after]` per axis.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
        correct_pad: In place of `padding`: the window, an odd number or one per axis, of the layer after it,
            which has strides of 2 and `padding: valid`. The zeros are those that `padding: same` of that layer
            would add, as `correct_pad` of `keras.applications` computes them: their number depends on whether the
            height and the width are odd.
    """

    def __init__(
        self,
        padding: int | Sequence[int | Sequence[int]] = ((1, 1), (1, 1)),
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        correct_pad: int | Sequence[int] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def padding(self) -> tuple[tuple[int, int], tuple[int, int]]: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    @property
    def correct_pad(self) -> tuple[int, int] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class ZeroPadding3D(Layer):
    r"""Zero-pads volumes along depth, height and width: (N, depth, height, width, C).

    Args:
        padding: The number of zeros: one for all sides, one per axis, or `[before, after]` per axis.
        data_format: The axis order of the input: `channels_last` (batch, *spatial, channels; the default) or
            `channels_first` (batch, channels, *spatial).
    """

    def __init__(
        self,
        padding: int | Sequence[int | Sequence[int]] = ((1, 1), (1, 1), (1, 1)),
        data_format: Literal['channels_last', 'channels_first'] | None = None,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def padding(self) -> tuple[tuple[int, int], tuple[int, int], tuple[int, int]]: ...
    @property
    def data_format(self) -> Literal['channels_last', 'channels_first'] | None: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class Bidirectional(Layer):
    r"""Runs a recurrent layer forwards and a second one backwards over a sequence (Schuster and Paliwal, 1997).

    x: (N, T, C) → the two outputs combined by `merge_mode`, each in the order of x; with `return_state` also the states
    of the forward layer, then those of the backward layer. Initial states are given in the same order. With
    `return_sequences`, masked steps give zeros. Weights: those of `forward_<name>`, then those of `backward_<name>`.

    Args:
        layer: The forward recurrent layer, such as `{type: LSTM, units: 32}`. If it has `go_backwards`, the two
            directions are swapped.
        merge_mode: How the outputs of the two directions are combined: concatenated (`concat`), added (`sum`),
            multiplied (`mul`) or averaged (`ave`); null returns both.
        backward_layer: The backward recurrent layer. By default a copy of `layer`.
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
        input_shape: Sequence[int | None | str] | None = None,
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

class Pipeline(Layer):
    r"""Applies layers in sequence: ``y = layer_n(…(layer_1(x)))``.

    Weights: those of the layers, under their names.

    Args:
        layers: The layers in order, each a mapping with `type`.
    """

    def __init__(
        self,
        layers: Sequence[Layer | Mapping[str, Any]],
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def layers(self) -> Any: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class SpectralNormalization(Layer):
    r"""Wraps a layer and divides its kernel by the kernel's largest singular value.

    ``y = layer(x)``; in training the layer's kernel W becomes W / σ(W) before each call, with σ its largest singular
    value (Miyato et al., 2018).

    Weights, with those of the layer under its own name: the layer's kernel (or embeddings), vector_u (1, Q), the
    estimate of the singular vector, then the layer's other weights.

    Args:
        layer: The wrapped layer: one with a kernel, or an Embedding.
        power_iterations: The number of power iterations per training step that estimate the largest singular
            value.
    """

    def __init__(
        self,
        layer: Layer | Mapping[str, Any],
        power_iterations: int = 1,
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def layer(self) -> Any: ...
    @property
    def power_iterations(self) -> int: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...

class TimeDistributed(Layer):
    r"""Applies a layer to each step of a sequence.

    ``y[:, t] = layer(x[:, t])``, with the same weights for all steps.

    x: (N, T, ...) → (N, T, ...). Weights: those of the layer or the model, under its name. As in Keras, the
    `activity_regularizer` of the wrapped layer has no effect.

    Args:
        layer: The wrapped layer or model, such as `{type: Model, spec: …}`.
    """

    def __init__(
        self,
        layer: Layer | Mapping[str, Any],
        *,
        name: str | None = None,
        trainable: bool = True,
        dtype: Literal['float32'] = 'float32',
        input_shape: Sequence[int | None | str] | None = None,
        training: bool | None = None,
        inputs: str | Sequence[str] | Mapping[str, Any] | None = None,
    ) -> None: ...
    @property
    def layer(self) -> Any: ...
    def call(self, *args: Any, **kwargs: Any) -> Any: ...
