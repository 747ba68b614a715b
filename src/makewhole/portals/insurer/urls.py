"""Addresses of who answers for a product: the insurer."""

from __future__ import annotations

from django.urls import path

from makewhole.portals.insurer import tenders

urlpatterns = [
    path("tenders", tenders.tenders, name="tenders"),
]
