"""Addresses of the auditor: everything, read only."""

from __future__ import annotations

from django.urls import path

from makewhole.portals.auditor import pages

urlpatterns = [
    path("audit", pages.start, name="audit"),
    path("audit/log", pages.log, name="audit-log"),
    path("audit/roles", pages.roles, name="audit-roles"),
    path("audit/rules", pages.rules, name="audit-rules"),
]
