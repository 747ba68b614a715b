"""Addresses of what is asked back, for finance and for those of whom it is asked."""

from __future__ import annotations

from django.urls import path

from makewhole.portals.recoveries import page

urlpatterns = [
    path("recoveries", page.recoveries, name="recoveries"),
]
