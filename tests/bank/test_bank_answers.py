"""What the bank answers becomes what the books say: matched, once, and never a cent that does not fit."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from bank.messages import camt_054, entry, pain_002, status, sum_of_a_run, table
from bank.paying import bank_ref, maker, paying, reference, signed, signer
from bank.test_batches import refusal
from world import NOW

if TYPE_CHECKING:
    from world import Shop

    from makewhole.bank_answers import TakenIn
    from makewhole.domain.claim.state import Claim
    from makewhole.store.models import Payment

LATER = NOW + timedelta(days=1)


def take_in(shop: Shop, content: bytes, name: str = "answer.xml") -> TakenIn:
    from makewhole import bank_answers

    return bank_answers.take_in(name, content, by=maker(shop), at=LATER)


def outcomes(taken: TakenIn) -> list[tuple[str, str]]:
    return list(taken.file.answers.order_by("no").values_list("outcome", "refusal"))


def payment_of(claim: Claim) -> Payment:
    from makewhole.store.models import Payment

    return Payment.objects.get(claim_id=claim.claim_id)


def test_a_payment_is_confirmed_and_another_comes_back(shop: Shop) -> None:
    from makewhole.store.models import Claim

    paid, back = paying(shop), paying(shop, "50.00")
    signed(shop)
    ref = bank_ref()
    taken = take_in(
        shop,
        camt_054(
            entry(reference(paid), "120.00", ref=ref),
            entry(reference(back), "50.00", ref=bank_ref(), side="CRDT", back="AC04"),
        ),
    )
    assert outcomes(taken) == [("done", ""), ("done", "")]
    assert (payment_of(paid).state, payment_of(paid).bank_ref) == ("settled", ref)
    assert payment_of(back).state == "returned"
    assert Claim.objects.get(id=back.claim_id).stage == "awaiting_payee"
    assert Claim.objects.get(id=paid.claim_id).outcome == "paid"


def test_the_same_file_is_read_once_and_the_same_answer_counts_once(shop: Shop) -> None:
    claim = paying(shop)
    ref = bank_ref()
    content = camt_054(entry(reference(claim), "120.00", ref=ref))
    assert not take_in(shop, content).repeated
    again = take_in(shop, content)
    assert again.repeated and outcomes(again) == [("done", "")]
    other_file = take_in(shop, camt_054(entry(reference(claim), "120.00", ref=ref), message="N-2"))
    assert outcomes(other_file) == [("repeated", "")]
    other_kind = take_in(shop, pain_002("a" * 32, status(reference(claim), "ACSC", ref=bank_ref())))
    assert outcomes(other_kind) == [("repeated", "")]
    from makewhole.store.models import Event

    assert Event.objects.filter(claim_id=claim.claim_id, kind="PaymentSettled").count() == 1


def test_one_reference_of_the_bank_does_not_mean_two_things(shop: Shop) -> None:
    claim = paying(shop)
    ref = bank_ref()
    take_in(shop, camt_054(entry(reference(claim), "120.00", ref=ref)))
    said_otherwise = camt_054(entry(reference(claim), "120.00", ref=ref, side="CRDT", back="AC04"))
    assert outcomes(take_in(shop, said_otherwise)) == [("refused", "key_used_for_other_content")]
    assert payment_of(claim).state == "settled"


def test_what_does_not_fit_moves_nothing_and_the_rest_is_done(shop: Shop) -> None:
    short, dear, foreign, good = (paying(shop) for _ in range(4))
    rows = (
        (reference(short), "paid", "119.99", "USD", bank_ref(), ""),
        (reference(dear), "paid", "120.01", "USD", bank_ref(), ""),
        (reference(foreign), "paid", "120.00", "CAD", bank_ref(), ""),
        ("0" * 32, "paid", "120.00", "USD", bank_ref(), ""),
        ("our invoice", "paid", "120.00", "USD", bank_ref(), ""),
        (reference(good), "paid", "120.00", "USD", bank_ref(), ""),
    )
    assert [outcome for outcome, _ in outcomes(take_in(shop, table(*rows), "answer.csv"))] == [
        "wrong_amount", "wrong_amount", "wrong_currency", "unknown", "unknown", "done",
    ]  # fmt: skip
    assert [payment_of(claim).state for claim in (short, dear, foreign, good)] == ["ordered"] * 3 + ["settled"]


def test_a_file_that_cannot_be_read_to_its_end_does_nothing_at_all(shop: Shop) -> None:
    from makewhole.store.models import BankFile

    claim = paying(shop)
    rows = table(
        (reference(claim), "paid", "120.00", "USD", bank_ref(), ""), (reference(claim), "perhaps", "1", "USD", "B", "")
    )
    before = BankFile.objects.count()
    with refusal("bank_file_not_readable"):
        take_in(shop, rows, "answer.csv")
    assert payment_of(claim).state == "ordered" and BankFile.objects.count() == before


def test_a_fault_in_the_middle_leaves_nothing_half_done(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    from makewhole import bank_answers
    from makewhole.store.models import BankFile

    first, second = paying(shop), paying(shop)
    content = camt_054(*(entry(reference(claim), "120.00", ref=bank_ref()) for claim in (first, second)))
    real = bank_answers.handle_all
    calls = iter((1, 0))

    def breaks(asks: object) -> object:
        if not next(calls):
            raise RuntimeError("the power is gone")
        return real(asks)

    before = BankFile.objects.count()
    with monkeypatch.context() as patch:
        patch.setattr(bank_answers, "_AT_ONCE", 1)
        patch.setattr(bank_answers, "handle_all", breaks)
        with pytest.raises(RuntimeError):
            take_in(shop, content)
    assert [payment_of(claim).state for claim in (first, second)] == ["ordered", "ordered"]
    assert BankFile.objects.count() == before
    assert outcomes(take_in(shop, content)) == [("done", ""), ("done", "")]


def test_a_run_booked_in_one_sum_confirms_each_payment_of_it(shop: Shop) -> None:
    claims = [paying(shop), paying(shop, "50.00")]
    batch = signed(shop)
    wrong = take_in(shop, camt_054(sum_of_a_run(batch.pk.hex, "169.99", number=2, ref=bank_ref())))
    assert outcomes(wrong) == [("wrong_amount", "")]
    right = take_in(shop, camt_054(sum_of_a_run(batch.pk.hex, "170.00", number=2, ref=bank_ref())))
    assert outcomes(right) == [("done", ""), ("done", "")]
    assert [payment_of(claim).state for claim in claims] == ["settled", "settled"]


def test_a_return_after_the_payment_was_made_waits_for_a_person(shop: Shop) -> None:
    claim = paying(shop)
    take_in(shop, camt_054(entry(reference(claim), "120.00", ref=bank_ref())))
    back = take_in(shop, camt_054(entry(reference(claim), "120.00", ref=bank_ref(), side="CRDT", back="AC04")))
    assert outcomes(back) == [("refused", "payment_is_settled")]


def test_a_rejection_that_is_ours_asks_the_claimant_for_nothing(shop: Shop) -> None:
    from makewhole import batches
    from makewhole.store.models import Claim

    claim = paying(shop)
    batch = signed(shop)
    told = pain_002(batch.pk.hex, status(reference(claim), "RJCT", ref=bank_ref(), reason="AM04"))
    assert outcomes(take_in(shop, told)) == [("our_fault", "")]
    assert Claim.objects.get(id=claim.claim_id).stage == "paying"
    batches.take_out(batch.pk, payment_of(claim).pk, "the bank had no cover", by=maker(shop), at=LATER)


def test_an_answer_to_another_marketplaces_payment_is_no_answer_to_ours(shop: Shop) -> None:
    from world import open_shop

    theirs = paying(open_shop())
    taken = take_in(shop, camt_054(entry(reference(theirs), "120.00", ref=bank_ref())))
    assert outcomes(taken) == [("unknown", "")]
    assert payment_of(theirs).state == "ordered"


def test_what_does_not_fit_is_explained_once_by_a_person_in_words(shop: Shop) -> None:
    from django.db import IntegrityError, transaction

    from makewhole import bank_answers
    from makewhole.store.models import BankLine

    claim = paying(shop)
    taken = take_in(shop, table((reference(claim), "paid", "119.99", "USD", bank_ref(), "")))
    line = taken.file.answers.get()
    with refusal("words_needed"):
        bank_answers.explain(line.pk, "", by=signer(shop), at=LATER)
    assert bank_answers.explain(line.pk, "The bank took a cent of charges.", by=signer(shop), at=LATER)
    assert not bank_answers.explain(line.pk, "Something else.", by=signer(shop), at=LATER)
    line.refresh_from_db()
    assert line.explanation == "The bank took a cent of charges."
    with pytest.raises(IntegrityError, match="stays as it was read"), transaction.atomic():
        BankLine.objects.filter(id=line.pk).update(amount_minor=120_00)


def test_only_finance_reads_what_the_bank_says(shop: Shop) -> None:
    from makewhole import bank_answers

    content = camt_054(entry(reference(paying(shop)), "120.00", ref=bank_ref()))
    for role in ("adjuster", "auditor", "programme_owner", "marketplace"):
        with refusal("role_may_not"):
            bank_answers.take_in("a.xml", content, by=shop.staff(role, 900), at=LATER)
