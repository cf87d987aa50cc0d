"""The compose file: nothing open but the proxy, nothing with more rights than it needs, no secret in sight."""

from __future__ import annotations

import re
import shutil
import subprocess
import tomllib
from pathlib import Path
from typing import Any

import pytest
import typer
import yaml

from cli.main import app
from ops.settings import Settings

DEPLOY = Path(__file__).parent.parent.parent / "deploy"
COMPOSE: dict[str, Any] = yaml.safe_load((DEPLOY / "compose.yaml").read_text("utf-8"))
SERVICES: dict[str, Any] = COMPOSE["services"]
LISTENING = sorted(set(SERVICES) - {"setup"})
NGINX = (DEPLOY / "compose" / "nginx.conf").read_text("utf-8")

every_service = pytest.mark.parametrize("name", sorted(SERVICES))


def mounted(name: str) -> set[str]:
    """The paths at which secrets of a service are found."""
    found = set()
    for secret in SERVICES[name].get("secrets", []):
        target = secret if isinstance(secret, str) else secret.get("target", secret["source"])
        found.add(target if target.startswith("/") else f"/run/secrets/{target}")
    return found


def values(tree: Any) -> list[str]:
    if isinstance(tree, dict):
        return [text for value in tree.values() for text in values(value)]
    if isinstance(tree, list):
        return [text for value in tree for text in values(value)]
    return [str(tree)]


@every_service
def test_no_service_runs_as_root(name: str) -> None:
    user = SERVICES[name]["user"]
    assert re.fullmatch(r"[1-9]\d*:\d+", user)


@every_service
def test_no_service_may_gain_rights(name: str) -> None:
    service = SERVICES[name]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert not {"privileged", "cap_add", "pid", "network_mode", "devices", "ipc"} & set(service)
    assert not any("docker.sock" in text for text in values(service))


@every_service
def test_only_the_search_server_writes_to_its_root(name: str) -> None:
    assert SERVICES[name]["read_only"] is (name != "search")


@every_service
def test_every_service_is_limited_and_its_log_turned_over(name: str) -> None:
    service = SERVICES[name]
    assert set(service["deploy"]["resources"]["limits"]) == {"cpus", "memory", "pids"}
    assert set(service["logging"]["options"]) == {"max-size", "max-file"}


@pytest.mark.parametrize("name", LISTENING)
def test_every_service_that_stays_says_how_it_is(name: str) -> None:
    assert {"test", "interval", "timeout", "retries"} <= set(SERVICES[name]["healthcheck"])
    assert SERVICES[name]["restart"] == "unless-stopped"


def test_only_the_proxy_has_ports() -> None:
    assert [name for name in sorted(SERVICES) if "ports" in SERVICES[name]] == ["proxy"]


def test_only_proxy_and_nightly_run_reach_the_outside() -> None:
    open_ones = {name for name, about in COMPOSE["networks"].items() if not (about or {}).get("internal")}
    outside = {name for name, service in SERVICES.items() if open_ones & set(service["networks"])}
    assert outside == {"proxy", "nightly"}


def test_the_proxy_reaches_neither_database_nor_search_server() -> None:
    reached = set(SERVICES["proxy"]["networks"])
    assert not reached & (set(SERVICES["postgres"]["networks"]) | set(SERVICES["search"]["networks"]))


@every_service
def test_images_are_pinned(name: str) -> None:
    image = re.sub(r"^\$\{\w+:-(.+)\}$", r"\1", SERVICES[name]["image"])
    tag = image.rpartition(":")[2]
    assert "@sha256:" in image or re.fullmatch(r"\d+\.\d+(?:\.\d+)?(?:-[a-z]+)?", tag), image


def test_secrets_are_files_outside_the_repository() -> None:
    ignored = (DEPLOY / "compose" / ".gitignore").read_text("utf-8").split()
    assert "secrets/" in ignored
    assert all(about["file"].startswith("./compose/secrets/") for about in COMPOSE["secrets"].values())


def test_every_secret_is_declared_used_and_made_by_the_script() -> None:
    used = {
        s if isinstance(s, str) else s["source"] for service in SERVICES.values() for s in service.get("secrets", [])
    }
    assert used == set(COMPOSE["secrets"])
    scripts = "".join(path.read_text("utf-8") for path in (DEPLOY / "compose").glob("make-*.sh"))
    assert [about["file"] for about in COMPOSE["secrets"].values() if Path(about["file"]).name not in scripts] == []


@every_service
def test_no_secret_stands_in_the_environment(name: str) -> None:
    for key, value in SERVICES[name].get("environment", {}).items():
        if re.search(r"PASSWORD|SECRET|TOKEN|API_KEY|AUTH_STRING", key):
            assert key.endswith("_FILE"), key
            assert value in mounted(name)


def test_the_api_has_the_readers_key_and_the_others_the_writers() -> None:
    keys = {
        name: [
            s["source"] for s in service.get("secrets", []) if isinstance(s, dict) and s.get("target") == "search_key"
        ]
        for name, service in SERVICES.items()
    }
    assert keys["api"] == ["search_reader_key"]
    assert keys["desk"] == keys["nightly"] == ["search_writer_key"]


@pytest.mark.parametrize("file", ["compose", "systemd"])
def test_the_settings_are_read_as_they_stand(file: str) -> None:
    given = tomllib.loads((DEPLOY / file / "lyhde.toml").read_text("utf-8"))
    settings = Settings(**given)
    assert settings.data_dir.is_absolute()
    assert settings.sources_dir.is_absolute()
    assert not any(
        re.search("password$|api_key$", key)
        for section in given.values()
        for key in (section or ())
        if isinstance(section, dict)
    )


def test_what_the_settings_name_is_mounted() -> None:
    settings = Settings(**tomllib.loads((DEPLOY / "compose" / "lyhde.toml").read_text("utf-8")))
    for name in ("desk", "api", "nightly"):
        wanted = {settings.store.password_file, settings.elasticsearch.api_key_file, settings.elasticsearch.ca_certs}
        assert {str(path) for path in wanted} <= mounted(name)


@pytest.mark.parametrize("name", ["desk", "api", "nightly", "setup"])
def test_commands_are_there_with_their_options(name: str) -> None:
    found: Any = typer.main.get_command(app)
    words = [str(word) for word in SERVICES[name]["command"]]
    while words and not words[0].startswith("-"):
        found = found.commands[words.pop(0)]
    known = {option for parameter in found.params for option in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= known


def test_variables_of_the_environment_are_settings() -> None:
    named = {
        key for service in SERVICES.values() for key in service.get("environment", {}) if key.startswith("LYHDE__")
    }
    for key in named:
        section, _, name = key.removeprefix("LYHDE__").lower().partition("__")
        assert name in Settings.model_fields[section].annotation.model_fields  # type: ignore[union-attr]


def test_the_proxy_speaks_modern_tls_only_and_says_so_for_a_year() -> None:
    assert "ssl_protocols TLSv1.2 TLSv1.3;" in NGINX
    assert 'add_header Strict-Transport-Security "max-age=31536000; includeSubDomains" always;' in NGINX
    assert "ssl_reject_handshake on;" in NGINX


def test_what_is_for_the_inside_is_not_let_through() -> None:
    assert NGINX.count("location ~ ^/(metrics|readyz|healthz)$ { return 404; }") == 2


def test_the_proxys_log_keeps_no_addresses_and_no_search_words() -> None:
    written = re.search(r"log_format \w+ '([^']*)'", NGINX)
    assert written
    assert not {"$remote_addr", "$request ", "$request_uri", "$args", "$http_referer"} & set(written[1].split())
    assert "$request_uri" not in written[1]


def test_the_proxy_serves_the_hosts_of_the_settings() -> None:
    settings = Settings(**tomllib.loads((DEPLOY / "compose" / "lyhde.toml").read_text("utf-8")))
    names = re.findall(r"server_name ([a-z.]+);", NGINX)
    assert [f"https://{name}" for name in names] == [settings.desk.public_url, settings.api.public_url]


@pytest.mark.parametrize("script", sorted((DEPLOY / "compose").glob("*.sh")), ids=lambda path: path.name)
def test_scripts_are_posix_and_stop_at_the_first_fault(script: Path) -> None:
    text = script.read_text("utf-8")
    assert text.startswith("#!/bin/sh\n")
    assert "set -eu" in text
    subprocess.run(["sh", "-n", str(script)], check=True)


def test_docker_reads_the_file(tmp_path: Path) -> None:
    docker = shutil.which("docker")
    if not docker or subprocess.run([docker, "compose", "version"], capture_output=True, check=False).returncode:
        pytest.skip("docker compose is not installed: the file is only read by our own checks")
    call = [docker, "compose", "--file", str(DEPLOY / "compose.yaml"), "config", "--quiet"]
    answer = subprocess.run(call, capture_output=True, text=True, check=False)
    assert answer.returncode == 0, answer.stderr
