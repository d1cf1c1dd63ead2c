from django.db import migrations, models

from feeds.partitions.dividing import divide, index


class Migration(migrations.Migration):
    """On PostgreSQL the table of events gets a partition a month. The code before reads and writes
    it as it was; going back leaves it so."""

    # Indexes are made and rows are looked at while people write.
    atomic = False

    dependencies = [
        ('feeds', '0011_languages_one_reads'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.RunPython(
                    index('event_imported', "(id) WHERE feed = 'import'"),
                    migrations.RunPython.noop,
                ),
            ],
            state_operations=[
                migrations.AddIndex(
                    model_name='event',
                    index=models.Index(
                        condition=models.Q(('feed', 'import')), fields=['id'], name='event_imported'
                    ),
                ),
            ],
        ),
        migrations.RunPython(divide, migrations.RunPython.noop),
    ]
