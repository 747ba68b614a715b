"""The figures as tables in Markdown, one set for each currency. Start at tables()."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from makewhole.simulation.figures import Figures, Key

BEGINS = "<!-- the tables begin -->"
ENDS = "<!-- the tables end -->"
TRACKS = ("direct", "tendered", "not routed")
BEARERS = (
    "platform, by the rules", "platform, written off", "seller, withheld", "seller, paid to the platform",
    "seller, paid to the customer", "insurer", "producer", "still owed",
)  # fmt: skip
OUTCOMES = ("upheld", "partly", "dismissed", "undecided")


def tables(figures: Figures) -> str:
    """Everything that was counted, the same for one seed."""
    parts = [_whole(figures)]
    for currency in sorted({key[1] for key in figures.counts if key[0] == "claims"}):
        parts.append(f"### {currency}")
        parts += [_ended(figures, currency), _bore(figures, currency), _recovered(figures, currency)]
        parts += [_days(figures, currency), _disputes(figures, currency)]
    return "\n\n".join((BEGINS, *(part for part in parts if part), ENDS))


def promises(figures: Figures) -> list[str]:
    """What was checked, and what broke it."""
    commands = _sum(figures, "commands")
    claims = _sum(figures, "claims")
    if figures.broken:
        return [f"BROKEN: {what} ({times})" for what, times in sorted(figures.broken.items())]
    return [
        f"holds: paid <= ordered <= approved <= cap, per exposure and incident, after each of {commands:,} commands",
        f"holds: recovered + withheld <= paid, withheld <= its payout's net, after each of {commands:,} commands",
        f"holds: each book of {claims:,} claims balances, and each account says what its claim says",
        f"holds: no claim of {claims:,} at or under the limit cost a seller that was told of it as insured anything",
    ]


def put_between_marks(document: str, found: str) -> str:
    """The document with these tables in place of those that it has; the tables alone where it has none."""
    before, begins, rest = document.partition(BEGINS)
    _, ends, after = rest.partition(ENDS)
    return before + found + after if begins and ends else found + "\n"


# Parts ---------------------------------------------------------------------------------------------------


def _whole(figures: Figures) -> str:
    claims = _sum(figures, "claims")
    small = _sum(figures, "claims", track="direct")
    rows = [
        ("claims", _n(claims)),
        ("of these at or under the limit", f"{_n(small)} ({_percent(small, claims)})"),
        ("events in their logs", _n(figures.counts[("events",)])),
        ("commands", _n(_sum(figures, "commands"))),
        ("of these refused by the rules", _n(_sum(figures, "refused"))),
        ("clocks that ran out", _n(figures.counts[("clocks", "ran_out")])),
        ("clocks that were stopped", _n(figures.counts[("clocks", "stopped")])),
        ("clocks that still run", _n(figures.counts[("clocks", "running")])),
    ]
    rows += [(f"refused: {key[1]}, {key[2]}", _n(count)) for key, count in _of(figures, "refused")]
    rows += [(f"open at the end: {', '.join(key[1:])}", _n(count)) for key, count in _of(figures, "waits")]
    rows += [(f"tasks left: {', '.join(key[1:])}", _n(count)) for key, count in _of(figures, "open tasks")]
    return _table("All", ("", "number"), rows)


def _ended(figures: Figures, currency: str) -> str:
    endings = sorted({key[2:] for key in figures.counts if key[:2] == ("claims", currency)}, key=_in_order)
    names = ("claims", "claimed", "approved", "paid", "settled")
    rows = []
    for track, ended in endings:
        told = [figures.counts[name, currency, track, ended] for name in names]
        rows.append((track, ended, _n(told[0]), *map(_money, told[1:])))
    total = [_sum(figures, name, currency=currency) for name in names]
    rows.append(("all", "", _n(total[0]), *map(_money, total[1:])))
    heads = ("track", "ended", "claims", "claimed", "approved", "paid by the platform", "paid by the seller itself")
    return _table(f"How claims ended, {currency}", heads, rows, words=2)


def _bore(figures: Figures, currency: str) -> str:
    total = {track: sum(figures.counts["bore", currency, track, who] for who in BEARERS) for track in TRACKS[:2]}
    rows = []
    for who in BEARERS:
        cells = []
        for track in TRACKS[:2]:
            borne = figures.counts["bore", currency, track, who]
            cells += [_money(borne), _percent(borne, total[track])]
        both = sum(figures.counts["bore", currency, track, who] for track in TRACKS[:2])
        rows.append((who, *cells, _money(both), _percent(both, sum(total.values()))))
    sums = [cell for track in TRACKS[:2] for cell in (_money(total[track]), "")]
    rows.append(("what customers got", *sums, _money(sum(total.values())), ""))
    heads = ("who bore it", "direct", "share", "tendered", "share", "both", "share")
    return _table(f"Who bore how much, {currency}", heads, rows)


def _recovered(figures: Figures, currency: str) -> str:
    rows = []
    for track in TRACKS[:2]:
        paid = _sum(figures, "paid", currency=currency, track=track)
        demanded = figures.counts["demanded", currency, track]
        recovered = figures.counts["recovered", currency, track]
        rows.append(
            (
                track, _n(_sum(figures, "recoveries", currency=currency, track=track)), _money(paid), _money(demanded),
                _money(recovered), _percent(recovered, demanded), _percent(recovered, paid),
                _money(figures.counts["withheld and released", currency, track]),
                _n(figures.counts["payouts withheld of", currency, track]),
            )
        )  # fmt: skip
    heads = (
        "track", "recoveries", "paid", "demanded", "recovered", "of what was demanded", "of what was paid",
        "withheld and released again", "payouts withheld of",
    )  # fmt: skip
    ends = Counter({outcome: _sum_outcome(figures, currency, outcome) for outcome in _outcomes(figures, currency)})
    told = ", ".join(f"{outcome.replace('_', ' ')} {count:,}" for outcome, count in sorted(ends.items()))
    return _table(f"What was recovered, {currency}", heads, rows) + (
        f"\n\nHow recoveries ended: {told}." if told else ""
    )


def _days(figures: Figures, currency: str) -> str:
    rows = []
    for track in TRACKS[:2]:
        rows.append(_days_row(figures, currency, track, ""))
        dids = sorted({key[3] for key in figures.counts if key[:3] == ("did", currency, track)})
        rows += [_days_row(figures, currency, track, did) for did in dids]
    heads = (
        "track", "what the seller did", "claims", "stepped in", "customers got", "recovered",
        "days to the customer's money: median", "95 in 100",
    )  # fmt: skip
    return _table(
        f"What sellers did, and days from first notice to the customer's money, {currency}", heads, rows, words=2
    )


def _days_row(figures: Figures, currency: str, track: str, did: str) -> tuple[str, ...]:
    key: Key = (currency, track, did) if did else (currency, track)
    count, stepped, got, back = (
        figures.counts[name, currency, track, did] if did else _sum(figures, name, currency=currency, track=track)
        for name in ("did", "did stepped in", "did customer's", "did recovered")
    )
    days = [figures.percentile(key, share) for share in (0.5, 0.95)]
    return (
        track, did or "all", _n(count), _n(stepped), _money(got), _percent(back, got),
        *("" if found is None else f"{found:.1f}" for found in days),
    )  # fmt: skip


def _disputes(figures: Figures, currency: str) -> str:
    rows = []
    for kind in ("contest", "appeal"):
        clauses = sorted({key[2] for key in figures.counts if key[:2] == (kind, currency)})
        for clause in clauses:
            told = [figures.counts[kind, currency, clause, outcome] for outcome in OUTCOMES]
            rows.append((kind, clause, _n(sum(told)), *map(_n, told), _percent(told[0] + told[1], sum(told[:3]))))
        told = [_sum_dispute(figures, kind, currency, outcome) for outcome in OUTCOMES]
        rows.append((kind, "all", _n(sum(told)), *map(_n, told), _percent(told[0] + told[1], sum(told[:3]))))
    heads = ("", "clause", "filed", *OUTCOMES[:3], "ended before a decision", "overturned, wholly or in part")
    return _table(f"Contests and appeals, by the clause that was disputed, {currency}", heads, rows, words=2)


# Sums ----------------------------------------------------------------------------------------------------


def _sum(figures: Figures, name: str, *, currency: str = "", track: str = "") -> int:
    wanted = ((1, currency), (2, track))
    return sum(
        count
        for key, count in figures.counts.items()
        if key[0] == name and all(not value or (len(key) > at and key[at] == value) for at, value in wanted)
    )


def _sum_dispute(figures: Figures, kind: str, currency: str, outcome: str) -> int:
    return sum(count for key, count in _of(figures, kind) if (key[1], key[3]) == (currency, outcome))


def _outcomes(figures: Figures, currency: str) -> set[str]:
    return {key[3] for key in figures.counts if key[:2] == ("recoveries", currency)}


def _sum_outcome(figures: Figures, currency: str, outcome: str) -> int:
    return sum(count for key, count in _of(figures, "recoveries") if (key[1], key[3]) == (currency, outcome))


def _of(figures: Figures, name: str) -> Iterable[tuple[Key, int]]:
    return sorted((key, count) for key, count in figures.counts.items() if key[0] == name)


def _in_order(ending: tuple[str, ...]) -> tuple[int, str]:
    return TRACKS.index(ending[0]), ending[1]


# Writing -------------------------------------------------------------------------------------------------


def _table(title: str, heads: Sequence[str], rows: Sequence[Sequence[str]], *, words: int = 1) -> str:
    aligned = ["---" if at < words else "---:" for at in range(len(heads))]
    lines = [f"#### {title}", "", _row(heads), _row(aligned), *(_row(row) for row in rows)]
    return "\n".join(lines)


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"


def _n(count: int) -> str:
    return f"{count:,}"


def _money(minor: int) -> str:
    return f"{minor / 100:,.2f}"


def _percent(part: int, whole: int) -> str:
    return f"{100 * part / whole:.1f} %" if whole else ""
