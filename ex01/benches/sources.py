#!/usr/bin/env python3
"""Reads the same rows with loading, polars' streaming engine, DuckDB and pandas: sources.py LOADING PYTHON [ROWS]

Prints CPU seconds, wall seconds and peak memory of each whole process, and the peers' ratios to ours: count, mean,
deviation and extremes of both columns, count, mean and highest risk by activity, and a histogram; ours with quantiles.
Needs numpy, pandas, polars and duckdb in PYTHON.
"""
import os
import subprocess
import sys
import tempfile
import time

loading, python = (os.path.abspath(path) for path in sys.argv[1:3])
rows = int(float(sys.argv[3])) if len(sys.argv) > 3 else 10_000_000

MAKE = """
import duckdb, sys
duckdb.sql(f"CREATE TABLE t AS SELECT sqrt(-2 * ln(1 - random())) * cos(6.283185307179586 * random()) AS signal, "
           f"floor(10 * random())::TINYINT AS agent_activity FROM range({sys.argv[1]})")
duckdb.sql("COPY t TO 'd.csv'"), duckdb.sql("COPY t TO 'd.parquet'"), duckdb.sql("COPY t TO 'd.ndjson' (FORMAT json)")
"""
POLARS = """
import polars as pl, sys
scan = {"csv": pl.scan_csv, "parquet": pl.scan_parquet, "ndjson": pl.scan_ndjson}[sys.argv[1].split(".")[-1]]
data = scan(sys.argv[1]).with_columns(risk=pl.col("signal").abs() + 0.2 * pl.col("agent_activity"))
figures = [f(pl.col(c)).name.suffix(f"_{n}") for c in ("signal", "risk") for n, f in
           (("mean", pl.Expr.mean), ("std", pl.Expr.std), ("min", pl.Expr.min), ("max", pl.Expr.max))]
all_of_them = [data.select(pl.len(), *figures),
               data.group_by("agent_activity").agg(pl.len(), pl.mean("risk"), pl.max("risk").alias("max")),
               data.group_by((pl.col("risk") * 16).floor().alias("bin")).agg(pl.len())]
print(pl.collect_all(all_of_them, engine="streaming"))
"""
DUCKDB = """
import duckdb, sys
print(duckdb.sql(f\"\"\"WITH d AS (SELECT signal, agent_activity, abs(signal) + 0.2 * agent_activity AS risk FROM '{sys.argv[1]}')
    SELECT agent_activity, count(*), avg(risk), max(risk), min(risk), stddev(risk), avg(signal), stddev(signal),
           min(signal), max(signal), histogram(floor(risk * 16)) FROM d GROUP BY 1 ORDER BY 1\"\"\").fetchall())
"""
PANDAS = """
import pandas as pd, numpy as np, sys
name = sys.argv[1]
data = (pd.read_csv(name) if name.endswith("csv") else pd.read_parquet(name) if name.endswith("parquet")
        else pd.read_json(name, lines=True))
data["risk"] = data.signal.abs() + 0.2 * data.agent_activity
print(data[["signal", "risk"]].agg(["count", "mean", "std", "min", "max"]))
print(data.groupby("agent_activity").risk.agg(["count", "mean", "max"]), np.histogram(data.risk, 128)[0])
"""


def cost(command, folder):
    start = time.monotonic()
    process = subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    wall = time.monotonic() - start
    return None if process.returncode else (usage.ru_utime + usage.ru_stime, wall, usage.ru_maxrss / 1024)


print("| format | loading | polars | DuckDB | pandas |\n|---|---|---|---|---|")
with tempfile.TemporaryDirectory() as folder:
    subprocess.run([python, "-c", MAKE, str(rows)], cwd=folder, check=True)
    for name in ("d.csv", "d.parquet", "d.ndjson"):
        ours = min(cost([loading, "-q", "--no-plot", "--max-bytes", "1e12", "--source", name], folder) for _ in range(3))
        cells = ["%.2f s, %.2f s wall, %.0f MB" % ours]
        for script in (POLARS, DUCKDB, PANDAS):
            peers = [cost([python, "-c", script, name], folder) for _ in range(3)]
            peer = min(peers) if all(peers) else None
            cells.append("%.2f s, %.2f s wall, %.0f MB (%.1f × CPU, %.1f × wall)"
                         % (*peer, peer[0] / ours[0], peer[1] / ours[1]) if peer else "failed")
        print("| %s | %s |" % (name[2:], " | ".join(cells)), flush=True)
