"""Which rules the store was last resolved by: another version of any of it resolves everything."""

from __future__ import annotations

from matching.features import FEATURES_VERSION
from matching.model import load_model
from matching.resolution import RESOLUTION_VERSION
from merging.rules import load_rules

RULES_FACT = "rules"


def rules_now() -> list[str]:
    """Versions of the survivorship rules, the weights, the features and the resolution, as this process has them."""
    return [load_rules().version, load_model().stamp, FEATURES_VERSION, RESOLUTION_VERSION]
