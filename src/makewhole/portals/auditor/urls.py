"""Addresses of the auditor: everything, read only."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
