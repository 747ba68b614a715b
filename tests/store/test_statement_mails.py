"""Mails of a decision hold its whole statement of reasons; none to a seller names the claimant."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from world import Shop


def test_every_mail_of_a_decision_holds_its_whole_statement_and_none_to_a_seller_names_the_claimant(
    shop: Shop,
) -> None:
    from asked_back import NAME, contest_decided, secrets_of

    from makewhole.reads.statement_lines import sections, title
    from makewhole.reads.statements import statement_to
    from makewhole.store.models import Outbox
    from makewhole.workers.mails.letters import letter

    claim = contest_decided(shop).claim
    told = []
    for notice in Outbox.objects.filter(claim_id=claim.claim_id).order_by("id"):
        party = notice.recipient.partition(":")[0]
        if party not in ("claimant", "seller"):
            continue
        text = letter(notice).text
        if party == "seller":
            assert [secret for secret in secrets_of(shop) if secret in text] == []
        assert notice.version is not None
        statement = statement_to(claim.claim_id, notice.version, party)  # type: ignore[arg-type]
        if statement is None:
            continue
        told.append((statement.kind, party))
        assert title(statement) in text
        for part in sections(statement):
            assert part.heading in text and all(" ".join(line.split()) in text for line in part.lines)
    assert told == [
        ("claim_decided", "claimant"), ("claim_decided", "seller"), ("recovery_opened", "seller"),
        ("funds_withheld", "seller"), ("funds_withheld", "seller"), ("contest_decided", "seller"),
        ("funds_released", "seller"), ("recovery_closed", "seller"),
    ]  # fmt: skip
    assert NAME in letter(Outbox.objects.get(claim_id=claim.claim_id, template="claim_decided")).text
