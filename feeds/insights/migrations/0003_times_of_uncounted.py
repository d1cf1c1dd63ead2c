from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('insights', '0002_uncounted_events'),
    ]

    operations = [
        migrations.AddField(
            model_name='uncounted', name='since', field=models.DateTimeField(null=True)
        ),
        migrations.AddField(
            model_name='uncounted', name='until', field=models.DateTimeField(null=True)
        ),
    ]
