"""Pseudo-random values by index: the same index always gives the same value."""

from math import gcd

_MASK = (1 << 64) - 1
_GOLDEN = 0x9E3779B97F4A7C15


def lot(seed: int, index: int, sides: int) -> int:
    """A number in 0..sides-1 (splitmix64)."""
    z = (seed * _GOLDEN + index * 0xBF58476D1CE4E5B9 + _GOLDEN) & _MASK
    z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & _MASK
    z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & _MASK
    return (z ^ (z >> 31)) % sides


def shuffled(index: int, length: int) -> int:
    """Where `index` lands when 0..length-1 are shuffled: a bijection that needs no table."""
    step = max(1, round(length * 0.618))
    while gcd(step, length) != 1:
        step += 1
    return (index * step + length // 3) % length


def is_marked(index: int, marks: int, length: int) -> bool:
    """Whether `index` is one of `marks` evenly spaced places in 0..length-1."""
    return (index + 1) * marks // length > index * marks // length


def marked_before(index: int, marks: int, length: int) -> int:
    return min(index, length) * marks // length if length else 0
