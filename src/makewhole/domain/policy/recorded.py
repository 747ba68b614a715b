"""Facts as the log keeps them beside a decision: as text, by the kinds that the policy declares, and back again."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from makewhole.domain.policy.kinds import FactType


def as_recorded(facts: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    """(name, value) in order of their names: "true" and "false", whole numbers in digits, text as it is."""
    return tuple((name, _written(facts[name])) for name in sorted(facts))


def from_recorded(told: Iterable[tuple[str, str]], declared: Mapping[str, FactType]) -> dict[str, object]:
    """The facts again. Raises ValueError, with the fact, for one that the policy does not declare, or not so."""
    facts: dict[str, object] = {}
    for name, value in told:
        kind = declared.get(name)
        if kind is None:
            raise ValueError(f"the fact {name} is not declared by the policy")
        if name in facts:
            raise ValueError(f"the fact {name} is recorded twice")
        facts[name] = _read(name, value, kind)
    return facts


def _written(value: object) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    assert isinstance(value, int | str), f"{value!r} is no fact"
    return str(value)


def _read(name: str, value: str, kind: FactType) -> object:
    if kind.kind == "text":
        fact: object = value
    elif kind.kind == "boolean":
        fact = {"true": True, "false": False}.get(value)
    else:
        fact = int(value) if value.removeprefix("-").isdecimal() and value.isascii() else None
    if fact is None or not kind.fits(fact):
        raise ValueError(f"the fact {name} is {value!r}, not {kind}")
    return fact
