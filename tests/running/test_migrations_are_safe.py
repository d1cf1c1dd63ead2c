"""The code of the release before goes on running on the new schema: allow, fill, and only a later
release requires (docs/operations.md, Upgrade)."""

from __future__ import annotations

import pytest
from django.db import connection, migrations, models
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

OURS = ("accounts", "community", "feeds")
# From before the first release: nobody's old code ran on them.
# fmt: off
BEFORE_THE_FIRST_RELEASE = {
    "accounts.0003_profile_likes_shown": {"profile.likes_shown"},
    "community.0005_share_depth_share_signups_share_via_arrival": {"share.depth", "share.signups"},
    "experiments.0002_trials": {"experiment.unit"},
    "experiments.0004_split_readers": {"experiment.split_readers"},
    "feeds.0002_taste_receipts_and_dials": {
        "interest.acts", "interest.pinned", "interest.recent", "interest.removed",
        "feedlist.receipts",
    },
    "feeds.0004_trials": {"poolentry.trial"},
    "moderation.0002_cases": {"decision.about"},
    "ranking.0002_rankedlist_arms": {"rankedlist.arms"},
    "searches.0003_words_looked_up": {"knownword.firsts", "knownword.letters", "knownword.typed"},
}
# fmt: on

TAKES_AWAY = {
    migrations.RemoveField: "takes away a column that old code reads",
    migrations.DeleteModel: "takes away a table that old code reads",
    migrations.RenameField: "renames a column that old code reads",
    migrations.RenameModel: "renames a table that old code reads",
    migrations.AlterModelTable: "renames a table that old code reads",
}


def faults(operation, app, state):
    """What old code would stumble over, given the state before the operation."""
    for kind, why in TAKES_AWAY.items():
        if isinstance(operation, kind):
            yield why
    if isinstance(operation, migrations.AddField) and demands(operation.field):
        yield "demands a column that old code does not fill"
    if isinstance(operation, migrations.AlterField):
        before = state.models[app, operation.model_name_lower].get_field(operation.name)
        if before.null and demands(operation.field):
            yield "demands what old code may leave empty"
        if (before.max_length or 0) > (operation.field.max_length or 10**9):
            yield "is shorter than what old code writes"


def demands(field):
    """Whether a row without it is refused by the database itself: Django's own defaults are known
    to the new code only."""
    return not (field.null or field.many_to_many or field.has_db_default())


def found_in(operations, app, state):
    """(operation, fault); tables made by the same migration are nobody's yet."""
    made = {op.name_lower for op in operations if isinstance(op, migrations.CreateModel)}
    for operation in operations:
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            yield from found_in(operation.database_operations, app, state)
        elif getattr(operation, "model_name_lower", "") not in made:
            for fault in faults(operation, app, state):
                yield f"{operation.describe()}: {fault}"
        operation.state_forwards(app, state)


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
        f"{migration}: Add field {field} to {table}: demands a column that old code does not fill"
        for migration, columns in BEFORE_THE_FIRST_RELEASE.items()
        for table, field in (column.split(".") for column in columns)
    }
    assert set(all_faults()) == excused


TIDE = migrations.CreateModel(
    "Tide",
    [
        ("id", models.BigAutoField(primary_key=True)),
        ("name", models.CharField(max_length=40)),
        ("height", models.FloatField(null=True)),
    ],
)


@pytest.mark.parametrize(
    ("operation", "fault"),
    [
        (migrations.RemoveField("tide", "name"), "takes away a column"),
        (migrations.RenameField("tide", "name", "called"), "renames a column"),
        (migrations.DeleteModel("tide"), "takes away a table"),
        (migrations.AddField("tide", "at", models.DateTimeField()), "does not fill"),
        (migrations.AddField("tide", "n", models.IntegerField(default=0)), "does not fill"),
        (migrations.AlterField("tide", "height", models.FloatField()), "leave empty"),
        (migrations.AlterField("tide", "name", models.CharField(max_length=20)), "shorter"),
        (migrations.AddField("tide", "n", models.IntegerField(null=True)), ""),
        (migrations.AddField("tide", "n", models.IntegerField(default=0, db_default=0)), ""),
        (migrations.AlterField("tide", "name", models.CharField(max_length=80)), ""),
    ],
    ids=lambda value: value.describe() if hasattr(value, "describe") else value,
)
def test_the_rules_find_what_they_are_for(operation, fault):
    """The control."""
    state = ProjectState()
    TIDE.state_forwards("shore", state)
    found = list(found_in([operation], "shore", state))
    assert (fault in "".join(found)) if fault else found == []
