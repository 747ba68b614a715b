"""`makewhole import orders|sellers|disbursements|insurers|coverages FILE`: the marketplace's data comes in.

Good rows load; each bad one is listed with its number and every reason. Ends with 0 when every row loaded, 1 when
some were bad, 2 when the file as a whole could not be used.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from makewhole.cli.progress import progress_bar

if TYPE_CHECKING:
    from makewhole.domain.money import Money
    from makewhole.imports.report import BadRow, ImportReport
    from makewhole.recovering import Withheld

SHOWN_BAD_ROWS = 20
SHOWN_WITHHELD = 20

Command = TypeVar("Command", bound=Callable[..., Any])


@click.group(name="import")
def imports() -> None:
    """Load the marketplace's orders, sellers, payouts and insurance."""


def _options(command: Command) -> Command:
    return _options_of_any(
        click.option("--marketplace", metavar="CODE", help="The marketplace the rows belong to.")(command)
    )


def _options_of_any(command: Command) -> Command:
    for option in reversed([
        click.argument("file", type=click.Path(path_type=Path)),
        click.option("--mapping", "mapping_name", default="makewhole", show_default=True, metavar="NAME|PATH",
                     help="makewhole, olist, shopify, amazon, or an own mapping document (.toml)."),
        click.option("--set", "constants", multiple=True, metavar="FIELD=VALUE", help="The same value for every row."),
        click.option("--report", "report_path", type=click.Path(path_type=Path), metavar="FILE",
                     help="Every bad row with its reasons, as CSV (.csv) or else JSON Lines."),
    ]):  # fmt: skip
        command = option(command)
    return command


@imports.command("orders")
@_options
def import_orders(**told: Any) -> None:
    """Load order lines from FILE: CSV, JSON Lines, Parquet, or a folder of tables that the mapping joins."""
    _import("orders", **told)


@imports.command("sellers")
@_options
def import_sellers(**told: Any) -> None:
    """Load sellers from FILE: CSV, JSON Lines or Parquet."""
    _import("sellers", **told)


@imports.command("insurers")
@_options_of_any
def import_insurers(**told: Any) -> None:
    """Load insurers from FILE: CSV, JSON Lines or Parquet. All marketplaces share them."""
    _import("insurers", marketplace=None, **told)


@imports.command("coverages")
@_options
def import_coverages(**told: Any) -> None:
    """Load sellers' insurance from FILE: CSV, JSON Lines or Parquet."""
    _import("coverages", **told)


@imports.command("disbursements")
@_options
@click.option("--withheld", "withheld_path", type=click.Path(path_type=Path), metavar="FILE",
              help="By how much each payout is to be less, and for which claim, as CSV.")  # fmt: skip
def import_disbursements(withheld_path: Path | None, **told: Any) -> None:
    """Load payouts to sellers from FILE (CSV, JSON Lines or Parquet), and say what to withhold of them.

    A payout that is in already is told again with what is withheld of it.
    """
    from makewhole.imports.report import ImportReport
    from makewhole.recovering import withhold_from

    withheld: list[Withheld] = []
    report = ImportReport(
        keep=SHOWN_BAD_ROWS, on_stored=lambda ids: withheld.extend(withhold_from(ids, datetime.now(UTC)))
    )
    with _withheld_to(withheld_path, withheld):
        _import("disbursements", report=report, then=lambda: _say_withheld(withheld), **told)


def _import(
    subject: str,
    *,
    file: Path,
    mapping_name: str,
    marketplace: str | None,
    constants: tuple[str, ...],
    report_path: Path | None,
    report: ImportReport | None = None,
    then: Callable[[], None] = lambda: None,
) -> None:
    # Here, because the command line lists its subjects without Django.
    from makewhole.imports.report import ImportReport
    from makewhole.integrations.order_files.mapping import load_mapping
    from makewhole.integrations.order_files.rows import Unreadable

    load = import_module(f"makewhole.imports.{subject}").load_file
    report = report or ImportReport(keep=SHOWN_BAD_ROWS)
    try:
        mapping = load_mapping(mapping_name, subject=subject).with_constants(_constants(constants))
        with _bad_rows_to(report_path, report), progress_bar(file.name) as progress:
            load(file, mapping=mapping, marketplace=marketplace, progress=progress, report=report)
    except Unreadable as wrong:
        _say(report, then)  # a file may turn out to be cut off after its first rows are in
        raise _Unusable(str(wrong)) from None
    except KeyboardInterrupt:
        _say(report, then)
        raise _Unusable("Stopped. The rows counted above are in; run the same command again for the rest.") from None
    _say(report, then)
    if report_path is not None:
        click.echo(f"Every bad row stands in {report_path}.")
    if report.bad:
        sys.exit(1)


class _Unusable(click.ClickException):
    exit_code = 2


def _constants(told: tuple[str, ...]) -> dict[str, str]:
    constants = {}
    for each in told:
        name, sign, value = each.partition("=")
        if not sign or not name:
            raise click.BadParameter(f"{each!r} is not FIELD=VALUE", param_hint="--set")
        constants[name.strip()] = value
    return constants


@contextmanager
def _bad_rows_to(path: Path | None, report: ImportReport) -> Iterator[None]:
    if path is None:
        yield
        return
    try:
        file = path.open("w", encoding="utf-8", newline="")
    except OSError as wrong:
        raise _Unusable(f"The report cannot be written to {path}: {wrong.strerror}.") from None
    with file:
        if path.suffix.lower() == ".csv":
            writer = csv.writer(file)
            writer.writerow(["row", "field", "code", "reason"])
            report.on_bad = lambda bad: writer.writerows(
                [bad.row, _unspread(reason.field), reason.code, _unspread(reason.sentence)] for reason in bad.reasons
            )
        else:
            report.on_bad = lambda bad: print(_as_json(bad), file=file)
        yield


@contextmanager
def _withheld_to(path: Path | None, withheld: list[Withheld]) -> Iterator[None]:
    """Whatever happens inside, what was withheld until then stands in the file: a payout system goes by it."""
    if path is None:
        yield
        return
    try:
        file = path.open("w", encoding="utf-8", newline="")
    except OSError as wrong:
        raise _Unusable(f"What is withheld cannot be written to {path}: {wrong.strerror}.") from None
    with file:
        try:
            yield
        finally:
            writer = csv.writer(file)
            writer.writerow(["disbursement_ref", "claim", "amount", "currency"])
            writer.writerows(
                [_unspread(each.disbursement_ref), each.claim_reference, each.amount.decimal, each.amount.currency]
                for each in withheld
            )


def _say_withheld(withheld: list[Withheld]) -> None:
    if not withheld:
        click.echo("Nothing is to be withheld of these payouts.")
        return
    payouts = len({each.disbursement_ref for each in withheld})
    sums: dict[str, Money] = {}
    for each in withheld:
        before = sums.get(each.amount.currency)
        sums[each.amount.currency] = each.amount if before is None else before + each.amount
    click.echo(f"Withhold {' and '.join(map(str, sums.values()))} of {payouts:,} payouts:")
    for each in withheld[:SHOWN_WITHHELD]:
        click.echo(f"  {each.disbursement_ref:<24} {each.amount!s:>16}  {each.claim_reference}")
    if len(withheld) > SHOWN_WITHHELD:
        click.echo(f"  ... and {len(withheld) - SHOWN_WITHHELD:,} more; --withheld FILE lists them all.")


def _unspread(text: str) -> str:
    # A spreadsheet runs a cell that begins like a formula; ours may quote what somebody sent.
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _as_json(bad: BadRow) -> str:
    reasons = [{"field": each.field, "code": each.code, "reason": each.sentence} for each in bad.reasons]
    return json.dumps({"row": bad.row, "reasons": reasons})


def _say(report: ImportReport, then: Callable[[], None]) -> None:
    if not report.rows:
        return
    told = f"{report.rows:,} rows: {report.new:,} new, {report.changed:,} changed, {report.unchanged:,} unchanged"
    if report.repeated:
        told += f", {report.repeated:,} repeated in the file"
    if report.left_out:
        told += f", {report.left_out:,} left out by the mapping"
    click.echo(f"{told}, {report.bad:,} bad.")
    if report.sellers_created:
        click.echo(f"{report.sellers_created:,} sellers were known by nothing but their key and are kept under it.")
    if report.unused_columns:
        click.echo(f"Columns not used: {', '.join(report.unused_columns)[:500]}.")
    for bad in report.bad_rows:
        click.echo(f"  {bad}")
    if report.bad > len(report.bad_rows):
        click.echo(f"  ... and {report.bad - len(report.bad_rows):,} more; --report FILE lists them all.")
    for code, count in report.reasons.most_common():
        click.echo(f"  {count:>9,}  {code}")
    then()
