# SPDX-License-Identifier: MIT
# run --form lots: the same pages as --form files, lists, options; and the report of a run.
. "${srcdir:-.}/tests/cli/common.sh"
fixture

run run -c datenbrief.xml -o files --date 2026-11-23 --progress none
files_code=$code
run run -c datenbrief.xml -o lots --form lots --lot-size 2 --date 2026-11-23 --progress none
is "$code" "$files_code" "a run into lots ends like one into files"
is "$(ls lots | tr '\n' ' ')" "held.csv journal lots manifest.csv plan.db report.pdf " "what it leaves"
is "$(ls lots/journal/spool | wc -l)" 0 "no rendered letter is left beside the lots"
no_file '.datenbrief-*' "no temporary file is left"
cmp -s files/held.csv lots/held.csv; ok "the same letters are held"
letters=$(($(wc -l <files/manifest.csv) - 1))
is "$(($(wc -l <lots/manifest.csv) - 1))" "$letters" "the same number of letters"
is "$(ls lots/lots | wc -l)" $(((letters + 1) / 2)) "two letters a lot"
run verify -c datenbrief.xml -o lots
is "$code" "$files_code" "verify finds nothing"

if command -v pdftoppm >/dev/null && command -v pdftotext >/dev/null; then
	python3 - files lots <<'PY' >compared
import csv, subprocess, sys
def rows(run):
    with open(run + "/manifest.csv", encoding="utf-8") as f:
        return {r["case"]: r for r in csv.DictReader(f)}
def call(*command):
    return subprocess.run(command, capture_output=True, check=True).stdout
files, lots = rows(sys.argv[1]), rows(sys.argv[2])
same = files.keys() == lots.keys()
for case, row in files.items():
    one, many = sys.argv[1] + "/" + row["file"], sys.argv[2] + "/" + lots[case]["file"]
    n, first = int(row["pages"]), int(lots[case]["first_page"])
    last = str(first + n - 1)
    for command in (["pdftoppm", "-r", "60"], ["pdftotext"]):
        end = ["-"] if command[0] == "pdftotext" else []
        a = call(*command, "-f", "1", "-l", str(n), one, *end)
        b = call(*command, "-f", str(first), "-l", last, many, *end)
        same = same and a == b and len(a) > 0
print("same" if same else "differ")
PY
	is "$(cat compared)" same "each letter's pages in its lot are those of its file, pixel by pixel and word by word"
else
	skip "each letter's pages in its lot are those of its file" "poppler-utils is not installed"
fi
if command -v mutool >/dev/null; then
	mutool show lots/lots/lot-00001.pdf outline >outline 2>/dev/null
	! grep -qiE "beispiel|muster|[0-9]{4,}@" outline; ok "no name stands in the bookmarks"
	is "$(grep -c '#page=' outline)" 2 "a bookmark a letter"
else
	skip "bookmarks" "mutool is not installed"
fi

# A journal that is made again after the lots, from other data: their letters are not those it tells of.
cp -a lots stale; cp shop.db before.db; rm stale/journal/shard-00000.db
python3 -c 'import sqlite3
c = sqlite3.connect("shop.db"); t = [r for r in c.execute("PRAGMA table_info(customer)")][1][1]
c.execute("UPDATE customer SET %s = substr(%s, 1, 3) || \x27x\x27 || substr(%s, 5)" % (t, t, t)); c.commit()'
run run -c datenbrief.xml -o stale --progress none
is "$code" 4 "lots of other letters than the journal has: exit status 4"
grep -q 'is another one' stderr; ok "it says so"
run verify -c datenbrief.xml -o stale
is "$code" 4 "verify finds it, too"
cp before.db shop.db

run plan -c datenbrief.xml -o parts --form lots --lot-sheets 1 --duplex yes --shards 2 --date 2026-11-23
is "$code" 0 "a plan in two shards"
run render -c datenbrief.xml -o parts --shard 1/2 --progress none
run render -c datenbrief.xml -o parts --shard 0/2 --progress none
run merge -c datenbrief.xml -o parts
is "$code" "$files_code" "rendered apart and merged"
run verify -c datenbrief.xml -o parts
is "$code" "$files_code" "and verified"
is "$(ls parts/lots | wc -l)" "$letters" "one sheet a lot"

fails 2 "--form lots" "a lot size without lots" run -c datenbrief.xml -o x --lot-size 5
fails 2 "whole number" "a lot of nothing" run -c datenbrief.xml -o x --form lots --lot-size 0
fails 2 "--duplex takes yes|no" "an unknown side" run -c datenbrief.xml -o x --form lots --duplex maybe

# ---- report ----
is "$(head -c 5 files/report.pdf)" "%PDF-" "a run leaves its report"
rm files/report.pdf
run report -c datenbrief.xml -o files --lang en
is "$code" 0 "the report alone"
if command -v pdftotext >/dev/null; then
	pdftotext -layout files/report.pdf report.txt
	grep -q "Report of the run" report.txt; ok "in English"
	grep -qE "Written +$letters" report.txt; ok "it tells how many letters were written"
	python3 - <<'PY' >found
import sqlite3
text = open("report.txt", encoding="utf-8").read()
values = [v for t in ("customer", "orders") for r in sqlite3.connect("shop.db").execute("SELECT * FROM " + t) for v in r]
print([v for v in values if isinstance(v, str) and len(v) > 4 and v in text])
PY
	is "$(cat found)" "[]" "it holds no value of a customer"
else
	skip "the report's text" "poppler-utils is not installed"
fi
DATENBRIEF_TEMPLATES=nowhere run run -c datenbrief.xml -o files --date 2026-11-23 --progress none
is "$code" "$files_code" "without its template the run ends as well"
grep -q "report.pdf is not written" stderr; ok "and says that there is no report"
done_testing
