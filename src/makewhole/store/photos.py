"""A photo made safe to show, and the mark by which it is known again. Start at `prepare`.

The file as sent is kept untouched as evidence. What people see are two JPEGs made afresh from its pixels:
upright, in sRGB, and without anything else the camera wrote (place, time, owner, comments, the small
preview that may show what was cropped away).
"""

from __future__ import annotations

import io
from dataclasses import dataclass

from PIL import ExifTags, Image, ImageCms, ImageStat

from makewhole.store.sniffing import FileKind, decoded, shown_name

DISPLAY_EDGE = 2000
THUMBNAIL_EDGE = 400

# Two photos at most this many of 64 bits apart are taken for the same one, saved, resized or trimmed
# again. Unrelated ones lie around 32 apart. A crop of more than some two percent a side goes beyond it.
SAME_PHOTO_BITS = 6

# A white page or a lens cap has no features to compare: below this spread of grey (of 255) it gets no
# fingerprint, or every such picture would seem a copy of every other.
_LEAST_SPREAD = 2.0

_TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


@dataclass(frozen=True, slots=True)
class Photo:
    """Two JPEGs to show. `fingerprint` fits a bigint column; None where a picture has nothing to tell."""

    display: bytes
    thumbnail: bytes
    width: int
    height: int
    fingerprint: int | None


def prepare(name: str, content: bytes, kind: FileKind) -> Photo:
    """The copies to show of a file that `sniff` found to be a photo; refuses as `sniff` does."""
    assert kind.is_photo, f"{kind.media_type} is no photo"
    display = _cleaned(decoded(shown_name(name), content, kind, least_edge=DISPLAY_EDGE))
    thumbnail = _within(display, THUMBNAIL_EDGE)
    return Photo(
        display=_as_jpeg(display, quality=85),
        thumbnail=_as_jpeg(thumbnail, quality=80),
        width=display.width,
        height=display.height,
        fingerprint=_fingerprint(thumbnail),
    )


def distance(one: int, other: int) -> int:
    """How many of 64 bits two fingerprints differ in: see SAME_PHOTO_BITS."""
    return ((one ^ other) & (2**64 - 1)).bit_count()


def _cleaned(image: Image.Image) -> Image.Image:
    """The picture upright, in sRGB, within the display's edge, and nothing beside its pixels."""
    turn = _turn_upright(image)
    profile = image.info.get("icc_profile")
    small = _within(_in_plain_mode(image), DISPLAY_EDGE)
    clean = _in_srgb(_on_white(small), profile)
    if turn is not None:
        clean = clean.transpose(turn)
    # Pillow writes a comment found here into the new file.
    clean.info.clear()
    return clean


def _in_plain_mode(image: Image.Image) -> Image.Image:
    """One of L, RGB, RGBA, CMYK at eight bits: palettes and bitmaps do not scale, and sixteen bits
    (scans, X-rays) would be cut off at white rather than divided."""
    if image.mode.startswith("I"):
        return image.convert("I").point(lambda grey: grey / 256).convert("L")
    if image.mode == "1":
        return image.convert("L")
    if image.mode == "P" or image.mode == "PA" or image.mode == "LA" or "transparency" in image.info:
        return image.convert("RGBA")
    return image


def _within(image: Image.Image, edge: int) -> Image.Image:
    if max(image.size) <= edge:
        return image
    scale = edge / max(image.size)
    size = (max(1, round(image.width * scale)), max(1, round(image.height * scale)))
    return image.resize(size, Image.Resampling.LANCZOS, reducing_gap=2.0)


def _turn_upright(image: Image.Image) -> Image.Transpose | None:
    """How a camera held sideways says that its picture must be turned. Damaged notes say nothing."""
    try:
        return _TURNS.get(image.getexif().get(ExifTags.Base.Orientation, 1))
    except Exception:  # a stranger's EXIF block can be wrong in any way; the pixels are fine
        return None


def _on_white(image: Image.Image) -> Image.Image:
    if image.mode != "RGBA":
        return image
    paper = Image.new("RGBA", image.size, "white")
    return Image.alpha_composite(paper, image).convert("RGB")


def _in_srgb(image: Image.Image, profile: bytes | None) -> Image.Image:
    """The same colours without a profile beside them. Phones write Display P3, printers CMYK; a profile
    that does not fit its picture is left out of account, as browsers do."""
    if profile:
        try:
            source = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            converted = ImageCms.profileToProfile(image, source, ImageCms.createProfile("sRGB"), outputMode="RGB")
            if converted is not None:
                return converted
        except (ImageCms.PyCMSError, OSError, ValueError):
            pass
    return image.convert("RGB")


def _as_jpeg(image: Image.Image, *, quality: int) -> bytes:
    out = io.BytesIO()
    image.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def _fingerprint(image: Image.Image) -> int | None:
    if ImageStat.Stat(image.convert("L")).stddev[0] < _LEAST_SPREAD:
        return None
    # Imported here: it brings scipy, 25 MB that a process which never sees a photo need not hold.
    import imagehash

    bits = int(str(imagehash.phash(image)), 16)
    return bits - 2**64 if bits >= 2**63 else bits
