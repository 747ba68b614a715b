"""Evidence comes back as it was sent or not at all, on disk and in S3 (moto's server on loopback)."""

from __future__ import annotations

import errno
import hashlib
import http.server
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError
from moto.server import ThreadedMotoServer

from makewhole.domain.refusal import Refused
from makewhole.integrations.evidence_files import EvidenceDamaged, EvidenceFiles, EvidenceMissing, open_evidence_files
from makewhole.integrations.evidence_files.s3.blobs import S3Blobs
from makewhole.store.envelope import Lock

ANNA, BERT = "0198c0de-anna", "0198c0de-bert"
LOCK, OTHER_LOCK = Lock(b"a" * 32), Lock(b"b" * 32)
PHOTO = bytes(range(256)) * 40


@pytest.fixture(scope="session")
def s3_endpoint() -> Iterator[str]:
    server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
    server.start()
    _, port = server.get_host_and_port()
    yield f"http://127.0.0.1:{port}"
    server.stop()


@pytest.fixture
def aws(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")


class Disk:
    """A store on disk, and a look under its surface."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.files = open_evidence_files("disk", {"folder": str(folder)})

    def stored(self) -> dict[str, bytes]:
        return {
            str(file.relative_to(self.folder)): file.read_bytes() for file in self.folder.rglob("*") if file.is_file()
        }

    def overwrite(self, path: str, content: bytes) -> None:
        (self.folder / path).write_bytes(content)


class S3:
    """A store in a bucket with versioning, which hides what is deleted rather than deleting it."""

    def __init__(self, endpoint: str, bucket: str) -> None:
        self.client = boto3.client("s3", endpoint_url=endpoint, region_name="us-east-1")
        self.client.create_bucket(Bucket=bucket)
        self.client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        self.bucket = bucket
        settings = {"bucket": bucket, "prefix": "/evidence/", "endpoint": endpoint, "region": "us-east-1"}
        self.files = open_evidence_files("s3", settings)

    def stored(self) -> dict[str, bytes]:
        """Every version of every key."""
        listed = self.client.list_object_versions(Bucket=self.bucket)
        assert not listed["IsTruncated"]
        found = {}
        for item in listed.get("Versions", []) + listed.get("DeleteMarkers", []):
            place = {"Bucket": self.bucket, "Key": item["Key"], "VersionId": item["VersionId"]}
            name = item["Key"] if item["IsLatest"] else f"{item['Key']}@{item['VersionId']}"
            found[name] = self.client.get_object(**place)["Body"].read() if "ETag" in item else b""
        return found

    def overwrite(self, path: str, content: bytes) -> None:
        self.client.put_object(Bucket=self.bucket, Key=path, Body=content)


@pytest.fixture(params=["disk", "s3"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Any:
    if request.param == "disk":
        return Disk(tmp_path / "evidence")
    request.getfixturevalue("aws")
    name = hashlib.sha256(request.node.name.encode()).hexdigest()[:32]
    return S3(request.getfixturevalue("s3_endpoint"), name)


@pytest.fixture
def files(place: Any) -> EvidenceFiles:
    found: EvidenceFiles = place.files
    return found


@pytest.mark.parametrize("lock", [None, LOCK], ids=["plain", "sealed"])
@pytest.mark.parametrize("content", [b"", b"x", PHOTO], ids=["empty", "byte", "photo"])
def test_evidence_comes_back_as_it_was_sent(files, content, lock):
    address = files.put(ANNA, content, lock=lock)
    assert address == hashlib.sha256(content).hexdigest()
    assert files.exists(ANNA, address)
    assert files.get(ANNA, address, lock=lock) == content


def test_putting_twice_is_putting_once(place, files):
    first = files.put(ANNA, PHOTO, lock=LOCK)
    stored = place.stored()
    assert files.put(ANNA, PHOTO, lock=LOCK) == first
    assert len(stored) == 1
    assert place.stored() == stored


def test_sealed_evidence_shows_nothing_where_it_lies(place, files):
    files.put(ANNA, b"burn, left hand" * 50, lock=LOCK)
    assert all(b"burn" not in content for content in place.stored().values())


def test_sealed_evidence_does_not_open_with_another_key_or_without(files):
    address = files.put(ANNA, PHOTO, lock=LOCK)
    for wrong in (OTHER_LOCK, None):
        with pytest.raises(EvidenceDamaged, match=f"{ANNA}/{address}"):
            files.get(ANNA, address, lock=wrong)


def test_what_was_never_put_is_missing(files):
    assert not files.exists(ANNA, "0" * 64)
    with pytest.raises(EvidenceMissing, match=f"nothing is stored for {ANNA}/{'0' * 64}"):
        files.get(ANNA, "0" * 64)


@pytest.mark.parametrize("lock", [None, LOCK], ids=["plain", "sealed"])
@pytest.mark.parametrize("damage", [lambda c: c[:-1], lambda c: b"", lambda c: bytes([c[0] ^ 1]) + c[1:]])
def test_damaged_evidence_is_never_handed_out_and_is_mended_by_putting_it_again(place, files, lock, damage):
    address = files.put(ANNA, PHOTO, lock=lock)
    ((path, content),) = place.stored().items()
    place.overwrite(path, damage(content))
    with pytest.raises(EvidenceDamaged):
        files.get(ANNA, address, lock=lock)
    files.put(ANNA, PHOTO, lock=lock)
    assert files.get(ANNA, address, lock=lock) == PHOTO


def test_a_sealed_file_laid_at_another_subjects_address_does_not_open(place, files):
    address = files.put(ANNA, PHOTO, lock=LOCK)
    ((anna_path, sealed),) = place.stored().items()
    files.put(BERT, PHOTO, lock=LOCK)
    (bert_path,) = set(place.stored()) - {anna_path}
    place.overwrite(bert_path, sealed)
    with pytest.raises(EvidenceDamaged):
        files.get(BERT, address, lock=LOCK)


def test_the_same_photo_of_two_people_is_two_files_and_erasing_one_leaves_the_other(place, files):
    address = files.put(ANNA, PHOTO, lock=LOCK)
    files.put(ANNA, b"a second photo", lock=LOCK)
    assert files.put(BERT, PHOTO, lock=OTHER_LOCK) == address
    files.erase(ANNA)
    files.erase(ANNA)
    assert not files.exists(ANNA, address)
    assert files.get(BERT, address, lock=OTHER_LOCK) == PHOTO
    assert len(place.stored()) == 1


def test_erasing_leaves_a_subject_whose_id_only_begins_alike(place, files):
    files.put("anna", PHOTO)
    address = files.put("anna2", PHOTO)
    files.erase("anna")
    assert files.get("anna2", address) == PHOTO


def test_deleting_removes_one_file_in_every_version_and_twice_is_once(place, files):
    address = files.put(ANNA, PHOTO)
    other = files.put(ANNA, b"another")
    (path,) = (path for path in place.stored() if path.endswith(address))
    place.overwrite(path, b"damaged")
    files.put(ANNA, PHOTO)
    files.delete(ANNA, address)
    files.delete(ANNA, address)
    assert not files.exists(ANNA, address)
    assert files.get(ANNA, other) == b"another"
    assert len(place.stored()) == 1


def test_many_putting_the_same_photo_at_once_leave_one_whole_file(place, files):
    with ThreadPoolExecutor(8) as many:
        addresses = set(many.map(lambda _: files.put(ANNA, PHOTO, lock=LOCK), range(24)))
    assert len(addresses) == 1
    assert files.get(ANNA, addresses.pop(), lock=LOCK) == PHOTO
    assert len({path.partition("@")[0] for path in place.stored()}) == 1


@pytest.mark.parametrize("subject", ["", "../bert", "a/b", "a\0b", "x" * 65])
def test_an_id_that_could_lead_elsewhere_is_a_bug(files, subject):
    with pytest.raises(AssertionError, match="not a subject's id"):
        files.put(subject, PHOTO)


@pytest.mark.parametrize("sha256", ["", "../../passwd", "A" * 64, "0" * 63])
def test_an_address_that_is_none_is_a_bug(files, sha256):
    with pytest.raises(AssertionError, match="not a SHA-256"):
        files.get(ANNA, sha256)


def test_nobody_but_the_owner_may_read_the_files_on_disk(tmp_path):
    disk = Disk(tmp_path / "evidence")
    disk.files.put(ANNA, PHOTO)
    assert all(path.stat().st_mode & 0o077 == 0 for path in [disk.folder, *disk.folder.rglob("*")])


def test_what_a_killed_process_left_half_written_is_swept_after_a_day(tmp_path):
    disk = Disk(tmp_path / "evidence")
    old, fresh = disk.folder / "incoming" / "old", disk.folder / "incoming" / "fresh"
    for left, age in ((old, 25 * 3600), (fresh, 23 * 3600)):
        left.write_bytes(b"half")
        written_at = left.stat().st_mtime - age
        os.utime(left, (written_at, written_at))
    Disk(tmp_path / "evidence")
    assert not old.exists()
    assert fresh.exists()


# Runs in a mount namespace of its own, with a file system of 256 KB at the folder it is given.
ON_A_SMALL_DISK = """
import sys
from pathlib import Path
from makewhole.domain.refusal import Refused
from makewhole.integrations.evidence_files import open_evidence_files

folder = Path(sys.argv[1])
files = open_evidence_files("disk", {"folder": str(folder)})
kept = files.put("anna", b"a" * 100_000)
before = sorted(folder.rglob("*"))
try:
    files.put("anna", b"b" * 400_000)
except Refused as refusal:
    print(refusal)
assert [path for path in sorted(folder.rglob("*")) if path.is_file()] == [path for path in before if path.is_file()]
assert files.get("anna", kept) == b"a" * 100_000
small = files.put("anna", b"c" * 50_000)
assert files.get("anna", small) == b"c" * 50_000
print("room again")
"""


@pytest.mark.skipif(
    sys.platform != "linux" or subprocess.run(["unshare", "-rm", "true"], capture_output=True).returncode != 0,
    reason="needs Linux with a mount namespace for a small disk",
)
def test_a_really_full_disk_refuses_and_leaves_nothing_half(tmp_path):
    mount_and_run = 'mount -t tmpfs -o size=256k none "$1" && exec "$2" -c "$3" "$1"'
    command = ["unshare", "-rm", "sh", "-c", mount_and_run, "sh", str(tmp_path), sys.executable, ON_A_SMALL_DISK]
    ran = subprocess.run(command, capture_output=True, text=True, timeout=60)
    assert ran.stdout.split("\n") == ["evidence_store_full", "room again", ""], ran.stderr


@pytest.mark.parametrize("number", [errno.ENOSPC, errno.EDQUOT])
def test_a_disk_that_says_only_at_the_end_that_it_is_full_refuses_too(tmp_path, monkeypatch, number):
    disk = Disk(tmp_path / "evidence")

    def full(_: int) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(Refused, match="evidence_store_full"):
        disk.files.put(ANNA, PHOTO)
    assert disk.stored() == {}


def test_a_disk_that_fails_otherwise_is_no_refusal(tmp_path, monkeypatch):
    disk = Disk(tmp_path / "evidence")

    def broken(_: int) -> None:
        raise OSError(errno.EIO, os.strerror(errno.EIO))

    monkeypatch.setattr(os, "fsync", broken)
    with pytest.raises(OSError, match="Input/output error"):
        disk.files.put(ANNA, PHOTO)
    assert disk.stored() == {}


class FullStore(http.server.BaseHTTPRequestHandler):
    """Speaks just enough S3 to hold nothing and refuse everything."""

    status, code = 507, ""

    def do_GET(self) -> None:
        self._answer(404, "NoSuchKey")

    def do_PUT(self) -> None:
        self.rfile.read(int(self.headers["Content-Length"]))
        self._answer(self.status, self.code)

    def _answer(self, status: int, code: str) -> None:
        body = f"<Error><Code>{code}</Code><Message>no</Message></Error>".encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


@pytest.mark.parametrize(
    ("status", "code", "problem"),
    [
        (507, "Other", "evidence_store_full"),
        (403, "QuotaExceeded", "evidence_store_full"),
        (403, "AccessDenied", "AccessDenied"),
    ],
)
def test_a_full_s3_store_refuses_and_one_that_forbids_is_an_error(aws, status, code, problem):
    full = type("Full", (FullStore,), {"status": status, "code": code})
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), full) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        endpoint = f"http://127.0.0.1:{server.server_port}"
        files = open_evidence_files("s3", {"bucket": "b", "endpoint": endpoint, "region": "us-east-1"})
        with pytest.raises(Refused if problem == "evidence_store_full" else ClientError, match=problem):
            files.put(ANNA, PHOTO)
        server.shutdown()


def test_s3_erases_what_somebody_had_only_hidden(aws, s3_endpoint):
    place = S3(s3_endpoint, "hidden")
    place.files.put(ANNA, PHOTO)
    (path,) = place.stored()
    place.client.delete_object(Bucket=place.bucket, Key=path)
    assert len(place.stored()) == 2
    place.files.erase(ANNA)
    assert place.stored() == {}


def test_s3_erases_more_than_a_page_of_files_and_nothing_whose_name_only_begins_alike(aws, s3_endpoint):
    place = S3(s3_endpoint, "many-files")
    for key in [*(f"anna/{number}" for number in range(1003)), "anna2/1"]:
        place.client.put_object(Bucket=place.bucket, Key=key, Body=b"")
    S3Blobs(place.client, bucket=place.bucket).delete_folder("anna")
    assert place.stored().keys() == {"anna2/1"}


@pytest.mark.parametrize(
    ("kind", "settings", "says"),
    [
        ("tape", {}, "evidence can be kept on 'disk' or in 's3', not in 'tape'"),
        ("disk", {}, "evidence on disk needs the setting 'folder'"),
        ("disk", {"folder": "x", "bucket": "y"}, "and no other"),
        ("s3", {"prefix": "x"}, "evidence in S3 needs the setting 'bucket'"),
        ("s3", {"bucket": "x", "buckets": "y"}, r"unknown: \['buckets'\]"),
    ],
)
def test_wrong_settings_are_one_sentence(kind, settings, says):
    with pytest.raises(ValueError, match=says):
        open_evidence_files(kind, settings)
