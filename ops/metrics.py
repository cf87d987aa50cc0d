"""The measures of the long-lived processes, for ``/metrics``: requests as they pass, and figures out of the store.

Batch runs end before anyone scrapes them; they write to the store, and these figures are read from there.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from prometheus_client import CollectorRegistry, GCCollector, Histogram, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from catalogue.errors import LyhdeError

REQUEST_BUCKETS_S = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
DAY_S = 86_400.0
AGE_BUCKETS_S = tuple(days * DAY_S for days in (1, 3, 7, 14, 30, 90, 180, 365))
MEDIA_TYPE = CONTENT_TYPE_LATEST


@dataclass(frozen=True, slots=True)
class Figures:
    """What the store says, counted. Keys are the labels of the measures, in the order of their names below."""

    last_success: Mapping[str, float] = field(default_factory=dict)  # source → Unix time
    records: Mapping[tuple[str, str], int] = field(default_factory=dict)  # source, outcome
    live_records: Mapping[str, int] = field(default_factory=dict)  # source
    held_runs: Mapping[str, int] = field(default_factory=dict)  # source
    defects: Mapping[tuple[str, str], int] = field(default_factory=dict)  # source, code
    pairs: Mapping[str, int] = field(default_factory=dict)  # outcome
    cases_open: Mapping[str, int] = field(default_factory=dict)  # kind
    case_ages: Iterable[tuple[float, int]] = ()  # seconds, cases of that age
    decisions: Mapping[tuple[str, str, str], int] = field(default_factory=dict)  # kind, answer, via
    reopened: int = 0
    merged: Mapping[str, int] = field(default_factory=dict)  # level
    index_lag_s: float = 0.0
    outbox: int = 0
    index_documents: Mapping[str, int] = field(default_factory=dict)  # alias


class Metrics:
    """One registry of our own. `read` gives the figures of the store; without it there are only requests."""

    def __init__(self, read: Callable[[], Figures] | None = None) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        GCCollector(registry=self.registry)
        self._requests = Histogram(
            "lyhde_http_request_seconds",
            "How long requests took",
            ("route", "method", "status"),
            buckets=REQUEST_BUCKETS_S,
            registry=self.registry,
        )
        if read:
            self.registry.register(_Store(read))

    def request(self, *, route: str, method: str, status: int, seconds: float) -> None:
        """Count one request."""
        self._requests.labels(route, method, str(status)).observe(seconds)

    def page(self) -> bytes:
        """All measures in the text format of Prometheus, of media type `MEDIA_TYPE`."""
        return generate_latest(self.registry)


class _Store(Collector):
    """Figures read anew for each scrape (`jobs.figures` keeps them some seconds)."""

    def __init__(self, read: Callable[[], Figures]) -> None:
        self._read = read

    def describe(self) -> Iterable[Metric]:
        return ()  # nothing is read before the first scrape

    def collect(self) -> Iterable[Metric]:
        try:
            figures = self._read()
        except LyhdeError:
            yield GaugeMetricFamily("lyhde_store_up", "Whether the database answers", 0)
            return
        yield GaugeMetricFamily("lyhde_store_up", "Whether the database answers", 1)
        yield from _intake(figures)
        yield from _review(figures)
        yield from _published(figures)


def _intake(figures: Figures) -> Iterable[Metric]:
    yield _gauge(
        "lyhde_source_last_success_timestamp_seconds",
        "When a run of the source was last promoted",
        "source",
        figures.last_success,
    )
    yield _counter("lyhde_records", "Records received, by what became of them", ("source", "outcome"), figures.records)
    yield _gauge("lyhde_live_records", "Records of the source that stand", "source", figures.live_records)
    yield _gauge("lyhde_held_runs", "Runs that wait for a person", "source", figures.held_runs)
    yield _counter("lyhde_defects", "Defects found in records", ("source", "code"), figures.defects)


def _review(figures: Figures) -> Iterable[Metric]:
    pairs = {(outcome,): number for outcome, number in figures.pairs.items()}
    yield _counter("lyhde_pairs", "Pairs of records that join or may be asked about, by outcome", ("outcome",), pairs)
    yield _gauge("lyhde_cases_open", "Open cases", "kind", figures.cases_open)
    yield _ages(figures.case_ages)
    yield _counter("lyhde_decisions", "Answers given", ("kind", "answer", "via"), figures.decisions)
    yield CounterMetricFamily("lyhde_reopened", "Cases whose evidence changed after the answer", figures.reopened)


def _published(figures: Figures) -> Iterable[Metric]:
    yield _gauge("lyhde_merged_records", "Merged records", "level", figures.merged)
    lag = "Age of the oldest change that readers do not find yet"
    yield GaugeMetricFamily("lyhde_index_lag_seconds", lag, figures.index_lag_s)
    yield GaugeMetricFamily("lyhde_outbox_works", "Works whose search document is behind", figures.outbox)
    yield _gauge("lyhde_index_documents", "Documents behind an alias", "alias", figures.index_documents)


def _gauge(name: str, text: str, label: str, values: Mapping[str, float]) -> Metric:
    family = GaugeMetricFamily(name, text, labels=(label,))
    for key, value in sorted(values.items()):
        family.add_metric((key,), value)
    return family


def _counter(name: str, text: str, labels: tuple[str, ...], values: Mapping[Any, int]) -> Metric:
    family = CounterMetricFamily(name, text, labels=labels)
    for key, value in sorted(values.items()):
        family.add_metric(key, value)
    return family


def _ages(ages: Iterable[tuple[float, int]]) -> Metric:
    """A histogram of how long open cases have been open."""
    found = list(ages)
    buckets = [(f"{edge:.0f}", float(sum(n for age, n in found if age <= edge))) for edge in AGE_BUCKETS_S]
    buckets.append(("+Inf", float(sum(n for _, n in found))))
    whole = sum(age * n for age, n in found)
    family = HistogramMetricFamily("lyhde_case_age_seconds", "How long open cases have been open")
    family.add_metric((), buckets, whole)
    return family
