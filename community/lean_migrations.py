"""Migrating an empty database in half the time, with the same tables at the end.

Django re-renders every model that is related to one which changes, and in a community almost all
are related through the person: of the time that `migrate` takes from nothing, nine tenths go into
making the same classes again (`docs/decisions/0046-lean-migrations.md` has the figures).
Two changes cannot matter to any other model, and are rendered alone here:

* a model that is new: nothing can relate to it yet, and its own relations find what is there;
* an index or a constraint, which no other model can see: it is set on the class that exists.

Everything else is Django's own way, and going backwards is, too: an option set on the class that
exists is also seen by the state before. Written against `django/db/migrations/state.py` of Django
5.2; `tests/running/test_lean_migrations.py` holds the names that are replaced to what they were.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest import mock

from django.db.migrations.state import ModelState, ProjectState


@contextmanager
def lean_state() -> Iterator[None]:
    """While this is open, states of migrations render what is new or an option alone."""
    with mock.patch.multiple(
        ProjectState,
        add_model=_add_model,
        _append_option=_append_option,
        _remove_option=_remove_option,
    ):
        yield


def _add_model(state: Any, model_state: ModelState) -> None:
    key = model_state.app_label, model_state.name_lower
    state.models[key] = model_state
    if state._relations is not None:
        state.resolve_model_relations(key)
    if _is_rendered(state):
        state.apps.render_multiple([model_state])
        state.apps.clear_cache()


def _append_option(state: Any, app: str, model: str, option: str, added: Any) -> None:
    options = state.models[app, model].options
    options[option] = [*options[option], added]
    _set_option(state, app, model, option)


def _remove_option(state: Any, app: str, model: str, option: str, name: str) -> None:
    options = state.models[app, model].options
    options[option] = [kept for kept in options[option] if kept.name != name]
    _set_option(state, app, model, option)


def _set_option(state: Any, app: str, model: str, option: str) -> None:
    if _is_rendered(state):
        rendered = state.apps.get_model(app, model)
        setattr(rendered._meta, option, list(state.models[app, model].options[option]))


def _is_rendered(state: Any) -> bool:
    return "apps" in state.__dict__
