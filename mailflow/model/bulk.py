"""Making tens of thousands of frozen values at a time."""

import functools
import gc
from collections.abc import Callable
from typing import ParamSpec, TypeVar

P = ParamSpec("P")
T = TypeVar("T")


def in_bulk(make: Callable[P, T]) -> Callable[P, T]:
    """The collector rests meanwhile: values are trees, so it would walk all of them again and again to find no circle."""

    @functools.wraps(make)
    def with_rest(*args: P.args, **named: P.kwargs) -> T:
        if not gc.isenabled():
            return make(*args, **named)
        gc.disable()
        try:
            return make(*args, **named)
        finally:
            gc.enable()

    return with_rest
