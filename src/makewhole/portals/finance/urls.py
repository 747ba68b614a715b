"""Addresses of who signs for money."""

from __future__ import annotations

from django.urls import path

from makewhole.portals.finance import (
    approvals,
    bank_page,
    batches_page,
    books_page,
    payments_page,
    reconciliation_page,
    returns_page,
    start,
)

urlpatterns = [
    path("finance", start.start, name="finance"),
    path("approvals", approvals.approvals, name="approvals"),
    path("approvals/look", approvals.look, name="approvals-look"),
    path("approvals/sign", approvals.sign, name="approvals-sign"),
    path("payments", payments_page.payments, name="payments"),
    # to the bank, and back
    path("batches", batches_page.batches, name="batches"),
    path("batches/make", batches_page.make, name="make-batch"),
    path("batches/<uuid:batch_id>", batches_page.batch, name="batch"),
    path("batches/<uuid:batch_id>/withdraw", batches_page.withdraw, name="withdraw-batch"),
    path("batches/<uuid:batch_id>/take-out", batches_page.take_out, name="take-out"),
    path("batches/<uuid:batch_id>/free", batches_page.free, name="free-batch"),
    path("batches/<uuid:batch_id>/file", batches_page.file, name="batch-file"),
    path("paying-accounts", batches_page.accounts, name="paying-accounts"),
    path("bank-answers", bank_page.files, name="bank-answers"),
    path("bank-answers/<int:number>", bank_page.report, name="bank-report"),
    path("bank-answers/lines/<int:number>/explain", bank_page.explain, name="explain-answer"),
    path("returns", returns_page.returns, name="returns"),
    path("reconciliation", reconciliation_page.reconciliation, name="reconciliation"),
    path("reconciliation/<str:marketplace>/<str:currency>/<str:on>", reconciliation_page.day, name="orders-of-a-day"),
    # the books
    path("books", books_page.trial_balance, name="books"),
    path("books/entries/<str:reference>/<int:version>", books_page.entry, name="book-entry"),
    path("books/<str:marketplace>/<str:currency>/<slug:name>", books_page.account, name="account"),
    path("books/<str:marketplace>/<str:currency>/<slug:name>/<str:on>", books_page.entries, name="account-day"),
]
