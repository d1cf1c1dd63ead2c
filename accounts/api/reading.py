"""Reading what a program sent: typed, bounded, and refused field by field."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, BinaryIO

from django.core.files.uploadedfile import UploadedFile
from django.urls import register_converter
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

from accounts.errors import Invalid

CURSOR_LENGTH = 500
DEFAULT_LIMIT, MAX_LIMIT = 20, 100
# Control characters, and the marks that turn the direction of what follows.
UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069]")


class Word:
    """Path converter for keys and slugs: no slash, no control character."""

    regex = r"[^/\x00-\x1f\x7f]{1,100}"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return str(value)


register_converter(Word, "word")


# ---------------------------------------------------------------- fields that take what they say
class StrictText(serializers.CharField):
    """A text that is really one: numbers are not turned into texts."""

    def to_internal_value(self, data: Any) -> str:
        if not isinstance(data, str):
            self.fail("invalid")
        return super().to_internal_value(data)


class PlainLine(StrictText):
    """One line without control characters and without marks that turn its direction."""

    default_error_messages = {  # noqa: RUF012 (DRF merges these by class)
        "unseen": gettext_lazy("Write one line, without control or direction characters."),
    }

    def to_internal_value(self, data: Any) -> str:
        text = super().to_internal_value(data)
        if UNSEEN.search(text):
            self.fail("unseen")
        return text


class TrueOrFalse(serializers.BooleanField):
    """JSON's true and false; "yes" and 1 are something else."""

    def to_internal_value(self, data: Any) -> bool:
        if not isinstance(data, bool):
            self.fail("invalid", input=data)
        return data


class Whole(serializers.IntegerField):
    """A whole number of JSON, not a text that looks like one."""

    def to_internal_value(self, data: Any) -> int:
        if isinstance(data, bool) or not isinstance(data, (int, float)):
            self.fail("invalid")
        return super().to_internal_value(data)


class Number(serializers.FloatField):
    """A number of JSON, likewise."""

    def to_internal_value(self, data: Any) -> float:
        if isinstance(data, bool) or not isinstance(data, (int, float)):
            self.fail("invalid")
        return super().to_internal_value(data)


class Moment(serializers.DateTimeField):
    """A time of ISO 8601 with its zone: without one, nobody knows which hour is meant."""

    default_error_messages = {  # noqa: RUF012 (DRF merges these by class)
        "naive": gettext_lazy("Say the time with its zone, as in 2026-05-01T18:30:00+08:00."),
    }

    def to_internal_value(self, value: Any) -> datetime:
        if not isinstance(value, str):
            self.fail("invalid", format="YYYY-MM-DDThh:mm[:ss](+HH:MM|-HH:MM|Z)")
        return super().to_internal_value(value)

    def enforce_timezone(self, value: datetime) -> datetime:
        if value.tzinfo is None:
            self.fail("naive")
        try:
            return value.astimezone(UTC)
        except OverflowError:
            self.fail("overflow")


@extend_schema_field({"type": "string", "pattern": r"^([01]\d|2[0-3]):[0-5]\d$", "maxLength": 5})
class ClockTime(serializers.TimeField):
    """Hours and minutes on somebody's wall: no zone, so not the `time` of JSON Schema."""

    def __init__(self, **options: Any) -> None:
        super().__init__(format="%H:%M", input_formats=["%H:%M"], **options)


class PageQuery(serializers.Serializer[Any]):
    """How much of a list, and from where."""

    limit = serializers.IntegerField(
        min_value=1, max_value=MAX_LIMIT, default=DEFAULT_LIMIT, help_text="Rows in a page."
    )
    cursor = serializers.CharField(
        max_length=CURSOR_LENGTH, default="", allow_blank=True,
        help_text="From the `next` address of a page.",
    )  # fmt: skip


def query_of(request: Request, shape: type[serializers.Serializer[Any]]) -> dict[str, Any]:
    """The query parameters, checked. Raises ValidationError."""
    reader = shape(data=request.query_params.dict())
    reader.is_valid(raise_exception=True)
    return dict(reader.validated_data)


def body_of(request: Request, shape: type[serializers.Serializer[Any]]) -> dict[str, Any]:
    """The JSON object of the body, checked; fields nobody knows are refused, not passed over.

    A misspelt "visibility" must not publish to everybody. Raises ValidationError, Invalid.
    """
    data = request.data
    if not isinstance(data, Mapping):
        raise Invalid(_("Send a JSON object."), code="object_needed")
    reader = shape(data=data)
    faults = _unknown(reader, data)
    if not reader.is_valid():
        faults = {**reader.errors, **faults}
    if faults:
        raise ValidationError(faults)
    return dict(reader.validated_data)


def _unknown(reader: serializers.Serializer[Any], data: Mapping[str, Any]) -> dict[str, Any]:
    """Fields that the shape does not have, also one level down."""
    faults: dict[str, Any] = {}
    for name, value in data.items():
        field = reader.fields.get(name)
        if field is None:
            faults[str(name)] = [_("There is no such field.")]
        elif inner := _unknown_inside(field, value):
            faults[str(name)] = inner
    return faults


def _unknown_inside(field: serializers.Field[Any, Any, Any, Any], value: Any) -> Any:
    if isinstance(field, serializers.Serializer) and isinstance(value, Mapping):
        return _unknown(field, value)
    if isinstance(field, serializers.ListField) and isinstance(value, list):
        faults = {str(i): _unknown_inside(field.child, item) for i, item in enumerate(value)}
        return {index: fault for index, fault in faults.items() if fault}
    return {}


def file_of(request: Request, name: str = "file") -> tuple[BinaryIO, str]:
    """The uploaded file and what it was called. Raises Invalid when none came."""
    upload = request.FILES.get(name)
    if not isinstance(upload, UploadedFile):
        raise Invalid(_("Send a file in the form field “file”."), field=name, code="required")
    return upload, upload.name or ""  # type: ignore[return-value]


def form_of(
    request: Request, shape: type[serializers.Serializer[Any]]
) -> tuple[BinaryIO, str, dict[str, Any]]:
    """The file of a form, what it was called, and the other fields, checked as a JSON body is: a
    misspelt "alt" must not be lost without a word. Raises ValidationError, Invalid."""
    reader = shape(data=request.POST.dict())
    known = set(reader.fields)
    reader.fields.pop("file")  # whoever takes it in says what is wrong with it
    faults: dict[str, Any] = {}
    for sent in (request.POST, request.FILES):
        for name, values in sent.lists():
            if name not in known:
                faults[name] = [_("There is no such field.")]
            elif len(values) > 1:
                faults[name] = [_("This stands twice.")]
    if not reader.is_valid():
        faults = {**reader.errors, **faults}
    if faults:
        raise ValidationError(faults)
    upload, name = file_of(request)
    return upload, name, dict(reader.validated_data)
