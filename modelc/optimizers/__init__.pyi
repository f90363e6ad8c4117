# Made by `python docs/generate` from the classes themselves: change those, then run that again.
"""The optimizers, by Keras's names."""

from collections.abc import Mapping, Sequence
from typing import Any

from modelc.config.registry import Registry as Registry
from modelc.optimizers.optimizer import Optimizer
from modelc.optimizers.schedules.classes import Schedule
from modelc.optimizers import schedules as schedules

OPTIMIZERS: Registry[Optimizer]


class Adadelta(Optimizer):
    r"""Adadelta: gradients scaled by the ratio of moving averages of squared updates, b, and squared gradients, a.

    ``a = rho·a + (1 - rho)·d²``, ``u = -d·sqrt(b + epsilon) / sqrt(a + epsilon)``, ``b = rho·b + (1 - rho)·u²``, ``w +=
    r·u`` (Zeiler, 2012).

    Args:
        rho: The decay rate of the moving averages: the fraction of the old value that each update keeps.
        epsilon: A small constant added under the square roots, to avoid division by zero.
    """

    def __init__(
        self,
        learning_rate: float | Schedule | Mapping[str, Any] = 0.001,
        rho: float = 0.95,
        epsilon: float = 1e-07,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
        exclude_from_weight_decay: Sequence[str] = (),
    ) -> None: ...
    @property
    def rho(self) -> float: ...
    @property
    def epsilon(self) -> float: ...
    def slots(self, *args: Any, **kwargs: Any) -> Any: ...
    def update(self, *args: Any, **kwargs: Any) -> Any: ...

class Adafactor(Optimizer):
    r"""Adafactor: Adam without momentum, with v of a matrix stored as its row and column means (Shazeer and Stern,
    2018).

    ``β = 1 - t^beta_2_decay``, ``s = d² + epsilon_1``. For weights of two or more axes, ``R = β·R + (1 - β)·mean s``
    over the last axis, ``C`` likewise over the one before, and ``v = R / mean(R)·C``; for others, ``v = β·v + (1 -
    β)·s``. ``u = d / sqrt(v)``, ``û = u / max(1, rms(u) / clip_threshold)``, ``w -= max(epsilon_2, rms(w))·min(r,
    1/sqrt(t))·û``.

    Args:
        beta_2_decay: The exponent of the update number t in the decay rate ``1 - t^beta_2_decay`` of the moving
            averages.
        epsilon_1: A small constant added to squared gradients, to avoid division by zero.
        epsilon_2: The minimum root mean square of a weight, to which its updates are proportional.
        clip_threshold: The maximum root mean square of a weight's update before scaling; larger updates are
            scaled down.
        relative_step: No effect: the learning rate is limited to ``1/sqrt(t)`` at update t in any case, as in
            Keras.
    """

    def __init__(
        self,
        learning_rate: float | Schedule | Mapping[str, Any] = 0.001,
        beta_2_decay: float = -0.8,
        epsilon_1: float = 1e-30,
        epsilon_2: float = 0.001,
        clip_threshold: float = 1.0,
        relative_step: bool = True,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
        exclude_from_weight_decay: Sequence[str] = (),
    ) -> None: ...
    @property
    def beta_2_decay(self) -> float: ...
    @property
    def epsilon_1(self) -> float: ...
    @property
    def epsilon_2(self) -> float: ...
    @property
    def clip_threshold(self) -> float: ...
    @property
    def relative_step(self) -> bool: ...
    def slots(self, *args: Any, **kwargs: Any) -> Any: ...
    def update(self, *args: Any, **kwargs: Any) -> Any: ...

class Adagrad(Optimizer):
    r"""Adagrad: each weight's learning rate decreases with the sum of its squared gradients, a.

    ``a += d²``, ``w -= r·d / sqrt(a + epsilon)`` (Duchi et al., 2011).

    Args:
        initial_accumulator_value: The initial value of the sum of squared gradients, a.
        epsilon: A small constant added under the square root, to avoid division by zero.
    """

    def __init__(
        self,
        learning_rate: float | Schedule | Mapping[str, Any] = 0.001,
        initial_accumulator_value: float = 0.1,
        epsilon: float = 1e-07,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
        exclude_from_weight_decay: Sequence[str] = (),
    ) -> None: ...
    @property
    def initial_accumulator_value(self) -> float: ...
    @property
    def epsilon(self) -> float: ...
    def slots(self, *args: Any, **kwargs: Any) -> Any: ...
    def update(self, *args: Any, **kwargs: Any) -> Any: ...

class Adam(Optimizer):
    r"""Adam: a moving average of the gradients divided by a moving average of their magnitude.

    ``w -= r·sqrt(1 - beta_2^t) / (1 - beta_1^t)·m / (sqrt(v) + epsilon)`` (Kingma and Ba, 2015); `amsgrad` uses the
    largest v so far (Reddi et al., 2018).

    Args:
        beta_1: The decay rate of the moving average of gradients, m; 0.9 averages over about the last 10 updates.
        beta_2: The decay rate of the moving average of squared gradients, v; 0.999 averages over about the last
            1000 updates.
        epsilon: A small constant added to sqrt(v), to avoid division by zero; a larger value makes steps smaller
            where gradients are small.
        amsgrad: Whether to use AMSGrad, which divides by the largest v so far, so that a weight's step size never
            increases.
    """

    def __init__(
        self,
        learning_rate: float | Schedule | Mapping[str, Any] = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-07,
        amsgrad: bool = False,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
        exclude_from_weight_decay: Sequence[str] = (),
    ) -> None: ...
    @property
    def beta_1(self) -> float: ...
    @property
    def beta_2(self) -> float: ...
    @property
    def epsilon(self) -> float: ...
    @property
    def amsgrad(self) -> bool: ...
    def slots(self, *args: Any, **kwargs: Any) -> Any: ...
    def update(self, *args: Any, **kwargs: Any) -> Any: ...

class AdamW(Optimizer):
    r"""Adam with decoupled weight decay (Loshchilov and Hutter, 2019).

    Args:
        beta_1: The decay rate of the moving average of gradients, m; 0.9 averages over about the last 10 updates.
        beta_2: The decay rate of the moving average of squared gradients, v; 0.999 averages over about the last
            1000 updates.
        epsilon: A small constant added to sqrt(v), to avoid division by zero; a larger value makes steps smaller
            where gradients are small.
        amsgrad: Whether to use AMSGrad, which divides by the largest v so far, so that a weight's step size never
            increases.
    """

    def __init__(
        self,
        learning_rate: float | Schedule | Mapping[str, Any] = 0.001,
        weight_decay: float | None = 0.004,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-07,
        amsgrad: bool = False,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
        exclude_from_weight_decay: Sequence[str] = (),
    ) -> None: ...
    @property
    def beta_1(self) -> float: ...
    @property
    def beta_2(self) -> float: ...
    @property
    def epsilon(self) -> float: ...
    @property
    def amsgrad(self) -> bool: ...
    def slots(self, *args: Any, **kwargs: Any) -> Any: ...
    def update(self, *args: Any, **kwargs: Any) -> Any: ...

class Adamax(Optimizer):
    r"""Adamax: Adam with a decaying maximum of gradient magnitudes, u, instead of their average.

    ``u = max(beta_2·u, |d|)``, ``w -= r / (1 - beta_1^t)·m / (u + epsilon)`` (Kingma and Ba, 2015).

    Args:
        beta_1: The decay rate of the moving average of gradients, m; 0.9 averages over about the last 10 updates.
        beta_2: The decay rate of the moving average of squared gradients, v; 0.999 averages over about the last
            1000 updates.
        epsilon: A small constant added to sqrt(v), to avoid division by zero; a larger value makes steps smaller
            where gradients are small.
    """

    def __init__(
        self,
        learning_rate: float | Schedule | Mapping[str, Any] = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-07,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
        exclude_from_weight_decay: Sequence[str] = (),
    ) -> None: ...
    @property
    def beta_1(self) -> float: ...
    @property
    def beta_2(self) -> float: ...
    @property
    def epsilon(self) -> float: ...
    def slots(self, *args: Any, **kwargs: Any) -> Any: ...
    def update(self, *args: Any, **kwargs: Any) -> Any: ...

class Ftrl(Optimizer):
    r"""FTRL, for sparse linear models: its L1 penalty makes weights exactly 0.

    Follow the regularized leader (McMahan et al., 2013): with ``p = -learning_rate_power`` and ``b = a + d²``,

    ``z += d + 2·l2_shrinkage·w - (b^p - a^p)/r·w``, ``w = (clip(z, ±l1) - z) / (b^p/r + 2·l2 + beta/r)``, ``a = b``.

    Args:
        learning_rate_power: The exponent -p with which a weight's learning rate decreases with the sum of its
            squared gradients; 0 for a constant rate.
        initial_accumulator_value: The value that the sum of squared gradients, a, starts from.
        l1_regularization_strength: The factor of the L1 penalty, which makes small weights exactly 0.
        l2_regularization_strength: The factor of the L2 penalty, which keeps weights small.
        l2_shrinkage_regularization_strength: The factor of an L2 penalty that is added to the gradient but not to
            the sum of squared gradients.
        beta: A constant added to the divisor of the update, the beta of the paper; a larger value makes the first
            steps smaller.
    """

    def __init__(
        self,
        learning_rate: float | Schedule | Mapping[str, Any] = 0.001,
        learning_rate_power: float = -0.5,
        initial_accumulator_value: float = 0.1,
        l1_regularization_strength: float = 0.0,
        l2_regularization_strength: float = 0.0,
        l2_shrinkage_regularization_strength: float = 0.0,
        beta: float = 0.0,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
        exclude_from_weight_decay: Sequence[str] = (),
    ) -> None: ...
    @property
    def learning_rate_power(self) -> float: ...
    @property
    def initial_accumulator_value(self) -> float: ...
    @property
    def l1_regularization_strength(self) -> float: ...
    @property
    def l2_regularization_strength(self) -> float: ...
    @property
    def l2_shrinkage_regularization_strength(self) -> float: ...
    @property
    def beta(self) -> float: ...
    def slots(self, *args: Any, **kwargs: Any) -> Any: ...
    def update(self, *args: Any, **kwargs: Any) -> Any: ...

class Lamb(Optimizer):
    r"""LAMB: Adam with each weight tensor's update scaled to the norm of the tensor, for very large batches.

    ``u = m / (1 - beta_1^t) / (sqrt(v / (1 - beta_2^t)) + epsilon)``, ``w -= r·‖w‖/‖u‖·u``; the quotient is 1 if one of
    the norms is 0 (You et al., 2020).

    Args:
        beta_1: The decay rate of the moving average of gradients, m; 0.9 averages over about the last 10 updates.
        beta_2: The decay rate of the moving average of squared gradients, v; 0.999 averages over about the last
            1000 updates.
        epsilon: A small constant added to sqrt(v), to avoid division by zero; a larger value makes steps smaller
            where gradients are small.
    """

    def __init__(
        self,
        learning_rate: float | Schedule | Mapping[str, Any] = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-07,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
        exclude_from_weight_decay: Sequence[str] = (),
    ) -> None: ...
    @property
    def beta_1(self) -> float: ...
    @property
    def beta_2(self) -> float: ...
    @property
    def epsilon(self) -> float: ...
    def slots(self, *args: Any, **kwargs: Any) -> Any: ...
    def update(self, *args: Any, **kwargs: Any) -> Any: ...

class Lion(Optimizer):
    r"""Lion: steps of equal size, in the direction of the sign of a moving average of the gradients.

    ``w -= r·sign(beta_1·m + (1 - beta_1)·d)``, then ``m = beta_2·m + (1 - beta_2)·d`` (Chen et al., 2023).

    Args:
        beta_1: The weight of the moving average m, against the new gradient, in the update.
        beta_2: The decay rate of the moving average m.
    """

    def __init__(
        self,
        learning_rate: float | Schedule | Mapping[str, Any] = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.99,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
        exclude_from_weight_decay: Sequence[str] = (),
    ) -> None: ...
    @property
    def beta_1(self) -> float: ...
    @property
    def beta_2(self) -> float: ...
    def slots(self, *args: Any, **kwargs: Any) -> Any: ...
    def update(self, *args: Any, **kwargs: Any) -> Any: ...

class Muon(Optimizer):
    r"""Muon: momentum with orthogonalized updates for matrices, and Adam for all other weights.

    ``m = momentum·m + d``, ``w -= r·rms_rate·sqrt(max(rows, columns))·O(m)`` (Jordan et al., 2024; Liu et al., 2025). O
    approximates the nearest orthogonal matrix: from ``x = m / ‖m‖``, `ns_steps` iterations of ``x = muon_a·x +
    (muon_b·A + muon_c·A²)·x`` with ``A = x·xᵀ``. With `nesterov`, ``d + momentum·m`` replaces m there.

    Args:
        adam_beta_1: The `beta_1` of Adam for weights that are not matrices.
        adam_beta_2: The `beta_2` of Adam for weights that are not matrices.
        adam_weight_decay: The `weight_decay` of weights that Adam updates.
        epsilon: The `epsilon` of Adam for weights that are not matrices.
        exclude_layers: Parts of weight paths: weights whose path contains one are updated by Adam even if they
            are matrices.
        exclude_embeddings: Whether weights with `embedding` in their path are updated by Adam.
        muon_a: The factor of x in an iteration of the orthogonalization.
        muon_b: The factor of A·x in an iteration of the orthogonalization.
        muon_c: The factor of A²·x in an iteration of the orthogonalization.
        adam_lr_ratio: The learning rate of Adam relative to that of matrices.
        momentum: The momentum: the fraction of the old m that each update keeps.
        ns_steps: The number of Newton-Schulz iterations of the orthogonalization; more make it more exact.
        nesterov: Whether to use Nesterov momentum.
        rms_rate: The root mean square of an update at learning rate 1; null omits the factors
            ``rms_rate·sqrt(max(rows, columns))``.
    """

    def __init__(
        self,
        learning_rate: float | Schedule | Mapping[str, Any] = 0.001,
        adam_beta_1: float = 0.9,
        adam_beta_2: float = 0.999,
        adam_weight_decay: float | None = 0.004,
        epsilon: float = 1e-07,
        weight_decay: float | None = 0.004,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
        exclude_layers: Sequence[str] | None = None,
        exclude_embeddings: bool = True,
        muon_a: float = 3.4445,
        muon_b: float = -4.775,
        muon_c: float = 2.0315,
        adam_lr_ratio: float = 1.0,
        momentum: float = 0.95,
        ns_steps: int = 5,
        nesterov: bool = True,
        rms_rate: float | None = 0.2,
        exclude_from_weight_decay: Sequence[str] = (),
    ) -> None: ...
    @property
    def adam_beta_1(self) -> float: ...
    @property
    def adam_beta_2(self) -> float: ...
    @property
    def adam_weight_decay(self) -> float | None: ...
    @property
    def epsilon(self) -> float: ...
    @property
    def exclude_layers(self) -> tuple[str, ...] | None: ...
    @property
    def exclude_embeddings(self) -> bool: ...
    @property
    def muon_a(self) -> float: ...
    @property
    def muon_b(self) -> float: ...
    @property
    def muon_c(self) -> float: ...
    @property
    def adam_lr_ratio(self) -> float: ...
    @property
    def momentum(self) -> float: ...
    @property
    def ns_steps(self) -> int: ...
    @property
    def nesterov(self) -> bool: ...
    @property
    def rms_rate(self) -> float | None: ...
    def slots(self, *args: Any, **kwargs: Any) -> Any: ...
    def update(self, *args: Any, **kwargs: Any) -> Any: ...

class Nadam(Optimizer):
    r"""Nadam: Adam with Nesterov momentum.

    ``w -= r·(a·m + b·d) / (sqrt(v / (1 - beta_2^t)) + epsilon)`` (Dozat, 2016).

    ``u_t = beta_1·(1 - 0.96^t / 2)``, ``U_t = u_1·…·u_t``, ``a = u_{t+1} / (1 - U_{t+1})``, ``b = (1 - u_t) / (1 -
    U_t)``.

    Args:
        beta_1: The decay rate of the moving average of gradients, m; 0.9 averages over about the last 10 updates.
        beta_2: The decay rate of the moving average of squared gradients, v; 0.999 averages over about the last
            1000 updates.
        epsilon: A small constant added to sqrt(v), to avoid division by zero; a larger value makes steps smaller
            where gradients are small.
    """

    def __init__(
        self,
        learning_rate: float | Schedule | Mapping[str, Any] = 0.001,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-07,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
        exclude_from_weight_decay: Sequence[str] = (),
    ) -> None: ...
    @property
    def beta_1(self) -> float: ...
    @property
    def beta_2(self) -> float: ...
    @property
    def epsilon(self) -> float: ...
    def slots(self, *args: Any, **kwargs: Any) -> Any: ...
    def update(self, *args: Any, **kwargs: Any) -> Any: ...

class RMSprop(Optimizer):
    r"""RMSprop: gradients divided by a moving average of their magnitude.

    ``v = rho·v + (1 - rho)·d²``, ``w -= r·d / sqrt(v + epsilon)`` (Hinton, 2012). With `centered`, ``v - a²`` replaces
    v, with ``a = rho·a + (1 - rho)·d``. With momentum, ``m = momentum·m + r·d / sqrt(…)`` is subtracted.

    Args:
        rho: The decay rate of the moving average of squared gradients: the fraction of the old value that each
            update keeps.
        momentum: The momentum: the fraction of the previous update added to the next one; 0 for none.
        epsilon: A small constant added under the square root, to avoid division by zero.
        centered: Whether to divide by the estimated standard deviation of the gradients (subtracting their mean)
            instead of their root mean square.
    """

    def __init__(
        self,
        learning_rate: float | Schedule | Mapping[str, Any] = 0.001,
        rho: float = 0.9,
        momentum: float = 0.0,
        epsilon: float = 1e-07,
        centered: bool = False,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
        exclude_from_weight_decay: Sequence[str] = (),
    ) -> None: ...
    @property
    def rho(self) -> float: ...
    @property
    def momentum(self) -> float: ...
    @property
    def epsilon(self) -> float: ...
    @property
    def centered(self) -> bool: ...
    def slots(self, *args: Any, **kwargs: Any) -> Any: ...
    def update(self, *args: Any, **kwargs: Any) -> Any: ...

class SGD(Optimizer):
    r"""Stochastic gradient descent, optionally with momentum.

    ``w -= r·d``; with momentum, ``m = momentum·m - r·d`` and ``w += m`` or, with `nesterov`, ``w += momentum·m - r·d``
    (Sutskever et al., 2013).

    Args:
        momentum: The momentum: the fraction of the previous update added to the next one; 0 for none.
        nesterov: Whether to use Nesterov momentum.
    """

    def __init__(
        self,
        learning_rate: float | Schedule | Mapping[str, Any] = 0.01,
        momentum: float = 0.0,
        nesterov: bool = False,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
        exclude_from_weight_decay: Sequence[str] = (),
    ) -> None: ...
    @property
    def momentum(self) -> float: ...
    @property
    def nesterov(self) -> bool: ...
    def slots(self, *args: Any, **kwargs: Any) -> Any: ...
    def update(self, *args: Any, **kwargs: Any) -> Any: ...

class ScheduleFreeAdamW(Optimizer):
    r"""Schedule-free AdamW: trains at an interpolation between the newest weights, z, and their average, x.

    ``v += (1 - beta_2)·(d² - v)``, ``z -= r·d / (sqrt(v / (1 - beta_2^t)) + epsilon)``, ``x = (1 - 1/t)·x + z/t``, ``w
    = beta_1·x + (1 - beta_1)·z`` (Defazio et al., 2024).

    x is not stored: it is ``(w - (1 - beta_1)·z) / beta_1``. r rises to the learning rate during the first
    `warmup_steps` updates.

    Args:
        beta_1: The weight of the average x in the weights used in training.
        beta_2: The decay rate of the moving average of squared gradients, v.
        epsilon: A small constant added to sqrt(v), to avoid division by zero.
        warmup_steps: The number of updates over which the learning rate rises linearly from 0 to its full value.
    """

    def __init__(
        self,
        learning_rate: float | Schedule | Mapping[str, Any] = 0.0025,
        beta_1: float = 0.9,
        beta_2: float = 0.999,
        epsilon: float = 1e-08,
        warmup_steps: int = 0,
        weight_decay: float | None = None,
        clipnorm: float | None = None,
        clipvalue: float | None = None,
        global_clipnorm: float | None = None,
        use_ema: bool = False,
        ema_momentum: float = 0.99,
        ema_overwrite_frequency: int | None = None,
        loss_scale_factor: None = None,
        gradient_accumulation_steps: int | None = None,
        name: str | None = None,
        exclude_from_weight_decay: Sequence[str] = (),
    ) -> None: ...
    @property
    def beta_1(self) -> float: ...
    @property
    def beta_2(self) -> float: ...
    @property
    def epsilon(self) -> float: ...
    @property
    def warmup_steps(self) -> int: ...
    def slots(self, *args: Any, **kwargs: Any) -> Any: ...
    def update(self, *args: Any, **kwargs: Any) -> Any: ...
