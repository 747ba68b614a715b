"""`makewhole token` and `makewhole claim`, called as an operator calls them."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from api.machines import Hire, Machine
from api.saying import notice, refused
from click.testing import CliRunner, Result
from world import Shop, a_photo

from makewhole.people.models import Account


def makewhole(group: str, *args: str, said: bytes = b"") -> Result:
    from makewhole.cli.claims import claim
    from makewhole.cli.tokens import token

    commands: dict[str, Any] = {"claim": claim, "token": token}
    return CliRunner().invoke(commands[group], args, input=said)


def test_a_token_made_on_the_terminal_opens_the_door_until_it_is_revoked(shop: Shop, backend: Machine):
    email = Account.objects.get(id=backend.account_id).email
    made = makewhole("token", "create", email.upper(), "--name", "shop", "--scope", "claims:read", "--days", "3")
    assert made.exit_code == 0
    machine = Machine(made.stdout.strip(), backend.account_id, 0)
    assert machine.get("/claims").status_code == 200
    refused(machine.post("/claims", {}), 403, "scope_missing")
    number = made.stderr.split()[1]
    listed = next(line for line in makewhole("token", "list").output.splitlines() if line.split()[0] == number)
    assert "until" in listed and "claims:read" in listed and machine.token not in listed
    assert makewhole("token", "revoke", number).exit_code == 0
    refused(machine.get("/claims"), 401, "token_revoked")


def test_a_token_for_nobody_or_for_nothing_is_one_sentence(shop: Shop, hire: Hire):
    nobody = makewhole("token", "create", "nobody@example.com", "--name", "x", "--scope", "claims:read")
    assert nobody.exit_code == 1 and "there is no account nobody@example.com." in nobody.output
    email = Account.objects.get(id=hire().account_id).email
    assert "claims:read" in makewhole("token", "create", email, "--name", "x").output
    assert "there is no token 999999." in makewhole("token", "revoke", "999999").output


def test_a_claim_is_filed_with_its_papers_shown_and_listed(shop: Shop, tmp_path: Path):
    (tmp_path / "worktop.jpg").write_bytes(a_photo())
    (tmp_path / "estimate.jpg").write_bytes(a_photo())
    body = notice(shop, complete=False, loss_date=str((datetime.now(UTC) - timedelta(days=3)).date()))
    papers = [f"photo:1::{tmp_path}/worktop.jpg", f"repair_estimate:1:120.00:{tmp_path}/estimate.jpg"]
    options = [part for paper in papers for part in ("--evidence", paper)]
    filed = makewhole("claim", "file", "-", "--key", shop.code, *options, said=json.dumps(body).encode())
    assert filed.exit_code == 0, filed.output
    reference = filed.output.split(":")[0]
    assert "missing" not in filed.output
    shown = makewhole("claim", "show", reference).output
    assert all(word in shown for word in ("money", "clocks", "timeline", "ClaimFiled", "operator:cli", "USD 120.00"))
    assert reference in makewhole("claim", "list", "--marketplace", shop.code).output
    assert reference not in makewhole("claim", "list", "--marketplace", shop.code, "--outcome", "refused").output
    assert reference not in makewhole("claim", "list", "--marketplace", shop.code, "--late").output


def test_a_notice_with_faults_is_told_all_of_them_and_files_nothing(shop: Shop):
    body = notice(shop, complete=False, loss_date="soon", story="")
    told = makewhole("claim", "file", said=json.dumps(body | {"injury": "no"}).encode())
    assert told.exit_code == 1 and "Nothing was filed." in told.output
    assert "body.loss_date: This is not a day." in told.output and "body.injury:" in told.output
    odd = makewhole("claim", "file", "--evidence", "photo:one:x", said=json.dumps(notice(shop)).encode())
    assert odd.exit_code == 2 and "KIND:PART:AMOUNT:PATH" in odd.output
    assert makewhole("claim", "list", "--marketplace", shop.code).output == ""
