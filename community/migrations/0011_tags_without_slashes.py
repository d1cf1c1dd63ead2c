"""Tags written with a slash get the key they are looked up by now; before, no address led to them.

Where another tag has that key already, the notes go over to it.
"""

from django.db import migrations
from django.db.models import Q

from community.text.hashtags import tag_key


def fold_again(apps, schema_editor):
    tags = apps.get_model("community", "Tag").objects
    carried = apps.get_model("community", "TaggedNote").objects
    only_dots = Q(key__regex=r"^\.+$")
    for tag in tags.filter(Q(key__contains="/") | Q(key__contains="\\") | only_dots):
        key = tag_key(tag.key)
        other = tags.filter(key=key).first()
        if other is not None or not key:
            if other is not None:
                known = carried.filter(tag=other).values("content_object")
                carried.filter(tag=tag).exclude(content_object__in=known).update(tag=other)
            carried.filter(tag=tag).delete()
            key = f"{key or 'tag'}-{tag.pk}"
        tags.filter(pk=tag.pk).update(key=key[-100:])


class Migration(migrations.Migration):
    dependencies = [("community", "0010_labels_and_limits")]
    operations = [migrations.RunPython(fold_again, migrations.RunPython.noop)]
