"""Addresses under /api/v1/ about what people write."""

from django.urls import path

from accounts import asking  # noqa: F401 (registers converters)
from accounts.api import reading  # noqa: F401 (registers another)

from .views import (
    albums,
    archives,
    brands,
    catalogue,
    comments,
    messages,
    moderation,
    notes,
    notice_settings,
    notifications,
    pictures,
    products,
    reactions,
    scheduling,
    sharing,
    videos,
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
    path("me/scheduled/", scheduling.ScheduledView.as_view(), name="api-scheduled"),
    path("people/<username:username>/notes/", notes.PersonNotesView.as_view(), name="api-notes-of"),
    path("notes/", notes.NotesView.as_view(), name="api-notes"),
    path("notes/<row:note_id>/", notes.NoteView.as_view(), name="api-note"),
    path("notes/<row:note_id>/publish/", notes.PublishView.as_view(), name="api-publish"),
    path("notes/<row:note_id>/schedule/", scheduling.ScheduleView.as_view(), name="api-schedule"),
    path("notes/<row:note_id>/revisions/", notes.RevisionsView.as_view(), name="api-revisions"),
    path("notes/<row:note_id>/pictures/", pictures.PicturesView.as_view(), name="api-pictures"),
    path(
        "notes/<row:note_id>/pictures/<row:picture_id>/",
        pictures.PictureView.as_view(),
        name="api-picture",
    ),
    path("notes/<row:note_id>/video/", videos.VideoView.as_view(), name="api-video"),
    path(
        "notes/<row:note_id>/video/retry/", videos.VideoRetryView.as_view(), name="api-video-retry"
    ),
    path("notes/<row:note_id>/like/", reactions.LikeView.as_view(), name="api-like"),
    path("notes/<row:note_id>/collect/", reactions.CollectView.as_view(), name="api-collect"),
    path("notes/<row:note_id>/share/", reactions.ShareView.as_view(), name="api-share"),
    path("notes/<row:note_id>/forward/", sharing.ForwardView.as_view(), name="api-forward"),
    path("notes/<row:note_id>/spread/", sharing.SpreadView.as_view(), name="api-spread"),
    path("me/reports/", moderation.MyReportsView.as_view(), name="api-my-reports"),
    path("me/reports/<row:report_id>/", moderation.MyReportView.as_view(), name="api-my-report"),
    path("me/decisions/", moderation.MyDecisionsView.as_view(), name="api-my-decisions"),
    path("me/decisions/<row:decision_id>/", moderation.DecisionView.as_view(), name="api-decision"),
    path(
        "me/decisions/<row:decision_id>/appeal/",
        moderation.AppealView.as_view(),
        name="api-appeal",
    ),
    path(
        "people/<username:username>/report/",
        moderation.ReportPersonView.as_view(),
        name="api-report-person",
    ),
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
    path("albums/", albums.AlbumsView.as_view(), name="api-albums"),
    path("albums/<row:album_id>/", albums.AlbumView.as_view(), name="api-album"),
    path("albums/<row:album_id>/notes/", albums.AlbumNotesView.as_view(), name="api-album-notes"),
    path(
        "albums/<row:album_id>/notes/<row:note_id>/",
        albums.AlbumNoteView.as_view(),
        name="api-album-note",
    ),
    path(
        "albums/<row:album_id>/members/",
        albums.AlbumMembersView.as_view(),
        name="api-album-members",
    ),
    path(
        "albums/<row:album_id>/members/<username:username>/",
        albums.AlbumMemberView.as_view(),
        name="api-album-member",
    ),
    path(
        "albums/<row:album_id>/invitation/",
        albums.InvitationView.as_view(),
        name="api-album-invitation",
    ),
    path(
        "albums/<row:album_id>/membership/", albums.MembershipView.as_view(), name="api-leave-album"
    ),
    path(
        "albums/<row:album_id>/follow/", albums.FollowAlbumView.as_view(), name="api-follow-album"
    ),
    path(
        "people/<username:username>/albums/",
        albums.AlbumsOfPersonView.as_view(),
        name="api-albums-of",
    ),
    path("people/<username:username>/pins/", albums.PinsOfPersonView.as_view(), name="api-pins-of"),
    path("me/pins/", albums.PinsView.as_view(), name="api-pins"),
    path("conversations/", messages.ConversationsView.as_view(), name="api-conversations"),
    path(
        "conversations/<row:conversation_id>/",
        messages.ConversationView.as_view(),
        name="api-conversation",
    ),
    path(
        "conversations/<row:conversation_id>/messages/",
        messages.MessagesView.as_view(),
        name="api-messages",
    ),
    path(
        "conversations/<row:conversation_id>/pictures/",
        messages.MessagePicturesView.as_view(),
        name="api-send-picture",
    ),
    path(
        "conversations/<row:conversation_id>/answer/",
        messages.AnswerRequestView.as_view(),
        name="api-answer-request",
    ),
    path(
        "conversations/<row:conversation_id>/read/",
        messages.ReadMessagesView.as_view(),
        name="api-read-messages",
    ),
    path(
        "conversations/<row:conversation_id>/members/",
        messages.GroupMembersView.as_view(),
        name="api-group-members",
    ),
    path(
        "conversations/<row:conversation_id>/members/<username:username>/",
        messages.GroupMemberView.as_view(),
        name="api-group-member",
    ),
    path(
        "conversations/<row:conversation_id>/membership/",
        messages.LeaveGroupView.as_view(),
        name="api-leave-group",
    ),
    path(
        "messages/<row:message_id>/report/",
        messages.ReportMessageView.as_view(),
        name="api-report-message",
    ),
    path("messages/unread/", messages.UnreadMessagesView.as_view(), name="api-unread-messages"),
    path("messages/<row:message_id>/", messages.MessageView.as_view(), name="api-message"),
    path(
        "messages/<row:message_id>/take-back/",
        messages.TakeBackView.as_view(),
        name="api-take-back",
    ),
    path("notifications/", notifications.NotificationsView.as_view(), name="api-notifications"),
    path(
        "notifications/groups/",
        notifications.NoticeGroupsView.as_view(),
        name="api-notification-groups",
    ),
    path("notifications/read/", notifications.ReadView.as_view(), name="api-read-notifications"),
    path(
        "me/notifications/settings/",
        notice_settings.NoticeSettingsView.as_view(),
        name="api-notice-settings",
    ),
    path("me/push/", notice_settings.PushBrowsersView.as_view(), name="api-push"),
    path(
        "me/push/<row:subscription_id>/",
        notice_settings.PushBrowserView.as_view(),
        name="api-push-browser",
    ),
    path(
        "notes/<row:note_id>/comments/mute/",
        notice_settings.MutedThreadView.as_view(),
        name="api-mute-comments",
    ),
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
    path("brands/", brands.BrandsView.as_view(), name="api-brands"),
    path("brands/<username:slug>/", brands.BrandView.as_view(), name="api-brand"),
    path(
        "brands/<username:slug>/members/",
        brands.MembersOfBrandView.as_view(),
        name="api-brand-members",
    ),
    path(
        "brands/<username:slug>/members/<username:username>/",
        brands.MemberOfBrandView.as_view(),
        name="api-brand-member",
    ),
    path(
        "brands/<username:slug>/products/",
        products.BrandProductsView.as_view(),
        name="api-brand-products",
    ),
    path(
        "brands/<username:slug>/products/import/",
        products.ImportView.as_view(),
        name="api-import-products",
    ),
    path("me/archives/", archives.ArchivesView.as_view(), name="api-archives"),
    path("me/archives/<row:archive_id>/", archives.ArchiveView.as_view(), name="api-archive"),
    path("me/brands/", brands.MyBrandsView.as_view(), name="api-my-brands"),
    path("me/brand-invitations/", brands.InvitationsView.as_view(), name="api-brand-invitations"),
    path(
        "me/brand-invitations/<row:invitation_id>/",
        brands.InvitationView.as_view(),
        name="api-brand-invitation",
    ),
    path("products/", products.ProductsView.as_view(), name="api-products"),
    path("products/<row:product_id>/", products.ProductView.as_view(), name="api-product"),
    path(
        "products/<row:product_id>/clicks/",
        products.ProductClicksView.as_view(),
        name="api-product-clicks",
    ),
    path(
        "products/<row:product_id>/pictures/",
        products.ProductPicturesView.as_view(),
        name="api-product-pictures",
    ),
    path(
        "products/<row:product_id>/pictures/<row:picture_id>/",
        products.CataloguePictureView.as_view(),
        name="api-product-picture",
    ),
]
