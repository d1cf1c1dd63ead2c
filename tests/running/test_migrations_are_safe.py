"""The code of the release before goes on running on the new schema: allow, fill, and only a later
release requires (docs/operations.md, Upgrade)."""

from __future__ import annotations

import pytest
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

from tests.running.schema_faults import (
    BUILDS_INDEX,
    CHECKS_ROWS,
    DEMANDS_COLUMN,
    DEMANDS_VALUE,
    FILLS_NO_MORE,
    LOCKS,
    OTHER_TYPE,
    REFUSES,
    RENAMES_COLUMN,
    RENAMES_TABLE,
    SHORTER,
    TAKES_COLUMN,
    TAKES_CONFLICT,
    TAKES_TABLE,
    UNKNOWN,
    found_in,
)

OURS = ("accounts", "community", "feeds")
# Each was looked at. All are from before the first release: no old code of anybody runs on them,
# and no table is large. After it, a line here needs a reason that holds where a community lives.
BEFORE_THE_FIRST_RELEASE = {
    "accounts.0003_profile_likes_shown": {
        DEMANDS_COLUMN: "profile.likes_shown",
    },
    # A directory that its app's first migration of the same release makes.
    "collaborations.0002_directory_indexes": {
        BUILDS_INDEX: (
            "creators_by_reach creators_by_engagement creators_by_followers creators_by_price"
        ),
    },
    "community.0005_share_depth_share_signups_share_via_arrival": {
        DEMANDS_COLUMN: "share.depth share.signups",
        BUILDS_INDEX: "share.via",
    },
    # On a column that the same migration adds: old code writes none that it refuses.
    "community.0006_second_cover": {
        CHECKS_ROWS: "one_second_cover",
    },
    # On a column that the same migration adds, empty for old code.
    "experiments.0002_trials": {
        DEMANDS_COLUMN: "experiment.unit",
        BUILDS_INDEX: "exposure.note",
        CHECKS_ROWS: "note_exposed_once",
    },
    "experiments.0004_split_readers": {
        DEMANDS_COLUMN: "experiment.split_readers",
    },
    "feeds.0002_taste_receipts_and_dials": {
        DEMANDS_COLUMN: (
            "feedlist.receipts interest.acts interest.pinned interest.recent interest.removed"
        ),
        BUILDS_INDEX: "latest_sights",
    },
    "feeds.0004_trials": {
        DEMANDS_COLUMN: "poolentry.trial",
    },
    "feeds.0006_pool_tier_promised": {
        BUILDS_INDEX: "pool_tier",
    },
    "feeds.0010_events_by_feed": {
        BUILDS_INDEX: "event_of_note",
    },
    "feeds.0013_pool_indexes_of_what_runs": {
        BUILDS_INDEX: "pool_due pool_tier",
    },
    # Looser than what they take the place of: old code keeps to them.
    "moderation.0002_cases": {
        TAKES_CONFLICT: "report_note_once report_comment_once",
        DEMANDS_COLUMN: "decision.about",
        BUILDS_INDEX: (
            "decision.author decision.person report.person decision.case report.case "
            "report_accuracy decision.guideline decision_to_end decision_against"
        ),
        CHECKS_ROWS: (
            "report_note_once report_comment_once report_person_once report_is_about_one_thing"
        ),
    },
    # Tighter by a kind of notice that old code does not write.
    "notifications.0002_remove_notification_told_once_of_reaction_and_more": {
        TAKES_CONFLICT: "told_once_of_reaction",
        CHECKS_ROWS: "told_once_of_reaction",
    },
    "notifications.0006_tell_of_albums": {
        BUILDS_INDEX: "notification.album",
    },
    "notifications.0009_group_notices": {
        BUILDS_INDEX: "notification_group",
    },
    "ranking.0002_rankedlist_arms": {
        DEMANDS_COLUMN: "rankedlist.arms",
    },
    "searches.0003_words_looked_up": {
        DEMANDS_COLUMN: "knownword.firsts knownword.letters knownword.typed",
        BUILDS_INDEX: (
            "knownword.firsts knownword.typed knownword.key knownword.pinyin "
            "known_word_of_kind known_word_letters known_word_banned"
        ),
    },
    # Bounds that no sum of old code comes near.
    "wallet.0002_bounds_and_append_only": {
        CHECKS_ROWS: "account_within_bounds entry_within_bounds hold_within_bounds",
    },
}


def all_faults():
    loader = MigrationLoader(connection, ignore_no_migrations=True)
    state = ProjectState()
    for key in loader.graph.leaf_nodes():
        for node in loader.graph.forwards_plan(key):
            migration = loader.graph.nodes[node]
            if getattr(migration, "looked_at", False):
                continue
            migration.looked_at = True
            found = list(found_in(migration.operations, migration.app_label, state))
            if type(migration).__module__.startswith(OURS):
                yield from (f"{migration}: {fault}" for fault in found)


@pytest.mark.letter("F5")
def test_no_migration_breaks_the_code_of_the_release_before(db):
    excused = {
        f"{migration}: {name}: {fault}"
        for migration, faults in BEFORE_THE_FIRST_RELEASE.items()
        for fault, names in faults.items()
        for name in names.split()
    }
    assert set(all_faults()) == excused


# ---------------------------------------------------------------- the control
TALL = models.CheckConstraint(condition=models.Q(height__gte=0), name="tall")
ONCE = models.UniqueConstraint(fields=["name"], name="once")
BY_NAME = models.Index(fields=["name"], name="by_name")
SHORE = [
    migrations.CreateModel("Beach", [("id", models.BigAutoField(primary_key=True))]),
    migrations.CreateModel("Cliff", [("id", models.BigAutoField(primary_key=True))]),
    migrations.CreateModel(
        "Tide",
        [
            ("id", models.BigAutoField(primary_key=True)),
            ("name", models.CharField(max_length=40)),
            ("height", models.FloatField(null=True)),
            ("count", models.IntegerField(default=0, db_default=0)),
            ("share", models.DecimalField(max_digits=6, decimal_places=2)),
            ("beach", models.ForeignKey("shore.Beach", models.CASCADE, db_constraint=False)),
            ("moon", models.IntegerField(db_column="luna")),
        ],
        options={
            "unique_together": {("name", "height")},
            "constraints": [
                models.UniqueConstraint(fields=["height"], name="height_once"),
                models.CheckConstraint(condition=models.Q(height__lte=9), name="low"),
            ],
            "indexes": [models.Index(fields=["height"], name="by_height")],
        },
    ),
]


def of_postgres(name, parent, *given):
    """Those operations cannot be imported where PostgreSQL's driver is not installed."""
    return type(name, (parent,), {})(*given)


class Unheard(migrations.operations.base.Operation):
    def describe(self):
        return "Unheard"

    def state_forwards(self, app_label, state):
        pass


def add(field):
    return migrations.AddField("tide", "new", field)


def alter(name, field):
    return migrations.AlterField("tide", name, field)


def fk(to="shore.Beach", **how):
    return models.ForeignKey(to, models.CASCADE, **how)


OPERATIONS = [
    (migrations.RemoveField("tide", "name"), TAKES_COLUMN),
    (migrations.RenameField("tide", "name", "called"), RENAMES_COLUMN),
    (migrations.RenameField("tide", "moon", "phase"), ""),
    (migrations.DeleteModel("tide"), TAKES_TABLE),
    (migrations.RenameModel("Tide", "Ebb"), RENAMES_TABLE),
    (migrations.AlterModelTable("tide", "ebbs"), RENAMES_TABLE),
    (add(models.DateTimeField()), DEMANDS_COLUMN),
    (add(models.IntegerField(default=0)), DEMANDS_COLUMN),
    (add(models.IntegerField(null=True)), ""),
    (add(models.IntegerField(default=0, db_default=0)), ""),
    (add(models.IntegerField(null=True, unique=True)), BUILDS_INDEX),
    (add(models.IntegerField(null=True, db_index=True)), BUILDS_INDEX),
    (add(fk(null=True)), BUILDS_INDEX),
    (add(fk(null=True, db_index=False)), ""),
    (add(models.ManyToManyField("shore.Beach")), ""),
    (add(models.GeneratedField(expression=models.F("height"), db_persist=True,
                               output_field=models.FloatField(null=True))), OTHER_TYPE),
    (alter("height", models.FloatField()), DEMANDS_VALUE),
    (alter("height", models.FloatField(db_default=0.0)), DEMANDS_VALUE),
    (alter("height", models.FloatField(null=True, verbose_name="how high")), ""),
    (alter("name", models.CharField(max_length=20)), SHORTER),
    (alter("name", models.CharField(max_length=80)), ""),
    (alter("name", models.SlugField(max_length=40, db_index=False)), ""),
    (alter("name", models.TextField()), ""),
    (alter("name", models.CharField(max_length=40, unique=True)), CHECKS_ROWS),
    (alter("name", models.CharField(max_length=40, db_index=True)), BUILDS_INDEX),
    (alter("name", models.CharField(max_length=40, db_column="called")), RENAMES_COLUMN),
    (alter("name", models.CharField(max_length=40, db_collation="C")), OTHER_TYPE),
    (alter("name", models.JSONField()), OTHER_TYPE),
    (alter("count", models.BigIntegerField(default=0, db_default=0)), OTHER_TYPE),
    (alter("count", models.PositiveIntegerField(default=0, db_default=0)), OTHER_TYPE),
    (alter("count", models.IntegerField(default=0)), FILLS_NO_MORE),
    (alter("count", models.IntegerField(default=1, db_default=1)), ""),
    (alter("share", models.DecimalField(max_digits=5, decimal_places=2)), SHORTER),
    (alter("share", models.DecimalField(max_digits=8, decimal_places=4)), OTHER_TYPE),
    (alter("share", models.DecimalField(max_digits=8, decimal_places=2)), ""),
    (alter("beach", fk()), CHECKS_ROWS),
    (alter("beach", fk("shore.Cliff", db_constraint=False)), OTHER_TYPE),
    (alter("beach", models.OneToOneField("shore.Beach", models.CASCADE, db_constraint=False)),
     CHECKS_ROWS),
    (migrations.AddConstraint("tide", TALL), CHECKS_ROWS),
    (migrations.AddConstraint("tide", ONCE), CHECKS_ROWS),
    (of_postgres("AddConstraintNotValid", migrations.AddConstraint, "tide", TALL), REFUSES),
    (migrations.RemoveConstraint("tide", "height_once"), TAKES_CONFLICT),
    (migrations.RemoveConstraint("tide", "low"), ""),
    (migrations.AlterUniqueTogether("tide", {("name", "height"), ("name",)}), CHECKS_ROWS),
    (migrations.AlterUniqueTogether("tide", set()), TAKES_CONFLICT),
    (migrations.AlterUniqueTogether("tide", {("name", "height")}), ""),
    (migrations.AlterOrderWithRespectTo("tide", "beach"), DEMANDS_COLUMN),
    (migrations.AddIndex("tide", BY_NAME), BUILDS_INDEX),
    (of_postgres("AddIndexConcurrently", migrations.AddIndex, "tide", BY_NAME), ""),
    (migrations.RemoveIndex("tide", "by_height"), ""),
    (migrations.AlterModelOptions("tide", {"ordering": ["name"]}), ""),
    (migrations.RunPython(migrations.RunPython.noop), ""),
    (Unheard(), UNKNOWN),
]  # fmt: skip
STATEMENTS = [
    ("ALTER TABLE shore_tide DROP COLUMN name", TAKES_COLUMN),
    ('alter table only "shore_tide"\n  drop column if exists "name" cascade;', TAKES_COLUMN),
    ("ALTER TABLE shore_tide DROP name", TAKES_COLUMN),
    ("ALTER TABLE shore_tide DROP CONSTRAINT once", ""),
    ("DROP TABLE IF EXISTS shore_tide", TAKES_TABLE),
    ("SELECT 1; TRUNCATE shore_tide", TAKES_TABLE),
    ("DO $$ BEGIN DROP TABLE shore_tide; END $$", TAKES_TABLE),
    ("ALTER TABLE shore_tide RENAME TO ebbs", RENAMES_TABLE),
    ("ALTER TABLE shore_tide RENAME COLUMN name TO called", RENAMES_COLUMN),
    ("ALTER TABLE shore_tide RENAME name TO called", RENAMES_COLUMN),
    ("ALTER TABLE shore_tide RENAME CONSTRAINT once TO twice", ""),
    ("ALTER TABLE shore_tide ALTER COLUMN height SET NOT NULL", DEMANDS_VALUE),
    ("ALTER TABLE shore_tide ALTER height DROP NOT NULL", ""),
    ("ALTER TABLE shore_tide ALTER COLUMN count DROP DEFAULT", FILLS_NO_MORE),
    ("ALTER TABLE shore_tide ALTER COLUMN count TYPE bigint", OTHER_TYPE),
    ("ALTER TABLE shore_tide ALTER count SET DATA TYPE numeric(6, 2)", OTHER_TYPE),
    ("ALTER TABLE shore_tide ALTER COLUMN type SET DEFAULT 1", ""),
    ("ALTER TABLE shore_tide ADD COLUMN a int DEFAULT 0, ADD COLUMN b int NOT NULL",
     DEMANDS_COLUMN),
    ("ALTER TABLE shore_tide ADD COLUMN a numeric(6, 2) NOT NULL DEFAULT 0", ""),
    ("ALTER TABLE shore_tide ADD COLUMN a int UNIQUE", BUILDS_INDEX),
    ("ALTER TABLE shore_tide ADD CONSTRAINT tall CHECK (height >= 0)", CHECKS_ROWS),
    ("ALTER TABLE shore_tide ADD UNIQUE (name)", CHECKS_ROWS),
    ("ALTER TABLE shore_tide ADD CONSTRAINT tall CHECK (height >= 0) NOT VALID", REFUSES),
    ("ALTER TABLE shore_tide VALIDATE CONSTRAINT tall", ""),
    ("ALTER TABLE shore_tide ADD CONSTRAINT once UNIQUE USING INDEX by_name", ""),
    ("CREATE INDEX by_name ON shore_tide (name)", BUILDS_INDEX),
    ("CREATE INDEX CONCURRENTLY by_name ON shore_tide (name)", ""),
    ("CREATE UNIQUE INDEX CONCURRENTLY by_name ON shore_tide (name)", REFUSES),
    ("VACUUM FULL shore_tide", LOCKS),
    ("VACUUM (FULL, ANALYZE) shore_tide", LOCKS),
    ("CLUSTER shore_tide USING by_name", LOCKS),
    ("UPDATE shore_tide SET cluster = 1", ""),
    ("ALTER TABLE shore_tide SET TABLESPACE slow", LOCKS),
    ("LOCK TABLE shore_tide", LOCKS),
    ("CREATE TABLE ebbs (id int); CREATE INDEX by_id ON ebbs (id); DROP TABLE ebbs", ""),
    ("CREATE TABLE IF NOT EXISTS ebbs (id int); DROP TABLE ebbs", TAKES_TABLE),
    ("-- DROP TABLE shore_tide\nUPDATE shore_tide /* DROP TABLE */ SET count = 0", ""),
    ("UPDATE shore_tide SET name = '--'; DROP TABLE shore_tide", TAKES_TABLE),
    (["SELECT 1", ("ALTER TABLE shore_tide DROP COLUMN name", None)], TAKES_COLUMN),
    (migrations.RunSQL.noop, ""),
]  # fmt: skip


def found_at_the_shore(*operations):
    state = ProjectState()
    for made in SHORE:
        made.state_forwards("shore", state)
    return list(found_in(operations, "shore", state))


def judge(found, fault):
    """That fault and no other; none where it is empty."""
    said = [line.split(": ", 1)[1].split(" (")[0] for line in found]
    assert said == ([fault] if fault else [])


@pytest.mark.parametrize(("operation", "fault"), OPERATIONS)
def test_the_rules_find_what_they_are_for(operation, fault):
    judge(found_at_the_shore(operation), fault)


@pytest.mark.parametrize(("sql", "fault"), STATEMENTS)
def test_sql_by_hand_is_read_too(sql, fault):
    judge(found_at_the_shore(migrations.RunSQL(sql)), fault)


@pytest.mark.parametrize(
    ("in_database", "in_state", "fault"),
    [
        (migrations.RunSQL("DROP TABLE shore_tide"), migrations.DeleteModel("tide"), TAKES_TABLE),
        (migrations.RemoveField("tide", "name"), migrations.RemoveField("tide", "name"),
         TAKES_COLUMN),
        # What code forgets and the database keeps breaks nobody.
        (migrations.RunSQL.noop, migrations.RemoveField("tide", "name"), ""),
        # A table that has long been there is not made by saying so.
        (migrations.AddIndex("tide", BY_NAME),
         migrations.CreateModel("Ebb", [], {"db_table": "shore_tide"}), BUILDS_INDEX),
    ],
)  # fmt: skip
def test_of_two_sides_the_database_is_judged_and_the_state_goes_on_once(
    in_database, in_state, fault
):
    both = migrations.SeparateDatabaseAndState(
        [in_database] if in_database != migrations.RunSQL.noop else [], [in_state]
    )
    # What comes after finds the state as it is then.
    after = migrations.AlterField("beach", "id", models.BigAutoField(primary_key=True))
    judge(found_at_the_shore(both, after), fault)


def test_a_table_of_the_same_migration_is_nobodys_yet():
    ebb = migrations.CreateModel("Ebb", [("id", models.BigAutoField(primary_key=True))])
    later = [
        migrations.AddField("ebb", "at", models.DateTimeField(unique=True)),
        migrations.AddConstraint("ebb", models.UniqueConstraint(fields=["at"], name="at_once")),
        migrations.RunSQL("CREATE INDEX by_at ON shore_ebb (at)"),
        migrations.RemoveField("ebb", "at"),
    ]
    assert found_at_the_shore(ebb, *later) == []
