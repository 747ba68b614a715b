"""`makewhole verify FILE`: checks an exported claim file, offline, with no account, no database and no settings.

It ends with 0 where everything holds, and with 1 where anything does not; each check is a line of its own.
"""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from makewhole.proof.checking import Verified

_SIGNS = {"ok": "ok", "failed": "FAILED", "note": "note"}


@click.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--key", "keys", multiple=True, metavar="HEX", help="A key that the operator publishes; no other counts.")
@click.option(
    "--key-file", "key_files", multiple=True, type=click.Path(path_type=Path),
    help="A file with such keys, one to a line.",
)  # fmt: skip
@click.option("--json", "as_json", is_flag=True, help="Print the checks as JSON.")
def verify(file: Path, keys: tuple[str, ...], key_files: tuple[Path, ...], as_json: bool) -> None:
    """Check FILE, an exported claim: its signature, its chain, and each decision under the policy of its day."""
    from makewhole.proof import checking

    named = [*keys, *(line for each in key_files for line in _lines(each))]
    with file.open("rb") as opened:
        # One byte more than is read: so a file that is too large is seen to be.
        content = opened.read(checking.LARGEST_FILE_BYTES + 1)
    found = checking.verify(content, keys=frozenset(map(_key, named)))
    click.echo(_as_json(found) if as_json else _as_text(found))
    sys.exit(0 if found.good else 1)


def _as_text(found: Verified) -> str:
    lines = [f"{_SIGNS[check.state]:<6}  {check.place}: {check.says}" for check in found.checks]
    faults = sum(check.state == "failed" for check in found.checks)
    good = sum(check.state == "ok" for check in found.checks)
    told = "1 check FAILED" if faults == 1 else f"{faults} checks FAILED"
    lines.append(f"{told}: do not rely on this file." if faults else f"Everything holds: {good} checks.")
    return "\n".join(lines)


def _as_json(found: Verified) -> str:
    return json.dumps({"good": found.good, "checks": [asdict(check) for check in found.checks]}, indent=1)


def _lines(file: Path) -> list[str]:
    try:
        return [line for line in file.read_text("utf-8").split() if line]
    except UnicodeDecodeError:
        raise click.BadParameter(f"{file} is not a file of keys", param_hint="--key-file") from None


def _key(text: str) -> bytes:
    try:
        key = bytes.fromhex(text)
    except ValueError:
        key = b""
    if len(key) != 32:
        raise click.BadParameter(f"{text!r} is not a public key: 64 hexadecimal digits", param_hint="--key")
    return key
