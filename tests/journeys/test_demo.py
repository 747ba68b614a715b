"""The demo operator: always the same, whole after a load that was cut off, and something to do for each role."""

from __future__ import annotations

import pytest


def _figures() -> dict[str, object]:
    from makewhole.people.models import Account
    from makewhole.store.models import Claim, Coverage, Evidence, Marketplace, OrderLine, Seller

    codes = ("us", "uk", "de", "ca")
    claims = Claim.objects.filter(marketplace__in=codes)
    return {
        "marketplaces": Marketplace.objects.filter(code__in=codes).count(),
        "sellers": Seller.objects.filter(marketplace__in=codes).count(),
        "insured": Coverage.objects.filter(seller__marketplace__in=codes).count(),
        "orders": OrderLine.objects.filter(marketplace__in=codes).count(),
        "accounts": Account.objects.filter(email__endswith="@demo.example").count(),
        "files": Evidence.objects.filter(claim_id__in=claims.values("id")).count(),
        "claims": sorted(claims.values_list("reference", "stage", "outcome", "approved_minor", "paid_minor")),
    }


def test_the_demo_is_whole_also_after_a_load_that_was_cut_off_and_twice_is_once(
    kept: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    from makewhole import demo
    from makewhole.demo import stories

    def no_power(*_: object) -> None:
        raise RuntimeError("the power went")

    with monkeypatch.context() as patch:
        patch.setattr(stories, "second_person_agrees", no_power)
        patch.setattr(stories, "STORIES", (*stories.STORIES[:3], _cut_off(stories.STORIES[10], no_power)))
        with pytest.raises(RuntimeError, match="the power went"):
            demo.load()
    assert not _figures()["claims"]

    demo.load()
    first = _figures()
    assert (first["marketplaces"], first["sellers"], first["accounts"]) == (4, 300, len(demo.sign_ins()))
    assert 5_000 <= int(str(first["orders"])) < 5_100
    assert 100 < int(str(first["insured"])) < 300
    stages = {stage for _, stage, *_ in first["claims"]}  # type: ignore[attr-defined]
    assert stages == {
        "closed", "paying", "awaiting_proof", "awaiting_answer", "awaiting_second", "awaiting_release",
        "awaiting_payee", "under_review",
    }  # fmt: skip
    demo.load()
    assert _figures() == first


def test_every_shown_sign_in_signs_in(kept: None) -> None:
    from django.test import Client

    from makewhole import demo

    demo.load()
    for one in demo.sign_ins():
        answer = Client().post("/sign-in", {"username": one.email, "password": one.password})
        assert answer.status_code == 302, one.role


def _cut_off(story: object, step: object) -> object:
    from dataclasses import replace

    return replace(story, then=(step,))  # type: ignore[type-var]
