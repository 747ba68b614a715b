"""`makewhole import orders|sellers FILE`: the marketplace's data comes in.

Good rows load; each bad one is listed with its number and every reason. Ends with 0 when every row loaded, 1 when
some were bad, 2 when the file as a whole could not be used.
"""

from __future__ import annotations

import csv
import json
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

from makewhole.cli.progress import progress_bar

if TYPE_CHECKING:
    from makewhole.imports.report import BadRow, ImportReport

SHOWN_BAD_ROWS = 20

Command = TypeVar("Command", bound=Callable[..., Any])


@click.group(name="import")
def imports() -> None:
    """Load the marketplace's orders and sellers."""


def _options(command: Command) -> Command:
    for option in reversed([
        click.argument("file", type=click.Path(path_type=Path)),
        click.option("--mapping", "mapping_name", default="makewhole", show_default=True, metavar="NAME|PATH",
                     help="makewhole, olist, shopify, amazon, or an own mapping document (.toml)."),
        click.option("--marketplace", metavar="CODE", help="The marketplace the rows belong to."),
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


def _import(
    subject: str,
    *,
    file: Path,
    mapping_name: str,
    marketplace: str | None,
    constants: tuple[str, ...],
    report_path: Path | None,
) -> None:
    # Here, because the command line lists its subjects without Django.
    from makewhole.imports import orders, sellers
    from makewhole.imports.report import ImportReport
    from makewhole.integrations.order_files.mapping import load_mapping
    from makewhole.integrations.order_files.rows import Unreadable

    load = orders.load_file if subject == "orders" else sellers.load_file
    report = ImportReport(keep=SHOWN_BAD_ROWS)
    try:
        mapping = load_mapping(mapping_name, subject=subject).with_constants(_constants(constants))
        with _bad_rows_to(report_path, report), progress_bar(file.name) as progress:
            load(file, mapping=mapping, marketplace=marketplace, progress=progress, report=report)
    except Unreadable as wrong:
        _say(report)  # a file may turn out to be cut off after its first rows are in
        raise _Unusable(str(wrong)) from None
    except KeyboardInterrupt:
        _say(report)
        raise _Unusable("Stopped. The rows counted above are in; run the same command again for the rest.") from None
    _say(report)
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


def _unspread(text: str) -> str:
    # A spreadsheet runs a cell that begins like a formula; ours may quote what somebody sent.
    return f"'{text}" if text.startswith(("=", "+", "-", "@", "\t", "\r")) else text


def _as_json(bad: BadRow) -> str:
    reasons = [{"field": each.field, "code": each.code, "reason": each.sentence} for each in bad.reasons]
    return json.dumps({"row": bad.row, "reasons": reasons})


def _say(report: ImportReport) -> None:
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
