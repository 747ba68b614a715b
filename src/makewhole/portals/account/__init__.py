"""Pages about signing in: how, where, and what was typed when a session ended. The steps themselves are allauth's."""
