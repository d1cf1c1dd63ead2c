"""The rules a community starts with, and what was reported and decided before there were cases."""

from django.db import migrations

RULES = [
    ("minors", 5, "Protect children", "保护儿童",
     "Nothing that harms, endangers or sexualises children.",
     "不得伤害、危及或性化儿童。"),
    ("violence", 4, "No violence, nothing that endangers people", "禁止暴力与危险内容",
     "No threats, no incitement to violence, no instructions that put people in danger.",
     "不得威胁他人、煽动暴力，也不得发布会危及他人的做法。"),
    ("sexual", 4, "No sexual content", "禁止色情内容",
     "No pornography, and no nudity outside of art, health and education.",
     "不得发布色情内容；除艺术、健康与教育外不得裸露。"),
    ("privacy", 4, "Leave private matters private", "尊重他人隐私",
     "No addresses, numbers, documents or pictures of others that they did not make public.",
     "未经本人公开，不得发布他人的住址、号码、证件或照片。"),
    ("abuse", 3, "Be kind", "友善相处",
     "No insults, no harassment, no contempt for people for what they are.",
     "不得辱骂、骚扰他人，也不得因他人的身份而加以轻蔑。"),
    ("false", 2, "Do not mislead", "不得误导",
     "Nothing presented as fact that its author knows or should know to be false.",
     "不得把明知或应知不实的内容当作事实发布。"),
    ("stolen", 2, "Show your own work", "发布自己的作品",
     "Others' words and pictures only with their permission, and with their name.",
     "使用他人的文字与图片须经其许可并署名。"),
    ("spam", 1, "No spam", "禁止垃圾信息",
     "No hidden advertising, no floods of the same, no trade in likes and follows.",
     "不得发布隐性广告、刷屏内容，也不得买卖点赞与关注。"),
    ("other", 1, "Keep it a good place", "共同维护社区",
     "Whatever else makes this community worse for those who use it in good faith.",
     "其他让善意使用者的社区体验变差的行为。"),
]  # fmt: skip


def write_rules(apps, schema_editor):
    Guideline = apps.get_model("moderation", "Guideline")
    for position, (code, severity, name_en, name_zh, text_en, text_zh) in enumerate(RULES):
        Guideline.objects.get_or_create(
            code=code,
            defaults={
                "severity": severity, "name_en": name_en, "name_zh": name_zh,
                "text_en": text_en, "text_zh": text_zh, "position": position,
            },
        )  # fmt: skip


def keep_decisions(apps, schema_editor):
    """Each knows its author; one that was followed by a restoration is over."""
    Decision = apps.get_model("moderation", "Decision")
    newest_end = {}
    rows = Decision.objects.select_related("note", "comment").order_by("-pk")
    for row in rows.iterator(chunk_size=500):
        thing = row.note or row.comment
        key = (row.note_id, row.comment_id)
        row.about = "note" if row.note_id else "comment"
        row.author_id = thing.author_id if thing else None
        if row.act == "restore":
            newest_end[key] = row.decided_at
        elif row.act == "hide" and (key in newest_end or thing is None or thing.hidden_at is None):
            row.ended_at, row.ended_as = newest_end.get(key, row.decided_at), "restored"
        row.save()


def keep_reports(apps, schema_editor):
    """Open ones are of one case a thing; settled ones know how they ended."""
    Report = apps.get_model("moderation", "Report")
    Decision = apps.get_model("moderation", "Decision")
    Case = apps.get_model("moderation", "Case")
    CaseThing = apps.get_model("moderation", "CaseThing")
    cases = {}
    rows = Report.objects.select_related("note", "comment").order_by("created_at", "pk")
    for row in rows.iterator(chunk_size=500):
        about = {"note": row.note} if row.note_id else {"comment": row.comment}
        if row.settled_at is not None:
            last = Decision.objects.filter(**about, decided_at__lte=row.settled_at)
            acts = last.order_by("-decided_at").values_list("act", flat=True)
            row.outcome = "upheld" if acts.first() == "hide" else "dismissed"
        else:
            key = (row.note_id, row.comment_id)
            if key not in cases:
                cases[key] = Case.objects.create(
                    opened_at=row.created_at, reported_at=row.created_at
                )
                CaseThing.objects.create(case=cases[key], **about)
            row.case = cases[key]
            thing = row.note or row.comment
            row.excerpt = f"{getattr(thing, 'title', '')}\n{thing.body}".strip()[:1_000]
            Case.objects.filter(pk=row.case.pk).update(reported_at=row.created_at)
        row.save()


class Migration(migrations.Migration):
    dependencies = [("moderation", "0002_cases")]

    operations = [
        migrations.RunPython(write_rules, migrations.RunPython.noop),
        migrations.RunPython(keep_decisions, migrations.RunPython.noop),
        migrations.RunPython(keep_reports, migrations.RunPython.noop),
    ]
