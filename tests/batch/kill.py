#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""Runs killed at random moments and at every named point, and continued: each customer exactly once, the same bytes as
an undisturbed run, nothing left over, and the ledger knows each letter once and what it held. DATENBRIEF_KILLS says how many runs are killed."""
import hashlib
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time

SRCDIR = os.path.abspath(os.environ.get("srcdir", "."))
PROGRAM = os.path.abspath("tests/batch/datenbrief-points")
# In memory there is nothing to sync: a process that is killed loses nothing that it wrote, so the test is the same and quicker.
WORK = os.path.join(os.path.abspath(os.environ.get("DATENBRIEF_KILL_FOLDER", "tests/batch")), "kill.dir")
POINTS = ["plan-before-rename", "plan-after-rename", "letter", "after-sync", "before-rename", "between-renames", "after-rename",
          "before-commit", "after-commit", "merge-before-rename", "merge-between-renames", "merge-before-seal",
          "ledger-before-commit", "ledger-after-commit"]
# Killed more than once, since each of the lots comes to its end there.
LOT_POINTS = ["before-lot", "after-lot", "before-spool-removed", "merge-before-rename", "merge-between-renames", "merge-before-seal"]
CUSTOMERS = 600
LONG = "DATENBRIEF_KILLS" in os.environ
KILLS = int(os.environ.get("DATENBRIEF_KILLS", "24"))
SEED = int(os.environ.get("DATENBRIEF_SEED", "0")) or random.SystemRandom().randrange(1, 1 << 30)
RANDOM = random.Random(SEED)
count = failed = 0


def ok(good, what, *said):
    global count, failed
    count += 1
    failed += not good
    print("%sok %d - %s" % ("" if good else "not ", count, what), flush=True)
    if not good:
        for line in said:
            print("# " + str(line)[:2000].replace("\n", "\n# "))


def make_data():
    shutil.rmtree(WORK, ignore_errors=True)
    os.makedirs(WORK)
    for name in ("datenbrief.xml", "register.xml", "letter.xml"):
        shutil.copy(os.path.join(SRCDIR, "tests/fixture", name), WORK)
    db = sqlite3.connect(os.path.join(WORK, "shop.db"))
    with open(os.path.join(SRCDIR, "tests/fixture/shop.sql"), encoding="utf-8") as f:
        db.executescript(f.read())
    db.executemany("INSERT INTO customer VALUES (?, 'Muster', 'Weg', 'Ort', 'DE', NULL)", [(i,) for i in range(2000, 2000 + CUSTOMERS)])
    # One of them is held in every run.
    db.execute("UPDATE orders SET total = 'no number' WHERE order_no = 'A-3'")
    db.commit()
    make_first_year(db)
    db.close()


def make_first_year(db):
    """The letters of the year before, with which those that are killed are compared, and what has changed since."""
    path = os.path.join(WORK, "datenbrief.xml")
    with open(path, encoding="utf-8") as f:
        config = f.read()
    with open(path, "w", encoding="utf-8") as f:
        f.write(config.replace('<source id="shop"', '<ledger file="ledger.db" key-file="ledger.key"/><source id="shop"'))
    with open(os.path.join(WORK, "ledger.key"), "wb") as f:
        f.write(b"a key that is known to this test, 32 bytes and more")
    os.chmod(os.path.join(WORK, "ledger.key"), 0o600)
    subprocess.run([PROGRAM, "run", "-c", "datenbrief.xml", "-o", "first", "--date", "2025-11-23", "--progress", "none"], cwd=WORK,
                   stderr=subprocess.DEVNULL, check=False)
    os.rename(os.path.join(WORK, "ledger.db"), os.path.join(WORK, "base.db"))
    db.execute("UPDATE customer SET city = 'Neuort' WHERE customer_no % 5 = 0")
    db.commit()


def restore_ledger():
    """As it was before this year's letters: every run is the first of the year."""
    for name in ("ledger.db", "ledger.db-journal"):
        if os.path.exists(os.path.join(WORK, name)):
            os.remove(os.path.join(WORK, name))
    shutil.copy(os.path.join(WORK, "base.db"), os.path.join(WORK, "ledger.db"))
    os.chmod(os.path.join(WORK, "ledger.db"), 0o600)


def ledger():
    """This year's letters and states, by hash; the numbers of runs differ."""
    db = sqlite3.connect(os.path.join(WORK, "ledger.db"))
    kept = db.execute("SELECT subject, items FROM letter JOIN state USING(subject, run) JOIN run USING(run)"
                      " WHERE date = '2026-11-23' ORDER BY subject").fetchall()
    db.close()
    return "%d %s" % (len(kept), hashlib.sha256(repr(kept).encode()).hexdigest())


def start(folder, threads, point=None):
    env = dict(os.environ)
    env.pop("DATENBRIEF_POINT", None)
    if point:
        env["DATENBRIEF_POINT"] = point
    return subprocess.Popen([PROGRAM, "run", "-c", "datenbrief.xml", "-o", folder, "-j", str(threads), "--progress", "none"], cwd=WORK,
                            env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, start_new_session=True)


def end(process):
    said = process.communicate(timeout=300)[1].decode("utf-8", "replace")
    return process.returncode, said


def plan(folder, shards):
    restore_ledger()
    return subprocess.run([PROGRAM, "plan", "-c", "datenbrief.xml", "-o", folder, "--date", "2026-11-23", "--shards", str(shards)],
                          cwd=WORK, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)


def contents(folder):
    """Every file but SQLite's own, by hash; the seal depends on the plan, so on the number of shards. And the ledger."""
    out = {"the ledger": ledger()}
    top = os.path.join(WORK, folder)
    for base, _, files in os.walk(top):
        for name in files:
            path = os.path.join(base, name)
            if name.endswith(".db") or name == "seal":
                continue
            with open(path, "rb") as f:
                out[os.path.relpath(path, top)] = hashlib.sha256(f.read()).hexdigest()
    return out


def rows(folder):
    """Places in the journals, all of them. A shard that has no letters needs none: what was killed before its first commit stays empty."""
    out = []
    journal = os.path.join(WORK, folder, "journal")
    for name in sorted(os.listdir(journal)):
        if name.endswith(".db"):
            db = sqlite3.connect(os.path.join(journal, name))
            if db.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]:
                out += db.execute("SELECT chunk, offset FROM letter").fetchall()
            db.close()
    return sorted(out)


def kill_once(folder, threads, length):
    """Starts a run and kills it; how, and whether it was killed."""
    if RANDOM.random() < 0.5:
        point = RANDOM.choice(POINTS)
        times = RANDOM.randrange(1, CUSTOMERS) if point == "letter" else RANDOM.randrange(1, 4)
        code, said = end(start(folder, threads, "%s#%d=kill" % (point, times)))
        return "%s#%d" % (point, times), code == -signal.SIGKILL, said
    process = start(folder, threads)
    moment = RANDOM.random() * length
    time.sleep(moment)
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        pass
    code, said = end(process)
    return "after %.3f s" % moment, code == -signal.SIGKILL, said


def wait_gone(folder):
    """The worker dies with its supervisor, at once but not at the same instant."""
    for _ in range(200):
        try:
            fd = os.open(os.path.join(WORK, folder), os.O_RDONLY)
        except FileNotFoundError:
            return
        import fcntl
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
            return
        except BlockingIOError:
            time.sleep(0.02)
        finally:
            os.close(fd)


def main():
    make_data()
    plan("straight", 1)
    began = time.monotonic()
    code, said = end(start("straight", 1))
    length = time.monotonic() - began
    ok(code == 1, "an undisturbed run: all letters but the one that is held", code, said)
    want, places = contents("straight"), rows("straight")
    ok(len(places) == CUSTOMERS + 3 and len(set(places)) == len(places), "each customer once", len(places))
    ok(len([n for n in want if n.startswith("letters/")]) == CUSTOMERS + 2, "a file for each letter")
    ok(want["the ledger"].startswith("%d " % (CUSTOMERS + 2)), "and the ledger knows each", want["the ledger"])
    killed = runs = 0
    wrong = []
    hows = {}
    print("# seed %d" % SEED)
    deadline = time.monotonic() + (1e9 if LONG else 60)
    while killed < KILLS and time.monotonic() < deadline:
        folder = "run-%d" % runs
        runs += 1
        shards = RANDOM.choice([1, 1, 4])
        history = []
        if plan(folder, shards).returncode:
            wrong.append((folder, "plan failed"))
        for _ in range(RANDOM.randrange(1, 6)):
            how, was, _said = kill_once(folder, RANDOM.choice([1, 2, 4]), length)
            history.append(how)
            killed += was
            if was:
                name = how.split("#")[0] if "#" in how else "random moment"
                hows[name] = hows.get(name, 0) + 1
            wait_gone(folder)
        code, said = end(start(folder, RANDOM.choice([1, 2, 4])))
        have = contents(folder)
        if code != 1 or have != want or rows(folder) != places:
            different = sorted(set(have.items()) ^ set(want.items()))[:6]
            wrong.append((folder, history, code, said, different))
            if len(wrong) > 3:
                break
        else:
            shutil.rmtree(os.path.join(WORK, folder))
    ok(not wrong, "%d runs killed %d times and continued: each customer once, the same bytes, nothing left over" % (runs, killed), *wrong)
    print("# killed: " + ", ".join("%s %d" % (k, hows[k]) for k in sorted(hows)))
    plan_points()
    lot_points()
    print("1..%d" % count)
    sys.exit(failed != 0)


def plan_points():
    """Killed while the plan is being made: the next run makes it, or goes on with it."""
    for point in ("plan-before-rename", "plan-after-rename"):
        folder = "made-" + point
        restore_ledger()
        env = dict(os.environ, DATENBRIEF_POINT=point + "=kill")
        command = [PROGRAM, "run", "-c", "datenbrief.xml", "-o", folder, "--date", "2026-11-23", "--progress", "none"]
        subprocess.run(command, cwd=WORK, env=env, stderr=subprocess.DEVNULL, check=False, start_new_session=True)
        wait_gone(folder)
        env.pop("DATENBRIEF_POINT")
        done = subprocess.run(command, cwd=WORK, env=env, stderr=subprocess.PIPE, check=False)
        ok(done.returncode == 1 and contents(folder)["manifest.csv"], "killed at %s, the run is made whole" % point, done.stderr)
        ok(not [n for n in os.listdir(os.path.join(WORK, folder)) if n.startswith(".")], "and nothing half is left")


def lot_points():
    """Killed while letters are bound to lots: the same run goes on to the same lots, and no record is left."""
    command = [PROGRAM, "run", "-c", "datenbrief.xml", "--form", "lots", "--lot-size", "200", "--date", "2026-11-23", "--progress", "none",
               "-o"]
    restore_ledger()
    done = subprocess.run(command + ["lots"], cwd=WORK, stderr=subprocess.PIPE, check=False)
    want = contents("lots")
    ok(done.returncode == 1 and len([n for n in want if n.startswith("lots/")]) >= 4, "an undisturbed run of lots", done.stderr, sorted(want))
    for point in LOT_POINTS:
        folder = "lots-" + point
        restore_ledger()
        codes = []
        for times in (1, 2):
            env = dict(os.environ, DATENBRIEF_POINT="%s#%d=kill" % (point, times))
            codes.append(subprocess.run(command + [folder], cwd=WORK, env=env, stderr=subprocess.DEVNULL, check=False,
                                        start_new_session=True).returncode)
            wait_gone(folder)
        done = subprocess.run(command + [folder], cwd=WORK, stderr=subprocess.PIPE, check=False)
        have = contents(folder)
        ok(codes[0] == -signal.SIGKILL and done.returncode == 1 and have == want,
           "lots: killed at %s, the run goes on to the same bytes and nothing else" % point, codes, done.returncode, done.stderr,
           sorted(set(have.items()) ^ set(want.items()))[:6])
        verified = subprocess.run([PROGRAM, "verify", "-c", "datenbrief.xml", "-o", folder], cwd=WORK, stdout=subprocess.DEVNULL,
                                  stderr=subprocess.PIPE, check=False)
        ok(verified.returncode in (0, 1) and not verified.stderr, "lots: and verify finds nothing", verified.returncode, verified.stderr)


main()
