"""The triggers of sql/promises.sql: what the database refuses, whoever writes."""

from importlib.resources import files

from django.db import migrations


class Migration(migrations.Migration):
    dependencies = [("store", "0001_initial"), ("people", "0001_initial")]
    operations = [migrations.RunSQL(files("makewhole.store").joinpath("sql/promises.sql").read_text("utf-8"))]
