"""Addresses of who decides: the worklist, acts on several claims, and the evidence viewer."""

from __future__ import annotations

from django.urls import path

from makewhole.portals.adjuster import bulk, queue, viewer

urlpatterns = [
    path("queue", queue.queue, name="queue"),
    path("queue/views", queue.keep_view, name="keep-view"),
    path("queue/views/<int:number>", queue.change_view, name="change-view"),
    path("queue/bulk", bulk.preview, name="bulk"),
    path("queue/bulk/do", bulk.carry_out, name="bulk-do"),
    path("claims/<str:name>/evidence/<int:number>", viewer.evidence, name="evidence-viewer"),
]
