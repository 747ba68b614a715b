"""Is an exported claim file what the operator wrote, and was it decided as the policy says? Start at verify().

It goes from the outside to the inside: the bytes of the file, the signature over its sections, the chain of its
events, the checkpoint that saw them, the texts of the policies, and then each decision, asked again. Everything is
told, not only the first fault: a changed byte breaks the signature, and the check further in says where it is.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from dataclasses import dataclass
from zoneinfo import ZoneInfo

import msgspec
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from makewhole.domain.calendar import Calendar
from makewhole.domain.chain import Stated, body_digest, event_digest, fingerprint, leaf, root_over
from makewhole.domain.claim.events import ClaimFiled, Recorded
from makewhole.domain.policy.document import read_policy
from makewhole.domain.policy.findings import PolicyFaulty
from makewhole.proof import document
from makewhole.proof.document import Export, ExportedEvent, SignedCheckpoint
from makewhole.proof.findings import Check, Checks, held
from makewhole.proof.recomputing import recomputed
from makewhole.proof.walk import Known
from makewhole.store.codec import decode

# Far above any claim; what is larger is read by nobody here.
LARGEST_FILE_BYTES = 64 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Verified:
    """All checks, in order. `good` where none failed; notes fail nothing."""

    checks: tuple[Check, ...]

    @property
    def good(self) -> bool:
        return all(check.state != "failed" for check in self.checks)


def verify(content: bytes, *, keys: frozenset[bytes] = frozenset()) -> Verified:
    """Every check of an exported claim file. `keys`: the operator's published keys; without any, the file's own is
    used, and the answer says to compare it."""
    if len(content) > LARGEST_FILE_BYTES:
        return Verified((Check("failed", "file", f"has {len(content):,} bytes, and is no claim file"),))
    try:
        content.decode()  # first what is no text and no JSON at all: those faults know their byte
        msgspec.json.decode(content)
        export = document.from_bytes(content)
    except (UnicodeDecodeError, msgspec.DecodeError, RecursionError) as fault:
        return Verified((Check("failed", _place_of(fault, content), f"this is no claim file: {fault}"),))
    if export.format != document.FORMAT:
        return Verified((Check("failed", "format", f"is {export.format!r}; this program reads {document.FORMAT!r}"),))
    return Verified(tuple(_checks(export, content, keys)))


def _checks(export: Export, content: bytes, keys: frozenset[bytes]) -> Checks:
    reading = _Reading(export)
    outside = [
        _written_one_way(export, content),
        *_signed(export),
        *_key("about, public_key", export.about.public_key, keys),
        *reading.chain(),
        *_checkpoint(export, keys),
        *_texts(export),
    ]
    yield from outside
    if any(check.state == "failed" for check in outside):
        yield Check("note", "decisions", "are not asked again: the file is not the one that was signed")
    else:
        yield from _decisions(export, reading.events)


# The file --------------------------------------------------------------------------------------------


def _written_one_way(export: Export, content: bytes) -> Check:
    again = document.to_bytes(export)
    if again == content:
        return Check("ok", "file", f"{len(content):,} bytes, each where the export writes it")
    pairs = zip(content, again, strict=False)
    at = next((n for n, (here, there) in enumerate(pairs) if here != there), min(len(content), len(again)))
    return Check("failed", _byte(at, content), "is not what the export writes here")


def _byte(at: int, content: bytes) -> str:
    return f"byte {at}, line {content.count(10, 0, at) + 1}"


def _place_of(fault: Exception, content: bytes) -> str:
    """Where a file stops being one: the byte, or the field and (counted from 1) the event that it is in."""
    if isinstance(fault, UnicodeDecodeError):
        return _byte(fault.start, content)
    told = str(fault)
    if "[...]" in told:  # a number out of range, read before the fields had names: ask again with their names
        told = _told_of_fields(content) or told
    if byte := re.search(r"\(byte (\d+)\)", told):
        return _byte(int(byte[1]), content)
    if path := re.search(r" - at `\$\.?([^`]*)`$", told):
        return _field(path[1])
    if unknown := re.search(r"unknown field `(.*)`$", told):
        return _byte(max(0, content.find(b'"' + unknown[1].encode() + b'"')), content)
    return _byte(len(content), content) if "truncated" in told else "file"


def _told_of_fields(content: bytes) -> str:
    try:
        document.from_bytes(content)
    except (msgspec.DecodeError, RecursionError) as fault:
        return str(fault)
    return ""


def _field(path: str) -> str:
    """ "events[2].digest" is of event 3, "policies[0].text" of policy 1."""
    one = re.fullmatch(r"(event|polic)(?:s|ies)\[(\d+)\]\.?(.*)", path)
    if one:
        place = f"{'event' if one[1] == 'event' else 'policy'} {int(one[2]) + 1}"
        return f"{place}, {one[3]}" if one[3] else place
    return path.replace(".", ", ") or "file"


def _signed(export: Export) -> Checks:
    """The signature over the digests of the sections, and the sections: so the changed one is known by its name."""
    parts, content = export.parts, document.signed_content(export.parts)
    holds = _is_signed(export.about.public_key, export.signature, content)
    yield held(holds, "signature", "over the digests of all sections", "is not over these digests, or not by this key")
    made = document.parts_of(
        export.about, export.claim, export.calendar, export.policies, export.events, export.checkpoint
    )
    changed = [name for name in document.SECTIONS if getattr(made, name) != getattr(parts, name)]
    for name in changed:
        if holds:
            yield Check("failed", name, "is not the section whose digest is signed")
        else:
            yield Check("failed", f"parts, {name}", "is not the digest of that section")
    if not changed:
        yield Check("ok", "parts", f"{len(document.SECTIONS)} sections, each with its digest")


def _is_signed(public_key: str, signature: str, content: bytes) -> bool:
    try:
        Ed25519PublicKey.from_public_bytes(bytes.fromhex(public_key)).verify(bytes.fromhex(signature), content)
    except (InvalidSignature, ValueError):
        return False
    return True


def _key(place: str, public_key: str, keys: frozenset[bytes]) -> Checks:
    key = bytes.fromhex(public_key)
    told = f"{public_key}, fingerprint {fingerprint(key)}"
    if keys:
        yield held(key in keys, place, told, f"{told}: this is not a key that you named")
    else:
        yield Check(
            "note", place, f"{told}: compare it with the key that the operator publishes, or name it with --key"
        )


# The events ------------------------------------------------------------------------------------------


class _Reading:
    """The events of the file, read as far as they are what their digests were made of."""

    def __init__(self, export: Export) -> None:
        self.export = export
        self.events: dict[int, Recorded | None] = {}

    def chain(self) -> Checks:
        prior, whole, withheld = "", True, []
        for no, event in enumerate(self.export.events, start=1):
            faults = [*self._event(no, event, prior)]
            yield from faults
            if event.withheld:
                withheld.append(no)
            # Each is held against the digest that stands before it, so that one fault is told once.
            prior, whole = event.digest, whole and not faults
        if not self.export.events:
            yield Check("failed", "events", "there is none")
        elif whole:
            yield Check(
                "ok", _numbers(1, len(self.export.events)), "each follows the one before it, and is as its digest says"
            )
        if withheld:
            told = ", ".join(map(str, withheld))
            yield Check(
                "note", f"event {told}", f"withheld from the {self.export.about.reader}; the digest stands in its place"
            )

    def _event(self, no: int, event: ExportedEvent, prior: str) -> Checks:
        if event.version != no:
            yield Check("failed", f"event {no}, version", f"is {event.version}: events are gone, or another order")
        if event.prior != prior:
            yield Check("failed", f"event {no}, prior", "is not the digest of the event before it")
        digest_of_body = _body_digest(event)
        if digest_of_body is None:
            yield Check("failed", f"event {no}", "has a body and is withheld, or neither")
            return
        if event_digest(bytes.fromhex(event.prior), digest_of_body).hex() != event.digest:
            what = "body_sha256" if event.body is None else "body"
            yield Check("failed", f"event {no}, {what}", "is not what the event's digest was made of")
        elif event.body is None:
            self._keep(no, None)
        else:
            yield from self._body(no, event.body)

    def _body(self, no: int, body: str) -> Checks:
        try:
            told, recorded = decode(body)
        except Exception as unreadable:  # whatever somebody wrote there: it is no event of ours
            yield Check("failed", f"event {no}, body", f"cannot be read: {unreadable}")
            return
        claim = self.export.claim
        if (told.claim, told.version) != (claim.id, no):
            yield Check("failed", f"event {no}, body", f"is version {told.version} of claim {told.claim}")
            return
        if isinstance(recorded.event, ClaimFiled):
            filed = recorded.event
            for name, value in (("reference", filed.reference), ("marketplace", filed.marketplace)):
                if getattr(claim, name) != value:
                    yield Check("failed", f"claim, {name}", f"is {getattr(claim, name)!r}; event {no} says {value!r}")
        elif no == 1:
            yield Check("failed", "event 1, body", f"is {told.kind}: a claim begins with its filing")
            return
        self._keep(no, recorded)

    def _keep(self, no: int, recorded: Recorded | None) -> None:
        """For what is asked again: only events without a gap, so that nothing rests on one that is missing."""
        if no == len(self.events) + 1 and (recorded is not None or no > 1):
            self.events[no] = recorded


def _body_digest(event: ExportedEvent) -> bytes | None:
    if event.withheld and event.body is None and event.body_sha256 is not None:
        return bytes.fromhex(event.body_sha256)
    if not event.withheld and event.body is not None and event.body_sha256 is None:
        return body_digest(event.body.encode())
    return None


def _numbers(first: int, last: int) -> str:
    return f"events {first} to {last}" if last > first else f"event {first}"


# The checkpoint --------------------------------------------------------------------------------------


def _checkpoint(export: Export, keys: frozenset[bytes]) -> Checks:
    checkpoint, last = export.checkpoint, len(export.events)
    if checkpoint is None:
        yield Check(
            "note", "checkpoint", "there is none yet: what happened is signed within the hour; export it again then"
        )
        return
    if checkpoint.covers > last:
        yield Check("failed", "checkpoint, covers", f"is event {checkpoint.covers}; the file has {last}")
        return
    head = bytes.fromhex(export.events[checkpoint.covers - 1].digest)
    steps = [(step.side, bytes.fromhex(step.sha256)) for step in checkpoint.path]
    root = root_over(leaf(export.claim.id, checkpoint.covers, head), steps)
    if root.hex() != checkpoint.root:
        yield Check("failed", "checkpoint, path", f"does not lead from event {checkpoint.covers} to its root")
        return
    stated = _stated(checkpoint)
    told = f"checkpoint {checkpoint.seq}"
    if not _is_signed(checkpoint.public_key, checkpoint.signature, stated.digest()):
        yield Check("failed", "checkpoint, signature", f"is not over what {told} says, or not by its key")
        return
    rest = "" if checkpoint.covers == last else (
        f"; the rest is not yet covered by a checkpoint ({_numbers(checkpoint.covers + 1, last)})"
    )  # fmt: skip
    yield Check(
        "ok", told, f"of {stated.at:%Y-%m-%d %H:%M} UTC: signed up to event {checkpoint.covers} of {last}{rest}"
    )
    if checkpoint.public_key != export.about.public_key:
        yield from _key("checkpoint, public_key", checkpoint.public_key, keys)


def _stated(checkpoint: SignedCheckpoint) -> Stated:
    return Stated(
        seq=checkpoint.seq,
        at=checkpoint.at,
        claims=checkpoint.claims,
        events=checkpoint.events,
        root=bytes.fromhex(checkpoint.root),
        prior=bytes.fromhex(checkpoint.prior),
    )


# What decisions are asked by -------------------------------------------------------------------------


def _texts(export: Export) -> Checks:
    """Each policy has the text of its digest, once."""
    seen: set[str] = set()
    for policy in export.policies:
        place = f"policy {policy.version}"
        if policy.version in seen:
            yield Check("failed", place, "stands there twice")
        seen.add(policy.version)
        same = hashlib.sha256(policy.text.encode()).hexdigest() == policy.sha256
        yield held(same, f"{place}, text", f"of the digest {policy.sha256}, to be compared under The rules",
                   "is not the text of its digest")  # fmt: skip


def _decisions(export: Export, events: Mapping[int, Recorded | None]) -> Checks:
    """Read and asked only where all of the file is signed: nobody else's policy is compiled here."""
    policies: dict[str, Known] = {}
    for policy in export.policies:
        try:
            policies[policy.version] = Known(read_policy(policy.text, where=policy.version), policy.published_at)
        except (PolicyFaulty, ValueError, RecursionError) as faulty:
            yield Check("failed", f"policy {policy.version}, text", f"is no policy: {faulty}")
    try:
        ZoneInfo(export.calendar.zone)
    except (LookupError, ValueError, OSError):
        yield Check("failed", "calendar, zone", f"there is no zone {export.calendar.zone!r} here")
        return
    calendar = Calendar(export.calendar.zone, frozenset(export.calendar.free_days))
    yield from recomputed(export.claim.id, events, policies, calendar)
