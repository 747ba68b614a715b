"""Ids, drawn at the edge. Time-ordered (UUID version 7, RFC 9562), so that new rows lie together on disk."""

from __future__ import annotations

import os
import time
from uuid import UUID

_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # Crockford's base 32: no I, L, O, U to be misread


def new_id() -> UUID:
    """A new id: 48 bits of milliseconds, then 74 random bits."""
    stamp = time.time_ns() // 1_000_000
    random = int.from_bytes(os.urandom(10))
    value = (stamp & (2**48 - 1)) << 80 | 0x7 << 76 | (random >> 68 & 0xFFF) << 64 | 0b10 << 62 | random & (2**62 - 1)
    return UUID(int=value)


def reference_of(claim_id: UUID) -> str:
    """The name people use for a claim: "MW-" and ten signs from its random bits. Unique by constraint."""
    bits = claim_id.int & (2**50 - 1)
    signs = "".join(_DIGITS[bits >> shift & 31] for shift in range(45, -5, -5))
    return f"MW-{signs[:5]}-{signs[5:]}"


def draw_of(claim_id: UUID) -> int:
    """0..9999 from other random bits of the id than the reference shows: nobody can choose or foresee it."""
    return (claim_id.int >> 50 & 0xFFF) * 10_000 // 4096
