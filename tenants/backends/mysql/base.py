from django.db.backends.mysql import base, introspection, operations, schema

from tenants.backends.introspection import TenantIntrospectionMixin
from tenants.backends.operations import TenantOperationsMixin
from tenants.backends.schema import TenantSchemaEditorMixin
from tenants.backends.wrapper import TenantWrapperMixin


class DatabaseOperations(TenantOperationsMixin, operations.DatabaseOperations):
    compiler_module = "tenants.backends.mysql.compiler"


class DatabaseIntrospection(TenantIntrospectionMixin, introspection.DatabaseIntrospection): ...


class DatabaseSchemaEditor(TenantSchemaEditorMixin, schema.DatabaseSchemaEditor):
    # Compared byte by byte whatever the database's default: MySQL's own collations take كتب for كَتَبَ.
    sql_create_table = "CREATE TABLE %(table)s (%(definition)s) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin"


class DatabaseWrapper(TenantWrapperMixin, base.DatabaseWrapper):
    SchemaEditorClass = DatabaseSchemaEditor
    introspection_class = DatabaseIntrospection
    ops_class = DatabaseOperations
