#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Every letter and sequence of DIN 91379 is written, read back by pdftotext and equal under NFC."""
import os
import shutil
import subprocess
import sys
import tempfile
import unicodedata

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from dinlist import find_list, read_entries, skip  # noqa: E402


def main():
    path = find_list()
    if not path:
        skip("no DIN 91379 list: set DATENBRIEF_DATA")
    if not shutil.which("pdftotext"):
        skip("pdftotext is not installed")
    entries = read_entries(path)
    with tempfile.TemporaryDirectory() as folder:
        lines = [f"{i:04} {t} x{t}x" for i, (_, t) in enumerate(entries)]
        source, pdf = os.path.join(folder, "lines.txt"), os.path.join(folder, "lines.pdf")
        with open(source, "w", encoding="utf-8") as f:
            f.write("\n".join(lines) + "\n")
        done = subprocess.run([os.path.join("tests", "unit", "pdf_parts"), source, pdf], stderr=subprocess.PIPE, text=True)
        print(f"1..2\n{'ok' if done.returncode == 0 else 'not ok'} 1 - all {len(entries)} letters and sequences are drawn")
        print("".join(f"# {line}\n" for line in done.stderr.splitlines()[:20]), end="")
        if done.returncode:
            sys.exit(1)
        out = subprocess.run(["pdftotext", "-raw", "-enc", "UTF-8", pdf, "-"], stdout=subprocess.PIPE, check=True)
    got = {}
    for line in out.stdout.decode().replace("\f", "").splitlines():
        got[line[:4]] = unicodedata.normalize("NFC", line)
    bad = [want for want in lines if got.get(want[:4]) != unicodedata.normalize("NFC", want)]
    print(f"{'not ok' if bad else 'ok'} 2 - and read back as they were written")
    for want in bad[:40]:
        code = " ".join(f"{ord(c):04X}" for c in want.split()[1])
        print(f"# U+{code}: wrote {want!r}, read {got.get(want[:4])!r}")
    print(f"# {len(bad)} of {len(lines)} differ")
    sys.exit(1 if bad else 0)


main()
