"""Whether the services beside the database answer just now. Nothing is started."""

from __future__ import annotations

from catalogue.errors import LyhdeError
from index import server
from index.search_index import SearchIndex
from jobs.connections import api_key, server_dir
from ops.settings import Settings


def search_answers(settings: Settings) -> bool:
    """Whether the search server answers: a cluster of one's own, else the embedded one."""
    about = settings.elasticsearch
    if about.url is None:
        return server.status(server_dir(settings)).running
    try:
        with SearchIndex(
            about.url, prefix=about.index_prefix, api_key=api_key(about), ca_certs=about.ca_certs
        ) as index:
            index.status()
    except LyhdeError:
        return False
    return True
