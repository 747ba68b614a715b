"""What digests are made of: the tree over an hour's heads, and the way from one of them to its root."""

from __future__ import annotations

import hashlib
from uuid import UUID

import pytest

from makewhole.domain.chain import Tree, body_digest, event_digest, leaf, path_to_root, root_of, root_over

CLAIM = UUID("018f3c1e-0000-7abc-8def-0123456789ab")


def leaves(count: int) -> list[bytes]:
    return [leaf(UUID(int=n), n + 1, hashlib.sha256(bytes([n])).digest()) for n in range(count)]


def sha(*parts: bytes) -> bytes:
    return hashlib.sha256(b"".join(parts)).digest()


def test_an_events_digest_is_over_the_one_before_and_the_digest_of_its_body() -> None:
    first = event_digest(b"", body_digest(b"one"))
    assert first == sha(sha(b"one"))
    assert event_digest(first, body_digest(b"two")) == sha(first, sha(b"two"))


def test_the_tree_is_that_of_rfc_6962() -> None:
    a, b, c, d, e = leaves(5)
    assert root_of([]) == sha(b"")
    assert root_of([a]) == a
    ab, cd = sha(b"\x01", a, b), sha(b"\x01", c, d)
    assert root_of([a, b]) == ab
    assert root_of([a, b, c]) == sha(b"\x01", ab, c)
    assert root_of([a, b, c, d, e]) == sha(b"\x01", sha(b"\x01", ab, cd), e)


@pytest.mark.parametrize("count", [*range(1, 35), 64, 65])
def test_each_leaf_has_a_way_to_the_root_and_no_other_leaf_has_it(count: int) -> None:
    given = leaves(count)
    root = root_of(given)
    for at, own in enumerate(given):
        steps = path_to_root(given, at)
        assert len(steps) <= (count - 1).bit_length()
        assert root_over(own, steps) == root
        assert root_over(given[at - 1], steps) == root if count == 1 else root_over(given[at - 1], steps) != root


def test_a_way_with_a_step_on_the_other_side_leads_elsewhere() -> None:
    given = leaves(6)
    (side, digest), *rest = path_to_root(given, 2)
    turned = [("right" if side == "left" else "left", digest), *rest]
    assert root_over(given[2], turned) != root_of(given)  # type: ignore[arg-type]


def test_a_leaf_is_of_its_claim_its_version_and_its_head() -> None:
    head = sha(b"head")
    own = leaf(CLAIM, 7, head)
    assert own == sha(b"\x00", CLAIM.bytes, (7).to_bytes(4, "big"), head)
    assert len({own, leaf(CLAIM, 8, head), leaf(UUID(int=1), 7, head), leaf(CLAIM, 7, sha(b"other"))}) == 4


def test_a_tree_can_be_asked_and_added_to_again() -> None:
    tree, given = Tree(), leaves(7)
    for count, each in enumerate(given, start=1):
        tree.add(each)
        assert tree.root() == tree.root() == root_of(given[:count])
