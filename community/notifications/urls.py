"""Addresses of what a person is told."""

from django.urls import path

from . import push_views, settings_views, unsubscribing, views

urlpatterns = [
    path("notifications/", views.notifications, name="notifications"),
    path("notifications/read/", views.read_notifications, name="read-notifications"),
    path("notifications/count/", views.unread_dot, name="unread-dot"),
    path("notifications/<row:notice_id>/", views.open_notice, name="open-notice"),
    path("notifications/<row:notice_id>/read/", views.read_notice, name="read-notice"),
    path("notes/<row:note_id>/comments/mute/", settings_views.mute_thread, name="mute-thread"),
    path(
        "notes/<row:note_id>/comments/unmute/", settings_views.unmute_thread, name="unmute-thread"
    ),
    path("settings/notifications/", settings_views.notice_settings, name="notice-settings"),
    path("settings/notifications/push/", push_views.subscribe, name="subscribe-push"),
    path(
        "settings/notifications/push/<row:subscription_id>/remove/",
        push_views.unsubscribe,
        name="unsubscribe-push",
    ),
    path("unsubscribe/<str:mail_token>/", unsubscribing.unsubscribe, name="unsubscribe"),
]
