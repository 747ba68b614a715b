"""The description is OpenAPI 3.1, says what the endpoints answer, and random requests find nothing else."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
import schemathesis
from api.machines import Hire, Machine
from api.saying import notice
from hypothesis import HealthCheck, Phase, given, settings
from world import Shop


def schema() -> dict[str, Any]:
    from makewhole.api.v1 import api
    from makewhole.api.v1.answers import as_json
    from makewhole.api.v1.door import _schema

    told: dict[str, Any] = json.loads(as_json(_schema(api)))
    return told


def test_it_is_open_api_3_1_and_open_to_everybody(client, shop: Shop):
    response = client.get("/api/v1/openapi.json", headers={"host": "localhost"})
    assert response.json() == schema() and response.json()["openapi"] == "3.1.0"


def test_the_index_lists_every_endpoint_and_loads_nothing_from_elsewhere(client, shop: Shop):
    page = client.get("/api/v1/", headers={"host": "localhost"}).content.decode()
    assert all(path in page for path in schema()["paths"])
    assert "http://" not in page and "https://" not in page and "<script" not in page and "style=" not in page


def test_every_post_and_put_that_changes_something_takes_a_key_and_every_act_a_version():
    for path, methods in schema()["paths"].items():
        for method, operation in methods.items():
            headers = {each["name"] for each in operation["parameters"] if each["in"] == "header"}
            changes = method in ("post", "put") and not path.endswith(("/policies/check", "/claim-links"))
            assert ("Idempotency-Key" in headers) == changes, path
            assert ("If-Match" in headers) == ("/acts/" in path), path


@pytest.mark.parametrize("path", ["", "/timeline", "/log", "/export"])
def test_what_is_answered_has_the_described_shape(shop: Shop, backend: Machine, hire: Hire, path: str):
    claim = backend.post("/claims", notice(shop)).json()
    for machine in (hire("auditor"), hire("adjuster"), backend):
        response = machine.get(f"/claims/{claim['reference']}{path}")
        if response.status_code == 403:
            continue
        described = schema()
        operation = described["paths"][f"/api/v1/claims/{{name}}{path}"]["get"]
        shape = operation["responses"]["200"]["content"]["application/json"]["schema"]
        jsonschema.validate(response.json(), {**shape, "components": described["components"]})


ROLES = ("marketplace", "adjuster", "reviewer", "finance")
CHECKS = ("not_a_server_error", "status_code_conformance", "content_type_conformance", "response_schema_conformance")


def test_random_requests_find_no_fault_of_ours_and_nothing_undescribed(shop: Shop, backend: Machine, hire: Hire):
    from makewhole.web.wsgi import application

    claim = backend.post("/claims", notice(shop, complete=False)).json()
    somebody = hire(ROLES[0], also=tuple((role, shop.code, None) for role in ROLES[1:]))
    api = schemathesis.openapi.from_wsgi("/api/v1/openapi.json", application, headers={"host": "localhost"})
    tried = 0
    for n, operation in enumerate(api.get_all_operations()):
        headers = {"Authorization": f"Bearer {somebody.token}", "Makewhole-Role": ROLES[n % 4], "Host": "localhost"}
        tried += probe(operation.ok(), claim["reference"], headers)
    assert tried > 200


def probe(operation: Any, reference: str, headers: dict[str, str]) -> int:
    """Sends random requests to one endpoint, about a claim that exists where it names one; how many they were."""
    checks = schemathesis.checks.CHECKS.get_by_names(CHECKS)
    tried = 0

    @settings(
        max_examples=12, deadline=None, database=None, derandomize=True, phases=[Phase.generate],
        suppress_health_check=list(HealthCheck),
    )  # fmt: skip
    @given(case=operation.as_strategy())
    def ask(case: Any) -> None:
        nonlocal tried
        tried += 1
        if "name" in (case.path_parameters or {}):
            case.path_parameters["name"] = reference
        case.headers = {**(case.headers or {}), **headers}
        case.call_and_validate(checks=checks)

    ask()
    return tried
