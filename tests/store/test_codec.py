"""Events to bytes and back: nothing is lost, and what was once written is read and written for ever the same.

golden_events.jsonl holds one event of each kind as first written. Its lines are never changed: a changed shape gets
a new name or an upcast. A new kind adds a line; the failing test below prints it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store.event_samples import PERSON, any_of, plain

from makewhole.domain.claim.events import Recorded
from makewhole.store.codec import KINDS, decode, encode

GOLDEN = Path(__file__).parent / "golden_events.jsonl"
CLAIM = UUID("018f3c1e-0000-7abc-8def-0123456789ab")
AT = datetime(2026, 3, 2, 17, 0, 0, 123456, tzinfo=UTC)


def golden() -> list[bytes]:
    return GOLDEN.read_bytes().splitlines()


@pytest.mark.parametrize("line", golden(), ids=lambda line: decode(line)[0].kind)
def test_what_was_written_once_is_read_and_written_the_same(line: bytes) -> None:
    body, recorded = decode(line)
    assert encode(body.claim, body.version, recorded) == line


@pytest.mark.parametrize("version, kind", list(enumerate(sorted(KINDS), start=1)), ids=sorted(KINDS))
def test_the_golden_file_has_every_kind_and_says_what_it_said(version: int, kind: str) -> None:
    written = {decode(line)[0].kind: line for line in golden()}
    sample = Recorded(plain(KINDS[kind]), AT, PERSON)
    assert kind in written, f"add this line to {GOLDEN.name}: {encode(CLAIM, version, sample).decode()}"
    body, recorded = decode(written[kind])
    assert (body.claim, body.at, body.by) == (CLAIM, AT, PERSON)
    assert recorded == sample


@pytest.mark.parametrize("kind", sorted(KINDS))
def test_every_event_comes_back_as_it_was(kind: str) -> None:
    @settings(max_examples=10, deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
    @given(event=any_of(KINDS[kind]), version=st.integers(1, 10**6))
    def there_and_back(event: Any, version: int) -> None:
        recorded = Recorded(event, AT, PERSON)
        body, read = decode(encode(CLAIM, version, recorded))
        assert read == recorded and (body.claim, body.version, body.kind) == (CLAIM, version, kind)
        assert encode(CLAIM, version, read) == encode(CLAIM, version, recorded)

    there_and_back()


def test_a_kind_that_nobody_knows_is_a_fault_of_ours() -> None:
    line = encode(CLAIM, 1, Recorded(plain(KINDS["ClaimClosed"]), AT, PERSON)).replace(b"ClaimClosed", b"ClaimEaten")
    with pytest.raises(AssertionError, match="unknown kind ClaimEaten"):
        decode(line)
