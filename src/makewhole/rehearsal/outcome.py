"""The table of outcomes: how every claim ended, by sum, by days, by clock and by reason. Start at table().

Nothing in it depends on the claims' random ids, so that one seed gives one table. How many automatic approvals are
drawn for a second look depends on them by design (nobody may foresee it): those stand in `samples`, outside.
"""

from __future__ import annotations

from collections.abc import Sequence

from makewhole.rehearsal.asking import asked

BEGINS = "<!-- the table begins -->"
ENDS = "<!-- the table ends -->"
PARTS = (
    ("filed", "What was filed", ("", "number")),
    ("outcomes", "How it ended", ("outcome", "track", "claims", "claimed", "approved", "refused", "paid")),
    ("tenders", "What sellers answered to tenders", ("answer", "tenders", "amount")),
    ("bearers", "Who bears what was paid", ("by the policy's table", "track", "claims", "paid", "demanded")),
    ("days", "Days from first notice", ("to", "track", "claims", "median", "95 in 100")),
    ("deciders", "Who decided", ("decided by", "decisions", "approved", "refused")),
    ("reasons", "Concerns shown, and what was refused", ("code", "concerns", "parts refused", "refused")),
    ("checks", "Screening: checks that did not pass", ("check", "referred", "no data")),
    ("clocks", "Clocks", ("clock", "started", "ran out", "stopped", "still running")),
    ("notices", "Notices queued", ("template", "to", "number")),
    ("tasks", "Tasks that nobody has cleared at the end", ("task", "open claims", "closed claims")),
)


def table() -> str:
    """All parts as Markdown, between two marks that a test can find again."""
    told = [_part(title, heads, asked(name)) for name, title, heads in PARTS]
    return "\n\n".join((BEGINS, *told, ENDS))


def samples() -> tuple[int, int]:
    """Automatic approvals looked at again because they were a seller's first, and by the random draw."""
    found = {str(rule): int(str(number)) for rule, number in asked("samples")}
    return found.get("sample_first_approval", 0), found.get("sample_basis_points", 0)


def between_marks(text: str) -> str:
    """The table as it stands in a document."""
    _, _, rest = text.partition(BEGINS)
    found, _, _ = rest.partition(ENDS)
    return found.strip()


def put_between_marks(document: str, found: str) -> str:
    """The document with this table in place of the one it has; the table alone where it has none."""
    before, begins, rest = document.partition(BEGINS)
    _, ends, after = rest.partition(ENDS)
    return before + found + after if begins and ends else found + "\n"


def _part(title: str, heads: Sequence[str], rows: list[tuple[object, ...]]) -> str:
    lines = [f"### {title}", "", _row(heads), _row(["---", *("---:" if n else "---" for n in range(1, len(heads)))])]
    return "\n".join([*lines, *(_row([str(cell) for cell in row]) for row in rows)])


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cells) + " |"
