"""What may be evidence is told by its bytes; what may not is refused with the reason."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from pathlib import Path

import pytest
from PIL import Image
from pypdf import PdfWriter
from pypdf.actions import JavaScript
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from makewhole.domain.refusal import Refused
from makewhole.integrations.pdf_pages import asking
from makewhole.store.sniffing import LARGEST_BYTES, shown_name, sniff

# A phone's photo: 640 x 480 in HEIC, with a place and an owner in it (the picture is test_photos.scene(7)).
PHONE_PHOTO = (Path(__file__).parent / "phone_photo.heic").read_bytes()


def picture(format: str, **options: object) -> bytes:
    out = io.BytesIO()
    Image.effect_noise((320, 240), 60).convert("RGB").save(out, format, **options)
    return out.getvalue()


def pdf(pages: int = 3, *, user: str | None = None, owner: str | None = None, script: bool = False) -> bytes:
    writer = PdfWriter()
    for _ in range(pages):
        writer.add_blank_page(200, 200)
    if script:
        writer.add_open_action(JavaScript("app.alert('pay me')"))
    if owner is not None:
        writer.encrypt(user or "", owner, algorithm="AES-256")
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def zipped() -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("receipt.txt", "40.00")
    return out.getvalue()


def png_claiming(width: int, height: int) -> bytes:
    """A few hundred bytes that ask for as many pixels as they like."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))

    head = struct.pack(">IIBBBBB", width, height, 8, 6, 0, 0, 0)
    pixels = zlib.compress(b"\0" * 10_000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", pixels) + chunk(b"IEND", b"")


WHOLE = {
    "jpg": picture("JPEG"),
    "progressive jpg": picture("JPEG", progressive=True),
    "png": picture("PNG"),
    "webp": picture("WEBP"),
    "heic": PHONE_PHOTO,
    "pdf": pdf(),
}


@pytest.mark.parametrize("kind", WHOLE)
def test_each_allowed_kind_is_known_by_its_bytes_whatever_its_name(kind):
    found = sniff("holiday.txt", WHOLE[kind])
    assert found.extension == kind.split()[-1]
    assert found.is_photo == (kind != "pdf")
    assert not found.active


@pytest.mark.parametrize("kind", WHOLE)
@pytest.mark.parametrize("part", [0.02, 0.3, 0.6, 0.9, 0.99])
def test_a_file_cut_off_anywhere_is_refused(kind, part):
    whole = WHOLE[kind]
    with pytest.raises(Refused) as refusal:
        sniff("photo", whole[: max(64, int(len(whole) * part))])
    assert refusal.value.code == "evidence_truncated"
    assert refusal.value.facts == {"name": "photo", "kind": kind.split()[-1]}


@pytest.mark.parametrize("kind", WHOLE)
def test_a_file_that_lost_its_last_bytes_is_refused(kind):
    with pytest.raises(Refused, match="evidence_truncated"):
        sniff("photo", WHOLE[kind][:-8])


def test_an_updated_pdf_cut_inside_its_update_is_refused_though_its_first_state_is_whole():
    first = pdf()
    assert sniff("receipt.pdf", first).extension == "pdf"
    with pytest.raises(Refused, match="evidence_truncated"):
        sniff("receipt.pdf", first + b"4 0 obj\n<< /Type /Page " + b"/Filler " * 200)


def test_a_zip_named_jpg_is_refused_and_called_a_zip():
    with pytest.raises(Refused) as refusal:
        sniff("damage.jpg", zipped())
    assert refusal.value.code == "evidence_type_not_allowed"
    assert refusal.value.facts == {
        "name": "damage.jpg",
        "found": "zip",
        "allowed": ("JPEG", "PNG", "WebP", "HEIC", "PDF"),
    }


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"MZ" + b"\0" * 300, "exe"),
        (b"\0\0\0\x20ftypisom\0\0\2\0isomiso2avc1mp41" + b"\0" * 300, "mp4"),
        (picture("GIF"), "gif"),
        (picture("AVIF"), "avif"),
        (b" <!doctype html><script>alert(1)</script>", "html"),
        (b"<?xml version='1.0'?><svg xmlns='http://www.w3.org/2000/svg'/>", "svg"),
        ("The lamp caught fire. Brûlé.".encode(), "text"),
        (b"text with \0 null bytes", "unknown"),
        (b"\xff\xd8", "unknown"),
    ],
)
def test_other_kinds_are_refused_and_named(content, found):
    with pytest.raises(Refused, match="evidence_type_not_allowed") as refusal:
        sniff("evidence.jpg", content)
    assert refusal.value.facts["found"] == found


def test_an_empty_file_is_refused():
    with pytest.raises(Refused, match=r"evidence_empty \(name=photo.jpg\)"):
        sniff("photo.jpg", b"")


def test_a_file_of_exactly_the_limit_is_taken_and_one_byte_more_is_refused():
    photo = picture("JPEG")
    assert sniff("photo.jpg", photo, largest_bytes=len(photo)).extension == "jpg"
    with pytest.raises(Refused) as refusal:
        sniff("photo.jpg", photo, largest_bytes=len(photo) - 1)
    assert refusal.value.code == "evidence_too_large"
    assert refusal.value.facts == {"name": "photo.jpg", "limit_bytes": len(photo) - 1, "size_bytes": len(photo)}


class Unread(io.BytesIO):
    def read(self, *_: object) -> bytes:
        raise AssertionError("a file that is too large must not be read into memory")


def test_a_photo_of_30_mb_is_refused_without_reading_it():
    stream = Unread(picture("JPEG").ljust(30 * 1024 * 1024, b"\0"))
    with pytest.raises(Refused) as refusal:
        sniff("photo.jpg", stream)
    assert refusal.value.facts["size_bytes"] == 30 * 1024 * 1024
    assert refusal.value.facts["limit_bytes"] == LARGEST_BYTES == 20 * 1024 * 1024


def test_a_stream_stands_at_its_start_again():
    stream = io.BytesIO(picture("PNG"))
    stream.seek(7)
    assert sniff("photo.png", stream).extension == "png"
    assert stream.tell() == 0


def test_a_picture_of_exactly_the_pixel_limit_is_taken_and_one_row_more_is_refused():
    photo = picture("PNG")
    assert sniff("photo.png", photo, largest_pixels=320 * 240).extension == "png"
    with pytest.raises(Refused) as refusal:
        sniff("photo.png", photo, largest_pixels=320 * 239)
    assert refusal.value.code == "image_too_many_pixels"
    assert refusal.value.facts == {"name": "photo.png", "limit_pixels": 320 * 239}


@pytest.mark.filterwarnings("ignore::PIL.Image.DecompressionBombWarning")
@pytest.mark.parametrize("edge", [9_000, 12_000, 60_000])
def test_a_decompression_bomb_is_refused_before_it_is_opened(edge):
    with pytest.raises(Refused, match="image_too_many_pixels"):
        sniff("photo.png", png_claiming(edge, edge))


def test_a_pdf_that_needs_a_password_is_refused():
    with pytest.raises(Refused, match="pdf_needs_password"):
        sniff("bill.pdf", pdf(user="secret", owner="owner"))


def test_a_pdf_locked_only_against_changes_is_taken():
    assert sniff("statement.pdf", pdf(owner="owner")).extension == "pdf"


def test_a_pdf_with_a_script_is_taken_with_a_warning():
    assert sniff("form.pdf", pdf(script=True)).active


def test_a_pdf_that_carries_a_file_is_taken_with_a_warning():
    writer = PdfWriter()
    writer.add_blank_page(200, 200)
    writer.add_attachment("run.exe", b"MZ")
    out = io.BytesIO()
    writer.write(out)
    assert sniff("form.pdf", out.getvalue()).active


@pytest.mark.parametrize(("action", "active"), [("Launch", True), ("SubmitForm", True), ("URI", False)])
def test_a_link_that_starts_a_program_warns_and_one_to_a_page_does_not(action, active):
    writer = PdfWriter()
    page = writer.add_blank_page(200, 200)
    does = {NameObject("/S"): NameObject(f"/{action}"), NameObject("/URI"): TextStringObject("https://example.com")}
    link = DictionaryObject({NameObject("/Subtype"): NameObject("/Link"), NameObject("/A"): DictionaryObject(does)})
    page[NameObject("/Annots")] = ArrayObject([writer._add_object(link)])
    out = io.BytesIO()
    writer.write(out)
    assert sniff("form.pdf", out.getvalue()).active is active


@pytest.mark.parametrize(("state", "code"), [("unfinished", "pdf_not_checked"), ("busy", "pdf_checks_busy")])
def test_a_pdf_that_nobody_could_look_through_is_not_taken_and_its_sender_is_told_what_to_do(monkeypatch, state, code):
    monkeypatch.setattr(asking, "check", lambda content: asking.PdfChecked(state))
    with pytest.raises(Refused, match=code) as refused:
        sniff("bill.pdf", pdf())
    assert refused.value.facts == {"name": "bill.pdf"}


def test_a_pdf_without_a_page_is_refused():
    with pytest.raises(Refused, match="evidence_truncated"):
        sniff("bill.pdf", pdf(pages=0))


@pytest.mark.parametrize(
    ("given", "shown"),
    [
        ("photo.jpg", "photo.jpg"),
        ("../../etc/passwd", "passwd"),
        ("C:\\Users\\me\\lamp.jpg", "lamp.jpg"),
        ("a\0b\nc\u202egpj.exe", "abcgpj.exe"),
        ("", "unnamed"),
        ("x" * 300 + ".jpg", "x" * 96 + ".jpg"),
    ],
)
def test_a_name_is_shown_without_path_and_tricks(given, shown):
    assert shown_name(given) == shown
