"""The demo operator: always the same, whole after a load that was cut off, and something to do for each role."""

from __future__ import annotations

import pytest


def _figures() -> dict[str, object]:
    from makewhole.people.models import Account
    from makewhole.store.models import Claim, Coverage, Evidence, Insurer, Marketplace, OrderLine, Seller

    codes = ("us", "uk", "de", "ca")
    claims = Claim.objects.filter(marketplace__in=codes)
    return {
        "marketplaces": Marketplace.objects.filter(code__in=codes).count(),
        "sellers": Seller.objects.filter(marketplace__in=codes).count(),
        "insured": Coverage.objects.filter(seller__marketplace__in=codes).count(),
        "insurers": sorted(Insurer.objects.filter(email__endswith=".example").values_list("name", flat=True)),
        "terms": sorted(
            Coverage.objects.filter(seller__marketplace__in=codes).values_list(
                "seller__seller_ref", "insurer", "deductible_minor", "limit_minor", "platform_is_insured"
            )
        ),
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
        "awaiting_payee", "under_review", "awaiting_seller", "awaiting_offer", "seller_settles",
        "awaiting_confirmation",
    }  # fmt: skip
    demo.load()
    assert _figures() == first


def test_the_programmes_figures_are_there_as_soon_as_the_demo_is(kept: None) -> None:
    from django.utils import timezone

    from makewhole import demo
    from makewhole.store import figures
    from makewhole.store.models import Claim, FiguredClaim

    figures.sweep(timezone.now())  # a worker runs, and has looked
    demo.load()
    of_demo = Claim.objects.filter(marketplace__in=("us", "uk", "de", "ca"))
    assert of_demo.count() > 10
    assert not of_demo.exclude(id__in=FiguredClaim.objects.values("claim_id")).exists()


def test_the_demo_has_something_to_answer_for_each_party(kept: None) -> None:
    from django.utils import timezone

    from makewhole import demo
    from makewhole.demo.market import SHOWN_SELLER
    from makewhole.demo.people import account_of
    from makewhole.people import access
    from makewhole.people.roles import Role
    from makewhole.reads.recoveries import recoveries_of
    from makewhole.reads.worklist import worklist
    from makewhole.store.models import Claim, Withholding

    demo.load()
    now = timezone.now()

    def waits(role: Role) -> dict[str, tuple[str, list[str]]]:
        account = account_of(role)
        by = next(iter(access.actors_of(account.pk, access.held_by(account)).values()))
        found = worklist(by, now=now).claims
        return {claim.order_line.order_ref: (claim.stage, sorted(claim.tasks)) for claim in found}

    assert waits(Role.SELLER)["113-10014"][0] == "awaiting_seller"
    offered = Claim.objects.get(order_line__order_ref="113-10015")
    assert (offered.stage, offered.turn, offered.seller.seller_ref) == ("awaiting_offer", "claimant", SHOWN_SELLER)
    assert waits(Role.ADJUSTER)["113-10016"][0] == "under_review"
    assert waits(Role.REVIEWER)["113-10008"][0] == "awaiting_second"
    assert "contest" in waits(Role.REVIEWER)["113-10018"][1]
    assert "113-10014" in waits(Role.INSURER)
    finance = next(iter(access.actors_of(0, access.held_by(account_of(Role.FINANCE))).values()))
    stages = {row.claim.order_line.order_ref: row.stage for row in recoveries_of(finance, marketplace="us")[0]}
    assert stages == {"113-10017": "demanded", "113-10018": "contested", "113-10019": "demanded"}
    held = Withholding.objects.filter(claim__marketplace="us")
    assert {each.claim.order_line.order_ref for each in held} == {"113-10017", "113-10019"}


def test_the_demo_shows_insurance_and_accounts_of_which_nothing_can_be_withheld(kept: None) -> None:
    from makewhole import demo
    from makewhole.demo.market import GONE_SELLER, INSOLVENT_SELLER, INSURERS, SHOWN_INSURER, SHOWN_SELLER
    from makewhole.people.models import Account, RoleAssignment
    from makewhole.store.models import Coverage, Insurer, Seller

    demo.load()
    assert set(INSURERS.items()) <= set(Insurer.objects.values_list("name", "email"))
    shown = Coverage.objects.get(seller__marketplace="us", seller__seller_ref=SHOWN_SELLER)
    assert (shown.insurer, shown.insurer_account) == (SHOWN_INSURER, Insurer.objects.get(name=SHOWN_INSURER))
    assert 0 < shown.deductible_minor < shown.limit_minor
    assert RoleAssignment.objects.get(role="insurer", account__email="insurer@demo.example").insurer_id == (
        shown.insurer_account_id
    )
    assert Account.objects.get(email="insurer@demo.example").is_active
    bare = Seller.objects.filter(marketplace="us", seller_ref__in=(GONE_SELLER, INSOLVENT_SELLER), coverages=None)
    assert [(each.closed_at is not None, each.insolvent_since is not None) for each in bare.order_by("seller_ref")] == [
        (True, False),
        (False, True),
    ]


def test_the_demos_payouts_are_the_same_also_when_told_again_on_a_later_day(kept: None) -> None:
    from datetime import timedelta

    from django.utils import timezone

    from makewhole import demo
    from makewhole.demo import payouts
    from makewhole.store.models import Disbursement

    def told() -> list[tuple[object, ...]]:
        found = Disbursement.objects.filter(marketplace__in=("us", "uk", "de", "ca"))
        return sorted(found.values_list("marketplace_id", "disbursement_ref", "net_minor", "pays_on", "told_at"))

    demo.load()
    payouts.load(timezone.now())
    first = told()
    assert len(first) == 11 and {net for _, _, net, *_ in first} >= {0, 184_020}
    payouts.load(timezone.now() + timedelta(days=9))
    assert told() == first


def test_every_shown_sign_in_signs_in(kept: None) -> None:
    from django.test import Client

    from makewhole import demo

    demo.load()
    for one in demo.sign_ins():
        answer = Client().post("/sign-in", {"login": one.email, "password": one.password})
        assert answer.status_code == 302, one.role


def _cut_off(story: object, step: object) -> object:
    from dataclasses import replace

    return replace(story, then=(step,))  # type: ignore[type-var]
