"""Mapping documents: which column of somebody's file is which of our fields.

Start at `load_mapping`: the name of a shipped mapping or the path of an own one. The document is TOML, with one
section per subject (`SUBJECTS`); docs/guides/importing.md explains every key. What is wrong with a document is told
all at once.
"""

from __future__ import annotations

import codecs
import tomllib
from collections.abc import Mapping as Dict
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from importlib.resources import files
from pathlib import Path
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from makewhole.integrations.order_files.rows import Unreadable

SUBJECTS = ("orders", "sellers", "disbursements", "insurers", "coverages")
SHIPPED = ("makewhole", "olist", "shopify", "amazon")

REQUIRED_FIELDS = {
    "orders": ("order_ref", "line_ref", "seller_ref", "buyer_ref", "product_ref", "quantity", "ordered_at"),
    "sellers": ("seller_ref",),
    "disbursements": ("disbursement_ref", "seller_ref", "net_amount", "pays_on"),
    "insurers": ("name",),
    "coverages": ("seller_ref", "insurer", "policy_number", "starts_on", "ends_on", "limit"),
}
OPTIONAL_FIELDS = {
    "orders": ("price", "price_total", "currency", "product_title", "category", "delivered_at", "channel", "physical",
               "marketplace"),
    "sellers": ("name", "legal_name", "email", "country", "good_standing", "insurance_requested_at", "closed_at",
                "insolvent_since", "marketplace"),
    "disbursements": ("currency", "marketplace"),
    "insurers": ("email",),
    "coverages": ("currency", "deductible", "platform_is_insured", "verified", "marketplace"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong with a mapping document, and where it stands."""

    where: str
    what: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


class MappingWrong(Unreadable):
    """A mapping document cannot be used; `findings` holds everything that is wrong with it."""

    def __init__(self, name: str, findings: list[Finding]) -> None:
        super().__init__(f"The mapping {name} cannot be used. " + "; ".join(str(finding) for finding in findings) + ".")
        self.findings = findings


@dataclass(frozen=True, slots=True)
class Join:
    """Another file beside the main one: the row whose `key` equals our column `on`. Its columns are `name.column`."""

    name: str
    files: tuple[str, ...]
    on: str
    key: str
    required: bool = False


@dataclass(frozen=True, slots=True)
class Mapping:
    """How the rows of one kind of file become our fields."""

    name: str
    subject: str
    columns: Dict[str, tuple[str, ...]]  # field -> columns; the first that is not empty counts
    constants: Dict[str, str] = field(default_factory=dict)
    values: Dict[str, Dict[str, str]] = field(default_factory=dict)  # field -> their value -> ours
    joins: tuple[Join, ...] = ()
    files: tuple[str, ...] = ()  # the main file's name, where a folder is given
    optional: frozenset[str] = frozenset()  # fields whose column a file may lack
    pseudonymous: frozenset[str] = frozenset()  # fields that hold personal data: only a keyed digest is kept
    separator: str = ","
    quoted: bool = True  # may a cell stand in quotes? Amazon's reports never quote, and titles begin with them
    encoding: str = "utf-8"
    decimal_sign: str = "."
    zone: str = ""  # of times without one; the marketplace's where empty
    time_format: str = ""  # strptime's signs; ISO 8601 where empty
    carry_down_key: str = ""
    carry_down_columns: tuple[str, ...] = ()
    number_lines_within: str = ""  # the column "line number" counts 1, 2, ... within this column's value
    leave_out: Dict[str, frozenset[str]] = field(default_factory=dict)  # column -> values of rows not wanted

    @property
    def fields(self) -> frozenset[str]:
        """Every field that this mapping gives a value to."""
        return frozenset(self.columns) | frozenset(self.constants)

    def main_columns(self) -> frozenset[str]:
        """The columns of the main file without which a file is not of this kind."""
        needed = {columns[0] for name, columns in self.columns.items() if name not in self.optional}
        needed |= {join.on for join in self.joins} | set(self.carry_down_columns) | set(self.leave_out)
        needed |= {self.carry_down_key, self.number_lines_within}
        return frozenset(column for column in needed if column and not self.is_made(column))

    def all_columns(self) -> frozenset[str]:
        """Every column that the mapping asks for, of any of its tables."""
        asked = {column for columns in self.columns.values() for column in columns}
        return self.main_columns() | frozenset(asked)

    def is_made(self, column: str) -> bool:
        """Is it a joined column or the line number, rather than one of the main file?"""
        return column == LINE_NUMBER or column.partition(".")[0] in {join.name for join in self.joins}

    def with_constants(self, constants: Dict[str, str]) -> Mapping:
        """This mapping with more constants; they win over columns. Raises MappingWrong for an unknown field."""
        unknown = [
            Finding(f"--set {name}", _unknown_field(self.subject))
            for name in constants
            if not _knows(self.subject, name)
        ]
        if unknown:
            raise MappingWrong(self.name, unknown)
        columns = {name: wanted for name, wanted in self.columns.items() if name not in constants}
        return replace(self, columns=columns, constants={**self.constants, **constants})

    def missing_fields(self) -> list[str]:
        """Fields that every row needs and that neither a column nor a constant gives."""
        missing = [name for name in REQUIRED_FIELDS[self.subject] if name not in self.fields]
        if self.subject == "orders" and not self.fields & {"price", "price_total"}:
            missing.append("price or price_total")
        return missing


LINE_NUMBER = "line number"


def load_mapping(name_or_path: str, *, subject: str) -> Mapping:
    """A shipped mapping by its name, or an own one by its path (it ends in .toml)."""
    if name_or_path in SHIPPED:
        text = (files(__package__) / f"{name_or_path}.toml").read_text(encoding="utf-8")
        return parse_mapping(text, name=name_or_path, subject=subject)
    path = Path(name_or_path)
    if path.suffix != ".toml":
        raise Unreadable(
            f"There is no mapping {name_or_path!r}: shipped are {', '.join(SHIPPED)}; an own one ends in .toml."
        )
    try:
        text = path.read_text(encoding="utf-8")
    except FileNotFoundError:
        raise Unreadable(f"There is no mapping document {path}.") from None
    except (OSError, UnicodeDecodeError) as wrong:
        raise Unreadable(f"The mapping document {path} cannot be read: {wrong}.") from None
    return parse_mapping(text, name=path.name, subject=subject)


def parse_mapping(text: str, *, name: str, subject: str) -> Mapping:
    """A document's section for that subject; raises MappingWrong with all findings."""
    assert subject in SUBJECTS
    try:
        document = tomllib.loads(text)
    except tomllib.TOMLDecodeError as wrong:
        raise MappingWrong(name, [Finding("document", f"not TOML ({wrong})")]) from None
    section = document.get(subject)
    if not isinstance(section, dict):
        having = [known for known in SUBJECTS if known in document]
        told = f"it has only {_sections(having)}" if having else f"it has none of {_sections(SUBJECTS)}"
        raise MappingWrong(name, [Finding("document", f"no section [{subject}]: {told}")])
    return _Reader(name, subject, section).read()


class _Reader:
    """Reads one section, noting everything that is wrong, so that all of it can be told at once."""

    KEYS = frozenset({
        "columns", "constants", "values", "join", "file", "optional", "pseudonymous", "separator", "quoted", "encoding",
        "decimal_sign", "zone", "time_format", "carry_down", "number_lines_within", "leave_out",
    })  # fmt: skip

    def __init__(self, name: str, subject: str, section: dict[str, object]) -> None:
        self.name = name
        self.subject = subject
        self.section = section
        self.findings: list[Finding] = []

    def read(self) -> Mapping:
        for key in self.section:
            if key not in self.KEYS:
                self._note(key, "unknown key")
        carry = self._table("carry_down")
        mapping = Mapping(
            name=self.name,
            subject=self.subject,
            columns={field: self._texts(f"columns.{field}", given) for field, given in self._fields("columns").items()},
            constants={
                field: self._constant(f"constants.{field}", given) for field, given in self._fields("constants").items()
            },
            values=self._values(),
            joins=self._joins(),
            files=self._texts("file", self.section.get("file", [])),
            optional=frozenset(self._field_names("optional")),
            pseudonymous=frozenset(self._field_names("pseudonymous")),
            separator=self._text("separator", ","),
            quoted=self._quoted(),
            encoding=self._text("encoding", "utf-8").lower(),
            decimal_sign=self._text("decimal_sign", "."),
            zone=self._text("zone", ""),
            time_format=self._text("time_format", ""),
            carry_down_key=str(carry.get("key", "")),
            carry_down_columns=self._texts("carry_down.columns", carry.get("columns", [])),
            number_lines_within=self._text("number_lines_within", ""),
            leave_out={
                column: frozenset(self._texts(f"leave_out.{column}", given))
                for column, given in self._table("leave_out").items()
            },
        )
        self._look_over(mapping)
        if self.findings:
            raise MappingWrong(self.name, self.findings)
        return mapping

    def _look_over(self, mapping: Mapping) -> None:
        if len(mapping.separator) != 1:
            self._note("separator", "one character, such as ',' or a tab")
        if mapping.decimal_sign not in (".", ","):
            self._note("decimal_sign", "'.' or ','")
        if mapping.zone and not _is_zone(mapping.zone):
            self._note("zone", f"{mapping.zone!r} is no time zone, such as America/Sao_Paulo")
        try:
            codecs.lookup(mapping.encoding)
        except LookupError:
            self._note("encoding", f"{mapping.encoding!r} is no encoding")
        if bool(mapping.carry_down_key) != bool(mapping.carry_down_columns):
            self._note("carry_down", "needs both key and columns")
        both = {"price", "price_total"} <= mapping.fields
        if both:
            self._note("columns", "price (of one piece) and price_total (of all pieces): name one of them")
        self._look_over_made_columns(mapping)

    def _look_over_made_columns(self, mapping: Mapping) -> None:
        if any(LINE_NUMBER in columns for columns in mapping.columns.values()) and not mapping.number_lines_within:
            self._note("columns", f"'{LINE_NUMBER}' needs number_lines_within")
        known: set[str] = set()
        for join in mapping.joins:
            of, _, column = join.on.rpartition(".")
            if of and column and of in {other.name for other in mapping.joins} - known:
                self._note(f"join.{join.name}.on", f"{of} is joined later: name it first")
            known.add(join.name)

    def _joins(self) -> tuple[Join, ...]:
        joins = []
        for name, given in self._table("join").items():
            where = f"join.{name}"
            if not isinstance(given, dict):
                self._note(where, "a table with file, on, key")
                continue
            for key in given:
                if key not in ("file", "on", "key", "required"):
                    self._note(f"{where}.{key}", "unknown key")
            for key in ("file", "on", "key"):
                if key not in given:
                    self._note(where, f"{key} is missing")
            required = given.get("required", False)
            if not isinstance(required, bool):
                self._note(f"{where}.required", "true or false")
            named = self._texts(f"{where}.file", given.get("file", []))
            joins.append(Join(name, named, str(given.get("on", "")), str(given.get("key", "")), required is True))
        return tuple(joins)

    def _values(self) -> dict[str, dict[str, str]]:
        values = {}
        for field_name, given in self._fields("values").items():
            if isinstance(given, dict):
                values[field_name] = {
                    theirs: self._constant(f"values.{field_name}", ours) for theirs, ours in given.items()
                }
            else:
                self._note(f"values.{field_name}", "a table from their values to ours")
        return values

    def _fields(self, key: str) -> dict[str, object]:
        table = self._table(key)
        for name in table:
            if not _knows(self.subject, name):
                self._note(f"{key}.{name}", _unknown_field(self.subject))
        return table

    def _field_names(self, key: str) -> tuple[str, ...]:
        names = self._texts(key, self.section.get(key, []))
        for name in names:
            if not _knows(self.subject, name):
                self._note(key, f"{name}: {_unknown_field(self.subject)}")
        return names

    def _table(self, key: str) -> dict[str, object]:
        given = self.section.get(key, {})
        if isinstance(given, dict):
            return given
        self._note(key, "a table")
        return {}

    def _texts(self, where: str, given: object) -> tuple[str, ...]:
        several = [given] if isinstance(given, str) else given
        if isinstance(several, list) and all(isinstance(each, str) and each for each in several):
            return tuple(several)
        self._note(where, "a text, or a list of texts")
        return ("",)

    def _text(self, key: str, default: str) -> str:
        given = self.section.get(key, default)
        if isinstance(given, str):
            return given
        self._note(key, "a text")
        return default

    def _quoted(self) -> bool:
        given = self.section.get("quoted", True)
        if not isinstance(given, bool):
            self._note("quoted", "true or false")
        return given is not False

    def _constant(self, where: str, given: object) -> str:
        if isinstance(given, bool):
            return "true" if given else "false"
        if isinstance(given, str | int):
            return str(given)
        self._note(where, "a text, a whole number, true or false")
        return ""

    def _note(self, where: str, what: str) -> None:
        self.findings.append(Finding(f"{self.subject}.{where}", what))


def _sections(names: Sequence[str]) -> str:
    return ", ".join(f"[{name}]" for name in names)


def _knows(subject: str, name: str) -> bool:
    return name in REQUIRED_FIELDS[subject] or name in OPTIONAL_FIELDS[subject]


def _unknown_field(subject: str) -> str:
    return f"unknown field; known are {', '.join(REQUIRED_FIELDS[subject] + OPTIONAL_FIELDS[subject])}"


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True
