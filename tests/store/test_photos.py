"""Photos are shown without what the camera wrote beside the pixels, and known again when sent again."""

from __future__ import annotations

import io
import random
from pathlib import Path

import pytest
from PIL import Image, ImageCms, ImageDraw, ImageFilter

from makewhole.domain.refusal import Refused
from makewhole.store.photos import SAME_PHOTO_BITS, Photo, distance, prepare
from makewhole.store.sniffing import JPEG, sniff

PHONE_PHOTO = (Path(__file__).parent / "phone_photo.heic").read_bytes()
ORIENTATION, COMMENT, GPS = 0x0112, 0x9286, 0x8825


def scene(seed: int, size: tuple[int, int] = (1200, 900)) -> Image.Image:
    """A picture with light, things and writing in it; the same for the same seed."""
    dice = random.Random(seed)
    width, height = size

    def colour() -> tuple[int, int, int]:
        return (dice.randrange(256), dice.randrange(256), dice.randrange(256))

    light = Image.linear_gradient("L").rotate(dice.randrange(360)).resize(size)
    lamp = Image.radial_gradient("L").resize(size)
    room = Image.merge("RGB", (light, lamp, Image.blend(light, lamp, dice.random())))
    room = Image.blend(room, Image.new("RGB", size, colour()), 0.4)
    draw = ImageDraw.Draw(room)
    for _ in range(14):
        x, y, reach = dice.randrange(width), dice.randrange(height), dice.randrange(width // 20, width // 4)
        shape = dice.choice([draw.ellipse, draw.rectangle])
        shape((x - reach, y - reach * dice.uniform(0.3, 1), x + reach, y + reach * 0.6), fill=colour())
    for _ in range(8):
        place = (dice.randrange(width), dice.randrange(height))
        draw.text(place, f"Lot {dice.randrange(9999)}", fill="black", font_size=width // 30)
    return room.filter(ImageFilter.GaussianBlur(1))


def file(image: Image.Image, format: str = "JPEG", **options: object) -> bytes:
    out = io.BytesIO()
    image.save(out, format, **options)
    return out.getvalue()


def prepared(content: bytes) -> Photo:
    return prepare("photo", content, sniff("photo", content))


def fingerprint(image: Image.Image, format: str = "JPEG", **options: object) -> int:
    found = prepared(file(image, format, **options)).fingerprint
    assert found is not None
    return found


def shown(content: bytes) -> Image.Image:
    return Image.open(io.BytesIO(prepared(content).display))


def notes_of_the_camera() -> Image.Exif:
    exif = Image.Exif()
    exif[0x013B] = "Jane Owner"
    exif[COMMENT] = "taken at home"
    exif.get_ifd(GPS).update({1: "N", 2: (52.0, 31.0, 12.0), 3: "E", 4: (13.0, 24.0, 18.0)})
    return exif


def segments(jpeg: bytes) -> set[int]:
    """The markers of a JPEG up to its pixels: 0xE1 is EXIF or XMP, 0xE2 a colour profile, 0xFE a comment."""
    found, at = set(), 2
    while jpeg[at + 1] != 0xDA:
        found.add(jpeg[at + 1])
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    return found


SRGB = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()


@pytest.mark.parametrize("profile", [{}, {"icc_profile": SRGB}], ids=["no profile", "a profile"])
@pytest.mark.parametrize("size", [(1200, 900), (2400, 1800)], ids=["small", "large"])
def test_the_place_and_all_else_the_camera_wrote_is_gone_from_both_copies(profile, size):
    xmp, comment = b"<x:xmpmeta>Jane Owner</x:xmpmeta>", b"Jane Owner was here"
    sent = file(scene(1, size), exif=notes_of_the_camera(), xmp=xmp, comment=comment, **profile)
    assert {0xE1, 0xFE} <= segments(sent)
    assert Image.open(io.BytesIO(sent)).getexif().get_ifd(GPS)
    photo = prepared(sent)
    for copy in (photo.display, photo.thumbnail):
        assert not segments(copy) & ({*range(0xE1, 0xF0)} | {0xFE})
        assert not Image.open(io.BytesIO(copy)).getexif()
        assert b"Jane" not in copy


@pytest.mark.parametrize("format", ["PNG", "WEBP"])
def test_the_place_is_gone_from_other_kinds_too(format):
    sent = file(scene(1), format, exif=notes_of_the_camera())
    assert Image.open(io.BytesIO(sent)).getexif().get_ifd(GPS)
    assert not segments(prepared(sent).display) & {0xE1, 0xE2, 0xFE}


def test_a_phones_heic_is_shown_as_jpeg_without_its_place_and_known_as_the_same_photo():
    assert b"Jane Owner" in PHONE_PHOTO
    photo = prepared(PHONE_PHOTO)
    assert (photo.width, photo.height) == (640, 480)
    assert photo.display.startswith(b"\xff\xd8\xff")
    assert b"Jane" not in photo.display
    assert photo.fingerprint is not None
    assert distance(photo.fingerprint, fingerprint(scene(7))) <= SAME_PHOTO_BITS


def test_a_large_photo_is_shown_at_2000_with_a_thumbnail_of_400():
    photo = prepared(file(scene(2, (4100, 3000))))
    assert (photo.width, photo.height) == (2000, 1463)
    assert Image.open(io.BytesIO(photo.display)).size == (2000, 1463)
    assert Image.open(io.BytesIO(photo.thumbnail)).size == (400, 293)


@pytest.mark.parametrize(("width", "shown_width"), [(2000, 2000), (2001, 2000)])
def test_a_photo_is_made_smaller_only_above_the_edge(width, shown_width):
    assert prepared(file(scene(2, (width, 900)))).width == shown_width


def test_a_very_narrow_picture_keeps_a_pixel_of_width():
    photo = prepared(file(scene(2, (1200, 900)).resize((4000, 1))))
    assert (photo.width, photo.height) == (2000, 1)


CORNERS = ["red", "lime", "blue", "white"]


def four_corners() -> Image.Image:
    image = Image.new("RGB", (300, 200))
    for corner, colour in enumerate(CORNERS):
        image.paste(colour, (150 * (corner % 2), 100 * (corner // 2), 150 * (corner % 2 + 1), 100 * (corner // 2 + 1)))
    return image


@pytest.mark.parametrize("orientation", range(1, 9))
def test_a_photo_taken_sideways_or_mirrored_is_shown_upright(orientation):
    undo = {
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }
    held = four_corners() if orientation == 1 else four_corners().transpose(undo[orientation])
    exif = Image.Exif()
    exif[ORIENTATION] = orientation
    upright = shown(file(held, quality=95, exif=exif))
    assert upright.size == (300, 200)
    seen = [upright.getpixel(place) for place in [(50, 50), (250, 50), (50, 150), (250, 150)]]
    wanted = [(255, 0, 0), (0, 255, 0), (0, 0, 255), (255, 255, 255)]
    channels = [pair for one, other in zip(seen, wanted, strict=True) for pair in zip(one, other, strict=True)]
    assert all(abs(is_now - was) < 25 for is_now, was in channels)


@pytest.mark.filterwarnings("ignore:Corrupt EXIF data")
def test_damaged_notes_of_the_camera_do_not_keep_a_photo_from_being_shown():
    # The directory of notes is said to lie far outside of the notes.
    content = file(scene(3), exif=b"Exif\0\0II*\0\xff\xff\xff\x7f" + b"\xff" * 40)
    assert prepared(content).width == 1200


def test_colours_of_another_profile_are_brought_to_srgb():
    # sRGB with the names of two of its colours exchanged: what it calls red is green.
    exchanged = SRGB.replace(b"rXYZ", b"????", 1).replace(b"gXYZ", b"rXYZ", 1).replace(b"????", b"gXYZ", 1)
    red, green, _ = shown(file(Image.new("RGB", (300, 200), (200, 60, 30)), icc_profile=exchanged)).getpixel((9, 9))
    assert abs(red - 60) < 12
    assert abs(green - 200) < 12


def test_a_profile_that_is_no_profile_is_left_out_of_account():
    image = Image.new("RGB", (300, 200), (90, 60, 30))
    content = file(image, icc_profile=b"not a profile")
    assert shown(content).getpixel((9, 9)) == shown(file(image)).getpixel((9, 9))


def test_what_is_transparent_is_shown_white_not_black():
    assert shown(file(Image.new("RGBA", (300, 200), (0, 0, 0, 0)), "PNG")).getpixel((9, 9)) == (255, 255, 255)
    palette = Image.new("P", (300, 200), 0)
    assert shown(file(palette, "PNG", transparency=0)).getpixel((9, 9)) == (255, 255, 255)


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "CMYK"])
def test_each_way_to_write_pixels_is_shown_in_rgb(mode):
    image = scene(4).convert(mode)
    assert shown(file(image, "JPEG" if mode == "CMYK" else "PNG")).mode == "RGB"


def test_an_x_ray_of_sixteen_bits_is_not_cut_off_at_white():
    xray = Image.new("I;16", (300, 200), 0x4000)
    assert abs(shown(file(xray, "PNG")).getpixel((9, 9))[0] - 0x40) <= 2


@pytest.mark.parametrize("seed", range(6))
def test_the_same_photo_is_known_again_saved_resized_converted_and_trimmed(seed):
    photo = scene(seed)
    first = fingerprint(photo, quality=92)
    again = {
        "saved again": fingerprint(photo, quality=30),
        "half the size": fingerprint(photo.resize((600, 450))),
        "thumbnail": fingerprint(photo.resize((320, 240))),
        "in grey": fingerprint(photo.convert("L")),
        "as png": fingerprint(photo.resize((600, 450)), "PNG"),
        "as webp": fingerprint(photo, "WEBP"),
        "trimmed by 1.5% a side": fingerprint(photo.crop((18, 13, 1182, 887))),
    }
    apart = {how: distance(first, other) for how, other in again.items()}
    assert all(bits <= SAME_PHOTO_BITS for bits in apart.values()), apart


def test_different_photos_are_far_apart():
    marks = [fingerprint(scene(seed)) for seed in range(12)]
    apart = [distance(one, other) for at, one in enumerate(marks) for other in marks[:at]]
    assert min(apart) > 3 * SAME_PHOTO_BITS


def test_a_fingerprint_fits_a_bigint_with_its_sign():
    marks = [fingerprint(scene(seed)) for seed in range(12)]
    assert all(-(2**63) <= mark < 2**63 for mark in marks)
    # The first bit is the mean brightness, set in nearly every photo: as unsigned these would not fit.
    assert any(mark < 0 for mark in marks)


def test_the_distance_counts_bits_across_the_sign():
    assert distance(5, 5) == 0
    assert distance(-1, 0) == 64
    assert distance(-(2**63), 0) == 1
    assert distance(0b1011, 0b0010) == 2


@pytest.mark.parametrize("colour", ["white", "black", (90, 60, 30)])
def test_an_empty_page_has_no_fingerprint_so_that_it_is_no_copy_of_another(colour):
    assert prepared(file(Image.new("RGB", (600, 400), colour))).fingerprint is None


def test_a_photo_that_breaks_off_is_refused_here_too():
    content = file(scene(5))
    with pytest.raises(Refused, match="evidence_truncated"):
        prepare("photo", content[: len(content) // 2], JPEG)
