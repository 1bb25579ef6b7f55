#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""
Equal input gives equal bytes: across runs and seconds, time zones, locales of the host, and builds. DATENBRIEF_OTHER names the
program of another build, with other optimisation, as `./bootstrap check` sets it.
"""
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import time

sys.path.insert(0, os.path.join(os.environ.get("srcdir", "."), "tests", "e2e"))
import letters
from letters import DATE, SRCDIR, ok

EXAMPLE = os.path.join(SRCDIR, "examples", "lindenhof")
CONFIG = os.path.join(EXAMPLE, "datenbrief.xml")
CUSTOMERS = ["K-100005", "K-100009", "K-100010", "K-100023"]
ZONES = ["UTC", "Asia/Kolkata", "America/St_Johns", "Pacific/Kiritimati"]
# locale: (its name for localedef, character map, decimal separator and small I; Turkish has a dotless one)
LOCALES = {"de_DE.UTF-8": ("de_DE", "UTF-8", "1,5 0069"), "tr_TR.UTF-8": ("tr_TR", "UTF-8", "1,5 0131")}


def make_database(folder):
    path = os.path.join(folder, "crm.db")
    db = sqlite3.connect(path)
    for name in ("schema.sql", "data.sql"):
        with open(os.path.join(EXAMPLE, name), encoding="utf-8") as f:
            db.executescript(f.read())
    db.commit()
    db.close()
    return "crm=sqlite:" + path


def sums_by_program(program, source, folder, **env):
    """SHA-256 of each customer's letter, made by the program; an error text instead where it failed."""
    sums = []
    for customer in CUSTOMERS:
        path = os.path.join(folder, "letter.pdf")
        done = subprocess.run([program, "letter", "-c", CONFIG, "--source", source, "--date", DATE, "-o", path, customer],
                              stderr=subprocess.PIPE, env=dict(os.environ, **env))
        if done.returncode:
            return [done.stderr.decode("utf-8", "replace")]
        with open(path, "rb") as f:
            sums.append(hashlib.sha256(f.read()).hexdigest())
    return sums


def sums_by_host(source, **env):
    """What the host says of its locale, and the sums of the letters it made."""
    done = subprocess.run([os.path.join("tests", "api", "locale_letters"), CONFIG, source, DATE, *CUSTOMERS],
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=dict(os.environ, **env))
    said = done.stdout.decode().splitlines()
    return said[0] if said else "", said[1:] or [done.stderr.decode("utf-8", "replace")]


def make_locale(folder, name):
    source, charmap, _ = LOCALES[name]
    done = subprocess.run(["localedef", "-i", source, "-f", charmap, os.path.join(folder, name)],
                          stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return done.returncode < 2 and os.path.isdir(os.path.join(folder, name))


def check_locales(want, source, folder):
    said, sums = sums_by_host(source, LC_ALL="C")
    ok(said == "1.5 0069" and sums == want, "a host in the locale C", said, *sums)
    for name, (_, _, sign) in LOCALES.items():
        if not shutil.which("localedef") or not make_locale(folder, name):
            letters.skip("a host in " + name, "its sources are not installed (package locales)")
            continue
        # glibc never frees its list of LOCPATH, which LeakSanitizer tells before what was printed is flushed
        said, sums = sums_by_host(source, LC_ALL=name, LOCPATH=folder, ASAN_OPTIONS="detect_leaks=0")
        ok(said == sign, "the host is in " + name, said)
        ok(sums == want, "a host in " + name + " makes the same letters", *sums)


def main():
    letters.need_tools()
    folder = letters.fresh_folder("samebytes")
    source = make_database(folder)
    program = os.environ.get("DATENBRIEF", "./datenbrief")
    start = time.time()
    want = sums_by_program(program, source, folder)
    ok(len(set(want)) == len(CUSTOMERS), "each customer has a letter of their own", *want)
    time.sleep(max(0.0, start + 1.1 - time.time()))
    ok(sums_by_program(program, source, folder) == want, "the same a second later")
    for zone in ZONES:
        ok(sums_by_program(program, source, folder, TZ=zone) == want, "the same in the time zone " + zone)
    check_locales(want, source, folder)
    other = os.environ.get("DATENBRIEF_OTHER")
    if other and os.path.exists(other):
        ok(sums_by_program(other, source, folder) == want, "the same from a build with other optimisation")
    else:
        letters.skip("the same from another build", "there is none to compare with (DATENBRIEF_OTHER)")
    letters.done()


main()
