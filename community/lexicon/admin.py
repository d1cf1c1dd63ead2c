"""Words and tags at the desk: known words and their import, tags merged, named and banned."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html_join
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from accounts.asking import posted_number
from accounts.errors import DomainError
from community.look_only import LookOnly
from community.models import Tag
from community.services import tag_keeping
from community.text.clean import clean_line
from community.text.hashtags import tag_key

from . import known_words
from .models import TagAlias, TagBan, Term
from .word_import import COLUMNS, read_words, write_words


class FileForm(forms.Form):
    file = forms.FileField(label=gettext_lazy("File (CSV)"))


@admin.register(Term)
class TermAdmin(admin.ModelAdmin):
    """What is known of the world: suggested to writers as tags."""

    change_list_template = "admin/lexicon/terms.html"
    list_display = ("name", "kind", "others", "tag", "is_active")
    list_editable = ("is_active",)
    # Each row has three fields, and a form at most DATA_UPLOAD_MAX_NUMBER_FIELDS.
    list_per_page = 50
    list_filter = ("kind", "is_active")
    search_fields = ("name", "aliases", "tag")
    fields = ("kind", "name", "aliases", "tag", "is_active")
    show_full_result_count = False

    @admin.display(description=gettext_lazy("other names"))
    def others(self, term: Term) -> str:
        return ", ".join(term.names()[1:])

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        known_words.forget()

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.import_words)
        return [path("import/", view, name="lexicon_import"), *super().get_urls()]

    def import_words(self, request: HttpRequest) -> HttpResponse:
        """A table is taken whole, or every fault in it is told and nothing is."""
        if not (self.has_add_permission(request) and self.has_change_permission(request)):
            raise PermissionDenied
        form = FileForm(request.POST or None, request.FILES or None)
        faults: list[str] = []
        if request.method == "POST" and form.is_valid():
            words = read_words(form.cleaned_data["file"].read())
            faults = words.faults
            if count := write_words(words):
                known_words.forget()
                messages.success(
                    request,
                    ngettext("%(n)d word is known now.", "%(n)d words are known now.", count)
                    % {"n": count},
                )
                return HttpResponseRedirect(reverse("admin:lexicon_term_changelist"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Import known words"),
            "opts": self.opts,
            "form": form,
            "faults": faults,
            "columns": COLUMNS,
            "kinds": Term.Kind.values,
        }
        return TemplateResponse(request, "admin/lexicon/import.html", context)


@admin.register(Tag)
class TagAdmin(LookOnly, admin.ModelAdmin):
    """A tag with what hangs on it. Merging, naming and banning go through the services."""

    change_form_template = "admin/lexicon/tag.html"
    list_display = ("name", "key", "uses", "other_names", "is_banned")
    search_fields = ("name", "key", "aliases__key")
    fields: ClassVar = ("name", "key", "uses", "other_names", "meaning", "is_banned")
    readonly_fields = fields
    actions = ("merge_selected",)
    show_full_result_count = False
    # Other rooms count what a tag means to them: (label, function of a tag).
    figures: ClassVar[list[tuple[Any, Callable[[Tag], int]]]] = []

    def get_queryset(self, request: HttpRequest) -> QuerySet[Tag]:
        tags = super().get_queryset(request).annotate(used=Count("tagged", distinct=True))
        return tags.select_related("ban").prefetch_related("aliases")

    @admin.display(description=gettext_lazy("notes"), ordering="used")
    def uses(self, tag: Tag) -> int:
        return tag.used

    @admin.display(description=gettext_lazy("other names"))
    def other_names(self, tag: Tag) -> str:
        return ", ".join(alias.name for alias in tag.aliases.all()) or "–"

    @admin.display(description=gettext_lazy("banned"), boolean=True)
    def is_banned(self, tag: Tag) -> bool:
        return hasattr(tag, "ban")

    @admin.display(description=gettext_lazy("what it means to people"))
    def meaning(self, tag: Tag) -> SafeString | str:
        rows = ((label, count(tag)) for label, count in self.figures)
        return format_html_join("", "<div>{}: {}</div>", rows) or "–"

    def has_keep_permission(self, request: HttpRequest) -> bool:
        return request.user.has_perm("community.change_tag")

    # ---------------------------------------------------------------- one tag
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        tag = self.get_object(request, object_id)
        context = {
            "may_keep": tag is not None and self.has_keep_permission(request),
            "aliases": TagAlias.objects.filter(tag=tag) if tag else (),
            "ban": TagBan.objects.filter(tag=tag).first() if tag else None,
        }
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(self.keep)
        return [path("<int:pk>/keep/", view, name="lexicon_keep"), *super().get_urls()]

    def keep(self, request: HttpRequest, pk: int) -> HttpResponse:
        """One deed of an operator on one tag, then its page again."""
        tag = Tag.objects.filter(pk=pk).first()
        deed = self._deeds().get(request.POST.get("deed", ""))
        if tag is None or deed is None or request.method != "POST":
            raise Http404
        if not self.has_keep_permission(request):
            raise PermissionDenied
        try:
            said = deed(request, tag)
        except DomainError as error:
            messages.error(request, str(error) or _("This is no longer there."))
        else:
            self.log_change(request, tag, said)
            messages.success(request, said)
            known_words.forget()
        return HttpResponseRedirect(reverse("admin:community_tag_change", args=[tag.pk]))

    def _deeds(self) -> dict[str, Callable[[HttpRequest, Tag], str]]:
        return {
            "merge": self._merge,
            "add_alias": self._add_alias,
            "remove_alias": self._remove_alias,
            "ban": self._ban,
            "lift_ban": self._lift_ban,
        }

    def _merge(self, request: HttpRequest, tag: Tag) -> str:
        keys = [tag_key(name) for name in request.POST.get("tags", "").split(",")]
        others = Tag.objects.filter(key__in=[key for key in keys if key])
        count = tag_keeping.merge_tags(into=tag, tags=others, now=timezone.now())
        return _merged(count, tag)

    def _add_alias(self, request: HttpRequest, tag: Tag) -> str:
        alias = tag_keeping.add_alias(tag=tag, name=request.POST.get("name", ""))
        return _("“%(name)s” means #%(tag)s now.") % {"name": alias.name, "tag": tag.name}

    def _remove_alias(self, request: HttpRequest, tag: Tag) -> str:
        tag_keeping.remove_alias(tag=tag, alias_id=posted_number(request, "alias"))
        return _("The name is free again.")

    def _ban(self, request: HttpRequest, tag: Tag) -> str:
        reason = request.POST.get("reason", "")
        tag_keeping.ban_tag(tag=tag, reason=reason, by=request.user, now=timezone.now())  # type: ignore[arg-type]
        return _("#%(tag)s is banned.") % {"tag": tag.name}

    def _lift_ban(self, request: HttpRequest, tag: Tag) -> str:
        tag_keeping.lift_ban(tag=tag)
        return _("#%(tag)s may be used again.") % {"tag": tag.name}

    # ---------------------------------------------------------------- several tags
    @admin.action(description=gettext_lazy("Merge into one tag"), permissions=["keep"])
    def merge_selected(self, request: HttpRequest, queryset: QuerySet[Tag]) -> HttpResponse | None:
        """Ask which of them stays; then merge the others into it."""
        tags = list(queryset.order_by("-used", "key")[: tag_keeping.MOST_MERGED + 1])
        into = next((tag for tag in tags if str(tag.pk) == request.POST.get("into")), None)
        if into is None:
            context = {
                **self.admin_site.each_context(request),
                "title": _("Which of these tags stays?"),
                "opts": self.opts,
                "tags": tags,
            }
            return TemplateResponse(request, "admin/lexicon/merge.html", context)
        try:
            count = tag_keeping.merge_tags(into=into, tags=tags, now=timezone.now())
        except DomainError as error:
            messages.error(request, str(error))
        else:
            said = _merged(count, into)
            self.log_change(request, into, said)
            messages.success(request, said)
            known_words.forget()
        return None


def _merged(count: int, tag: Tag) -> str:
    return ngettext(
        "%(n)d tag was merged into #%(tag)s.", "%(n)d tags were merged into #%(tag)s.", count
    ) % {"n": count, "tag": tag.name}


class BanForm(forms.ModelForm):
    """A word to ban, used already or not."""

    name = forms.CharField(label=gettext_lazy("Tag"), max_length=60)

    class Meta:
        model = TagBan
        fields = ("reason",)

    field_order = ("name", "reason")

    def clean_name(self) -> str:
        if not tag_key(self.cleaned_data["name"]):
            raise forms.ValidationError(_("This cannot be a tag."))
        return str(self.cleaned_data["name"])

    def clean_reason(self) -> str:
        """Signs that nobody sees are no reason."""
        if not (words := clean_line(self.cleaned_data["reason"], max_length=200)):
            raise forms.ValidationError(_("Say why: people who try to use the tag are told."))
        return words


@admin.register(TagBan)
class TagBanAdmin(admin.ModelAdmin):
    """Banned tags; adding one bans it, deleting one lifts the ban."""

    form = BanForm
    list_display = ("tag", "reason", "banned_at", "banned_by")
    list_select_related = ("tag", "banned_by")
    search_fields = ("tag__key", "reason")

    def has_change_permission(self, request: HttpRequest, obj: TagBan | None = None) -> bool:
        return False

    def get_fields(self, request: HttpRequest, obj: TagBan | None = None) -> Any:
        return ("tag", "reason", "banned_at", "banned_by") if obj else ("name", "reason")

    def get_actions(self, request: HttpRequest) -> dict[str, Any]:
        """Lifted one by one, on purpose."""
        actions = super().get_actions(request)
        actions.pop("delete_selected", None)
        return actions

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        ban = tag_keeping.ban_word(
            name=form.cleaned_data["name"],
            reason=form.cleaned_data["reason"],
            by=request.user,  # type: ignore[arg-type]
            now=timezone.now(),
        )
        obj.pk, obj.tag = ban.pk, ban.tag
        known_words.forget()

    def delete_model(self, request: HttpRequest, obj: TagBan) -> None:
        tag_keeping.lift_ban(tag=obj.tag)
        known_words.forget()
