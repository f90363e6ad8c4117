"""Areas of working memory that threads take and give back: each has a lease, a word that is 0 where it is free."""

from __future__ import annotations

from modelc.native.code.atomics import fetch_add, load_acquire, pause
from modelc.native.code.vector import inlined
from modelc.native.target import LEASE_BYTES


@inlined
def take_area(leases, count):
    """The number of an area that no other thread has, and from now on this one."""
    area = 0
    while True:
        lease = leases + area * LEASE_BYTES
        if load_acquire(lease, 0) == 0:
            if fetch_add(lease, 0, 1) == 0:
                return area
            fetch_add(lease, 0, -1)
        pause()
        area = area + 1 if area + 1 < count else 0


@inlined
def give_back(leases, area):
    """Let other threads have an area."""
    fetch_add(leases + area * LEASE_BYTES, 0, -1)
