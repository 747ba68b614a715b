"""Addresses of the administrator: people, tokens, and what failed."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
