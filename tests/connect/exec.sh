# SPDX-License-Identifier: MIT
# The connector for programs: a program that lies about one customer holds that one's letter, and no other.
. "${srcdir:-.}/tests/connect/common.sh"
"$datenbrief" --version | grep -q '^exec ' || skip_all "this build has no connector for programs"
fixture
liar="python3 $src/tests/connect/liar.py"
edit datenbrief.xml 'label="Bestellsystem"' 'label="Bestellsystem" deadline="2s"'
exec_run() { # exec_run MODE: a run with a program that lies in this way
	rm -rf out pids
	run run -c datenbrief.xml --source "shop=exec:$liar $1 '$work/pids'" -o out --progress none
}

exec_run true
is "$code $(wc -l <out/manifest.csv)" "0 4" "a program that tells the truth makes all letters"
rm pids
run letter -c datenbrief.xml --source "shop=exec:$liar true '$work/pids'" 1001 --stop-after model
is "$(sort -u pids | wc -l)" 2 "one process says what there is, one delivers it"

lies() { # lies MODE TEXT: one letter is held, for this reason
	exec_run "$1"
	is "$code $(wc -l <out/manifest.csv) $(wc -l <out/held.csv)" "1 3 2" "$1: one letter is held, the others are made"
	grep -qF -- "$2" out/held.csv; ok "$1: held.csv says \"$2\""
	! grep -q 'Müßig\|Geheimnis\|Beispiel' stdout stderr out/held.csv; ok "$1: nobody's data is in a message"
}
lies crash "exit status 3"
[ "$(sort -u pids | wc -l)" -ge 4 ]; ok "crash: it is started again"
lies signal "signal 11"
lies no-key "without a subject key"
lies count "counts other records"
lies other-end "ends another subject"
lies field "mood"
lies lacking "was not delivered"
lies collection "moods"
lies repeat "two records of one key"
lies type "field total"
lies list '"a list is no value'
lies object "an object is no value"
lies huge "longer than 64 MB"
lies value "is longer than"
lies nul "a control character in UTF-8 text at byte 1"
lies control "a control character in UTF-8 text at byte 0"
lies utf8 "at byte 2"
lies garbage "not one JSON object"
lies array "not one JSON object"
lies deep "not one JSON object"
lies number "answers another request"
lies error "table-locked"
lies sentence "not one word"

# What waits is stopped with everything it has started.
alive() { for pid in $(sort -u pids); do ps -o pid= -g "$pid" 2>/dev/null; done; }
for mode in sleep child closed no-end; do
	start=$(date +%s)
	exec_run $mode
	is "$code $(wc -l <out/manifest.csv) $(wc -l <out/held.csv)" "1 3 2" "$mode: one letter is held, the others are made"
	[ $(($(date +%s) - start)) -lt 60 ]; ok "$mode: nobody waits for it"
	is "$(alive)" "" "$mode: no process is left"
done
grep -q "no answer within 2000 ms" out/held.csv; ok "the deadline is the reason"

# A record of somebody else is no matter of one letter.
exec_run unasked
is "$code" 4 "a record that belongs to nobody who was asked for stops the run"
grep -q "another subject" stderr; ok "and says so"
exec_run foreign
is "$code" 4 "a record of another customer as well"

# ---- the start ----

begin() { fails "$1" "$2" "$3" letter -c datenbrief.xml --source "shop=exec:$4" 1001 --stop-after model; }
begin 2 "No such file" "a program that is not there" "./nosuch"
begin 2 "names no program" "no program" "''"
begin 2 "not closed" "a quote that is open" "python3 'x"
begin 75 "exit status 0" "a program that ends at once" "$liar dumb"
begin 4 "version 1" "another version" "$liar version"
begin 4 "not one JSON object" "a program that greets otherwise" "$liar hello"
fails 4 "counts other subjects" "a list that lacks its end" run -c datenbrief.xml --source "shop=exec:$liar short-list" -o list

cat >look.py <<'PY'
import os, sys
sys.stdin.readline()
with open("seen", "w") as f:
    f.write("%s\n%s\n%s\n%s\n" % (sorted(os.environ), sorted(int(x) for x in os.listdir("/proc/self/fd"))[:3], sys.argv[1:], os.getpgrp() == os.getpid()))
PY
SECRET=1 PASSED=2 "$datenbrief" letter -c datenbrief.xml --source "shop=exec:python3 look.py 'a b' \"c\" \$HOME;id" 1001 --stop-after model >/dev/null 2>stderr 9<datenbrief.xml
! grep -q SECRET seen; ok "the environment of the host stays there"
grep -qF "['a b', 'c', '\$HOME;id']" seen; ok "arguments are split without a shell"
grep -q '^True' seen; ok "it leads a process group of its own"
python3 - <<'PY'
lines = open("seen").read().split("\n")
raise SystemExit(lines[1] != "[0, 1, 2]")
PY
ok "no open file of the host is there"
edit datenbrief.xml '<subjects>' '<setting name="environment">PASSED</setting><subjects>'
SECRET=1 PASSED=2 "$datenbrief" letter -c datenbrief.xml --source "shop=exec:python3 look.py" 1001 --stop-after model >/dev/null 2>stderr
grep -q PASSED seen && ! grep -q SECRET seen; ok "but for what a setting names"

# ---- the examples ----

run letter -c datenbrief.xml --source shop=sqlite:shop.db 1001 --stop-after model --date 2026-01-31
mv stdout want.xml
run letter -c datenbrief.xml --source "shop=exec:python3 $src/examples/exec/sqlite.py shop.db" 1001 --stop-after model --date 2026-01-31
cmp -s want.xml stdout; ok "the example in Python gives the model of the SQLite connector"
if command -v php >/dev/null; then
	python3 - <<'PY'
import json, sqlite3
db = sqlite3.connect("shop.db"); db.row_factory = sqlite3.Row
json.dump({name: [dict(r) for r in db.execute("SELECT * FROM " + t)] for name, t in (("person", "customer"), ("customer", "customer"), ("orders", "orders"))},
          open("shop.json", "w"))
PY
	run letter -c datenbrief.xml --source "shop=exec:php $src/examples/exec/shop.php shop.json" 1001 --stop-after model --date 2026-01-31
	cmp -s want.xml stdout; ok "the example in PHP as well"
else
	skip "the example in PHP" "there is no php; install the package php-cli"
fi
done_testing
