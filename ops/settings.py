"""Settings: defaults < ``lyhde.toml`` < ``LYHDE__SECTION__KEY`` in the environment < a command-line flag."""

from __future__ import annotations

import os
import tomllib
from pathlib import Path
from typing import Any, Literal
from urllib.parse import parse_qs, urlsplit

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from catalogue.errors import ConfigurationError
from catalogue.record import Medium
from catalogue.ruletables import DEFAULT
from catalogue.sentence import Sentence
from ops.faults import describe_faults

CONFIG_NAME = "lyhde.toml"


class Section(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class StoreSettings(Section):
    """Where the truth is kept."""

    url: str | None = Field(
        default=None,
        description="postgresql://user@host/name, without the password; unset: SQLite in the data directory",
    )
    password: SecretStr | None = Field(default=None, description="the database user's password")
    password_file: Path | None = Field(default=None, description="file that holds the password")


class ElasticsearchSettings(Section):
    """Where the search index is. Without `url` a private server is started on loopback."""

    url: str | None = Field(default=None, description="a cluster of your own; unset: the embedded server")
    api_key: SecretStr | None = Field(default=None, description="API key of the writer")
    api_key_file: Path | None = Field(default=None, description="file that holds the API key")
    reader_api_key: SecretStr | None = Field(
        default=None, description="API key of what only reads (the API); unset: the writer's"
    )
    reader_api_key_file: Path | None = Field(default=None, description="file that holds the reader's API key")
    ca_certs: Path | None = Field(default=None, description="certificate authority of the cluster")
    index_prefix: str = Field(default="works", pattern=r"[a-z][a-z0-9-]*", description="names of indices and aliases")
    heap_mb: int = Field(default=512, ge=256, description="memory of the embedded server, MB")
    cache_dir: Path | None = Field(default=None, description="where the embedded server's parts are kept")


class HarvestSettings(Section):
    """How feeds are read."""

    processes: int | None = Field(
        default=None, ge=1, description="how many parse and map one large feed; unset: 2, where there are 2 processors"
    )

    @property
    def readers(self) -> int:
        """The number set, else what the machine allows."""
        return self.processes or min(2, os.cpu_count() or 1)


class RulesSettings(Section):
    """What cataloguers argue about. Another table makes the next resolve one of everything."""

    match_model: str = Field(default=DEFAULT, description="weights and thresholds: a model's name, or its file (.toml)")
    survivorship: str = Field(
        default=DEFAULT, description="which value survives: default, or the file of a table (.toml)"
    )


class PublishSettings(Section):
    """What readers see."""

    media: tuple[Medium, ...] = Field(
        default=("ebook", "audiobook", "emagazine"), description="media whose editions make a work public"
    )


class PrioritySettings(Section):
    """How urgent a case is: what each reason adds, in points."""

    readers_see: int = Field(default=40, ge=0, description="readers see it now: a split e-edition, a wrong shown field")
    reach: int = Field(default=25, ge=0, description="at most, by how many sources hold the record")
    leverage: int = Field(default=20, ge=0, description="at most, by how many cases one answer would close")
    nearness: int = Field(default=10, ge=0, description="at most, by how near the weight is to the threshold")
    age: int = Field(default=5, ge=0, description="at most, by how long the case has been open")


class DeskSettings(Section):
    """The review desk."""

    public_url: str | None = Field(default=None, description="address people open it at; for links and host checks")
    session_hours: float = Field(default=12, gt=0, description="a sign-in ends after so long, hours")
    idle_minutes: float = Field(
        default=120, gt=2, description="a sign-in ends when nothing is done for so long, minutes"
    )
    claim_minutes: float = Field(
        default=15, gt=0, description="a case given out by `next` is kept for one person, minutes"
    )
    requests_per_minute: int = Field(default=600, gt=0, description="requests of one address above it get 429")
    feedback_contact: str | None = Field(default=None, description="who answers accessibility feedback")
    priority: PrioritySettings = PrioritySettings()


class ApiSettings(Section):
    """The search API."""

    public_url: str | None = Field(default=None, description="address machines read it at; for links")
    borrow_url: str | None = Field(
        default=None, description="where the library lends an edition, with {id} or {isbn}; for OPDS"
    )
    cors_origins: tuple[str, ...] = Field(default=(), description="sites whose pages may read it; * for all")
    pages_dir: Path | None = Field(default=None, description="folder of a search page that is served at /page/")
    requests_per_minute: int = Field(default=600, gt=0, description="requests of one address above it get 429")


class ServingSettings(Section):
    """How desk and API are reached."""

    trusted_proxies: tuple[str, ...] = Field(
        default=(), description="addresses or networks of reverse proxies whose X-Forwarded-For and -Proto are believed"
    )


class NightlySettings(Section):
    """The nightly run under Prefect. The time zone is Europe/Helsinki."""

    cron: str = Field(default="0 2 * * *", description="when it starts")
    sources_at_once: int = Field(default=2, ge=1, description="sources harvested side by side")
    retries: int = Field(default=2, ge=0, description="how often a transient failure is tried again")
    retry_delay_s: float = Field(default=60, ge=0, description="wait before a retry, seconds; doubled each time")
    stage_timeout_s: float = Field(default=14_400, gt=0, description="a stage that takes longer is given up, seconds")
    prefect_url: str | None = Field(default=None, description="API of your own Prefect server; unset: one on loopback")
    port: int = Field(default=0, ge=0, le=65535, description="port of the Prefect server on loopback; 0: any free one")


class LogSettings(Section):
    level: Literal["debug", "info", "warning", "error"] = Field(default="warning", description="least severity shown")
    format: Literal["auto", "plain", "json"] = Field(default="auto", description="auto: plain on a terminal, else JSON")


class Settings(BaseSettings):
    """The whole tree, frozen. Paths are absolute: relative ones are resolved against the configuration file."""

    model_config = SettingsConfigDict(
        frozen=True,
        extra="forbid",
        env_prefix="LYHDE__",
        env_nested_delimiter="__",
        nested_model_default_partial_update=True,
    )

    data_dir: Path = Field(default=Path("lyhde-data"), description="everything that is written lives under it")
    sources_dir: Path = Field(default=Path("sources"), description="folder of source files, one feed each")
    language: Literal["fi", "sv", "en"] = Field(default="en", description="language of messages")
    store: StoreSettings = StoreSettings()
    elasticsearch: ElasticsearchSettings = ElasticsearchSettings()
    harvest: HarvestSettings = HarvestSettings()
    rules: RulesSettings = RulesSettings()
    publish: PublishSettings = PublishSettings()
    desk: DeskSettings = DeskSettings()
    api: ApiSettings = ApiSettings()
    serving: ServingSettings = ServingSettings()
    nightly: NightlySettings = NightlySettings()
    log: LogSettings = LogSettings()

    @classmethod
    def settings_customise_sources(  # noqa: PLR0917 - the signature is pydantic-settings' own
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Flags, then the environment, then the configuration file."""
        return init_settings, env_settings, TomlConfigSettingsSource(settings_cls)

    @property
    def store_url(self) -> str:
        """The database: the one set, else SQLite in the data directory."""
        return self.store.url or f"sqlite:///{self.data_dir / 'lyhde.sqlite'}"

    @property
    def vocabularies_dir(self) -> Path:
        """Where vocabularies lie that were taken in beside the pinned ones."""
        return self.data_dir / "vocabularies"


def find_config() -> Path | None:
    """``lyhde.toml`` of the working directory, else of the user's configuration folder, else None."""
    home = Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config")
    return next((p for p in (Path(CONFIG_NAME), home / "lyhde" / CONFIG_NAME) if p.is_file()), None)


def load_settings(config: Path | None = None, **flags: Any) -> Settings:
    """Read all layers. `flags` are top-level keys given on the command line (None = not given).

    Raises ConfigurationError with every fault: file, key, value seen, what is allowed.
    """
    file = config or find_config()
    if config and not config.is_file():
        raise ConfigurationError([Sentence("{config}: there is no such configuration file", config=config)])
    given = {key: value for key, value in flags.items() if value is not None}
    try:
        _refuse_secrets_in(file)
        settings = _layered(file)(**given)
        _refuse_password_in(settings.store.url)
    except ValidationError as error:
        raise ConfigurationError(describe_faults(error, str(file or "settings"))) from error
    except (OSError, ValueError) as error:  # the file itself
        raise ConfigurationError([Sentence("{file}: {why}", file=file, why=error)]) from error
    return _absolute(settings, file, given)


def _layered(file: Path | None) -> type[Settings]:
    if not file:
        return Settings

    class FromFile(Settings):
        model_config = SettingsConfigDict(toml_file=file)

    return FromFile


SECRETS = (("elasticsearch", "api_key"), ("elasticsearch", "reader_api_key"), ("store", "password"))


def _refuse_secrets_in(file: Path | None) -> None:
    found = tomllib.loads(file.read_text("utf-8")) if file else {}
    for section, key in SECRETS:
        if found.get(section, {}).get(key):
            name = f"LYHDE__{section}__{key}".upper()
            raise ValueError(
                Sentence("{key} is a secret: set {name} or {key}_file instead", key=f"{section}.{key}", name=name)
            )


def _refuse_password_in(url: str | None) -> None:
    """An address is shown and logged."""
    parts = urlsplit(url or "")
    if parts.password or "password" in parse_qs(parts.query):
        raise ValueError(
            Sentence("store.url holds a password: set LYHDE__STORE__PASSWORD or store.password_file instead")
        )


PATHS = {
    "elasticsearch": ("api_key_file", "reader_api_key_file", "ca_certs", "cache_dir"),
    "store": ("password_file",),
    "api": ("pages_dir",),
}
"""Settings of each section that are paths, relative to the configuration file."""


def _absolute(settings: Settings, file: Path | None, given: dict[str, Any]) -> Settings:
    base = file.resolve().parent if file else user_data_dir()
    paths = {
        key: Path.cwd() / getattr(settings, key) if key in given else base / getattr(settings, key)
        for key in ("data_dir", "sources_dir")
    }
    found: dict[str, Any] = {key: path.resolve() for key, path in paths.items()}
    for section, keys in PATHS.items():
        part: Section = getattr(settings, section)
        files = {key: (base / path).resolve() for key in keys if (path := getattr(part, key)) is not None}
        found[section] = part.model_copy(update=files)
    tables = settings.rules.model_dump()
    files = {key: str((base / name).resolve()) for key, name in tables.items() if name.endswith(".toml")}
    found["rules"] = settings.rules.model_copy(update=files)
    return settings.model_copy(update=found)


def user_data_dir() -> Path:
    """The user's data folder: where data goes when there is no configuration file."""
    return Path(os.environ.get("XDG_DATA_HOME") or Path.home() / ".local" / "share") / "lyhde"
