"""Writes the same numbers in the usual layout, and with one large dictionary and many small pages."""
import pathlib
import sys

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

folder = pathlib.Path(sys.argv[1])


def write(name, rows, **layout):
    signal = np.random.default_rng(1).permutation(rows) / 7
    table = pa.table({"signal": signal, "agent_activity": np.arange(rows) % 10})
    pq.write_table(table, folder / f"{name}.parquet", row_group_size=rows, **layout)


for rows in (250_000, 1_000_000):
    write(f"usual-{rows}", rows)
    for codec in ("none", "snappy", "gzip", "zstd"):
        write(f"{codec}-{rows}", rows, compression=codec, dictionary_pagesize_limit=10**9, data_page_size=10_000)
write("too-large", 2_200_000, dictionary_pagesize_limit=10**9)
