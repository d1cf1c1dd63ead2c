"""People in the admin: staff may suspend and appoint; what people say of themselves is theirs."""

from __future__ import annotations

from typing import ClassVar

from allauth.account.decorators import secure_admin_login
from django.conf import settings
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from .models import Profile, User
from .several import ChoosesSeveral

admin.site.site_header = admin.site.site_title = settings.SITE_NAME
admin.site.index_title = _("Behind the scenes")
# Through the same limited log-in as everybody: the admin has no second, unlimited one.
admin.site.login = secure_admin_login(admin.site.login)  # type: ignore[method-assign]


class ProfileInline(admin.StackedInline):
    model = Profile
    can_delete = False
    extra = 0
    fields = readonly_fields = (
        "display_name", "bio", "city", "language", "followers_count", "following_count",
        "welcomed_at", "active_on",
    )  # fmt: skip

    def has_add_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False


admin.site.unregister(Group)


@admin.register(Group)
class RoleAdmin(ChoosesSeveral, GroupAdmin):
    """Django's own, for numbers of any length."""


@admin.register(User)
class PersonAdmin(ChoosesSeveral, UserAdmin):
    """Closing an account here hides all that is its own; nothing is deleted, it can be reopened."""

    list_display = ("username", "email", "is_active", "is_staff", "date_joined")
    list_filter = ("is_active", "is_staff", "is_superuser", "groups")
    search_fields = ("username", "email", "profile__display_name")
    ordering = ("-date_joined",)
    inlines: ClassVar = [ProfileInline]
    fieldsets = (
        (None, {"fields": ("username", "email", "password")}),
        (
            # With a context: Django's own "May" is a month.
            pgettext_lazy("what a person may do", "May"),
            {"fields": ("is_active", "is_staff", "is_superuser", "groups", "user_permissions")},
        ),
        (_("When"), {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = (
        (
            None,
            {
                "classes": ("wide",),
                "fields": ("username", "email", "usable_password", "password1", "password2"),
            },
        ),
    )

    def get_readonly_fields(self, request: HttpRequest, obj: User | None = None) -> tuple[str, ...]:
        """A name is never taken from its owner, and only superusers hand out rights."""
        fixed = ("last_login", "date_joined") + (("username", "email") if obj else ())
        if request.user.is_superuser:
            return fixed
        return (*fixed, "is_staff", "is_superuser", "groups", "user_permissions", "password")

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Staff cannot act on superusers."""
        allowed = super().has_change_permission(request, obj)
        return allowed and (request.user.is_superuser or not (obj and obj.is_superuser))

    def user_change_password(
        self, request: HttpRequest, id: str, form_url: str = ""
    ) -> HttpResponse:
        """Setting somebody's password is taking their account over: superusers only."""
        if not request.user.is_superuser:
            raise PermissionDenied
        return super().user_change_password(request, id, form_url)

    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        return False
