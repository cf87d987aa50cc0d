"""Sources: a folder of TOML files, one feed with one owner each. The file's stem is the default id."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError

from catalogue.errors import ConfigurationError, NotFound
from catalogue.sentence import Sentence
from ops.faults import describe_faults
from ops.settings import Section
from ops.transports import Transport, beside

SourceFormat = Literal["auto", "onix", "marc", "opds"]
Role = Literal["catalogue", "evidence"]
Identity = Literal["own", "file+own"]


class Limits(Section):
    """Guards of one source; shares are of the last promoted run."""

    max_quarantine: float = Field(default=0.02, ge=0, le=1, description="share of received records quarantined")
    max_shrink: float = Field(default=0.2, ge=0, le=1, description="how much smaller a full feed may be")
    max_deleted: float = Field(default=0.1, ge=0, le=1, description="share of live records removed")
    max_volume_change: float = Field(default=0.4, ge=0, description="distance of a full feed from the median volume")
    max_coverage_drop: float = Field(
        default=0.3, ge=0, le=1, description="how much rarer a field (language, title …) may become among the records"
    )
    min_records: int = Field(default=20, ge=0, description="below it the guards of shares do not judge")
    max_bytes: int = Field(default=4_000_000_000, gt=0, description="largest payload, unpacked")


class SourceSettings(Section):
    """One feed: who sends it, how it comes, and what may go wrong before a person is asked."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", description="name of the source; default: the file's stem")
    name: str | None = Field(default=None, description="how reports call it")
    format: SourceFormat = Field(default="auto", description="what is sent; auto looks at the content")
    role: Role = Field(default="catalogue", description="catalogue: its records can publish; evidence: they inform")
    feed: Literal["full", "delta"] = Field(default="full", description="in a full feed absence removes")
    identity: Identity = Field(default="own", description="file+own: a collection of unrelated files")
    members: str = Field(default="*", description="which files of an archive are the feed; the others are passed over")
    enabled: bool = Field(default=True, description="harvested when no source is named")
    transport: Transport
    limits: Limits = Limits()

    @property
    def label(self) -> str:
        return self.name or self.id


def load_sources(folder: Path) -> dict[str, SourceSettings]:
    """All sources of a folder by id, in order of their ids. A missing folder is no source.

    Raises ConfigurationError with every fault of every file, duplicate ids included.
    """
    faults: list[str] = []
    found: dict[str, SourceSettings] = {}
    for file in sorted(folder.glob("*.toml")):
        try:
            source = read_source(file)
        except ConfigurationError as error:
            faults += error.faults
            continue
        if source.id in found:
            faults.append(Sentence("{file}: the id {id} is used by another file too", file=file, id=source.id))
        found[source.id] = source
    if faults:
        raise ConfigurationError(faults)
    return dict(sorted(found.items()))


def read_source(file: Path) -> SourceSettings:
    """One source file; its relative paths are resolved against its folder. Raises ConfigurationError."""
    try:
        data = {"id": file.stem, **tomllib.loads(file.read_text("utf-8"))}
        source = SourceSettings.model_validate(data)
    except ValidationError as error:
        raise ConfigurationError(describe_faults(error, str(file))) from error
    except (OSError, ValueError) as error:
        raise ConfigurationError([Sentence("{file}: {why}", file=file, why=error)]) from error
    return source.model_copy(update={"transport": beside(source.transport, file.parent)})


def choose_sources(sources: dict[str, SourceSettings], ids: list[str]) -> list[SourceSettings]:
    """The enabled sources, or just those named. Raises NotFound for a name that is none."""
    if not ids:
        return [source for source in sources.values() if source.enabled]
    for name in ids:
        if name not in sources:
            known = Sentence("there are {known}", known=list(sources)) if sources else Sentence("there is none")
            raise NotFound("source", name, known)
    return [sources[name] for name in ids]
