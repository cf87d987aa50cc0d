"""Prefect only: order, retries, limits, schedules and artifacts around the jobs."""
