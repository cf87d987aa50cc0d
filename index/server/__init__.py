"""The embedded search server: an unmodified Elasticsearch on loopback, out of Maven's jars and a Java runtime from pip.

For development, tests, demonstrations and small libraries; a service of size has a cluster of its own.
"""

from index.server.fetching import fetch
from index.server.running import RunningServer, ServerStatus, start, status, stop

__all__ = ["RunningServer", "ServerStatus", "fetch", "start", "status", "stop"]
