"""The database refuses to change or remove entries, whoever asks: the ORM, a shell, plain SQL.

Called from migrations. SQLite drops the triggers of a table when a migration rebuilds it, so a
migration that alters `Entry` ends with `guard`; the ledger's audit says when they are missing.
"""

from __future__ import annotations

from typing import Any

from django.db import connection

TABLE = "wallet_entry"
SAYS = "Entries are appended, never changed or removed."

# REPLACE removes the row that is in its way without asking the trigger for removals, so an insert
# over a row is refused too.
SQLITE = {
    "wallet_entry_update": f"BEFORE UPDATE ON {TABLE}",
    "wallet_entry_delete": f"BEFORE DELETE ON {TABLE}",
    "wallet_entry_replace": (
        "BEFORE INSERT ON wallet_entry WHEN EXISTS"
        " (SELECT 1 FROM wallet_entry WHERE id = NEW.id OR key = NEW.key)"
    ),
}
# TRUNCATE stays: it is for owners of the table, who could drop a trigger as well.
POSTGRESQL = {"wallet_entry_change": f"BEFORE UPDATE OR DELETE ON {TABLE} FOR EACH ROW"}
# Names of the triggers and when they fire, by vendor.
TRIGGERS = {"sqlite": SQLITE, "postgresql": POSTGRESQL}
REFUSE = f"""
CREATE OR REPLACE FUNCTION wallet_entry_is_appended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'integrity_constraint_violation';
END $$
"""


def guard(apps: Any, schema_editor: Any) -> None:
    """Put the triggers in place; those that are there already stay."""
    there = _triggers(schema_editor.connection)
    for name, statement in _statements(schema_editor.connection.vendor).items():
        if name not in there:
            schema_editor.execute(statement)


def unguard(apps: Any, schema_editor: Any) -> None:
    on = f" ON {TABLE}" if schema_editor.connection.vendor == "postgresql" else ""
    for name in _triggers(schema_editor.connection):
        schema_editor.execute(f"DROP TRIGGER {name}{on}")


def missing() -> list[str]:
    """Triggers that should be there and are not."""
    there = _triggers(connection)
    return [name for name in TRIGGERS[connection.vendor] if name not in there]


def _statements(vendor: str) -> dict[str, str]:
    """CREATE statements by name of the trigger."""
    if vendor == "sqlite":
        act = f"BEGIN SELECT RAISE(ABORT, '{SAYS}'); END"
        return {name: f"CREATE TRIGGER {name} {when} {act}" for name, when in SQLITE.items()}
    act = "EXECUTE FUNCTION wallet_entry_is_appended()"
    return {n: f"{REFUSE}; CREATE TRIGGER {n} {when} {act}" for n, when in POSTGRESQL.items()}


def _triggers(database: Any) -> list[str]:
    catalogue = {
        "sqlite": "SELECT name FROM sqlite_master WHERE type = 'trigger' AND tbl_name = %s",
        "postgresql": "SELECT tgname FROM pg_trigger WHERE tgrelid = %s::regclass AND NOT"
        " tgisinternal",
    }
    with database.cursor() as cursor:
        cursor.execute(catalogue[database.vendor], [TABLE])
        return [name for (name,) in cursor.fetchall()]
