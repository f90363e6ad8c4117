"""The kernel `winograd_4`: see `transforms.FORMS`."""

from __future__ import annotations

from modelc.native.families.winograd.kernel import winograd_kernel

KERNELS = (winograd_kernel("winograd_4"),)
