"""Payment orders that the bank, or the marketplace, has not answered: the oldest first, and how each goes."""

from __future__ import annotations

from uuid import UUID

from django.db.models import Exists, OuterRef, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from makewhole.domain.actors import Actor
from makewhole.portals.finance.shown import NO_CURSOR, page
from makewhole.portals.frame.who import only
from makewhole.portals.frame.words import METHODS
from makewhole.reads.places import instant_of, stamp
from makewhole.store.models import BatchedPayment, Payment

_PAGE = 50


@never_cache
@require_GET
@only("finance")
def payments(request: HttpRequest, by: Actor) -> HttpResponse:
    """Those that wait, by how they go."""
    waiting = Payment.objects.filter(state="ordered")
    if by.marketplaces:
        waiting = waiting.filter(claim__marketplace_id__in=by.marketplaces)
    if (method := request.GET.get("method", "")) in METHODS:
        waiting = waiting.filter(method=method)
    number = waiting.count()
    try:
        found = _after(request.GET.get("after", ""))
    except NO_CURSOR as error:
        raise Http404 from error
    batched = BatchedPayment.objects.filter(payment_id=OuterRef("id"), out_at__isnull=True)
    rows = list(
        waiting.filter(found).annotate(in_batch=Exists(batched)).select_related("claim")
        .order_by("ordered_at", "id")[: _PAGE + 1]
    )  # fmt: skip
    more, rows = len(rows) > _PAGE, rows[:_PAGE]
    told = {
        "payments": rows, "method": method, "methods": METHODS.items(),
        "next_after": f"{stamp(rows[-1].ordered_at)}_{rows[-1].pk}" if more else "",
        "headline": ngettext(
            "{number} payment waits for an answer.", "{number} payments wait for an answer.", number
        ).format(number=number) if number else _("No payment waits for an answer."),
    }  # fmt: skip
    return page(request, by, "payments", told, here="/payments")


def _after(after: str) -> Q:
    if not after:
        return Q()
    at, _sign, payment_id = after.partition("_")
    instant = instant_of(at)
    return Q(ordered_at__gt=instant) | Q(ordered_at=instant, id__gt=UUID(payment_id))
