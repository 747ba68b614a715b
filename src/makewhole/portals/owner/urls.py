"""Addresses of the programme owner: is the guarantee kept, what does it cost, and what are its next rules."""

from __future__ import annotations

from django.urls import path

from makewhole.portals.owner import clocks_page, drafts_page, outcomes, programme

urlpatterns = [
    path("programme", programme.overview, name="programme"),
    path("programme/<slug:name>.csv", programme.plot_file, name="plot-file"),
    path("clocks", clocks_page.clocks, name="clocks"),
    path("outcomes", outcomes.outcomes, name="outcomes"),
    path("decisions", outcomes.taken, name="decisions"),
    # the next rules
    path("drafts", drafts_page.listed, name="drafts"),
    path("drafts/start", drafts_page.start, name="start-draft"),
    path("drafts/<uuid:draft_id>", drafts_page.draft, name="draft"),
    path("drafts/<uuid:draft_id>/publish", drafts_page.publish, name="publish-draft"),
    path("drafts/<uuid:draft_id>/drop", drafts_page.drop, name="drop-draft"),
]
