"""Events of every kind, made from their declared types: one plain sample of each, or as many as hypothesis likes."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime
from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints
from uuid import UUID

import hypothesis.strategies as st

from makewhole.domain.claim import events as ev
from makewhole.domain.claim.tender_events import InsurerAnswered

_PLAIN: dict[Any, Any] = {
    int: 12345,
    str: "words — “kept”",
    bool: True,
    UUID: UUID("018f3c1e-7b7a-7abc-8def-0123456789ab"),
    date: date(2028, 2, 29),
    datetime: datetime(2026, 3, 2, 17, 0, 0, 123456, tzinfo=UTC),
}
_ANY: dict[Any, st.SearchStrategy[Any]] = {
    int: st.integers(-(10**15), 10**15),
    str: st.text(max_size=20),
    bool: st.booleans(),
    UUID: st.uuids(),
    date: st.dates(),
    datetime: st.datetimes(timezones=st.just(UTC)),
}
PERSON = "person:12"


def plain(kind: Any, name: str = "") -> Any:
    """One sample of a type with every field filled. Any: types in, values out."""
    origin, args = get_origin(kind), get_args(kind)
    if kind in _PLAIN:
        return PERSON if name == "deciders" else _PLAIN[kind]
    if origin is Literal:
        return args[0]
    if origin is tuple:
        return (plain(args[0], name),) if args[-1] is ... else tuple(plain(arg) for arg in args)
    if origin in (Union, UnionType):
        return plain(next(arg for arg in args if arg is not NoneType))
    hints = get_type_hints(kind)
    return kind(**{field.name: plain(hints[field.name], field.name) for field in dataclasses.fields(kind)})


def any_of(kind: Any, name: str = "") -> st.SearchStrategy[Any]:
    """All values of a type, within what the events themselves forbid."""
    origin, args = get_origin(kind), get_args(kind)
    if kind in _ANY:
        return st.just(PERSON) if name == "deciders" else _ANY[kind]
    if origin is Literal:
        return st.sampled_from(args)
    if origin is tuple:
        at_least = 1 if name == "deciders" else 0
        if args[-1] is ...:
            return st.lists(any_of(args[0], name), min_size=at_least, max_size=3).map(tuple)
        return st.tuples(*(any_of(arg) for arg in args))
    if origin in (Union, UnionType):
        return st.one_of([st.none() if arg is NoneType else any_of(arg) for arg in args])
    hints = get_type_hints(kind)
    fields = {field.name: any_of(hints[field.name], field.name) for field in dataclasses.fields(kind)}
    if kind is ev.DecidedLine:
        fields["reason"] = any_of(ev.Reason)  # no reduction without one
    if kind is InsurerAnswered:
        fields["clause"] = st.text(min_size=1, max_size=20)  # no denial without one
    if "policy_version" in fields:
        fields["policy_version"] = st.text(min_size=1, max_size=20)
    return st.builds(kind, **fields)
