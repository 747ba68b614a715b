"""Worklists as somebody likes to see them: filters under a name of one's own, in one role. One may be the first."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from makewhole.domain.actors import Actor
from makewhole.domain.refusal import Refused
from makewhole.store.models import SavedView

MOST = 20
LONGEST_NAME = 60


def views_of(by: Actor) -> list[SavedView]:
    """In the order in which they were saved."""
    return list(SavedView.objects.filter(owner=by.name, role=by.role).order_by("pk"))


def save_view(by: Actor, name: str, filters: str, *, at: datetime, first: bool = False) -> SavedView:
    """Keeps the filters under this name; the same name again changes what it keeps. `first`: where they begin.

    Refuses `view_needs_a_name` and `too_many_views`.
    """
    name = " ".join(name.split())
    if not name or len(name) > LONGEST_NAME or not name.isprintable():
        raise Refused("view_needs_a_name", longest=LONGEST_NAME)
    with transaction.atomic():
        own = SavedView.objects.select_for_update().filter(owner=by.name, role=by.role)
        kept = {view.name.lower(): view for view in own}
        view = kept.get(name.lower()) or SavedView(owner=by.name, role=by.role)
        if view.pk is None and len(kept) >= MOST:
            raise Refused("too_many_views", most=MOST)
        view.name, view.filters, view.saved_at = name, filters, at
        view.save()
        if first:
            _make_first(by, view)
    return view


def make_first(by: Actor, view_id: int, *, first: bool = True) -> bool:
    """From now on the worklist begins with this view, or (`first` false) no longer. False: there is none of yours."""
    with transaction.atomic():
        view = SavedView.objects.filter(owner=by.name, role=by.role, pk=view_id).first()
        if view is None:
            return False
        if first:
            _make_first(by, view)
        else:
            SavedView.objects.filter(pk=view.pk).update(is_default=False)
    return True


def remove_view(by: Actor, view_id: int) -> bool:
    """False: there is none of yours."""
    removed, _ = SavedView.objects.filter(owner=by.name, role=by.role, pk=view_id).delete()
    return bool(removed)


def _make_first(by: Actor, view: SavedView) -> None:
    SavedView.objects.filter(owner=by.name, role=by.role).exclude(pk=view.pk).update(is_default=False)
    SavedView.objects.filter(pk=view.pk).update(is_default=True)
