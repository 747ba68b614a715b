"""What administrators read about what failed, and of scopes, feeds and changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from makewhole.reads.failures import Failure

Words = str | Promise

FEEDS: Mapping[str, Words] = {
    "orders": gettext_lazy("Orders"),
    "sellers": gettext_lazy("Sellers"),
    "disbursements": gettext_lazy("Payouts"),
    "coverages": gettext_lazy("Insurance of sellers"),
    "insurers": gettext_lazy("Insurers"),
}
SWEEPS: Mapping[str, Words] = {
    "due clocks": gettext_lazy("Deadlines do not run out"),
    "withholding": gettext_lazy("Nothing is withheld of payouts"),
    "outbox": gettext_lazy("No mail leaves"),
    "webhooks": gettext_lazy("No webhook is delivered"),
    "checkpoints": gettext_lazy("No checkpoint is made"),
}
CHANGES: Mapping[str, Words] = {
    "given": gettext_lazy("was given"),
    "taken": gettext_lazy("no longer has"),
    "invited": gettext_lazy("was invited"),
    "closed": gettext_lazy("was closed"),
    "opened": gettext_lazy("was opened again"),
}
ACTS: Mapping[str, Words] = {
    "send_again": gettext_lazy("Sent again"),
    "let_be": gettext_lazy("Let be"),
    "correct_address": gettext_lazy("Address corrected"),
    "run_clock": gettext_lazy("Deadline tried again"),
    "withhold_again": gettext_lazy("Payout tried again"),
    "make_checkpoint": gettext_lazy("Checkpoint asked for"),
    "forget_worker": gettext_lazy("Worker forgotten"),
    "see_to_import": gettext_lazy("Import seen to"),
    "replay_webhook": gettext_lazy("Webhook delivered again"),
    "make_token": gettext_lazy("Token made"),
    "revoke_token": gettext_lazy("Token revoked"),
    "end_sessions": gettext_lazy("Sessions ended"),
    "take_second_factor": gettext_lazy("Second factor taken away"),
    "open_marketplace": gettext_lazy("Marketplace opened"),
    "rename_marketplace": gettext_lazy("Marketplace renamed"),
}
# What a button says, and what it does.
BUTTONS: Mapping[str, tuple[Words, Words]] = {
    "again": (gettext_lazy("Try again"), gettext_lazy("It is tried within seconds, with all its attempts.")),
    "let-be": (
        gettext_lazy("Let it be"),
        gettext_lazy("It stays unsent, and leaves this list. The inbox and the claim's page have it."),
    ),
    "seen": (gettext_lazy("Seen to"), gettext_lazy("Leaves this list. Send the rows again once they are mended.")),
    "now": (gettext_lazy("Try now"), gettext_lazy("It is asked once more, at once.")),
    "make": (gettext_lazy("Make it now"), gettext_lazy("Signs the last full hour, if something happened in it.")),
    "forget": (gettext_lazy("It is gone"), gettext_lazy("Forgets this worker. One that still runs comes back.")),
}
ACTS_OF: Mapping[str, tuple[str, ...]] = {
    "mail": ("again", "let-be"),
    "contact-mail": ("again", "let-be"),
    "webhook": ("again", "let-be"),
    "import": ("seen",),
    "clock": ("now",),
    "payout": ("now",),
    "sweep": (),
    "checkpoint": ("make",),
    "worker": ("forget",),
}


def came_of(came: str) -> str:
    return {
        "queued": _("It is tried within seconds."),
        "let_be": _("It leaves the list."),
        "corrected": _("The new address is told from now on, and gets this mail within seconds."),
        "worked": _("It worked."),
        "failed_again": _("It failed again; the reason stands beside it."),
        "sessions_ended": _("It is signed out everywhere."),
        "factors_taken": _("Its second factors and its sessions ended, and a mail told its owner."),
        "forgotten": _("The worker is forgotten."),
        "nothing_left": _("Nothing was left to do: it was done before, or worked by itself meanwhile."),
    }[came]


def says(failure: Failure) -> str:
    """What happened, in a sentence."""
    told: dict[str, Any] = {
        "what": failure.what.replace("_", " "), "whom": failure.whom, "times": failure.times,
        "reference": failure.reference, "place": failure.marketplace,
    }  # fmt: skip
    match failure.sort:
        case "mail" if failure.whom:
            words = _("A mail (%(what)s) did not reach %(whom)s.")
        case "mail" if failure.reference:
            words = _("A mail (%(what)s) of claim %(reference)s was not sent.")
        case "mail":
            words = _("A mail (%(what)s) was not sent.")
        case "contact-mail":
            words = _("A mail (%(what)s) did not reach a contact of %(whom)s.")
        case "webhook":
            words = _("A notice (%(what)s) was not delivered to %(whom)s.")
        case "import" if failure.error:
            words = _("An import of %(what)s from %(whom)s broke off.")
        case "import":
            words = _("%(times)s rows of %(what)s from %(whom)s were not loaded.")
        case "clock":
            words = _("A deadline (%(what)s) of claim %(reference)s did not run out.")
        case "payout":
            words = _("Nothing could be withheld of the payout %(what)s to %(whom)s.")
        case "sweep":
            return str(SWEEPS.get(failure.what) or _("“%(what)s” fails.") % told)
        case "checkpoint":
            words = _("The hourly checkpoint is overdue.")
        case "worker" if failure.key == "none":
            words = _("No worker has ever turned here.")
        case "worker":
            words = _("The worker on %(whom)s does not turn any more.")
    return words % told


def does(failure: Failure) -> str:
    """What there is to know beside the buttons."""
    match failure.sort:
        case "sweep":
            return _("Tried again by itself, at least once a minute; it leaves this list when it works.")
        case "worker" if failure.key == "none":
            return _("Start one: makewhole worker. Until then no deadline runs out and no mail leaves.")
        case "worker":
            return _("Start it again: makewhole worker. Its work is taken up by any other that runs.")
        case "clock":
            return _("Also tried again by itself, after waits that grow to six hours.")
        case "payout":
            return _("Also tried again by itself each minute, until the payout is paid out.")
        case _:
            return ""
