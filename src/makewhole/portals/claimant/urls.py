"""Addresses of who claims."""

from __future__ import annotations

from django.urls import path

from makewhole.portals.claimant import filing

urlpatterns = [
    path("orders", filing.orders, name="orders"),
    path("file/<str:key>", filing.file, name="file"),
]
