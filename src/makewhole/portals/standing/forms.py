"""What can be done on the page of a standing: dispute, decide a dispute, restrict, lift. Each form makes one act.

Whether it may be done is the door's business; a form is offered to whom it fits.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, ClassVar, cast
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazily

from makewhole import standing as door
from makewhole.domain.actors import Actor
from makewhole.domain.standing.restricting import RestrictionKind
from makewhole.portals.frame.acts import Told
from makewhole.portals.frame.fields import choice, text_area, text_input
from makewhole.portals.frame.showing import place
from makewhole.portals.frame.uploads import FilesField, Kept
from makewhole.reads.standing import StandingView

LONGEST = 20_000


class StandingForm(forms.Form):
    """One act on one standing. `about`: the fact, dispute or restriction that it is on; it also keeps ids apart."""

    name: ClassVar[str]
    title: ClassVar[Told]
    button: ClassVar[Told]
    done: ClassVar[Told]

    def __init__(
        self, view: StandingView, by: Actor, at: datetime, about: str = "", data: Any = None, files: Any = None
    ) -> None:
        super().__init__(data, files, auto_id=f"{self.name}_{about.replace(':', '_')}_%s", label_suffix="")
        self.view, self.by, self.at, self.about = view, by, at, about
        self.build()

    def build(self) -> None:
        """Fields that depend on the standing."""

    def act(self) -> None:
        """Does it. May refuse."""
        raise NotImplementedError

    def _words(self, label: str, hint: str = "") -> None:
        self.fields["words"] = forms.CharField(
            label=label, help_text=hint, max_length=LONGEST, widget=text_area(4),
            error_messages={"required": _("Please give your reasons in words.")},
        )  # fmt: skip

    @property
    def has_files(self) -> bool:
        return self.is_multipart()


class Dispute(StandingForm):
    name, title, button = "dispute", lazily("This is wrong"), lazily("Dispute it")
    done = lazily("You dispute it. A person who took no part decides, and tells you the reasons.")

    def build(self) -> None:
        self._words(_("What is wrong with it?"), _("Write about the matter, and name no customer."))
        self.fields["files"] = FilesField(kind="other", by=self.by.name, at=self.at, label=_("Files that show it"))

    def act(self) -> None:
        told = self.cleaned_data
        files = [kept.evidence_id for kept in cast(list[Kept], told["files"])]
        door.dispute(self.view.seller.pk, self.about, told["words"], evidence=files, by=self.by, at=self.at)


class Resolve(StandingForm):
    name, title, button = "resolve", lazily("Decide this dispute"), lazily("Decide")
    done = lazily("Decided. The seller is told, with your reasons.")

    def build(self) -> None:
        self.fields["outcome"] = forms.ChoiceField(
            label=_("What do you find?"), widget=choice(),
            choices=[("stands", _("It stands")), ("struck", _("It is struck, and counts no more"))],
        )  # fmt: skip
        self._words(_("Your reasons"), _("The seller reads them as they stand."))

    def act(self) -> None:
        told = self.cleaned_data
        door.resolve(
            self.view.seller.pk, UUID(self.about), strike=told["outcome"] == "struck", words=told["words"], by=self.by,
            at=self.at,
        )  # fmt: skip


class Restrict(StandingForm):
    name, title, button = (
        "restrict",
        lazily("Restrict listings or payouts"),
        lazily("Restrict, and tell the seller why"),
    )
    done = lazily("Restricted. The statement of reasons is on its way to the seller.")

    def build(self) -> None:
        zone = self.view.marketplace.zone
        self.fields["kind"] = forms.ChoiceField(
            label=_("What is restricted?"),
            choices=[("listings", _("Listings")), ("payouts", _("Payouts"))],
            widget=choice(),
        )
        self.fields["clauses"] = forms.MultipleChoiceField(
            label=_("On which reasons does it rest?"), widget=forms.CheckboxSelectMultiple,
            choices=[(reason.clause, reason.because) for reason in self.view.restrictable],
            error_messages={"required": _("Please name at least one reason.")},
        )  # fmt: skip
        self.fields["takes_effect_at"] = _Instant(
            zone,
            label=_("From when (%(place)s)") % {"place": place(zone)},
            help_text=_("Empty: at once, when the seller is told. Never before."),
        )
        self.fields["ends_at"] = _Instant(
            zone, label=_("Until when (%(place)s)") % {"place": place(zone)}, help_text=_("Empty: until lifted.")
        )
        self._words(_("Why this restriction, and why it is needed"), _("The seller reads it as it stands."))

    def act(self) -> None:
        told = self.cleaned_data
        kind, takes_effect_at = cast(RestrictionKind, told["kind"]), told["takes_effect_at"] or self.at
        door.restrict(
            self.view.seller.pk, kind, takes_effect_at=takes_effect_at,
            ends_at=told["ends_at"], clauses=told["clauses"], words=told["words"], by=self.by, at=self.at,
        )  # fmt: skip


class Lift(StandingForm):
    name, title, button = "lift", lazily("Lift this restriction"), lazily("Lift it")
    done = lazily("Lifted. The seller is told.")

    def build(self) -> None:
        self._words(_("Your reasons"), _("The seller reads them as they stand."))

    def act(self) -> None:
        door.lift(self.view.seller.pk, UUID(self.about), self.cleaned_data["words"], by=self.by, at=self.at)


class _Instant(forms.DateTimeField):
    """A day and an hour of the marketplace's zone; None where left empty."""

    def __init__(self, zone: str, **given: Any) -> None:
        super().__init__(
            required=False, input_formats=["%Y-%m-%dT%H:%M"],
            widget=text_input(type="datetime-local"),
            error_messages={"invalid": _("This is not a day and an hour.")}, **given,
        )  # fmt: skip
        self.zone = ZoneInfo(zone)

    def clean(self, value: Any) -> datetime | None:
        found = super().clean(value)
        return timezone.make_naive(found).replace(tzinfo=self.zone) if found else None


FORMS: dict[str, type[StandingForm]] = {form.name: form for form in (Dispute, Resolve, Restrict, Lift)}
