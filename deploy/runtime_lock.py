"""Prints the part of ``requirements.lock`` that a wheel of Lyhde needs, hashes and all: the image installs that much.

The lock also holds what tests and checks need. Which package asked for which stands in its ``# via`` comments.
``python deploy/runtime_lock.py build`` prints what building the wheel needs instead.
"""

from __future__ import annotations

import re
import sys
import tomllib
from pathlib import Path

HERE = Path(__file__).parent.parent
BUILD = {"editables", "hatchling", "lxml-stubs", "mypy", "scipy-stubs", "setuptools"}  # stubs: mypyc reads types first


def entries(lock: str) -> dict[str, str]:
    """Package → its lines in the lock, of every version: one may be for Python 3.11, another for later ones."""
    found: dict[str, str] = {}
    for part in re.split(r"^(?=[a-z0-9])", lock, flags=re.MULTILINE)[1:]:
        name = part.partition("==")[0]
        found[name] = found.get(name, "") + part
    return found


def askers(entry: str) -> set[str]:
    """The packages that asked for one; the project itself is not among them."""
    comments = " ".join(re.findall(r"^ +#(.*)$", entry, flags=re.MULTILINE))
    return set(comments.split()) - {"via", "lyhde", "(pyproject.toml)"}


def roots() -> set[str]:
    """What pyproject.toml names."""
    project = tomllib.loads((HERE / "pyproject.toml").read_text("utf-8"))["project"]
    return {re.split(r"[\[<>=!~ ;]", text)[0].lower() for text in project["dependencies"]}


def closure(found: dict[str, str], names: set[str]) -> set[str]:
    """`names` and everything they ask for, directly or not."""
    reached: set[str] = set()
    fresh = set(names)
    while fresh:
        reached |= fresh
        fresh = {name for name, entry in found.items() if name not in reached and askers(entry) & reached}
    return reached


def main(purpose: str = "run") -> str:
    """The lines of the lock for ``run`` or ``build``, in the lock's order."""
    found = entries((HERE / "requirements.lock").read_text("utf-8"))
    names = closure(found, BUILD if purpose == "build" else roots())
    missing = sorted(names - set(found))
    if missing:
        raise SystemExit(f"requirements.lock lacks {', '.join(missing)}: make lock")
    return "".join(entry for name, entry in found.items() if name in names)


if __name__ == "__main__":
    sys.stdout.write(main(*sys.argv[1:]))
