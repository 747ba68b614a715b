"""To an organisation's own sign-in. Our pages let forms go nowhere but to us, also by a redirect: so the answer to the
button is a page that leads on, by itself or by its link."""

from __future__ import annotations

from allauth.socialaccount.providers.openid_connect import views as oidc
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST


@never_cache
@require_POST
def go(request: HttpRequest, provider_id: str) -> HttpResponse:
    answer: HttpResponse = oidc.login(request, provider_id)
    if answer.status_code != 302 or answer["Location"].startswith("/"):
        return answer
    return render(request, "account/going.html", {"address": answer["Location"]})
