"""The same work with numpy, pandas and matplotlib: matrix.py POINTS [--no-plot] [--chunked|--polars|--duckdb]

--chunked is the fairest peer: numpy alone, in chunks, with the envelope of the picture and without exact quantiles.
"""
import sys

import numpy as np

points = int(float(sys.argv[1]))
plot = "--no-plot" not in sys.argv
QUANTILES = [0.01, 0.05, 0.25, 0.5, 0.75, 0.95, 0.99]


def whole():
    import pandas as pd

    rng = np.random.default_rng(42)
    data = pd.DataFrame({"signal": rng.normal(size=points), "agent_activity": rng.integers(0, 10, points)})
    data["risk"] = data.signal.abs() + 0.2 * data.agent_activity
    print(data[["signal", "risk"]].agg(["count", "mean", "std", "min", "max"]))
    print(data[["signal", "risk"]].quantile(QUANTILES))
    groups = data.groupby("agent_activity").risk.agg(["count", "mean", "max"])
    print(groups)
    counts, edges = np.histogram(data.risk, 128)
    if plot:
        draw(np.arange(points), data.risk, None, counts, edges, groups.index, groups["mean"])


def chunked():
    rng = np.random.default_rng(42)
    count, sums, tops = np.zeros(10, int), np.zeros(10), np.zeros(10)
    total, squares, counts, edges = np.zeros(2), np.zeros(2), np.zeros(129, int), np.linspace(0, 8, 129)
    low, mean, high = [], [], []
    step = max(1, min(1 << 14, points // 900))
    for start in range(0, points, step):
        size = min(step, points - start)
        signal, activity = rng.normal(size=size), rng.integers(0, 10, size)
        risk = np.abs(signal) + 0.2 * activity
        for column, values in enumerate((signal, risk)):
            total[column] += values.sum()
            squares[column] += values @ values
        count += np.bincount(activity, minlength=10)
        sums += np.bincount(activity, risk, minlength=10)
        for row in range(10):  # np.maximum.at takes longer than ten masks
            tops[row] = max(tops[row], risk[activity == row].max(initial=0))
        # np.histogram takes four times as long; the last bin holds all that lies above
        counts += np.bincount(np.minimum(risk * 16, 128).astype(np.intp), minlength=129)
        low.append(risk.min()), mean.append(risk.mean()), high.append(risk.max())
    print(total / points, np.sqrt(squares / points - (total / points) ** 2), count, sums / count, tops)
    if plot:
        draw(np.arange(len(mean)) * step, mean, (low, high), counts[:-1], edges, np.arange(10), sums / count)


def draw(x, risk, band, counts, edges, activity, means):
    import matplotlib

    matplotlib.use("Agg")
    import matplotlib.pyplot as plt

    figure = plt.figure(figsize=(10, 7.2), layout="constrained")
    figure.suptitle("Matrix analysis")
    top, bottom = figure.subfigures(2)
    axes = top.subplots()
    if band:
        axes.fill_between(x, *band, alpha=0.4)
    axes.plot(x, risk, linewidth=0.7)
    axes.set(title="Risk over time", xlabel="time (points)", ylabel="risk")
    left, right = bottom.subplots(1, 2)
    left.stairs(counts, edges, fill=True)
    left.set(title="Histogram of risk", xlabel="risk", ylabel="count (points)")
    right.bar(activity, means, color="tab:orange")
    right.set(title="Mean risk by agent activity", xlabel="agent activity", ylabel="mean risk")
    figure.savefig("matrix_analysis.png", dpi=100)


def with_polars():
    import polars as pl

    rng = np.random.default_rng(42)
    data = pl.LazyFrame({"signal": rng.normal(size=points), "agent_activity": rng.integers(0, 10, points).astype("i1")})
    data = data.with_columns(risk=pl.col("signal").abs() + 0.2 * pl.col("agent_activity")).collect()
    for name in ("signal", "risk"):
        column = data[name]
        print(column.mean(), column.std(), column.min(), column.max(), np.quantile(column.to_numpy(), QUANTILES))
    print(data.group_by("agent_activity").agg(pl.len(), pl.mean("risk"), pl.max("risk").alias("max")))
    print(np.histogram(data["risk"].to_numpy(), 128)[0])


def with_duckdb():
    """Box-Muller: DuckDB draws evenly distributed numbers only."""
    import duckdb

    duckdb.sql("SELECT setseed(0.42)")
    print(duckdb.sql(f"""
        WITH drawn AS (SELECT sqrt(-2 * ln(1 - random())) * cos(6.283185307179586 * random()) AS signal,
                              floor(10 * random())::TINYINT AS activity FROM range({points})),
             risks AS (SELECT *, abs(signal) + 0.2 * activity AS risk FROM drawn)
        SELECT activity, count(*), avg(risk), max(risk), min(risk), stddev(risk), avg(signal), stddev(signal),
               min(signal), max(signal), histogram(floor(risk * 16)) FROM risks GROUP BY 1 ORDER BY 1""").fetchall())


if "--chunked" in sys.argv:
    chunked()
elif "--polars" in sys.argv:
    with_polars()
elif "--duckdb" in sys.argv:
    with_duckdb()
else:
    whole()
