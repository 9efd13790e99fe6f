"""People who work in /boss."""

from accounts.models import User


def ensure_editor(*, email: str, password: str) -> User:
    """Return the current app's editor of this address, made with this password if there was none."""
    editor = User.objects.filter(email=email.lower()).first()
    return editor or User.objects.create_superuser(email, password, name="Editor", language="en")
