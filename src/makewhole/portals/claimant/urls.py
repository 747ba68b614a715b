"""Addresses of who claims."""

from __future__ import annotations

from django.urls import path

from makewhole.portals.claimant import filing, finding

urlpatterns = [
    path("orders", filing.orders, name="orders"),
    path("find-order", finding.find, name="find-order"),
    path("file/<str:key>", filing.file, name="file"),
    # a claim that is being told
    path("filing/<uuid:draft_id>", filing.go_on, name="filing-on"),
    path("filing/<uuid:draft_id>/files", filing.upload, name="filing-files"),
    path("filing/<uuid:draft_id>/files/<uuid:evidence_id>", filing.picture, name="filing-picture"),
    path("filing/<uuid:draft_id>/address", filing.address, name="filing-address"),
    path("filing/<uuid:draft_id>/link", filing.mail_link, name="filing-link"),
    path("filing/<uuid:draft_id>/<slug:name>", filing.step, name="filing"),
]
