"""Writes tables whose types and layouts other programs choose: many row groups, small pages, decimals, halves, booleans."""
import base64
import decimal
import gzip
import pathlib
import sys

import numpy as np
import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq
import pyarrow.parquet.encryption as pe

folder = pathlib.Path(sys.argv[1])
rng = np.random.default_rng(1)


def table(signal, activity):
    return pa.table({"signal": signal, "agent_activity": activity})


plain = table(rng.normal(size=100_000), rng.integers(0, 10, 100_000))
pq.write_table(plain, folder / "plain.parquet")
pq.write_table(plain, folder / "groups.parquet", row_group_size=100)
pq.write_table(plain, folder / "pages.parquet", data_page_size=500, compression="zstd", data_page_version="2.0")
pc.write_csv(plain, folder / "plain.csv")
(folder / "plain.csv.gz").write_bytes(gzip.compress((folder / "plain.csv").read_bytes()))

digits = [decimal.Decimal(int(n)).scaleb(-3) for n in rng.integers(-10**7, 10**7, 1000)]
activity = pa.array(np.arange(1000) % 10)
numbers = table(pa.array(digits, pa.decimal128(30, 3)), activity.cast(pa.decimal128(20, 0)))
pq.write_table(numbers, folder / "decimal.parquet")
(folder / "decimal.csv").write_text(
    "signal,agent_activity\n" + "".join(f"{n},{i % 10}\n" for i, n in enumerate(digits)))

column = plain["signal"]
pq.write_table(pa.Table.from_arrays([column, column, plain["agent_activity"]], ["signal", "signal", "agent_activity"]),
               folder / "twice.parquet")

halves = rng.normal(size=1000).astype(np.float16)
pq.write_table(table(pa.array(halves), activity), folder / "half.parquet")
pc.write_csv(table(pa.array(halves.astype(float)), activity), folder / "half.csv")

for name, numbers in (("half", pa.array(halves)), ("decimal", pa.array(digits, pa.decimal128(30, 3))),
                      ("int", pa.array(np.arange(1000, dtype="i4")))):
    for version in ("1.0", "2.0"):
        for null in (False, True):
            schema = pa.schema([pa.field("signal", numbers.type, null), pa.field("agent_activity", pa.int64(), null)])
            pq.write_table(pa.table([numbers, activity], schema), folder / f"split-{name}-{version}-{null}.parquet",
                           use_dictionary=False, column_encoding={"signal": "BYTE_STREAM_SPLIT"}, data_page_size=500,
                           compression="zstd" if null else "none", data_page_version=version)
pq.write_table(table(pa.array(np.arange(1000)), activity), folder / "int.parquet")
holes = [None if row == 700 else it for row, it in enumerate(halves.tolist())]
pq.write_table(table(pa.array(holes, pa.float16()), activity), folder / "split-null.parquet", use_dictionary=False,
               column_encoding={"signal": "BYTE_STREAM_SPLIT"})

answers = table(pa.array(halves > 0), pa.array(halves > 1))
pq.write_table(answers, folder / "bool.parquet")
pc.write_csv(answers, folder / "bool.csv")

pq.write_table(table(rng.normal(size=3_000_000), np.zeros(3_000_000, "i1")), folder / "one-page.parquet",
               use_dictionary=False, data_page_size=1 << 30, max_rows_per_page=1 << 30, row_group_size=1 << 30,
               write_batch_size=1 << 30)

wide = [decimal.Decimal(int(n) * 10**36 + 7).scaleb(-36) for n in rng.integers(-10**6, 10**6, 1000)]
numbers = table(pa.array(wide, pa.decimal256(50, 36)), activity.cast(pa.decimal256(40, 2)))
pq.write_table(numbers, folder / "wide.parquet")
(folder / "wide.csv").write_text(
    "signal,agent_activity\n" + "".join(f"{n:f},{i % 10}\n" for i, n in enumerate(wide)))


class Keys(pe.KmsClient):
    """Keeps no secret: a key is wrapped by writing it down."""

    def __init__(self, _):
        super().__init__()

    def wrap_key(self, key, _):
        return base64.b64encode(key)

    def unwrap_key(self, key, _):
        return base64.b64decode(key)


def encrypted(name, column, plaintext_footer):
    how = pe.EncryptionConfiguration("f", column_keys={"k": [column]}, plaintext_footer=plaintext_footer)
    properties = pe.CryptoFactory(Keys).file_encryption_properties(pe.KmsConnectionConfig(), how)
    rows = plain.append_column("other", plain["signal"])
    with pq.ParquetWriter(folder / name, rows.schema, encryption_properties=properties) as writer:
        writer.write_table(rows)


encrypted("encrypted.parquet", "signal", False)
encrypted("encrypted-column.parquet", "agent_activity", True)
encrypted("other-encrypted.parquet", "other", True)
