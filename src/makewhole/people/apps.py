from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "makewhole.people"
    label = "people"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from makewhole.people.noting import listen  # its models are there only now

        listen()
