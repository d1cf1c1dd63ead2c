"""Shapes of reports, decisions and appeals."""

from __future__ import annotations

from typing import Any

from rest_framework import serializers

from accounts.api.reading import StrictText
from community.models import Note
from community.moderation.appeals import APPEAL_LENGTH
from community.moderation.models import Appeal, Decision, Report

Shape = serializers.Serializer[Any]
OUTCOMES = ["open", *(value for value in Report.Outcome.values if value)]


class MyReport(Shape):
    id = serializers.IntegerField()
    note = serializers.IntegerField(allow_null=True)
    comment = serializers.IntegerField(allow_null=True)
    person = serializers.CharField(allow_null=True, help_text="Their username.")
    reason = serializers.ChoiceField(choices=Report.Reason.values)
    words = serializers.CharField()
    outcome = serializers.ChoiceField(choices=OUTCOMES)
    created_at = serializers.DateTimeField()
    settled_at = serializers.DateTimeField(allow_null=True)


class Rule(Shape):
    code = serializers.CharField()
    name = serializers.CharField(help_text="In the language that was asked for.")
    text = serializers.CharField()


class MyAppeal(Shape):
    words = serializers.CharField()
    state = serializers.ChoiceField(choices=Appeal.State.values)
    answer = serializers.CharField()
    appealed_at = serializers.DateTimeField()
    reviewed_at = serializers.DateTimeField(allow_null=True)


class MyDecision(Shape):
    id = serializers.IntegerField()
    act = serializers.ChoiceField(choices=Decision.Act.values)
    about = serializers.ChoiceField(choices=["note", "comment", "person"])
    note = serializers.IntegerField(allow_null=True)
    comment = serializers.IntegerField(allow_null=True)
    rule = Rule(allow_null=True)
    label = serializers.ChoiceField(choices=Note.Label.values)  # type: ignore[assignment]
    words = serializers.CharField(help_text="What you were told.")
    decided_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField(allow_null=True)
    ended_at = serializers.DateTimeField(allow_null=True)
    ended_as = serializers.ChoiceField(choices=["", *Decision.End.values])
    appeal_until = serializers.DateTimeField()
    may_appeal = serializers.BooleanField()
    appeal = MyAppeal(allow_null=True)


class AppealBody(Shape):
    words = StrictText(max_length=APPEAL_LENGTH)
