from django.db import migrations, models

# Of the notices that one of both ways wrote: they point at a mail that is no longer written, and tell no more than that
# somebody asked. What waits in the other way's table is let go: whoever waits asks again.
FORGET = "delete from store_outbox where template = 'new_link'"


class Migration(migrations.Migration):

    dependencies = [
        ('store', '0012_recovery_newest'),
    ]

    operations = [
        migrations.RunSQL(FORGET, migrations.RunSQL.noop),
        migrations.DeleteModel(
            name='LinkAsked',
        ),
        migrations.AddIndex(
            model_name='outbox',
            index=models.Index(condition=models.Q(('recipient__startswith', 'asked:')), fields=['created_at'], name='outbox_asked'),
        ),
    ]
