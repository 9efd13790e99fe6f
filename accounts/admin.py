"""People in the dashboard: guardians and learners come from phones, only staff are added here."""

from typing import Any, override

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.core.exceptions import PermissionDenied
from django.db.models import ForeignKey
from django.forms import ModelChoiceField
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from accounts.models import Device, Guardianship, IdempotencyKey, RefreshFamily, RefreshToken, User
from tenants.admin import ReadOnlyAdmin, ReadOnlyInline, RoomAdmin, label

KIND_COLOURS = {"staff": "warning", "guardian": "info", "learner": "success"}

admin.site.unregister(Group)


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin, RoomAdmin):
    """Superusers only: whoever may change a group could give every permission to their own."""

    @override
    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    @override
    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)

    @override
    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return bool(request.user.is_superuser)


class EditorCreationForm(UserCreationForm):
    """Staff sign in with an address; `UserCreationForm` is Django's for users with a name."""

    class Meta:
        model = User
        fields = ("email", "name")

    def __init__(self, *args: Any, **kwargs: Any) -> None:  # noqa: ANN401 - a form's
        super().__init__(*args, **kwargs)
        self.fields["email"].required = True
        self.instance.kind = User.Kind.STAFF
        self.instance.is_staff = True

    def clean_email(self) -> str:
        return str(self.cleaned_data["email"]).lower()


class WardsInline(ReadOnlyInline):
    model = Guardianship
    fk_name = "guardian"
    fields = ["learner", "role"]
    verbose_name_plural = "acts for"


class GuardiansInline(ReadOnlyInline):
    model = Guardianship
    fk_name = "learner"
    fields = ["guardian", "role"]
    verbose_name_plural = "guardians"


@admin.register(User)
class UserAdmin(DjangoUserAdmin, RoomAdmin):
    form = UserChangeForm
    add_form = EditorCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ["name_or_number", "coloured_kind", "email", "country", "language", "is_active", "created_at"]
    list_filter = ["kind", "is_active", "is_superuser"]
    search_fields = ["email", "name", "pk__exact"]
    search_help_text = "Address, name or number"
    ordering = ["-created_at", "-pk"]
    filter_horizontal = ["groups"]
    readonly_fields = ["kind", "created_at", "last_login", "password_link"]
    add_fieldsets = [(None, {"fields": ["email", "name", "password1", "password2"]})]

    @admin.display(description="name", ordering="name")
    def name_or_number(self, user: User) -> str:
        return user.name or f"{user.kind} {user.pk}"

    @label(KIND_COLOURS, description="kind", ordering="kind")
    def coloured_kind(self, user: User) -> str:
        return str(user.kind)

    @admin.display(description="password")
    def password_link(self, user: User) -> SafeString:
        """Lead to the form; of the password itself nothing is shown, not even how it is hashed."""
        address = reverse("admin:auth_user_password_change", args=[user.pk])
        return format_html('<a class="text-link" href="{}">Set another password</a>', address)

    @override
    def get_fieldsets(self, request: HttpRequest, obj: User | None = None) -> Any:
        if obj is None:
            return self.add_fieldsets
        about = ["name", "kind", "language", "country", "timezone", "is_active", "created_at"]
        if obj.kind == User.Kind.LEARNER:
            return [(None, {"fields": [*about, "birth_year"]})]
        signing_in = ("Signing in", {"fields": ["email", "password_link", "last_login"]})
        may_do = ("What they may do", {"fields": ["is_superuser", "groups"]})
        return [(None, {"fields": about}), signing_in, *([may_do] if obj.kind == User.Kind.STAFF else [])]

    @override
    def get_inlines(self, request: HttpRequest, obj: User | None) -> list[Any]:
        inlines = {"learner": [GuardiansInline], "guardian": [WardsInline]}
        return inlines.get(obj.kind, []) if obj else []

    @override
    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Let only superusers change staff: anyone else could make themselves one, or take over who is one."""
        if obj is not None and obj.kind == User.Kind.STAFF and not request.user.is_superuser:
            return False
        return super().has_change_permission(request, obj)

    @override
    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:
        """Refuse one to a learner: children never sign in."""
        user = self.get_object(request, id)
        if user is not None and user.kind == User.Kind.LEARNER:
            raise PermissionDenied
        return super().user_change_password(request, id, form_url)

    @override
    def has_add_permission(self, request: HttpRequest) -> bool:
        return bool(request.user.is_superuser)

    @override
    def has_delete_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Refuse: a person is deactivated here, and erased by the service that also clears the lake."""
        return False


@admin.register(Guardianship)
class GuardianshipAdmin(RoomAdmin):
    list_display = ["guardian", "learner", "role", "created_at"]
    list_filter = ["role"]
    list_select_related = ["guardian", "learner"]
    search_fields = ["guardian__email", "guardian__name", "learner__name"]
    autocomplete_fields = ["guardian", "learner"]
    ordering = ["-pk"]

    @override
    def formfield_for_foreignkey(
        self, db_field: ForeignKey[Any], request: HttpRequest, **kwargs: Any
    ) -> ModelChoiceField | None:
        """Refuse a learner as guardian and the other way round; both ends are named after their kind."""
        kwargs["queryset"] = User.objects.filter(kind=db_field.name)
        field: ModelChoiceField | None = super().formfield_for_foreignkey(db_field, request, **kwargs)
        return field


@admin.register(IdempotencyKey)
class IdempotencyKeyAdmin(ReadOnlyAdmin):
    """Calls that were sent twice or may be; what they were answered stays between the client and the endpoint."""

    fields = ["user", "route", "key", "status", "created_at"]
    list_display = ["__str__", "user", "status", "created_at"]
    list_select_related = ["user"]
    search_fields = ["key__startswith", "user__email"]
    ordering = ["-pk"]


@admin.register(Device)
class DeviceAdmin(ReadOnlyAdmin):
    list_display = ["install_id", "platform", "guardian", "app_version", "country", "timezone", "created_at"]
    list_filter = ["platform"]
    list_select_related = ["guardian"]
    search_fields = ["install_id__startswith", "guardian__email"]
    ordering = ["-pk"]


@admin.register(RefreshFamily)
class RefreshFamilyAdmin(ReadOnlyAdmin):
    list_display = ["__str__", "user", "device", "created_at", "revoked_at"]
    list_filter = [("revoked_at", admin.EmptyFieldListFilter)]
    list_select_related = ["user", "device"]
    search_fields = ["user__email", "device__install_id"]
    ordering = ["-pk"]


@admin.register(RefreshToken)
class RefreshTokenAdmin(ReadOnlyAdmin):
    """Links of a chain, without what they are compared with."""

    fields = ["family", "parent", "expires_at", "used_at"]
    list_display = ["__str__", "family", "parent", "expires_at", "used_at"]
    list_filter = [("used_at", admin.EmptyFieldListFilter)]
    list_select_related = ["family", "parent"]
    ordering = ["-pk"]

    @override
    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest | None = None) -> bool:
        """Refuse `?token_hash__startswith=…`, which would tell the hash letter by letter."""
        return not lookup.startswith("token_hash") and super().lookup_allowed(lookup, value, request)
