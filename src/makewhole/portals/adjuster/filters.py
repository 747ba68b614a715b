"""The filters of a worklist as its page shows them: each with its values, in words, and how many claims each shows."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from makewhole.domain.actors import Actor
from makewhole.portals.frame import words
from makewhole.reads.wanted import Wanted
from makewhole.reads.worklist import TASKS, TURNS, Counted

_TITLES: dict[str, Promise] = {
    "due": gettext_lazy("Next deadline"),
    "whose": gettext_lazy("Assigned to"),
    "turn": gettext_lazy("Whose turn"),
    "task": gettext_lazy("Task beside it"),
    "why": gettext_lazy("Why it waits"),
    "stage": gettext_lazy("Stage"),
    "track": gettext_lazy("Track"),
    "injury": gettext_lazy("Somebody hurt"),
    "amount": gettext_lazy("Claimed"),
    "score": gettext_lazy("Score of the checks"),
    "market": gettext_lazy("Marketplace"),
    "seller": gettext_lazy("Seller"),
}
_VALUES: dict[str, dict[str, Promise]] = {
    "due": {
        "late": gettext_lazy("Late"),
        "day": gettext_lazy("In the next 24 hours"),
        "week": gettext_lazy("In 2 to 7 days"),
        "later": gettext_lazy("Later"),
        "none": gettext_lazy("No deadline runs"),
    },
    "whose": {
        "me": gettext_lazy("Me"),
        "nobody": gettext_lazy("Nobody"),
        "others": gettext_lazy("Somebody else"),
    },
    "track": {
        "direct": gettext_lazy("Direct payment"),
        "tendered": gettext_lazy("Over the small-claim limit"),
        "none": gettext_lazy("Not assessed yet"),
    },
    "injury": {"yes": pgettext_lazy("somebody hurt", "Yes"), "no": pgettext_lazy("somebody hurt", "No")},
    "amount": {
        "to_100": gettext_lazy("Up to 100"),
        "to_1000": gettext_lazy("Up to 1,000"),
        "to_5000": gettext_lazy("Up to 5,000"),
        "over_5000": gettext_lazy("Over 5,000"),
    },
    "score": {
        "none": gettext_lazy("0: all passed"),
        "below_50": gettext_lazy("1 to 49"),
        "below_100": gettext_lazy("50 to 99"),
        "from_100": gettext_lazy("100 and more"),
    },
}
# Open from the start on a wide page; the others unfold.
_FIRST = ("due", "whose", "turn", "task", "why")
_SHOWN_AT_ONCE = 6


@dataclass(frozen=True, slots=True)
class Choice:
    """A value: how it is called, how many claims it shows, and the filters with it chosen (or no more, if it is)."""

    value: str
    title: str
    number: int
    address: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Shown:
    """A filter with its values; `open` where it need not be unfolded."""

    name: str
    title: str
    choices: list[Choice]
    open: bool

    @property
    def first(self) -> list[Choice]:
        return self.choices[:_SHOWN_AT_ONCE]

    @property
    def more(self) -> list[Choice]:
        return self.choices[_SHOWN_AT_ONCE:]


def shown(wanted: Wanted, counted: Counted, by: Actor) -> list[Shown]:
    """Every filter that makes a difference here: with two values or more, or a chosen one."""
    found = []
    for name, title in _TITLES.items():
        choices = _choices(name, wanted, counted, by)
        if len(choices) > 1 or any(choice.chosen for choice in choices) or (name == "task" and choices):
            found.append(Shown(name, str(title), choices, name in _FIRST or bool(wanted.value(name))))
    return found


def chosen(wanted: Wanted, counted: Counted, by: Actor) -> list[tuple[str, Choice]]:
    """What is chosen now, as it can be taken away again: (the filter's name in words, the value)."""
    found = []
    for name, value in wanted.chosen:
        choice = next((each for each in _choices(name, wanted, counted, by) if each.value == value), None)
        title = choice.title if choice else _title(name, value, counted)
        found.append((str(_TITLES[name]), Choice(value, title, 0, wanted.with_(name, "").address, True)))
    return found


def _choices(name: str, wanted: Wanted, counted: Counted, by: Actor) -> list[Choice]:
    numbers = counted.by[name]
    if name in _VALUES:
        values = [value for value in _VALUES[name] if numbers.get(value) or wanted.value(name) == value]
    elif name == "seller":
        values = [str(key) for key, _, _ in counted.sellers]
    elif name == "task":
        values = sorted(set(numbers) & set(TASKS.get(by.role, [])), key=lambda value: (-numbers[value], value))
    elif name == "turn":
        values = [value for value in TURNS.get(by.role, ()) if numbers.get(value)]
    else:
        values = sorted((value for value in numbers if value), key=lambda value: (-numbers[value], value))
    if wanted.value(name) and wanted.value(name) not in values:
        values.append(wanted.value(name))
    return [
        Choice(
            value,
            _title(name, value, counted),
            numbers.get(value, 0),
            wanted.with_(name, "" if wanted.value(name) == value else value).address,
            wanted.value(name) == value,
        )
        for value in values
    ]


def _title(name: str, value: str, counted: Counted) -> str:
    if name in _VALUES:
        return str(_VALUES[name].get(value, value))
    if name == "turn":
        return words.said(value, words.ROLES)
    if name == "task":
        told = words.task(value)
        return told[:1].upper() + told[1:]
    if name == "why":
        told = words.referral(value)
        return told[:1].upper() + told[1:]
    if name == "stage":
        return words.said(value, words.STAGES)
    if name == "market":
        return value.upper()
    return next((title for key, title, _ in counted.sellers if str(key) == value), _("Seller {}").format(value))
