"""The desk in Chinese: tables, sections and columns have Chinese labels."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.contrib import admin
from django.contrib.admin.utils import flatten_fieldsets, label_for_field
from django.utils import translation

from accounts.models import User
from community.desk_words import COLUMNS

# Columns that the admin of django-celery-beat makes up itself, and fields of forms.
OF_OTHERS = {"Scheduler", "Crontab translation", "Human readable", "Regtask"}
DESKS = [pytest.param(desk, id=model._meta.label) for model, desk in admin.site._registry.items()]


@pytest.mark.parametrize("desk", DESKS)
def test_what_a_table_shows_is_labelled_in_chinese(desk, rf) -> None:
    request = rf.get("/")
    request.user = User(is_superuser=True, is_staff=True, is_active=True)
    shown = {*desk.get_list_display(request), *flatten_fieldsets(desk.get_fieldsets(request))}
    table = desk.model._meta
    with translation.override("zh-hans"):
        section = apps.get_app_config(table.app_label).verbose_name
        labels = [section, table.verbose_name, table.verbose_name_plural]
        asked = desk.get_form(request)().fields
        labels += [field.label or name for name, field in asked.items()]
        labels += [label_for_field(name, desk.model, desk) for name in shown - set(asked)]
        english = {str(label) for label in labels if str(label).isascii()}
    assert english <= OF_OTHERS


def test_no_word_waits_for_a_column_that_is_gone() -> None:
    fields = [field for model in apps.get_models() for field in model._meta.fields]
    with translation.override("en"):
        assert {*COLUMNS} <= {str(field.verbose_name) for field in fields}
