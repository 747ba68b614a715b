"""/healthz: is this process alive, and does it reach its database?"""

from __future__ import annotations

import logging

from django.db import Error, connection
from django.http import HttpRequest, HttpResponse

log = logging.getLogger(__name__)


def healthz(request: HttpRequest) -> HttpResponse:
    """200 and `ok`, or 503 where the database cannot be asked. Says nothing else to a stranger."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("select 1")
    except Error as error:
        log.warning("the database does not answer: %s", error)
        return HttpResponse("the database does not answer\n", status=503, content_type="text/plain")
    return HttpResponse("ok\n", content_type="text/plain")
