"""API v1. `api` is what the routes take in; each module beside this one holds the endpoints of one subject.

Start at claims.py. A request goes: token (tokens.py, one statement), body (said.py), one call, answer (shown.py);
whatever goes wrong ends in problems.py.
"""

from __future__ import annotations

from makewhole.api.v1.door import Api
from makewhole.api.v1.problems import SENTENCES_OF_THE_API

__all__ = ["SENTENCES_OF_THE_API", "api"]

api = Api(title="Makewhole", version="1", urls_namespace="api-v1")
