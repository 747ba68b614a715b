"""Claims that are not sent yet: sealed, each for a limited time, and gone with their files afterwards."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from world import NOW, Shop, a_photo

from makewhole.people.links import draft_key, opens_draft
from makewhole.portals.frame.who import claimant_actor
from makewhole.store import drafts, evidence
from makewhole.store.ids import new_id
from makewhole.store.models import Evidence, FilingDraft, PhotoBand


@pytest.fixture
def line_id(shop: Shop) -> int:
    return int(shop.sell().pk)


def test_what_was_told_is_sealed_and_comes_back(line_id: int):
    draft_id = _begun(line_id, story="A secret of mine")
    row = FilingDraft.objects.get(id=draft_id)
    assert row.sealed is not None and b"secret" not in bytes(row.sealed)
    found = drafts.find(draft_id, NOW)
    assert found is not None and found.told["story"] == "A secret of mine"
    assert "secret" not in repr(found)


def test_words_moved_to_another_draft_do_not_open(line_id: int):
    from makewhole.store.envelope import CannotOpen

    one, other = _begun(line_id, story="one"), _begun(line_id, story="other")
    FilingDraft.objects.filter(id=other).update(sealed=FilingDraft.objects.get(id=one).sealed)
    with pytest.raises(CannotOpen):
        drafts.find(other, NOW)


def test_two_saves_keep_both_answers_and_each_starts_the_time_anew(line_id: int):
    draft_id = _begun(line_id, story="one")
    later = NOW + timedelta(days=30)
    drafts.save(draft_id, line_id, lambda told: told.update(when="today"), account_id=None, at=later)
    found = drafts.find(draft_id, NOW + drafts.KEPT + timedelta(days=1))
    assert found is not None and found.told == {"story": "one", "when": "today"}


def test_a_draft_is_there_until_its_last_moment_and_then_erased_with_its_files(line_id: int):
    draft_id, photo = new_id(), _photo()
    drafts.save(draft_id, line_id, lambda told: told.update(files=[{"id": str(photo)}]), account_id=None, at=NOW)
    end = NOW + drafts.KEPT
    assert drafts.find(draft_id, end - timedelta(seconds=1)) is not None
    drafts.forget_old(end - timedelta(seconds=1))
    assert drafts.find(draft_id, end - timedelta(seconds=1)) is not None
    assert drafts.find(draft_id, end) is None
    assert drafts.forget_old(end) >= 1
    assert not FilingDraft.objects.filter(id=draft_id).exists()
    row = Evidence.objects.get(id=photo)
    assert (row.wrapped_key, row.erased_at, row.photo_hash) == (None, end, None)
    assert not PhotoBand.objects.filter(evidence_id=photo).exists()


def test_a_sent_draft_has_no_words_keeps_the_claims_files_and_erases_the_others(shop: Shop, line_id: int):
    claim = shop.file().claim
    attached, loose = claim.evidence[0].evidence_id, _photo()
    draft_id = new_id()
    files = [{"id": str(attached)}, {"id": str(loose)}]
    drafts.save(draft_id, line_id, lambda told: told.update(files=files, story="x"), account_id=None, at=NOW)
    drafts.sent(draft_id, claim.claim_id, NOW)
    found = drafts.find(draft_id, NOW)
    assert found is not None and (found.claim_id, found.told) == (claim.claim_id, {})
    assert Evidence.objects.get(id=attached).wrapped_key is not None
    assert Evidence.objects.get(id=loose).wrapped_key is None
    again = drafts.save(draft_id, line_id, lambda told: told.update(story="y"), account_id=None, at=NOW)
    assert again.claim_id == claim.claim_id and FilingDraft.objects.get(id=draft_id).sealed is None


def test_a_draft_of_one_order_line_takes_no_answer_about_another(shop: Shop, line_id: int):
    draft_id = _begun(line_id, story="one")
    other = int(shop.sell().pk)
    drafts.save(draft_id, other, lambda told: told.update(story="two"), account_id=None, at=NOW)
    found = drafts.find(draft_id, NOW)
    assert found is not None and (found.order_line_id, found.told) == (line_id, {"story": "one"})


def test_a_drafts_key_opens_it_and_no_other():
    one, other = new_id(), new_id()
    assert opens_draft(draft_key(one), one)
    assert not opens_draft(draft_key(one), other)
    assert not opens_draft("forged", one)


def _begun(line_id: int, **told: str) -> UUID:
    draft_id = new_id()
    drafts.save(draft_id, line_id, lambda record: record.update(told), account_id=None, at=NOW)
    return draft_id


def _photo() -> UUID:
    by = claimant_actor(new_id()).name
    return evidence.keep("worktop.jpg", a_photo(), "photo", by=by, at=NOW).id
