"""Who waits for what: the claims that need somebody, most urgent first, a page at a time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, F, OuterRef, Q, QuerySet, Subquery

from makewhole.domain.actors import Actor
from makewhole.reads.places import instant_of, stamp
from makewhole.store.models import Claim, Clock

PAGE = 50
# Which turns and tasks a role of ours answers for.
TURNS = {
    "adjuster": ("adjuster",),
    "reviewer": ("reviewer", "adjuster"),
    "programme_owner": ("reviewer", "adjuster"),
    "finance": ("finance",),
}
_ADJUSTERS = [
    "seller_evidence", "repeated_notice", "missed_claimant_answers", "proof_of_insurance", "insurer_asks",
    "missed_step_in",
]  # fmt: skip
TASKS = {
    "reviewer": ["quality_review", "contest", *_ADJUSTERS],
    "adjuster": _ADJUSTERS,
    "safety_officer": ["safety_review", "missed_safety_review"],
    "programme_owner": [
        "missed_decision", "missed_whole_claim", "quality_review", "contest", "missed_step_in",
        "missed_contest_decision",
    ],
    "finance": ["missed_pay", "payment_returned", "subrogation_check", "repayment", "instalment_missed"],
}  # fmt: skip
# What a party is asked for: by turn, and by the clocks that wait for its answer.
_TURNS_OF_PARTIES = {"seller": ("seller",)}
_CLOCKS_OF_PARTIES = {"seller": ("seller_proof_of_insurance",), "insurer": ("insurer_answers",)}


@dataclass(frozen=True, slots=True)
class Waiting:
    """One page of claims, and how many there are and are late in all."""

    claims: list[Claim]
    total: int
    late: int
    next_after: str


def worklist(by: Actor, *, now: datetime, mine: bool = False, after: str = "", size: int = PAGE) -> Waiting:
    """What waits for this role, the nearest clock first; before all else, for adjusters, claims whose seller is silent
    or said no (their clock is `step_in`). `after` is the cursor that the page before gave."""
    found = _waiting_for(by)
    if mine:
        found = found.filter(assigned_to=by.name)
    total, late = found.count(), found.filter(due_at__lt=now).count()
    page = list(_most_urgent(found, by, after, size + 1))
    more = len(page) > size
    page = page[:size]
    return Waiting(page, total, late, _place(page[-1]) if more else "")


def _most_urgent(found: QuerySet[Claim], by: Actor, after: str, at_most: int) -> list[Claim]:
    if "adjuster" not in TURNS.get(by.role, ()):
        return list(_after(found, after).order_by(F("due_at").asc(nulls_last=True), "id")[:at_most])
    first: list[Claim] = []
    if not after or after.startswith(_STEP_IN):
        step_ins = found.filter(_waits_for_step_in()).annotate(step_in_at=Subquery(_step_in().values("due_at")[:1]))
        if after:
            at, _, claim_id = after.removeprefix(_STEP_IN).partition("_")
            instant = instant_of(at)
            step_ins = step_ins.filter(Q(step_in_at__gt=instant) | Q(step_in_at=instant, id__gt=claim_id))
        first = list(step_ins.order_by("step_in_at", "id")[:at_most])
        after = ""
    rest = found.exclude(_waits_for_step_in())
    left = at_most - len(first)
    return first + list(_after(rest, after).order_by(F("due_at").asc(nulls_last=True), "id")[:left])


_STEP_IN = "s"  # begins the cursor of a place among the step-ins


def _step_in() -> QuerySet[Clock]:
    return Clock.objects.filter(claim_id=OuterRef("id"), name="step_in", state="running")


def _waits_for_step_in() -> Q:
    return Q(Exists(_step_in()))


def claims_of(by: Actor, *, after: str = "", size: int = PAGE) -> tuple[list[Claim], str]:
    """All claims that this reader may see, newest first, with the cursor of the next page."""
    found = _visible(by).order_by("-noticed_at", "-id").select_related("order_line", "seller")
    if after:
        at, _, claim_id = after.partition("_")
        instant = instant_of(at)
        found = found.filter(Q(noticed_at__lt=instant) | Q(noticed_at=instant, id__lt=claim_id))
    page = list(found[: size + 1])
    more = len(page) > size
    page = page[:size]
    return page, f"{stamp(page[-1].noticed_at)}_{page[-1].id}" if more else ""


def _visible(by: Actor) -> QuerySet[Claim]:
    found = Claim.objects.all()
    if by.marketplaces:
        found = found.filter(marketplace_id__in=by.marketplaces)
    if by.role == "claimant":
        assert by.claimant_id is not None
        return found.filter(claimant_id=by.claimant_id)
    if by.role == "seller":
        assert by.seller_id is not None
        # A seller hears of a claim only after screening: then it has a track.
        return found.filter(seller_id=by.seller_id).exclude(track="")
    if by.role == "insurer":
        assert by.insurer_id is not None
        return found.filter(insurer_id=by.insurer_id)
    if by.role == "producer":
        return found.none()  # it comes by a link to one claim, and has no list
    return found


def _waiting_for(by: Actor) -> QuerySet[Claim]:
    turns = TURNS.get(by.role) or _TURNS_OF_PARTIES.get(by.role, ())
    waits = Q(turn__in=turns) | Q(tasks__overlap=TASKS.get(by.role, []))
    if clocks := _CLOCKS_OF_PARTIES.get(by.role):
        running = Clock.objects.filter(claim_id=OuterRef("id"), name__in=clocks, state="running")
        waits |= Q(Exists(running))
    return _visible(by).filter(waits).select_related("order_line", "seller")


def _place(claim: Claim) -> str:
    """The cursor of the place after this claim."""
    step_in_at: datetime | None = getattr(claim, "step_in_at", None)  # of a claim that was read as a step-in
    if step_in_at:
        return f"{_STEP_IN}{stamp(step_in_at)}_{claim.id}"
    return f"{stamp(claim.due_at) if claim.due_at else 'none'}_{claim.id}"


def _after(found: QuerySet[Claim], after: str) -> QuerySet[Claim]:
    if not after:
        return found
    at, _, claim_id = after.partition("_")
    if at == "none":
        return found.filter(due_at=None, id__gt=claim_id)
    due_at = instant_of(at)
    return found.filter(Q(due_at__gt=due_at) | Q(due_at=due_at, id__gt=claim_id) | Q(due_at=None))
