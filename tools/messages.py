"""The catalogues of the pages' and mails' words: `make messages` reads every string that is said to people, brings each
language's .po up to date, and compiles it to the .mo that a running server reads. `--check` only says what is not.

Needs no gettext on the machine: Babel reads and writes the files. Where strings come from: gettext's functions in the
source, the tags of templates, whole paragraphs of mails, and the words of the rules, which know no framework: there
`say`, `sentence` and the dictionaries of words are read. Start at messages().
"""

from __future__ import annotations

import io
import os
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parents[1]
SOURCE = ROOT / "src" / "makewhole"
LOCALE = SOURCE / "locale"
LANGUAGES = ("de", "fr", "es")
# No hour of a run in the files: what did not change stays as it was.
_BEGAN = datetime(2026, 1, 1, tzinfo=UTC)
_GETTEXT: dict[str, Any] = {
    **DEFAULT_KEYWORDS,
    "gettext_lazy": None,
    "gettext_noop": None,
    "ngettext_lazy": (1, 2),
    "pgettext_lazy": ((1, "c"), 2),
    "npgettext_lazy": ((1, "c"), 2, 3),
}
_RULES = {"say": None, "sentence": None}
# Words of the rules and of the mails that are said by their code.
_DICTIONARIES = (
    "makewhole.domain.sentences",
    "makewhole.domain.claim.in_words",
    "makewhole.domain.standing.words",
    "makewhole.workers.mails.plain",
    "makewhole.workers.mails.tender_words",
)


@dataclass
class Found:
    """A string as translators get it. `files`: where it is said."""

    one: str
    many: str = ""
    context: str = ""
    files: set[str] = field(default_factory=set)
    comments: list[str] = field(default_factory=list)

    @property
    def id(self) -> str | tuple[str, str]:
        return (self.one, self.many) if self.many else self.one


def messages() -> dict[tuple[str, str], Found]:
    """Every string that is said to people, by its text and context."""
    found: dict[tuple[str, str], Found] = {}

    def add(file: str, one: str, many: str = "", context: str = "", comments: list[str] | None = None) -> None:
        entry = found.setdefault((one, context), Found(one, many, context))
        entry.many = entry.many or many
        entry.files.add(file)
        entry.comments = entry.comments or list(comments or [])

    for path in sorted(SOURCE.rglob("*.py")):
        name = str(path.relative_to(ROOT))
        rules = path.is_relative_to(SOURCE / "domain")
        with path.open("rb") as file:
            for message in _said(file, _RULES if rules else _GETTEXT):
                add(name, *message)
    for path in sorted((SOURCE / "portals" / "templates").rglob("*.html")):
        for told in _in_template(path):
            add(str(path.relative_to(ROOT)), *told)
    for name, text in _words():
        add(name, text)
    for name, text in _paragraphs():
        add(f"src/makewhole/workers/mails/{name}", text)
    found.pop(("", ""), None)
    return found


def _said(file: Any, keywords: dict[str, Any]) -> Iterator[tuple[str, str, str, list[str]]]:
    """(singular, plural, context, comments) of every call of such a function."""
    for _line, told, comments, context in extract("python", file, keywords, ("Translators:",)):
        texts = [text for text in (told if isinstance(told, tuple) else (told,)) if text]
        if texts:
            yield texts[0], texts[1] if len(texts) > 1 else "", context or "", comments


def _in_template(path: Path) -> Iterator[tuple[str, str, str]]:
    """(singular, plural, context) of every tag that says something: the strings that it asks for."""
    from django.template import Engine
    from django.template.base import Node
    from django.templatetags.i18n import BlockTranslateNode, TranslateNode

    source = path.read_text("utf-8")
    nodes = Engine.get_default().from_string(source).nodelist
    for node in nodes.get_nodes_by_type(Node):
        if isinstance(node, TranslateNode):
            yield str(node.filter_expression.var.literal), "", _literal(node.message_context)
        elif isinstance(node, BlockTranslateNode):
            many = node.render_token_list(node.plural)[0] if node.plural else ""
            yield node.render_token_list(node.singular)[0], many, _literal(node.message_context)
    for _quote, text in re.findall(r"""(?<![\w.])_\((["'])(.+?)\1\)""", source):
        yield text, "", ""


def _literal(context: Any) -> str:
    return str(context.var) if context is not None else ""


def _words() -> Iterator[tuple[str, str]]:
    from importlib import import_module

    from makewhole.domain.claim import in_words

    for name in _DICTIONARIES:
        module = import_module(name)
        file = f"src/{name.replace('.', '/')}.py"
        for constant, value in vars(module).items():
            if constant.strip("_").isupper() and isinstance(value, dict):
                for text in _texts(value):
                    yield file, text
                    if module is in_words and in_words.to_the_seller(text) != text and text.endswith("."):
                        yield file, in_words.to_the_seller(text)


def _texts(value: object) -> Iterator[str]:
    match value:
        case str() if value:
            yield value
        case dict():
            for each in value.values():
                yield from _texts(each)
        case tuple() | list():
            for each in value:
                yield from _texts(each)


def _paragraphs() -> Iterator[tuple[str, str]]:
    from makewhole.workers.mails.texts import paragraphs

    for name, text in paragraphs():
        if re.search(r"[A-Za-z]", re.sub(r"{[{%].*?[%}]}", "", text)):
            yield name, text


# The claimant's journey ------------------------------------------------------------------------------------------

# Where everything that is said is for a claimant too, whole files.
_JOURNEY = re.compile(
    r"portals/(claimant/|settling/|templatetags/claimant|templates/(\d|portals/claimant/)"
    r"|templates/portals/(frame|field|form_errors|home|old_link|statement|statements|claims|policies|policy|checkpoints"
    r"|overturns|overturned_row|too_large|claim/(?!recovery|answers|checks|of_respondent|of_staff|tender)))"
    r"|portals/frame/(acts|claim_page|fields|home|showing|telling|tender_steps|tender_telling|tender_told|uploads|words"
    r"|policy_page)\.py|reads/|domain/claim/(statements|telling|in_words)\.py|domain/statement\.py"
    r"|workers/(asked_links\.py|mails/(letters|plain)\.py)"
)
_MAILS = (
    "_greeting", "_ending", "appeal_received", "claim_decided", "claim_is_ours_again", "claim_received",
    "claim_reopened", "claim_withdrawn", "closed_unanswered", "concern_raised", "delay_explained", "more_time",
    "offer_accepted", "offer_made", "offer_refused", "payment_ordered", "payment_returned", "payment_settled",
    "proof_requested", "release_requested", "reminder", "seller_has_more_time", "seller_is_asked", "seller_pays_you",
    "seller_rejected", "seller_settles_with_you", "settlement_confirmed", "settlement_reported",
)  # fmt: skip
# Refusals that no claimant meets: of staff, of respondents, of machines.
_NOT_THE_CLAIMANTS = frozenset(
    [
        "key_not_usable",
        "unknown_marketplace",
        "unknown_policy_version",
        "own_work",
        "payee_changer_may_not_approve",
        "took_part_before",
        "second_person_needed",
        "above_authority",
        "nothing_decided",
        "nothing_proposed",
        "exposure_twice",
        "reason_needed",
        "concern_not_shown",
        "unknown_proof",
        "unknown_flag",
        "reserve_out_of_range",
        "no_quality_review_asked",
        "no_such_task",
        "no_safety_review_asked",
        "seller_not_heard",
        "seller_heard_before",
        "seller_is_gone",
        "nothing_to_tender",
        "no_tender_waits",
        "tender_is_not_yours",
        "producer_named_before",
        "producer_lets_the_platform_pay",
        "unknown_reason",
        "answer_the_rejection",
        "nothing_rejected",
        "nothing_to_settle",
        "unknown_payer",
        "insurer_answered_before",
        "unknown_answer",
        "clause_needed",
        "no_proof_asked",
        "proof_is_looked_at",
        "no_cover_on_file",
        "no_defect_found_before",
        "no_recovery",
        "recovery_is_closed",
        "unknown_disbursement",
        "disbursement_in_other_currency",
        "contest_is_open",
        "nothing_can_be_withheld",
        "instalments_run",
        "above_the_payout",
        "more_than_owed",
        "receipt_told_differently",
        "above_the_policy_limit",
        "no_repayment_due",
        "you_owe_nothing",
        "contested_before",
        "contest_too_late",
        "nothing_contested",
        "unknown_outcome",
        "unknown_debtor",
        "unknown_obstacle",
        "off_out_of_range",
        "instalments_not_in_order",
        "instalments_do_not_add_up",
        "clock_not_running",
        "days_not_positive",
        "extension_already_given",
        "already_paused",
        "not_paused",
        "token_unknown",
        "no_role",
        "role_not_held",
        "which_role",
        "unknown_token",
        "unknown_scope",
        "no_scope",
        "rate_out_of_range",
        "unknown_seller",
        "no_standing_rules",
        "report_not_usable",
        "violation_in_future",
        "report_ref_used_for_other_content",
        "unknown_fact",
        "fact_not_disputable",
        "disputed_already",
        "struck_already",
        "too_many_files",
        "unknown_dispute",
        "dispute_decided_already",
        "only_a_person_may",
        "unknown_restriction",
        "unknown_restriction_kind",
        "restriction_needs_reasons",
        "clause_allows_no_restriction",
        "restricted_already",
        "effect_before_notice",
        "restriction_ends_before_effect",
        "restriction_too_far_ahead",
        "restriction_lifted_already",
        "which_party",
        "unknown_party",
        "party_without_contacts",
        "unknown_notice",
        "unknown_contact",
        "too_many_contacts",
        "webhook_url_not_usable",
        "webhook_not_https",
        "webhook_address_private",
        "webhook_known",
        "too_many_webhooks",
        "unknown_webhook",
        "webhook_removed",
        "unknown_delivery",
        "claims_still_open",
    ]
)


def journey(said: dict[tuple[str, str], Found]) -> set[tuple[str, str]]:
    """What a claimant may read, from the first page to the money: each of it is said in every language."""
    from makewhole.domain.sentences import SENTENCES

    refusals = {template for code, template in SENTENCES.items() if code not in _NOT_THE_CLAIMANTS}
    mails = {f"src/makewhole/workers/mails/{name}.txt" for name in _MAILS}
    return {
        key
        for key, found in said.items()
        if found.one in refusals or found.files & mails or any(map(_JOURNEY.search, found.files))
    }


# Catalogues -----------------------------------------------------------------------------------------------------


class _Catalog(Catalog):
    """A catalogue that does not name the version of its writer: another one writes the same."""

    @property
    def mime_headers(self) -> list[tuple[str, str]]:
        return [(name, value) for name, value in Catalog.mime_headers.__get__(self) if name != "Generated-By"]


def po_of(language: str) -> Path:
    return LOCALE / language / "LC_MESSAGES" / "django.po"


def read(language: str) -> Catalog:
    path = po_of(language)
    if not path.exists():
        return Catalog(locale=language)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def renewed(language: str, said: dict[tuple[str, str], Found]) -> Catalog:
    """The language's catalogue with every string that is said now, and none that no longer is."""
    before = read(language)
    after = _Catalog(
        locale=language,
        project="Makewhole",
        version="1",
        creation_date=_BEGAN,
        revision_date=_BEGAN,
        fuzzy=False,
        header_comment=f"# Makewhole in {before.locale.english_name if before.locale else language}.\n"
        "# Chosen words: docs/guides/translating.md. Brought up to date by `make messages`.",
        last_translator="Makewhole",
        language_team="Makewhole",
        copyright_holder="Makewhole",
        msgid_bugs_address="Makewhole",
    )
    for (one, context), found in sorted(said.items()):
        key = (one, context) if context else one
        earlier = before.get(one, context or None) or before.obsolete.get(key)
        told = earlier.string if earlier is not None and _same_shape(earlier, found) else ""
        after.add(
            found.id,
            told or (("",) * after.num_plurals if found.many else ""),
            locations=[(file, 0) for file in sorted(found.files)],
            flags=(),
            auto_comments=found.comments,
            context=context or None,
        )
    # What is no longer said keeps its translation, for the day when it is said again.
    for key, message in [*before.obsolete.items(), *((_key(each), each) for each in before if each.id)]:
        if _translated(message) and after.get(*_id(message)) is None:
            after.obsolete[key] = message.clone()
    return after


def _id(message: Message) -> tuple[str, str | None]:
    return (message.id[0] if isinstance(message.id, tuple | list) else message.id), message.context or None


def _key(message: Message) -> str | tuple[str, str]:
    one, context = _id(message)
    return (one, context) if context else one


def _same_shape(earlier: Message, found: Found) -> bool:
    return isinstance(earlier.id, tuple | list) == bool(found.many)


def po_bytes(catalog: Catalog) -> bytes:
    out = io.BytesIO()
    write_po(out, catalog, width=110, include_lineno=False, sort_output=True)
    return out.getvalue()


def mo_bytes(catalog: Catalog) -> bytes:
    out = io.BytesIO()
    write_mo(out, catalog)
    return out.getvalue()


def main(check: bool) -> int:
    said = messages()
    stale = []
    for language in LANGUAGES:
        path = po_of(language)
        catalog = renewed(language, said)
        wanted = {path: po_bytes(catalog), path.with_suffix(".mo"): mo_bytes(catalog)}
        for file, content in wanted.items():
            if not file.exists() or file.read_bytes() != content:
                stale.append(str(file.relative_to(ROOT)))
                if not check:
                    file.parent.mkdir(parents=True, exist_ok=True)
                    file.write_bytes(content)
        left = sum(1 for each in catalog if each.id and not _translated(each))
        print(f"{language}: {len(said)} strings, {left} without a translation")
    if check and stale:
        print("Not up to date (make messages): " + ", ".join(stale))
    return int(check and bool(stale))


def _translated(message: Message) -> bool:
    return all(message.string) if isinstance(message.string, tuple | list) else bool(message.string)


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "makewhole.web.settings")
    os.environ.setdefault("DATABASE_URL", "postgres://nobody@localhost/none")  # nothing is asked of a database
    sys.path.insert(0, str(ROOT / "src"))
    import django

    django.setup()
    sys.exit(main("--check" in sys.argv[1:]))
