"""Addresses of a seller's standing, for the seller and for staff."""

from __future__ import annotations

from django.urls import path

from makewhole.portals.standing import page

urlpatterns = [
    path("standing", page.standing, name="standing"),
    path("standing/restrictions/<uuid:restriction_id>", page.statement, name="restriction"),
    path("standing/restrictions/<uuid:restriction_id>.pdf", page.paper, name="restriction-pdf"),
    path("sellers/<int:seller_id>/standing", page.of_seller, name="standing-of"),
    path("sellers/<int:seller_id>/standing/acts/<slug:what>", page.act, name="standing-act"),
    path("sellers/<int:seller_id>/standing/files/<uuid:evidence_id>", page.file, name="standing-file"),
]
