"""A small OpenID Connect provider on loopback: one person, the authorization code flow with PKCE, signed tokens."""

from __future__ import annotations

import base64
import hashlib
import json
import secrets
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

import jwt
from cryptography.hazmat.primitives.asymmetric import rsa

CLIENT_ID, CLIENT_SECRET = "makewhole", "a secret between two servers"


@dataclass
class Provider:
    """Who is signed in there, and what the provider says of them."""

    claims: dict[str, Any]
    deny: bool = False
    asked: list[str] = field(default_factory=list)
    _codes: dict[str, dict[str, str]] = field(default_factory=dict)
    _key: rsa.RSAPrivateKey = field(default_factory=lambda: rsa.generate_private_key(65537, 2048))

    def __post_init__(self) -> None:
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self))
        self.issuer = f"http://127.0.0.1:{self._server.server_port}"
        threading.Thread(target=self._server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self._server.shutdown()
        self._server.server_close()

    def answer(self, path: str, told: dict[str, str], authorization: str) -> tuple[int, dict[str, Any] | str]:
        self.asked.append(path)
        match path:
            case "/.well-known/openid-configuration":
                places = {name: f"{self.issuer}/{name.partition('_')[0]}" for name in (
                    "authorization_endpoint", "token_endpoint", "userinfo_endpoint", "jwks_uri")}  # fmt: skip
                methods = {"token_endpoint_auth_methods_supported": ["client_secret_post"]}
                return 200, {"issuer": self.issuer, **places, **methods}
            case "/authorization":
                return 302, self._back(told)
            case "/token":
                return self._token(told)
            case "/userinfo":
                return (200, self.claims) if authorization == "Bearer of-the-one-person" else (401, {})
            case "/jwks":
                return 200, {"keys": [json.loads(jwt.algorithms.RSAAlgorithm.to_jwk(self._key.public_key()))]}
        return 404, {}

    def _back(self, told: dict[str, str]) -> str:
        assert told["client_id"] == CLIENT_ID and told["response_type"] == "code"
        assert told["code_challenge_method"] == "S256" and "openid" in told["scope"].split()
        if self.deny:
            return f"{told['redirect_uri']}?{urlencode({'error': 'access_denied', 'state': told['state']})}"
        code = secrets.token_urlsafe(12)
        self._codes[code] = told
        return f"{told['redirect_uri']}?{urlencode({'code': code, 'state': told['state']})}"

    def _token(self, told: dict[str, str]) -> tuple[int, dict[str, Any]]:
        asked = self._codes.pop(told.get("code", ""), None)
        challenge = base64.urlsafe_b64encode(hashlib.sha256(told.get("code_verifier", "").encode()).digest())
        good = asked is not None and asked["code_challenge"] == challenge.decode().rstrip("=")
        if not good or (told.get("client_id"), told.get("client_secret")) != (CLIENT_ID, CLIENT_SECRET):
            return 400, {"error": "invalid_grant"}
        now = int(time.time())
        about = {**self.claims, "iss": self.issuer, "aud": CLIENT_ID, "iat": now, "exp": now + 60}
        token = jwt.encode(about, self._key, algorithm="RS256", headers={"kid": "1"})
        return 200, {"access_token": "of-the-one-person", "token_type": "Bearer", "id_token": token}


def _handler(provider: Provider) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked = urlsplit(self.path)
            self._say(provider.answer(asked.path, _one_each(asked.query), self.headers.get("Authorization", "")))

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            self._say(provider.answer(self.path, _one_each(body), ""))

        def _say(self, answer: tuple[int, dict[str, Any] | str]) -> None:
            status, told = answer
            self.send_response(status)
            if isinstance(told, str):
                self.send_header("Location", told)
                self.send_header("Content-Length", "0")
                self.end_headers()
                return
            body = json.dumps(told).encode()
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_said: object) -> None:
            pass

    return Handler


def _one_each(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query).items()}
