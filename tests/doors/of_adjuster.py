"""The worklist, acts on several claims, and the evidence viewer."""

from __future__ import annotations

from doors.doors import STAFF, Door, Premises
from doors.of_frame import ITS_PARTIES

WAITED_FOR = STAFF - {"auditor"}
DECIDE = frozenset({"adjuster", "reviewer", "programme_owner"})


def _chosen(place: Premises) -> dict[str, str]:
    return {"what": "assign", "claim": place.claim.filed.reference, "batch": "b1"}


def _first_file(place: Premises) -> str:
    return f"/claims/{place.claim.filed.reference}/evidence/1"


DOORS = [
    Door("queue", WAITED_FOR, lambda place: "/queue", many=True),
    Door("keep-view", WAITED_FOR, lambda place: "/queue/views", "POST", opens=frozenset({302})),
    # Everybody's views are one's own: the number of another's is not there.
    Door("change-view", WAITED_FOR, lambda place: "/queue/views/1", "POST", sent=lambda place: {"what": "remove"},
         opens=frozenset({404})),
    # Of another marketplace nothing is chosen, whatever number is sent.
    Door("bulk", DECIDE, lambda place: "/queue/bulk", "POST", sent=_chosen, strangers=422),
    Door("bulk-do", DECIDE, lambda place: "/queue/bulk/do", "POST", sent=_chosen, strangers=422),
    Door("evidence-viewer", ITS_PARTIES, _first_file, shut=404, nobody=404,
         strangers=404),
]  # fmt: skip
