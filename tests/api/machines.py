"""Machines at the door: Django's test client with real tokens, and the clock that every request sees."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, tzinfo
from typing import Any

from world import NOW

ALL = ("all",)


class Clock(datetime):
    """The instant at which every request of a test arrives; in the place of `datetime`, that of a command too."""

    stands_at = NOW

    @classmethod
    def now(cls, tz: tzinfo | None = None) -> datetime:
        return cls.stands_at


@dataclass
class Machine:
    """Somebody's program: its token, and the requests it makes."""

    token: str
    account_id: int
    token_id: int

    def get(self, path: str, **headers: str) -> Any:
        return self._client().get(f"/api/v1{path}", headers=self._headers(headers))

    def post(self, path: str, body: object = None, **headers: str) -> Any:
        return self.send("post", path, b"" if body is None else json.dumps(body).encode(), **headers)

    def put(self, path: str, body: object, **headers: str) -> Any:
        return self.send("put", path, json.dumps(body).encode(), **headers)

    def send(self, method: str, path: str, content: bytes, **headers: str) -> Any:
        call = getattr(self._client(), method)
        return call(f"/api/v1{path}", data=content, content_type="application/json", headers=self._headers(headers))

    def upload(self, name: str, content: bytes, kind: str = "photo", **fields: str) -> Any:
        from django.core.files.uploadedfile import SimpleUploadedFile

        headers = {each: fields.pop(each) for each in list(fields) if each == "idempotency_key"}
        data = {"kind": kind, **fields, "file": SimpleUploadedFile(name, content)}
        return self._client().post("/api/v1/evidence", data=data, headers=self._headers(headers))

    def _client(self) -> Any:
        from django.test import Client

        return Client(raise_request_exception=False)

    def _headers(self, more: dict[str, str]) -> dict[str, str]:
        named = {name.replace("_", "-"): value for name, value in more.items()}
        return {"host": "localhost", "authorization": f"Bearer {self.token}", **named}


Hire = Callable[..., Machine]
