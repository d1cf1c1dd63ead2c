"""People, and the ties between them: follows, blocks, mutes, chosen interests."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.contrib.auth.models import AbstractUser, UserManager
from django.db import models, transaction
from django.db.models import Q
from django.db.models.functions import Lower
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from .names import name_key
from .validators import check_username_is_free_to_use


class PersonQuerySet(models.QuerySet["User"]):
    def present(self) -> Self:
        """People whose account is open: not closed by themselves, not suspended by staff."""
        return self.filter(is_active=True)

    def discoverable_by(self, viewer: User | None) -> Self:
        """People whom the viewer may be offered: in search, suggestions and directories. Whom they
        follow they find in any case."""
        people = self.visible_to(viewer)
        open_to_all = Q(profile__discoverable=True)
        if viewer is None or not viewer.is_authenticated:
            return people.filter(open_to_all, profile__seen_by=Profile.SeenBy.EVERYBODY)
        open_to_all &= ~Q(profile__seen_by=Profile.SeenBy.FOLLOWERS)
        followed = Follow.objects.filter(follower=viewer).values("followed")
        return people.filter(open_to_all | Q(pk=viewer.pk) | Q(pk__in=followed))

    def visible_to(self, viewer: User | None) -> Self:
        """People whom the viewer may meet: present, and no block between the two."""
        people = self.present()
        if viewer is None or not viewer.is_authenticated:
            return people
        return people.exclude(
            Q(pk__in=Block.objects.filter(blocker=viewer).values("blocked"))
            | Q(pk__in=Block.objects.filter(blocked=viewer).values("blocker"))
        )


class PersonManager(UserManager["User"].from_queryset(PersonQuerySet)):  # type: ignore[misc]
    def get_by_natural_key(self, username: str | None) -> User:
        """Log in by any spelling of the name that folds to the same key."""
        return self.get(username_key=name_key(username or ""))


class User(AbstractUser):
    """Somebody with an account. What others read about them is in their Profile."""

    username = models.CharField(
        _("username"),
        max_length=30,
        unique=True,
        validators=[check_username_is_free_to_use],
        error_messages={"unique": _("Somebody already has this name. Try another.")},
    )
    # The fold of the name by which look-alikes are refused: `Lin.O` and `lin0` are one person.
    username_key = models.CharField(max_length=60, unique=True, editable=False)
    email = models.EmailField(_("email address"), blank=True)
    # Since when staff keeps the account closed. One that its owner closed has no such time.
    suspended_at = models.DateTimeField(null=True, editable=False)

    objects: ClassVar[PersonManager] = PersonManager()

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints: ClassVar = [
            models.UniqueConstraint(
                Lower("email"),
                condition=~Q(email=""),
                name="one_account_per_email",
                violation_error_message=_("There is already an account with this address."),
            )
        ]

    def save(self, *args: Any, **kwargs: Any) -> None:
        """Keep the fold current, and give everybody a profile, however the account was opened."""
        self.username_key = name_key(self.username)
        if not self._state.adding:
            super().save(*args, **kwargs)
            return
        with transaction.atomic():  # neither a kill nor a backup finds the one without the other
            super().save(*args, **kwargs)
            Profile.objects.get_or_create(person=self)

    def get_absolute_url(self) -> str:
        return reverse("profile", args=[self.username])


class Profile(models.Model):
    """What a person says of themselves, and how they want the community to behave."""

    class Theme(models.TextChoices):
        SYSTEM = "system", _("As the device")
        LIGHT = "light", _("Light")
        DARK = "dark", _("Dark")

    class SeenBy(models.TextChoices):
        EVERYBODY = "everybody", _("Everybody")
        MEMBERS = "members", _("Members who are logged in")
        FOLLOWERS = "followers", _("My followers only")

    class From(models.TextChoices):
        """Whose mention or comment reaches the person."""

        EVERYBODY = "everybody", _("Everybody")
        FOLLOWERS = "followers", _("My followers")
        FOLLOWED = "followed", _("People I follow")
        NOBODY = "nobody", _("Nobody")

    class MayMessage(models.TextChoices):
        EVERYONE = "everyone", _("Everybody: strangers ask first")
        FOLLOWED = "followed", _("Only people I follow")
        NOBODY = "nobody", _("Nobody new")

    person = models.OneToOneField(User, on_delete=models.CASCADE, primary_key=True)
    display_name = models.CharField(_("name"), max_length=40, blank=True)
    bio = models.CharField(_("about you"), max_length=300, blank=True)
    # Folder of the avatar's renditions under MEDIA_ROOT; empty: initials are drawn by the page.
    avatar = models.CharField(max_length=80, blank=True, editable=False, db_index=True)
    city = models.CharField(_("city"), max_length=80, blank=True)
    # The city's coordinates blurred to about 1 km; a person's exact position is never stored.
    latitude = models.FloatField(null=True, blank=True, editable=False)
    longitude = models.FloatField(null=True, blank=True, editable=False)
    language = models.CharField(_("language"), max_length=10, blank=True)
    time_zone = models.CharField(_("time zone"), max_length=60, blank=True)
    theme = models.CharField(_("theme"), max_length=8, choices=Theme, default=Theme.SYSTEM)
    personalised = models.BooleanField(_("personal recommendations"), default=True)
    # Whether followers may be told "liked by ..." of what this person likes. Nobody is asked twice.
    likes_shown = models.BooleanField(_("show followers what I like"), default=False)
    # Who sees the profile and, at most, the public notes (accounts/privacy.py).
    seen_by = models.CharField(
        _("who may see me"), max_length=10, choices=SeenBy, default=SeenBy.EVERYBODY,
        db_default=SeenBy.EVERYBODY,
    )  # fmt: skip
    may_mention = models.CharField(
        _("who may mention me"), max_length=10, choices=From, default=From.EVERYBODY,
        db_default=From.EVERYBODY,
    )  # fmt: skip
    may_comment = models.CharField(
        _("who may comment on my notes"), max_length=10, choices=From, default=From.EVERYBODY,
        db_default=From.EVERYBODY,
    )  # fmt: skip
    # Whether notes are recommended to people who do not follow, and the person is suggested to
    # others, found by name, and listed.
    discoverable = models.BooleanField(_("let others discover me"), default=True, db_default=True)
    # Whether search engines and other sites may list profile and notes.
    indexed = models.BooleanField(_("let search engines list me"), default=True, db_default=True)
    # Teen mode is on (accounts/guardians): on the row that every page reads anyway.
    teen = models.BooleanField(default=False, db_default=False, editable=False)
    # Who may begin a conversation with this person (community/messaging/rules.py).
    may_message = models.CharField(
        _("who may write to me"),
        max_length=8,
        choices=MayMessage,
        default=MayMessage.EVERYONE,
        db_default="everyone",
    )
    # When the person chose their interests; until then the welcome page asks.
    welcomed_at = models.DateTimeField(null=True, editable=False)
    # Kept exact by the follow service: unique row first, then F().
    followers_count = models.PositiveIntegerField(default=0, editable=False)
    following_count = models.PositiveIntegerField(default=0, editable=False)
    # Last day a page was asked for: feeds are precomputed for people who come.
    active_on = models.DateField(null=True, editable=False, db_index=True)

    class Meta:
        verbose_name = _("profile")
        verbose_name_plural = _("profiles")

    def __str__(self) -> str:
        return self.name

    @property
    def name(self) -> str:
        """The name to show: the chosen one, else the username."""
        return self.display_name or self.person.username


class Tie(models.Model):
    """A directed relation between two people: at most one of its kind from one to the other."""

    created_at = models.DateTimeField()

    class Meta:
        abstract = True


class Follow(Tie):
    """The follower reads what the followed person publishes."""

    follower = models.ForeignKey(User, on_delete=models.CASCADE, related_name="follows")
    followed = models.ForeignKey(User, on_delete=models.CASCADE, related_name="followed_by")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["follower", "followed"], name="follow_once"),
            models.CheckConstraint(
                condition=~Q(follower=models.F("followed")), name="follow_others"
            ),
        ]
        indexes: ClassVar = [models.Index(fields=["followed", "follower"], name="followers_of")]

    def __str__(self) -> str:
        return f"{self.follower_id} follows {self.followed_id}"


class Block(Tie):
    """Neither of the two sees or reaches the other, anywhere."""

    blocker = models.ForeignKey(User, on_delete=models.CASCADE, related_name="blocks")
    blocked = models.ForeignKey(User, on_delete=models.CASCADE, related_name="blocked_by")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["blocker", "blocked"], name="block_once"),
            models.CheckConstraint(condition=~Q(blocker=models.F("blocked")), name="block_others"),
        ]
        indexes: ClassVar = [models.Index(fields=["blocked", "blocker"], name="blockers_of")]

    def __str__(self) -> str:
        return f"{self.blocker_id} blocks {self.blocked_id}"


class Mute(Tie):
    """The muter no longer meets the muted person in lists; the muted one is not told."""

    muter = models.ForeignKey(User, on_delete=models.CASCADE, related_name="mutes")
    muted = models.ForeignKey(User, on_delete=models.CASCADE, related_name="muted_by")

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["muter", "muted"], name="mute_once"),
            models.CheckConstraint(condition=~Q(muter=models.F("muted")), name="mute_others"),
        ]

    def __str__(self) -> str:
        return f"{self.muter_id} mutes {self.muted_id}"


class ChosenInterest(models.Model):
    """A channel that a person chose at the welcome page. Channels live a room higher: by slug."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="chosen_interests")
    channel_slug = models.SlugField(max_length=60)
    created_at = models.DateTimeField()

    class Meta:
        constraints: ClassVar = [
            models.UniqueConstraint(fields=["person", "channel_slug"], name="interest_once")
        ]

    def __str__(self) -> str:
        return f"{self.person_id}: {self.channel_slug}"


# Between blanks, as OAuth writes scopes; what every token could do before there were any.
LEGACY_SCOPES = "read write events"


class TokenName(models.Model):
    """What a person calls one of their API tokens ("laptop"), and what it opens.

    A token without this row is from the time before there were scopes.
    """

    token = models.OneToOneField(
        "knox.AuthToken", on_delete=models.CASCADE, primary_key=True, related_name="named"
    )
    name = models.CharField(max_length=40, blank=True)
    scopes = models.CharField(max_length=100, default=LEGACY_SCOPES, db_default=LEGACY_SCOPES)
    # To some minutes: noting every use would make each read a write.
    last_used_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name
