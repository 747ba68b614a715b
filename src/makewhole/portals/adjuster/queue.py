"""The worklist of who decides: what waits, by filters and saved views, and where somebody begins. Start at `queue`."""

from __future__ import annotations

from urllib.parse import parse_qs

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from makewhole.domain.actors import STAFF, Actor, RoleName
from makewhole.domain.refusal import Refused
from makewhole.people.access import named
from makewhole.portals.adjuster import filters
from makewhole.portals.adjuster.bulk import OFFERED
from makewhole.portals.frame.lists import page_of
from makewhole.portals.frame.refusals import sentence
from makewhole.portals.frame.who import only
from makewhole.reads.wanted import Wanted
from makewhole.reads.worklist import MISSED, counted, found_by_number, worklist
from makewhole.store.saved_views import make_first, remove_view, save_view, views_of

WAITED_FOR: tuple[RoleName, ...] = ("adjuster", "reviewer", "programme_owner", "finance", "safety_officer")


@never_cache
@require_GET
@only(*WAITED_FOR)
def queue(request: HttpRequest, by: Actor) -> HttpResponse:
    """What waits for this role, as filtered. With no filter in the address it begins where its reader likes to."""
    views = views_of(by)
    first = next((view for view in views if view.is_default), None)
    if first and first.filters and not request.GET:
        return redirect(f"/queue?{first.filters}")
    now, wanted = timezone.now(), wanted_of(request)
    figures = counted(by, wanted, now=now)
    if wanted.find:
        claims, next_after = found_by_number(by, wanted.find), ""
    else:
        page = page_of(lambda after: worklist(by, now=now, wanted=wanted, after=after, counts=False), request)
        claims, next_after = page.claims, page.next_after
    current = next((view for view in views if view.filters == wanted.address), None) if wanted.chosen else None
    context = {
        "by": by,
        "now": now,
        "claims": claims,
        "next_after": next_after,
        "figures": figures,
        "wanted": wanted,
        "filters": filters.shown(wanted, figures, by),
        "chosen": filters.chosen(wanted, figures, by),
        "views": views,
        "current": current,
        "names": named(claim.assigned_to for claim in claims),
        "bulk": OFFERED if by.role in STAFF else (),
        "late_tasks": MISSED.get(by.role, ()),
        "ended": "end" in request.GET,
    }
    return render(request, "portals/queue.html", context)


@require_POST
@only(*WAITED_FOR)
def keep_view(request: HttpRequest, by: Actor) -> HttpResponse:
    """Saves the filters of the page under a name."""
    wanted = Wanted.of(_plain(request.POST.get("filters", "")))
    try:
        view = save_view(
            by, request.POST.get("name", ""), Wanted(wanted.chosen).address, at=timezone.now(),
            first="first" in request.POST,
        )  # fmt: skip
    except Refused as refusal:
        messages.error(request, sentence(refusal))
    else:
        messages.success(request, _("The view “{name}” is saved.").format(name=view.name))
    return redirect(address_of(wanted))


@require_POST
@only(*WAITED_FOR)
def change_view(request: HttpRequest, by: Actor, number: int) -> HttpResponse:
    """Removes a view, or makes it where its owner begins (or no longer)."""
    what = request.POST.get("what", "")
    if what == "remove":
        done, told = remove_view(by, number), _("The view is removed.")
    elif what == "first":
        done, told = make_first(by, number), _("The worklist begins with this view from now on.")
    elif what == "not-first":
        done, told = make_first(by, number, first=False), _("The worklist begins with all claims again.")
    else:
        raise Http404
    if not done:
        raise Http404
    messages.success(request, told)
    return redirect(address_of(Wanted.of(_plain(request.POST.get("filters", "")))))


def wanted_of(request: HttpRequest) -> Wanted:
    """The filters in the address. `whose=mine` is how a link from before there were filters asks for one's own."""
    given = {name: str(value) for name, value in request.GET.items()}
    if given.get("whose") == "mine":
        given["whose"] = "me"
    return Wanted.of(given)


def address_of(wanted: Wanted) -> str:
    """The page of a worklist. Without filters it says so, or it would begin with the reader's own view."""
    return f"/queue?{wanted.address}" if wanted else "/queue?all="


def wanted_from(told: str) -> Wanted:
    """The filters that a claim's page carries along, from its address or form."""
    return Wanted.of(_plain(told))


def _plain(filters_: str) -> dict[str, str]:
    try:
        return {name: values[-1] for name, values in parse_qs(filters_[:1000], max_num_fields=30).items()}
    except ValueError:
        return {}
