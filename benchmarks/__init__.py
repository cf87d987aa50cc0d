"""Figures, not assertions: ``python -m benchmarks.NAME``; what they printed is kept in ``docs/benchmarks.md``."""
