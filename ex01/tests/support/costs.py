"""Reads the tables of dictionaries.py and compares CPU time and memory. It is small: Linux counts its memory too."""
import os
import sys

folder, loading = sys.argv[1:]


def cost(name):
    """The least CPU seconds and the least megabytes of three runs."""
    runs = []
    for _ in range(3):
        words = [loading, "-q", "--no-plot", "--source", f"{folder}/{name}.parquet"]
        _, status, usage = os.wait4(os.posix_spawn(loading, words, {}), 0)
        assert status == 0, name
        runs.append((usage.ru_utime + usage.ru_stime, usage.ru_maxrss >> 10))
    return map(min, zip(*runs))


for rows in (250_000, 1_000_000):
    usual, least = cost(f"usual-{rows}")
    for codec in ("none", "snappy", "gzip", "zstd"):
        seconds, megabytes = cost(f"{codec}-{rows}")
        print(f"{rows} rows, {codec}: {seconds:.3f} s ({seconds / usual:.1f} times), {megabytes} MB for {least} MB",
              flush=True)
        assert seconds <= 3 * usual + 0.05 and megabytes <= least + 30
