from django.db import migrations

from community.search.engines import engine


def create(apps, schema_editor):
    schema_editor.execute(engine(schema_editor.connection.vendor).create)


def drop(apps, schema_editor):
    schema_editor.execute("DROP TABLE community_notesearch")


class Migration(migrations.Migration):
    dependencies = [("community", "0002_sow_channels")]
    operations = [migrations.RunPython(create, drop)]
