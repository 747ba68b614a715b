"""Every page's address: each portal names its own."""

from __future__ import annotations

from django.urls import include, path

PORTALS = (
    "account", "frame", "claimant", "seller", "insurer", "adjuster", "finance", "recoveries", "standing", "owner",
    "admin", "auditor",
)  # fmt: skip
urlpatterns = [path("", include(f"makewhole.portals.{portal}.urls")) for portal in PORTALS]
