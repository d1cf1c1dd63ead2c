from django.db import migrations

from community.default_channels import DEFAULT_CHANNELS


def sow(apps, schema_editor):
    """A new community starts with these channels; later changes are the operators'."""
    Channel = apps.get_model("community", "Channel")
    for position, (slug, name_en, name_zh, children) in enumerate(DEFAULT_CHANNELS):
        parent = Channel.objects.create(
            slug=slug, name_en=name_en, name_zh=name_zh, position=position
        )
        for place, (child, child_en, child_zh) in enumerate(children):
            Channel.objects.create(
                slug=child, name_en=child_en, name_zh=child_zh, parent=parent, position=place
            )


class Migration(migrations.Migration):
    dependencies = [("community", "0001_initial")]
    operations = [migrations.RunPython(sow, migrations.RunPython.noop)]
