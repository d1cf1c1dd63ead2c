from django.db import migrations

CREATE = """
CREATE VIRTUAL TABLE community_notesearch
USING fts5(title, body, tags, place, author, tokenize = 'ascii')
"""


class Migration(migrations.Migration):
    dependencies = [("community", "0002_sow_channels")]
    operations = [migrations.RunSQL(CREATE, "DROP TABLE community_notesearch")]
