"""Configs with shared options whose positional arguments are in Keras's order."""

from __future__ import annotations

from typing import Any, ClassVar, Literal

from modelc.config.base import Config

ComputeDType = Literal["float32"] | None
"""What is computed in: float32, whether it is said or not."""


class Ordered(Config):
    """A config whose options stand in the order of `order`, in which `*` stands for all that it does not name.

    A base class's options would come first otherwise, and Keras declares the common ones last.
    """

    order: ClassVar[str] = "*"

    @classmethod
    def __pydantic_init_subclass__(cls, **kwargs: Any) -> None:
        super().__pydantic_init_subclass__(**kwargs)
        fields = cls.__pydantic_fields__
        named = cls.order.split()
        own = [name for name in fields if name not in named]
        order = [name for word in named for name in (own if word == "*" else [word]) if name in fields]
        # The dictionary itself is sorted: pydantic holds on to it.
        for name in order:
            fields[name] = fields.pop(name)
