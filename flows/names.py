"""What others call the nightly run by. Imports nothing."""

FLOW = "nightly"
DEPLOYMENT = "nightly"
FULL_NAME = f"{FLOW}/{DEPLOYMENT}"
OUTCOME = "nightly-outcome"
