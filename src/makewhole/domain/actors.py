"""Who acts. An actor is one person, party or machine in one role; its `name` is what the log keeps.

Names carry no personal data: "person:12" (staff), "claimant:<uuid>", "seller:55", "insurer:4", "producer:<uuid>",
"marketplace:3", "machine:clock".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

RoleName = Literal[
    "claimant",
    "seller",
    "marketplace",
    "adjuster",
    "reviewer",
    "finance",
    "safety_officer",
    "programme_owner",
    "administrator",
    "auditor",
    "insurer",
    "producer",
    "machine",
]
STAFF: frozenset[RoleName] = frozenset({"adjuster", "reviewer", "programme_owner"})
# Who may have to answer for a claim. Each reads the redacted file: what was claimed and why, and not by whom.
RESPONDENTS: frozenset[RoleName] = frozenset({"seller", "insurer", "producer"})
# The value of a policy that bounds what a role may approve; roles without one approve nothing.
AUTHORITY: dict[str, str] = {
    "machine": "authority_machine",
    "adjuster": "authority_adjuster",
    "reviewer": "authority_reviewer",
    "programme_owner": "authority_programme_owner",
}


@dataclass(frozen=True, slots=True)
class Actor:
    """One role of one somebody. A claimant names its claimant id, a seller its seller id, an insurer
    and a producer theirs.

    `marketplaces` bounds where the role holds; empty means everywhere.
    """

    name: str
    role: RoleName
    claimant_id: UUID | None = None
    seller_id: int | None = None
    insurer_id: int | None = None
    producer_id: UUID | None = None  # the vault item that names it
    marketplaces: frozenset[str] = frozenset()

    @property
    def is_person(self) -> bool:
        return self.name.startswith("person:")

    @property
    def is_respondent(self) -> bool:
        return self.role in RESPONDENTS

    def works_in(self, marketplace: str) -> bool:
        return not self.marketplaces or marketplace in self.marketplaces


CLOCK = Actor("machine:clock", "machine")
