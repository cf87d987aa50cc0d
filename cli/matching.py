"""`lyhde resolve`, `pair explain`, `match …`: who belongs together, and why."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from catalogue.errors import UsageError
from catalogue.evidence import ScoredPair
from catalogue.sentence import Sentence
from cli.context import Context, context_of
from cli.converting import say_unread
from ops.messages import _, counter

if TYPE_CHECKING:
    from jobs.checking import Unread

LevelOption = Annotated[Literal["edition", "work"], typer.Option(help="at which level")]
LABELS = ("left", "right", "same")
VERDICTS = (_("same"), _("ask"), _("different"))
match = typer.Typer(help="Matching without a store, and its measures.", no_args_is_help=True)
pair = typer.Typer(help="Two records and what matching says of them.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Register the commands of this module."""
    app.command()(resolve)
    app.command()(remap)
    app.add_typer(match, name="match")
    app.add_typer(pair, name="pair")


def resolve(
    context: typer.Context,
    everything: Annotated[bool, typer.Option("--all", help="everything anew; gives the same result")] = False,
) -> None:
    """Match, cluster and merge what changed."""
    from jobs.connections import opened_store
    from jobs.resolving import resolve as resolve_store

    ours = context_of(context)
    with opened_store(ours.settings) as store:
        report = resolve_store(store, ours.now, everything=everything)
    if ours.out.as_json:
        ours.out.json(report.as_json())
        return
    if report.skipped:
        ours.out.line(ours.text("Nothing had changed."))
    ours.out.table(*_table(report.as_json(), ours.text))
    if report.stopped_identifiers:
        ngettext = counter(ours.settings.language)
        said = ngettext(
            "{count} identifier names no work and is not matched by: lyhde stoplist list.",
            "{count} identifiers name no work and are not matched by: lyhde stoplist list.",
            report.stopped_identifiers,
        )
        ours.out.talk(said.format(count=report.stopped_identifiers))


def _table(values: dict[str, Any], text: Any) -> tuple[list[str], list[list[Any]]]:
    shown = {
        text("records"): "records",
        text("editions"): "editions",
        text("works"): "works",
        text("open cases"): "open_cases",
        text("changed works"): "changed_works",
        text("retired ids"): "retired_ids",
    }
    return list(shown), [[values[key] for key in shown.values()]]


def remap(
    context: typer.Context,
    ids: Annotated[list[str] | None, typer.Argument(help="sources; default: all")] = None,
    dry_run: Annotated[bool, typer.Option(help="count, write nothing")] = False,
) -> None:
    """Map live records again from what was kept, after a change of mapping or vocabulary."""
    from jobs.connections import opened_store
    from jobs.remapping import remap as remap_store

    ours = context_of(context)
    with opened_store(ours.settings) as store:
        report = remap_store(store, ids or [], ours.now, dry_run=dry_run)
    if ours.out.as_json:
        ours.out.json(report.as_json())
        return
    text = ours.text
    ours.out.table([text("records"), text("changed")], [[report.records, report.changed]])
    for name in report.lost:
        ours.out.talk(text("{record} cannot be mapped any more and stays as it was.").format(record=name))


@pair.command("explain")
def explain(context: typer.Context, left: str, right: str, level: LevelOption = "edition") -> None:
    """Each finding with its weight in bits, the vetoes, and the verdict."""
    from jobs.connections import opened_store
    from jobs.showing import explain_pair

    ours = context_of(context)
    with opened_store(ours.settings) as store:
        scored = explain_pair(store, (left, right), level)
    if ours.out.as_json:
        ours.out.json(scored)
    else:
        _print_pair(ours, scored)


def _print_pair(ours: Context, scored: ScoredPair) -> None:
    out, text = ours.out, ours.text
    rows = [[f.comparison, f.level, f.left, f.right, f"{f.bits:+.2f}"] for f in scored.findings]
    out.table([text("comparison"), text("level"), text("left"), text("right"), text("bits")], rows)
    limits = scored.thresholds
    verdict = text("score {score}: {verdict} (same from {accept}, different below {reject})")
    out.line(
        verdict.format(
            score=f"{scored.score:.2f}",
            verdict=text(scored.verdict),
            accept=f"{limits.accept:g}",
            reject=f"{limits.reject:g}",
        )
    )
    for heading, names in ((text("vetoes"), scored.vetoes), (text("asks"), scored.asks)):
        if names:
            out.line(f"{heading}: {', '.join(names)}")
    out.line(f"{text('weights')}: {scored.model}")


@match.command("cluster")
def cluster(context: typer.Context, files: list[Path]) -> None:
    """Cluster the records of any readable files, without a store: NDJSON."""
    from jobs.checking import Unread
    from jobs.clustering import cluster_files

    ours, unread = context_of(context), Unread()
    with _telling(ours, unread):
        ours.out.ndjson(cluster_files(files, unread))


@match.command("evaluate")
def evaluate(
    context: typer.Context,
    records: Path,
    pairs: Path,
    level: LevelOption = "edition",
    scores: Annotated[Path | None, typer.Option(help="write every pair's score here")] = None,
    model: Annotated[str, typer.Option(help="a model by name, or its file")] = "default",
) -> None:
    """Labelled pairs (`left,right,same`) against the matcher: precision, recall, F1."""
    from jobs.checking import Unread
    from jobs.clustering import evaluate_pairs

    ours, unread = context_of(context), Unread()
    labels = list(_read_csv(pairs, LABELS))
    with _telling(ours, unread):
        result, rows = evaluate_pairs(records, labels, level, model, unread=unread)
    if scores:
        _write_csv(scores, rows)
    ours.out.json(result)


@match.command("fit")
def fit(
    context: typer.Context,
    records: Path,
    pairs: Path,
    out: Annotated[Path, typer.Option(help="write the model file (TOML) here")],
    level: LevelOption = "edition",
    base: Annotated[str, typer.Option(help="the model to begin with: a name, or a file")] = "by-hand",
    version: Annotated[str | None, typer.Option(help="the version of the new model; default: the day")] = None,
) -> None:
    """Weights and thresholds from labelled pairs (`left,right,same[,left_cluster,right_cluster]`), with a report."""
    from jobs.fitting import fit_to_labels, report_of, write_model

    ours = context_of(context)
    labels = list(_read_csv(pairs, LABELS))
    model = fit_to_labels(records, labels, level=level, base=base, version=version or ours.now[:10])
    write_model(model, out)
    ours.out.json(report_of(model))


@match.command("what-if")
def what_if(
    context: typer.Context,
    model: Annotated[str | None, typer.Option(help="a model by name, or its file; default: the one in use")] = None,
    accept: Annotated[float | None, typer.Option(help="another upper threshold, in bits")] = None,
    reject: Annotated[float | None, typer.Option(help="another lower threshold, in bits")] = None,
    level: LevelOption = "edition",
    rules: Annotated[str | None, typer.Option(help="the file of another survivorship table")] = None,
) -> None:
    """What other weights, thresholds or rules would split and join, and which values change. Nothing is written."""
    from jobs.connections import opened_store
    from jobs.previewing import Thresholds, model_to_try
    from jobs.previewing import what_if as preview
    from merging.rules import load_rules

    ours = context_of(context)
    with opened_store(ours.settings) as store:
        other = Thresholds(level, accept, reject)
        ours.out.json(preview(store, model_to_try(model, other), load_rules(rules)))


@match.command("cluster-evaluate")
def cluster_evaluate(context: typer.Context, records: Path, truth: Path, level: LevelOption = "edition") -> None:
    """End to end against `source_id,cluster`, or `source_id,edition,work`: precision, recall, F by pairs and B³.

    With every question open, and, as matchers that ask nobody are measured, each answered by its score (`by_score`).
    RECORDS is a file, or a folder of files.
    """
    from jobs.checking import Unread
    from jobs.clustering import evaluate_clusters

    ours, unread = context_of(context), Unread()
    rows = list(_read_csv(truth, ("source_id",)))
    column = level if rows and level in rows[0] and "cluster" not in rows[0] else "cluster"
    rows = list(_read_csv(truth, ("source_id", column)))
    with _telling(ours, unread):
        result = evaluate_clusters(records, {r["source_id"]: r[column] for r in rows}, level, unread)
    ours.out.json(result)


@contextmanager
def _telling(ours: Context, unread: Unread) -> Iterator[None]:
    """Say, however the work ends, how many records could not be read, and of the first ones which and why."""
    try:
        yield
    finally:
        if unread.count:
            say_unread(ours, unread.count)
            for each in unread.first:
                ours.out.talk(f"  {ours.said(each)}")
            if unread.count > len(unread.first):
                ours.out.talk("  …")


def _read_csv(path: Path, columns: tuple[str, ...]) -> Iterator[dict[str, str]]:
    try:
        yield from _csv_rows(path, columns)
    except OSError as error:
        raise UsageError(Sentence("{path}: cannot be read: {why}", path=path, why=error.strerror)) from error
    except (UnicodeDecodeError, csv.Error) as error:
        raise UsageError(Sentence("{path}: cannot be read: {why}", path=path, why=error)) from error


def _csv_rows(path: Path, columns: tuple[str, ...]) -> Iterator[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        lacking = [c for c in columns if c not in (reader.fieldnames or ())]
        if lacking:
            raise UsageError(
                Sentence(
                    "{path}: the columns {lacking} are missing; needed: {known}",
                    path=path,
                    lacking=lacking,
                    known=columns,
                )
            )
        yield from reader


def _write_csv(path: Path, rows: list[dict[str, Any]]) -> None:
    try:
        with path.open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, ["left", "right", "score", "probability", "verdict", "vetoes"])
            writer.writeheader()
            writer.writerows(rows)
    except OSError as error:
        raise UsageError(
            Sentence("--scores {path}: cannot be written: {why}", path=path, why=error.strerror)
        ) from error
