from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('insights', '0001_roll_ups'),
    ]

    operations = [
        migrations.CreateModel(
            name='Uncounted',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('events', models.JSONField()),
            ],
        ),
    ]
