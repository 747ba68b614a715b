"""Plots, drawn here as SVG: columns, lines, bars and shares. No script, no colour of its own, no number of its own.

Start at Chart: what is drawn is exactly what it holds, and its `table` is the same in rows, for the table beside the
plot and for the download. Each plot is drawn twice, for a wide page and for a phone, so that its words keep their size;
plots.css shows one of the two. Colours come from classes (s1 .. s5, harm), and series differ by shape or place as well.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

WIDE, COMPACT = 560, 340
ROW = 14  # the least distance of two lines of words


@dataclass(frozen=True, slots=True)
class Series:
    """One thing over all places of a chart. `kind` is the class that colours it: s1 .. s5, or harm."""

    name: str
    values: tuple[int, ...]
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Chart:
    """What a plot shows: for each label, one whole number of each series.

    `told` writes a number exactly (a title, the table), `tick` shortly (the axis). `short` are the labels as an axis
    has room for them; `running`: the last label is a time that is not over.
    """

    name: str
    title: str
    says: str
    of: str  # what the labels are: month, clock, ...
    labels: tuple[str, ...]
    series: tuple[Series, ...]
    told: Callable[[int], str] = "{:,}".format
    tick: Callable[[int], str] = "{:,}".format
    short: tuple[str, ...] = ()
    axis: str = ""  # the unit of the axis, in words
    running: bool = False

    def __post_init__(self) -> None:
        assert all(len(each.values) == len(self.labels) for each in self.series), f"{self.name}: uneven series"
        # A number is written up to four times (table, two drawings, axis), and writing it is what costs most.
        object.__setattr__(self, "told", cache(self.told))
        object.__setattr__(self, "tick", cache(self.tick))

    @property
    def is_empty(self) -> bool:
        return not any(any(each.values) for each in self.series)

    @property
    def head(self) -> list[str]:
        return [self.of, *(each.name for each in self.series)]

    @property
    def table(self) -> list[tuple[str, tuple[int, ...]]]:
        return [(label, tuple(each.values[at] for each in self.series)) for at, label in enumerate(self.labels)]

    @property
    def table_told(self) -> list[tuple[str, list[str]]]:
        return [(label, [self.told(value) for value in values]) for label, values in self.table]

    @property
    def legend(self) -> list[tuple[str, str]]:
        return [(_kind(each, at), each.name) for at, each in enumerate(self.series)]


@dataclass(frozen=True, slots=True)
class Drawn:
    wide: SafeString
    compact: SafeString


def columns(chart: Chart) -> Drawn:
    """One column for each label, its series stacked from the first up."""
    return _both(chart, _columns)


def lines(chart: Chart) -> Drawn:
    """One line for each series, named at its end."""
    return _both(chart, _lines)


def bars(chart: Chart) -> Drawn:
    """For each label a bar of each series, one below the other, with its number."""
    return _both(chart, _bars)


def shares(chart: Chart) -> Drawn:
    """For each label one bar of full width, divided as its series divide it, with its numbers above."""
    return _both(chart, _shares)


def ticks(highest: int, about: int = 5) -> list[int]:
    """Round numbers from 0 to `highest` or just above it, about so many steps."""
    if highest <= 0:
        return [0, 1]
    rough = highest / about
    unit = 10 ** math.floor(math.log10(rough)) if rough >= 1 else 1
    step = next((unit * by for by in (1, 2, 5, 10) if unit * by * about >= highest), unit * 10)
    step = max(1, int(step))
    return list(range(0, (math.ceil(highest / step) + 1) * step, step))


# Columns and lines over time --------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Frame:
    """Where the plot's own field lies, in the picture's units, and how a number becomes a height."""

    width: int
    height: int
    left: int
    right: int
    top: int
    bottom: int
    highest: int
    places: int

    @property
    def pace(self) -> float:
        return (self.width - self.left - self.right) / max(self.places, 1)

    def middle(self, at: int) -> float:
        return self.left + self.pace * (at + 0.5)

    def y(self, value: float) -> float:
        return self.height - self.bottom - (self.height - self.top - self.bottom) * value / self.highest


def _columns(chart: Chart, width: int) -> tuple[int, Iterator[str]]:
    sums = [sum(values) for _, values in chart.table]
    frame, scale = _framed(chart, width, max(sums, default=0), right=8)

    def drawn() -> Iterator[str]:
        yield from _grid(chart, frame, scale)
        thick = min(34.0, frame.pace * 0.68)
        for at, (label, values) in enumerate(chart.table):
            below = 0
            running = chart.running and at == len(chart.labels) - 1
            for number, value in enumerate(values):
                if value <= 0:
                    continue
                top, foot = frame.y(below + value), frame.y(below)
                below += value
                x, tall = frame.middle(at) - thick / 2, max(foot - top, 0.75)
                block = _block(chart, number, x, top, thick, tall, "running" if running else "")
                yield _titled(chart, label, number, value, block)
        yield from _foot(chart, frame)

    return frame.height, drawn()


def _lines(chart: Chart, width: int) -> tuple[int, Iterator[str]]:
    room = 8 + max((len(each.name) for each in chart.series), default=0) * 7
    frame, scale = _framed(chart, width, max((max(each.values) for each in chart.series), default=0), right=room)

    def drawn() -> Iterator[str]:
        yield from _grid(chart, frame, scale)
        for number, series in enumerate(chart.series):
            kind = _kind(series, number)
            points = [(frame.middle(at), frame.y(value)) for at, value in enumerate(series.values)]
            solid = points[:-1] if chart.running else points
            if len(solid) > 1:
                yield f'<polyline class="line {kind}" points="{_path(solid)}"/>'
            if chart.running and len(points) > 1:
                yield f'<polyline class="line running {kind}" points="{_path(points[-2:])}"/>'
        for number, series in enumerate(chart.series):
            for at, value in enumerate(series.values):
                x, y = frame.middle(at), frame.y(value)
                touch = f'<circle class="touch" cx="{_n(x)}" cy="{_n(y)}" r="9"/>'
                yield _titled(chart, chart.labels[at], number, value, _marker(number, x, y, series) + touch)
        yield from _names(chart, frame)
        yield from _foot(chart, frame)

    return frame.height, drawn()


def _framed(chart: Chart, width: int, highest: int, *, right: int) -> tuple[_Frame, list[int]]:
    scale = ticks(highest)
    left = 14 + max(len(chart.tick(tick)) for tick in scale) * 7
    height = 250 if width == WIDE else 230
    frame = _Frame(
        width, height, left, right, top=26 if chart.axis else 12, bottom=26, highest=scale[-1],
        places=len(chart.labels),
    )  # fmt: skip
    return frame, scale


def _grid(chart: Chart, frame: _Frame, scale: Sequence[int]) -> Iterator[str]:
    if chart.axis:
        yield f'<text class="unit" x="2" y="12">{escape(chart.axis)}</text>'
    for tick in scale:
        y = _n(frame.y(tick))
        kind = "base" if tick == 0 else "grid"
        yield f'<line class="{kind}" x1="{frame.left}" y1="{y}" x2="{frame.width - frame.right}" y2="{y}"/>'
        told = escape(chart.tick(tick))
        yield f'<text class="tick end" x="{frame.left - 6}" y="{_n(frame.y(tick) + 4)}">{told}</text>'


def _foot(chart: Chart, frame: _Frame) -> Iterator[str]:
    """The labels that fit, counted from the newest, which is always there."""
    labels = chart.short or chart.labels
    widest = max((len(label) for label in labels), default=1) * 7 + 8
    every = max(1, math.ceil(widest / frame.pace))
    for at, label in enumerate(labels):
        if (len(labels) - 1 - at) % every == 0:
            yield f'<text class="tick middle" x="{_n(frame.middle(at))}" y="{frame.height - 8}">{escape(label)}</text>'


def _names(chart: Chart, frame: _Frame) -> Iterator[str]:
    """Each line's name beside its end; names that would lie on each other are moved apart."""
    ends = sorted((frame.y(each.values[-1]), at) for at, each in enumerate(chart.series))
    placed = [y for y, _ in ends]
    for at in range(1, len(placed)):
        placed[at] = max(placed[at], placed[at - 1] + ROW)
    over = max(0.0, placed[-1] - (frame.height - frame.bottom + 4)) if placed else 0.0
    x = frame.middle(len(chart.labels) - 1) + 10
    for (_, at), y in zip(ends, placed, strict=True):
        series = chart.series[at]
        yield f'<text class="name {_kind(series, at)}" x="{_n(x)}" y="{_n(y - over + 4)}">{escape(series.name)}</text>'


# Bars and shares --------------------------------------------------------------------------------------


def _bars(chart: Chart, width: int) -> tuple[int, Iterator[str]]:
    thick, gap = 13, 10
    wordy = max((len(label) for label in chart.labels), default=0)
    left = 10 + wordy * 7
    highest = max((max(each.values) for each in chart.series), default=0) or 1
    right = 12 + max(len(chart.told(value)) for each in chart.series for value in (*each.values, 0)) * 8
    row = thick * len(chart.series) + gap
    height = row * len(chart.labels) + gap

    def drawn() -> Iterator[str]:
        yield f'<line class="base" x1="{left}" y1="4" x2="{left}" y2="{height - 4}"/>'
        for at, (label, values) in enumerate(chart.table):
            top = gap + row * at
            yield f'<text class="tick end" x="{left - 8}" y="{_n(top + (row - gap) / 2 + 4)}">{escape(label)}</text>'
            shown = [number for number, value in enumerate(values) if value]  # of none, the table says so
            first = top + thick * (len(values) - len(shown)) / 2
            for place, number in enumerate(shown):
                value = values[number]
                long = max((width - left - right) * value / highest, 1.5)
                y = first + thick * place
                told = escape(chart.told(value))
                said = f'<text class="tick" x="{_n(left + long + 6)}" y="{_n(y + thick - 2)}">{told}</text>'
                yield _titled(chart, label, number, value, _block(chart, number, left, y + 1, long, thick - 2) + said)

    return height, drawn()


def _shares(chart: Chart, width: int) -> tuple[int, Iterator[str]]:
    row, thick = 44, 12
    height = row * len(chart.labels)

    def drawn() -> Iterator[str]:
        for at, (label, values) in enumerate(chart.table):
            top, whole = row * at, sum(values)
            told = " · ".join(
                f"{chart.told(value)} {each.name.lower()}" for each, value in zip(chart.series, values, strict=True)
            )
            yield f'<text class="label" x="0" y="{top + 16}">{escape(label)}</text>'
            yield f'<text class="tick end" x="{width}" y="{top + 16}">{escape(told)}</text>'
            if not whole:
                yield f'<rect class="nothing" x="0" y="{top + 23}" width="{width}" height="{thick}"/>'
                continue
            x = 0.0
            for number, value in enumerate(values):
                if not value:
                    continue
                long = min(max(width * value / whole, 3.0), width - x)
                if number == 0 and value < whole:  # what is small is still seen
                    long = min(long, width - 3.0 * sum(1 for other in values[1:] if other))
                yield _titled(chart, label, number, value, _block(chart, number, x, top + 23, long, thick))
                x += long

    return height, drawn()


# Small things -----------------------------------------------------------------------------------------


def _both(chart: Chart, draw: Callable[[Chart, int], tuple[int, Iterator[str]]]) -> Drawn:
    return Drawn(_svg(chart, WIDE, "wide", *draw(chart, WIDE)), _svg(chart, COMPACT, "compact", *draw(chart, COMPACT)))


def _svg(chart: Chart, width: int, size: str, height: int, parts: Iterable[str]) -> SafeString:
    named = f"{chart.name}-{size}"
    return mark_safe(  # every word in it went through escape()
        f'<svg class="plot {size}" viewBox="0 0 {width} {height}" role="img" aria-labelledby="{named}-t {named}-d"'
        f' xmlns="http://www.w3.org/2000/svg"><title id="{named}-t">{escape(chart.title)}</title>'
        f'<desc id="{named}-d">{escape(chart.says)}</desc>{"".join(parts)}</svg>'
    )


def _titled(chart: Chart, label: str, number: int, value: int, drawn: str) -> str:
    """Something drawn, with what it says when it is pointed at."""
    told = f"{label}, {chart.series[number].name}: {chart.told(value)}"
    return f"<g><title>{escape(told)}</title>{drawn}</g>"


def _block(chart: Chart, number: int, x: float, y: float, width: float, height: float, more: str = "") -> str:
    kind = f"{_kind(chart.series[number], number)} {more}".rstrip()
    return f'<rect class="{kind}" x="{_n(x)}" y="{_n(y)}" width="{_n(width)}" height="{_n(height)}"/>'


def _kind(series: Series, at: int) -> str:
    return series.kind or f"s{at + 1}"


def _marker(number: int, x: float, y: float, series: Series) -> str:
    """A point: round, square, or a triangle, so that lines are told apart without colour."""
    kind = _kind(series, number)
    match number % 3:
        case 0:
            return f'<circle class="{kind}" cx="{_n(x)}" cy="{_n(y)}" r="3.5"/>'
        case 1:
            return f'<rect class="{kind}" x="{_n(x - 3.2)}" y="{_n(y - 3.2)}" width="6.4" height="6.4"/>'
        case _:
            return f'<polygon class="{kind}" points="{_path([(x, y - 4.2), (x + 4, y + 3), (x - 4, y + 3)])}"/>'


def _path(points: Sequence[tuple[float, float]]) -> str:
    return " ".join(f"{_n(x)},{_n(y)}" for x, y in points)


def _n(number: float) -> str:
    return f"{number:.1f}".removesuffix(".0")
