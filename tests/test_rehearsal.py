"""All 1,245 incident reports against all the orders, from first notice to the last clock, as the command does it.

The reports and orders are public data that the project does not carry; where they are absent this says so and skips.
The rest looks at the pieces: what a report means, that a seed is a seed, and that a broken promise is seen.
"""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
import world
from django.db import transaction
from django.db.models import F

from makewhole import asks
from makewhole.domain.claim.commands import AssignClaim
from makewhole.domain.claim.events import ClaimDecided, Clause, DecidedLine, Reason, Recorded
from makewhole.handle import handle
from makewhole.integrations.order_files.rows import Unreadable
from makewhole.rehearsal.asking import asked
from makewhole.rehearsal.drawing import ZONE, File, Person, draw_files
from makewhole.rehearsal.incidents import Report, read_reports
from makewhole.rehearsal.orders import Line
from makewhole.rehearsal.outcome import between_marks
from makewhole.rehearsal.promises import no_personal_data
from makewhole.store.codec import encode
from makewhole.store.models import Claim, Event, Incident, Outbox, Recovery

ROOT = Path(__file__).parents[1]
DATA = ROOT.parent / "shared" / "data"
INCIDENTS, ORDERS = DATA / "incidents" / "incident_reports.csv", DATA / "orders"
REPORTS = 1_245
PROMISES = 9

needs_data = pytest.mark.skipif(
    not (INCIDENTS.is_file() and ORDERS.is_dir()),
    reason="the incident reports and orders (../shared/data) are not on this machine",
)


# The whole of it -------------------------------------------------------------------------------------------


@needs_data
def test_every_report_ends_as_a_claim_should_and_the_table_is_the_documents(tmp_path: Path) -> None:
    """One test, since it takes a minute: the command is run once, with a database of its own."""
    report = tmp_path / "table.md"
    given = ("--incidents", str(INCIDENTS), "--orders", str(ORDERS), "--report", str(report))
    command = [sys.executable, "-m", "makewhole.cli", "rehearse", *given]
    done = subprocess.run(command, capture_output=True, text=True, timeout=300, check=False)

    assert done.returncode == 0, done.stdout[-3_000:] + done.stderr[-3_000:]
    assert done.stdout.count("\nholds: ") == PROMISES
    assert "refused by the rules" not in done.stdout

    table = report.read_text("utf-8")
    claims = _number(r"^\| claims \| ([\d,]+) \|$", table)
    repeated = _number(r"^\| second notices merged, same content \| ([\d,]+) \|$", table)
    repeated += _number(r"^\| second notices merged, other content \| ([\d,]+) \|$", table)
    assert claims == REPORTS
    assert _number(r"^\| notices \| ([\d,]+) \|$", table) == claims + repeated

    written = between_marks((ROOT / "docs" / "rehearsal.md").read_text("utf-8"))
    assert between_marks(table) == written, "see docs/rehearsal.md for the command that writes it anew"


def _number(pattern: str, table: str) -> int:
    found = re.search(pattern, table, re.MULTILINE)
    assert found, f"{pattern} is not in the table"
    return int(found[1].replace(",", ""))


# Reports ---------------------------------------------------------------------------------------------------

HEADS = (
    "Report No.,Product Description,Incident Description,(Primary) Victim Severity,"
    "(Primary) Victim's Age (years),My Relation To The (Primary) Victim,Product Was Damaged Before Incident"
)


def reports(tmp_path: Path, *rows: str, heads: str = HEADS) -> list[Report]:
    file = tmp_path / "reports.csv"
    file.write_text("\n".join((heads, *rows)) + "\n", encoding="utf-8")
    return read_reports(file)


@pytest.mark.parametrize(
    "story, severity, hazards",
    [
        ("The toy fire engine's wheel came off.", "No Incident, No Injury", ()),
        ("The charger caught fire on the table.", "Incident, No Injury", ("fire",)),
        ("He put a bead into his nose.", "Injury - Hospital Admission", ("grave_injury",)),
        ("She swallowed a magnet.", "Death", ("choking", "death")),
    ],
)
def test_hazards_come_from_severity_and_from_words_that_mean_them(
    tmp_path: Path, story: str, severity: str, hazards: tuple[str, ...]
) -> None:
    (report,) = reports(tmp_path, f'R1,Toy,{story},"{severity}",5,My Child,No')
    assert report.hazards == hazards


@pytest.mark.parametrize(
    "age, relation, minor",
    [("17", "Self", True), ("18", "Self", False), ("3", "My Child", False), ("-1", "Self", False)],
)
def test_only_who_was_hurt_under_age_and_reports_it_is_a_minor(
    tmp_path: Path, age: str, relation: str, minor: bool
) -> None:
    (report,) = reports(tmp_path, f"R1,Toy,It broke.,Unspecified,{age},{relation},No")
    assert report.by_a_minor is minor


@pytest.mark.parametrize(
    "rows, heads, said",
    [
        ((), HEADS, "has no reports"),
        (("R1,Toy,It broke.,Unspecified,3,Self,No",), HEADS.replace("Report No.", "No."), "no column Report No."),
        (("R1,Toy,It broke.,Vaporised,3,Self,No",), HEADS, "line 2: its severity 'Vaporised' is not known"),
        (("R1,Toy,Broke.,,3,Self,No", "R1,Toy,Broke.,,3,Self,No"), HEADS, "line 3: its number is missing or was there"),
    ],
)
def test_a_file_that_holds_no_reports_is_refused_in_one_sentence(
    tmp_path: Path, rows: tuple[str, ...], heads: str, said: str
) -> None:
    with pytest.raises(Unreadable, match=re.escape(said)):
        reports(tmp_path, *rows, heads=heads)


# The draw --------------------------------------------------------------------------------------------------


def drawn(tmp_path: Path, seed: int) -> list[File]:
    delivered = datetime(2022, 3, 1, tzinfo=UTC)
    lines = [Line(f"O{n}", "1", n % 7, 5_000, delivered - timedelta(days=9), delivered) for n in range(300)]
    told = [f'R{n},Toy,It burned.,"Incident, No Injury",3,Self,No' for n in range(200)]
    return draw_files(reports(tmp_path, *told), lines, seed)


def test_one_seed_draws_the_same_files_and_another_seed_draws_others(tmp_path: Path) -> None:
    assert drawn(tmp_path, 1) == drawn(tmp_path, 1)
    assert drawn(tmp_path, 1) != drawn(tmp_path, 2)


def test_no_notice_comes_before_its_loss_and_no_loss_before_its_order(tmp_path: Path) -> None:
    for file in drawn(tmp_path, 1):
        noticed_on = file.noticed_at.astimezone(ZONE).date()
        ordered_on = file.line.ordered_at.astimezone(ZONE).date()
        assert ordered_on <= file.loss_date <= noticed_on


# A broken promise is seen ------------------------------------------------------------------------------------


@contextmanager
def only_tried() -> Iterator[None]:
    """What happens inside is rolled back: the log keeps nothing of it."""
    with transaction.atomic():
        yield
        transaction.set_rollback(True)


@pytest.mark.usefixtures("kept")
def test_a_claim_that_waits_for_nobody_in_particular_breaks_the_promise() -> None:
    shop = world.open_shop()
    claim = shop.file(shop.notice(shop.sell(price="400.00"), claimed="1500.00")).claim
    assert claim.filed.reference in {row[0] for row in asked("unnamed")}
    adjuster = shop.staff("adjuster", 7)
    handle(asks.act(AssignClaim(adjuster.name), claim_id=claim.claim_id, by=adjuster, at=world.NOW))
    assert claim.filed.reference not in {row[0] for row in asked("unnamed")}


@pytest.mark.usefixtures("kept")
def test_an_incident_that_is_not_the_sum_of_its_claims_breaks_the_promise() -> None:
    shop = world.open_shop()
    claim = shop.file().claim
    broken = f"incident {claim.filed.incident_id}"
    assert (broken,) not in asked("sums")
    with only_tried():
        Incident.objects.filter(id=claim.filed.incident_id).update(approved_minor=F("approved_minor") + 1)
        assert (broken,) in asked("sums")


@pytest.mark.usefixtures("kept")
def test_a_demand_beyond_what_was_paid_breaks_the_promise() -> None:
    shop = world.open_shop()
    claim = shop.file(shop.notice(shop.sell(price="400.00"), claimed="1500.00")).claim
    broken = (f"more demanded than paid {claim.claim_id}",)
    assert claim.paid_minor == 0
    assert broken not in asked("recoveries")
    with only_tried():
        Recovery.objects.create(
            claim_id=claim.claim_id, no=1, seller_id=claim.filed.seller_id, currency="USD", basis="contract",
            stage="demanded", clause="a clause", paid_minor=1, owed_by_seller_minor=1, owed_by_others_minor=0,
            held_minor=0, applied_minor=0, released_minor=0, received_minor=0, repaid_minor=0, written_off_minor=0,
            opened_at=world.NOW,
        )  # fmt: skip
        assert broken in asked("recoveries")
        assert (f"books of {claim.claim_id}",) in asked("recoveries")


@pytest.mark.usefixtures("kept")
def test_a_clock_that_is_over_and_still_runs_breaks_the_promise() -> None:
    shop = world.open_shop()
    claim = shop.file(shop.notice(shop.sell(), complete=False)).claim
    due_at = next(clock.due_at for clock in claim.clocks if clock.name == "claimant_answers")
    overdue = (f"overdue: {claim.claim_id} claimant_answers",)
    assert overdue not in asked("clock_effects", due_at - timedelta(seconds=1))
    assert overdue in asked("clock_effects", due_at)


@pytest.mark.usefixtures("kept")
def test_a_refusal_that_no_concern_announced_breaks_the_promise() -> None:
    shop = world.open_shop()
    claim = shop.file(shop.notice(shop.sell(price="400.00"), claimed="1500.00")).claim
    version = claim.version + 1
    refused = ClaimDecided(
        (DecidedLine(1, 0, 100, Reason("not_caused", "a clause")),), ("person:7",),
        (Clause("a clause", "refused", "not_caused"),), claim.policy_version,
    )  # fmt: skip
    with only_tried():
        Event.objects.create(
            claim_id=claim.claim_id, version=version, kind="ClaimDecided", at=world.NOW,
            body=encode(claim.claim_id, version, Recorded(refused, world.NOW, "person:7")).decode(),
            prior=bytes(Claim.objects.get(id=claim.claim_id).head), digest=b"x" * 32,
        )  # fmt: skip
        assert (f"{claim.claim_id} version {version}",) in asked("refusals")
    assert (f"{claim.claim_id} version {version}",) not in asked("refusals")


@pytest.mark.usefixtures("kept")
@pytest.mark.parametrize("leak", ["Hana Bisset", "the stove burned through the worktop", "somebody@example.com"])
def test_personal_data_in_a_notice_breaks_the_promise(tmp_path: Path, leak: str) -> None:
    shop = world.open_shop()
    claim = shop.file().claim
    file = drawn(tmp_path, 1)[0]
    story = replace(file.report, story="Suddenly the stove burned through the worktop.")
    person = Person("Hana Bisset", "hana@customers.example", "+1 212 555 0100", "1 Elm Street")
    file_of = {claim.claim_id: replace(file, report=story, person=person)}
    assert not [broken for broken in no_personal_data(file_of).broken_by if str(claim.claim_id) in broken]
    with only_tried():
        Outbox.objects.create(
            claim_id=claim.claim_id, version=1, dedupe=str(uuid4()), recipient="claimant:x", template="claim_received",
            facts={"said": leak}, created_at=world.NOW, send_after=world.NOW,
        )  # fmt: skip
        assert [broken for broken in no_personal_data(file_of).broken_by if str(claim.claim_id) in broken]
