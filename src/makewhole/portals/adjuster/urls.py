"""Addresses of who decides: the worklist."""

from __future__ import annotations

from django.urls import path

from makewhole.portals.frame import lists

urlpatterns = [
    path("queue", lists.queue, name="queue"),
]
