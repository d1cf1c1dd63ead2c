"""Addresses of the pages of messages."""

from django.urls import path

from . import group_views, line_views, new_views, views

urlpatterns = [
    path("messages/", views.conversations, name="conversations"),
    path("messages/unread/", views.unread_dot, name="unread-messages"),
    path("messages/new/", new_views.new_message, name="new-message"),
    path("messages/<row:conversation_id>/", views.thread, name="conversation"),
    path("messages/<row:conversation_id>/answer/", views.answer, name="answer-conversation"),
    path("messages/<row:conversation_id>/clear/", views.clear, name="clear-conversation"),
    path("messages/<row:conversation_id>/about/", group_views.about, name="about-conversation"),
    path("messages/<row:conversation_id>/title/", group_views.rename, name="rename-group"),
    path("messages/<row:conversation_id>/leave/", group_views.leave, name="leave-group"),
    path(
        "messages/<row:conversation_id>/members/<username:username>/remove/",
        group_views.remove,
        name="remove-group-member",
    ),
    path("messages/line/<row:message_id>/", line_views.message_menu, name="message-menu"),
    path("messages/line/<row:message_id>/hide/", line_views.hide, name="hide-message"),
    path("messages/line/<row:message_id>/report/", line_views.report, name="report-message"),
    path("messages/line/<row:message_id>/take-back/", line_views.take_back, name="take-back"),
    path("notes/<row:note_id>/send/", new_views.send_note, name="send-note"),
    path("settings/messages/", new_views.choices, name="messaging-choices"),
    path("media/messages/<slug:token>/<str:file>", line_views.message_file, name="message-file"),
]
