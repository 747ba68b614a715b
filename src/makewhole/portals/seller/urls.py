"""Addresses of who answers for a product: the seller."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
