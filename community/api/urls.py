"""Addresses under /api/v1/ about what people write."""

from django.urls import path

from accounts import asking  # noqa: F401 (registers converters)
from accounts.api import reading  # noqa: F401 (registers another)

from .views import (
    catalogue,
    comments,
    notes,
    notifications,
    pictures,
    reactions,
    sharing,
    wallet,
    webhooks,
)

urlpatterns = [
    path("channels/", catalogue.ChannelsView.as_view(), name="api-channels"),
    path("places/", catalogue.PlacesView.as_view(), name="api-places"),
    path("tags/suggest/", catalogue.TagSuggestionsView.as_view(), name="api-suggest-tags"),
    path("tags/<word:key>/related/", catalogue.RelatedTagsView.as_view(), name="api-related-tags"),
    path(
        "channels/suggest/", catalogue.ChannelSuggestionView.as_view(), name="api-suggest-channel"
    ),
    path("me/interests/", catalogue.InterestsView.as_view(), name="api-interests"),
    path("me/drafts/", notes.DraftsView.as_view(), name="api-drafts"),
    path("people/<username:username>/notes/", notes.PersonNotesView.as_view(), name="api-notes-of"),
    path("notes/", notes.NotesView.as_view(), name="api-notes"),
    path("notes/<row:note_id>/", notes.NoteView.as_view(), name="api-note"),
    path("notes/<row:note_id>/publish/", notes.PublishView.as_view(), name="api-publish"),
    path("notes/<row:note_id>/revisions/", notes.RevisionsView.as_view(), name="api-revisions"),
    path("notes/<row:note_id>/pictures/", pictures.PicturesView.as_view(), name="api-pictures"),
    path(
        "notes/<row:note_id>/pictures/<row:picture_id>/",
        pictures.PictureView.as_view(),
        name="api-picture",
    ),
    path("notes/<row:note_id>/like/", reactions.LikeView.as_view(), name="api-like"),
    path("notes/<row:note_id>/collect/", reactions.CollectView.as_view(), name="api-collect"),
    path("notes/<row:note_id>/share/", reactions.ShareView.as_view(), name="api-share"),
    path("notes/<row:note_id>/forward/", sharing.ForwardView.as_view(), name="api-forward"),
    path("notes/<row:note_id>/spread/", sharing.SpreadView.as_view(), name="api-spread"),
    path("notes/<row:note_id>/report/", reactions.ReportNoteView.as_view(), name="api-report-note"),
    path("notes/<row:note_id>/comments/", comments.CommentsView.as_view(), name="api-comments"),
    path("comments/<row:comment_id>/", comments.CommentView.as_view(), name="api-comment"),
    path(
        "comments/<row:comment_id>/like/",
        reactions.LikeCommentView.as_view(),
        name="api-like-comment",
    ),
    path(
        "comments/<row:comment_id>/report/",
        reactions.ReportCommentView.as_view(),
        name="api-report-comment",
    ),
    path("notifications/", notifications.NotificationsView.as_view(), name="api-notifications"),
    path("notifications/read/", notifications.ReadView.as_view(), name="api-read-notifications"),
    path("wallet/", wallet.WalletView.as_view(), name="api-wallet"),
    path("wallet/vouchers/", wallet.VouchersView.as_view(), name="api-vouchers"),
    path("wallet/transactions/", wallet.TransactionsView.as_view(), name="api-transactions"),
    path("webhooks/", webhooks.WebhooksView.as_view(), name="api-webhooks"),
    path("webhooks/<row:pk>/", webhooks.WebhookView.as_view(), name="api-webhook"),
    path("webhooks/<row:pk>/ping/", webhooks.WebhookPingView.as_view(), name="api-ping-webhook"),
    path(
        "webhooks/<row:pk>/deliveries/",
        webhooks.WebhookDeliveriesView.as_view(),
        name="api-webhook-deliveries",
    ),
    path(
        "webhooks/<row:pk>/deliveries/<row:delivery_id>/resend/",
        webhooks.WebhookResendView.as_view(),
        name="api-resend-webhook",
    ),
]
