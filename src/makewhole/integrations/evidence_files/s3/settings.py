"""What an operator sets to keep evidence in S3.

`bucket` is needed. `prefix` goes before every key. `endpoint` and `region` point elsewhere than AWS.
Credentials come the usual way of AWS tools (environment, profile, role of the machine), never from here.
The account needs s3:GetObject, s3:PutObject, s3:DeleteObject, s3:DeleteObjectVersion, s3:ListBucket and
s3:ListBucketVersions. A bucket with object lock would keep what must be erasable: do not use one.
"""

from __future__ import annotations

from collections.abc import Mapping

import boto3
from botocore.config import Config

from makewhole.integrations.evidence_files.s3.blobs import S3Blobs

_KNOWN = {"bucket", "prefix", "endpoint", "region"}


def open_blobs(settings: Mapping[str, str]) -> S3Blobs:
    unknown = sorted(set(settings) - _KNOWN)
    if unknown or not settings.get("bucket"):
        raise ValueError(f"evidence in S3 needs the setting 'bucket' and knows {sorted(_KNOWN)}; unknown: {unknown}")
    client = boto3.client(
        "s3",
        endpoint_url=settings.get("endpoint") or None,
        region_name=settings.get("region") or None,
        config=Config(
            connect_timeout=5,
            read_timeout=30,
            retries={"mode": "standard", "max_attempts": 3},
            # The signature covers the content, so the store refuses what changed on the way. Newer trailing
            # checksums would say the same again, and not every store that speaks S3 understands them.
            s3={"payload_signing_enabled": True},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    )
    return S3Blobs(client, bucket=settings["bucket"], prefix=settings.get("prefix", ""))
