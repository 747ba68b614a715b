"""The command line: `makewhole COMMAND`. Read `commands.py` for what there is; `errors.py` for how it fails."""

from makewhole.cli.group import main

__all__ = ["main"]
