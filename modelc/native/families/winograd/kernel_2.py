"""The kernel of Winograd's convolution for tiles of 2 by 2 outputs."""

from __future__ import annotations

from modelc.native.families.winograd.kernel import winograd_kernel

KERNELS = (winograd_kernel(2),)
