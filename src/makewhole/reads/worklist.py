"""Who waits for what: the claims that need somebody, most urgent first, a page at a time, counted by each filter.

Start at `worklist`; `counted` is the figures beside the filters, `beside` the claims before and after one.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery, Value
from django.db.models.expressions import Combinable, OrderBy
from django.db.models.functions import Coalesce

from makewhole.domain.actors import Actor
from makewhole.reads.places import instant_of, stamp
from makewhole.reads.wanted import FILTERS, Wanted, pick
from makewhole.store.models import Claim, Clock, Marketplace
from makewhole.store.sqls import sql

PAGE = 30
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
# Of these tasks, those that are there because a clock of ours ran out: what they stand beside is late.
MISSED = {role: [task for task in tasks if task.startswith("missed_")] for role, tasks in TASKS.items()}
# What a party is asked for: by turn, and by the clocks that wait for its answer.
_TURNS_OF_PARTIES = {"seller": ("seller",)}
_CLOCKS_OF_PARTIES = {"seller": ("seller_proof_of_insurance",), "insurer": ("insurer_answers",)}
_SELLERS_COUNTED = 8
MOST_COUNTED = 10_000  # more than these are "more than"
FIGURED = 2_000  # the figures beside the filters are of so many claims at most: the most urgent
_FOUND = 20  # so many claims may be called alike


@dataclass(frozen=True, slots=True)
class Waiting:
    """One page of claims, and how many there are and are late in all (`_late` says when). Both counts are 0 where
    nobody asked for them."""

    claims: list[Claim]
    total: int
    late: int
    next_after: str


@dataclass(frozen=True, slots=True)
class Counted:
    """How many claims wait as filtered (`total`, `late` of them; `more`: than that), and by filter and value, how many
    that value would show beside the other filters. Where very many wait, these figures are of the `figured` most urgent
    (0: of all). Sellers: (id, name, number), the most first."""

    total: int
    late: int
    more: bool
    figured: int
    by: dict[str, dict[str, int]]
    sellers: list[tuple[int, str, int]]


def worklist(
    by: Actor, *, now: datetime, mine: bool = False, wanted: Wanted | None = None, after: str = "", size: int = PAGE,
    counts: bool = True,
) -> Waiting:  # fmt: skip
    """What waits for this role, the nearest clock first; before all else, for adjusters, claims whose seller is silent
    or said no (their clock is `step_in`). `after` is the cursor that the page before gave."""
    found = pick(visible(by), wanted or Wanted(), by, now)
    if mine:
        found = found.filter(assigned_to=by.name)
    total = late = 0
    if counts:
        some = found.filter(_waits(by)).order_by()[: MOST_COUNTED + 1]
        sums = some.aggregate(total=Count("pk"), late=Count("pk", filter=_late(by, now)))
        total, late = min(sums["total"], MOST_COUNTED), sums["late"]
    page = _most_urgent(found, by, after, size + 1)
    more = len(page) > size
    page = page[:size]
    return Waiting(page, total, late, _place(page[-1]) if more else "")


def counted(by: Actor, wanted: Wanted, *, now: datetime) -> Counted:
    """The figures of a worklist, in two queries whatever is chosen and however much waits."""
    found = pick(visible(by).filter(_waits(by)), wanted, by, now).order_by()[: MOST_COUNTED + 1]
    sums = found.aggregate(total=Count("pk"), late=Count("pk", filter=_late(by, now)))
    figures, names, waits = _figures(by, wanted, now)
    sellers = sorted(figures["seller"].items(), key=lambda told: (-told[1], told[0]))[:_SELLERS_COUNTED]
    return Counted(
        total=min(sums["total"], MOST_COUNTED),
        late=sums["late"],
        more=sums["total"] > MOST_COUNTED,
        figured=FIGURED if waits >= FIGURED else 0,
        by=figures,
        sellers=[(int(key), names[key], number) for key, number in sellers],
    )


def found_by_number(by: Actor, number: str) -> list[Claim]:
    """Claims by their own number (whole, or as it begins) or their order's, also those that wait for nobody."""
    name = number.upper()
    called = Q(reference__startswith=name if name.startswith("MW-") else f"MW-{name}")
    of_order = Q(order_line__marketplace__in=_places(by), order_line__order_ref=number)
    claims = visible(by).select_related("order_line", "seller")
    either = {claim.pk: claim for asked in (called, of_order) for claim in claims.filter(asked).order_by("id")[:_FOUND]}
    return sorted(either.values(), key=lambda claim: (claim.noticed_at, claim.pk), reverse=True)[:_FOUND]


# One claim among the others -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Beside:
    """The claims before and after one in a worklist, nearest last and nearest first; `place` is its own cursor."""

    before: list[Claim]
    after: list[Claim]
    place: str

    @property
    def previous(self) -> Claim | None:
        return self.before[-1] if self.before else None

    @property
    def next(self) -> Claim | None:
        return self.after[0] if self.after else None


def beside(by: Actor, claim: Claim, wanted: Wanted, *, now: datetime, before: int = 5, after: int = 10) -> Beside:
    """What stands before and after this claim, whether or not it is in the list itself (any more)."""
    found = pick(visible(by), wanted, by, now)
    row = Claim.objects.filter(pk=claim.pk).annotate(step_in_at=Subquery(_step_in().values("due_at")[:1])).get()
    place = _place(row) if "adjuster" in TURNS.get(by.role, ()) else _place_by_clock(row)
    later = _most_urgent(found.exclude(pk=claim.pk), by, place, after)
    return Beside(_less_urgent(found.exclude(pk=claim.pk), by, place, before), later, place)


def still_waits(by: Actor, claim: Any) -> bool:
    """Whether a claim (a row, or the domain's, by its turn and tasks) needs this role."""
    turn = claim.turn if isinstance(claim, Claim) else claim.whose_turn()
    return turn in TURNS.get(by.role, ()) or not set(TASKS.get(by.role, [])).isdisjoint(claim.tasks)


def claims_of(by: Actor, *, after: str = "", size: int = PAGE) -> tuple[list[Claim], str]:
    """All claims that this reader may see, newest first, with the cursor of the next page."""
    newest = ("-noticed_at", "-id")
    found = visible(by)
    if after:
        at, _, claim_id = after.partition("_")
        instant = instant_of(at)
        found = found.filter(Q(noticed_at__lt=instant) | Q(noticed_at=instant, id__lt=claim_id))
        found = found.filter(noticed_at__lte=instant)  # said once more, so that an index begins there
    if by.role not in _HAVE_THEIR_OWN and len(places := _places(by)) > 1:
        # Each marketplace has its newest in order; of all, the newest are among the newest of each.
        each = [found.filter(marketplace=place).order_by(*newest)[: size + 1].values("pk") for place in places]
        found = Claim.objects.filter(pk__in=[row["pk"] for row in each[0].union(*each[1:], all=True)])
    page = list(found.order_by(*newest).select_related("order_line", "seller")[: size + 1])
    more = len(page) > size
    page = page[:size]
    return page, f"{stamp(page[-1].noticed_at)}_{page[-1].id}" if more else ""


_HAVE_THEIR_OWN = frozenset({"claimant", "seller", "insurer", "producer"})


# Which claims -------------------------------------------------------------------------------------------------


def _places(by: Actor) -> list[str]:
    return sorted(by.marketplaces) or list(Marketplace.objects.order_by("code").values_list("code", flat=True))


def visible(by: Actor) -> QuerySet[Claim]:
    """The claims that this reader may see at all."""
    found = Claim.objects.all()
    if by.marketplaces:
        found = found.filter(marketplace_id__in=sorted(by.marketplaces))
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


def _waits(by: Actor) -> Q:
    """That a claim waits for this role: by its turn, by a task, or by a clock of the party's own."""
    turns = TURNS.get(by.role) or _TURNS_OF_PARTIES.get(by.role, ())
    # The planner proves nothing from `&&`: so that it may use the index of those with tasks, this is said beside it.
    waits = Q(turn__in=turns) | Q(tasks__overlap=TASKS.get(by.role, [])) & ~Q(tasks=[])
    if clocks := _CLOCKS_OF_PARTIES.get(by.role):
        return waits | Q(Exists(Clock.objects.filter(claim_id=OuterRef("id"), name__in=clocks, state="running")))
    return waits


def _late(by: Actor, now: datetime) -> Q:
    """That it is late for this role: its nearest clock ran out, or one that was missed is a task of this role's."""
    missed = MISSED.get(by.role)
    return Q(due_at__lt=now) | Q(tasks__overlap=missed) if missed else Q(due_at__lt=now)


# In order -----------------------------------------------------------------------------------------------------


def _most_urgent(found: QuerySet[Claim], by: Actor, after: str, at_most: int) -> list[Claim]:
    """Of these, those that wait for this role."""
    if "adjuster" not in TURNS.get(by.role, ()):
        return _nearest(_after(found, after), by, at_most)
    first: list[Claim] = []
    if not after or after.startswith(_STEP_IN):
        first = _step_ins(found, by, at_most, after=after)
        after = ""
    rest = found.exclude(_waits_for_step_in())
    left = at_most - len(first)
    return first + _nearest(_after(rest, after), by, left)


def _nearest(parts: list[QuerySet[Claim]], by: Actor, at_most: int, *, last: bool = False) -> list[Claim]:
    """The first of these by their clocks, or the last ones. Each turn is asked for by itself, in the order of its
    index; and what waits for a task of this role, of which there are few, is found by its own index and put in order
    then. In one question with `or` between them the planner walks through everything that waits, to find the few; and
    with the `or` beside the turn it takes the turn's claims for a hundredth of what they are, and sorts them all."""
    asked = [part.filter(waits).order_by(*order) for part in parts for waits, order in _stretches(by, last=last)]
    if not asked:
        return []
    # First which, then the rows with all that they are read with: to put ten thousand in order, clocks are enough.
    first, *others = (some.values("pk")[:at_most] for some in asked)
    chosen = first.union(*others, all=True) if others else first
    claims = list(Claim.objects.filter(pk__in=chosen).select_related("order_line", "seller"))
    claims.sort(key=lambda claim: (claim.due_at or _LAST, claim.pk))
    return claims[-at_most:] if last else claims[:at_most]


def _stretches(by: Actor, *, last: bool = False) -> list[tuple[Q, _Order]]:
    """What waits for this role, in parts with an index each: by turn, and by task; with the order to ask for it in."""
    order = _FROM_THE_END if last else _BY_CLOCK
    if by.role in _CLOCKS_OF_PARTIES:
        return [(_waits(by), order)]
    turns = TURNS.get(by.role, ())
    found: list[tuple[Q, _Order]] = [(Q(turn=turn), order) for turn in turns]
    if tasks := TASKS.get(by.role):
        due = Coalesce("due_at", Value(_LAST))  # no index has this order: the planner takes that of the tasks
        by_task = Q(tasks__overlap=tasks) & ~Q(tasks=[]) & ~Q(turn__in=turns)
        found.append((by_task, (due.desc(), "-id") if last else (due, "id")))
    return found


def _less_urgent(found: QuerySet[Claim], by: Actor, place: str, at_most: int) -> list[Claim]:
    """Those before a place, the nearest last."""
    if place.startswith(_STEP_IN):
        return _step_ins(found, by, at_most, before=place)
    first_come_step_ins = "adjuster" in TURNS.get(by.role, ())
    rest = found.exclude(_waits_for_step_in()) if first_come_step_ins else found
    near = _nearest(_before(rest, place), by, at_most, last=True)
    if first_come_step_ins and len(near) < at_most:
        near = _step_ins(found, by, at_most - len(near), last=True) + near
    return near


_STEP_IN = "s"  # begins the cursor of a place among the step-ins
_LAST = datetime(9999, 1, 1, tzinfo=UTC)  # where no clock runs
_Order = tuple[Combinable | OrderBy | str, ...]
_BY_CLOCK = (F("due_at").asc(nulls_last=True), "id")
_FROM_THE_END = (F("due_at").desc(nulls_first=True), "-id")


def _step_in() -> QuerySet[Clock]:
    return Clock.objects.filter(claim_id=OuterRef("id"), name="step_in", state="running")


def _waits_for_step_in() -> Q:
    return Q(Exists(_step_in()))


def _step_ins(
    found: QuerySet[Claim], by: Actor, at_most: int, *, after: str = "", before: str = "", last: bool = False
) -> list[Claim]:
    """Those whose tender came to its end without a yes, by the instant by which we look: in the order of their clocks,
    which an index has. `before` and `last` give the nearest to a place, or to the end."""
    clocks = Clock.objects.filter(name="step_in", state="running", claim_id__in=found.filter(_waits(by)).values("pk"))
    if after or before:
        at, claim_id = _parts(after or before)
        later = Q(due_at__gt=at) | Q(due_at=at, claim_id__gt=claim_id)
        clocks = clocks.filter(later if after else Q(due_at__lt=at) | Q(due_at=at, claim_id__lt=claim_id))
    order = ("-due_at", "-claim_id") if before or last else ("due_at", "claim_id")
    instants = dict(clocks.order_by(*order).values_list("claim_id", "due_at")[:at_most])
    claims = list(found.filter(pk__in=instants).select_related("order_line", "seller"))
    for claim in claims:
        claim.step_in_at = instants[claim.pk]  # type: ignore[attr-defined]
    return sorted(claims, key=lambda claim: (instants[claim.pk], claim.pk))


def _place(claim: Claim) -> str:
    """The cursor of the place after this claim."""
    step_in_at: datetime | None = getattr(claim, "step_in_at", None)  # of a claim that was read as a step-in
    return f"{_STEP_IN}{stamp(step_in_at)}_{claim.id}" if step_in_at else _place_by_clock(claim)


def _place_by_clock(claim: Claim) -> str:
    return f"{stamp(claim.due_at) if claim.due_at else 'none'}_{claim.id}"


def _parts(place: str) -> tuple[datetime, str]:
    at, _, claim_id = place.removeprefix(_STEP_IN).partition("_")
    return instant_of(at), claim_id


def _after(found: QuerySet[Claim], after: str) -> list[QuerySet[Claim]]:
    """Those after a place. With a clock, and without one: each is a stretch of the index."""
    if not after:
        return [found]
    if after.startswith("none_"):
        return [found.filter(due_at=None, id__gt=after.removeprefix("none_"))]
    due_at, claim_id = _parts(after)
    later = found.filter(Q(due_at__gt=due_at) | Q(due_at=due_at, id__gt=claim_id))
    return [later.filter(due_at__gte=due_at), found.filter(due_at=None)]


def _before(found: QuerySet[Claim], place: str) -> list[QuerySet[Claim]]:
    if place.startswith("none_"):
        return [found.filter(due_at__isnull=False), found.filter(due_at=None, id__lt=place.removeprefix("none_"))]
    due_at, claim_id = _parts(place)
    earlier = found.filter(Q(due_at__lt=due_at) | Q(due_at=due_at, id__lt=claim_id))
    return [earlier.filter(due_at__lte=due_at)]


# Counting -----------------------------------------------------------------------------------------------------


def _most_urgent_values(by: Actor, of: dict[str, Combinable]) -> QuerySet[Claim, dict[str, Any]]:
    """Of so many claims (FIGURED) with the nearest clocks, these values."""
    seen = visible(by).annotate(**of)
    parts = [seen.filter(waits).order_by(*order) for waits, order in _stretches(by)] or [seen.none()]
    first, *others = (part.values("due_at", "id", *of)[:FIGURED] for part in parts)
    return first.union(*others, all=True).order_by(*_BY_CLOCK)[:FIGURED] if others else first


_PLACEHOLDER = re.compile(r"%\((\w+)\)s")


def _figures(by: Actor, wanted: Wanted, now: datetime) -> tuple[dict[str, dict[str, int]], dict[str, str], int]:
    """By filter and value, the claims that pass all *other* filters; sellers' names; of how many claims. The database
    counts: it reads the most urgent claims once, with the very values that the filters pick by."""
    of = {f"of_{name}": filter_.value(by, now) for name, filter_ in FILTERS.items()}
    waiting, values = _most_urgent_values(by, of).query.sql_with_params()
    before, after = sql("worklist_figures").split("/* waiting */")
    chosen = [wanted.value(name) for name in _PLACEHOLDER.findall(after)]
    by_filter: dict[str, dict[str, int]] = {name: {} for name in (*FILTERS, "waiting")}
    names: dict[str, str] = {}
    with connection.cursor() as cursor:
        cursor.execute(before + waiting + _PLACEHOLDER.sub("%s", after), [*values, *chosen])
        for filter_name, value, number, name in cursor.fetchall():
            by_filter[filter_name][value] = number
            if name:
                names[value] = name
    return by_filter, names, by_filter.pop("waiting").get("", 0)
