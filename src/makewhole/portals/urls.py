"""Every page's address."""

from __future__ import annotations

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from makewhole.portals.claimant import filing
from makewhole.portals.frame import (
    checkpoints_page,
    claim_page,
    files,
    home,
    inbox,
    lists,
    mails,
    overturns_page,
    policy_page,
    statement_page,
    told,
)
from makewhole.portals.recoveries import page as recoveries_page
from makewhole.portals.standing import page as standing_page

urlpatterns = [
    path("", home.home, name="home"),
    path("sign-in", LoginView.as_view(template_name="portals/sign_in.html"), name="sign-in"),
    path("sign-out", LogoutView.as_view(), name="sign-out"),
    path("role", home.role, name="role"),
    # claimants
    path("orders", filing.orders, name="orders"),
    path("file/<str:key>", filing.file, name="file"),
    # a claim, for everyone
    path("claims", lists.claims, name="claims"),
    path("claims/<str:name>", claim_page.claim, name="claim"),
    path("claims/<str:name>/export", claim_page.export, name="claim-export"),
    path("claims/<str:name>/log", claim_page.log, name="claim-log"),
    path("claims/<str:name>/statements/<int:version>", statement_page.statement, name="statement"),
    path("claims/<str:name>/statements/<int:version>.pdf", statement_page.paper, name="statement-pdf"),
    path("claims/<str:name>/acts/<slug:what>", claim_page.act, name="act"),
    path("claims/<str:name>/files/<uuid:evidence_id>/<slug:variant>", files.file, name="evidence"),
    # the standing of a seller, for the seller and for staff
    path("standing", standing_page.standing, name="standing"),
    path("standing/restrictions/<uuid:restriction_id>", standing_page.statement, name="restriction"),
    path("standing/restrictions/<uuid:restriction_id>.pdf", standing_page.paper, name="restriction-pdf"),
    path("sellers/<int:seller_id>/standing", standing_page.of_seller, name="standing-of"),
    path("sellers/<int:seller_id>/standing/acts/<slug:what>", standing_page.act, name="standing-act"),
    path("sellers/<int:seller_id>/standing/files/<uuid:evidence_id>", standing_page.file, name="standing-file"),
    # sellers and insurers: what they were told, and who and where is told
    path("inbox", inbox.inbox, name="inbox"),
    path("inbox/read", inbox.read, name="inbox-read"),
    path("inbox/<int:number>", inbox.notice, name="notice"),
    path("contacts", told.told, name="told"),
    path("contacts/add", told.add_contact, name="add-contact"),
    path("contacts/<int:number>/remove", told.remove_contact, name="remove-contact"),
    path("webhooks/add", told.add_webhook, name="add-webhook"),
    path("webhooks/<uuid:webhook_id>", told.deliveries, name="deliveries"),
    path("webhooks/<uuid:webhook_id>/rotate", told.rotate, name="rotate"),
    path("webhooks/<uuid:webhook_id>/remove", told.remove_webhook, name="remove-webhook"),
    path("webhooks/deliveries/<uuid:delivery_id>/replay", told.replay, name="replay"),
    # staff
    path("queue", lists.queue, name="queue"),
    path("payments", lists.payments, name="payments"),
    # what is asked back, for finance and for those of whom it is asked
    path("recoveries", recoveries_page.recoveries, name="recoveries"),
    # the rules, open to everybody
    path("policies", policy_page.published, name="policies"),
    path("policies/<str:policy>/<str:number>", policy_page.version, name="policy"),
    path("overturns", overturns_page.overturned, name="overturns"),
    # what signatures are checked by, open to everybody too
    path("checkpoints", checkpoints_page.checkpoints, name="checkpoints"),
    # the demo's mailbox
    path("demo/mail", mails.mails, name="mails"),
]
