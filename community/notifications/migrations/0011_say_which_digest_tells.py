from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('notifications', '0010_choose_digest_and_push'),
    ]

    operations = [
        migrations.AddField(
            model_name='notification',
            name='digest',
            field=models.DateField(null=True),
        ),
    ]
