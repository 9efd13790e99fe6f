"""Cache keys that carry the app."""

from tenants import current


def app_key(key: str, key_prefix: str, version: int) -> str:
    """Django's KEY_FUNCTION: the same key in another app is another entry."""
    return f"{current.get().name}:{key_prefix}:{version}:{key}"
