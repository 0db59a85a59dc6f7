#!/usr/bin/env python3
"""Runs both sides one after the other and prints the README's table: compare.py LOADING PYTHON [POINTS …]

CPU seconds are user + system of the whole process, memory is its peak: the best of seven runs of ours and three of
Python's, one from 1e8 points on, which take minutes and 9 GB there. Needs numpy, pandas, matplotlib, polars and duckdb
in PYTHON. Every peer runs at its best: the chunks with one BLAS thread (more of them only spin), DuckDB without quantiles.
"""
import os
import pathlib
import subprocess
import sys
import tempfile

loading, python = (os.path.abspath(path) for path in sys.argv[1:3])
sizes = sys.argv[3:] or ["1e3", "1e6", "1e8"]
script = pathlib.Path(__file__).with_name("matrix.py").resolve()


def cost(command, folder):
    """CPU seconds and peak MB of a command; None when it fails."""
    # numpy picks its own kernels: a machine may name slower ones.
    env = {name: value for name, value in os.environ.items() if not name.startswith("OPENBLAS_")}
    env["OPENBLAS_NUM_THREADS"] = "1"
    process = subprocess.Popen(command, cwd=folder, env=env, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode:
        return None
    return usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024


def best(command, folder, runs):
    results = [result for result in (cost(command, folder) for _ in range(runs)) if result]
    return min(results) if results else None


PEERS = {"pandas": [], "numpy in chunks": ["--chunked"], "numpy + polars": ["--polars"], "DuckDB": ["--duckdb"]}

print("| points | picture | loading | " + " | ".join(PEERS) + " |")
print("|---|---|---|" + "---|" * len(PEERS))
with tempfile.TemporaryDirectory() as folder:
    for points in sizes:
        runs = 3 if float(points) < 1e8 else 1
        for picture in ([], ["--no-plot"]):
            ours = best([loading, "--points", points, *picture], folder, 7)
            cells = ["%.3f s, %.0f MB" % ours]
            for name, words in PEERS.items():
                # polars and DuckDB have no picture of their own.
                no_picture = name in ("numpy + polars", "DuckDB") and not picture
                peer = None if no_picture else best([python, script, points, *words, *picture], folder, runs)
                cells.append("%.2f s, %.0f MB (%.1f ×)" % (*peer, peer[0] / ours[0]) if peer else "-")
            print("| %s | %s | %s |" % (points, "no" if picture else "yes", " | ".join(cells)), flush=True)
