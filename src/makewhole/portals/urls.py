"""Every page's address."""

from __future__ import annotations

from django.contrib.auth.views import LoginView, LogoutView
from django.urls import path

from makewhole.portals.claimant import filing
from makewhole.portals.frame import claim_page, files, home, lists, mails, overturns_page, policy_page

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
    path("claims/<str:name>/log", claim_page.log, name="claim-log"),
    path("claims/<str:name>/acts/<slug:what>", claim_page.act, name="act"),
    path("claims/<str:name>/files/<uuid:evidence_id>/<slug:variant>", files.file, name="evidence"),
    # staff
    path("queue", lists.queue, name="queue"),
    path("payments", lists.payments, name="payments"),
    # the rules, open to everybody
    path("policies", policy_page.published, name="policies"),
    path("policies/<str:policy>/<str:number>", policy_page.version, name="policy"),
    path("overturns", overturns_page.overturned, name="overturns"),
    # the demo's mailbox
    path("demo/mail", mails.mails, name="mails"),
]
