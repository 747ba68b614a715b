"""Messages of ISO 20022 held against the schemas, which are not ours to ship: they lie beside the project, or nowhere.

libxml2 does it, by its C functions: no package of ours needs it for anything else.
"""

from __future__ import annotations

import ctypes
import ctypes.util
from functools import cache
from pathlib import Path

import pytest

BESIDE = Path(__file__).parents[3] / "shared" / "data" / "bank"


def schema(name: str) -> Path:
    """The schema's file; skips where it is not there."""
    found = next((folder / name for folder in _folders() if (folder / name).is_file()), None)
    if found is None:
        pytest.skip(f"the schema {name} is not beside the project (see ../shared/data)")
    return found


def sample(name: str) -> bytes:
    """A real message of others."""
    return schema(name).read_bytes()


def faults_of(content: bytes, xsd: Path) -> list[str]:
    """What the schema says against a message."""
    lib = _libxml2()
    found: list[str] = []

    @ctypes.CFUNCTYPE(None, ctypes.c_void_p, ctypes.c_void_p)
    def told(_: int, error: int) -> None:
        found.append(ctypes.cast(error, ctypes.POINTER(_Error)).contents.message.decode().strip())

    parser = lib.xmlSchemaNewParserCtxt(str(xsd).encode())
    parsed = lib.xmlSchemaParse(parser)
    assert parsed, f"{xsd} is no schema"
    document = lib.xmlReadMemory(content, len(content), b"message.xml", None, 1 << 11)  # no network
    assert document, "the message is no XML"
    valid = lib.xmlSchemaNewValidCtxt(parsed)
    lib.xmlSchemaSetValidStructuredErrors(valid, told, None)
    outcome = lib.xmlSchemaValidateDoc(valid, document)
    assert (outcome == 0) is (not found)
    for free, what in ((lib.xmlSchemaFreeValidCtxt, valid), (lib.xmlFreeDoc, document), (lib.xmlSchemaFree, parsed),
                       (lib.xmlSchemaFreeParserCtxt, parser)):  # fmt: skip
        free(what)
    return found


class _Error(ctypes.Structure):
    _fields_ = [("domain", ctypes.c_int), ("code", ctypes.c_int), ("message", ctypes.c_char_p)]


@cache
def _libxml2() -> ctypes.CDLL:
    name = ctypes.util.find_library("xml2")
    if name is None:
        pytest.skip("libxml2 is not installed, by which messages are held against their schemas")
    lib = ctypes.CDLL(name)
    for function in ("xmlSchemaNewParserCtxt", "xmlSchemaParse", "xmlReadMemory", "xmlSchemaNewValidCtxt"):
        getattr(lib, function).restype = ctypes.c_void_p
    lib.xmlSchemaNewParserCtxt.argtypes = [ctypes.c_char_p]
    lib.xmlReadMemory.argtypes = [ctypes.c_char_p, ctypes.c_int, ctypes.c_char_p, ctypes.c_char_p, ctypes.c_int]
    for function in ("xmlSchemaParse", "xmlSchemaNewValidCtxt", "xmlSchemaFreeValidCtxt", "xmlFreeDoc",
                     "xmlSchemaFree", "xmlSchemaFreeParserCtxt"):  # fmt: skip
        getattr(lib, function).argtypes = [ctypes.c_void_p]
    lib.xmlSchemaSetValidStructuredErrors.argtypes = [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]
    lib.xmlSchemaValidateDoc.argtypes = [ctypes.c_void_p, ctypes.c_void_p]
    return lib


def _folders() -> list[Path]:
    """Beside the project, or beside the folder that it was checked out into."""
    return [BESIDE, *(parent / "shared" / "data" / "bank" for parent in Path(__file__).resolve().parents)]
