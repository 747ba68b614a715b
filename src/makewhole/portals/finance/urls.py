"""Addresses of who signs for money."""

from __future__ import annotations

from django.urls import path

from makewhole.portals.frame import lists

urlpatterns = [
    path("payments", lists.payments, name="payments"),
]
