"""What the log's digests are made of: of an event, of an hour's heads, of a checkpoint.

One place for whoever writes them, checks them, exports them, or verifies an export far away from here. An event's
digest takes its body's digest and not the body, so that a body can be withheld and the chain still be followed; an
hour's heads are the leaves of a tree (RFC 6962), so that one of them can be proved without the others.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal
from uuid import UUID

Side = Literal["left", "right"]
# What stands beside a node on its way to the root: on which side, and its digest.
Step = tuple[Side, bytes]

# A leaf can never be taken for a node, nor a node for a leaf.
_LEAF, _NODE = b"\x00", b"\x01"


def body_digest(body: bytes) -> bytes:
    return hashlib.sha256(body).digest()


def event_digest(prior: bytes, digest_of_body: bytes) -> bytes:
    """The digest of an event, from that of the event before it (none: no bytes) and that of its own body."""
    return hashlib.sha256(prior + digest_of_body).digest()


# An hour's heads -------------------------------------------------------------------------------------


def leaf(claim_id: UUID, version: int, head: bytes) -> bytes:
    """One claim's head, as the tree has it."""
    return hashlib.sha256(_LEAF + claim_id.bytes + version.to_bytes(4, "big") + head).digest()


class Tree:
    """Leaves in order, and the root over them, in memory of their number's logarithm."""

    __slots__ = ("_peaks",)

    def __init__(self) -> None:
        self._peaks: list[tuple[int, bytes]] = []  # whole subtrees so far, the largest first: (leaves, digest)

    def add(self, node: bytes) -> None:
        size = 1
        while self._peaks and self._peaks[-1][0] == size:
            node, size = _node(self._peaks.pop()[1], node), size * 2
        self._peaks.append((size, node))

    def root(self) -> bytes:
        """Without any leaf, the digest of nothing."""
        if not self._peaks:
            return hashlib.sha256(b"").digest()
        root = self._peaks[-1][1]
        for _, peak in reversed(self._peaks[:-1]):
            root = _node(peak, root)
        return root


def root_of(leaves: Iterable[bytes]) -> bytes:
    """The root over these leaves, in this order."""
    tree = Tree()
    for each in leaves:
        tree.add(each)
    return tree.root()


def path_to_root(leaves: Sequence[bytes], at: int) -> list[Step]:
    """What stands beside the leaf at that place on its way up, nearest first."""
    assert 0 <= at < len(leaves), f"no leaf {at} of {len(leaves)}"
    if len(leaves) == 1:
        return []
    half = 1 << (len(leaves) - 1).bit_length() - 1
    if at < half:
        return [*path_to_root(leaves[:half], at), ("right", root_of(leaves[half:]))]
    return [*path_to_root(leaves[half:], at - half), ("left", root_of(leaves[:half]))]


def root_over(one_leaf: bytes, steps: Iterable[Step]) -> bytes:
    """The root that this leaf has by these steps."""
    node = one_leaf
    for side, other in steps:
        node = _node(other, node) if side == "left" else _node(node, other)
    return node


def _node(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(_NODE + left + right).digest()


# A checkpoint ----------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Stated:
    """What a checkpoint says. `claims` and `events`: all that there were, from the beginning."""

    seq: int
    at: datetime
    claims: int
    events: int
    root: bytes
    prior: bytes

    def digest(self) -> bytes:
        """What is signed."""
        at = self.at.astimezone(UTC).isoformat()
        told = f"makewhole checkpoint\n{self.seq}\n{at}\n{self.claims}\n{self.events}\n"
        return hashlib.sha256(told.encode() + self.root + self.prior).digest()


def fingerprint(public_key: bytes) -> str:
    """A key as people compare it: half of its SHA-256, in groups of four."""
    digits = hashlib.sha256(public_key).hexdigest()[:32]
    return " ".join(digits[at : at + 4] for at in range(0, len(digits), 4))
