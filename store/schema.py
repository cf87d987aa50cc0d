"""Every table of the store. Portable: SQLite is the embedded default, PostgreSQL the shared one.

Times are UTC text (``2026-01-31T04:00:00Z``), hashes 16 bytes of blake2b, payload names SHA-256 in hex, documents
compressed JSON (`store.documents`). `source_record.id` numbers records in the order they first arrived; it never
leaves the store's callers, where a record is ``SOURCE:SOURCE_ID``.
"""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Float,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
    true,
)

SCHEMA_VERSION = "0007"
"""The newest migration under ``store/migrations/versions``; a test compares the two."""

metadata = MetaData(
    naming_convention={"ix": "ix_%(table_name)s_%(column_0_N_name)s", "uq": "uq_%(table_name)s_%(column_0_N_name)s"}
)
Number = BigInteger().with_variant(Integer, "sqlite")  # SQLite numbers rows by itself only for INTEGER


# --- intake: what came, and the records in it -------------------------------------------------------------------
source = Table(
    "source",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("role", Text, nullable=False),
    Column("feed", Text, nullable=False),
    Column("identity", Text, nullable=False),
    Column("created_at", Text, nullable=False),
    Column("retired_at", Text),
    Column("high_water", Text),
)
source_file = Table(  # what the last promoted run saw under each name: how an unchanged feed is known
    "source_file",
    metadata,
    Column("source", Text, primary_key=True),
    Column("name", Text, primary_key=True),
    Column("sha256", Text, nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("records", Integer, nullable=False),
    Column("seen_at", Text, nullable=False),
)
payload = Table(
    "payload",
    metadata,
    Column("sha256", Text, primary_key=True),
    Column("source", Text, nullable=False),
    Column("name", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("size_bytes", BigInteger, nullable=False),
    Column("fetched_at", Text, nullable=False),
)
harvest_run = Table(
    "harvest_run",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("source", Text, nullable=False),
    Column("state", Text, nullable=False),  # running, held, promoted, rejected, failed
    Column("complete", Boolean, nullable=False),  # a full feed: absence removes
    Column("started_at", Text, nullable=False),
    Column("finished_at", Text),
    Column("counts", JSON, nullable=False),
    Column("reasons", JSON, nullable=False),
    Index(None, "source", "id"),
    sqlite_autoincrement=True,
)
run_file = Table(  # the ledger: a killed run goes on behind `items_done`
    "run_file",
    metadata,
    Column("run", Number, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("name", Text, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("media_type", Text, nullable=False),
    Column("etag", Text),
    Column("last_modified", Text),
    Column("known", Boolean, nullable=False),  # the same bytes as at the last promoted run
    Column("items_done", Integer, nullable=False),
    Column("finished", Boolean, nullable=False),
    Column("ended_early", Boolean, nullable=False),  # nothing after some place could be read
)
staged_record = Table(
    "staged_record",
    metadata,
    Column("run", Number, primary_key=True),
    Column("file", Integer, primary_key=True),
    Column("position", Integer, primary_key=True),
    Column("source_id", Text, nullable=False),
    Column("outcome", Text, nullable=False),  # new, changed, unchanged, deleted, quarantined
    Column("superseded", Boolean, nullable=False),
    Column("status", Text, nullable=False),
    Column("content_hash", LargeBinary),
    Column("sent_at", Text),
    Column("payload", Text, nullable=False),
    Column("parsed", LargeBinary),
    Column("mapped", LargeBinary),
    Column("fields", Integer),
    Index(None, "run", "source_id"),
)
source_record = Table(
    "source_record",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("source", Text, nullable=False),
    Column("source_id", Text, nullable=False),
    Column("status", Text, nullable=False),
    Column("content_hash", LargeBinary),
    Column("sent_at", Text),
    Column("payload", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("run", Number, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("first_seen_at", Text, nullable=False),
    Column("updated_at", Text, nullable=False),
    Column("fields", Integer),  # which fields its record fills, one bit each (`catalogue.coverage`)
    UniqueConstraint("source", "source_id"),
    sqlite_autoincrement=True,
)
record_document = Table(
    "record_document",
    metadata,
    Column("record", Number, primary_key=True, autoincrement=False),
    Column("parsed", LargeBinary),
    Column("mapped", LargeBinary),
)
record_features = Table(
    "record_features",
    metadata,
    Column("record", Number, primary_key=True, autoincrement=False),
    Column("version", Text, nullable=False),
    Column("features", LargeBinary, nullable=False),
)
blocking_key = Table(  # of live records as they were last resolved; of 64 bits the low four name the kind of key
    "blocking_key",
    metadata,
    Column("key", Number, primary_key=True, autoincrement=False),
    Column("record", Number, primary_key=True, autoincrement=False),
    Index(None, "record"),
    sqlite_with_rowid=False,
)
blocking_part = Table(  # hashes of the finer attributes by which a block above the cap is refined, of the same records
    "blocking_part",
    metadata,
    Column("record", Number, primary_key=True, autoincrement=False),
    *(Column(name, Number, nullable=False) for name in ("title", "form", "numbering", "narrators")),
)
declared_language = Table(  # what tells of a sender whether its declared language means anything
    "declared_language",
    metadata,
    Column("record", Number, primary_key=True, autoincrement=False),
    Column("sender", Text, nullable=False),
    Column("languages", Text, nullable=False),
    Column("contradicted", Boolean, nullable=False),
    Index(None, "sender", "languages", "contradicted"),
)
record_revision = Table(  # states that were replaced; the present one is in source_record
    "record_revision",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("record", Number, nullable=False),
    Column("revision", Integer, nullable=False),
    Column("superseded", Boolean, nullable=False),  # never stood: another of the same feed did
    Column("status", Text, nullable=False),
    Column("content_hash", LargeBinary),
    Column("sent_at", Text),
    Column("payload", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("run", Number, nullable=False),
    Column("replaced_at", Text, nullable=False),
    Column("parsed", LargeBinary),
    Column("mapped", LargeBinary),
    Index(None, "record"),
)
dirty_record = Table(
    "dirty_record",
    metadata,
    Column("record", Number, primary_key=True, autoincrement=False),
    Column("since", Text, nullable=False),
)
defect = Table(
    "defect",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("run", Number, nullable=False),
    Column("source", Text, nullable=False),
    Column("source_id", Text, nullable=False),
    Column("code", Text, nullable=False),
    Column("locus", Text, nullable=False),
    Column("params", JSON, nullable=False),
    Column("payload", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Index(None, "run", "source_id"),
    Index(None, "source", "code"),
)
quarantine = Table(
    "quarantine",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("run", Number, nullable=False),
    Column("source", Text, nullable=False),
    Column("source_id", Text, nullable=False),
    Column("file", Text, nullable=False),
    Column("payload", Text, nullable=False),
    Column("position", Integer, nullable=False),
    Column("code", Text, nullable=False),
    Column("locus", Text, nullable=False),
    Column("params", JSON, nullable=False),
    Column("excerpt", LargeBinary, nullable=False),
    Column("state", Text, nullable=False),  # open, released
    Index(None, "source", "state"),
    Index(None, "run"),
)

# --- resolution: what belongs together, and what people said ----------------------------------------------------
pair = Table(
    "pair",
    metadata,
    Column("left", Number, primary_key=True, autoincrement=False),
    Column("right", Number, primary_key=True, autoincrement=False),
    Column("edition_score", Float, nullable=False),
    Column("work_score", Float, nullable=False),
    Column("vetoes", JSON, nullable=False),
    Column("model", Text, nullable=False),
    Column("links", Integer, nullable=False, server_default="3"),  # 1: joins at edition level, 2: at work level
    Column("askable", Boolean, nullable=False, server_default=true()),  # may be asked about where it does not join
    Index(None, "right"),
)
membership = Table(
    "membership",
    metadata,
    Column("record", Number, primary_key=True, autoincrement=False),
    Column("edition", Text, nullable=False),
    Column("work", Text, nullable=False),
    Index(None, "edition"),
    Index(None, "work"),
)
minted_number = Table(
    "minted_number",
    metadata,
    Column("kind", Text, primary_key=True),
    Column("last", BigInteger, nullable=False),
)
public_id = Table(
    "public_id",
    metadata,
    Column("id", Text, primary_key=True),
    Column("level", Text, nullable=False),
    Column("minted_at", Text, nullable=False),
    Column("retired_at", Text),
    Column("redirect_to", Text),
    Index(None, "redirect_to"),
)
former_member = Table(  # what a retired id named, so that it comes back with it
    "former_member",
    metadata,
    Column("record", Number, primary_key=True, autoincrement=False),
    Column("public_id", Text, primary_key=True),
    Index(None, "public_id"),
)
set_fact = Table(
    "set_fact",
    metadata,
    Column("name", Text, primary_key=True),
    Column("version", Integer, primary_key=True, autoincrement=False),
    Column("content_hash", LargeBinary, nullable=False),
    Column("document", LargeBinary, nullable=False),
    Column("made_at", Text, nullable=False),
)
decision = Table(
    "decision",
    metadata,
    Column("id", Number, primary_key=True, autoincrement=True),
    Column("answer", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("left", Text, nullable=False),
    Column("right", Text),
    Column("field", Text),
    Column("value", JSON),
    Column("over", JSON, nullable=False),
    Column("lifts", JSON, nullable=False),
    Column("evidence_key", Text, nullable=False),
    Column("note", Text),
    Column("author", Text, nullable=False),
    Column("made_at", Text, nullable=False),
    Column("undoes", Number),
    Column("case", Text),
    Column("role", Text),
    Column("via", Text),
    Column("rules_version", Text),
    Column("weight", Float),
    Column("seconds", Integer),
    Column("seen", JSON, nullable=False, server_default="{}"),
    Index(None, "case"),
    Index(None, "left"),
    Index(None, "right"),
    Index(None, "undoes"),
    sqlite_autoincrement=True,
)
decision_member = Table(  # every record a decision was about
    "decision_member",
    metadata,
    Column("record_key", Text, primary_key=True),
    Column("decision", Number, primary_key=True, autoincrement=False),
    Index(None, "decision"),
)
review_case = Table(
    "review_case",
    metadata,
    Column("case", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("state", Text, nullable=False),
    Column("priority", Integer, nullable=False),
    Column("opened", Text, nullable=False),
    Column("changed_at", Text, nullable=False),
    Column("version", Integer, nullable=False, server_default="1"),
    Column("reopened", Number),  # the decision whose evidence changed
    Column("document", LargeBinary, nullable=False),
    Index(None, "state", "kind"),
)
case_member = Table(
    "case_member",
    metadata,
    Column("record_key", Text, primary_key=True),
    Column("case", Text, primary_key=True),
    Index(None, "case"),
)

# --- publishing: the merged records, and what to tell the world -------------------------------------------------
merged_record = Table(
    "merged_record",
    metadata,
    Column("id", Text, primary_key=True),
    Column("level", Text, nullable=False),
    Column("work", Text, nullable=False),  # the work it belongs to; a work's own id
    Column("fingerprint", Text, nullable=False),
    Column("content_hash", LargeBinary, nullable=False),
    Column("document", LargeBinary, nullable=False),
    Column("rules_version", Text, nullable=False),
    Column("revision", BigInteger, nullable=False),
    Column("updated_at", Text, nullable=False),
    Index(None, "work"),
    Index(None, "level"),
)
merged_revision = Table(
    "merged_revision",
    metadata,
    Column("id", Text, primary_key=True),
    Column("revision", BigInteger, primary_key=True, autoincrement=False),
    Column("fingerprint", Text, nullable=False),
    Column("document", LargeBinary, nullable=False),
    Column("rules_version", Text, nullable=False),
    Column("replaced_at", Text, nullable=False),
)
change_log = Table(
    "change_log",
    metadata,
    Column("rev", Number, primary_key=True, autoincrement=True),
    Column("op", Text, nullable=False),  # upsert, delete, redirect
    Column("id", Text, nullable=False),
    Column("redirect_to", Text),
    Column("at", Text, nullable=False),
    Index(None, "id"),
    sqlite_autoincrement=True,
)
outbox = Table(  # works whose search document is behind
    "outbox",
    metadata,
    Column("work", Text, primary_key=True),
    Column("rev", BigInteger, nullable=False),
    Index(None, "rev"),
)
