"""The three headers of Standard Webhooks. The receiver's side of it: docs/guides/webhooks.md."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from standardwebhooks import Webhook


def signed(message_id: str, body: bytes, secrets: Sequence[str], *, at: datetime) -> dict[str, str]:
    """webhook-id, webhook-timestamp and webhook-signature, with one signature for each secret ("whsec_…")."""
    assert secrets, "a message without a signature is no message of ours"
    text = body.decode()
    signatures = [Webhook(secret).sign(message_id, at, text) for secret in secrets]
    return {
        "webhook-id": message_id,
        "webhook-timestamp": str(int(at.timestamp())),
        "webhook-signature": " ".join(signatures),
    }
