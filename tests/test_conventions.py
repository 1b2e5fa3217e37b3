"""The house style that no linter knows: short files, a pure law, no registry named."""

import ast
import sys
from pathlib import Path

import pytest

APP = Path(__file__).parent.parent / "app"
MODULES = sorted(APP.rglob("*.py"))
LAW = sorted((APP / "policy").rglob("*.py"))
LONGEST = 220
ROUTE_STATEMENTS = 4


def _name(path: Path) -> str:
    return str(path.relative_to(APP.parent))


@pytest.mark.parametrize("path", MODULES, ids=_name)
def test_a_module_is_short_and_opens_with_the_question_it_answers(path: Path) -> None:
    text = path.read_text("utf-8")
    assert len(text.splitlines()) <= LONGEST
    assert ast.get_docstring(ast.parse(text)), "no docstring"


@pytest.mark.parametrize("path", LAW, ids=_name)
def test_the_law_imports_the_standard_library_only(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            names = [node.module or ""]
        for name in names:
            assert name.startswith("app.policy") or name.split(".")[0] in sys.stdlib_module_names


@pytest.mark.parametrize("path", LAW, ids=_name)
def test_the_law_knows_no_float_and_no_clock(path: Path) -> None:
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float))
        assert not (isinstance(node, ast.Name) and node.id == "float")
        assert not (isinstance(node, ast.Attribute) and node.attr in {"today", "now", "utcnow"})


@pytest.mark.parametrize("path", sorted((APP / "api" / "v1").glob("*.py")), ids=_name)
def test_a_route_has_few_statements(path: Path) -> None:
    """Who may call, what comes in, what goes out; the rest is the services' work."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.AsyncFunctionDef):
            statements = len(node.body) - 1  # the docstring is the API text
            assert statements <= ROUTE_STATEMENTS, f"{node.name} has {statements}"


def test_no_registry_host_is_committed() -> None:
    hosts = [".".join(parts) for parts in (("pypi", "org"), ("registry", "npmjs", "org"))]
    committed = [*APP.parent.glob("requirements/*"), APP.parent / "pyproject.toml"]
    for path in [*committed, APP.parent / "Makefile", APP.parent / "Dockerfile"]:
        assert not [host for host in hosts if host in path.read_text("utf-8")], path
