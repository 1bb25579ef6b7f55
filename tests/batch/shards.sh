# SPDX-License-Identifier: MIT
# Shards: the same letters however they are cut, and of two attempts at one shard only the newer publishes.
suite=batch
. "${srcdir:-.}/tests/cli/common.sh"
datenbrief=$top/tests/batch/datenbrief-points
unset JOB_COMPLETION_INDEX SLURM_ARRAY_TASK_ID
fixture
python3 -c 'print("DELETE FROM orders;")
for i in range(2000, 3300): print("INSERT INTO customer VALUES (%d, %s, %s, %s, %s, NULL);" % (i, "\x27Muster\x27", "\x27Weg\x27", "\x27Ort\x27", "\x27DE\x27"))' | database shop.db
c="-c datenbrief.xml"
sums() { (cd "$1" && sha256sum letters/* manifest.csv held.csv); }
render() { "$datenbrief" render $c -o "$@" --progress none; }
state() { ps -o stat= -p "$1" 2>/dev/null | cut -c1; }
# The worker of a supervisor, once it is stopped.
stopped_child() {
	for _ in $(seq 1 400); do
		w=$(ps -o pid=,stat= --ppid "$1" 2>/dev/null | awk '$2 ~ /^T/ { print $1 }')
		[ -n "$w" ] && { echo "$w"; return; }
		sleep 0.05
	done
	return 1
}

run run $c -o one --date 2026-11-23 -j 1 --progress none
is "$code" 0 "one thread, one shard"
sums one >want
for j in 2 4; do
	run run $c -o threads-$j --date 2026-11-23 -j $j --progress none
	sums threads-$j | cmp -s - want; ok "$j threads: byte-identical letters and lists"
done

run plan $c -o four --date 2026-11-23 --shards 4
is "$code" 0 "a plan with four shards"
grep -q 'planned 1303 letters of 2026-11-23 in 6 chunks and 4 shards' stdout; ok "it says what was planned"
run merge $c -o four
is "$code" 75 "merge before rendering: exit status 75"
for k in 0 1 2 3; do render four --shard $k/4 2>stderr-$k & pids[k]=$!; done
for k in 0 1 2 3; do wait ${pids[k]}; is $? 0 "shard $k of 4, at once with the others"; done
run merge $c -o four
is "$code" 0 "merge"
run verify $c -o four
is "$code" 0 "verify"
is "$(head -n 1 stdout)" "planned 1303 = written 1303 + held 0; $(tail -n +2 one/manifest.csv | tr -d '\r"' | awk -F, '{p += $3; s += $4} END {print p " pages, " s " sheets"}')" \
	"the counts add up"
sums four | cmp -s - want; ok "four shards merged: byte-identical letters and lists"

run plan $c -o auto --date 2026-11-23 --shards 4
fails 2 "several shards" "several shards and none named" render $c -o auto
fails 2 "has 4 shards, not 8" "another number of shards than the plan's" render $c -o auto --shard 1/8
fails 2 "no shard 4" "a shard beyond the last" render $c -o auto --shard 4/4
fails 2 "K/N" "no shard at all" render $c -o auto --shard one
fails 2 "JOB_COMPLETION_INDEX or SLURM" "auto without a scheduler" render $c -o auto --shard auto
JOB_COMPLETION_INDEX=1 SLURM_ARRAY_TASK_ID=2 fails 2 "disagree" "two schedulers that disagree" render $c -o auto --shard auto
SLURM_ARRAY_TASK_ID=4 fails 2 "no shard 4" "an array that is larger than the plan" render $c -o auto --shard auto
SLURM_ARRAY_TASK_ID=-1 fails 2 "no number" "an index below 0" render $c -o auto --shard auto
is "$(ls auto/letters | wc -l)" 0 "nothing of this made a letter"
SLURM_ARRAY_TASK_ID=3 SLURM_ARRAY_TASK_COUNT=1 run render $c -o auto --shard auto --progress none
is "$code" 0 "an array submitted in part: N is the plan's"
run status -o auto
is "$code" 75 "status of a run that is not complete"
is "$(sed -n 4p stdout)" "$(grep '^shard 3: planned 256 = written 256 + held 0' stdout)" "it shows each shard"

# Two attempts at one shard: the older one is stopped in front of its commit, the newer one takes over.
n=0
for how in "after-sync fs" "letter#300 fs" "letter#300 each"; do # each: by its name, which the newer attempt has taken away
	n=$((n + 1))
	d=fence-$n
	export DATENBRIEF_SYNC=${how#* }
	run plan $c -o $d --date 2026-11-23
	DATENBRIEF_POINT=${how% *}=once-stop DATENBRIEF_POINT_ONCE=$PWD/once-$d "$datenbrief" render $c -o $d --progress none -j 1 2>old.stderr &
	old=$!
	w=$(stopped_child $old); ok "$how: the older attempt stands still"
	run render $c -o $d --progress none
	is "$code" 0 "$how: a second attempt takes over and makes all letters"
	before=$(cd $d && sha256sum letters/*)
	kill -CONT "$w"
	wait $old
	is $? 3 "$how: the older one, awake again, ends with exit status 3"
	grep -q 'newer attempt' old.stderr; ok "$how: and says why"
	is "$(cd $d && sha256sum letters/*)" "$before" "$how: it changed nothing"
	run merge $c -o $d && run verify $c -o $d
	is "$code" 0 "$how: verify finds no difference"
	sums $d | cmp -s - want; ok "$how: the letters are those of an undisturbed run"
	is "$(ls -A $d/letters $d/journal | grep -c 'tmp\|work')" 0 "$how: nothing is left over"
done
unset DATENBRIEF_SYNC
# An attempt that is killed while it stands still leaves no letter behind, and its work is done by the next.
run plan $c -o killed --date 2026-11-23
DATENBRIEF_POINT=between-renames=once-stop DATENBRIEF_POINT_ONCE=$PWD/once-killed "$datenbrief" render $c -o killed --progress none -j 1 2>/dev/null &
old=$!
w=$(stopped_child $old); ok "an attempt stands still in the middle of its renames"
kill -KILL $old
wait $old 2>/dev/null
for _ in $(seq 1 100); do [ -z "$(state "$w")" ] && break; sleep 0.05; done
run render $c -o killed --progress none
is "$code" 0 "killed there, the next one makes all letters"
run merge $c -o killed && run verify $c -o killed
is "$code" 0 "and verify finds no difference"
sums killed | cmp -s - want; ok "the letters are those of an undisturbed run"
# Two first runs: the second one makes plan and letters between the first one's look for a plan and its lock.
DATENBRIEF_POINT=plan-before-lock=stop "$datenbrief" run $c -o both --date 2026-11-23 --progress none 2>first.stderr &
old=$!
w=$(stopped_child $old); ok "a first run stands still before it makes its plan"
DATENBRIEF_POINT=letter#200=once-stop DATENBRIEF_POINT_ONCE=$PWD/once-both "$datenbrief" run $c -o both --date 2026-11-23 --progress none -j 1 2>/dev/null &
new=$!
v=$(stopped_child $new); ok "another one is at the letters"
kill -CONT "$w"
wait $old
is $? 3 "the first one, awake again, finds it at work: exit status 3"
DATENBRIEF_POINT=plan-before-lock=stop "$datenbrief" run $c -o both2 --date 2026-11-23 --progress none 2>first.stderr &
old=$!
w=$(stopped_child $old)
kill -CONT "$v"
wait $new
is $? 0 "that one makes all letters"
run run $c -o both2 --date 2026-11-23 --progress none
kill -CONT "$w"
wait $old
is $? 0 "a first run that comes too late for the plan goes on with what is there"
sums both2 | cmp -s - want; ok "the letters are those of an undisturbed run"
# No hard links: a plan that came to lie there is not overwritten.
for how in yes old; do
	DATENBRIEF_NO_LINKS=$how run plan $c -o links-$how --date 2026-11-23
	is "$code" 0 "a file system without hard links ($how): the plan is made"
	(DATENBRIEF_NO_LINKS=$how DATENBRIEF_POINT=plan-before-rename=stop exec "$datenbrief" plan $c -o taken-$how --date 2026-11-23 --shards 3) 2>plan.stderr &
	w=$!
	is "$(stopped_child $$)" $w "$how: a plan that is whole and has no name yet"
	cp links-$how/plan.db taken-$how/plan.db
	kill -CONT $w
	wait $w
	is $? 2 "$how: another plan that lies there then: exit status 2"
	grep -q 'a plan stands there already' plan.stderr; ok "$how: it says so"
	cmp -s links-$how/plan.db taken-$how/plan.db; ok "$how: and leaves it"
done
# The order of the post: country, postcode, street, identifier; what it was sorted by is kept nowhere.
fixture
database shop.db <<'SQL'
DELETE FROM orders; DELETE FROM customer;
INSERT INTO customer VALUES (7001, 'A', 'Zaunweg 1', 'Ort', 'DE', NULL), (7002, 'B', 'Ahornweg 9', 'Ort', 'DE', NULL),
 (7003, 'C', 'Musterweg 2', 'Wien', 'AT', NULL), (7004, 'D', 'Ahornweg 9', 'Ort', 'DE', NULL), (7005, 'E', 'Birkenweg 5', 'Ort', 'DE', NULL);
SQL
edit datenbrief.xml "SELECT customer_no FROM customer ORDER BY customer_no" \
	"SELECT customer_no, street, CASE customer_no WHEN 7005 THEN '01000' ELSE '99999' END AS Postcode, country FROM customer"
run plan $c -o order --date 2026-11-23
is "$code" 0 "a list with country, postcode and street"
is "$(python3 -c 'import sqlite3
print(sqlite3.connect("order/plan.db").execute("SELECT ids FROM chunk").fetchone()[0].replace(b"\0", b" ").decode())')" \
	"7003 7005 7002 7004 7001 " "is sorted for the post, and by identifier within a house"
! grep -q 'Ahornweg\|99999' order/plan.db; ok "the plan holds neither street nor postcode"
done_testing
