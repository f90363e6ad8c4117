# Made by `python docs/generate` from the classes themselves: change those, then run that again.
"""The optimizers, by Keras's names."""

from collections.abc import Mapping, Sequence
from typing import Any

from modelc.optimizers.optimizer import Optimizer as Optimizer
from modelc.optimizers.schedules.classes import Schedule as Schedule
from modelc.optimizers import schedules as schedules


class SGD(Optimizer):
    r"""Stochastic gradient descent: a step against the gradient, with momentum if wanted.

    ``w -= r·d``; with momentum, ``m = momentum·m - r·d`` and ``w += m``, or ``w += momentum·m - r·d`` (Nesterov)
    (Sutskever et al., 2013).

    Args:
        momentum: The share of the last update that is added to the next one: 0 for none, 0.9 is common. It evens
            out the updates and speeds them up along steady directions.
        nesterov: Whether to use Nesterov's momentum, which applies the momentum before the gradient is used.
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
    r"""Lion: steps of equal size, by the sign of an average of the gradients.

    ``w -= r·sign(beta_1·m + (1 - beta_1)·d)``, then ``m = beta_2·m + (1 - beta_2)·d`` (Chen et al., 2023).

    Args:
        beta_1: The share of the average, against that of the new gradient, in the update whose sign is taken.
        beta_2: The share of the old average that is kept when a new gradient is averaged in.
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
    r"""Adagrad: each weight's steps get smaller as its squared gradients add up, in a.

    ``a += d²``, ``w -= r·d / sqrt(a + epsilon)`` (Duchi et al., 2011).

    Args:
        initial_accumulator_value: The value that the sum of squared gradients, a, starts from.
        epsilon: A small number added to the sum before its root is taken, so that nothing is divided by 0.
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
    r"""Adadelta: steps in proportion to the size of earlier updates over that of the gradients, both as moving averages.

    ``a = rho·a + (1 - rho)·d²``, ``u = -d·sqrt(b + epsilon) / sqrt(a + epsilon)``, ``b = rho·b + (1 - rho)·u²``,
    ``w += r·u`` (Zeiler, 2012).

    Args:
        rho: The share of the old moving averages that each update keeps.
        epsilon: A small number added to the averages before their roots are taken, so that nothing is divided by
            0.
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
    r"""RMSprop: gradients divided by a moving average of their size.

    ``v = rho·v + (1 - rho)·d²``, ``w -= r·d / sqrt(v + epsilon)`` (Hinton, 2012).

    `centered`: ``v - a²`` in place of v, with ``a = rho·a + (1 - rho)·d``. With momentum, what is subtracted is
    ``m = momentum·m + r·d / sqrt(…)``.

    Args:
        rho: The share of the old moving average of squared gradients that each update keeps.
        momentum: The share of the last update that is added to the next one; 0 for none.
        epsilon: A small number added to the average before its root is taken, so that nothing is divided by 0.
        centered: Whether gradients are divided by their standard deviation (their mean is subtracted) instead of
            by their root mean square.
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
    r"""FTRL: for sparse linear models; its penalties can make weights exactly 0.

    Follow the regularized leader (McMahan et al., 2013): with ``p = -learning_rate_power`` and
    ``b = a + d²``,

    ``z += d + 2·l2_shrinkage·w - (b^p - a^p)/r·w``, ``w = (clip(z, ±l1) - z) / (b^p/r + 2·l2 + beta/r)``, ``a = b``.

    Args:
        learning_rate_power: The exponent -p by which a weight's learning rate falls as its squared gradients add
            up; 0 for a constant rate.
        initial_accumulator_value: The value that the sum of squared gradients, a, starts from.
        l1_regularization_strength: The factor of the L1 penalty, which makes small weights exactly 0.
        l2_regularization_strength: The factor of the L2 penalty, which keeps weights small.
        l2_shrinkage_regularization_strength: The factor of an L2 penalty that is added to the gradient itself,
            and not to the sum of squares.
        beta: A constant added to the divisor of the rate, the beta of the paper; a larger one makes the first
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

class Adam(Optimizer):
    r"""Adam: an average of the gradients, divided by an average of their size: a good first choice.

    ``w -= r·sqrt(1 - beta_2^t) / (1 - beta_1^t)·m / (sqrt(v) + epsilon)`` (Kingma and Ba, 2015); `amsgrad` takes
    the largest v so far (Reddi et al., 2018).

    Args:
        beta_1: The share of the old average of the gradients, m, that each update keeps; 0.9 averages over about
            the last 10 updates.
        beta_2: The share of the old average of the squared gradients, v, that each update keeps; 0.999 averages
            over about the last 1000 updates.
        epsilon: A small number added to the root of v, so that nothing is divided by 0; a larger one makes the
            steps of weights with small gradients smaller.
        amsgrad: Whether to divide by the largest v so far instead of the present one (AMSGrad), so that a
            weight's steps never get larger again.
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
        beta_1: The share of the old average of the gradients, m, that each update keeps; 0.9 averages over about
            the last 10 updates.
        beta_2: The share of the old average of the squared gradients, v, that each update keeps; 0.999 averages
            over about the last 1000 updates.
        epsilon: A small number added to the root of v, so that nothing is divided by 0; a larger one makes the
            steps of weights with small gradients smaller.
        amsgrad: Whether to divide by the largest v so far instead of the present one (AMSGrad), so that a
            weight's steps never get larger again.
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
    r"""Adamax: Adam with the largest recent gradient, u, in place of the average size.

    ``u = max(beta_2·u, |d|)``, ``w -= r / (1 - beta_1^t)·m / (u + epsilon)`` (Kingma and Ba, 2015).

    Args:
        beta_1: The share of the old average of the gradients, m, that each update keeps; 0.9 averages over about
            the last 10 updates.
        beta_2: The share of the old average of the squared gradients, v, that each update keeps; 0.999 averages
            over about the last 1000 updates.
        epsilon: A small number added to the root of v, so that nothing is divided by 0; a larger one makes the
            steps of weights with small gradients smaller.
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
    r"""Nadam: Adam with Nesterov's momentum.

    ``w -= r·(a·m + b·d) / (sqrt(v / (1 - beta_2^t)) + epsilon)`` with Nesterov's momentum (Dozat, 2016).

    ``u_t = beta_1·(1 - 0.96^t / 2)``, ``U_t = u_1·…·u_t``, ``a = u_{t+1} / (1 - U_{t+1})``,
    ``b = (1 - u_t) / (1 - U_t)``.

    Args:
        beta_1: The share of the old average of the gradients, m, that each update keeps; 0.9 averages over about
            the last 10 updates.
        beta_2: The share of the old average of the squared gradients, v, that each update keeps; 0.999 averages
            over about the last 1000 updates.
        epsilon: A small number added to the root of v, so that nothing is divided by 0; a larger one makes the
            steps of weights with small gradients smaller.
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
    r"""LAMB: Adam whose update of each layer is scaled to the size of its weights, for very large batches.

    ``u = m / (1 - beta_1^t) / (sqrt(v / (1 - beta_2^t)) + epsilon)``, ``w -= r·‖w‖/‖u‖·u``; 1 for the quotient of
    the norms where one of them is 0 (You et al., 2020).

    Args:
        beta_1: The share of the old average of the gradients, m, that each update keeps; 0.9 averages over about
            the last 10 updates.
        beta_2: The share of the old average of the squared gradients, v, that each update keeps; 0.999 averages
            over about the last 1000 updates.
        epsilon: A small number added to the root of v, so that nothing is divided by 0; a larger one makes the
            steps of weights with small gradients smaller.
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
        beta_2_decay: The exponent of the number of the update, t, by which the averages get slower: their share
            of the old is ``1 - t^beta_2_decay``.
        epsilon_1: A small number added to squared gradients, so that nothing is divided by 0.
        epsilon_2: The smallest size that a weight is taken to have, where updates are in proportion to it.
        clip_threshold: The largest allowed root mean square of the update of one weight; larger updates are
            scaled down.
        relative_step: Whether the learning rate falls as ``1/sqrt(t)`` with the number of updates, t. In Keras it
            falls whatever this says, and so it does here.
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
        adam_beta_1: The `beta_1` of the Adam that updates what are no matrices.
        adam_beta_2: The `beta_2` of the Adam that updates what are no matrices.
        adam_weight_decay: The `weight_decay` of the weights that Adam updates.
        epsilon: The `epsilon` of the Adam that updates what are no matrices.
        exclude_layers: Parts of the paths of weights that Adam updates even where they are matrices.
        exclude_embeddings: Whether Adam updates the weights with `embedding` in their paths.
        muon_a: The factor of x in each iteration of the orthogonalization.
        muon_b: The factor of A·x in each iteration.
        muon_c: The factor of A²·x in each iteration.
        adam_lr_ratio: The learning rate of Adam, as a multiple of that of the matrices.
        momentum: The share of the old average of gradients, m, that each update keeps.
        ns_steps: The number of iterations of the orthogonalization (Newton and Schulz); more make it more exact.
        nesterov: Whether to use Nesterov's momentum: the new gradient counts once more in the update.
        rms_rate: The root mean square of an update for a learning rate of 1; null leaves this factor and the root
            of the sizes out.
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
    r"""AdamW without a schedule: it trains at a point between the newest weights and their average.

    ``v += (1 - beta_2)·(d² - v)``, ``z -= r·d / (sqrt(v / (1 - beta_2^t)) + epsilon)``,
    ``x = (1 - 1/t)·x + z/t``, ``w = beta_1·x + (1 - beta_1)·z`` (Defazio et al., 2024).

    x is not kept: it is ``(w - (1 - beta_1)·z) / beta_1``. r rises to the learning rate in `warmup_steps`.

    Args:
        beta_1: The share of the average of all earlier weights, x, in the weights that are used in training.
        beta_2: The share of the old average of squared gradients, v, that each update keeps.
        epsilon: A small number added to the root of v, so that nothing is divided by 0.
        warmup_steps: The number of first updates over which the learning rate rises from 0 to its full value.
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
