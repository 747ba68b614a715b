"""Have a Chromium for the tests that drive a browser: on Debian as root it is installed, elsewhere it is asked for."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def main() -> None:
    if os.environ.get("CHROMIUM") or any(shutil.which(name) for name in NAMES):
        return
    if os.geteuid() == 0 and shutil.which("apt-get"):
        install()
    else:
        print(
            "Tests in a browser need Chromium and are left out without it; "
            "on Debian: sudo apt-get install chromium. Elsewhere set CHROMIUM to the program."
        )


def install() -> None:
    print("Installing Chromium ...", flush=True)
    # A fresh machine has no package lists, an old one has stale ones: fetch them, then install.
    fetched = _apt_get("update")
    if not fetched or not _apt_get("install", "-y", "--no-install-recommends", "chromium", "fonts-dejavu-core"):
        sys.exit("Chromium could not be installed with apt-get; the reason stands above.")


def _apt_get(*arguments: str) -> bool:
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    return subprocess.call(["apt-get", *arguments], stdout=subprocess.DEVNULL, env=environment) == 0


if __name__ == "__main__":
    main()
