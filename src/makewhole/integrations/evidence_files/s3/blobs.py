"""Bytes under a key in a bucket. A put is whole or not at all by S3's own promise.

Deleting names every version: in a bucket with versioning a plain delete would only hide the data, and
erasure would be a lie.
"""

from __future__ import annotations

from typing import Any

from botocore.exceptions import ClientError

from makewhole.domain.refusal import Refused

# What stores that speak S3 answer when they hold no more; AWS itself never does.
_FULL = ("QuotaExceeded", "XMinioStorageFull", "XMinioAdminBucketQuotaExceeded", "InsufficientStorage", "507")

_ABSENT = ("NoSuchKey", "404", "NotFound")


class S3Blobs:
    """One bucket, below one prefix."""

    # Any: boto3 makes its client's class at run time.
    def __init__(self, client: Any, *, bucket: str, prefix: str = "") -> None:
        self._client = client
        self._bucket = bucket
        self._prefix = f"{prefix.strip('/')}/" if prefix.strip("/") else ""

    def write(self, path: str, content: bytes) -> None:
        try:
            self._client.put_object(Bucket=self._bucket, Key=self._prefix + path, Body=content)
        except ClientError as problem:
            if _code(problem) in _FULL or _status(problem) == 507:
                raise Refused("evidence_store_full") from problem
            raise

    def read(self, path: str) -> bytes | None:
        try:
            found = self._client.get_object(Bucket=self._bucket, Key=self._prefix + path)
        except ClientError as problem:
            if _code(problem) in _ABSENT:
                return None
            raise
        content: bytes = found["Body"].read()
        return content

    def exists(self, path: str) -> bool:
        try:
            self._client.head_object(Bucket=self._bucket, Key=self._prefix + path)
        except ClientError as problem:
            if _code(problem) in _ABSENT:
                return False
            raise
        return True

    def delete(self, path: str) -> None:
        self._delete_below(path, only=self._prefix + path)

    def delete_folder(self, path: str) -> None:
        self._delete_below(f"{path}/", only=None)

    def _delete_below(self, path: str, *, only: str | None) -> None:
        # Lists from the start each time: a marker to go on from would itself be deleted by then.
        before = None
        while doomed := self._first_versions(path, only):
            if doomed == before:
                raise OSError(f"the store said that it deleted {doomed[0]}, and lists it still")
            self._delete_all(doomed)
            before = doomed

    def _first_versions(self, path: str, only: str | None) -> list[dict[str, str]]:
        page = self._client.list_object_versions(Bucket=self._bucket, Prefix=self._prefix + path)
        listed = page.get("Versions", []) + page.get("DeleteMarkers", [])
        return [
            {"Key": item["Key"], "VersionId": item["VersionId"]}
            for item in listed
            if only is None or item["Key"] == only
        ]

    def _delete_all(self, doomed: list[dict[str, str]]) -> None:
        answer = self._client.delete_objects(Bucket=self._bucket, Delete={"Objects": doomed, "Quiet": True})
        errors = answer.get("Errors", [])
        if errors:
            raise OSError(f"{len(errors)} of {len(doomed)} were not deleted, the first: {errors[0]}")


def _code(problem: ClientError) -> str:
    return str(problem.response.get("Error", {}).get("Code", ""))


def _status(problem: ClientError) -> int:
    return int(problem.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0))
