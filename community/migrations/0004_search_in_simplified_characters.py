"""Notes with traditional characters leave the index, and come back as simplified tokens when it is
next repaired."""

from django.db import migrations

from community.text.variants import simplified

COLUMNS = "rowid, title, body, tags, place, author"


def take_out(apps, schema_editor):
    with schema_editor.connection.cursor() as cursor:
        cursor.execute(f"SELECT {COLUMNS} FROM community_notesearch")
        old = [(row[0],) for row in cursor if any(simplified(t) != t for t in row[1:])]
        cursor.executemany("DELETE FROM community_notesearch WHERE rowid = %s", old)


class Migration(migrations.Migration):
    dependencies = [("community", "0003_search_index")]
    operations = [migrations.RunPython(take_out, migrations.RunPython.noop)]
