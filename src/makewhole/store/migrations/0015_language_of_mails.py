"""Who is told chooses the language of its mails."""

from __future__ import annotations

from django.db import migrations, models


def _language() -> models.CharField[str, str]:
    return models.CharField(max_length=5, blank=True, default="", db_default="")


class Migration(migrations.Migration):
    dependencies = [("store", "0014_days_found_among_late_rows")]
    operations = [
        migrations.AddField("contact", "language", _language()),
        migrations.AddField("mailchoice", "language", _language()),
    ]
