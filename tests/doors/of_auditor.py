"""The auditor: everything, read only."""

from __future__ import annotations

from doors.doors import Door

AUDITOR = frozenset({"auditor"})

DOORS = [
    Door("audit", AUDITOR, lambda place: "/audit", many=True),
    Door("audit-log", AUDITOR, lambda place: f"/audit/log?claim={place.claim.filed.reference}", strangers=404),
    Door("audit-roles", AUDITOR, lambda place: "/audit/roles"),
    Door("audit-sign-ins", AUDITOR, lambda place: "/audit/sign-ins", many=True),
    Door("audit-rules", AUDITOR, lambda place: "/audit/rules"),
]
