from django.apps import AppConfig


class PortalsConfig(AppConfig):
    name = "makewhole.portals"
    label = "portals"
