"""Ids that are the same whenever and wherever they are made."""

from __future__ import annotations

import hashlib


def stable_id(prefix: str, *parts: object) -> str:
    """Return `prefix` and 10 characters that depend on nothing but `parts`: 50 bits of their SHA-256."""
    digest = hashlib.sha256("\x1f".join(map(str, parts)).encode()).digest()
    number = int.from_bytes(digest[:7], "big")
    letters = "0123456789abcdefghjkmnpqrstvwxyz"  # Crockford's base 32: none is mistaken for another
    return prefix + "".join(letters[(number >> shift) & 31] for shift in range(0, 50, 5))
