"""The base of every act on a claim page: a form, whom it is offered to, and the Ask it makes.

Each portal lists its acts; OFFERED joins them. A form decides nothing: what it is offered for only spares
people forms that would be refused anyway.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, TypeAlias

from django import forms
from django.utils.translation import gettext_lazy as _

from makewhole import asks
from makewhole.domain.actors import Actor, RoleName
from makewhole.domain.claim.commands import ClaimCommand
from makewhole.domain.claim.decide import ALLOWED
from makewhole.handle import Ask
from makewhole.reads.views import ClaimView

if TYPE_CHECKING:
    from django_stubs_ext import StrPromise

Told: TypeAlias = "str | StrPromise"  # words that may be translated when they are shown


@dataclass(frozen=True, slots=True)
class Prepared:
    """A proposal for a form: `fields` by name, with their values (several of a choice of many). The words stand in a
    field and are meant to be changed; nothing is chosen for anybody. `fits`: the claim's own facts speak for it."""

    code: str
    title: Told
    fields: Mapping[str, str | list[str]]
    fits: bool = False

    @property
    def as_json(self) -> str:
        return json.dumps(self.fields)


class ActForm(forms.Form):
    """One thing that somebody may do with a claim. Subclasses name it, say when it fits, and make the Ask."""

    name: ClassVar[str]
    command: ClassVar[type[ClaimCommand]]
    title: ClassVar[Told]
    button: ClassVar[Told]
    says: ClassVar[Told] = ""
    done: ClassVar[Told] = _("Done.")
    roles: ClassVar[frozenset[RoleName]] = frozenset()  # narrower than the rules allow, where that is kinder
    lapsed: bool = False  # somebody was faster: what was typed is shown, and cannot be sent any more
    quiet: bool = False  # not the next sensible act: kept folded
    answer: ClassVar[bool] = False  # one of several answers to the same question: shown as a card beside the others

    def __init__(self, view: ClaimView, by: Actor, at: datetime, data: Any = None, files: Any = None) -> None:
        super().__init__(data, files, auto_id=f"{self.name}_%s", label_suffix="")
        self.view, self.by, self.at = view, by, at
        self.build()

    def build(self) -> None:
        """Fields that depend on the claim."""

    def prepared(self) -> Sequence[Prepared]:
        """What may be proposed for its fields."""
        return ()

    def prepare(self, code: str) -> None:
        """Begins with one of these proposals; with no other."""
        for each in self.prepared():
            if each.code == code:
                self.initial = {**self.initial, **each.fields}
                self.quiet = False

    def means(self) -> str:
        """Of an answer: what it means for whoever gives it, in money and in time."""
        return ""

    def groups(self) -> Iterator[tuple[str, list[forms.BoundField]]]:
        """The fields in groups with a legend each; one without a legend by default."""
        yield "", [self[name] for name in self.fields]

    @classmethod
    def offered(cls, view: ClaimView, by: Actor) -> bool:
        return by.role in (cls.roles or ALLOWED[cls.command]) and cls.fits(view, by)

    @classmethod
    def fits(cls, view: ClaimView, by: Actor) -> bool:
        raise NotImplementedError

    def ask(self, seen: int | None) -> Ask:
        """What this form asks for, of the version that was seen. May refuse."""
        raise NotImplementedError

    def _act(self, command: ClaimCommand, *said: asks.Words, seen: int | None) -> Ask:
        return asks.act(
            command, claim_id=self.view.claim.claim_id, by=self.by, at=self.at, words=tuple(said), seen=seen
        )

    @property
    def has_files(self) -> bool:
        return self.is_multipart()
