"""Conversations: list, begin, read, say, answer, leave; messages: take back, delete for oneself."""

from __future__ import annotations

from typing import Any

from rest_framework.request import Request
from rest_framework.response import Response

from accounts.api.base import MembersView, UploadView, actor_of
from accounts.api.pagination import page_of
from accounts.api.reading import PageQuery, body_of, form_of, query_of
from accounts.api.schema import IDEMPOTENCY_KEY, describe, pages_of
from accounts.api.views import site_address
from accounts.errors import NotFound
from community.api import message_shapes as shapes
from community.api.message_rows import conversations_json, messages_json, person_json
from community.api.once import answered_once
from community.api.serializers import ReportAnswer, ReportBody
from community.messaging import groups, keeping, services
from community.messaging.access import conversation_for, message_for
from community.messaging.models import Conversation, Message
from community.messaging.reading import listed_for
from community.messaging.reporting import report_message
from community.messaging.services import Said


class ConversationsView(MembersView):
    @describe(
        "list_conversations",
        "Your conversations, the newest first; requests and closed ones apart",
        query=shapes.ConversationListQuery,
        answer=pages_of(shapes.ConversationSerializer),
    )
    def get(self, request: Request) -> Response:
        me = actor_of(request)
        query = query_of(request, shapes.ConversationListQuery)
        shelf = query.pop("shelf")
        listed = listed_for(me, "" if shelf == "open" else shelf)
        rows, following = page_of(request, listed, order=("-last_at", "-pk"), **query)
        results = conversations_json(rows, person=me, base=site_address(request))
        return Response({"results": results, "next": following})

    @describe(
        "begin_conversation",
        "Write to somebody, or make a group",
        body=shapes.NewConversationBody,
        answer=shapes.ConversationSerializer,
        status=201,
        headers=[IDEMPOTENCY_KEY],
        refuses=[403, 404, 409],
    )
    def post(self, request: Request) -> Response:
        me = actor_of(request)
        body = body_of(request, shapes.NewConversationBody)
        said, to = Said(body=body["body"]), body["to"]

        def begin() -> tuple[int, dict[str, Any]]:
            if len(to) == 1 and not body["title"]:
                pk = services.write_to(sender=me, username=to[0], said=said).conversation_id
            else:
                pk = groups.make_group(maker=me, title=body["title"], usernames=to, said=said).pk
            return 201, _conversation(request, pk)

        return answered_once(request, request.data, begin)


class ConversationView(MembersView):
    @describe(
        "get_conversation", "A conversation", answer=shapes.ConversationSerializer, refuses=[404]
    )
    def get(self, request: Request, conversation_id: int) -> Response:
        return Response(_conversation(request, conversation_id))

    @describe(
        "rename_group",
        "Give a group another title",
        body=shapes.GroupTitleBody,
        answer=shapes.ConversationSerializer,
        refuses=[403, 404],
    )
    def patch(self, request: Request, conversation_id: int) -> Response:
        me = actor_of(request)
        groups.check_group(me, conversation_id)  # before the body is looked at
        body = body_of(request, shapes.GroupTitleBody)
        groups.rename_group(actor=me, conversation_id=conversation_id, **body)
        return Response(_conversation(request, conversation_id))

    @describe(
        "clear_conversation", "Delete all that was said, for yourself", status=204, refuses=[404]
    )
    def delete(self, request: Request, conversation_id: int) -> Response:
        keeping.clear_conversation(person=actor_of(request), conversation_id=conversation_id)
        return Response(status=204)


class MessagesView(MembersView):
    @describe(
        "list_messages",
        "What was said in a conversation, the newest first",
        query=PageQuery,
        answer=pages_of(shapes.MessageSerializer),
        refuses=[404],
    )
    def get(self, request: Request, conversation_id: int) -> Response:
        me = actor_of(request)
        conversation = conversation_for(me, conversation_id)
        rows, following = page_of(
            request,
            Message.objects.readable_by(me).filter(conversation=conversation).with_all(),
            order=("-pk",),
            **query_of(request, PageQuery),
        )
        results = messages_json(
            rows, person=me, conversation=conversation, base=site_address(request)
        )
        return Response({"results": results, "next": following})

    @describe(
        "send_message",
        "Say something, or send a note",
        body=shapes.MessageBody,
        answer=shapes.MessageSerializer,
        status=201,
        headers=[IDEMPOTENCY_KEY],
        refuses=[403, 404, 409],
    )
    def post(self, request: Request, conversation_id: int) -> Response:
        me = actor_of(request)
        conversation_for(me, conversation_id)  # refused before the body is looked at
        body = body_of(request, shapes.MessageBody)

        def send() -> tuple[int, dict[str, Any]]:
            said = Said(body=body["body"], note_id=body["note"])
            message = services.send_message(sender=me, conversation_id=conversation_id, said=said)
            return 201, _message(request, message.pk)

        return answered_once(request, request.data, send)


class MessagePicturesView(UploadView):
    @describe(
        "send_picture",
        "Send a picture",
        body=shapes.MessagePictureBody,
        answer=shapes.MessageSerializer,
        status=201,
        refuses=[403, 404, 409],
    )
    def post(self, request: Request, conversation_id: int) -> Response:
        me = actor_of(request)
        conversation_for(me, conversation_id)  # refused before the file is looked at
        upload, name, fields = form_of(request, shapes.MessagePictureBody)
        said = Said(uploads=[(upload, name)], **fields)
        message = services.send_message(sender=me, conversation_id=conversation_id, said=said)
        return Response(_message(request, message.pk), status=201)


class AnswerRequestView(MembersView):
    @describe(
        "answer_request",
        "Accept or decline a request; a refusal is not told",
        body=shapes.RequestAnswerBody,
        status=204,
        refuses=[404],
    )
    def post(self, request: Request, conversation_id: int) -> Response:
        me = actor_of(request)
        conversation_for(me, conversation_id)  # refused before the body is looked at
        accept = body_of(request, shapes.RequestAnswerBody)["accept"]
        services.answer_request(person=me, conversation_id=conversation_id, accept=accept)
        return Response(status=204)


class ReadMessagesView(MembersView):
    @describe(
        "read_messages",
        "Mark messages of a conversation as read",
        body=shapes.ReadUpToBody,
        answer=shapes.UnreadMessages,
        refuses=[404],
    )
    def post(self, request: Request, conversation_id: int) -> Response:
        me = actor_of(request)
        conversation_for(me, conversation_id)  # refused before the body is looked at
        up_to = body_of(request, shapes.ReadUpToBody).get("up_to")
        unread = keeping.mark_read(person=me, conversation_id=conversation_id, up_to=up_to)
        return Response({"unread": unread})


class GroupMembersView(MembersView):
    @describe(
        "add_to_group",
        "Bring somebody into a group; strangers are asked",
        body=shapes.GroupMemberBody,
        answer=shapes.ConversationMember,
        status=201,
        refuses=[403, 404, 409],
    )
    def post(self, request: Request, conversation_id: int) -> Response:
        me = actor_of(request)
        groups.check_group(me, conversation_id)  # before the body is looked at
        body = body_of(request, shapes.GroupMemberBody)
        row = groups.add_member(actor=me, conversation_id=conversation_id, **body)
        person = person_json(row.person, site_address(request))
        return Response({"person": person, "state": row.state}, status=201)


class GroupMemberView(MembersView):
    @describe(
        "remove_from_group", "Remove somebody from a group you made", status=204,
        refuses=[400, 403, 404],
    )  # fmt: skip
    def delete(self, request: Request, conversation_id: int, username: str) -> Response:
        groups.remove_member(
            actor=actor_of(request), conversation_id=conversation_id, username=username
        )
        return Response(status=204)


class LeaveGroupView(MembersView):
    @describe("leave_group", "Leave a group", status=204, refuses=[403, 404])
    def delete(self, request: Request, conversation_id: int) -> Response:
        groups.leave_group(person=actor_of(request), conversation_id=conversation_id)
        return Response(status=204)


class MessageView(MembersView):
    @describe("hide_message", "Delete a message for yourself", status=204, refuses=[404])
    def delete(self, request: Request, message_id: int) -> Response:
        keeping.hide_message(person=actor_of(request), message_id=message_id)
        return Response(status=204)


class TakeBackView(MembersView):
    @describe(
        "take_back_message",
        "Take your message back for everybody, some minutes after it at most",
        answer=shapes.MessageSerializer,
        refuses=[403, 404, 409],
    )
    def post(self, request: Request, message_id: int) -> Response:
        message = keeping.take_back(sender=actor_of(request), message_id=message_id)
        return Response(_message(request, message.pk))


class ReportMessageView(MembersView):
    @describe(
        "report_message",
        "Report a message to the staff, who read it and nothing else of the conversation",
        body=ReportBody,
        answer=ReportAnswer,
        status=201,
        refuses=[403, 404],
    )
    def post(self, request: Request, message_id: int) -> Response:
        me = actor_of(request)
        message_for(me, message_id)  # refused before the body is looked at
        body = body_of(request, ReportBody)
        report = report_message(reporter=me, message_id=message_id, **body)
        return Response({"reported": True, "reason": report.reason}, status=201)


class UnreadMessagesView(MembersView):
    @describe(
        "count_unread_messages", "Unread messages, requests left out", answer=shapes.UnreadMessages
    )
    def get(self, request: Request) -> Response:
        return Response({"unread": Message.objects.worth_a_dot(actor_of(request)).count()})


# ---------------------------------------------------------------- answers
def _conversation(request: Request, pk: int) -> dict[str, Any]:
    me = actor_of(request)
    conversation_for(me, pk)
    rows = Conversation.objects.filter(pk=pk).with_closed(me).lines_for(me)
    return conversations_json(list(rows), person=me, base=site_address(request))[0]


def _message(request: Request, pk: int) -> dict[str, Any]:
    me = actor_of(request)
    message = message_for(me, pk)
    shown = Message.objects.filter(pk=pk).with_all()
    found = messages_json(
        list(shown), person=me, conversation=message.conversation, base=site_address(request)
    )
    if not found:
        raise NotFound
    return found[0]
