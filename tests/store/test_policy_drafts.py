"""Drafts of policies: written by somebody, checked whole, published through the one door, and then left alone."""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import uuid4

import pytest

from makewhole.domain.actors import Actor
from makewhole.domain.refusal import Refused

pytestmark = pytest.mark.usefixtures("emptied")
AT = datetime(2026, 11, 21, 17, 0, tzinfo=UTC)
VERA = Actor("person:31", "programme_owner")
OMAR = Actor("person:32", "programme_owner")
RAISED = """[[values.small_claim_limit]]
kind = "money"
value = "1500.00"
from = 2027-01-01
selected_by = "incident"
source = "Raised by the programme owner"
checked = 2026-11-21

[[values.small_claim_limit]]"""


@pytest.fixture
def text() -> str:
    from store.claims_given import market

    from makewhole.store import policies

    market()
    return policies.shipped("us")


def _raised(text: str) -> str:
    return text.replace("[[values.small_claim_limit]]", RAISED, 1)


def test_a_draft_becomes_the_next_version_under_the_name_of_who_published_it(text: str) -> None:
    from makewhole.store import policy_drafts
    from makewhole.store.models import PolicyVersion

    draft = policy_drafts.start(text, note="", by=VERA, at=AT)
    assert [str(each) for each in policy_drafts.findings(draft, AT)] == [
        "us.toml: this is the text of us 2021-1: nothing would change"
    ]
    draft = policy_drafts.save(draft.id, _raised(text), note="more", seen=1, by=VERA, at=AT)
    assert policy_drafts.findings(draft, AT) == []
    version = policy_drafts.publish(draft.id, seen=draft.revision, by=OMAR, at=AT)
    assert (version.version, version.published_by, version.text) == ("us 2026-2", "person:32", _raised(text))
    for act in (
        lambda: policy_drafts.save(draft.id, text, note="", seen=draft.revision, by=VERA, at=AT),
        lambda: policy_drafts.publish(draft.id, seen=draft.revision, by=VERA, at=AT),
        lambda: policy_drafts.drop(draft.id, by=VERA, at=AT),
    ):
        with pytest.raises(Refused, match="draft_is_over"):
            act()
    assert PolicyVersion.objects.filter(policy="us").count() == 2
    assert policy_drafts.waiting(None) == []


def test_what_would_change_the_past_is_found_before_and_refused_at_the_door(text: str) -> None:
    from makewhole.store import policy_drafts
    from makewhole.store.policies import FaultyPolicy

    yesterday, today = (
        _raised(text).replace("from = 2027-01-01", f"from = {day}") for day in ("2026-11-20", "2026-11-21")
    )
    draft = policy_drafts.start(yesterday, note="", by=VERA, at=AT)
    found = policy_drafts.findings(draft, AT)
    assert any("differs from 2026-11-20" in each.what for each in found)
    with pytest.raises(FaultyPolicy):
        policy_drafts.publish(draft.id, seen=1, by=VERA, at=AT)
    assert policy_drafts.findings(policy_drafts.start(today, note="", by=VERA, at=AT), AT) == []


def test_the_second_of_two_people_saves_nothing_over_the_first(text: str) -> None:
    from makewhole.store import policy_drafts
    from makewhole.store.models import PolicyDraft

    draft = policy_drafts.start(text, note="", by=VERA, at=AT)
    policy_drafts.save(draft.id, _raised(text), note="", seen=1, by=VERA, at=AT)
    with pytest.raises(Refused, match="draft_moved_on"):
        policy_drafts.save(draft.id, text + "# other\n", note="", seen=1, by=OMAR, at=AT)
    with pytest.raises(Refused, match="draft_moved_on"):
        policy_drafts.publish(draft.id, seen=1, by=OMAR, at=AT)
    assert PolicyDraft.objects.get(id=draft.id).text == _raised(text)


def test_saving_the_same_again_is_no_revision(text: str) -> None:
    from makewhole.store import policy_drafts

    draft = policy_drafts.start(text, note="n", by=VERA, at=AT)
    assert policy_drafts.save(draft.id, text.replace("\n", "\r\n"), note="n", seen=1, by=OMAR, at=AT).revision == 1


def test_an_owner_of_one_marketplace_drafts_only_what_holds_for_that_one(text: str) -> None:
    from makewhole.store import policy_drafts
    from makewhole.store.models import Marketplace

    of_us = Actor("person:33", "programme_owner", marketplaces=frozenset({"us"}))
    draft = policy_drafts.start(text, note="", by=of_us, at=AT)
    assert policy_drafts.find(draft.id, of_us) and len(policy_drafts.waiting(policy_drafts.policies_of(of_us))) == 1
    other = text.replace('name = "us"', 'name = "uk"', 1)
    with pytest.raises(Refused, match="policy_of_others"):
        policy_drafts.save(draft.id, other, note="", seen=1, by=of_us, at=AT)
    with pytest.raises(Refused, match="draft_names_no_policy"):
        policy_drafts.start("not = [toml", note="", by=of_us, at=AT)
    # a text that cannot be read meanwhile stays the draft of its policy
    assert policy_drafts.save(draft.id, "not = [toml", note="", seen=1, by=of_us, at=AT).policy == "us"
    Marketplace.objects.create(
        code="mx", name="MX", country="US", currency="USD", zone="America/New_York", legal_entity="x", policy="us"
    )
    with pytest.raises(Refused, match="unknown_draft"):
        policy_drafts.find(draft.id, of_us)
    assert policy_drafts.waiting(policy_drafts.policies_of(of_us)) == []


@pytest.mark.parametrize(
    ("given", "code"),
    [("", "text_missing"), (" \n ", "text_missing"), ("a\0b", "text_has_null_bytes"), ("#" * 400_001, "text_too_long")],
)
def test_what_is_no_text_is_refused(text: str, given: str, code: str) -> None:
    from makewhole.store import policy_drafts

    with pytest.raises(Refused, match=code):
        policy_drafts.start(given, note="", by=VERA, at=AT)


def test_every_finding_names_the_line_of_its_text(text: str) -> None:
    from makewhole.domain.policy.lines import line_of
    from makewhole.store import policy_drafts

    faulty = _raised(text).replace('kind = "money"\nvalue = "1500.00"', 'kind = "mony"\nvalue = "1500.00"')
    faulty = faulty.replace('id = "tendered"\nwhen = "true"', 'id = "tendered"\nwhen = "true and nonsense"')
    draft = policy_drafts.start(faulty, note="", by=VERA, at=AT)
    lines = faulty.splitlines()
    told = {
        lines[line - 1]
        for each in policy_drafts.findings(draft, AT)
        if (line := line_of(faulty, each.where, each.what)) is not None
    }
    assert {'kind = "mony"', 'when = "true and nonsense"'} <= told
    for broken, line in (('[policy]\nname = "us"\nx = [1,\n', 3), ("[policy]\nname = us\nx = 1\n", 2)):
        draft = policy_drafts.start(broken, note="", by=VERA, at=AT)
        assert [line_of(broken, each.where, each.what) for each in policy_drafts.findings(draft, AT)] == [line]


def test_a_draft_that_nobody_has_is_none(text: str) -> None:
    from makewhole.store import policy_drafts

    with pytest.raises(Refused, match="unknown_draft"):
        policy_drafts.find(uuid4(), VERA)


def test_a_dropped_draft_waits_no_more_and_twice_is_once(text: str) -> None:
    from makewhole.store import policy_drafts

    draft = policy_drafts.start(text, note="", by=VERA, at=AT)
    policy_drafts.drop(draft.id, by=VERA, at=AT)
    policy_drafts.drop(draft.id, by=VERA, at=AT)
    assert policy_drafts.waiting(None) == []
