"""Point by point: an exported claim can be checked away from here, and whatever is changed in it is found, with its
place. MAKEWHOLE_EVERY_BYTE=1 also tries every single byte of the policy's text (half a minute more).
"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from proof.files_given import (
    AUDITOR,
    changed,
    claim_of_a_silent_seller,
    claim_with_an_appeal,
    claimant_of,
    day,
    exported,
    faults,
    notes,
    paid_small_claim,
    retold,
    seller_of,
    settle,
)

from makewhole.domain.actors import Actor
from makewhole.domain.claim.state import Claim
from makewhole.domain.refusal import Refused
from makewhole.proof import document as doc
from makewhole.proof.checking import verify
from makewhole.store import checkpoints
from makewhole.store.codec import decode

pytestmark = pytest.mark.usefixtures("emptied")

STORIES = (paid_small_claim, claim_with_an_appeal, claim_of_a_silent_seller)
Story = Callable[[], Claim]


# As exported ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("story", STORIES)
def test_everybodys_file_of_a_claim_holds(story: Story) -> None:
    claim = story()
    ours = frozenset({checkpoints.our_public_key()})
    for by in (seller_of(claim), claimant_of(claim), AUDITOR):
        content = exported(claim, by)
        assert faults(content) == []
        assert faults(content, keys=ours) == []


def test_a_party_gets_the_digests_and_not_the_bodies_of_what_it_may_not_see() -> None:
    claim = claim_of_a_silent_seller()

    def kinds(by: Actor) -> list[str]:
        return [decode(event.body)[0].kind for event in doc.from_bytes(exported(claim, by)).events if event.body]

    everything = kinds(AUDITOR)
    assert len(everything) == claim.version
    assert set(everything) - set(kinds(seller_of(claim))) == {"ClaimScreened"}
    assert set(everything) - set(kinds(claimant_of(claim))) == {"ClaimScreened", "BearerDecided", "RecoveryOpened"}
    assert "event 3: withheld from the seller" in "\n".join(notes(exported(claim, seller_of(claim))))


def test_every_stored_body_has_a_salt_of_its_own_so_that_a_withheld_one_cannot_be_tried_out() -> None:
    claim_with_an_appeal()
    from makewhole.store.models import Event

    salts = [decode(body)[0].salt for body in Event.objects.values_list("body", flat=True)]
    assert len(set(salts)) == len(salts) > 30
    assert all(re.fullmatch("[0-9a-f]{32}", salt) for salt in salts)


def test_the_file_says_how_far_it_is_signed() -> None:
    claim = paid_small_claim()
    told = "\n".join(check.says for check in verify(exported(claim, AUDITOR)).checks)
    assert "signed up to event 9 of 13; the rest is not yet covered by a checkpoint (events 10 to 13)" in told
    settle(day(1))
    told = "\n".join(check.says for check in verify(exported(claim, AUDITOR)).checks)
    assert "signed up to event 13 of 13" in told and "not yet covered" not in told


def test_before_the_first_hour_is_over_the_file_says_that_no_checkpoint_covers_it() -> None:
    from store.claims_given import filed, market

    claim = filed(market()).claim
    content = exported(claim, seller_of(claim))
    assert faults(content) == []
    assert any(note.startswith("checkpoint: there is none yet") for note in notes(content))


def test_without_a_key_named_the_file_says_which_to_compare() -> None:
    claim = paid_small_claim()
    content = exported(claim, AUDITOR)
    ours = checkpoints.our_public_key()
    assert any(ours.hex() in note and "compare it with the key" in note for note in notes(content))
    assert not any("compare it with the key" in check.says for check in verify(content, keys=frozenset({ours})).checks)


def test_who_may_not_see_the_claim_gets_no_file() -> None:
    claim = paid_small_claim()
    with pytest.raises(Refused, match="unknown_claim"):
        exported(claim, Actor("seller:9", "seller", seller_id=claim.filed.seller_id + 1))
    with pytest.raises(Refused, match="unknown_claim"):
        exported(claim, Actor("person:1", "auditor", marketplaces=frozenset({"elsewhere"})))
    with pytest.raises(Refused, match="role_may_not"):
        exported(claim, Actor("person:1", "administrator"))


# Changed by somebody -------------------------------------------------------------------------------------------


def test_no_byte_can_be_changed_without_the_file_failing_and_naming_the_place() -> None:
    claim = paid_small_claim()
    content = exported(claim, seller_of(claim))
    text = _policy_text(content)
    every = 1 if os.environ.get("MAKEWHOLE_EVERY_BYTE") else 17
    places = _places(content)
    unfound, elsewhere = [], []
    for at in range(len(content)):
        if at in text and at % every:
            continue
        touched = bytearray(content)
        touched[at] ^= 1 << at % 7 if at % 3 else 0x20
        found = [check.place for check in verify(bytes(touched)).checks if check.state == "failed"]
        if not found:
            unfound.append(at)
        elif not any(_is_there(place, places[at]) for place in found):
            elsewhere.append((at, places[at], found))
    assert unfound == [] and elsewhere == []


def test_a_digest_that_became_a_number_too_large_is_named_by_its_event() -> None:
    claim = paid_small_claim()
    content = exported(claim, seller_of(claim))
    digest = doc.from_bytes(content).events[1].digest
    [fault, *_] = faults(content.replace(f'"{digest}"'.encode(), b"2123e4567890", 1))
    assert fault.startswith("event 2, digest: this is no claim file"), fault


def test_a_file_that_is_cut_off_is_found_where_it_ends() -> None:
    claim = paid_small_claim()
    content = exported(claim, seller_of(claim))
    for length in (0, 1, 100, len(content) // 2, len(content) - 300, len(content) - 2, len(content) - 1):
        [fault, *_] = faults(content[:length])
        assert fault.startswith(f"byte {length}, line "), fault
    assert faults(content + b"\n") == [
        f"byte {len(content)}, line {content.count(10) + 1}: is not what the export writes here"
    ]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{}",
        b"[]",
        b"null",
        b"\xff\xfe",
        b"{" * 5000,
        b'{"format": "other"}',
        b"PK\x03\x04" + b"\0" * 50,
        b"9" * 9999,
    ],
)
def test_what_is_no_claim_file_is_said_to_be_none(content: bytes) -> None:
    [fault] = faults(content)
    assert "this is no claim file" in fault


def test_a_file_of_a_later_format_is_not_judged() -> None:
    content = exported(paid_small_claim(), AUDITOR).replace(b"claim export 1", b"claim export 2")
    [fault] = faults(content)
    assert fault.startswith("format: is 'makewhole claim export 2'")


def test_another_claims_events_are_found_whoever_signs() -> None:
    first, other = paid_small_claim(), _another()
    file, strange = (doc.from_bytes(exported(each, AUDITOR)) for each in (first, other))
    content = changed(exported(first, AUDITOR), sign=checkpoints.sign, events=strange.events, checkpoint=None)
    assert f"event 1, body: is version 1 of claim {other.claim_id}" in faults(content)
    content = changed(exported(first, AUDITOR), sign=checkpoints.sign, claim=strange.claim)
    assert f"event 1, body: is version 1 of claim {first.claim_id}" in faults(content)
    mixed = (*file.events[:5], *strange.events[5:])
    assert any(
        fault.startswith("event 6, prior")
        for fault in faults(changed(exported(first, AUDITOR), sign=checkpoints.sign, events=mixed))
    )


@pytest.mark.parametrize("gone", [0, 4, -1])
def test_an_event_that_was_taken_out_is_found_whoever_signs(gone: int) -> None:
    claim = claim_of_a_silent_seller()
    content = exported(claim, AUDITOR)
    events = list(doc.from_bytes(content).events)
    del events[gone]
    found = faults(changed(content, sign=checkpoints.sign, events=tuple(events)))
    # The last one is missed by nobody but the checkpoint, which covered it.
    assert any(
        fault.startswith("checkpoint, covers" if gone == -1 else f"event {gone + 1}, version") for fault in found
    )


def test_a_file_that_somebody_else_signed_fails_for_whoever_names_the_operators_key() -> None:
    claim = paid_small_claim()
    content = exported(claim, seller_of(claim))
    ours, theirs = checkpoints.our_public_key(), Ed25519PrivateKey.from_private_bytes(b"x" * 32)
    about = msgspec.structs.replace(
        doc.from_bytes(content).about, public_key=theirs.public_key().public_bytes_raw().hex()
    )
    forged = changed(content, sign=theirs.sign, about=about)
    [fault] = faults(forged, keys=frozenset({ours}))
    assert fault.startswith(f"about, public_key: {about.public_key}") and "is not a key that you named" in fault
    # With no key named it can only be told apart by comparing: both keys are told.
    told = "\n".join(notes(forged))
    assert about.public_key in told and ours.hex() in told
    assert faults(changed(content, about=about))[0].startswith("signature: ")


def test_a_policy_that_was_swapped_is_found_by_its_digest_or_by_what_was_decided() -> None:
    claim = paid_small_claim()
    content = exported(claim, AUDITOR)
    [policy] = doc.from_bytes(content).policies
    text = policy.text.replace('value = "1000.00"', 'value = "100.00"')
    swapped = msgspec.structs.replace(policy, text=text)
    assert "policy us 2021-1, text: is not the text of its digest" in faults(
        changed(content, sign=checkpoints.sign, policies=(swapped,))
    )
    swapped = msgspec.structs.replace(swapped, sha256=sha256(text.encode()).hexdigest())
    found = faults(changed(content, sign=checkpoints.sign, policies=(swapped,)))
    assert any(
        fault.startswith(
            "event 4, clause: says us 2021-1 · route.direct: direct; the policy gives us 2021-1 · route.tendered"
        )
        for fault in found
    )
    assert any("names the policy 'us 2021-1', which the file does not have" in fault
               for fault in faults(changed(content, sign=checkpoints.sign, policies=())))  # fmt: skip


def test_a_policy_that_was_published_only_after_the_decision_is_found() -> None:
    claim = paid_small_claim()
    content = exported(claim, AUDITOR)
    [policy] = doc.from_bytes(content).policies
    later = msgspec.structs.replace(policy, published_at=day(1))
    assert "event 1, policy_version: us 2021-1 was published only after this" in faults(
        changed(content, sign=checkpoints.sign, policies=(later,))
    )


# Decided otherwise than the policy says, by an operator who signs it all the same --------------------------------


@pytest.mark.parametrize(
    "kind, old, new, told",
    [
        ("ClaimFiled", '"incident_cap_minor":100000000', '"incident_cap_minor":90000000', "event 1, incident_cap"),
        ("ClaimFiled", '"loss_date":"2026-02-27"', '"loss_date":"2025-11-27"', "event 1, loss_date"),
        ("ClaimFiled", '"kind":"receipt"', '"kind":"message"', "event 2, proof"),
        ("ClaimScreened", '"score":0', '"score":70', "event 3, score"),
        ("ClaimAssessed", '"supported_minor":200000', '"supported_minor":150000', "event 4, lines"),
        ("ClaimAssessed", '"incident_total_minor":200000', '"incident_total_minor":90000', "event 4, clause"),
        ("ClaimAssessed", '"track":"tendered"', '"track":"direct"', "event 4, track"),
        ("ClaimTendered", '"amount_minor":200000', '"amount_minor":150000', "event 6, amount_minor"),
        ("ClocksStarted", '"due_at":"2026-03-09T20:00:00Z"', '"due_at":"2026-03-06T20:00:00Z"', "event 7, seller_"),
        ("SteppedIn", '"value":"silent"', '"value":"accepted"', "event 14, clause"),
        ("SteppedIn", '"name":"injury","value":"false"', '"name":"injury","value":"true"', "event 14, clause"),
        ("SteppedIn", '"name":"amount","value":"200000"', '"name":"amount","value":"1000"', "event 14, facts, amount"),
        ("ClaimDecided", '"approved_minor":200000', '"approved_minor":199999', "event 15, "),
        ("ClaimDecided", "after_tender.step_in", "after_tender.accepted", "event 15, clauses"),
        ("ReleaseRequested", '"text_sha256":"', '"text_sha256":"0', "event 16, text_sha256"),
        ("BearerDecided", '"bearer":"platform_then_recovers"', '"bearer":"seller_owes"', "event 24, bearer"),
        ("BearerDecided", 'no_defect","value":"false"', 'no_defect","value":"true"', "event 24, clause"),
        ("BearerDecided", 'proof_late","value":"false"', 'proof_late","value":"true"', "event 24, facts"),
        ("BearerDecided", '"name":"no_defect"', '"name":"no_defekt"', "event 24: cannot be asked again"),
        ("BearerDecided", '"value":"false"', '"value":"perhaps"', "event 24: cannot be asked again"),
        ("RecoveryOpened", "made_whole.whole", "made_whole.open", "event 25, made_whole"),
        ("RecoveryOpened", '"paid_minor":200000', '"paid_minor":250000', "event 25, paid_minor"),
    ],
)  # fmt: skip
def test_what_the_policy_does_not_give_is_found_although_it_is_signed(kind: str, old: str, new: str, told: str) -> None:
    content = exported(claim_of_a_silent_seller(), AUDITOR)
    found = faults(retold(content, kind, old, new, sign=checkpoints.sign))
    assert any(fault.startswith(told) for fault in found), found


def test_the_same_words_told_again_hold() -> None:
    """So that the test above finds what was changed, and not that something was."""
    content = exported(claim_of_a_silent_seller(), AUDITOR)
    assert faults(retold(content, "SteppedIn", '"value":"silent"', '"value":"silent"', sign=checkpoints.sign)) == []


def test_a_withheld_fact_may_be_either_way_and_no_third_one() -> None:
    """The seller does not see the checks: what they would allow is possible, what no check allows is not."""
    claim = paid_small_claim()
    content = exported(claim, seller_of(claim))
    refused = ("ClaimDecided", "machine_approval.in_full", "machine_approval.over_authority")
    [fault, *_] = faults(retold(content, *refused, sign=checkpoints.sign))
    assert fault.startswith("event 6, clauses: says us 2021-1 · machine_approval.over_authority: approve; the policy")


def test_one_person_alone_above_the_limit_is_found() -> None:
    content = exported(claim_with_an_appeal(), AUDITOR)
    [policy] = doc.from_bytes(content).policies
    limit = '[[values.four_eyes_above]]\nkind = "money"\nvalue = '
    low = policy.text.replace(f'{limit}"1000.00"', f'{limit}"399.99"')
    assert low != policy.text
    policy = msgspec.structs.replace(policy, text=low, sha256=sha256(low.encode()).hexdigest())
    found = faults(changed(content, sign=checkpoints.sign, policies=(policy,)))
    assert "event 18, deciders: one person alone approved 40000, above 39999 (minor units)" in found


def test_an_extension_that_is_no_number_of_days_and_a_resumption_that_is_too_short_are_found() -> None:
    content = exported(claim_with_an_appeal(), AUDITOR)
    moved = ("ClockExtended", '"due_at":"2026-04-13T20:00:00Z"', '"due_at":"2026-04-13T19:00:00Z"')
    assert any(fault.startswith("event 11, claimant_answers: is not some days more")
               for fault in faults(retold(content, *moved, sign=checkpoints.sign)))  # fmt: skip
    short = ("ClocksResumed", '"due_at":"2026-04-15T20:00:00Z"', '"due_at":"2026-04-14T20:00:00Z"')
    assert any(fault.startswith("event 15, claimant_answers: is told as due 2026-04-14")
               for fault in faults(retold(content, *short, sign=checkpoints.sign)))  # fmt: skip


def test_a_history_that_cannot_be_is_found() -> None:
    content = exported(paid_small_claim(), AUDITOR)
    more = ("ClaimDecided", '"approved_minor":15000', '"approved_minor":16000')
    assert any(fault.startswith("event 6: ClaimDecided cannot follow what came before")
               for fault in faults(retold(content, *more, sign=checkpoints.sign)))  # fmt: skip


# The command ---------------------------------------------------------------------------------------------------


def run(*args: str) -> subprocess.CompletedProcess[str]:
    """As on a computer that has nothing of the operator's: no settings, no database, no folder to write to."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "PYTHONPATH", "LANG", "TZDIR")}
    nothing = {"MAKEWHOLE_HOME": "/proc/nowhere", "DATABASE_URL": "postgresql://nobody@127.0.0.1:1/none"}
    kept["PYTHONPATH"] = os.pathsep.join([str(Path(doc.__file__).parents[2]), kept.get("PYTHONPATH", "")])
    script = (
        "import sys, atexit; atexit.register(lambda: print(*sys.modules, file=sys.stderr)); "
        "from makewhole.cli import main; main()"
    )
    return subprocess.run(
        [sys.executable, "-c", script, *args], env={**kept, **nothing}, capture_output=True, text=True, check=False
    )


def test_the_command_needs_no_settings_no_database_and_no_django(tmp_path: Path) -> None:
    claim = paid_small_claim()
    file, key = tmp_path / "claim.json", tmp_path / "key"
    file.write_bytes(exported(claim, seller_of(claim)))
    key.write_text(f"{checkpoints.our_public_key().hex()}\n")
    done = run("verify", str(file), "--key-file", str(key))
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ok      event 12, clause: us 2021-1 · bearer.small_insured: platform" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("Everything holds: ")
    assert not {"django", "psycopg", "makewhole.store.models"} & set(done.stderr.split())


def test_the_command_ends_with_1_and_the_place_where_something_was_changed(tmp_path: Path) -> None:
    claim = paid_small_claim()
    file = tmp_path / "claim.json"
    file.write_bytes(exported(claim, seller_of(claim)).replace(b'approved_minor\\":15000', b'approved_minor\\":15001'))
    done = run("verify", str(file))
    assert done.returncode == 1
    assert "FAILED  event 6, body: is not what the event's digest was made of" in done.stdout
    assert done.stdout.splitlines()[-1] == "2 checks FAILED: do not rely on this file."
    told: dict[str, Any] = json.loads(run("verify", str(file), "--json").stdout)
    assert told["good"] is False
    assert {"state": "failed", "place": "events", "says": "is not the section whose digest is signed"} in told["checks"]


def test_a_wrong_call_is_one_sentence(tmp_path: Path) -> None:
    missing = run("verify", str(tmp_path / "nothing.json"))
    assert missing.returncode == 2 and "No such file" in missing.stderr
    (tmp_path / "claim.json").write_bytes(b"{}")
    odd = run("verify", str(tmp_path / "claim.json"), "--key", "abc")
    assert odd.returncode == 2 and "is not a public key: 64 hexadecimal digits" in odd.stderr


def test_a_claim_is_exported_on_the_terminal_for_whom_it_is_meant(tmp_path: Path) -> None:
    from click.testing import CliRunner

    from makewhole.cli.claims import claim as command

    claim = paid_small_claim()
    for reader, withheld in (("seller", 2), ("claimant", 3), ("staff", 0)):
        out = tmp_path / f"{reader}.json"
        done = CliRunner().invoke(command, ["export", claim.filed.reference, "--out", str(out), "--as", reader])
        assert done.exit_code == 0 and f"for the {reader}" in done.output
        export = doc.from_bytes(out.read_bytes())
        assert export.about.reader == reader
        assert sum(event.withheld for event in export.events) == withheld
        assert faults(out.read_bytes()) == []
    assert CliRunner().invoke(command, ["export", "MW-NONE", "--out", "-"]).exit_code == 1


# Places --------------------------------------------------------------------------------------------------------


def _another() -> Claim:
    from makewhole.domain.claim.state import fold
    from makewhole.reads.views import history_of
    from makewhole.store.models import Claim as Row

    claim_id = Row.objects.order_by("-noticed_at", "-id").values_list("id", flat=True)[0]
    claim = fold(claim_id, history_of(claim_id))
    assert claim is not None
    return claim


def _policy_text(content: bytes) -> range:
    start = content.index(b'"text": "') + len(b'"text": "')
    return range(start, content.index(b"\n", start) - 1)


def _places(content: bytes) -> list[tuple[str, int]]:
    """For each byte: the section (of an event, its number) and the line."""
    places: list[tuple[str, int]] = []
    section, event = "format", 0
    for number, line in enumerate(content.splitlines(keepends=True), start=1):
        if named := re.match(rb' "(\w+)"', line):
            section = named[1].decode()
        if section == "events" and line == b"  {\n":
            event += 1
        places += [(f"event {event}" if section == "events" and event else section, number)] * len(line)
    return places


def _is_there(told: str, place: tuple[str, int]) -> bool:
    """By its section, or its event; or, where it is no claim file any more, by the line or the one after it."""
    section, line = place
    if byte := re.fullmatch(r"byte \d+, line (\d+)", told):
        return int(byte[1]) in (line, line + 1)
    if section == "policies" and re.match("policy (us 2021-1|1)(,|$)", told):
        return True
    return told == f"parts, {section}" or told.partition(",")[0] == section
