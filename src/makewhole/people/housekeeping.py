"""What is kept for a time only: old lines of the sign-in log, typing that nobody came back for, sessions that ended."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.contrib.sessions.models import Session

from makewhole.people.models import KeptTyping, OpenSession, SignIn

# Long enough for a yearly audit to look back over the whole year.
LOG_KEPT = timedelta(days=400)


def forget_old_sign_ins(now: datetime) -> int:
    """Lets all of that go; how many rows went."""
    ended = list(Session.objects.filter(expire_date__lt=now).order_by("expire_date")[:5_000])
    keys = [session.session_key for session in ended]
    gone = OpenSession.objects.filter(session_key__in=keys).delete()[0]
    gone += Session.objects.filter(session_key__in=keys).delete()[0]
    gone += KeptTyping.objects.filter(expires_at__lt=now).delete()[0]
    return gone + SignIn.objects.filter(at__lt=now - LOG_KEPT).delete()[0]
