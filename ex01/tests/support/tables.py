"""Writes the same small table as other programs write Parquet: every type of number, every codec, their own defaults."""
import pathlib
import sys

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

folder = pathlib.Path(sys.argv[1])
signal, activity = np.linspace(-2, 2, 50), np.arange(50) % 10
frame = pd.DataFrame({"signal": signal, "agent_activity": activity})
table = pa.Table.from_pandas(frame)

for codec in ("none", "snappy", "gzip", "brotli", "zstd", "lz4"):
    pq.write_table(table, folder / f"pyarrow_{codec}.parquet", compression=codec)
pq.write_table(table, folder / "groups.parquet", row_group_size=7, write_statistics=False)
pq.write_table(table, folder / "pages.parquet", data_page_version="2.0", use_dictionary=False)
dictionary = pa.table({"signal": pa.array(signal).dictionary_encode(),
                       "agent_activity": pa.array(activity.astype("i1")).dictionary_encode()})
pq.write_table(dictionary, folder / "dictionary.parquet")
for dtype in ("int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32", "Int8", "Float64", "category"):
    frame.astype({"agent_activity": dtype}).to_parquet(folder / f"pandas_{dtype}.parquet")
for dtype in ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT"):
    query = f"SELECT signal, agent_activity::{dtype} AS agent_activity FROM frame"
    duckdb.sql(f"COPY ({query}) TO '{folder}/duckdb_{dtype}.parquet'")
frame.to_json(folder / "columns.json")
frame.to_json(folder / "records.json", orient="records")
frame.to_json(folder / "lines.json", orient="records", lines=True)
frame.to_csv(folder / "index.csv")
frame.to_csv(folder / "quoted.csv", index=False, quoting=1, lineterminator="\r\n", encoding="utf-8-sig")
