"""``python -m index.server.lock``: `jars.lock` anew, from the roots of `index.server.layout` and what they need."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory

from index.server.jars import TIMEOUT_S, Jar, file_hash
from index.server.layout import LOCK_FILE, ROOTS

HEADER = "# Made by `python -m index.server.lock`. Coordinates and hashes only; the repository is the resolver's.\n"


def main() -> None:
    """Resolve everything into a fresh folder, hash it, and write the lock file."""
    with TemporaryDirectory() as folder:
        jars = list(_resolved(Path(folder)))
    LOCK_FILE.write_text(HEADER + "".join(map(_row, jars)), "utf-8")
    sys.stderr.write(f"{LOCK_FILE}: {len(jars)} jars\n")


def _resolved(repository: Path) -> Iterator[Jar]:
    seen: set[str] = set()
    for root, place in ROOTS:
        for coordinate, path in sorted(_with_needs(root, repository).items()):
            if coordinate not in seen:
                seen.add(coordinate)
                yield Jar(coordinate, place, file_hash(path))


def _with_needs(root: str, repository: Path) -> dict[str, Path]:
    from jgo.maven import MavenContext, Model

    context = MavenContext(repo_cache=repository, timeout=TIMEOUT_S)
    group, artifact, version = root.split(":")
    component = context.project(group, artifact).at_version(version)
    found = {root: Path(component.artifact().resolve())}
    for need in Model(component.pom(), context).dependencies()[0]:
        if need.scope in ("compile", "runtime", None) and not need.optional:
            coordinate = f"{need.groupId}:{need.artifactId}:{need.version}"
            found[coordinate] = Path(need.artifact.resolve())
    return found


def _row(jar: Jar) -> str:
    return f'\n[[jar]]\ncoordinate = "{jar.coordinate}"\nplace = "{jar.place}"\nsha256 = "{jar.sha256}"\n'


if __name__ == "__main__":
    main()
