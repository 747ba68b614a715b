"""Addresses of the auditor: everything, read only."""

from __future__ import annotations

from django.urls import path

from makewhole.portals.auditor import pages

urlpatterns = [
    path("audit", pages.start, name="audit"),
    path("audit/log", pages.log, name="audit-log"),
    path("audit/roles", pages.roles, name="audit-roles"),
    path("audit/sign-ins", pages.sign_ins, name="audit-sign-ins"),
    path("audit/rules", pages.rules, name="audit-rules"),
]
