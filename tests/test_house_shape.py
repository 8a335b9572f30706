"""The shape of the house: who may import whom, and that help stays quick."""

import ast
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("extractors", "detection", "alerts", "storage")
SHARED = {
    "clock",
    "desk",
    "errors",
    "heap",
    "jsonlines",
    "leaving",
    "locks",
    "models",
    "present",
    "settings",
    "yamlfile",
}
OWNERS = {
    "prefect": ("flows/",),
    "duckdb": ("storage/",),
    "httpx": ("extractors/",),
    "trafilatura": ("extractors/",),
    "resiliparse": ("extractors/",),
    "apprise": ("alerts/channels/",),
}


def modules() -> Iterator[tuple[str, list[str]]]:
    for folder in (*ROOMS, "flows", "detente"):
        for path in sorted((ROOT / folder).rglob("*.py")):
            tree = ast.parse(path.read_text(encoding="utf-8"))
            names: list[str] = []
            for node in ast.walk(tree):
                if isinstance(node, ast.Import):
                    names += [alias.name for alias in node.names]
                elif isinstance(node, ast.ImportFrom):
                    assert not node.level, f"{path} imports relatively"
                    names.append(node.module or "")
                    names += [f"{node.module}.{alias.name}" for alias in node.names]
            yield path.relative_to(ROOT).as_posix(), names


MODULES = dict(modules())


@pytest.mark.parametrize("path", MODULES)
def test_imports_run_one_way(path: str) -> None:
    room = path.split("/", maxsplit=1)[0]
    for name in MODULES[path]:
        first, _, rest = name.partition(".")
        if room in ROOMS:
            assert first not in set(ROOMS) - {room} | {"flows"}, f"{path} imports {name}"
        if first == "detente" and room != "detente" and rest:
            shared = rest.split(".")[0]
            assert shared in SHARED or rest == "__version__", f"{path} imports {name}, which is no shared word"
        if path.startswith("detente/") and not path.startswith(("detente/cli/", "detente/demo/", "detente/__main__")):
            assert first not in {*ROOMS, "flows"}, f"{path} imports {name}: shared words know no room"
        if room == "flows":
            assert not name.startswith(("detente.cli", "detente.demo")), f"{path} imports {name}"


@pytest.mark.parametrize("path", MODULES)
def test_each_heavy_package_has_one_room(path: str) -> None:
    for name in MODULES[path]:
        owners = OWNERS.get(name.split(".")[0])
        assert owners is None or path.startswith(owners), f"{path} imports {name}, which belongs to {owners}"


def test_no_module_of_the_flows_hides_a_package() -> None:
    # Prefect puts the folder of an entrypoint first on the path
    used = {name.split(".")[0] for names in MODULES.values() for name in names}
    hidden = {path.stem for path in (ROOT / "flows").glob("*.py")} & (used | set(sys.stdlib_module_names))
    assert not hidden


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys, json, detente.cli.app as a\n"
        "try: a.app(['--help'])\n"
        "except SystemExit: pass\n"
        "print('\\n' + json.dumps(sorted(sys.modules)))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=ROOT).stdout
    loaded = set(json.loads(out.splitlines()[-1]))
    heavy = {"prefect", "duckdb", "httpx", "trafilatura", "apprise", "pydantic", "yaml", "lxml", "jinja2", "asyncio"}
    assert not heavy & loaded
