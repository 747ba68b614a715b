"""A draft as a whole: the notice that it makes, what is still missing of its proof, and its answers to look over."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from uuid import UUID

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from makewhole import asks
from makewhole.domain.claim.assessment import PROOF_GROUPS
from makewhole.domain.money import parse_money
from makewhole.domain.refusal import Refused
from makewhole.portals.claimant.steps import PAPERS, PHOTOS, SLOTS, Slot, claimed, files_of, was_hurt
from makewhole.portals.frame import words
from makewhole.portals.frame.showing import day, money
from makewhole.store import policies
from makewhole.store.drafts import Told
from makewhole.store.models import OrderLine

# Refusals of the write door that belong to one question.
_STEPS = {
    "loss_date_in_future": "when",
    "loss_date_before_order": "when",
    "email_not_usable": "you",
    "account_not_usable": "payout",
    "nothing_claimed": "loss",
}
_FIELDS = {"story": "what", "health": "injury", "name": "you", "phone": "you", "address": "you", "email": "you",
           "account": "payout", "holder": "payout"}  # fmt: skip


def step_of(refusal: Refused) -> str:
    """The question that a refusal speaks of; "" where it is about the whole."""
    return _STEPS.get(refusal.code) or _FIELDS.get(str(refusal.facts.get("field", "")), "")


# The notice -----------------------------------------------------------------------------------------------


def notice(told: Told, line: OrderLine, *, language: str) -> asks.NoticeTold:
    """What goes to the write door. Every question of `told` has its answer."""
    you, payout, heads = told["you"], told["payout"], claimed(told)
    by_bank = payout["method"] == "bank_transfer"
    hurt = was_hurt(told)
    injury = told.get("injury", {}) if hurt else {}
    return asks.NoticeTold(
        marketplace=line.marketplace_id,
        order_ref=line.order_ref,
        line_ref=line.line_ref,
        loss_date=date.fromisoformat(told["when"]["loss_date"]),
        story=told["what"]["story"],
        exposures=tuple(asks.ExposureTold(head, told["cost"][head]["amount"]) for head in heads),
        contact=asks.Contact(you["full_name"], you["email"], you["phone"], you["address"], language),
        payout=asks.PayoutTold(payout["method"], payout["account"], payout["holder"])
        if by_bank
        else asks.PayoutTold(payout["method"]),
        evidence=evidence_of(told),
        injury=hurt,
        health=injury.get("health", ""),
        claimant_is_minor=you["claimant_is_minor"],
        hazards=tuple(sorted({*told["what"]["hazards"], *injury.get("hazards", [])})),
    )


def evidence_of(told: Told) -> tuple[asks.EvidenceTold, ...]:
    """The files, each for its part: counted as the parts of the notice are."""
    return tuple(each.told for each in _files(told))


def content(told: Told) -> tuple[tuple[str, str, str], ...]:
    """The files by content: (place, digest, amount). The same photo sent twice is two uploads, and one form."""
    return tuple((each.slot.name, each.sha256, each.told.amount) for each in _files(told))


@dataclass(frozen=True, slots=True)
class _File:
    slot: Slot
    sha256: str
    told: asks.EvidenceTold


def _files(told: Told) -> Iterator[_File]:
    """Photos are for the whole claim, papers for the part that they show. The amount of a place belongs to its first
    file: it is one paper on several pages, not several papers."""
    yield from _of_slot(told, PHOTOS, 0, "")
    for part, head in enumerate(claimed(told), start=1):
        for slot in PAPERS.get(head, ()):
            yield from _of_slot(told, slot, part, shown_amount(told, head, slot))


def _of_slot(told: Told, slot: Slot, part: int, amount: str) -> Iterator[_File]:
    for n, each in enumerate(files_of(told, slot)):
        file = asks.EvidenceTold(UUID(each["id"]), part, amount if n == 0 else "")
        yield _File(slot, each["sha256"], file)


def shown_amount(told: Told, head: str, slot: Slot) -> str:
    """What the paper shows: as typed, or else the amount that is claimed."""
    cost = told.get("cost", {}).get(head, {})
    return cost.get(f"{slot.name}_amount") or cost.get("amount", "")


# What is missing --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Missing:
    """Something that the policy asks for and that is not there: what, how a good one looks, and where to add it."""

    what: str
    picture: str
    step: str


def missing(told: Told, line: OrderLine, at: datetime) -> list[Missing]:
    """All of it at once, by the rules of the marketplace's policy on that day."""
    calendar = policies.calendar_of(line.marketplace_id)
    today = calendar.day_of(at)
    incident = min(date.fromisoformat(told["when"]["loss_date"]), today)
    rules = policies.rules_of(policies.version_in_force(line.marketplace_id, at), incident, today, today)
    found: dict[str, Missing] = {}
    for head in claimed(told):
        sent = {slot.kind for slot in (PHOTOS, *PAPERS.get(head, ())) if files_of(told, slot)}
        claimed_minor = parse_money(told["cost"][head]["amount"], line.currency).minor
        row = rules.decide("proof_required", head=head, claimed=claimed_minor)
        for what, kinds in PROOF_GROUPS[row.outcome]:
            if not kinds & sent:
                found.setdefault(what, Missing(words.proof(what), *_where(head, kinds)))
    return list(found.values())


def _where(head: str, kinds: frozenset[str]) -> tuple[str, str]:
    if PHOTOS.kind in kinds:
        return PHOTOS.picture, "photos"
    slot = next((slot for slot in PAPERS.get(head, ()) if slot.kind in kinds), SLOTS["receipt"])
    return slot.picture, f"cost-{head}"


# Looking it over --------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Row:
    """One answer, with the question where it can be changed."""

    title: str | Promise
    said: str | Promise
    step: str
    more: str | Promise = ""
    files: tuple[dict[str, Any], ...] = ()


def rows(told: Told, line: OrderLine) -> list[Row]:
    """Every answer, in the order of the questions."""
    photos = tuple(files_of(told, PHOTOS))
    found = [
        Row(_("Photos"), "" if photos else _("None yet"), "photos", files=photos),
        Row(_("What happened"), told["what"]["story"], "what", _hazards(told["what"]["hazards"])),
        Row(_("When"), day(date.fromisoformat(told["when"]["loss_date"])), "when"),
        Row(_("Was anybody hurt?"), _("Yes") if was_hurt(told) else _("No"), "hurt"),
    ]
    if was_hurt(told):
        injury = told.get("injury", {})
        found.append(
            Row(_("How somebody was hurt"), injury.get("health") or _("Not told"), "injury",
                _hazards(injury.get("hazards", [])))
        )  # fmt: skip
    found += [_cost(told, line, head) for head in claimed(told)]
    you, payout = told["you"], told["payout"]
    reach = ", ".join(each for each in (you["email"], you["phone"], you["address"].replace("\n", ", ")) if each)
    found.append(Row(_("You"), you["full_name"], "you", reach))
    account = f"{payout['account']}, {payout['holder']}" if payout["method"] == "bank_transfer" else ""
    found.append(Row(_("How we pay you"), words.METHODS[payout["method"]], "payout", account))
    return found


def total(told: Told, line: OrderLine) -> str:
    """All that is claimed, in the order's currency."""
    minor = sum(parse_money(told["cost"][head]["amount"], line.currency).minor for head in claimed(told))
    return money(minor, line.currency)


def _cost(told: Told, line: OrderLine, head: str) -> Row:
    cost = told["cost"][head]
    files = tuple(each for slot in PAPERS.get(head, ()) for each in files_of(told, slot))
    shown = [
        money(parse_money(shown_amount(told, head, slot), line.currency).minor, line.currency)
        for slot in PAPERS.get(head, ())
        if files_of(told, slot)
    ]
    more = _("The paper shows %(amounts)s.") % {"amounts": ", ".join(shown)} if shown else ""
    said = money(parse_money(cost["amount"], line.currency).minor, line.currency)
    return Row(words.HEADS[head], said, f"cost-{head}", more, files)


def _hazards(told: list[str]) -> str:
    return ", ".join(str(words.HAZARDS[each]) for each in told)
