"""Every address: the API for machines, the portals for people, and one for whoever watches that we are up."""

from __future__ import annotations

from django.urls import include, path

from makewhole.api.v1 import api
from makewhole.web.health import healthz

urlpatterns = [
    path("healthz", healthz),
    path("api/v1/", api.urls),
    path("", include("makewhole.portals.urls")),
]
