"""Addresses of the programme owner: is the guarantee kept, and what does it cost."""

from __future__ import annotations

from django.urls import URLPattern

urlpatterns: list[URLPattern] = []
