from django.db.backends.sqlite3 import base, introspection, operations, schema

from tenants.backends.introspection import TenantIntrospectionMixin
from tenants.backends.operations import TenantOperationsMixin
from tenants.backends.schema import TenantSchemaEditorMixin
from tenants.backends.wrapper import TenantWrapperMixin


class DatabaseOperations(TenantOperationsMixin, operations.DatabaseOperations):
    compiler_module = "tenants.backends.sqlite3.compiler"


class DatabaseIntrospection(TenantIntrospectionMixin, introspection.DatabaseIntrospection): ...


class DatabaseSchemaEditor(TenantSchemaEditorMixin, schema.DatabaseSchemaEditor): ...


class DatabaseWrapper(TenantWrapperMixin, base.DatabaseWrapper):
    SchemaEditorClass = DatabaseSchemaEditor
    introspection_class = DatabaseIntrospection
    ops_class = DatabaseOperations
