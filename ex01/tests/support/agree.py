"""Computes every figure of each folder's out.json again, from the exported Parquet files, with numpy and DuckDB."""
import json
import math
import pathlib
import sys

import duckdb
import numpy as np
import pyarrow.dataset as dataset


def agree(folder):
    said = json.loads((folder / "out.json").read_text())
    table = dataset.dataset(folder / "out").to_table().sort_by("t")
    signal, activity, risk = (table[name].to_numpy() for name in ("signal", "agent_activity", "risk"))
    assert (table["t"].to_numpy() == np.arange(said["n"])).all()
    assert (np.abs(signal) + 0.2 * activity == risk).all()
    for name, values in (("signal", signal), ("risk", risk)):
        column = said[name]
        assert (column["count"], column["min"], column["max"]) == (len(values), values.min(), values.max())
        # fsum rounds once, at the very end. A compensated sum may be off by the last digit of the sizes added up.
        size = math.fsum(np.abs(values)) / len(values)
        assert abs(column["mean"] - math.fsum(values) / len(values)) <= 2 * math.ulp(size)
        if len(values) == 1:
            assert column["std"] is None
        else:
            assert abs(column["std"] - values.std(ddof=1)) < 1e-12
        for q, value in column["quantiles"].items():
            exact = np.quantile(values, float(q))
            slack = column["quantile_relative_error"] * abs(exact) + math.ulp(exact)
            assert abs(value - exact) <= slack, (name, q, value, exact)
    histogram = said["histogram"]
    counts, edges = np.histogram(risk, len(histogram["counts"]), (histogram["lo"], histogram["hi"]))
    # Few values get bins around them.
    assert len(risk) <= 64 or (histogram["lo"], histogram["hi"]) == (risk.min(), risk.max())
    assert sum(histogram["counts"]) == len(risk)
    # At an edge, only the numbers of its cell may be in the wrong bin.
    error = said["risk"]["quantile_relative_error"]
    for edge, off in zip(edges[1:], np.cumsum(counts) - np.cumsum(histogram["counts"])):
        assert abs(off) <= (np.abs(risk - edge) < error * edge).sum(), (edge, off)
    rows = duckdb.sql(
        f"SELECT agent_activity, count(*), avg(risk), max(risk) FROM '{folder}/out/*.parquet' GROUP BY 1 ORDER BY 1"
    ).fetchall()
    for (number, count, mean, top), group in zip(rows, said["groups"], strict=True):
        assert (number, count, top) == (group["agent_activity"], group["count"], group["max"])
        assert abs(mean - group["mean"]) < 1e-12


for name in sys.argv[1:]:
    agree(pathlib.Path(name))
