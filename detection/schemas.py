"""JSON Schemas of the files that people write for detection, for their editors: made from the models themselves.

`python -m detection.schemas` writes them to `seeds/schemas/`; a test fails where those are not what this makes.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from detection.actors import ActorFile
from detection.coder import class_names
from detection.rulefile import RuleFile
from detection.watches import WatchFile
from detection.watchlist import WatchlistFile
from detente.desk import SEEDS

FOLDER = SEEDS / "schemas"
_FILES: dict[str, tuple[type[BaseModel], str]] = {
    "rules": (RuleFile, "Détente: rules"),
    "actors": (ActorFile, "Détente: actors"),
    "watchlist": (WatchlistFile, "Détente: what matters to this desk"),
    "watches": (WatchFile, "Détente: keyword watches"),
}


def schemas() -> dict[str, str]:
    """Return each schema as text, by the name of its file."""
    return {f"{name}.schema.json": _schema(model, title) for name, (model, title) in _FILES.items()}


def write(folder: Path = FOLDER) -> None:
    """Write the schemas to a folder."""
    for name, text in schemas().items():
        (folder / name).write_text(text, encoding="utf-8")


def _schema(model: type[BaseModel], title: str) -> str:
    made: dict[str, Any] = model.model_json_schema(by_alias=True)
    made = {"$schema": "https://json-schema.org/draft/2020-12/schema", **made, "title": title}
    rule = made.get("$defs", {}).get("RuleText")
    if rule is not None:  # the classes are data, which the model does not know
        described = rule["properties"]["class"]["description"]
        rule["properties"]["class"] = {"enum": list(class_names()), "title": "Class", "description": described}
    return json.dumps(made, indent=2, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    write()
