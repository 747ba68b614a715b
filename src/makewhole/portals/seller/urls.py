"""Addresses of a seller's own pages: its statement, its contests, its insurance."""

from __future__ import annotations

from django.urls import path

from makewhole.portals.seller import pages, statement_page

urlpatterns = [
    path("statements", statement_page.statement, name="seller-statement"),
    path("statements.csv", statement_page.lines, name="seller-statement-csv"),
    path("contests", pages.contests, name="contests"),
    path("insurance", pages.insurance, name="insurance"),
]
