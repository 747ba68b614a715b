"""Plays a worked case: reads its file, does its steps in the pure rules, and says in plain words what differs.

Start at `differences`. How a case is written stands in docs/guides/worked-cases.md; a word that a case may not use
is said with those that it may (CaseFault), so that whoever writes one needs nobody's help.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, get_args
from uuid import UUID
from zoneinfo import ZoneInfo

from cases import sellers_part
from cast import (
    CAST,
    CLAIMANTS,
    CURRENCIES,
    KETTLE,
    WORDS,
    ZONES,
    World,
    file,
    pay_id,
    proof_of,
    uid,
)  # fmt: skip
from domain.policy.policy_documents import shipped_text

from makewhole.domain.actors import CLOCK, Actor
from makewhole.domain.claim import commands as do
from makewhole.domain.claim import events as ev
from makewhole.domain.claim.events import DecidedLine, EvidenceItem, ExposureClaimed, Head, Payee, Reason
from makewhole.domain.claim.paying import release_digest
from makewhole.domain.claim.state import Claim, Closed, Exposure, UnderReview
from makewhole.domain.money import Money, parse_money
from makewhole.domain.policy.document import read_policy
from makewhole.domain.refusal import Refused

Told = dict[str, Any]  # a table of the file: the words of a handler, checked one by one
NOON = time(12, 0)
ONLY_CLAIM = "the claim"

CASE_KEYS = {
    "title", "story", "marketplace", "order", "known", "cover", "payouts", "policy_changes", "free_days", "steps",
    "outcome",
}  # fmt: skip
ORDER_KEYS = {"price", "quantity", "ordered", "delivered", "physical", "line"}
# What is known beside the case's own claims, in the handler's words: the fact, and what it is.
KNOWN: dict[str, str] = {
    "seller_is_insured": "seller_insured",
    "first_automatic_payment_of_this_seller": "seller_had_automatic_approval",
    "other_people_with_this_account": "payee_of_others",
    "other_people_with_these_contacts": "linked_claimants",
    "kinds_of_contact_compared": "link_kinds",
    "draw_for_quality": "draw",
    "seller_keeps_other_rules": "seller_good_standing",
    "insurance_was_asked_for": "insurance_requested",
    "seller_is_gone": "seller_gone",
}
STEP_KEYS = {
    "on", "at", "who", "does", "claim", "refused", "incident_on", "parts", "papers", "same_files_as", "pay_by",
    "account", "hazards", "under_age", "approves", "refuses", "reason", "proof", "clock", "days", "order_line",
    *sellers_part.STEP_KEYS,
}  # fmt: skip
OUTCOME_KEYS = {
    "claim", "ends", "waits_for", "claimed", "approved", "refused", "paid", "open", "reserved", "track", "decided_by",
    "clauses", "refused_because", "why_a_person", "missing", "tasks", "parts", "seller_told", "number_of_claims",
    "same_incident_as", "files_reused", *sellers_part.OUTCOME_KEYS,
}  # fmt: skip


class CaseFault(Exception):
    """The file says something that a case cannot say."""


def differences(path: Path) -> list[str]:
    """What came out otherwise than the case expects; nothing where all is as told."""
    told = tomllib.loads(path.read_text(encoding="utf-8"))
    _only(told, CASE_KEYS, "the case")
    for needed in ("title", "story", "steps", "outcome"):
        if not told.get(needed):
            raise CaseFault(f"the case has no {needed}")
    play = Play(told)
    for number, step in enumerate(told["steps"], start=1):
        play.step(step, f"step {number} ({step.get('who')} {step.get('does')})")
        if play.differences:
            return play.differences  # what follows would only confuse
    found: list[str] = []
    for outcome in told["outcome"]:
        found += play.compare(outcome)
    return found


class Play:
    """A case as it goes: its world, and its claims by name."""

    def __init__(self, told: Told) -> None:
        marketplace = _one_of(told.get("marketplace", "us"), ZONES, "marketplace")
        self.currency = CURRENCIES[marketplace]
        self.world = World(marketplace, free_days=frozenset(told.get("free_days", ())))
        _only(told.get("cover", {}), sellers_part.COVER_KEYS, "cover")
        self.world.facts = sellers_part.with_cover(self._known(told.get("known", {})), self, told.get("cover", {}))
        sellers_part.payouts(self, told.get("payouts", []))
        self.world.lines = {line["line"]: self._line(line) for line in self._orders(told.get("order", {}))}
        for change in told.get("policy_changes", ()):
            self._change_policy(change)
        self.named: dict[str, UUID] = {}
        self.papers = 0
        self.differences: list[str] = []

    # What is given --------------------------------------------------------------------------------------------

    def _known(self, told: Told) -> Told:
        _only(told, set(KNOWN), "known")
        facts = {KNOWN[name]: value for name, value in told.items()}
        if "seller_had_automatic_approval" in facts:
            facts["seller_had_automatic_approval"] = not facts["seller_had_automatic_approval"]
        return facts

    def _orders(self, told: Any) -> list[Told]:
        orders = told if isinstance(told, list) else [told]
        return [{"line": KETTLE.order_line_id + n} | order for n, order in enumerate(orders)]

    def _line(self, told: Told) -> do.OrderLineFacts:
        _only(told, ORDER_KEYS, "order")
        delivered = told.get("delivered", date(2026, 2, 5))
        return replace(
            KETTLE,
            order_line_id=told["line"],
            marketplace=self.world.marketplace,
            currency=self.currency,
            price_minor=self.minor(told.get("price", "50.00")),
            quantity=told.get("quantity", 1),
            ordered_at=self._instant(told.get("ordered", date(2026, 2, 1))),
            delivered_at=None if delivered == "unknown" else self._instant(delivered),
            physical=told.get("physical", True),
        )

    def _change_policy(self, told: Told) -> None:
        """A new version of the policy in which one value changes, for what happens from a day on."""
        _only(told, {"published", "value", "kind", "from", "selected_by", "becomes"}, "policy_changes")
        _, latest, version = self.world.policies[-1]
        text = self._texts[-1] if hasattr(self, "_texts") else shipped_text(self.world.marketplace)
        shown = str(told["becomes"]).lower() if isinstance(told["becomes"], bool) else repr(told["becomes"])
        shown = shown.replace("'", '"')
        text += (
            f'\n[[values.{told["value"]}]]\nkind = "{told["kind"]}"\nvalue = {shown}\nfrom = {told["from"]}\n'
            f'selected_by = "{told["selected_by"]}"\nsource = "a worked case"\nchecked = 2026-01-01\n'
        )
        self._texts = [*getattr(self, "_texts", []), text]
        stem, _, number = version.rpartition("-")
        document = read_policy(text, where=f"{latest.name}, changed by the case")
        self.world.policies.append((self._instant(told["published"]), document, f"{stem}-{int(number) + 1}"))

    # What happens ---------------------------------------------------------------------------------------------

    def step(self, told: Told, where: str) -> None:
        _only(told, STEP_KEYS, where)
        if "on" in told:
            self._time_passes(self._instant(told["on"], told.get("at", NOON)))
        elif "at" in told:
            raise CaseFault(f"{where}: 'at' needs the day, 'on'")
        doing = _one_of(told.get("does", ""), DOING, f"{where}: does")
        try:
            DOING[doing](self, told)
        except Refused as refusal:
            if told.get("refused") != refusal.code:
                self.differences.append(f"{where}: the rules say no: {refusal}")
            return
        if "refused" in told:
            self.differences.append(f"{where}: the rules were to say no ({told['refused']}), but it was done")

    def _time_passes(self, until: datetime) -> None:
        """As the sweep does: every clock that comes to its end on the way runs out, in order."""
        if until < self.world.at and self.world.histories:
            raise CaseFault(f"{until:%Y-%m-%d %H:%M} lies before the step ahead of it")
        while due := sorted(
            (clock.due_at, str(claim.claim_id), claim.claim_id, clock.name, clock.turn)
            for claim in self.world.claims
            for clock in claim.clocks
            if clock.state == "running" and clock.due_at <= until
        ):
            at, _, claim_id, name, turn = due[0]
            self.world.at = max(self.world.at, at)
            self.world.do(claim_id, do.RunOutClock(name, turn, pay_id()), CLOCK)
        self.world.at = until

    def files(self, told: Told) -> None:
        number = len(self.named) + 1
        claimant = told["who"] if told["who"] in CLAIMANTS else told.get("account", "Ana")
        exposures = self._exposures(told.get("parts", {}))
        self.world.order_line = told.get("order_line", KETTLE.order_line_id)
        notice = file(
            exposures,
            evidence=self._files_sent(told, exposures),
            number=number + 10 * len(self.world.histories),
            claimant=CLAIMANTS[claimant],
            loss_date=told["incident_on"],
            hazards=tuple(told.get("hazards", ())),
            claimant_is_minor=told.get("under_age", False),
        )
        notice = replace(notice, payee=self._payee(told, claimant))
        claim_id, _ = self.world.notice(notice, self._who(told))
        name = told.get("claim", ONLY_CLAIM)
        self.named[name] = claim_id

    def sends_proof(self, told: Told) -> None:
        claim = self.claim_of(told)
        exposures = claim.filed.exposures
        self.do(told, do.AddProof(self._files_sent(told, exposures), pay_id()))

    def answers(self, told: Told) -> None:
        self.do(told, do.AnswerConcern((), WORDS))

    def shows_a_concern(self, told: Told) -> None:
        numbers = tuple(part.no for part in self._parts(told))
        self.do(told, do.RaiseConcern(numbers, self._reason(told)))

    def asks_for_proof(self, told: Told) -> None:
        asked = tuple((part.no, what) for part in self._parts(told) for what in told["proof"])
        self.do(told, do.RequestProof(asked))

    def decides(self, told: Told) -> None:
        self.do(told, do.Decide(self.lines(told), pay_id()))

    def lines(self, told: Told) -> tuple[DecidedLine, ...]:
        """What a step approves and refuses, part by part."""
        approves, refuses = told.get("approves", {}), told.get("refuses", {})
        heads = dict.fromkeys([*approves, *refuses])
        return tuple(
            DecidedLine(
                self._part(told, head).no,
                self.minor(approves.get(head, "0")),
                self.minor(refuses.get(head, "0")),
                self._reason(told) if head in refuses else None,
            )
            for head in heads
        )

    def agrees(self, told: Told) -> None:
        self.do(told, do.ConfirmDecision(pay_id()))

    def sends_it_back(self, told: Told) -> None:
        self.do(told, do.ReturnDecision(WORDS))

    def names_another_account(self, told: Told) -> None:
        claimant = next(name for name, known in CLAIMANTS.items() if known == self.claim_of(told).filed.claimant_id)
        self.do(told, do.ChangePayee(self._payee(told, claimant + "'s other account")))

    def signs(self, told: Told) -> None:
        self.do(told, do.SignRelease(release_digest(self.claim_of(told)), WORDS, pay_id()))

    def withdraws(self, told: Told) -> None:
        self.do(told, do.WithdrawClaim(WORDS))

    def appeals(self, told: Told) -> None:
        self.do(told, do.Appeal(WORDS))

    def reopens(self, told: Told) -> None:
        self.do(told, do.ReopenClaim(WORDS))

    def gives_more_time(self, told: Told) -> None:
        self.do(told, do.ExtendClock(told.get("clock", "claimant_answers"), told["days"], WORDS))

    def pays(self, told: Told) -> None:
        for payment in self._under_way(told):
            self.do(told, do.ConfirmPayment(payment, "the bank"), by=CAST["Fin"])

    def returns(self, told: Told) -> None:
        for payment in self._under_way(told)[-1:]:
            self.do(told, do.ReturnPayment(payment, "the bank", "account closed"), by=CAST["Fin"])

    def waits(self, told: Told) -> None:
        """Nothing but time passes."""

    # What is expected ------------------------------------------------------------------------------------------

    def compare(self, told: Told) -> list[str]:
        _only(told, OUTCOME_KEYS, "outcome")
        claim = self.claim_of(told)
        name = told.get("claim", ONLY_CLAIM)
        is_now = self._as_told(claim)
        found = []
        for key, expected in told.items():
            if key in ("claim", "parts"):
                continue
            now = is_now[key]
            if isinstance(expected, list) and key != "decided_by":
                lacking = [one for one in expected if one not in now]
                if lacking:
                    found.append(f"{name}: {key} should have {lacking}, but there is {now}")
            elif isinstance(expected, dict):
                if {name: self._plain(amount) for name, amount in expected.items()} != now:
                    found.append(f"{name}: {key} should be {expected}, but is {now}")
            elif key == "same_incident_as":
                if self.world.claim(self.named[expected]).filed.incident_id != claim.filed.incident_id:
                    found.append(f"{name}: should be of one incident with {expected}, but is not")
            elif self._plain(expected) != now:
                found.append(f"{name}: {key} should be {expected}, but is {now}")
        for head, amounts in told.get("parts", {}).items():
            found += self._compare_part(name, self._part(told, head), amounts)
        return found

    def _compare_part(self, name: str, part: Exposure, expected: Told) -> list[str]:
        now = {
            "approved": part.approved_minor, "refused": part.refused_minor, "paid": part.paid_minor,
            "open": part.open_minor, "supported": part.supported_minor or 0,
        }  # fmt: skip
        _only(expected, set(now), f"outcome of {part.head}")
        return [
            f"{name}, {part.head}: {key} should be {amount}, but is {self.shown(now[key])}"
            for key, amount in expected.items()
            if self.minor(amount) != now[key]
        ]

    def _as_told(self, claim: Claim) -> Told:
        history = [recorded.event for recorded in self.world.histories[claim.claim_id]]
        decided = [event for event in history if isinstance(event, ev.ClaimDecided)]
        assessed = [event for event in history if isinstance(event, ev.ClaimAssessed)]
        concerns = [event for event in history if isinstance(event, ev.ConcernRaised)]
        asked = [event for event in history if isinstance(event, ev.ProofRequested)]
        referred = [why for event in history if isinstance(event, ev.ClaimReferred) for why in event.reasons]
        people = {actor.name: name for name, actor in CAST.items()} | {"machine:decision": "the machine"}
        return {
            "ends": claim.stage.outcome if isinstance(claim.stage, Closed) else f"still open ({_stage(claim)})",
            "waits_for": claim.whose_turn() or "nobody",
            "claimed": self.shown(claim.claimed_minor),
            "approved": self.shown(claim.approved_minor),
            "refused": self.shown(claim.refused_minor),
            "paid": self.shown(claim.paid_minor),
            "open": self.shown(claim.open_minor),
            "reserved": self.shown(claim.reserve_minor),
            "track": claim.track or "none",
            "decided_by": [people[name] for event in decided for name in event.deciders],
            "clauses": [event.clause.clause for event in assessed]
            + [clause.clause for event in decided for clause in event.clauses]
            + [event.reason.clause for event in concerns],
            "refused_because": [part.reason_code for part in claim.exposures if part.refused_minor],
            "why_a_person": referred,
            "missing": [f"{part.what} for part {part.exposure_no}" for event in asked for part in event.missing],
            "tasks": sorted(claim.tasks),
            "seller_told": claim.seller_notified,
            "number_of_claims": len(self.world.histories),
            "files_reused": next(
                (check.outcome for check in claim.checks if check.name == "reused_photo"), "not screened"
            ),
            "same_incident_as": "",
        } | sellers_part.now(self, claim)

    def _plain(self, expected: Any) -> Any:
        """An amount may be written 150 or 150.00; everything else as it is."""
        if isinstance(expected, str) and expected.removeprefix("-").replace(".", "", 1).isdigit():
            sign = "-" if expected.startswith("-") else ""
            return sign + self.shown(self.minor(expected.removeprefix("-")))
        return expected

    # Small things ------------------------------------------------------------------------------------------------

    def do(self, told: Told, command: do.ClaimCommand, by: Actor | None = None) -> None:
        self.world.do(self.claim_of(told).claim_id, command, by or self._who(told))

    @staticmethod
    def one_of(word: str, allowed: Any, where: str) -> str:
        """A word out of those there are. (Any: as _one_of.)"""
        return _one_of(word, allowed, where)

    def _who(self, told: Told) -> Actor:
        return CAST[_one_of(told.get("who", ""), CAST, "who")]

    def claim_of(self, told: Told) -> Claim:
        name = told.get("claim", ONLY_CLAIM if len(self.named) != 1 else next(iter(self.named)))
        return self.world.claim(self.named[_one_of(name, self.named, "claim")])

    def _exposures(self, told: Told) -> tuple[ExposureClaimed, ...]:
        for head in told:
            _one_of(head, get_args(Head), "parts")
        return tuple(
            ExposureClaimed(no, head, self.minor(amount))  # type: ignore[arg-type]
            for no, (head, amount) in enumerate(told.items(), start=1)
        )

    def _files_sent(self, told: Told, exposures: tuple[ExposureClaimed, ...]) -> tuple[EvidenceItem, ...]:
        """`papers`: "all" (each part on paper in full), "none", or what the papers show of each part."""
        papers = told.get("papers", "all")
        self.papers += 1000
        if papers == "none":
            return ()
        shown = {} if papers == "all" else {part.no: self.minor(papers.get(part.head, "0")) for part in exposures}
        sent = proof_of(exposures, first=self.papers, shown=shown)
        if other := told.get("same_files_as"):
            copied = self.claim_of({"claim": other}).evidence
            sent = (
                tuple(replace(item, sha256=same.sha256) for item, same in zip(sent, copied, strict=False))
                + sent[len(copied) :]
            )
        return sent

    def _parts(self, told: Told) -> list[Exposure]:
        return [self._part(told, head) for head in told.get("parts", ())]

    def _part(self, told: Told, head: str) -> Exposure:
        claim = self.claim_of(told)
        known = {part.head: part for part in claim.exposures}
        return known[_one_of(head, known, "part")]  # type: ignore[index]

    def _reason(self, told: Told) -> Reason:
        version = self.world.policies[-1][2]
        return Reason(told.get("reason", "not_supported"), f"{version} · payable_heads", (), WORDS)

    def _payee(self, told: Told, whose: str) -> Payee:
        """The same account is the same words; refunds and credit have none."""
        account = told.get("account", whose)
        return Payee(
            uid(0xACC000 + sum(ord(sign) * n for n, sign in enumerate(account, start=1))),
            told.get("pay_by", "bank_transfer"),
        )

    def _under_way(self, told: Told) -> list[UUID]:
        found = [p.order.payment_id for p in self.claim_of(told).payments if p.state == "ordered"]
        if not found:
            raise CaseFault(f"no payment is on its way when the bank {told['does']}")
        return found

    def _instant(self, day: date, hour: time = NOON) -> datetime:
        return datetime.combine(day, hour, ZoneInfo(ZONES[self.world.marketplace])).astimezone(UTC)

    def minor(self, amount: str) -> int:
        return parse_money(amount, self.currency).minor

    def shown(self, minor: int) -> str:
        return str(Money(minor, self.currency).decimal)


DOING: dict[str, Callable[[Play, Told], None]] = {
    "files a claim": Play.files,
    "sends proof": Play.sends_proof,
    "answers": Play.answers,
    "names another account": Play.names_another_account,
    "signs the release": Play.signs,
    "withdraws": Play.withdraws,
    "appeals": Play.appeals,
    "asks for proof": Play.asks_for_proof,
    "shows a concern": Play.shows_a_concern,
    "decides": Play.decides,
    "agrees": Play.agrees,
    "sends it back": Play.sends_it_back,
    "reopens": Play.reopens,
    "gives more time": Play.gives_more_time,
    "pays": Play.pays,
    "sends the payment back": Play.returns,
    "waits": Play.waits,
} | sellers_part.DOES


def _stage(claim: Claim) -> str:
    why = f": {', '.join(claim.stage.reasons)}" if isinstance(claim.stage, UnderReview) else ""
    return type(claim.stage).__name__ + why


def _only(told: Told, allowed: set[str], where: str) -> None:
    if strange := sorted(set(told) - allowed):
        raise CaseFault(f"{where}: nobody knows {', '.join(strange)}. There are: {', '.join(sorted(allowed))}")


def _one_of(word: str, allowed: Any, where: str) -> str:
    """Any: a dictionary or a tuple of the words that may stand there."""
    if word not in allowed:
        raise CaseFault(f"{where}: nobody knows “{word}”. There are: {', '.join(sorted(allowed))}")
    return word
