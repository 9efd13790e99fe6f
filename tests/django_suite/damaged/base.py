"""Our SQLite engine without our compiler: what the comparison must find."""

from tenants.backends.sqlite3 import base


class DatabaseOperations(base.DatabaseOperations):
    compiler_module = "django.db.models.sql.compiler"


class DatabaseWrapper(base.DatabaseWrapper):
    ops_class = DatabaseOperations
