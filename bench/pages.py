"""Pages for people with a million claims stored: how long each takes to answer, for each role, over HTTP.

`make bench` runs it after the rest, on a server of its own; `python -m bench.pages` runs it alone (BENCH_STORED: how
many claims). The reference of the same run is the page that asks the database nothing: /healthz.
"""

from __future__ import annotations

import http.client
import os
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bench.figures import Figure
    from makewhole.store.models import Claim

TIMES = 60
LONGEST_MS = 100


@dataclass(frozen=True)
class Visit:
    """A page that somebody in this role opens."""

    role: str
    path: str


@dataclass(frozen=True)
class Seen:
    visit: Visit
    median_ms: float
    p95_ms: float
    bytes: int


def visits(claims: dict[str, Claim]) -> list[Visit]:
    """Every page that somebody opens in a day's work."""
    paid, doubtful, tendered = (f"/claims/{claims[kind].reference}" for kind in ("paid", "doubtful", "tendered"))
    staff = ("adjuster", "reviewer", "finance", "programme_owner", "auditor", "safety_officer")
    places = {
        "adjuster": ("/queue?due=late", "/queue?whose=nobody", paid, doubtful, tendered, f"{doubtful}/evidence/1"),
        "seller": (tendered, "/inbox", "/contacts", "/standing", "/recoveries", "/statements", "/contests",
                   "/insurance"),
        "insurer": ("/tenders", tendered, "/recoveries"),
        "finance": ("/finance", "/approvals", "/payments", "/batches", "/bank-answers", "/returns", "/reconciliation",
                    "/books", "/books/bench/USD/bank", "/recoveries"),
        "programme_owner": ("/programme", "/programme?by=day", "/clocks", "/outcomes", "/decisions", "/drafts"),
        "auditor": ("/audit", f"/audit/log?claim={claims['paid'].reference}", "/audit/roles", "/audit/rules",
                    f"{paid}/log"),
        "administrator": ("/admin", "/admin/people", "/admin/tokens", "/admin/marketplaces", "/admin/webhooks"),
        "nobody": ("/", "/policies", "/overturns", "/checkpoints", "/sign-in", "/find-order"),
    }  # fmt: skip
    return [
        *(Visit(role, "/") for role in (*staff, "seller", "insurer", "administrator")),
        *(Visit(role, "/queue") for role in staff if role != "auditor"),
        *(Visit(role, "/claims") for role in ("adjuster", "auditor", "seller", "insurer")),
        *(Visit(role, path) for role, paths in places.items() for path in paths),
    ]


def measure() -> list[Seen]:
    """Each page so many times, one after the other, through the web server as an operator starts it."""
    from bench import over_http
    from bench.__main__ import say

    claims = _claims()
    found = []
    with over_http.web_server(os.cpu_count() or 1) as (port, _):
        cookies = {role: _cookie(role, claims) for role in {visit.role for visit in visits(claims)}}
        for visit in [Visit("nobody", "/healthz"), *visits(claims)]:
            found.append(_seen(port, visit, cookies.get(visit.role, "")))
            if found[-1].p95_ms > LONGEST_MS:
                say(f"  {visit.path} ({visit.role}): p95 {found[-1].p95_ms:.0f} ms")
    return found


def figures_of(found: list[Seen], stored: int) -> list[Figure]:
    from bench.figures import Figure

    nothing, *pages = found
    against = f"/healthz, p95 {nothing.p95_ms:.1f} ms"
    slowest = max(pages, key=lambda seen: seen.p95_ms)
    return [
        Figure(f"the slowest page at {stored:,} stored, p95: {slowest.visit.path} ({slowest.visit.role})",
               slowest.p95_ms, "ms", against, slowest.p95_ms / nothing.p95_ms, f"< {LONGEST_MS} ms",
               slowest.p95_ms < LONGEST_MS),
        Figure(f"pages under {LONGEST_MS} ms, p95", sum(seen.p95_ms < LONGEST_MS for seen in pages), f"of {len(pages)}",
               against, None, "all", all(seen.p95_ms < LONGEST_MS for seen in pages)),
    ]  # fmt: skip


def table(found: list[Seen]) -> str:
    rows = [f"{'page':60} {'role':16} {'median ms':>9} {'p95 ms':>9} {'KB':>6}"]
    rows += [
        f"{seen.visit.path[:60]:60} {seen.visit.role:16} {seen.median_ms:9.1f} {seen.p95_ms:9.1f}"
        f" {seen.bytes / 1024:6.0f}"
        for seen in found
    ]
    return "\n".join(rows)


def _seen(port: int, visit: Visit, cookie: str) -> Seen:
    taken, size = [], 0
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    for n in range(TIMES + 5):
        began = time.perf_counter()
        connection.request("GET", visit.path, headers={"Cookie": cookie} if cookie else {})
        answer = connection.getresponse()
        body = answer.read()
        if n >= 5:  # what a process looks up once is not what is measured
            taken.append(1000 * (time.perf_counter() - began))
        assert answer.status == 200, f"{visit.role} got {answer.status} for {visit.path}: {body[:300]!r}"
        size = len(body)
    connection.close()
    taken.sort()
    return Seen(visit, taken[len(taken) // 2], taken[int(0.95 * len(taken))], size)


def _claims() -> dict[str, Claim]:
    """One of each kind that came through the write door: its reference was not copied."""
    from makewhole.store.models import Claim

    lived = Claim.objects.exclude(reference__regex=r"-[0-9]+$").order_by("-noticed_at")
    return {
        "paid": lived.filter(outcome="paid")[0],
        "doubtful": lived.filter(turn="adjuster", tasks=[]).exclude(score=0)[0],
        "tendered": lived.filter(turn="seller", insurer_id__isnull=False)[0],
    }


def _cookie(role: str, claims: dict[str, Claim]) -> str:
    """Signed in as somebody of that role; the seller and the insurer are those of the tendered claim."""
    from django.conf import settings
    from django.test import Client

    from bench import world
    from makewhole.people.models import Account, RoleAssignment

    if role == "nobody":
        return ""
    account = Account.objects.create_user(f"{role}@bench.example", name=role.capitalize())
    RoleAssignment.objects.create(
        account=account, role=role, marketplace="" if role == "administrator" else world.CODE,
        seller_id=claims["tendered"].seller_id if role == "seller" else None,
        insurer_id=claims["tendered"].insurer_id if role == "insurer" else None,
    )  # fmt: skip
    client = Client()
    client.force_login(account)
    return f"{settings.SESSION_COOKIE_NAME}={client.cookies[settings.SESSION_COOKIE_NAME].value}"


def main() -> None:
    from bench import __main__ as whole
    from bench import figures

    with whole.own_server():
        from bench import stored, world

        by, _ = world.open_marketplace()
        whole.say(f"{figures.machine()}; filling up to {whole.STORED:,} stored claims")
        stored.fill(whole.STORED, whole.Numbers(), by)
        whole.say("every page, one after the other")
        found = measure()
        measured = figures_of(found, whole.STORED)
        figures.keep(measured, "pages")
        print(table(found))
        print(figures.table(measured))


if __name__ == "__main__":
    main()
