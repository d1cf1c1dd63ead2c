"""Each operation of the interface and the scope that a token needs for it.

An operation that is missing here is open to sessions and to no token: `tests/api/test_scopes.py`
fails until it is named. Names of operations, not modules: rooms above this one stay unknown here.
"""

from __future__ import annotations

from accounts.scopes import Scope

# Opened by a password; a token is what comes of it.
WITHOUT_TOKEN = frozenset({"create_token"})

_READ = """
    list_albums get_album list_members_of_album list_notes_of_album list_albums_of_person
    list_boosts get_boost boost_report
    list_brands get_brand list_brand_members list_my_brands list_brand_invitations
    list_products get_product get_product_clicks
    list_campaigns get_campaign campaign_notes campaign_report
    list_channels channel_feed suggest_channel
    list_collaborations get_collaboration list_creators
    discover follow_feed hot nearby my_feed topic
    get_me list_blocks list_mutes get_interests list_liked list_collected list_drafts list_scheduled
    get_insights get_note_insights get_note_spread
    list_notes get_note list_comments list_pictures get_video list_revisions get_pool get_quality
    check_quality
    list_notifications
    get_person list_followers list_following list_notes_of_person list_pins_of_person
    find_places list_notes_of_place
    search hot_searches suggest_searches search_history
    list_notes_of_tag list_related_tags suggest_tags
    list_tokens get_wallet list_transactions
    list_webhooks get_webhook list_webhook_deliveries
    list_archives get_archive list_my_decisions get_decision list_my_reports
    list_notification_groups get_notification_settings list_push
"""
_WRITE = """
    create_album edit_album delete_album follow_album unfollow_album answer_invitation
    invite_to_album remove_from_members leave_album add_to_album move_in_album remove_from_album
    create_boost pause_boost pay_boost resume_boost stop_boost
    open_brand edit_brand invite_to_brand change_brand_role remove_brand_member
    accept_brand_invitation decline_brand_invitation
    add_product import_products edit_product add_product_picture remove_product_picture
    offer_collaboration act_on_collaboration
    edit_me change_avatar choose_interests set_dials change_interest set_pins forget_searches
    create_note edit_note delete_note publish_note schedule_note unschedule_note
    add_picture edit_picture remove_picture add_video remove_video retry_video
    start_cover_test stop_cover_test
    like_note unlike_note collect_note uncollect_note share_note unshare_note forward_note
    add_comment delete_comment like_comment unlike_comment report_note report_comment
    read_notifications
    follow_person unfollow_person block_person unblock_person mute_person unmute_person
    delete_token use_voucher
    add_webhook change_webhook remove_webhook resend_webhook ping_webhook
    ask_for_archive remove_archive leave
    appeal_decision report_person withdraw_report withdraw_report_of_note
    withdraw_report_of_comment withdraw_report_of_person
    change_notification_settings subscribe_push unsubscribe_push mute_comments unmute_comments
"""
_EVENTS = "send_events less_of undo_less_of"
_MESSAGES = """
    list_conversations begin_conversation get_conversation rename_group clear_conversation
    answer_request add_to_group remove_from_group leave_group
    list_messages send_message send_picture read_messages hide_message report_message
    take_back_message count_unread_messages
"""
_MODERATION = ""

SCOPES: dict[str, Scope] = {
    operation: scope
    for scope, operations in (
        (Scope.READ, _READ),
        (Scope.WRITE, _WRITE),
        (Scope.EVENTS, _EVENTS),
        (Scope.MESSAGES, _MESSAGES),
        (Scope.MODERATION, _MODERATION),
    )
    for operation in operations.split()
}
