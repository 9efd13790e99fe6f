from django.db.models.sql import compiler as stock

from tenants.backends.compiler import TenantCompilerMixin


class SQLCompiler(TenantCompilerMixin, stock.SQLCompiler): ...


class SQLInsertCompiler(TenantCompilerMixin, stock.SQLInsertCompiler): ...


class SQLDeleteCompiler(TenantCompilerMixin, stock.SQLDeleteCompiler): ...


class SQLUpdateCompiler(TenantCompilerMixin, stock.SQLUpdateCompiler): ...


class SQLAggregateCompiler(TenantCompilerMixin, stock.SQLAggregateCompiler): ...
