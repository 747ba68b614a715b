"""Payouts, insurers and coverages come in: twice is once, what is documented stays, each bad row says why."""

from __future__ import annotations

import csv
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from click.testing import CliRunner, Result
from django.db import IntegrityError, connections
from world import NOW, Shop, open_shop

from makewhole.cli.coverages import coverage
from makewhole.cli.imports import imports
from makewhole.domain.money import Money
from makewhole.imports import coverages, disbursements, insurers, sellers
from makewhole.imports.report import ImportReport
from makewhole.integrations.order_files.mapping import load_mapping
from makewhole.integrations.order_files.rows import Unreadable
from makewhole.reads.withheld import withheld_of
from makewhole.recovering import Withheld, withhold_from
from makewhole.store.models import Coverage, Disbursement, Insurer, Seller, Withholding


def reasons(report: ImportReport) -> list[tuple[int, list[tuple[str, str]]]]:
    return [(bad.row, [(each.field, each.code) for each in bad.reasons]) for bad in report.bad_rows]


def payout(**told: object) -> dict[str, object]:
    return {
        "disbursement_ref": "D-1", "seller_ref": "kettle-co", "net_amount": "184.20", "pays_on": "2026-11-24",
    } | told  # fmt: skip


def tell(shop: Shop, *rows: dict[str, object], report: ImportReport | None = None) -> ImportReport:
    return disbursements.load_rows(shop.code, rows, now=NOW, report=report)


def known(shop: Shop) -> list[tuple[object, ...]]:
    found = Disbursement.objects.filter(marketplace=shop.code).order_by("disbursement_ref")
    return list(
        found.values_list("disbursement_ref", "seller__seller_ref", "net_minor", "currency", "pays_on", "told_at")
    )


# --- disbursements: once, and never changed


def test_a_payout_is_documented_as_it_was_told(shop: Shop) -> None:
    assert tell(shop, payout()).new == 1
    assert known(shop) == [("D-1", "kettle-co", 18_420, "USD", date(2026, 11, 24), NOW)]


def test_the_same_payout_again_changes_nothing(shop: Shop) -> None:
    tell(shop, payout())
    before = known(shop)
    again = disbursements.load_rows(shop.code, [payout(net_amount="184.2")], now=NOW + timedelta(hours=1))
    assert (again.new, again.changed, again.unchanged, again.bad) == (0, 0, 1, 0)
    assert known(shop) == before


@pytest.mark.parametrize("other", [{"net_amount": "184.21"}, {"pays_on": "2026-11-25"}, {"seller_ref": "lamp-shop"}])
def test_a_payout_told_again_with_other_content_is_refused_and_stays(shop: Shop, other: dict[str, object]) -> None:
    tell(shop, payout())
    before = known(shop)
    report = tell(shop, payout(**other), payout(disbursement_ref="D-2"))
    assert (report.new, reasons(report)) == (1, [(1, [("disbursement_ref", "told_differently")])])
    assert "told before as USD 184.20 to kettle-co on 2026-11-24" in str(report.bad_rows[0])
    assert known(shop)[:1] == before


def test_a_payout_twice_in_a_file_counts_once_and_with_another_amount_names_both_rows(shop: Shop) -> None:
    report = tell(shop, payout(), payout(), payout(net_amount="1.00"))
    assert (report.new, report.repeated, report.bad) == (1, 1, 1)
    assert "row 3 has the disbursement_ref of row 1, with other content" in str(report.bad_rows[0])
    assert known(shop)[0][2] == 18_420


def test_one_reference_of_two_marketplaces_is_two_payouts(shop: Shop) -> None:
    other = open_shop()
    rows = [payout(marketplace=shop.code), payout(marketplace=other.code, net_amount="9.00")]
    assert disbursements.load_rows(None, rows, now=NOW).new == 2


def test_two_imports_of_one_payout_at_the_same_time_keep_one(shop: Shop) -> None:
    start = threading.Barrier(4)

    def once(n: int) -> ImportReport:
        start.wait()
        try:
            return tell(shop, payout(net_amount=f"{n % 2 + 1}.00"))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        reports = list(pool.map(once, range(4)))
    assert sum(report.new for report in reports) == 1
    assert (sum(report.unchanged for report in reports), sum(report.bad for report in reports)) == (1, 2)
    assert len(known(shop)) == 1


# --- disbursements: bad rows


@pytest.mark.parametrize(
    ("told", "field", "code"),
    [
        ({"net_amount": "-0.01"}, "net_amount", "negative"),
        ({"net_amount": "184.201"}, "net_amount", "too_many_decimals"),
        ({"net_amount": "1,000.00"}, "net_amount", "not_an_amount"),
        ({"net_amount": ""}, "net_amount", "missing"),
        ({"net_amount": "1" + "0" * 15}, "net_amount", "amount_too_large"),
        ({"currency": "EUR"}, "currency", "other_currency"),
        ({"seller_ref": "nobody"}, "seller_ref", "unknown_seller"),
        ({"seller_ref": ""}, "seller_ref", "missing"),
        ({"disbursement_ref": " "}, "disbursement_ref", "missing"),
        ({"disbursement_ref": "x" * 101}, "disbursement_ref", "too_long"),
        ({"pays_on": "soon"}, "pays_on", "not_a_day"),
        ({"pays_on": "2026-02-29"}, "pays_on", "not_a_day"),
        ({"pays_on": "2026-11-24T10:00:00Z"}, "pays_on", "not_a_day"),
        ({"pays_on": "1989-12-31"}, "pays_on", "date_too_early"),
        ({"pays_on": None}, "pays_on", "missing"),
        ({"marketplace": "mars"}, "marketplace", "unknown_marketplace"),
    ],
)
def test_a_bad_payout_is_told_and_its_neighbour_loads(
    shop: Shop, told: dict[str, object], field: str, code: str
) -> None:
    report = tell(shop, payout(disbursement_ref="D-9"), payout(**told))
    assert reasons(report) == [(2, [(field, code)])]
    assert [ref for ref, *_ in known(shop)] == ["D-9"]


@pytest.mark.parametrize(
    "told",
    [
        {"net_amount": "0"},
        {"net_amount": "0.01"},
        {"currency": "usd"},
        {"currency": ""},
        {"disbursement_ref": "x" * 100},
        {"pays_on": "1990-01-01"},
        {"pays_on": "2027-12-31"},
        {"pays_on": date(2026, 11, 24)},
    ],
)
def test_what_lies_just_inside_loads(shop: Shop, told: dict[str, object]) -> None:
    assert tell(shop, payout(**told)).new == 1


def test_a_seller_who_owes_its_marketplace_is_told_that_nothing_can_be_withheld(shop: Shop) -> None:
    [bad] = tell(shop, payout(net_amount="-5.00")).bad_rows
    assert str(bad) == (
        "row 1: net_amount '-5.00' is below zero: the seller owes the marketplace, and nothing can be withheld of it"
    )


def test_every_reason_of_a_payout_is_told_also_those_that_only_the_database_knows(shop: Shop) -> None:
    tell(shop, payout())
    rows = [payout(net_amount="x", pays_on="?", currency="EUR"), payout(seller_ref="nobody")]
    assert reasons(tell(shop, *rows)) == [
        (1, [("currency", "other_currency"), ("net_amount", "not_an_amount"), ("pays_on", "not_a_day")]),
        (2, [("seller_ref", "unknown_seller"), ("disbursement_ref", "told_differently")]),
    ]


def test_a_seller_of_another_marketplace_is_unknown_here(shop: Shop) -> None:
    Seller.objects.create(marketplace_id=open_shop().code, seller_ref="elsewhere", name="E")
    assert reasons(tell(shop, payout(seller_ref="elsewhere"))) == [(1, [("seller_ref", "unknown_seller")])]


def test_the_database_withholds_no_more_than_the_net_amount(shop: Shop) -> None:
    tell(shop, payout())
    row = Disbursement.objects.filter(marketplace=shop.code)
    row.update(withheld_minor=18_420)
    with pytest.raises(IntegrityError, match="withheld_within_the_net_amount"):
        row.update(withheld_minor=18_421)


# --- disbursements: what follows


def hold(shop: Shop, ref: str, amount_minor: int, *, released: int = 0, applied: int = 0) -> str:
    claim = shop.file().claim
    of = Disbursement.objects.get(marketplace=shop.code, disbursement_ref=ref)
    Withholding.objects.create(
        claim_id=claim.claim_id, no=1, seq=1, disbursement=of,
        amount_minor=amount_minor, released_minor=released, applied_minor=applied, withheld_at=NOW,
    )  # fmt: skip
    return claim.filed.reference


def test_after_each_batch_the_ids_of_new_and_known_payouts_are_handed_on(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("makewhole.integrations.order_files.rows.BATCH_ROWS", 2)
    handed: list[list[int]] = []
    tell(shop, payout(disbursement_ref="D-2"))
    rows = [payout(disbursement_ref=f"D-{n}", net_amount="-1" if n == 3 else "184.20") for n in range(1, 6)]
    tell(shop, *rows, report=ImportReport(on_stored=handed.append))
    ids = dict(Disbursement.objects.filter(marketplace=shop.code).values_list("disbursement_ref", "id"))
    assert [sorted(batch) for batch in handed] == [sorted([ids["D-1"], ids["D-2"]]), [ids["D-4"]], [ids["D-5"]]]


def test_what_is_withheld_is_what_was_held_back_and_not_released(shop: Shop) -> None:
    tell(shop, *[payout(disbursement_ref=f"D-{n}") for n in range(1, 5)])
    held, partly, applied = (
        hold(shop, "D-1", 5_000),
        hold(shop, "D-2", 4_000, released=1_500),
        hold(shop, "D-3", 100, applied=100),
    )
    hold(shop, "D-4", 700, released=700)
    also = hold(shop, "D-1", 42)
    ids = list(Disbursement.objects.filter(marketplace=shop.code).order_by("id").values_list("id", flat=True))
    assert sorted(withheld_of(ids[:1]), key=lambda each: each.amount.minor) == [
        Withheld(ids[0], "D-1", also, Money(42, "USD")), Withheld(ids[0], "D-1", held, Money(5_000, "USD")),
    ]  # fmt: skip
    assert withhold_from(ids[1:], NOW) == [
        Withheld(ids[1], "D-2", partly, Money(2_500, "USD")), Withheld(ids[2], "D-3", applied, Money(100, "USD")),
    ]  # fmt: skip


def test_the_command_says_by_how_much_each_payout_is_to_be_less(shop: Shop, tmp_path: Path) -> None:
    tell(shop, payout())
    reference = hold(shop, "D-1", 5_000)
    path, out = written(tmp_path, [payout(), payout(disbursement_ref="D-2")]), tmp_path / "withheld.csv"
    told = run("disbursements", str(path), "--marketplace", shop.code, "--withheld", str(out))
    assert told.exit_code == 0, told.output
    assert "2 rows: 1 new, 0 changed, 1 unchanged, 0 bad." in told.output
    assert "Withhold USD 50.00 of 1 payouts:" in told.output and reference in told.output
    with out.open() as file:
        assert list(csv.reader(file)) == [
            ["disbursement_ref", "claim", "amount", "currency"], ["D-1", reference, "50.00", "USD"],
        ]  # fmt: skip


def test_the_command_tells_bad_payouts_and_writes_no_sum_for_a_file_that_is_none(shop: Shop, tmp_path: Path) -> None:
    told = run("disbursements", str(written(tmp_path, [payout(seller_ref="nobody")])), "--marketplace", shop.code)
    assert told.exit_code == 1
    assert f"row 2: there is no seller 'nobody' in {shop.code}" in told.output
    assert "Nothing is to be withheld of these payouts." in told.output
    none = run("disbursements", str(tmp_path / "none.csv"), "--marketplace", shop.code)
    assert none.exit_code == 2 and none.output.startswith("Error: There is no file") and "withheld" not in none.output


def test_csv_json_lines_and_parquet_of_the_same_payouts_are_the_same(shop: Shop, tmp_path: Path) -> None:
    rows = [payout(disbursement_ref=f"D-{n}", net_amount=f"{n}.50") for n in range(20)]
    mapping = load_mapping("makewhole", subject="disbursements")

    def load(path: Path) -> ImportReport:
        return disbursements.load_file(path, mapping=mapping, marketplace=shop.code, now=NOW)

    assert load(written(tmp_path, rows)).new == 20
    parquet = tmp_path / "payouts.parquet"
    pq.write_table(pa.Table.from_pylist([row | {"pays_on": date(2026, 11, 24)} for row in rows]), parquet)
    assert load(parquet).unchanged == 20


# --- insurers


def insurer(**told: object) -> dict[str, object]:
    return {"name": "Cliff Mutual", "email": "claims@cliff.example"} | told


def test_insurers_again_change_nothing_and_an_address_may_change(emptied_market: None) -> None:
    assert insurers.load_rows(None, [insurer(), insurer(name="Dale")]).new == 2
    assert insurers.load_rows(None, [insurer(), insurer(name="Dale")]).unchanged == 2
    assert insurers.load_rows(None, [{"name": "Dale"}]).unchanged == 1
    report = insurers.load_rows(None, [insurer(email="new@cliff.example"), insurer(name="Dale", email="")])
    assert (report.new, report.changed) == (0, 2)
    found = Insurer.objects.filter(name__in=("Cliff Mutual", "Dale")).order_by("name")
    assert list(found.values_list("email", flat=True)) == ["new@cliff.example", ""]


@pytest.mark.parametrize(
    ("told", "field", "code"),
    [
        ({"name": ""}, "name", "missing"),
        ({"name": "x" * 201}, "name", "too_long"),
        ({"email": "nobody"}, "email", "not_an_address"),
    ],
)
def test_a_bad_insurer_is_told(emptied_market: None, told: dict[str, object], field: str, code: str) -> None:
    assert reasons(insurers.load_rows(None, [insurer(**told)])) == [(1, [(field, code)])]
    assert not Insurer.objects.filter(name=insurer(**told)["name"]).exists()


def test_insurers_come_by_command_and_belong_to_no_marketplace(emptied_market: None, tmp_path: Path) -> None:
    path = written(tmp_path, [insurer()], name="insurers.csv")
    assert run("insurers", str(path)).exit_code == 0
    assert Insurer.objects.get(name="Cliff Mutual").email == "claims@cliff.example"
    assert "No such option" in run("insurers", str(path), "--marketplace", "us").output


# --- coverages


def policy(**told: object) -> dict[str, object]:
    return {
        "seller_ref": "lamp-shop", "insurer": "Cliff Mutual", "policy_number": "CM-7", "starts_on": "2026-01-01",
        "ends_on": "2027-01-01", "limit": "1000000", "deductible": "500.00",
    } | told  # fmt: skip


def insure(shop: Shop, *rows: dict[str, object]) -> ImportReport:
    return coverages.load_rows(shop.code, rows, now=NOW)


def of(shop: Shop) -> Coverage:
    return Coverage.objects.get(seller=shop.uninsured)


@pytest.fixture
def cliff(shop: Shop) -> Insurer:
    return Insurer.objects.get_or_create(name="Cliff Mutual", defaults={"email": "claims@cliff.example"})[0]


def test_a_coverage_comes_in_with_its_insurer_and_twice_is_once(shop: Shop, cliff: Insurer) -> None:
    assert insure(shop, policy()).new == 1
    kept = of(shop)
    assert (kept.insurer_account, kept.limit_minor, kept.deductible_minor) == (cliff, 100_000_000, 50_000)
    assert (kept.starts_on, kept.ends_on) == (date(2026, 1, 1), date(2027, 1, 1))
    assert (kept.platform_is_insured, kept.verified_at) == (False, None)
    assert insure(shop, policy()).unchanged == 1


def test_the_same_coverage_is_updated_and_what_is_not_told_stays(shop: Shop, cliff: Insurer) -> None:
    insure(shop, policy(verified=True, platform_is_insured="yes"))
    bare = {
        name: value for name, value in policy(limit="2000000", ends_on="2026-07-01").items() if name != "deductible"
    }
    assert insure(shop, bare).changed == 1
    kept = of(shop)
    assert (kept.limit_minor, kept.ends_on, kept.deductible_minor) == (200_000_000, date(2026, 7, 1), 50_000)
    assert (kept.platform_is_insured, kept.verified_at) == (True, NOW)
    coverages.load_rows(shop.code, [policy(verified=True)], now=NOW + timedelta(days=1))
    assert of(shop).verified_at == NOW
    insure(shop, policy(verified=""))
    assert of(shop).verified_at is None


@pytest.mark.parametrize("other", [{"policy_number": "CM-8"}, {"starts_on": "2026-02-01"}])
def test_another_number_or_first_day_is_another_coverage(shop: Shop, cliff: Insurer, other: dict[str, object]) -> None:
    insure(shop, policy())
    assert insure(shop, policy(**other)).new == 1


def test_a_limit_goes_down_to_what_was_paid_under_it_and_no_further(shop: Shop, cliff: Insurer) -> None:
    insure(shop, policy())
    Coverage.objects.filter(pk=of(shop).pk).update(eroded_minor=250_000)
    report = insure(shop, policy(limit="2499.99"))
    assert reasons(report) == [(1, [("limit", "limit_below_what_was_paid")])]
    assert "limit USD 2,499.99 lies below the USD 2,500.00 that was paid under it already" in str(report.bad_rows[0])
    assert of(shop).limit_minor == 100_000_000
    assert insure(shop, policy(limit="2500.00")).changed == 1


@pytest.mark.parametrize(
    ("told", "field", "code"),
    [
        ({"seller_ref": "nobody"}, "seller_ref", "unknown_seller"),
        ({"insurer": "Nobody Mutual"}, "insurer", "unknown_insurer"),
        ({"policy_number": ""}, "policy_number", "missing"),
        ({"starts_on": "2026-02-30"}, "starts_on", "not_a_day"),
        ({"ends_on": "2026-01-01"}, "ends_on", "ends_before_it_starts"),
        ({"ends_on": ""}, "ends_on", "missing"),
        ({"limit": ""}, "limit", "missing"),
        ({"limit": "0.00"}, "limit", "limit_of_nothing"),
        ({"limit": "-1"}, "limit", "negative"),
        ({"deductible": "-0.01"}, "deductible", "negative"),
        ({"currency": "EUR"}, "currency", "other_currency"),
        ({"verified": "perhaps"}, "verified", "not_yes_or_no"),
        ({"platform_is_insured": "perhaps"}, "platform_is_insured", "not_yes_or_no"),
    ],
)
def test_a_bad_coverage_is_told_and_its_neighbour_loads(
    shop: Shop, cliff: Insurer, told: dict[str, object], field: str, code: str
) -> None:
    report = insure(shop, policy(policy_number="CM-9"), policy(**told))
    assert reasons(report) == [(2, [(field, code)])]
    assert of(shop).policy_number == "CM-9"


@pytest.mark.parametrize(
    "told", [{"ends_on": "2026-01-02"}, {"limit": "0.01"}, {"deductible": "0"}, {"deductible": ""}, {"currency": "usd"}]
)
def test_a_coverage_just_inside_loads(shop: Shop, cliff: Insurer, told: dict[str, object]) -> None:
    assert insure(shop, policy(**told)).new == 1


def test_both_what_is_unknown_of_a_coverage_is_told(shop: Shop) -> None:
    report = insure(shop, policy(seller_ref="nobody", insurer="Nobody Mutual"))
    assert reasons(report) == [(1, [("seller_ref", "unknown_seller"), ("insurer", "unknown_insurer")])]


def test_coverages_are_added_and_listed_by_command(shop: Shop, cliff: Insurer) -> None:
    told = {"seller": "lamp-shop", "insurer": "Cliff Mutual", "policy-number": "CM-7", "starts-on": "2026-01-01",
            "ends-on": "2027-01-01", "limit": "1000000"}  # fmt: skip

    def add(*flags: str, **changed: str) -> Result:
        named = [f"--{name}={value}" for name, value in (told | changed).items()]
        return CliRunner().invoke(coverage, ["add", f"--marketplace={shop.code}", *named, *flags])

    assert "CM-7 of lamp-shop is added" in add("--verified").output
    assert "known as it is told" in add().output
    assert "is changed" in add("--deductible=250").output
    wrong = add(seller="nobody", limit="x")
    assert wrong.exit_code == 1 and "limit 'x' is not an amount." in wrong.output
    assert of(shop).deductible_minor == 25_000
    listed = CliRunner().invoke(coverage, ["list", f"--marketplace={shop.code}", "--seller=lamp-shop"]).output
    assert "CM-7" in listed and "USD 1,000,000.00 of USD 1,000,000.00 left, deductible USD 250.00; verified" in listed
    assert "insurer cannot be notified" in CliRunner().invoke(coverage, ["list", f"--marketplace={shop.code}"]).output
    assert "no marketplace 'mars'" in CliRunner().invoke(
        coverage, ["add", "--marketplace=mars", *[f"--{name}={value}" for name, value in told.items()]]
    ).output  # fmt: skip


# --- sellers


def test_a_seller_is_told_as_bankrupt_from_a_day_on_and_no_longer(shop: Shop) -> None:
    def told(day: object) -> ImportReport:
        return sellers.load_rows(shop.code, [{"seller_ref": "lamp-shop", "insolvent_since": day}], now=NOW)

    assert told("2026-11-21").changed == 1
    assert Seller.objects.get(pk=shop.uninsured.pk).insolvent_since == date(2026, 11, 21)
    assert sellers.load_rows(shop.code, [{"seller_ref": "lamp-shop"}], now=NOW).unchanged == 1
    assert reasons(told("2026-11-22")) == [(1, [("insolvent_since", "date_in_future")])]
    assert reasons(told("?")) == [(1, [("insolvent_since", "not_a_day")])]
    assert told("").changed == 1
    assert Seller.objects.get(pk=shop.uninsured.pk).insolvent_since is None


def test_the_day_that_it_is_is_the_marketplaces(shop: Shop) -> None:
    # Late evening in New York is the next day in UTC: that day has not come yet where the seller is.
    late = datetime(2026, 11, 22, 3, tzinfo=UTC)
    row = {"seller_ref": "lamp-shop", "insolvent_since": "2026-11-22"}
    assert sellers.load_rows(shop.code, [row], now=late).bad == 1
    assert sellers.load_rows(shop.code, [row], now=late + timedelta(hours=2)).changed == 1


# --- hands


@pytest.fixture
def emptied_market(kept: None) -> None:
    """None of the insurers that these tests make."""
    Coverage.objects.filter(insurer_account__name__in=("Cliff Mutual", "Dale")).delete()
    Insurer.objects.filter(name__in=("Cliff Mutual", "Dale")).delete()


def test_a_marketplace_is_named_for_what_belongs_to_one(kept: None) -> None:
    with pytest.raises(Unreadable, match="no marketplace 'mars'"):
        disbursements.load_rows("mars", [payout()])


def written(folder: Path, rows: list[dict[str, object]], name: str = "payouts.csv") -> Path:
    path = folder / name
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    return path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(imports, list(arguments))
