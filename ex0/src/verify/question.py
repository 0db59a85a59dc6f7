"""Which paths does this Python use? It runs with -S, so that neither `.pth` files nor sitecustomize run."""
import sys

# Remove the current folder from the path first: a `site.py` in it must not run.
sys.path[:] = [folder for folder in sys.path if folder]

import os
import site


def nothing(*args, **kwargs):
    """Does nothing. Replaces the functions that read `.pth` files or run the lines in them."""


# We call `site.venv` ourselves. Since 3.15 it collects the folders of packages in a StartupState and processes them at the end.
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

# In hex, because a path may not be text. The module json is not imported: Python would look for it on PYTHONPATH.
fields = ['"%s": [%s]' % (name, ", ".join('"%s"' % os.fsencode(it).hex() for it in values)) for name, values in answers]
sys.stdout.write("{%s}" % ", ".join(fields))
