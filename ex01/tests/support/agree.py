"""Computes every figure of out.json again, from the exported Parquet files, with numpy; and counts with DuckDB."""
import json
import pathlib
import sys

import duckdb
import numpy as np
import pyarrow.dataset as dataset

folder = pathlib.Path(sys.argv[1])
said = json.loads((folder / "out.json").read_text())
table = dataset.dataset(folder / "out").to_table().sort_by("t")
signal, activity, risk = (table[name].to_numpy() for name in ("signal", "agent_activity", "risk"))
assert (table["t"].to_numpy() == np.arange(said["n"])).all()
assert (np.abs(signal) + 0.2 * activity == risk).all()
for name, values in (("signal", signal), ("risk", risk)):
    column = said[name]
    assert (column["count"], column["min"], column["max"]) == (len(values), values.min(), values.max())
    assert abs(column["mean"] - values.mean()) < 1e-12
    assert abs(column["std"] - values.std(ddof=1)) < 1e-12
    for q, value in column["quantiles"].items():
        exact = np.quantile(values, float(q))
        assert abs(value - exact) <= column["quantile_relative_error"] * abs(exact), (name, q, value, exact)
histogram = said["histogram"]
counts, _ = np.histogram(risk, len(histogram["counts"]), (histogram["lo"], histogram["hi"]))
assert (counts == histogram["counts"]).all()
rows = duckdb.sql(
    f"SELECT agent_activity, count(*), avg(risk), max(risk) FROM '{folder}/out/*.parquet' GROUP BY 1 ORDER BY 1"
).fetchall()
for (number, count, mean, top), group in zip(rows, said["groups"], strict=True):
    assert (number, count, top) == (group["agent_activity"], group["count"], group["max"])
    assert abs(mean - group["mean"]) < 1e-12
