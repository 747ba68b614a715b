"""What the bank answered: the files that were read, each answer with its outcome, and what waits for a person."""

from __future__ import annotations

from dataclasses import dataclass
from uuid import UUID

from django.db.models import Count, Exists, OuterRef, Q, QuerySet, Sum

from makewhole.domain.actors import Actor
from makewhole.domain.refusal import Refused
from makewhole.reads.places import instant_of, stamp
from makewhole.store.models import BANK_LINE_OPEN, BankFile, BankLine

PAGE = 50


@dataclass(frozen=True, slots=True)
class OutcomeSum:
    """How many answers of a file had one outcome, in one currency ("": the bank named no amount)."""

    outcome: str
    currency: str
    number: int
    total_minor: int


def lines_seen_by(by: Actor) -> QuerySet[BankLine]:
    """Answers to payments of this reader's marketplaces; those to none that we know, of files it read itself."""
    found = BankLine.objects.all()
    if by.marketplaces:
        own = Q(payment__claim__marketplace_id__in=by.marketplaces) | Q(payment__isnull=True, file__read_by=by.name)
        found = found.filter(own)
    return found


def open_lines(by: Actor) -> QuerySet[BankLine]:
    """What does not fit and nobody explained; a partial index has it."""
    return lines_seen_by(by).filter(explained_at__isnull=True, outcome__in=BANK_LINE_OPEN)


def files_seen_by(by: Actor) -> QuerySet[BankFile]:
    found = BankFile.objects.all()
    if by.marketplaces:
        inside = BankLine.objects.filter(file_id=OuterRef("id"), payment__claim__marketplace_id__in=by.marketplaces)
        found = found.filter(Q(read_by=by.name) | Exists(inside))
    return found


def files_of(by: Actor, *, after: str = "", size: int = PAGE) -> tuple[list[BankFile], str]:
    """The newest first, each with `open_lines`, how many of its answers wait for a person."""
    found = files_seen_by(by)
    if after:
        at, _, number = after.partition("_")
        instant = instant_of(at)
        found = found.filter(Q(read_at__lt=instant) | Q(read_at=instant, id__lt=int(number)))
    page = list(found.order_by("-read_at", "-id")[: size + 1])
    more, page = len(page) > size, page[:size]
    waits = dict(
        open_lines(by).filter(file__in=page).values_list("file_id").annotate(number=Count("id")).order_by("file_id")
    )
    for file in page:
        file.open_lines = waits.get(file.pk, 0)  # type: ignore[attr-defined]
    return page, f"{stamp(page[-1].read_at)}_{page[-1].pk}" if more else ""


def find_file(file_id: int, by: Actor) -> BankFile:
    """Refuses `unknown_bank_file`, also for one of others."""
    found = files_seen_by(by).filter(id=file_id).first()
    if found is None:
        raise Refused("unknown_bank_file")
    return found


def outcomes_of(file: BankFile, by: Actor) -> list[OutcomeSum]:
    rows = (
        lines_seen_by(by).filter(file=file).values("outcome", "currency")
        .annotate(number=Count("id"), total=Sum("amount_minor")).order_by("outcome", "currency")
    )  # fmt: skip
    return [OutcomeSum(row["outcome"], row["currency"], row["number"], row["total"] or 0) for row in rows]


def lines_of(
    file: BankFile, by: Actor, *, outcome: str = "", after: int = 0, size: int = PAGE
) -> tuple[list[BankLine], int]:
    """A page of a file's answers in its order, with the place after it; 0 at the end."""
    found = lines_seen_by(by).filter(file=file, no__gt=after).select_related("payment__claim", "file")
    if outcome:
        found = found.filter(outcome=outcome)
    page = list(found.order_by("no")[: size + 1])
    more, page = len(page) > size, page[:size]
    return page, page[-1].no if more else 0


def misfits_of(by: Actor, *, after: int = 0, size: int = PAGE) -> tuple[list[BankLine], int]:
    """What does not fit and nobody explained, the oldest first."""
    found = open_lines(by).filter(id__gt=after).select_related("payment__claim", "file").order_by("id")
    page = list(found[: size + 1])
    more, page = len(page) > size, page[:size]
    return page, page[-1].pk if more else 0


def answered_by(payments: list[UUID]) -> dict[UUID, BankLine]:
    """The answer that settled or returned each of these payments, where one came in a file."""
    found = BankLine.objects.filter(payment__in=payments, outcome="done").select_related("file")
    return {line.payment_id: line for line in found if line.payment_id}
