#!/usr/bin/env python3
"""How fast is the search for secrets, beside ripgrep and gitleaks on the same tree?

    python3 ex02/benches/scan.py target/release/oracle [MIB] [GITLEAKS]

Makes a repository of MIB mebibytes (default 200) of source-like text in a temporary folder, with a
key in force planted in every 600th file, and prints for each tool: CPU seconds (user + system, all
threads, best of five), MiB per CPU second and places found. Start-up is measured in an empty folder.
"""

import os
import random
import resource
import secrets
import shutil
import subprocess
import sys
import tempfile


def cpu(command, cwd, env, times=5):
    """Best CPU time of some runs, and the last output."""
    best, out = float("inf"), b""
    for _ in range(times):
        before = resource.getrusage(resource.RUSAGE_CHILDREN)
        out = subprocess.run(command, cwd=cwd, env=env, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout
        after = resource.getrusage(resource.RUSAGE_CHILDREN)
        best = min(best, after.ru_utime - before.ru_utime + after.ru_stime - before.ru_stime)
    return best, out.decode("utf-8", "replace")


def main():
    oracle = os.path.abspath(sys.argv[1])
    mebibytes = int(sys.argv[2]) if len(sys.argv) > 2 else 200
    gitleaks = sys.argv[3] if len(sys.argv) > 3 else shutil.which("gitleaks")
    work = tempfile.mkdtemp(prefix="scan-")
    tree, empty = os.path.join(work, "tree"), os.path.join(work, "empty")
    os.makedirs(tree), os.makedirs(empty)
    env = {"PATH": os.environ["PATH"], "HOME": work}
    key = secrets.token_hex(16)
    random.seed(42)
    words = ["let", "fn", "value", "return", "config", "self", "None", "match", "0x1f", "//", "{", "}\n", "the", "string"] * 30
    words += ["https://example.org/path", "risk-free", "self_://"]  # what only begins like a finding
    total = count = 0
    while total < mebibytes * 1024 * 1024:
        text = " ".join(random.choices(words, k=4000))
        if count % 600 == 0:
            text += "\nkey = '%s'\n" % key
        folder = os.path.join(tree, "d%03d" % (count // 100))
        os.makedirs(folder, exist_ok=True)
        with open(os.path.join(folder, "f%05d.rs" % count), "w") as file:
            file.write(text)
        total, count = total + len(text), count + 1
    # Committed, as a tree is that people work in: before the first commit all of it is staged.
    git = ["git", "-c", "core.looseCompression=0", "-c", "user.name=neo", "-c", "user.email=neo@zion.invalid"]
    for words in (["init", "-q"], ["add", "-A"], ["commit", "-q", "-m", "a tree"]):
        subprocess.run(git + words, cwd=tree, env=env, check=True)
    size = total / 1024 / 1024
    print("%d files, %.0f MiB, %d places" % (count, size, (count + 599) // 600))
    needles = os.path.join(work, "needles")
    with open(needles, "w") as file:
        file.write(key + "\n")
    secret = dict(env, API_KEY=key, DATABASE_URL="sqlite::memory:")
    tools = [("oracle", [oracle, "--json"], secret), ("rg -F", ["rg", "-F", "-f", needles, "--no-ignore", "-n"], env)]
    tools.append(("git ls-files | cat", ["sh", "-c", "git ls-files -z | xargs -0 cat > /dev/null"], env))
    if gitleaks:
        tools.append(("gitleaks dir", [gitleaks, "dir", "--no-banner", "--redact", "-v", "."], env))
    for name, command, its_env in tools:
        if not shutil.which(command[0]):
            print("%-20s not here" % name)
            continue
        seconds, out = cpu(command, tree, its_env, 1 if name.startswith("gitleaks") else 5)
        found = max(out.count("holds the value of API_KEY"), out.count(key), out.count("Finding:"))
        print("%-20s %7.2f CPU s %8.0f MiB/CPU s   found %d" % (name, seconds, size / seconds, found))
    for name, command in (("start of /bin/true", ["/bin/true"]), ("start of oracle", [oracle])):
        print("%-20s %7.2f CPU ms" % (name, cpu(["sh", "-c", "for i in 1 2 3 4 5 6 7 8 9 10; do %s; done" % command[0]], empty, env)[0] * 100))
    shutil.rmtree(work)


if __name__ == "__main__":
    main()
