"""What an auditor asks: is the log whole, who decided what and why, who may do what, who changed the rules. No page
here has a form that changes anything."""

from __future__ import annotations

from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from makewhole.domain.actors import Actor
from makewhole.domain.chain import fingerprint
from makewhole.domain.refusal import Refused
from makewhole.people.access import named
from makewhole.portals.frame import sign_in_log, words
from makewhole.portals.frame.who import only
from makewhole.reads.checking import Checked, checked
from makewhole.reads.roles_held import holders
from makewhole.reads.views import find_claim
from makewhole.store import checkpoints
from makewhole.store.models import Checkpoint, Marketplace, PolicyDraft, PolicyVersion


@never_cache
@require_GET
@only("auditor")
def start(request: HttpRequest, by: Actor) -> HttpResponse:
    """Where each question is answered, and the newest checkpoint."""
    newest = Checkpoint.objects.order_by("-seq").first()
    told = {"by": by, "newest": newest, "print": fingerprint(checkpoints.our_public_key())}
    return render(request, "portals/auditor/start.html", told)


@never_cache
@require_GET
@only("auditor")
def log(request: HttpRequest, by: Actor) -> HttpResponse:
    """One claim's chain, computed anew from its bytes while the reader waits."""
    name = request.GET.get("claim", "").strip()
    found, refused = _checked(name, by) if name else (None, "")
    told = {"by": by, "name": name, "checked": found, "refused": refused, "headline": _headline(found, name)}
    return render(request, "portals/auditor/log.html", told, status=404 if refused else 200)


@never_cache
@require_GET
@only("auditor")
def roles(request: HttpRequest, by: Actor) -> HttpResponse:
    """Every account with what it may do, and who gave it."""
    after = request.GET.get("after", "0")
    if not after.isdecimal() or len(after) > 17:
        raise Http404
    found, next_after = holders(by, after=int(after))
    names = dict(Marketplace.objects.values_list("code", "name"))
    told = {"by": by, "holders": found, "next_after": next_after, "names": names}
    return render(request, "portals/auditor/roles.html", told)


@never_cache
@require_GET
@only("auditor")
def sign_ins(request: HttpRequest, by: Actor) -> HttpResponse:
    """Who came, who tried to, and what changed in how somebody signs in."""
    return sign_in_log.shown(request, by, "portals/auditor/sign_ins.html")


@never_cache
@require_GET
@only("auditor")
def rules(request: HttpRequest, by: Actor) -> HttpResponse:
    """Every published version: who wrote it, who published it, when, and the digest of its text."""
    versions = list(PolicyVersion.objects.order_by("-published_at", "policy", "-seq").defer("text"))
    written = {
        draft.published_as_id: draft.saved_by for draft in PolicyDraft.objects.exclude(published_as=None).defer("text")
    }
    names = named({each.published_by for each in versions} | set(written.values()))

    def who(name: str) -> str:
        return words.by_whom(name, names)

    rows = [
        (each, who(each.published_by), who(written[each.version]) if each.version in written else "")
        for each in versions
    ]
    return render(request, "portals/auditor/rules.html", {"by": by, "rows": rows})


def _checked(name: str, by: Actor) -> tuple[Checked | None, str]:
    try:
        claim_id: UUID = find_claim(name, by)
    except Refused:
        return None, _("We do not find a claim “{name}” where you work.").format(name=name[:40])
    return checked(claim_id), ""


def _headline(found: Checked | None, name: str) -> str:
    if found is None:
        return _("Is the log what it was?")
    if found.faults:
        told = ngettext(
            "{number} fault in the log of {claim}.", "{number} faults in the log of {claim}.", len(found.faults)
        )
        return told.format(number=len(found.faults), claim=found.reference)
    told = ngettext(
        "The log of {claim} is whole: {number} event, as it was written.",
        "The log of {claim} is whole: {number} events, as they were written.",
        found.events,
    )
    return told.format(number=found.events, claim=found.reference)
