"""The domain: frozen models and pure functions that every other room speaks in. Imports none of ours."""
