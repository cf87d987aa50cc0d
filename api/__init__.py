"""What machines read: search, works and editions as JSON, the change feed, health and metrics."""
