"""Compiles the modules that ``[tool.lyhde.compiled]`` of pyproject.toml names, with mypyc, beside their sources.

``python deploy/compiled.py build`` and ``remove`` work on the folder they are called in (``make compiled``, ``make
pure``). The wheel holds the compiled modules where it is built with ``HATCH_BUILD_HOOK_ENABLE_CUSTOM=true``. Python
imports a compiled module before its source; without one the source is what runs, and it gives the same (ADR 14).
"""

from __future__ import annotations

import shutil
import sys
import sysconfig
import tempfile
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

GROUP = "lyhde"  # the library the modules share is lyhde__mypyc
SUFFIX = sysconfig.get_config_var("EXT_SUFFIX")
OPTIMISATION = "1"
NO_COMPILER = "no C compiler ({}): nothing is compiled, Lyhde runs from its sources as before"


def main(word: str) -> None:
    if word not in ("build", "remove"):
        raise SystemExit("say build or remove")
    folder = Path.cwd()
    remove(folder)
    if word == "build":
        if not has_compiler():
            raise SystemExit(NO_COMPILER.format(sysconfig.get_config_var("CC")))
        build(folder)
        print(f"{len(modules(folder))} modules compiled; `make pure` removes them")  # noqa: T201 - a program's answer


def modules(folder: Path) -> list[str]:
    """The files to compile, relative to the project's folder, sorted. An `__init__` stays Python."""
    named = tomllib.loads((folder / "pyproject.toml").read_text("utf-8"))["tool"]["lyhde"]["compiled"]
    found = {path.relative_to(folder).as_posix() for pattern in named["modules"] for path in folder.glob(pattern)}
    return sorted(name for name in found - set(named["except"]) if not name.endswith("__init__.py"))


def products(folder: Path) -> Iterator[Path]:
    """The files of an earlier `build`, whatever version of Python it was for."""
    rooms = {name.partition("/")[0] for name in modules(folder)}
    for suffix in (".so", ".pyd"):
        yield from folder.glob(f"{GROUP}__mypyc*{suffix}")
        for room in rooms:
            yield from (folder / room).rglob(f"*{suffix}")


def remove(folder: Path) -> None:
    for path in list(products(folder)):
        path.unlink()


def has_compiler() -> bool:
    """Whether the compiler that made this Python, or the one in CC, is there."""
    import os

    command = (os.environ.get("CC") or sysconfig.get_config_var("CC") or "cc").split()
    return shutil.which(command[0]) is not None


def build(folder: Path) -> None:
    """Compile in place; `folder` must be the working directory. Raises SystemExit where mypyc finds a fault."""
    from mypyc.build import mypycify
    from setuptools import Distribution

    with tempfile.TemporaryDirectory() as made:
        options = ["--config-file", str(folder / "pyproject.toml"), "--cache-dir", made]
        extensions = mypycify(
            [*options, *modules(folder)],
            opt_level=OPTIMISATION,
            debug_level="0",
            group_name=GROUP,
            target_dir=made,
        )
        command: Any = Distribution({"name": "lyhde", "ext_modules": extensions, "packages": []}).get_command_obj(
            "build_ext"
        )
        command.inplace, command.build_lib, command.build_temp = True, made, made
        command.ensure_finalized()
        command.run()


class CompiledModules(BuildHookInterface):  # type: ignore[type-arg] # the interface's own configuration is untyped
    """Puts the compiled modules into the wheel, which is then one for this system and this Python."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        folder = Path(self.root)
        remove(folder)
        build(folder)
        build_data["pure_python"] = False
        build_data["infer_tag"] = True
        found = {str(path): path.relative_to(folder).as_posix() for path in products(folder)}
        build_data["force_include"].update(found)


if __name__ == "__main__":
    main(*sys.argv[1:])
