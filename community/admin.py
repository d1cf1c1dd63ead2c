"""Channels to edit, notes and comments to look at. What staff decides goes through moderation."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from taggit.admin import Tag as UnusedTag

from community.look_only import LookOnly
from community.media.video_refusals import REFUSALS, refusal_of
from community.moderation import desk
from community.services.pictures import renditions_path
from community.services.videos import video_path
from community.videos_shown import length_in_words, video_of
from community.views.ranges import file_in_parts

from .models import Channel, Comment, Note, NoteImage, NoteVideo

THUMBNAIL_WIDTH = 480
# Tags are `community.Tag`: the package's own table stays empty, and so would its page.
admin.site.unregister(UnusedTag)


@admin.register(Channel)
class ChannelAdmin(admin.ModelAdmin):
    """Two levels; a channel with notes is closed, not deleted (the database refuses)."""

    list_display = ("name_en", "name_zh", "parent", "is_open", "position", "slug")
    list_editable = ("is_open", "position")
    # Each row has four fields, and a form at most DATA_UPLOAD_MAX_NUMBER_FIELDS.
    list_per_page = 50
    list_filter = ("is_open", ("parent", admin.RelatedOnlyFieldListFilter))
    search_fields = ("name_en", "name_zh", "slug")
    list_select_related = ("parent",)
    fields = ("name_en", "name_zh", "slug", "parent", "is_open", "position")

    def get_readonly_fields(
        self, request: HttpRequest, obj: Channel | None = None
    ) -> tuple[str, ...]:
        """Addresses and people's chosen interests are made of the slug: it stays."""
        return ("slug",) if obj else ()

    def formfield_for_foreignkey(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.name == "parent":
            kwargs["queryset"] = Channel.objects.top_level()
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def formfield_for_dbfield(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        """Fields of the list are named for who does not see the head of their column."""
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None and db_field.name in self.list_editable:
            field.widget.attrs["aria-label"] = str(field.label)
        return field

    def has_delete_permission(self, request: HttpRequest, obj: Channel | None = None) -> bool:
        in_use = obj is not None and (obj.notes.exists() or obj.children.exists())
        return not in_use and super().has_delete_permission(request, obj)

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions


class Decidable(LookOnly):
    """Notes or comments: read-only, with moderation's verdicts as buttons and actions."""

    change_form_template: Any = "admin/moderation/thing.html"
    actions: Any = ("hide_selected", "restore_selected")
    kind: ClassVar[str]

    def has_decide_permission(self, request: HttpRequest) -> bool:
        return desk.may_decide(request.user)  # type: ignore[arg-type]

    @admin.action(description=_("Hide, with a reason"), permissions=["decide"])
    def hide_selected(self, request: HttpRequest, queryset: QuerySet[Any]) -> HttpResponse | None:
        return desk.decide_many(request, self.kind, "hide", queryset, admin_site=self.admin_site)  # type: ignore[attr-defined]

    @admin.action(description=_("Show again, with a reason"), permissions=["decide"])
    def restore_selected(
        self, request: HttpRequest, queryset: QuerySet[Any]
    ) -> HttpResponse | None:
        return desk.decide_many(request, self.kind, "restore", queryset, admin_site=self.admin_site)  # type: ignore[attr-defined]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        thing = self.get_object(request, object_id)  # type: ignore[attr-defined]
        context = desk.buttons(thing, self.kind, request.user) if thing else {}  # type: ignore[arg-type]
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))  # type: ignore[misc]


class StateFilter(admin.SimpleListFilter):
    title = _("state")
    parameter_name = "is"
    CHOICES: ClassVar = {
        "shown": (_("Visible"), Q(hidden_at=None, deleted_at=None)),
        "hidden": (_("Hidden"), Q(hidden_at__isnull=False)),
        "deleted": (_("Deleted"), Q(deleted_at__isnull=False)),
        "reported": (_("Reported"), Q(reports__settled_at=None, reports__isnull=False)),
    }

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [(key, label) for key, (label, _which) in self.CHOICES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        choice = self.CHOICES.get(self.value() or "")
        return queryset.filter(choice[1]).distinct() if choice else queryset


@admin.register(Note)
class NoteAdmin(Decidable, admin.ModelAdmin):
    kind = "note"
    list_display = (
        "cover",
        "__str__",
        "author",
        "channel",
        "standing",
        "reports_open",
        "published_at",
    )
    list_display_links = ("cover", "__str__")
    list_filter = (StateFilter, "state", "visibility", "language", "channel")
    list_select_related = ("author", "channel")
    list_per_page = 50
    show_full_result_count = False
    date_hierarchy = "published_at"
    search_fields = ("title", "body", "author__username")
    fields = (
        "pictures", "film", "title", "body", "author", "channel", "place", "visibility", "standing",
        "language", "created_at", "published_at", "edited_at", "revision", "verdicts",
    )  # fmt: skip
    readonly_fields = fields

    def get_queryset(self, request: HttpRequest) -> QuerySet[Note]:
        waiting = Count("reports", filter=Q(reports__settled_at=None), distinct=True)
        return super().get_queryset(request).annotate(waiting=waiting).prefetch_related("images")

    @admin.display(description=_("picture"))
    def cover(self, note: Note) -> SafeString | str:
        images = [image for image in note.images.all() if image.state == NoteImage.State.READY]
        return thumbnail(images[0]) if images else "–"

    @admin.display(description=_("pictures"))
    def pictures(self, note: Note) -> SafeString | str:
        return (
            format_html_join("", "{}", ((thumbnail(image),) for image in note.images.all())) or "–"
        )

    @admin.display(description=_("video"))
    def film(self, note: Note) -> SafeString | str:
        video = video_of(note)
        return player(video) if video is not None else "–"

    @admin.display(description=_("state"))
    def standing(self, note: Note) -> str:
        return desk.short_state(note)

    @admin.display(description=_("open reports"), ordering="waiting")
    def reports_open(self, note: Note) -> int:
        return note.waiting  # type: ignore[attr-defined]

    @admin.display(description=_("decisions"))
    def verdicts(self, note: Note) -> SafeString | str:
        return desk.verdicts(note)

    def get_urls(self) -> list[URLPattern]:
        picture = path(
            "picture/<int:image_id>/",
            self.admin_site.admin_view(self.picture),
            name="community_picture",
        )
        film = path(
            "video/<int:video_id>/",
            self.admin_site.admin_view(self.play),
            name="community_video",
        )
        return [picture, film, *super().get_urls()]

    def play(self, request: HttpRequest, video_id: int) -> HttpResponse:
        """The small size for staff, also of a note that is hidden or deleted."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        video = NoteVideo.objects.filter(pk=video_id, state=NoteVideo.State.READY).first()
        if video is None:
            raise Http404
        file = video_path(video.token) / video.smallest_first[0]["filename"]
        answer = file_in_parts(request, file, content_type="video/mp4")
        answer.headers["Cache-Control"] = "private, no-store"
        answer.headers["X-Content-Type-Options"] = "nosniff"
        return answer

    def picture(self, request: HttpRequest, image_id: int) -> FileResponse:
        """A picture for staff, also of a note that is hidden or deleted. Never kept by a cache."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        image = NoteImage.objects.filter(pk=image_id).first()
        name = thumbnail_file(image) if image else ""
        if image is None or not name:
            raise Http404
        try:
            file = (renditions_path(image.token) / name).open("rb")
        except OSError as error:
            raise Http404 from error
        headers = {"Cache-Control": "private, no-store", "X-Content-Type-Options": "nosniff"}
        return FileResponse(file, content_type="image/jpeg", headers=headers)


class RefusalFilter(admin.SimpleListFilter):
    title = _("reason")
    parameter_name = "refusal"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return list(REFUSALS.items())

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(refusal=self.value()) if self.value() in REFUSALS else queryset


@admin.register(NoteVideo)
class NoteVideoAdmin(LookOnly, admin.ModelAdmin):
    """Every video with how far it is, and why it was refused."""

    list_display = ("note", "author", "state", "progress", "why", "length", "created_at")
    list_filter = ("state", RefusalFilter)
    list_select_related = ("note__author",)
    list_per_page = 50
    show_full_result_count = False
    ordering = ("-created_at", "-pk")
    search_fields = ("note__title", "note__author__username")
    fields = (
        "film", "note", "author", "state", "progress", "why", "length", "size", "has_sound",
        "created_at",
    )  # fmt: skip
    readonly_fields = fields

    @admin.display(description=_("video"))
    def film(self, video: NoteVideo) -> SafeString:
        return player(video)

    @admin.display(description=_("author"))
    def author(self, video: NoteVideo) -> str:
        return str(video.note.author)

    @admin.display(description=_("reason"))
    def why(self, video: NoteVideo) -> str:
        return str(refusal_of(video.refusal)) or "–"

    @admin.display(description=_("length"))
    def length(self, video: NoteVideo) -> str:
        return length_in_words(video.duration) if video.is_ready else "–"

    @admin.display(description=_("size"))
    def size(self, video: NoteVideo) -> str:
        return ", ".join(
            f"{file['width']} x {file['height']}: {file['bytes'] / 1_000_000:.1f} MB"
            for file in video.smallest_first
        )


@admin.register(Comment)
class CommentAdmin(Decidable, admin.ModelAdmin):
    kind = "comment"
    list_display = ("__str__", "author", "note", "standing", "created_at")
    list_filter = (StateFilter,)
    list_select_related = ("author", "note")
    show_full_result_count = False
    search_fields = ("body", "author__username")
    fields = ("body", "author", "note", "reply_to", "standing", "created_at", "verdicts")
    readonly_fields = fields

    @admin.display(description=_("state"))
    def standing(self, comment: Comment) -> str:
        return desk.short_state(comment)

    @admin.display(description=_("decisions"))
    def verdicts(self, comment: Comment) -> SafeString | str:
        return desk.verdicts(comment)


def player(video: NoteVideo) -> SafeString:
    """The video through the staff's own address, or its state and why it is not there."""
    if not video.is_ready:
        why = refusal_of(video.refusal) or f"{video.progress} %"
        return format_html("<em>{}</em>: {}", video.get_state_display(), why)
    return format_html(
        '<video class="desk-video" src="{}" width="320" controls muted playsinline preload="none">'
        "</video>",
        reverse("admin:community_video", args=[video.pk]),
    )


def thumbnail_file(image: NoteImage) -> str:
    """The widest JPEG up to THUMBNAIL_WIDTH; empty while there is none."""
    fitting = [
        (rendition["width"], rendition["filename"])
        for rendition in image.renditions
        if rendition["format"] == "jpeg" and rendition["width"] <= THUMBNAIL_WIDTH
    ]
    return max(fitting, default=(0, ""))[1]


def thumbnail(image: NoteImage) -> SafeString:
    """The picture through the staff's own address, or its state in words."""
    if not thumbnail_file(image):
        return format_html("<em>{}</em>", image.get_state_display())
    return format_html(
        '<img class="desk-thumb" src="{}" alt="{}" loading="lazy">',
        reverse("admin:community_picture", args=[image.pk]),
        image.alt or str(_("no description")),
    )
