"""The web application, as a WSGI server loads it: `granian --interface wsgi makewhole.web.wsgi:application`."""

from __future__ import annotations

import os

from django.core.wsgi import get_wsgi_application

from makewhole.web.collector import settle
from makewhole.web.with_parent import stop_with_parent

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "makewhole.web.settings")
stop_with_parent()
application = get_wsgi_application()
settle()
