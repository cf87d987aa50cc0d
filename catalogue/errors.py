"""Every error an operation can end with, drawn once.

LyhdeError                      exit  retryable
├── UsageError                   2    no    the command cannot mean this
├── ConfigurationError           3    no    a setting, source file or table is wrong
├── ServiceUnreachable           4    yes   a server did not answer: search, database, a feed's host
│   └── DownloadFailed           4    yes   a part of the program could not be fetched
├── LossBudgetExceeded           5    no    more records would be lost than the source allows
├── SourceFailed                 6    no    one source failed or was held; the others are done
│   ├── FeedRefused              6    no    what came is not a feed, or its address is not allowed
│   └── FeedHeld                 6    no    a guard holds the run until a person decides
├── RunLocked                    7    yes   another run holds the lock
├── NotFound                     2    no    no such record, edition, work, case, run or decision
├── VetoStands                   2    no    a veto forbids what was asked for; who may overrule it says why
└── StaleAnswer                  2    no    the case was answered or changed since it was opened

A defect is bad data and is never raised; a bug is not caught.
"""

from __future__ import annotations

from collections.abc import Sequence

from catalogue.sentence import Sentence, _

NO_SUCH = {
    "account": _("no account {name!r}"),
    "case": _("no case {name!r}"),
    "decision": _("no decision {name!r}"),
    "edition or work": _("no edition or work {name!r}"),
    "field": _("no field {name!r}"),
    "live record": _("no live record {name!r}"),
    "payload": _("no payload {name!r}"),
    "record": _("no record {name!r}"),
    "record of this case": _("no record of this case {name!r}"),
    "run": _("no run {name!r}"),
    "search index": _("no search index {name!r}"),
    "source": _("no source {name!r}"),
}
"""What may be asked for and not be there."""


class LyhdeError(Exception):
    """An operation failed. The message says what, where, and what to do next; `ops.saying` says it to people."""

    exit_code = 1
    retryable = False

    def __init__(self, message: str) -> None:
        super().__init__(message)
        self.message = message


class UsageError(LyhdeError):
    exit_code = 2


class NotFound(UsageError):
    """Nothing is known by this name. `kind` is the sort of thing (of `NO_SUCH`), `name` what was asked for."""

    def __init__(self, kind: str, name: str, hint: str = "") -> None:
        nothing = Sentence(NO_SUCH[kind], name=name)
        super().__init__(Sentence("{what}: {hint}", what=nothing, hint=hint) if hint else nothing)
        self.kind = kind
        self.name = name


class VetoStands(UsageError):
    """A hard rule forbids it. `vetoes` are their names; overruling takes the senior role and a note."""

    def __init__(self, vetoes: tuple[str, ...], *, may_overrule: bool) -> None:
        if may_overrule:
            message = Sentence("this overrules {vetoes}: say why with --note", vetoes=vetoes)
        else:
            message = Sentence("this overrules {vetoes}: a senior cataloguer may, with a note", vetoes=vetoes)
        super().__init__(message)
        self.vetoes = vetoes
        self.may_overrule = may_overrule


class StaleAnswer(UsageError):
    """Another was faster, or the evidence moved. `version` is the case's present one, `seen` the one answered."""

    def __init__(self, case: str, *, seen: int, version: int) -> None:
        super().__init__(
            Sentence(
                "case {case} is at version {version}, the answer was for {seen}: look again",
                case=case,
                seen=str(seen),
                version=str(version),
            )
        )
        self.case = case
        self.seen = seen
        self.version = version


class ConfigurationError(LyhdeError):
    """`faults` lists every fault found, each with file, key, value seen and values allowed."""

    exit_code = 3

    def __init__(self, faults: Sequence[str]) -> None:
        super().__init__("\n".join(faults))
        self.faults = list(faults)


class ServiceUnreachable(LyhdeError):
    exit_code = 4
    retryable = True


class DownloadFailed(ServiceUnreachable):
    """`part` is what could not be fetched."""

    def __init__(self, part: str, reason: str, advice: str) -> None:
        super().__init__(
            Sentence("could not download {part}: {reason}. {advice}", part=part, reason=reason, advice=advice)
        )
        self.part = part


class LossBudgetExceeded(LyhdeError):
    exit_code = 5


class SourceFailed(LyhdeError):
    """One source's harvest failed; `source` names it."""

    exit_code = 6

    def __init__(self, source: str, message: str) -> None:
        super().__init__(Sentence("{source}: {what}", source=source, what=message))
        self.source = source


class FeedRefused(SourceFailed):
    pass


class FeedHeld(SourceFailed):
    """`run` is the id to give to ``lyhde hold approve`` or ``hold reject``."""

    def __init__(self, source: str, run: int, reasons: Sequence[str]) -> None:
        super().__init__(source, Sentence("run {run} is held: {reasons}", run=str(run), reasons=list(reasons)))
        self.run = run
        self.reasons = list(reasons)


class RunLocked(LyhdeError):
    exit_code = 7
    retryable = True
