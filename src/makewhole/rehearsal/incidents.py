"""Consumer incident reports as SaferProducts.gov publishes them (a CSV), and what each means for a claim.

Start at read_reports(). The mapping from a report to heads of loss and hazards is CARE and HAZARD_WORDS below.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from makewhole.integrations.order_files.rows import Unreadable

NUMBER = "Report No."
PRODUCT = "Product Description"
STORY = "Incident Description"
SEVERITY = "(Primary) Victim Severity"
AGE = "(Primary) Victim's Age (years)"
RELATION = "My Relation To The (Primary) Victim"
DAMAGED_BEFORE = "Product Was Damaged Before Incident"
COLUMNS = (NUMBER, PRODUCT, STORY, SEVERITY, AGE, RELATION, DAMAGED_BEFORE)

# What care a severity stands for. It decides which heads of loss are drawn, and how large: see drawing.MEDICAL.
CARE = {
    "Death": "death",
    "Injury - Hospital Admission": "hospital",
    "Injury - Emergency Department Treatment Received": "emergency",
    "Injury - Seen by Medical Professional": "doctor",
    "Injury - Level of care not known": "not_known",
    "Injury - First Aid Received by Non-Medical Professional": "first_aid",
    "Injury - No First Aid or Medical Attention Received": "untreated",
    "Incident, No Injury": "damage",
    "No Incident, No Injury": "none",
    "Unspecified": "none",
    "": "none",
}
INJURIES = frozenset({"death", "hospital", "emergency", "doctor", "not_known", "first_aid", "untreated"})
GRAVE_CARE = {"death": "death", "hospital": "grave_injury"}

# Words of the narrative that name a hazard. "Fire" alone does not: half of these toys are fire engines.
HAZARD_WORDS = {
    "fire": r"caught (?:on )?fire|on fire|(?:started|start|set) a fire|burst into flames?|flames?\b|ignited|in flames",
    "burn": r"\bburn(?:ed|t|ing|s)?\b|scald|blister",
    "shock": r"electric(?:al)? shock|electrocut|\bshocked\b",
    "choking": r"\bchok(?:ed|ing|e)\b|swallow|ingest|stuck in (?:his|her|the|my) throat",
    "laceration": r"lacerat|\bcut (?:his|her|my|the|open)\b|sliced|stitches|gash",
    "chemical": r"chemical|toxic|poison|\bfumes?\b|\brash\b",
    "fall": r"\bfell\b|\bfall(?:s|ing)?\b",
}
# Words that tell of damage to something else than the product.
DAMAGE_WORDS = (
    r"carpet|\brug\b|\bfloor|\btable\b|couch|sofa|mattress|curtain|\bwall\b|counter|burned? (?:a|the) hole|melted"
    r"|scorch|stain"
)


@dataclass(frozen=True, slots=True)
class Report:
    """One report, as much of it as a claim needs. `number` is the agency's own, and unique."""

    number: str
    product: str
    story: str
    care: str
    by_a_minor: bool  # who reports was hurt, and is under age
    damaged_before: bool

    @property
    def injury(self) -> bool:
        return self.care in INJURIES

    @property
    def hazards(self) -> tuple[str, ...]:
        """Named by severity or narrative, in the words that a notice knows."""
        told = self.story.lower()
        found = {hazard for hazard, words in HAZARD_WORDS.items() if re.search(words, told)}
        if self.care in GRAVE_CARE:
            found.add(GRAVE_CARE[self.care])
        return tuple(sorted(found))

    @property
    def tells_of_damage(self) -> bool:
        return re.search(DAMAGE_WORDS, self.story.lower()) is not None


def read_reports(path: Path) -> list[Report]:
    """Every report of the file, in its order; raises Unreadable, in one sentence, for a file that is none."""
    try:
        with path.open(encoding="utf-8-sig", newline="") as file:
            reports = list(_reports(csv.DictReader(file), path.name))
    except UnicodeDecodeError as wrong:
        raise Unreadable(f"{path.name} is not in UTF-8: {wrong}.") from None
    except csv.Error as wrong:
        raise Unreadable(f"{path.name} cannot be read as CSV: {wrong}.") from None
    if not reports:
        raise Unreadable(f"{path.name} has no reports.")
    return reports


def _reports(rows: csv.DictReader[str], name: str) -> Iterator[Report]:
    lacking = [column for column in COLUMNS if column not in (rows.fieldnames or ())]
    if lacking:
        raise Unreadable(f"{name} has no column {', '.join(lacking)}: incident reports have them.")
    seen: set[str] = set()
    for row in rows:
        number, severity = row[NUMBER].strip(), row[SEVERITY].strip()
        if not number or number in seen or severity not in CARE:
            unknown = f"its severity {severity!r} is not known"
            why = unknown if severity not in CARE else "its number is missing or was there before"
            raise Unreadable(f"{name}, line {rows.line_num}: {why}.")
        seen.add(number)
        yield Report(
            number=number,
            product=row[PRODUCT].strip(),
            story=row[STORY].strip(),
            care=CARE[severity],
            by_a_minor=row[RELATION].strip() == "Self" and row[AGE].isdigit() and int(row[AGE]) < 18,
            damaged_before=row[DAMAGED_BEFORE].strip() == "Yes",
        )
