"""Promise 5: the log tells when it was touched, names the place, and rebuilds the current rows exactly."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from click.testing import CliRunner

pytestmark = pytest.mark.usefixtures("emptied")


def _three_claims() -> list[UUID]:
    """One to be paid by machine, one that waits for proof, one paid, and a clock that ran out."""
    from store.claims_given import BANK, FILED_AT, filed, market

    from makewhole.domain.claim.commands import ConfirmPayment
    from makewhole.handle import Ask, handle
    from makewhole.workers.clocks import sweep_due_clocks

    seller = market()
    paid = filed(seller).claim
    payment = ConfirmPayment(paid.payments[0].order.payment_id, "B-1")
    handle(Ask(payment, BANK, FILED_AT + timedelta(days=1), paid.claim_id))
    waiting, paying = filed(seller, proof=False).claim, filed(seller).claim
    sweep_due_clocks(FILED_AT + timedelta(days=26))
    return [paid.claim_id, waiting.claim_id, paying.claim_id]


def _faults(claim_id: UUID | None = None) -> list[str]:
    from makewhole.store.log import verify

    told: list[str] = []
    seen = verify(lambda fault: told.append(str(fault)), claim_id=claim_id)
    assert seen.faults == len(told) and seen.events > 0
    return told


def _differences() -> list[str]:
    from makewhole.store.replay import replay

    told: list[str] = []
    assert replay(lambda difference: told.append(str(difference))).events > 0
    return told


def test_an_untouched_log_verifies_and_replays_to_the_current_rows() -> None:
    _three_claims()
    assert _faults() == []
    assert _differences() == []


def test_a_changed_word_in_an_event_is_found_at_its_claim_and_version(tampering: Any) -> None:
    paid, _, other = _three_claims()
    tampering("update store_event set body = replace(body, '15000', '95000') where claim_id = %s and version = 1", paid)
    assert _faults() == [f"claim {paid}, version 1: its bytes are not those that its digest was made of"]
    assert _faults(paid) and _faults(other) == []


def test_an_event_taken_out_is_found_where_it_is_missing(tampering: Any) -> None:
    paid, _, _ = _three_claims()
    tampering("delete from store_event where claim_id = %s and version = 3", paid)
    assert f"claim {paid}, version 4: follows version 2: events between them are gone" in _faults()


def test_the_last_event_taken_out_is_found_by_the_claims_row(tampering: Any) -> None:
    from makewhole.store.models import Claim

    paid, _, _ = _three_claims()
    last = Claim.objects.get(id=paid).version
    tampering("delete from store_event where claim_id = %s and version = %s", paid, last)
    assert _faults() == [f"claim {paid}, version {last - 1}: the claim's row names version {last} with another head"]


def test_columns_that_do_not_say_what_the_bytes_say_are_found(tampering: Any) -> None:
    _, waiting, _ = _three_claims()
    tampering("update store_event set at = at - interval '1 day' where claim_id = %s and version = 2", waiting)
    assert _faults() == [f"claim {waiting}, version 2: its columns do not say what its bytes say"]


def test_a_claim_without_a_log_and_a_log_without_a_claim_are_found(tampering: Any) -> None:
    _, waiting, _ = _three_claims()
    bare, lost = UUID(int=7), UUID(int=8)
    other = f'{{"id": "{bare}", "reference": "MW-OTHER-OTHER"}}'
    tampering(
        "insert into store_claim select (jsonb_populate_record(c, %s::jsonb)).* from store_claim c where id = %s",
        other, waiting,
    )  # fmt: skip
    tampering(
        "insert into store_event select %s, version, kind, at, body, prior, digest from store_event "
        "where claim_id = %s and version = 1", lost, waiting,
    )  # fmt: skip
    assert _faults() == [
        f"claim {lost}, version 1: its columns do not say what its bytes say",
        f"claim {lost}, version 1: the log has a claim that has no current row",
        f"claim {bare}: has a current row and no event",
    ]


@pytest.mark.parametrize(
    "change, told",
    [
        ("update store_claim set score = 9 where id = %s", "score is 9, by the log 0"),
        ("update store_claim set waits_for = '{boredom}' where id = %s", "waits_for is ['boredom'], by the log []"),
        ("update store_exposure set claimed_minor = 16 where claim_id = %s", "claimed_minor is 16, by the log 15000"),
        ("delete from store_exposure where claim_id = %s", "row is 'missing', by the log 'there'"),
        (
            "update store_clock set turn = 2 where claim_id = %s and name = 'claimant_answers'",
            "turn 2: row is 'there', by the log 'not there'",
        ),
        (
            "update store_clock set state = 'stopped' where claim_id = %s and name = 'whole_claim'",
            "state is 'stopped', by the log 'running'",
        ),
        (
            "update store_incident i set cap_minor = 5 from store_claim c where i.id = c.incident_id and c.id = %s",
            "cap_minor is 5, by the log 100000000",
        ),
    ],
)
def test_replay_names_the_row_and_column_that_is_not_as_the_log_says(tampering: Any, change: str, told: str) -> None:
    _, waiting, _ = _three_claims()
    tampering(change, waiting)
    assert any(told in difference for difference in _differences()), _differences()


def test_replay_finds_a_changed_payment_and_a_posting_that_nobody_made(tampering: Any) -> None:
    paid, _, _ = _three_claims()
    tampering("update store_payment set amount_minor = 15001 where claim_id = %s", paid)
    tampering(
        "insert into store_posting select claim_id, version, 9, account, seller_id, currency, 5, at "
        "from store_posting where claim_id = %s and account = 'bank'", paid,
    )  # fmt: skip
    told = " ".join(_differences())
    assert "amount_minor is 15001, by the log 15000" in told
    assert "leg 9: row is 'there', by the log 'not there'" in told


def test_when_a_clock_is_tried_again_is_no_matter_of_the_log(tampering: Any) -> None:
    _, waiting, _ = _three_claims()
    tampering("update store_clock set retry_at = now() where claim_id = %s and name = 'whole_claim'", waiting)
    assert _differences() == []


def test_a_claim_that_cannot_be_replayed_is_named_and_the_others_still_are(tampering: Any) -> None:
    paid, waiting, paying = _three_claims()
    tampering("update store_event set body = '{}' where claim_id = %s and version = 2", paid)
    told = _differences()
    assert any(f"claim {paid}, version 2: cannot be replayed" in difference for difference in told)
    assert not any(str(waiting) in difference or str(paying) in difference for difference in told)


def test_several_claims_of_one_incident_replay_to_their_sum() -> None:
    from store.claims_given import filing, market

    from makewhole.handle import handle
    from makewhole.store.models import Claim, Incident

    seller = market()
    first = filing(seller)
    second = filing(seller)
    assert first.filed_for is not None and second.filed_for is not None
    handle(first)
    same_line = replace(second.filed_for, order_ref=first.filed_for.order_ref)
    handle(replace(second, filed_for=same_line))
    assert Claim.objects.count() == 2 and Incident.objects.count() == 1
    assert _differences() == []


def test_the_commands_end_with_0_where_all_is_well_and_with_1_where_not(tampering: Any) -> None:
    from makewhole.cli.log import log
    from makewhole.store.models import Claim

    paid, _, other = _three_claims()
    reference = dict(Claim.objects.values_list("id", "reference"))
    run = CliRunner().invoke
    assert run(log, ["verify"]).exit_code == run(log, ["replay"]).exit_code == 0
    tampering("update store_event set body = body || ' ' where claim_id = %s and version = 2", paid)
    whole = run(log, ["verify"])
    assert whole.exit_code == 1 and f"claim {paid}, version 2:" in whole.output
    assert run(log, ["verify", "--claim", reference[paid]]).exit_code == 1
    assert run(log, ["verify", "--claim", reference[other]]).exit_code == 0
    unknown = run(log, ["verify", "--claim", "MW-NOBOD-YATALL"])
    assert unknown.exit_code == 1 and "there is no claim MW-NOBOD-YATALL." in unknown.output
    tampering("update store_claim set score = score + 1 where id = %s", other)
    assert run(log, ["replay"]).exit_code == 1
