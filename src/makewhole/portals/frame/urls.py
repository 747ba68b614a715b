"""Addresses of what everybody shares: the start, a claim, the inbox, the rules."""

from __future__ import annotations

from django.urls import path

from makewhole.portals.frame import (
    checkpoints_page,
    choices,
    claim_page,
    files,
    home,
    inbox,
    lists,
    look,
    mails,
    overturns_page,
    policy_page,
    statement_page,
    told,
)

urlpatterns = [
    path("", home.home, name="home"),
    path("role", home.role, name="role"),
    path("appearance", look.appearance, name="appearance"),
    # a claim, for everyone
    path("claims", lists.claims, name="claims"),
    path("claims/<str:name>", claim_page.claim, name="claim"),
    path("claims/<str:name>/export", claim_page.export, name="claim-export"),
    path("claims/<str:name>/log", claim_page.log, name="claim-log"),
    path("claims/<str:name>/statements/<int:version>", statement_page.statement, name="statement"),
    path("claims/<str:name>/statements/<int:version>.pdf", statement_page.paper, name="statement-pdf"),
    path("claims/<str:name>/acts/<slug:what>", claim_page.act, name="act"),
    path("claims/<str:name>/files/<uuid:evidence_id>/<slug:variant>", files.file, name="evidence"),
    path(
        "claims/<str:name>/files/<uuid:evidence_id>/pages/<int:number>/<slug:variant>",
        files.page,
        name="evidence-page",
    ),
    # what a party was told, and who and where is told
    path("inbox", inbox.inbox, name="inbox"),
    path("inbox/read", inbox.read, name="inbox-read"),
    path("inbox/<int:number>", inbox.notice, name="notice"),
    path("contacts", told.told, name="told"),
    path("contacts/add", told.add_contact, name="add-contact"),
    path("contacts/<int:number>/remove", told.remove_contact, name="remove-contact"),
    path("contacts/<int:number>/mails", choices.of_contact, name="mails-of-contact"),
    path("contacts/<int:number>/choose", choices.choose_of_contact, name="choose-of-contact"),
    path("mails/<str:key>", choices.by_link, name="choose-mails"),
    path("mails/<str:key>/stop/<slug:kind>", choices.stop, name="stop-mails"),
    path("webhooks/<uuid:webhook_id>/told", choices.of_webhook, name="told-to-webhook"),
    path("webhooks/<uuid:webhook_id>/choose", choices.choose_of_webhook, name="choose-of-webhook"),
    path("webhooks/add", told.add_webhook, name="add-webhook"),
    path("webhooks/<uuid:webhook_id>", told.deliveries, name="deliveries"),
    path("webhooks/<uuid:webhook_id>/rotate", told.rotate, name="rotate"),
    path("webhooks/<uuid:webhook_id>/remove", told.remove_webhook, name="remove-webhook"),
    path("webhooks/deliveries/<uuid:delivery_id>/replay", told.replay, name="replay"),
    # the rules, open to everybody
    path("policies", policy_page.published, name="policies"),
    path("policies/<str:policy>/<str:number>", policy_page.version, name="policy"),
    path("overturns", overturns_page.overturned, name="overturns"),
    # what signatures are checked by, open to everybody too
    path("checkpoints", checkpoints_page.checkpoints, name="checkpoints"),
    # the demo's mailbox
    path("demo/mail", mails.mails, name="mails"),
    path("demo/mail/<str:name>", mails.html, name="mail-html"),
]
