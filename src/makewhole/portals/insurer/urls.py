"""Addresses of who answers for a product: the insurer."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
