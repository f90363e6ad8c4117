# Made by `python docs/generate` from the classes themselves: change those, then run that again.
"""The optimizers, by Keras's names."""

from collections.abc import Mapping, Sequence
from typing import Any

from modelc.optimizers.optimizer import Optimizer as Optimizer
from modelc.optimizers.schedules.classes import Schedule as Schedule
from modelc.optimizers import schedules as schedules


class SGD(Optimizer):
    r"""``w -= r·d``; with momentum, ``m = momentum·m - r·d`` and ``w += m``, or ``w += momentum·m - r·d`` (Nesterov)
    (Sutskever et al., 2013).

    Args:
        momentum: How much of the last step the next one keeps.
        nesterov: Whether the momentum is looked ahead.
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

class Lion(Optimizer):
    r"""``w -= r·sign(beta_1·m + (1 - beta_1)·d)``, then ``m = beta_2·m + (1 - beta_2)·d`` (Chen et al., 2023).

    Args:
        beta_1: How much of m the step is made of.
        beta_2: How much of m is kept.
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

class Adagrad(Optimizer):
    r"""``a += d²``, ``w -= r·d / sqrt(a + epsilon)`` (Duchi et al., 2011).

    Args:
        initial_accumulator_value: What a begins as.
        epsilon: Added before the root.
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

class Adadelta(Optimizer):
    r"""``a = rho·a + (1 - rho)·d²``, ``u = -d·sqrt(b + epsilon) / sqrt(a + epsilon)``, ``b = rho·b + (1 - rho)·u²``,
    ``w += r·u`` (Zeiler, 2012).

    Args:
        rho: How much of the averages is kept.
        epsilon: Added before the roots.
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

class RMSprop(Optimizer):
    r"""``v = rho·v + (1 - rho)·d²``, ``w -= r·d / sqrt(v + epsilon)`` (Hinton, 2012).

    `centered`: ``v - a²`` in place of v, with ``a = rho·a + (1 - rho)·d``. With momentum, what is subtracted is
    ``m = momentum·m + r·d / sqrt(…)``.

    Args:
        rho: How much of the averages is kept.
        momentum: How much of the last step the next one keeps.
        epsilon: Added before the root.
        centered: Whether gradients are divided by their deviation and not by their size.
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

class Ftrl(Optimizer):
    r"""Follow the regularized leader (McMahan et al., 2013): with ``p = -learning_rate_power`` and
    ``b = a + d²``,

    ``z += d + 2·l2_shrinkage·w - (b^p - a^p)/r·w``, ``w = (clip(z, ±l1) - z) / (b^p/r + 2·l2 + beta/r)``, ``a = b``.

    Args:
        learning_rate_power: -p: the learning rate falls as the sum of squares to this power.
        initial_accumulator_value: What a begins as.
        l1_regularization_strength: l1, which makes weights 0.
        l2_regularization_strength: l2, which makes weights small.
        l2_shrinkage_regularization_strength: l2_shrinkage, a penalty on w at each step.
        beta: The beta of the paper.
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

class Adam(Optimizer):
    r"""``w -= r·sqrt(1 - beta_2^t) / (1 - beta_1^t)·m / (sqrt(v) + epsilon)`` (Kingma and Ba, 2015); `amsgrad` takes
    the largest v so far (Reddi et al., 2018).

    Args:
        beta_1: How much of the average of gradients is kept.
        beta_2: How much of the average of their squares is kept.
        epsilon: Added to the root.
        amsgrad: Whether v never falls.
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
    r"""Adam with a decay of weights that does not go through the averages (Loshchilov and Hutter, 2019).

    Args:
        beta_1: How much of the average of gradients is kept.
        beta_2: How much of the average of their squares is kept.
        epsilon: Added to the root.
        amsgrad: Whether v never falls.
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
    r"""``u = max(beta_2·u, |d|)``, ``w -= r / (1 - beta_1^t)·m / (u + epsilon)`` (Kingma and Ba, 2015).

    Args:
        beta_1: How much of the average of gradients is kept.
        beta_2: How much of the average of their squares is kept.
        epsilon: Added to the root.
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

class Nadam(Optimizer):
    r"""``w -= r·(a·m + b·d) / (sqrt(v / (1 - beta_2^t)) + epsilon)`` with Nesterov's momentum (Dozat, 2016).

    ``u_t = beta_1·(1 - 0.96^t / 2)``, ``U_t = u_1·…·u_t``, ``a = u_{t+1} / (1 - U_{t+1})``,
    ``b = (1 - u_t) / (1 - U_t)``.

    Args:
        beta_1: How much of the average of gradients is kept.
        beta_2: How much of the average of their squares is kept.
        epsilon: Added to the root.
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

class Lamb(Optimizer):
    r"""``u = m / (1 - beta_1^t) / (sqrt(v / (1 - beta_2^t)) + epsilon)``, ``w -= r·‖w‖/‖u‖·u``; 1 for the quotient of
    the norms where one of them is 0 (You et al., 2020).

    Args:
        beta_1: How much of the average of gradients is kept.
        beta_2: How much of the average of their squares is kept.
        epsilon: Added to the root.
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

class Adafactor(Optimizer):
    r"""Adam without momentum, whose v is kept as the means of a matrix's rows and columns (Shazeer and Stern, 2018).

    ``β = 1 - t^beta_2_decay``, ``s = d² + epsilon_1``; of two axes or more,
    ``R = β·R + (1 - β)·mean s`` over the last axis, ``C`` alike over the one before, and ``v = R / mean(R)·C``; of
    fewer, ``v = β·v + (1 - β)·s``. ``u = d / sqrt(v)``, ``û = u / max(1, rms(u) / clip_threshold)``,
    ``w -= max(epsilon_2, rms(w))·min(r, 1/sqrt(t))·û``.

    Args:
        beta_2_decay: How the averages get slower with t.
        epsilon_1: Added to squares of gradients.
        epsilon_2: The least size that a weight is taken to have.
        clip_threshold: The largest root mean square of an update.
        relative_step: Whether r falls as 1/sqrt(t). In Keras it does either way, and so it does here.
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

class Muon(Optimizer):
    r"""``m = momentum·m + d``, ``w -= r·rms_rate·sqrt(max(rows, columns))·O(m)`` for matrices, and Adam for all other
    weights (Jordan et al., 2024; Liu et al., 2025).

    O is about the nearest orthogonal matrix: from ``x = m / ‖m‖``, `ns_steps` times
    ``x = muon_a·x + (muon_b·A + muon_c·A²)·x`` with ``A = x·xᵀ``. With Nesterov's momentum, ``d + momentum·m`` takes
    the place of m in it.

    Args:
        adam_beta_1: The beta_1 of Adam.
        adam_beta_2: The beta_2 of Adam.
        adam_weight_decay: The decay of the weights that Adam updates.
        epsilon: The epsilon of Adam.
        exclude_layers: Parts of paths of weights that Adam updates, matrices or not.
        exclude_embeddings: Whether Adam updates the weights with `embedding` in their paths.
        muon_a: The factor of x.
        muon_b: The factor of A·x.
        muon_c: The factor of A²·x.
        adam_lr_ratio: How many times as large r is for Adam.
        momentum: How much of m is kept.
        ns_steps: The number of iterations.
        nesterov: Whether the momentum is looked ahead.
        rms_rate: The size of an update for r = 1; None leaves out the factor of `rms_rate` and the root.
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

class ScheduleFreeAdamW(Optimizer):
    r"""``v += (1 - beta_2)·(d² - v)``, ``z -= r·d / (sqrt(v / (1 - beta_2^t)) + epsilon)``,
    ``x = (1 - 1/t)·x + z/t``, ``w = beta_1·x + (1 - beta_1)·z`` (Defazio et al., 2024).

    x is not kept: it is ``(w - (1 - beta_1)·z) / beta_1``. r rises to the learning rate in `warmup_steps`.

    Args:
        beta_1: How much of w is the average x.
        beta_2: How much of the average of squares of gradients is kept.
        epsilon: Added to the root.
        warmup_steps: The steps in which r rises.
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
