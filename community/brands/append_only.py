"""The database refuses to change the log of a brand, whoever asks: the ORM, a shell, plain SQL.

Two things it allows, because people may leave: who did something, and words that are a person's
name, are taken away. And a brand that nobody is left of goes with its log. Called from migrations;
SQLite drops the triggers of a table when a migration rebuilds it, so one that alters `BrandLog`
ends with `guard`.
"""

from __future__ import annotations

from typing import Any

SAYS = "The log of a brand is appended, never changed."
SAME = "NEW.id = OLD.id AND NEW.brand_id = OLD.brand_id AND NEW.act = OLD.act AND NEW.at = OLD.at"
NOBODY = "NEW.actor_id IS NULL OR NEW.actor_id = COALESCE(OLD.actor_id, 0)"
NOTHING = "NEW.words = '' OR NEW.words = OLD.words"
CHANGED = f"NOT (({SAME}) AND ({NOBODY}) AND ({NOTHING}))"
THERE = "EXISTS (SELECT 1 FROM brands_brandlog WHERE id = NEW.id)"
HAS_TEAM = "EXISTS (SELECT 1 FROM brands_member WHERE brand_id = OLD.brand_id)"

SQLITE = (
    f"CREATE TRIGGER brand_log_update BEFORE UPDATE ON brands_brandlog WHEN {CHANGED}"
    f" BEGIN SELECT RAISE(ABORT, '{SAYS}'); END",
    f"CREATE TRIGGER brand_log_delete BEFORE DELETE ON brands_brandlog WHEN {HAS_TEAM}"
    f" BEGIN SELECT RAISE(ABORT, '{SAYS}'); END",
    # REPLACE removes the row that is in its way without asking the trigger for removals.
    f"CREATE TRIGGER brand_log_replace BEFORE INSERT ON brands_brandlog WHEN {THERE}"
    f" BEGIN SELECT RAISE(ABORT, '{SAYS}'); END",
)
# A condition of a trigger may not look into another table there: the function does.
POSTGRESQL = (
    f"""CREATE OR REPLACE FUNCTION brand_log_is_appended() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' THEN
        IF {CHANGED} THEN
            RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF {HAS_TEAM} THEN
        RAISE EXCEPTION '{SAYS}' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN OLD;
END $$""",
    "CREATE TRIGGER brand_log_change BEFORE UPDATE OR DELETE ON brands_brandlog"
    " FOR EACH ROW EXECUTE FUNCTION brand_log_is_appended()",
)


def guard(apps: Any, schema_editor: Any) -> None:
    """Put the triggers in place of whatever is there."""
    unguard(apps, schema_editor)
    vendor = schema_editor.connection.vendor
    for statement in {"sqlite": SQLITE, "postgresql": POSTGRESQL}[vendor]:
        schema_editor.execute(statement)


def unguard(apps: Any, schema_editor: Any) -> None:
    on = " ON brands_brandlog" if schema_editor.connection.vendor == "postgresql" else ""
    for name in ("update", "delete", "replace", "change"):
        schema_editor.execute(f"DROP TRIGGER IF EXISTS brand_log_{name}{on}")
