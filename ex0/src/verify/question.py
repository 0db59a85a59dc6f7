"""What does this Python think of itself? Asked with -S, so that neither `.pth` files nor sitecustomize run."""
import sys

# The folder in front goes first: a `site.py` in the current folder is not to be run.
sys.path[:] = [folder for folder in sys.path if folder]

import os
import site


def nothing(*args, **kwargs):
    """Takes the place of whatever would read `.pth` files or run what stands in them."""


# `site.venv` is called by hand. Since 3.15 it collects the folders of packages in a state, which processes them at its end.
site.addsitepackages = site.addsitedir = site.exec = nothing
if hasattr(site, "StartupState"):
    for name in ("addsitedir", "addsitepackages", "addusersitepackages", "process"):
        setattr(site.StartupState, name, nothing)
site.venv(set())

LEVELS = {"alpha": "a", "beta": "b", "candidate": "rc"}
version = "%d.%d.%d" % sys.version_info[:3]
if sys.version_info[3] in LEVELS:
    version += LEVELS[sys.version_info[3]] + str(sys.version_info[4])

answers = [
    ("executable", [sys.executable or ""]),
    ("version", [version]),
    ("prefix", [sys.prefix]),
    ("base_prefix", [sys.base_prefix]),
    ("exec_prefix", [sys.exec_prefix]),
    ("site_packages", site.getsitepackages()),
]

# Hex, for a path need not be text. No module is imported for that: json would be looked for on PYTHONPATH.
fields = ['"%s": [%s]' % (name, ", ".join('"%s"' % os.fsencode(it).hex() for it in values)) for name, values in answers]
sys.stdout.write("{%s}" % ", ".join(fields))
