"""People of one app: guardians sign in, learners learn, staff work in /boss."""

from typing import Any, ClassVar

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.db import models


class UserManager(BaseUserManager["User"]):
    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":  # noqa: ANN401 - Django's
        """Make an editor of the current app who may do everything; `manage.py createsuperuser` calls it."""
        user = self.model(email=email, kind=User.Kind.STAFF, is_staff=True, is_superuser=True, **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user


class User(AbstractBaseUser, PermissionsMixin):
    """A person. Learners have no e-mail address and never sign in: their guardians act for them."""

    class Kind(models.TextChoices):
        GUARDIAN = "guardian"
        LEARNER = "learner"
        STAFF = "staff"

    kind = models.CharField(max_length=16, choices=Kind)
    #: Stored in lower case, as the column compares byte by byte.
    email = models.EmailField(unique=True, null=True, blank=True)
    name = models.CharField(max_length=80, blank=True)
    birth_year = models.PositiveSmallIntegerField(null=True, blank=True)
    language = models.CharField(max_length=8, blank=True)
    timezone = models.CharField(max_length=64, default="UTC", help_text="IANA name, such as Asia/Riyadh")
    #: Of the time zone when it was last heard of, so that hot endpoints need no time zone data.
    utc_offset_min = models.SmallIntegerField(default=0)
    country = models.CharField(max_length=2, blank=True, help_text="ISO 3166-1 alpha-2")
    is_active = models.BooleanField(default=True)
    is_staff = models.BooleanField(default=False)
    created_at = models.DateTimeField(auto_now_add=True)

    objects: ClassVar[UserManager] = UserManager()

    USERNAME_FIELD = "email"

    class Meta:
        db_table = "users"
        indexes = [models.Index(fields=["kind", "created_at"], name="users_kind_created")]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(kind="staff", is_staff=True) | (~models.Q(kind="staff") & models.Q(is_staff=False)),
                name="users_only_staff_enter_boss",
            )
        ]

    def save(self, *args: Any, **options: Any) -> None:  # noqa: ANN401 - Django's
        # Whoever signs in is looked up in lower case.
        self.email = self.email.lower() if self.email else None
        super().save(*args, **options)

    def __str__(self) -> str:
        return self.name or self.email or f"{self.kind} {self.pk}"


class Guardianship(models.Model):
    """Who may act for a child: two parents, a teacher; a school child may have no parent here."""

    class Role(models.TextChoices):
        PARENT = "parent"
        TEACHER = "teacher"

    guardian = models.ForeignKey(User, models.CASCADE, related_name="wards")
    learner = models.ForeignKey(User, models.CASCADE, related_name="guardianships")
    role = models.CharField(max_length=16, choices=Role, default=Role.PARENT)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "guardianships"
        constraints = [
            models.UniqueConstraint(fields=["guardian", "learner"], name="guardianships_once"),
            models.CheckConstraint(condition=~models.Q(guardian=models.F("learner")), name="guardianships_not_own"),
        ]

    def __str__(self) -> str:
        return f"{self.guardian_id} for {self.learner_id}"


class Device(models.Model):
    """An installation of the app. Its `install_id` is a label, never a proof of who holds it."""

    class Platform(models.TextChoices):
        ANDROID = "android"
        IOS = "ios"
        WEB = "web"

    guardian = models.ForeignKey(User, models.CASCADE, related_name="devices")
    install_id = models.CharField(max_length=64, db_index=True)
    platform = models.CharField(max_length=16, choices=Platform)
    locale = models.CharField(max_length=16, blank=True)
    timezone = models.CharField(max_length=64, default="UTC")
    country = models.CharField(max_length=2, blank=True)
    app_version = models.CharField(max_length=20, blank=True)
    created_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        db_table = "devices"

    def __str__(self) -> str:
        return f"{self.platform} {self.install_id}"


class RefreshFamily(models.Model):
    """All refresh tokens that descend from one sign-in; revoking the family ends that sign-in."""

    user = models.ForeignKey(User, models.CASCADE, related_name="refresh_families")
    device = models.ForeignKey(Device, models.CASCADE, null=True, related_name="refresh_families")
    created_at = models.DateTimeField(auto_now_add=True)
    revoked_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "refresh_families"

    def __str__(self) -> str:
        return f"sign-in {self.pk}"


class RefreshToken(models.Model):
    """One link of a family, known by the SHA-256 of what the client holds."""

    family = models.ForeignKey(RefreshFamily, models.CASCADE, related_name="tokens")
    parent = models.ForeignKey("self", models.CASCADE, null=True, related_name="successors")
    token_hash = models.CharField(max_length=64, unique=True)
    expires_at = models.DateTimeField()
    used_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        db_table = "refresh_tokens"

    def __str__(self) -> str:
        return f"token {self.pk} of sign-in {self.family_id}"


class IdempotencyKey(models.Model):
    """A heavy POST that a client may send again: what it was answered, for a day."""

    user = models.ForeignKey(User, models.CASCADE, related_name="idempotency_keys", db_index=False)
    route = models.CharField(max_length=100)
    key = models.CharField(max_length=100)
    body_hash = models.CharField(max_length=64, help_text="SHA-256; the same key with another body is a mistake")
    #: Null while the first call is under way.
    status = models.PositiveSmallIntegerField(null=True)
    answer = models.TextField(blank=True)
    created_at = models.DateTimeField()

    class Meta:
        db_table = "idempotency_keys"
        constraints = [models.UniqueConstraint(fields=["user", "route", "key"], name="idempotency_keys_once")]

    def __str__(self) -> str:
        return f"{self.route} {self.key}"
