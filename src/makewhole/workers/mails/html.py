"""The HTML of a mail, made of the same words as its text. Start at as_html().

A mail reader is no browser: tables lay it out, styles stand at each part, nothing is loaded from anywhere, nothing
runs. Dark readers get dark colours where they know the question, and readable ones where they do not.

What the words' own form says: a line above our own address is the button that leads there, lines that begin with "- "
are a list, and what marks.py marked stands out. Every other address stays text: we vouch for our own alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from html import escape
from textwrap import shorten

from makewhole.integrations.mail.words import paragraphs
from makewhole.workers.mails.marks import CLOSED, OPENED, STRONG, WEAK, unmarked

FONT = "font-family:system-ui,-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif"
INK, QUIET, ACCENT, ON_ACCENT = "#1b2733", "#566472", "#175c8c", "#ffffff"
PAPER, SURFACE, SOFT, LINE = "#f5f7f9", "#ffffff", "#eef1f4", "#d9dfe5"
_P = f"margin:0 0 16px;font-size:16px;line-height:1.55;color:{INK}"
_SMALL = f"margin:0 0 12px;font-size:14px;line-height:1.5;color:{QUIET}"
# Readers that know both modes ask here; the names are those of the classes below.
_STYLE = """\
:root{color-scheme:light dark;supported-color-schemes:light dark}
a{overflow-wrap:anywhere}
@media (max-width:480px){.sheet{padding:24px 20px!important}.title{font-size:22px!important}}
@media (prefers-color-scheme:dark){
.paper{background:#11181f!important}
.sheet{background:#1a242e!important;border-color:#33414e!important;border-top-color:#7cbcec!important}
.reasons{background:#263340!important}
.ink{color:#e6ebf0!important}
.quiet{color:#a3afba!important}
.link{color:#7cbcec!important}
.way{background:#7cbcec!important}
.way a{color:#0c1620!important}
}"""
_PAGE = """\
<!doctype html>
<html lang="{lang}" dir="ltr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>{title}</title>
<style>{style}</style>
</head>
<body class="paper" style="margin:0;padding:0;background:{paper};{font}">
<div style="display:none;max-height:0;overflow:hidden">{preview}</div>
<table role="presentation" class="paper" width="100%" cellpadding="0" cellspacing="0" border="0" \
style="background:{paper}"><tr><td align="center" style="padding:24px 12px 32px">
<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" \
style="max-width:600px;text-align:left">
<tr><td class="quiet" style="padding:0 4px 12px;font-size:15px;font-weight:600;color:{quiet}">{sender}</td></tr>
<tr><td class="sheet" style="background:{surface};border:1px solid {line};border-top:4px solid {accent};\
border-radius:8px;padding:32px">
{body}
</td></tr>
<tr><td style="padding:20px 4px 0">
{foot}
</td></tr>
</table>
</td></tr></table>
</body>
</html>
"""


@dataclass(frozen=True, slots=True)
class _Way:
    """Words that lead to an address of ours, and what is said before them."""

    before: str
    words: str
    address: str


def as_html(text: str, *, subject: str, sender: str, links: Collection[str], ours: str, lang: str = "en") -> str:
    """The marked text as a page. `links`: the addresses that buttons lead to; `ours`: how our addresses begin."""
    parts = paragraphs(text)
    ends = max((at for at, part in enumerate(parts) if _leads_to(part, links)), default=len(parts) - 1)
    return _PAGE.format(
        lang=escape(lang), title=escape(unmarked(subject)), style=_STYLE, font=FONT,
        paper=PAPER, surface=SURFACE, line=LINE, accent=ACCENT, quiet=QUIET,
        sender=escape(sender), preview=escape(_preview(parts)),
        body="\n".join([*_title(unmarked(subject)), *_body(parts[: ends + 1], links=links, ours=ours)]),
        foot="\n".join(_foot(part, ours) for part in parts[ends + 1 :]),
    )  # fmt: skip


def _preview(parts: list[str]) -> str:
    """What a list of mails shows beside the subject: the first words after the greeting."""
    said = parts[1] if len(parts) > 1 else ""
    return shorten(unmarked(said), 140, placeholder=" …")


def _title(subject: str) -> Iterator[str]:
    """ "Your claim MW-…: we paid you USD 150.00": what it is about above, what it says below."""
    about, colon, says = subject.partition(": ")
    if colon:
        yield f'<p class="quiet" style="margin:0 0 4px;font-size:15px;color:{QUIET}">{escape(about)}</p>'
        subject = says[:1].upper() + says[1:]
    yield (
        f'<h1 class="title ink" style="margin:0 0 20px;font-size:24px;line-height:1.25;font-weight:650;color:{INK}">'
        f"{escape(subject)}</h1>"
    )


def _body(parts: list[str], *, links: Collection[str], ours: str) -> Iterator[str]:
    within = heads = False
    for part in parts:
        if OPENED in part:
            within = heads = True
            yield (
                f'<table role="presentation" width="100%" cellpadding="0" cellspacing="0" border="0" '
                f'style="margin:4px 0 20px"><tr><td class="reasons" style="background:{SOFT};border-radius:6px;'
                f'padding:20px 20px 4px">'
            )
        yield _heading(part) if within and _is_heading(part, heads and CLOSED not in part) else _part(part, links, ours)
        heads = False
        if CLOSED in part:
            within = False
            yield "</td></tr></table>"


def _is_heading(part: str, heads: bool) -> bool:
    """The first paragraph of reasons with several, and what ends in a colon above a part of them."""
    return "\n" not in part and (heads or part.endswith(":")) and not part.startswith("- ")


def _heading(part: str) -> str:
    size = 18 if OPENED in part else 16
    style = f"margin:0 0 8px;font-size:{size}px;line-height:1.35;font-weight:650;color:{INK}"
    return f'<h2 class="ink" style="{style}">{_words(part)}</h2>'


def _part(part: str, links: Collection[str], ours: str) -> str:
    way = _way(part, ours)
    if way is not None:
        return _led(way, button=way.address in links)
    lines = part.split("\n")
    if all(line.strip(OPENED).startswith("- ") for line in lines):
        items = "".join(f'<li style="margin:0 0 6px">{_words(line.strip(OPENED)[2:])}</li>' for line in lines)
        style = f"margin:0 0 16px;padding:0 0 0 22px;font-size:16px;line-height:1.5;color:{INK}"
        return f'<ul class="ink" style="{style}">{items}</ul>'
    return f'<p class="ink" style="{_P}">{_words(part)}</p>'


def _led(way: _Way, *, button: bool) -> str:
    before = f'<p class="ink" style="{_P}">{_words(way.before)}</p>' if way.before else ""
    if not button:
        return f'{before}<p class="ink" style="{_P}">{_link(way)}</p>'
    return (
        f'{before}<table role="presentation" cellpadding="0" cellspacing="0" border="0" style="margin:8px 0 0"><tr>'
        f'<td class="way" style="background:{ACCENT};border-radius:6px"><a href="{escape(way.address)}" '
        f'style="display:inline-block;padding:13px 24px;font-size:16px;line-height:1.2;font-weight:600;'
        f'color:{ON_ACCENT};text-decoration:none">{_words(way.words)}</a></td></tr></table>'
    )


def _foot(part: str, ours: str) -> str:
    way = _way(part, ours)
    words = _words(part) if way is None else " ".join(filter(None, [_words(way.before), _link(way)]))
    return f'<p class="quiet" style="{_SMALL}">{words}</p>'


def _link(way: _Way) -> str:
    return f'<a class="link" href="{escape(way.address)}" style="color:{ACCENT}">{_words(way.words)}</a>'


def _way(part: str, ours: str) -> _Way | None:
    """A paragraph whose last line is an address of ours, and the one before it the words for it, with a colon."""
    *before, words, address = ["", *unmarked(part).split("\n")]
    if not words.endswith(":") or not address.startswith(f"{ours}/") or " " in address:
        return None
    return _Way("\n".join(filter(None, before)), words[:-1], address)


def _leads_to(part: str, links: Collection[str]) -> bool:
    return unmarked(part).rpartition("\n")[2] in links


def _words(text: str) -> str:
    """Escaped; each amount and deadline strong, each line on its own."""
    told = escape(text).replace(OPENED, "").replace(CLOSED, "")
    told = told.replace(STRONG, '<strong style="font-weight:650">').replace(WEAK, "</strong>")
    return told.replace("\n", "<br>")
