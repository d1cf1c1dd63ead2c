from django.db import migrations
from django.utils import timezone

from community.lexicon.seed import seed


def sow(apps, schema_editor):
    """A new community knows these words; later changes are the operators'."""
    Term = apps.get_model("lexicon", "Term")
    now = timezone.now()
    Term.objects.bulk_create(
        Term(kind=t.kind, name=t.name, form=t.form, aliases=t.aliases, changed_at=now)
        for t in seed()
    )


class Migration(migrations.Migration):
    dependencies = [("lexicon", "0001_words_and_tags")]
    operations = [migrations.RunPython(sow, migrations.RunPython.noop)]
