"""Every mail goes out twice in one: as text and as HTML, with the same words, and with nobody's words as markup."""

from __future__ import annotations

import re
from importlib.resources import files
from typing import Any

from store.mailbox import Mailbox, Read, html_of, text_of, words_in

OURS = "https://claims.example.com"
LINK = f"{OURS}/claims/MW-AAAAA-BBBBB?key=a:b&c=d"
CHOICES = f"{OURS}/mails/key"
# What somebody may write into a name, a reason or a product's title.
HOSTILE = (
    'Kettle <b>x</b> <script>alert(1)</script> " onmouseover="x" <img src=https://evil.example/t.gif> '
    "\x02https://evil.example/a\x03 {{ 7 }} &amp; & "
)
TEMPLATES = sorted(
    file.name.removesuffix(".txt")
    for file in files("makewhole.workers.mails").iterdir()
    if file.name.endswith(".txt") and not file.name.startswith("_")
)


def told_to(template: str, words: str = HOSTILE) -> dict[str, Any]:
    """Every fact that the template and its ending name, each with these words in it."""
    from makewhole.workers.mails.marks import Marked, Reasons

    source = "".join(
        files("makewhole.workers.mails").joinpath(f"{name}.txt").read_text("utf-8")
        for name in (
            template,
            "_greeting",
            "_ending",
            "_standing_ending",
            "_account_ending",
            "_link_ending",
            "_choices",
        )
    )
    told: dict[str, Any] = dict.fromkeys(re.findall(r"\b[a-z_]+\b", source), words)
    told |= {"link": LINK, "choices": CHOICES, "amount": Marked("USD 1,850.00"), "ends": Marked("Fri 27 Nov 2026")}
    told["statement"] = Reasons(f"We decided\n\nFacts:\n\n- {words}\n- two\n\nWho decided:\n\nA person.")
    told |= {name: [{"what": words, "part": words, "claimed": Marked("USD 1.00")}] for name in ("missing", "parts")}
    told["links"] = [{"words": words, "address": LINK}]
    return told | {"concerning": [words], "roles": [words]}


def mail_of(template: str, told: dict[str, Any]) -> Any:
    from makewhole.integrations.mail.sending import Mail
    from makewhole.workers.mails.html import as_html
    from makewhole.workers.mails.letters import rendered
    from makewhole.workers.mails.marks import unmarked

    subject, marked = rendered(template, told)
    html = as_html(marked, subject=subject, sender="Demo US", links=(LINK,), ours=OURS)
    return Mail(("ana@example.com",), subject, unmarked(marked), html, f"{template}@claims.example.com")


def test_there_are_as_many_templates_as_kinds_know() -> None:
    from makewhole.domain.notice_kinds import KIND_OF

    assert set(TEMPLATES) == set(KIND_OF) and len(TEMPLATES) > 70


def test_each_template_arrives_as_text_and_as_html_with_the_same_words_and_nobodys_markup(mailbox: Mailbox) -> None:
    from makewhole.integrations.mail.sending import Postman

    with Postman() as postman:
        for template in TEMPLATES:
            postman.send(mail_of(template, told_to(template)))
    assert [mail["Message-ID"] for mail in mailbox.mails] == [f"<{name}@claims.example.com>" for name in TEMPLATES]
    for template, mail in zip(TEMPLATES, mailbox.mails, strict=True):
        assert mail.get_content_type() == "multipart/alternative", template
        text, html = text_of(mail), html_of(mail)
        read = Read(html)
        assert "evil.example" in text, "the words of others are in this mail"
        said = words_in(f"Demo US {mail['Subject']} {text.replace(LINK, '').replace(CHOICES, '')}")
        assert words_in(" ".join(read.words)) == said, template
        assert {tag for tag, _ in read.elements} <= ALLOWED, template
        assert not [name for _, told in read.elements for name in told if name.startswith("on")], template
        assert set(read.links) == {LINK, CHOICES}, template
        assert not re.search(r"src=|url\(|@import|<link", re.sub(r"&lt;.*?&gt;", "", html)), template
        assert "\x02" not in text and "\x02" not in html, template


ALLOWED = {
    "html", "head", "meta", "title", "style", "body", "div", "table", "tr", "td", "p", "h1", "h2", "ul", "li", "strong",
    "a", "br",
}  # fmt: skip


def test_a_mail_reader_is_told_language_title_and_that_tables_are_layout() -> None:
    read = Read(mail_of("claim_decided", told_to("claim_decided", "Ana")).html)
    assert ("html", {"lang": "en", "dir": "ltr"}) in read.elements
    assert all(told.get("role") == "presentation" for tag, told in read.elements if tag == "table")
    headings = [tag for tag, _ in read.elements if tag in ("h1", "h2")]
    assert headings == ["h1", "h2", "h2", "h2"]  # its subject; the statement, and two parts of it
    assert ("meta", {"name": "color-scheme", "content": "light dark"}) in read.elements


def test_the_link_is_a_button_with_the_words_above_it_and_amounts_and_deadlines_stand_out() -> None:
    told = told_to("recovery_demanded", "Ana")
    told["seller_contests_by"] = told["ends"]
    read = Read(mail_of("recovery_demanded", told).html)
    assert read.links[LINK] == "Open your claim"
    assert read.links[CHOICES] == "Which others you can do without"
    assert "USD 1,850.00" in read.strong and "Fri 27 Nov 2026" in read.strong
    assert "Ana" not in read.strong


def test_words_that_look_like_ours_lead_nowhere_and_begin_no_paragraph() -> None:
    name = f"Ana\n\nOpen your claim:\n{OURS}/elsewhere\n\n- a list"
    mail = mail_of("claim_received", told_to("claim_received", "x") | {"name": name})
    read = Read(mail.html)
    assert set(read.links) == {LINK, CHOICES}
    assert f"Hello Ana Open your claim: {OURS}/elsewhere - a list," in mail.text
    # A mark in somebody's own words marks nothing.
    marked = mail_of("claim_received", told_to("claim_received", "x") | {"name": "\x02Ana\x03"})
    assert "Ana" not in " ".join(Read(marked.html).strong) and "Hello Ana," in marked.text


def test_a_subject_is_parted_into_what_it_is_about_and_what_it_says() -> None:
    read = Read(mail_of("reminder", told_to("reminder", "Ana")).html)
    shown = "|".join(read.words)
    assert "Your claim Ana|" in shown and "|A reminder|" in shown
