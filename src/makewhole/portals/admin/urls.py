"""Addresses of the administrator: people, sign-ins, tokens, marketplaces, webhooks, and what failed."""

from __future__ import annotations

from django.urls import path

from makewhole.portals.admin import failed, invitation, marketplaces, people, sign_ins, tokens, webhooks

urlpatterns = [
    path("admin", failed.failed, name="admin"),
    path("admin/failed/<slug:sort>/<path:key>/<slug:act>", failed.mend, name="admin-mend"),
    path("admin/people", people.people, name="admin-people"),
    path("admin/people/invite", people.invite, name="admin-invite"),
    path("admin/people/changes", people.changes, name="admin-changes"),
    path("admin/people/<int:number>", people.person, name="admin-person"),
    path("admin/people/<int:number>/give", people.give, name="admin-give"),
    path("admin/people/<int:number>/take/<int:assignment>", people.take, name="admin-take"),
    path("admin/people/<int:number>/end-sessions", people.end_sessions, name="admin-end-sessions"),
    path("admin/people/<int:number>/second-factor", people.second_factor, name="admin-second-factor"),
    path("admin/people/<int:number>/<slug:act>", people.act, name="admin-account"),
    path("admin/sign-ins", sign_ins.sign_ins, name="admin-sign-ins"),
    path("admin/tokens", tokens.tokens, name="admin-tokens"),
    path("admin/tokens/<int:number>/revoke", tokens.revoke, name="admin-revoke"),
    path("admin/marketplaces", marketplaces.marketplaces, name="admin-marketplaces"),
    path("admin/marketplaces/<str:code>", marketplaces.marketplace, name="admin-marketplace"),
    path("admin/marketplaces/<str:code>/holidays", marketplaces.holidays, name="admin-holidays"),
    path("admin/webhooks", webhooks.webhooks, name="admin-webhooks"),
    path("admin/webhooks/<uuid:webhook_id>", webhooks.webhook, name="admin-webhook"),
    path("admin/webhooks/deliveries/<uuid:delivery_id>/replay", webhooks.replay, name="admin-replay"),
    # for whoever was given an account
    path("invitation/<str:number>/<str:token>", invitation.invitation, name="invitation"),
]
