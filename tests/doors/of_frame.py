"""What everybody shares: the start, a claim, the inbox, the rules."""

from __future__ import annotations

from doors.doors import ACCOUNTS, EVERYBODY, GUEST, STAFF, Door, Premises

ITS_PARTIES = frozenset({GUEST, "seller", "marketplace", *STAFF})  # of a small claim: no insurer hears of it
TOLD = frozenset({"seller", "insurer"})
SELLER = frozenset({"seller"})
NOT_ITS = {"insurer": 404}  # has such pages, and is another party
REDIRECTED = frozenset({302})


def of_claim(page: str) -> object:
    return lambda place: f"/claims/{place.claim.filed.reference}{page}"


def _statement(place: Premises) -> str:
    from makewhole.domain.actors import Actor
    from makewhole.reads.statements import statements_of

    told = statements_of(place.claim.claim_id, Actor("person:1", "auditor"))
    return f"/claims/{place.claim.filed.reference}/statements/{told[0].version}"


def _mails(place: Premises) -> str:
    from makewhole.people.links import mails_key

    return f"/mails/{mails_key(place.party, place.contact)}"


def _page(place: Premises) -> str:
    return f"/claims/{place.claim.filed.reference}/files/{place.paper}/pages/1/thumbnail"


DOORS = [
    Door("home", EVERYBODY, lambda place: "/", many=True),
    Door("sign-in", EVERYBODY, lambda place: "/sign-in"),
    Door("sign-out", EVERYBODY, lambda place: "/sign-out", "POST", opens=REDIRECTED),
    Door("role", EVERYBODY, lambda place: "/role", "POST", lambda place: {"role": "7"}, opens=REDIRECTED),
    Door("appearance", EVERYBODY, lambda place: "/appearance", "POST", opens=REDIRECTED),
    Door(
        "claims", frozenset({"claimant", "seller", "insurer", *STAFF}), lambda place: "/claims", many=True
    ),
    Door("claim", ITS_PARTIES, of_claim(""), shut=404, nobody=404, strangers=404),
    Door("claim-log", ITS_PARTIES, of_claim("/log"), shut=404, nobody=404, strangers=404),
    Door("claim-export", ITS_PARTIES, of_claim("/export"), shut=404, nobody=404, strangers=404),
    Door("act", ITS_PARTIES, of_claim("/acts/withdraw"), "POST", lambda place: {"seen": "0"},
         opens=frozenset({409, 422}), shut=404, nobody=404, strangers=404),
    Door("evidence", ITS_PARTIES, lambda place: f"/claims/{place.claim.filed.reference}/files/{place.photo}/thumbnail",
         shut=404, nobody=404, strangers=404),
    # A paper of the claimant: who answers for the claim does not see it, whatever address is asked for.
    Door("evidence-page", ITS_PARTIES - {"seller"}, _page, shut=404, nobody=404, strangers=404),
    Door("statement", ITS_PARTIES, _statement, shut=404, nobody=404, strangers=404),
    Door("statement-pdf", ITS_PARTIES, lambda place: f"{_statement(place)}.pdf", shut=404, nobody=404, strangers=404),
    # what a party was told: each sees and changes its own
    Door("inbox", TOLD, lambda place: "/inbox", many=True),
    Door("inbox-read", TOLD, lambda place: "/inbox/read", "POST", lambda place: {"until": "1"}, opens=REDIRECTED),
    Door("notice", SELLER, lambda place: f"/inbox/{place.notice}", opens=REDIRECTED, others=NOT_ITS, strangers=404),
    Door("told", TOLD, lambda place: "/contacts", many=True),
    Door("add-contact", TOLD, lambda place: "/contacts/add", "POST", opens=frozenset({422})),
    Door("remove-contact", SELLER, lambda place: f"/contacts/{place.contact}/remove", "POST", opens=REDIRECTED,
         others=NOT_ITS, strangers=404),
    Door("add-webhook", TOLD, lambda place: "/webhooks/add", "POST", opens=frozenset({422})),
    Door("deliveries", SELLER, lambda place: f"/webhooks/{place.webhook}", others=NOT_ITS, strangers=404),
    Door("rotate", SELLER, lambda place: f"/webhooks/{place.webhook}/rotate", "POST", opens=frozenset({200, 302}),
         others=NOT_ITS, strangers=404),
    Door("remove-webhook", SELLER, lambda place: f"/webhooks/{place.webhook}/remove", "POST", opens=REDIRECTED,
         others=NOT_ITS, strangers=404),
    Door("replay", SELLER, lambda place: f"/webhooks/deliveries/{place.delivery}/replay", "POST", opens=REDIRECTED,
         others=NOT_ITS, strangers=404),
    Door("mails-of-contact", SELLER, lambda place: f"/contacts/{place.contact}/mails", others=NOT_ITS, strangers=404),
    Door("choose-of-contact", SELLER, lambda place: f"/contacts/{place.contact}/choose", "POST", opens=REDIRECTED,
         others=NOT_ITS, strangers=404),
    Door("told-to-webhook", SELLER, lambda place: f"/webhooks/{place.webhook}/told", others=NOT_ITS, strangers=404),
    Door("choose-of-webhook", SELLER, lambda place: f"/webhooks/{place.webhook}/choose", "POST", opens=REDIRECTED,
         others=NOT_ITS, strangers=404),
    # by the link in a mail: whoever has it is whoever got the mail
    Door("choose-mails", EVERYBODY, _mails),
    Door("stop-mails", EVERYBODY, lambda place: f"{_mails(place)}/stop/progress", "POST"),
    # the rules
    Door("policies", EVERYBODY, lambda place: "/policies"),
    Door("policy", EVERYBODY, lambda place: "/policies/us/2021-1"),
    Door("overturns", EVERYBODY, lambda place: "/overturns", many=True),
    Door("checkpoints", EVERYBODY, lambda place: "/checkpoints", many=True),
    Door("mail-html", EVERYBODY, lambda place: "/demo/mail/none", opens=frozenset({404})),
    Door("mails", EVERYBODY, lambda place: "/demo/mail", opens=frozenset({200, 404})),
]  # fmt: skip
assert set(ACCOUNTS) <= EVERYBODY
