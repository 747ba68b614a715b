"""A measured figure beside what it is held against, and the table and file made of them."""

from __future__ import annotations

import json
import os
import platform
from dataclasses import asdict, dataclass
from pathlib import Path

RESULTS = Path(__file__).parent / "results"


@dataclass(frozen=True)
class Figure:
    """`reference` says what `ratio` divides by; both empty where a figure stands alone. `bar` is in words."""

    figure: str
    value: float
    unit: str
    reference: str
    ratio: float | None
    bar: str
    met: bool


def table(figures: list[Figure]) -> str:
    rows = [("figure", "value", "unit", "ratio", "bar", "met")]
    rows += [
        (
            f.figure,
            f"{f.value:,.2f}",
            f.unit,
            "" if f.ratio is None else f"{f.ratio:.3f}",
            f.bar,
            "yes" if f.met else "NO",
        )
        for f in figures
    ]
    widths = [max(len(row[n]) for row in rows) for n in range(6)]
    lines = ["  ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)).rstrip() for row in rows]
    lines.insert(1, "  ".join("-" * width for width in widths))
    return "\n".join(lines)


def keep(figures: list[Figure], name: str = "latest") -> None:
    """Writes them to bench/results under this name."""
    RESULTS.mkdir(exist_ok=True)
    told = json.dumps([asdict(figure) for figure in figures], indent=2)
    (RESULTS / f"{name}.json").write_text(told + "\n", encoding="utf-8")


def machine() -> str:
    return f"{os.cpu_count()} cores, Python {platform.python_version()}, {platform.system()} {platform.machine()}"
