"""The block indexes that find a day keep several spans of a block: one row that came late, or early, no longer makes
all its neighbours look as if they might be of any day between."""

from __future__ import annotations

from django.db import migrations

_PLAIN, _SEVERAL = "timestamptz_minmax_ops", "timestamptz_minmax_multi_ops"


def _anew(operators: str) -> str:
    return "".join(
        f"drop index {name}; create index {name} on {table} using brin ({column} {operators})"
        " with (autosummarize = on, pages_per_range = 16);"
        for name, table, column in (
            ("posting_at", "store_posting", "at"),
            ("payment_ordered_at", "store_payment", "ordered_at"),
        )
    )


class Migration(migrations.Migration):
    dependencies = [("store", "0013_asked_links")]
    operations = [migrations.RunSQL(_anew(_SEVERAL), _anew(_PLAIN))]
