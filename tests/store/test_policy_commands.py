"""`makewhole policy`: documents are checked with all findings at once, and a claim's rows are explained."""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from makewhole.cli.policy import policy


def _run(*call: str) -> Result:
    return CliRunner().invoke(policy, list(call))


def _shipped(name: str) -> str:
    from makewhole.store.policies import shipped

    return shipped(name)


def test_check_says_that_a_good_document_is_good_without_any_database(tmp_path: Path) -> None:
    file = tmp_path / "us.toml"
    file.write_text(_shipped("us"), "utf-8")
    told = _run("check", str(file))
    assert told.exit_code == 0 and told.output == "us.toml is good.\n"


def test_check_tells_every_finding_at_once_and_ends_with_1(tmp_path: Path) -> None:
    file = tmp_path / "us.toml"
    text = _shipped("us").replace("days = 30", "days = -30").replace('currency = "USD"', 'currency = "XXX"')
    file.write_text(text, "utf-8")
    told = _run("check", str(file))
    assert told.exit_code == 1
    lines = told.output.splitlines()
    assert len(lines) > 3 and lines[-1] == f"{len(lines) - 1} findings."
    assert all(line.startswith("us.toml: ") for line in lines[:-1])


def test_check_tells_what_claims_would_miss(tmp_path: Path) -> None:
    file = tmp_path / "us.toml"
    file.write_text(_shipped("us").replace("claim_cap", "claim_top"), "utf-8")
    told = _run("check", str(file))
    assert told.exit_code == 1 and "values.claim_cap" in told.output


def test_a_file_that_is_no_text_is_one_sentence(tmp_path: Path) -> None:
    file = tmp_path / "us.toml"
    file.write_bytes(b"\xff\xfe\x00")
    told = _run("check", str(file))
    assert told.exit_code == 1 and told.output == f"Error: {file} is not text in UTF-8.\n"


@pytest.mark.usefixtures("emptied")
class TestWithADatabase:
    """Commands that ask the database. They are called as functions: the test's database is the one they find."""

    def test_publish_then_the_same_again_changes_nothing(self, tmp_path: Path) -> None:
        from makewhole.cli.policy import publish
        from makewhole.store.models import PolicyVersion

        file = tmp_path / "us.toml"
        file.write_text(_shipped("us"), "utf-8")
        for _ in range(2):
            told = CliRunner().invoke(publish, [str(file), "--by", "person:4"])
            assert told.exit_code == 0 and "by person:4" in told.output, told.output
        assert PolicyVersion.objects.count() == 1

    def test_publish_refuses_what_would_change_the_past_and_says_all_of_it(self, tmp_path: Path) -> None:
        from store.claims_given import market

        from makewhole.cli.policy import publish
        from makewhole.store.models import PolicyVersion

        market()
        file = tmp_path / "us.toml"
        text = _shipped("us").replace("value = 90\n", "value = 60\n")
        file.write_text(text.replace('value = "5000.00"', 'value = "6000.00"'), "utf-8")
        told = CliRunner().invoke(publish, [str(file)])
        assert told.exit_code == 1 and told.output.endswith("Nothing was published.\n")
        assert "values.filing_days" in told.output and "values.authority_adjuster" in told.output
        assert PolicyVersion.objects.count() == 1

    def test_show_prints_what_is_in_force_on_a_day_with_its_source(self) -> None:
        from makewhole.cli.policy import show

        told = CliRunner().invoke(show, ["us", "--on", "2026-03-01"])
        assert told.exit_code == 0, told.output
        assert "as shipped, not published here, on 2026-03-01" in told.output
        assert "values.small_claim_limit: USD 1,000.00" in told.output
        assert "sellercentral.amazon.com" in told.output
        before = CliRunner().invoke(show, ["us", "--on", "2020-03-01"])
        assert before.exit_code == 1 and "it begins on 2021-09-01" in before.output
        assert "there are ca, eu, uk, us." in CliRunner().invoke(show, ["atlantis"]).output

    def test_explain_prints_each_row_tried_with_the_figures_of_the_claim(self) -> None:
        from store.claims_given import filed, market

        from makewhole.cli.policy import explain

        seller = market()
        direct = CliRunner().invoke(explain, [filed(seller, amount_minor=100_000).claim.filed.reference])
        assert direct.exit_code == 0, direct.output
        assert "USD 1,000.00 == USD 1,000.00" in direct.output
        assert "so direct: USD 1,000.00 for the whole incident is within the limit" in direct.output
        over = CliRunner().invoke(explain, [filed(seller, amount_minor=100_001).claim.filed.reference])
        assert "so tendered: USD 1,000.01 for the whole incident is over the limit" in over.output
        assert "machine_approval, about the claim" in over.output and "so person:" in over.output

    def test_explain_agrees_with_every_clause_that_the_log_cites(self) -> None:
        from store.claims_given import filed, market

        from makewhole.domain.claim.events import ClaimAssessed, ClaimDecided
        from makewhole.store.explained import explained

        done = filed(market())
        cited = {event.event.clause.clause for event in done.events if isinstance(event.event, ClaimAssessed)}
        decisions = [event.event for event in done.events if isinstance(event.event, ClaimDecided)]
        cited |= {clause.clause for decision in decisions for clause in decision.clauses}
        asked = explained(done.claim.claim_id, done.events)
        assert len(cited) == 2 and cited <= {question.clause for question in asked}
        assert all(sum(row.held is True for row in question.rows) == 1 for question in asked)
