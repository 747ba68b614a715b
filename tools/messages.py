"""The catalogues of the pages' and mails' words: `make messages` reads every string that is said to people, brings each
language's .po up to date, and compiles it to the .mo that a running server reads. `--check` only says what is not.

Needs no gettext on the machine: Babel reads and writes the files. Where strings come from: gettext's functions in the
source, the tags of templates, whole paragraphs of mails, and the words of the rules, which know no framework: there
`say`, `sentence` and the dictionaries of words are read. Start at messages().
"""

from __future__ import annotations

import copy
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
    "lazily": None,  # gettext_lazy, where `_` is gettext
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
    "makewhole.people.tokens",
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
    for path in sorted((SOURCE / "portals" / "templates").rglob("*.*")):  # pages, and the mails of signing in
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
            if not isinstance(node.filter_expression.var.literal, str):
                continue  # words that are marked where they are written
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
    r"|templates/(portals/(choices|choices_by_link|choices_over|kinds_always)|account/(account_inactive|alternatives|errors"
    r"|confirm_login_code|field|login|logout|manage|new_link|new_link_sent|no_way_in|page|request_login_code|sign_ins"
    r"|signup_closed|typing|email/(base|login_code_message|login_code_subject|unknown_account_\w+)))\."
    r"|templates/portals/(frame|field|form_errors|home|old_link|statement|statements|claims|policies|policy|checkpoints"
    r"|overturns|overturned_row|too_large|claim/(about|act|acts|changed|clocks|file|files|log|money|of_claimant|statement|tender|timeline|waits)\.))"
    r"|portals/frame/(acts|claim_page|fields|home|showing|telling|tender_steps|tender_telling|tender_told|uploads|words"
    r"|policy_page)\.py|reads/|domain/claim/(statements|telling|in_words)\.py|domain/statement\.py"
    r"|workers/mails/(letters|link_letters|plain)\.py"
    r"|portals/(account/(new_link|sign_ins_page|typed_words|typing_page)|templatetags/signing_in|frame/(choices|ended))\.py"
    r"|people/adapters\.py|domain/notice_kinds\.py"
)
_MAILS = (
    "_greeting", "_ending", "appeal_received", "claim_decided", "claim_is_ours_again", "claim_received",
    "link_to_claims", "link_to_draft", "link_to_order",
    "claim_reopened", "claim_withdrawn", "closed_unanswered", "concern_raised", "delay_explained", "more_time",
    "offer_accepted", "offer_made", "offer_refused", "payment_ordered", "payment_returned", "payment_settled",
    "proof_requested", "release_requested", "reminder", "seller_has_more_time", "seller_is_asked", "seller_pays_you",
    "seller_rejected", "seller_settles_with_you", "settlement_confirmed", "settlement_reported",
)  # fmt: skip
# Refusals that a claimant may meet.
_REFUSALS = frozenset(
    (
        "above_cap",
        "accepted_another_amount",
        "account_not_usable",
        "amount_negative",
        "amount_not_above_zero",
        "amount_not_positive",
        "amount_too_large",
        "answer_too_late",
        "appeal_too_late",
        "claim_is_closed",
        "claim_is_open",
        "claimant_erased",
        "claimant_may_still_answer",
        "claimant_may_still_confirm",
        "clock_is_over",
        "draft_is_full",
        "email_not_usable",
        "evidence_empty",
        "evidence_erased",
        "evidence_for_no_exposure",
        "evidence_named_twice",
        "evidence_store_full",
        "evidence_too_large",
        "evidence_truncated",
        "evidence_type_not_allowed",
        "evidence_used_before",
        "exposure_decided",
        "image_too_many_pixels",
        "key_used_for_other_content",
        "link_expired",
        "link_not_valid",
        "loss_date_before_order",
        "loss_date_in_future",
        "more_than_open",
        "name_not_printable",
        "no_concern_shown",
        "no_offer_waits",
        "no_policy",
        "no_release_asked",
        "no_rule_in_force",
        "no_such_variant",
        "not_an_amount",
        "not_under_review",
        "not_your_claim",
        "nothing_asked",
        "nothing_claimed",
        "nothing_paid_yet",
        "nothing_sent",
        "nothing_to_appeal",
        "nothing_to_confirm",
        "offer_above_claim",
        "offer_not_positive",
        "offer_waits_for_the_other_side",
        "offers_exhausted",
        "page_is_stale",
        "payment_is_settled",
        "payment_under_way",
        "payment_was_returned",
        "pdf_checks_busy",
        "pdf_needs_password",
        "pdf_not_checked",
        "release_needs_adjuster",
        "release_text_changed",
        "role_decides_nothing",
        "role_may_not",
        "same_head_twice",
        "settled_with_the_seller",
        "text_has_null_bytes",
        "text_missing",
        "text_too_long",
        "too_many_decimals",
        "unknown_claim",
        "unknown_currency",
        "unknown_evidence",
        "unknown_exposure",
        "unknown_hazard",
        "unknown_head",
        "unknown_order_line",
        "unknown_payment",
        "unknown_payout",
        "unknown_statement",
        "unknown_subject",
        "words_needed",
    )
)


def journey(said: dict[tuple[str, str], Found]) -> set[tuple[str, str]]:
    """What a claimant may read, from the first page to the money: each of it is said in every language."""
    from makewhole.domain.sentences import SENTENCES

    refusals = {template for code, template in SENTENCES.items() if code in _REFUSALS}
    mails = {f"src/makewhole/workers/mails/{name}.txt" for name in _MAILS}
    return {
        key
        for key, found in said.items()
        if found.one in refusals or found.files & mails or any(map(_JOURNEY.search, found.files))
    }


# What a seller reads beside that: its pages, and the statements of reasons that stand on them.
_SELLERS = re.compile(
    r"portals/((seller|standing|recoveries)/|frame/(inbox|told|owing)\.py"
    r"|templates/portals/(seller/|(inbox|told|choices_of_\w+|deliveries|standing|standing_dispute|recoveries)\."
    r"|claim/(answers|of_respondent|recovery|respondent_\w+|scales)\.))"
    r"|domain/(recovery/statements|claim/tender_statements|standing/words)\.py"
)


def parts(said: dict[tuple[str, str], Found]) -> dict[str, set[tuple[str, str]]]:
    """What is said, by who reads it: how far a language reaches."""
    claimants = journey(said)
    sellers = {key for key, found in said.items() if any(map(_SELLERS.search, found.files))} - claimants
    mails = {key for key, found in said.items() if all("workers/mails/" in file for file in found.files)} - claimants
    mails -= sellers
    others = said.keys() - claimants - sellers - mails
    return {
        "the claimant's way": claimants,
        "a seller's pages": sellers,
        "mails to others": mails,
        "others' pages": others,
    }


def reach(language: str, said: dict[tuple[str, str], Found]) -> str:
    """ "the claimant's way 1572 of 1572, a seller's pages 640 of 640, ..."."""
    catalog = read(language)
    told = {
        key for key in said if (message := catalog.get(key[0], key[1] or None)) is not None and _translated(message)
    }
    return ", ".join(f"{name} {len(keys & told)} of {len(keys)}" for name, keys in parts(said).items())


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
    """Compiled; without what has no translation, which Babel would write as if English were one."""
    translated = copy.deepcopy(catalog)
    for message in list(translated):
        if message.id and not _translated(message):
            translated.delete(*_id(message))
    out = io.BytesIO()
    write_mo(out, translated)
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
        print(f"{language}: {len(said)} strings, {left} without a translation: {reach(language, said)}")
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
