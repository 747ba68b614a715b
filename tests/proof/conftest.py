"""The database that holds nothing else, as the tests of the log use it."""

from store.conftest import _test_database, emptied, tampering

__all__ = ["_test_database", "emptied", "tampering"]
