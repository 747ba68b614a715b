"""Make .venv and install what the lock file pins, unless that is done already.

    python3 tools/bootstrap.py          what running takes   (requirements.lock)
    python3 tools/bootstrap.py --dev    and what testing takes (requirements-dev.lock)

Standard library only, and written so that an old Python gets far enough to say that it is too old.
"""

import hashlib
import json
import os
import shutil
import subprocess
import sys

OLDEST = (3, 11)
TOP = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
VENV = os.path.join(TOP, ".venv")
VENV_PYTHON = os.path.join(VENV, "bin", "python")
STAMP = os.path.join(VENV, "installed.json")


def main(arguments):
    lock = "requirements-dev.lock" if "--dev" in arguments else "requirements.lock"
    if sys.version_info < OLDEST:
        continue_with_newer_python(arguments)
    if not venv_works():
        make_venv()
    wanted = {name: fingerprint(name) for name in (lock, "requirements.lock", "pyproject.toml")}
    installed = read_stamp()
    if any(installed.get(name) != found for name, found in wanted.items()):
        install(lock)
        write_stamp(dict(installed, **wanted))


def continue_with_newer_python(arguments):
    for minor in range(20, OLDEST[1] - 1, -1):
        newer = shutil.which("python3.%d" % minor)
        # Asked, not trusted by its name: version managers leave names that lead nowhere.
        if newer and subprocess.call([newer, "-c", ""], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL) == 0:
            os.execv(newer, [newer, os.path.abspath(__file__)] + arguments)
    stop(
        "Makewhole needs Python %d.%d or newer, and this is %d.%d: install one (python.org, or your system's packages)."
        % (OLDEST + tuple(sys.version_info[:2]))
    )


def make_venv():
    try:
        import ensurepip  # noqa: F401  (Debian keeps it, and with it venv, in a package of its own)
        import venv  # noqa: F401
    except ImportError:
        stop("Python's venv module is missing; this mends it: apt-get install -y python3-venv (as root, or with sudo).")
    print("Making .venv with Python %d.%d ..." % sys.version_info[:2], flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    if subprocess.call([sys.executable, "-m", "venv", VENV]) != 0:
        stop("The folder .venv could not be made; the reason stands above.")


def install(lock):
    print("Installing %s ..." % lock, flush=True)
    pip = [VENV_PYTHON, "-m", "pip", "--disable-pip-version-check", "install", "--quiet"]
    # Wheels only: building would fetch tools that no lock pins.
    pinned = ["--require-hashes", "--only-binary", ":all:", "--requirement", os.path.join(TOP, lock)]
    if subprocess.call(pip + pinned) != 0:
        stop("The packages in %s could not be installed; is there a network? The reason stands above." % lock)
    # setuptools stands in the lock too, so that nothing is fetched for building ourselves.
    if subprocess.call(pip + ["--no-deps", "--no-build-isolation", "--editable", TOP]) != 0:
        stop("Makewhole itself could not be installed into .venv; the reason stands above.")


def venv_works():
    new_enough = "import sys; sys.exit(sys.version_info < %r)" % (OLDEST,)
    return os.path.exists(VENV_PYTHON) and subprocess.call([VENV_PYTHON, "-c", new_enough]) == 0


def fingerprint(lock):
    with open(os.path.join(TOP, lock), "rb") as file:
        return hashlib.sha256(file.read()).hexdigest()


def read_stamp():
    try:
        with open(STAMP) as file:
            return json.load(file)
    except (OSError, ValueError):
        return {}


def write_stamp(made):
    with open(STAMP, "w") as file:
        json.dump(made, file, indent=1)


def stop(sentence):
    print(sentence, file=sys.stderr)
    sys.exit(2)


if __name__ == "__main__":
    main(sys.argv[1:])
