"""What code of the release before stumbles over, or waits for, in the operations of a migration.

A change that breaks nobody comes in steps: allow, fill, and only a later release requires. One that
reads a whole table while nobody can write comes as CONCURRENTLY or NOT VALID. What RunPython does
is a program, and judged by whoever reads it.
"""

from __future__ import annotations

import re

from django.db import migrations, models

TAKES_COLUMN = "takes away a column that old code reads"
TAKES_TABLE = "takes away a table that old code reads"
TAKES_CONFLICT = "takes away what an ON CONFLICT of old code names"
RENAMES_COLUMN = "renames a column that old code reads"
RENAMES_TABLE = "renames a table that old code reads"
DEMANDS_COLUMN = "demands a column that old code does not fill"
DEMANDS_VALUE = "demands what old code may leave empty"
FILLS_NO_MORE = "no longer fills what old code leaves out"
SHORTER = "is shorter than what old code writes"
OTHER_TYPE = "writes the table anew under a lock, as a type that old code does not expect"
REFUSES = "refuses what old code may write"
CHECKS_ROWS = "reads every row under a lock, and refuses what old code may write"
BUILDS_INDEX = "builds an index while nobody can write"
LOCKS = "holds a lock on the whole table for long"
UNKNOWN = "is of a kind that has no rule yet"

# Fields that are all varchar in a database.
VARCHAR = {"CharField", "SlugField", "FileField", "FilePathField"}


def found_in(operations, app, state, made=None):
    """What is wrong with each operation; tables made by the same migration are nobody's yet."""
    made = set() if made is None else made
    for operation in operations:
        if isinstance(operation, migrations.SeparateDatabaseAndState):
            # The two sides say the same change twice; the state is to have it once.
            yield from found_in(operation.database_operations, app, state.clone(), made)
        elif isinstance(operation, migrations.RunSQL):
            for fault in faults_of_sql(operation.sql, made):
                yield f"SQL: {fault}"
        elif isinstance(operation, migrations.CreateModel):
            if operation.options.get("managed", True):
                made.add(operation.options.get("db_table") or f"{app}_{operation.name_lower}")
        elif table_of(operation, app, state) not in made:
            for fault in faults(operation, app, state):
                yield f"{named(operation)}: {fault}"
        operation.state_forwards(app, state)


def faults(operation, app, state):
    """What old code would stumble over or wait for, given the state before the operation."""
    names = [kind.__name__ for kind in type(operation).__mro__]
    rule = next((RULES[name] for name in names if name in RULES), None)
    if rule is None:
        yield UNKNOWN
    else:
        yield from rule(operation, model_of(operation, app, state))


def named(operation):
    """What it is about, in a word where there is one."""
    about = getattr(operation, "index", None) or getattr(operation, "constraint", None)
    if about:
        return about.name
    if hasattr(operation, "model_name"):
        name = getattr(operation, "name", None) or getattr(operation, "old_name", "")
        return f"{operation.model_name_lower}.{name}" if hasattr(operation, "field") else name
    return operation.describe()


def model_of(operation, app, state):
    """The state of the model that an operation is about; None for one that is about none."""
    for name in ("model_name_lower", "old_name_lower", "name_lower"):
        if name := getattr(operation, name, None):
            return state.models.get((app, name))
    return None


def table_of(operation, app, state):
    model = model_of(operation, app, state)
    return model and (model.options.get("db_table") or f"{app}_{model.name_lower}")


# ---------------------------------------------------------------- Django's operations
def nothing(operation, model):
    return ()


def always(fault):
    return lambda operation, model: (fault,)


def of_new_field(operation, model):
    field = operation.field
    if field.many_to_many:
        return
    if demands(field):
        yield DEMANDS_COLUMN
    if field.unique or field.db_index:
        yield BUILDS_INDEX
    if getattr(field, "db_persist", False):
        yield OTHER_TYPE


def demands(field):
    """Whether a row without it is refused by the database itself: Django's own defaults are known
    to the new code only."""
    return not (field.null or field.many_to_many or field.generated or field.has_db_default())


def of_altered_field(operation, model):
    before, after = model.get_field(operation.name), operation.field
    if before.many_to_many or after.many_to_many:
        return
    if column_of(operation.name, before) != column_of(operation.name, after):
        yield RENAMES_COLUMN
    # Old code writes NULL by name, so that a default of the database does not help it.
    if before.null and not after.null:
        yield DEMANDS_VALUE
    if before.has_db_default() and demands(after):
        yield FILLS_NO_MORE
    if any((getattr(before, n, 0) or 0) > (getattr(after, n, 0) or 10**9)
           for n in ("max_length", "max_digits")):  # fmt: skip
        yield SHORTER
    if type_of(before) != type_of(after) and not widens(before, after):
        yield OTHER_TYPE
    if after.unique and not before.unique:
        yield CHECKS_ROWS
    elif after.db_index and not (before.db_index or before.unique):
        yield BUILDS_INDEX
    if is_held(after) and not is_held(before):
        yield CHECKS_ROWS


def column_of(name, field):
    return field.db_column or (f"{name}_id" if field.remote_field else name)


def type_of(field):
    """What a column is, as far as a database tells it apart; lengths are compared elsewhere."""
    if field.remote_field:
        return "relation", str(field.remote_field.model).lower()
    kind = field.get_internal_type()
    places, collation = getattr(field, "decimal_places", None), getattr(field, "db_collation", None)
    return "CharField" if kind in VARCHAR else kind, places, collation


def widens(before, after):
    """Text of any length takes what had one, and not a row is written for it."""
    return (type_of(before)[0], type_of(after)[0]) == ("CharField", "TextField")


def is_held(field):
    """Whether the database itself compares it with the rows of another table."""
    return bool(field.remote_field) and field.db_constraint


def of_renamed_field(operation, model):
    field = model.get_field(operation.old_name)
    if not field.many_to_many and field.db_column is None:
        yield RENAMES_COLUMN


def of_renamed_model(operation, model):
    if "db_table" not in model.options:
        yield RENAMES_TABLE


def of_altered_table(operation, model):
    if operation.table != model.options.get("db_table"):
        yield RENAMES_TABLE


def of_removed_constraint(operation, model):
    (removed,) = (c for c in model.options["constraints"] if c.name == operation.name)
    if isinstance(removed, models.UniqueConstraint):
        yield TAKES_CONFLICT


def of_unique_together(operation, model):
    before = set(model.options.get("unique_together") or ())
    after = set(operation.option_value or ())
    if after - before:
        yield CHECKS_ROWS
    if before - after:
        yield TAKES_CONFLICT


def of_order(operation, model):
    if operation.order_with_respect_to:
        yield DEMANDS_COLUMN


# By name, also of a parent: those of PostgreSQL cannot be imported where its driver is not.
RULES = {
    "RemoveField": always(TAKES_COLUMN),
    "DeleteModel": always(TAKES_TABLE),
    "RenameField": of_renamed_field,
    "RenameModel": of_renamed_model,
    "AlterModelTable": of_altered_table,
    "AddField": of_new_field,
    "AlterField": of_altered_field,
    "AddConstraint": always(CHECKS_ROWS),
    "AddConstraintNotValid": always(REFUSES),
    "ValidateConstraint": nothing,
    "RemoveConstraint": of_removed_constraint,
    "AlterConstraint": nothing,
    "AlterUniqueTogether": of_unique_together,
    "AlterOrderWithRespectTo": of_order,
    "AddIndex": always(BUILDS_INDEX),
    "AddIndexConcurrently": nothing,
    "RemoveIndex": nothing,
    "RenameIndex": nothing,
    "AlterModelOptions": nothing,
    "AlterModelManagers": nothing,
    "AlterModelTableComment": nothing,
    "CreateExtension": nothing,
    "RunPython": nothing,
}


# ---------------------------------------------------------------- SQL by hand
# In lower case, spaces made one. Of ALTER TABLE, each of its actions is asked by itself.
ACTIONS = {
    r"^drop (column|(if exists )?(?!constraint\b|index\b)\w+( cascade| restrict)?$)": TAKES_COLUMN,
    r"^rename (to|as)\b": RENAMES_TABLE,
    r"^set schema\b": RENAMES_TABLE,
    r"^set (logged|unlogged|tablespace)\b": LOCKS,
    r"^rename (?!to\b|as\b|constraint\b)": RENAMES_COLUMN,
    r"\bset not null\b": DEMANDS_VALUE,
    r"\bdrop default\b": FILLS_NO_MORE,
    r"^alter (column )?(?!column )\S+ (set data )?type\b": OTHER_TYPE,
    r"^add (?!constraint\b|check\b|foreign\b)(?!.*\bdefault\b).*\bnot null\b": DEMANDS_COLUMN,
    r"^add column .*\b(unique|primary key)\b": BUILDS_INDEX,
    r"^add (constraint|check|unique|primary|foreign|exclude)\b"
    r"(?!.*\b(not valid|using index)\b)": CHECKS_ROWS,
    r"^add (constraint|check|foreign)\b.*\bnot valid\b": REFUSES,
}
STATEMENTS = {
    r"\bdrop (table|view|materialized view|schema)\b": TAKES_TABLE,
    r"\btruncate\b": TAKES_TABLE,
    r"\bcreate unique index\b": REFUSES,
    r"\bcreate (unique )?index (?!concurrently)": BUILDS_INDEX,
    r"\breindex (?!.*\bconcurrently\b)": BUILDS_INDEX,
    r"(^|\bbegin )(vacuum\b.*\bfull|cluster|lock table)\b": LOCKS,
    r"\brefresh materialized view (?!concurrently)": LOCKS,
}
ALTER = r"\balter table (?:if exists )?(?:only )?(\S+) (.*)"
NAMES_TABLE = (
    r"\b(?:alter table|drop table|truncate table|truncate|on)(?: if exists| only)* ([\w.]+)"
)
# What looks like one within a text is none.
COMMENT = r"(?P<text>'[^']*')|--[^\n]*|/\*.*?\*/"
CREATES = r"\bcreate table (?!if not exists)([\w.]+)"


def faults_of_sql(sql, made):
    for statement in statements_of(sql):
        if created := re.search(CREATES, statement):
            made.add(created[1])
        named = re.search(NAMES_TABLE, statement)
        if named and named[1] in made:
            continue
        altering = re.search(ALTER, statement)
        asked = [(ACTIONS, part) for part in split(altering[2])] if altering else []
        for rules, text in [*asked, (STATEMENTS, statement)]:
            for pattern, fault in rules.items():
                if re.search(pattern, text):
                    yield f"{fault} ({statement[:60]})"


def statements_of(sql):
    """Each statement in lower case and on one line, without comments and quotes of names."""
    for piece in [sql] if isinstance(sql, str) else sql:
        text = piece if isinstance(piece, str) else piece[0]
        text = re.sub(COMMENT, lambda found: found["text"] or " ", text, flags=re.DOTALL)
        for statement in re.sub(r"[\"`\[\]]", "", text).lower().split(";"):
            if plain := " ".join(statement.split()):
                yield plain


def split(actions):
    """The actions of an ALTER TABLE: at commas outside of brackets."""
    depth, begun = 0, 0
    for at, letter in enumerate(actions):
        depth += (letter == "(") - (letter == ")")
        if letter == "," and not depth:
            yield actions[begun:at].strip()
            begun = at + 1
    yield actions[begun:].strip()
