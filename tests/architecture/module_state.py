"""Looks through source for what outlives a call: memories, containers that functions change, rows made at import.

By syntax alone: a value that goes through a parameter or a loop is lost sight of. Mutable defaults are ruff's to find.
"""

import ast
import builtins
from collections.abc import Iterable, Iterator, Mapping

REMEMBERING = {
    "functools.cache",
    "functools.cached_property",
    "functools.lru_cache",
    "django.utils.functional.cached_property",
}
CONTEXTS = {"contextvars.ContextVar", "threading.local", "asgiref.local.Local"}
#: Calls that give a module or a class.
FINDERS = {"builtins.type", "importlib.import_module", "sys.modules.get"}
#: Calls that have an answer for one app only.
ASKING = {"django.db.connection.cursor", "tenants.current.find", "tenants.current.get"}
SETTERS = {"builtins.delattr", "builtins.setattr"}
MANAGERS = {"objects", "_default_manager", "_base_manager"}
CHANGES = {
    *("add", "append", "appendleft", "clear", "discard", "extend", "extendleft", "insert", "pop", "popitem", "popleft"),
    *("remove", "setdefault", "update"),
}
#: Endings of classes of which a framework keeps one object for all requests.
LASTING = ("Admin", "Backend", "Config", "Filter", "Middleware", "Router", "Site", "Storage", "Validator", "Widget")

type Function = ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda


class Scanner(ast.NodeVisitor):
    """Collects in `found` what one module keeps, or changes for longer than a call."""

    def __init__(self, module: str, lasting: Iterable[str] = (), models: Iterable[str] = ()) -> None:
        self.found: set[str] = set()
        self.made_at_import: set[str] = set()
        self.models: set[str] = set()
        self._lasting, self._known_models = set(lasting), set(models)
        self._place = [module]
        self._imported: dict[str, str] = {}
        #: For each function around what is being looked at, the names of its own; for each class, those of its body.
        self._functions: list[set[str]] = []
        self._classes: list[set[str]] = []

    def _note(self, words: str) -> None:
        self.found.add(f"{'.'.join(self._place)} {words}")

    def _full_name(self, node: ast.AST) -> str:
        """Return the dotted name of an expression, by where its first part comes from."""
        match node:
            case ast.Name(name):
                own = f"builtins.{name}" if hasattr(builtins, name) else f"{self._place[0]}.{name}"
                return self._imported.get(name, own)
            case ast.Attribute(value, name):
                return f"{self._full_name(value)}.{name}"
            case ast.Call(called):
                return self._full_name(called)
        return ""

    def _outlives(self, node: ast.AST) -> bool:
        """Tell whether an expression is something of a module or a class, and not of the function's own."""
        match node:
            case ast.Name(name) if self._functions:
                # What belongs to a function around this one is kept by this one, for as long as that is kept.
                return not hasattr(builtins, name) and name not in self._functions[-1]
            case ast.Name(name):
                return name in self._imported
            case ast.Attribute(ast.Name("self"), name) if name in {"__class__"}.union(*self._classes[-1:]):
                return True
            case ast.Attribute(value, name):
                return name not in MANAGERS and self._outlives(value)
            case ast.Subscript(value):
                return self._outlives(value) or self._full_name(value) == "sys.modules"
            case ast.Call():
                return self._full_name(node) in FINDERS
        return False

    def visit_Import(self, node: ast.Import) -> None:
        for alias in node.names:
            first = alias.name.partition(".")[0]
            self._imported[alias.asname or first] = alias.name if alias.asname else first

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        self._imported |= {alias.asname or alias.name: f"{node.module}.{alias.name}" for alias in node.names}

    def visit_ClassDef(self, node: ast.ClassDef) -> None:
        for outside in (*node.decorator_list, *node.bases, *node.keywords):
            self.visit(outside)
        if any(self._full_name(base).endswith(("Model", "AbstractBaseUser")) for base in node.bases):
            self.models.add(f"{self._place[0]}.{node.name}")
        self._place.append(node.name)
        self._classes.append(set(_list_class_attributes(node)))
        for statement in node.body:
            self.visit(statement)
        self._classes.pop()
        self._place.pop()

    def visit_FunctionDef(self, node: ast.FunctionDef | ast.AsyncFunctionDef) -> None:
        for decorator in node.decorator_list:
            if self._full_name(decorator) in REMEMBERING:
                self._note(f"remembers {node.name}()")
            else:
                self.visit(decorator)
        self._place.append(node.name)
        self.visit_Lambda(node)
        self._place.pop()

    visit_AsyncFunctionDef = visit_FunctionDef  # noqa: N815 - the name is ast's

    def visit_Lambda(self, node: Function) -> None:
        for default in (*node.args.defaults, *filter(None, node.args.kw_defaults)):
            self.visit(default)
        self._functions.append(own := set(_list_names(node)) - {"cls"})
        if self._keeps_its_object(getattr(node, "name", "")):
            own.discard("self")
        for name, value in (pair for each in ast.walk(node) for pair in _list_values(each)):
            if self._outlives(value):
                own.discard(name)
        for statement in node.body if isinstance(node.body, list) else [node.body]:
            self.visit(statement)
        self._functions.pop()

    def _keeps_its_object(self, method: str) -> bool:
        """Tell whether this is a method of a class whose objects live on, and not the one that makes them."""
        name = self._place[-2] if self._classes else ""
        is_lasting = name.endswith(LASTING) or f"{self._place[0]}.{name}" in self._lasting
        return bool(name) and is_lasting and method not in {"__init__", "__new__"}

    def visit_Global(self, node: ast.Global | ast.Nonlocal) -> None:
        self._note(f"rebinds {', '.join(node.names)}")

    visit_Nonlocal = visit_Global  # noqa: N815 - the name is ast's

    def visit_Attribute(self, node: ast.Attribute) -> None:
        if isinstance(node.ctx, ast.Load):
            if node.attr in MANAGERS and not self._functions:
                self._note(f"queries {ast.unparse(node)} at import")
        elif self._outlives(node.value):
            self._note(f"sets {ast.unparse(node)}")
        self.generic_visit(node)

    def visit_Subscript(self, node: ast.Subscript) -> None:
        if not isinstance(node.ctx, ast.Load) and self._outlives(node.value):
            self._note(f"changes {ast.unparse(node.value)}")
        self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> None:
        name = self._full_name(node.func)
        if name in REMEMBERING:
            self._note(f"remembers {ast.unparse(node)}")
        if isinstance(node.func, ast.Attribute) and node.func.attr in CHANGES and self._outlives(node.func.value):
            self._note(f"changes {ast.unparse(node.func.value)}")
        if name in SETTERS and self._outlives(node.args[0]):
            self._note(f"sets {ast.unparse(node)}")
        if not self._functions:
            self.made_at_import.add(name)
            if name in CONTEXTS | ASKING | self._known_models:
                self._note(f"keeps {ast.unparse(node)}")
        self.generic_visit(node)


def _list_class_attributes(node: ast.ClassDef) -> set[str]:
    """Return what a class gives a value that its objects do not hide behind one of their own."""
    values = [(name, value) for each in node.body for name, value in _list_values(each)]
    stored = {
        each.attr for each in ast.walk(node) if isinstance(each, ast.Attribute) and isinstance(each.ctx, ast.Store)
    }
    return {name for name, value in values if not ast.unparse(value).startswith("field(")} - stored


def _list_names(function: Function) -> Iterator[str]:
    """Yield the names that a function binds by itself."""
    for node in ast.walk(function):
        match node:
            case ast.Name(name, ast.Store()) | ast.arg(name) | ast.ExceptHandler(name=str(name)):
                yield name
            case ast.FunctionDef(name) | ast.AsyncFunctionDef(name) | ast.ClassDef(name):
                yield name
            case ast.MatchAs(name=str(name)) | ast.MatchStar(name=str(name)):
                yield name


def _list_values(node: ast.AST) -> Iterator[tuple[str, ast.expr]]:
    """Yield each plain name that a statement gives a value, with the value; `a, b = x, y` are two."""
    match node:
        case ast.Assign([ast.Tuple(targets)], ast.Tuple(values)):
            pairs = zip(targets, values, strict=False)
            yield from ((target.id, value) for target, value in pairs if isinstance(target, ast.Name))
        case ast.Assign(targets, value):
            yield from ((target.id, value) for target in targets if isinstance(target, ast.Name))
        case ast.NamedExpr(ast.Name(name), value) | ast.AnnAssign(ast.Name(name), _, ast.expr() as value):
            yield name, value


def scan(sources: Mapping[str, str]) -> set[str]:
    """Return what some modules keep, given as source by name."""
    trees = {name: ast.parse(source) for name, source in sources.items()}
    lasting, models = set[str](), set[str]()
    for _ in range(2):  # one module may make an object of another's class
        scanners = [Scanner(name, lasting, models) for name in trees]
        for scanner, tree in zip(scanners, trees.values(), strict=True):
            scanner.visit(tree)
        lasting = set[str]().union(*(scanner.made_at_import for scanner in scanners))
        models = set[str]().union(*(scanner.models for scanner in scanners))
    return set().union(*(scanner.found for scanner in scanners))
