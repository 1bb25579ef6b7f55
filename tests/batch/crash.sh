# SPDX-License-Identifier: MIT
# A run that crashes: it is started again, goes on, and holds the letter that crashed it twice.
suite=batch
. "${srcdir:-.}/tests/cli/common.sh"
datenbrief=$top/tests/batch/datenbrief-points
fixture
python3 -c 'print("DELETE FROM orders;")
for i in range(2000, 2600): print("INSERT INTO customer VALUES (%d, %s, %s, %s, %s, NULL);" % (i, "\x27Muster\x27", "\x27Weg\x27", "\x27Ort\x27", "\x27DE\x27"))' | database shop.db
sums() { (cd "$1/letters" && sha256sum ./*) | sort -k 2; }
run run -c datenbrief.xml -o straight --date 2026-11-23 --progress none
is "$code" 0 "a straight run"
sums straight >want

for threads in 1 2 8; do
	DATENBRIEF_POINT=letter@1.7=abort run run -c datenbrief.xml -o "crash-$threads" --date 2026-11-23 --progress none -j $threads
	is "$code" 1 "$threads threads: a letter that crashes the program is held, the rest are made"
	is "$(ls "crash-$threads/letters" | wc -l)" 602 "$threads threads: all others are there"
	grep -q 'crashed the program twice' "crash-$threads/held.csv"; ok "$threads threads: held.csv says why"
	is "$(wc -l <"crash-$threads/held.csv")" 2 "$threads threads: nobody else is held"
	is "$(sums "crash-$threads" | sort | comm -13 <(sort want) - | wc -l)" 0 "$threads threads: the others have the same bytes"
	is "$(grep -c 'is started again' stderr)" 2 "$threads threads: it was started again twice"
	is "$(ls "crash-$threads/journal" | grep -c work)" 0 "$threads threads: no mark of work is left"
done
DATENBRIEF_POINT=letter@0.3=abort,letter@1.7=abort,letter@2.2=abort run run -c datenbrief.xml -o three --date 2026-11-23 --progress none -j 2
is "$code" 1 "three letters that crash: exit status 1"
is "$(wc -l <three/held.csv)" 4 "all three are held, and only they"

# The common fetch of a chunk names nobody: its letters are tried alone and then fetched one by one.
for chunk in 0 1; do
	DATENBRIEF_POINT=fetch@$chunk=abort,letter@$chunk.7=abort run run -c datenbrief.xml -o "fetch-$chunk" --date 2026-11-23 --progress none -j 1
	is "$code" 1 "chunk $chunk: a letter that crashes the common fetch too is held, the rest are made"
	is "$(wc -l <"fetch-$chunk/held.csv")" 2 "chunk $chunk: nobody else is held"
	is "$(sums "fetch-$chunk" | sort | comm -13 <(sort want) - | wc -l)" 0 "chunk $chunk: the others have the same bytes"
	is "$(grep -c 'is started again' stderr)" 2 "chunk $chunk: it was started again twice"
done
DATENBRIEF_POINT=fetch@1=abort run run -c datenbrief.xml -o fetch --date 2026-11-23 --progress none -j 2
is "$code" 0 "a common fetch that crashes by no single letter holds nobody"
sums fetch | cmp -s - want; ok "and all letters are the same"
DATENBRIEF_POINT=letter#100=term run run -c datenbrief.xml -o mark --date 2026-11-23 --progress none -j 1
python3 -c 'import sqlite3
c = sqlite3.connect("mark/journal/shard-00000.db"); c.execute("INSERT INTO suspect VALUES (2, 7, 2)"); c.commit()'
DATENBRIEF_POINT=taken@2=once-abort DATENBRIEF_POINT_ONCE=once-4 run run -c datenbrief.xml -o mark --progress none -j 1
is "$code" 1 "a letter that crashed twice stays held when its whole chunk is at work in a crash"
is "$(wc -l <mark/held.csv)" 2 "and only that letter"

DATENBRIEF_POINT=letter@1.7=once-abort DATENBRIEF_POINT_ONCE=once-1 run run -c datenbrief.xml -o once --date 2026-11-23 --progress none -j 4
is "$code" 0 "a crash that does not come again holds nobody"
sums once | cmp -s - want; ok "and all letters are the same"
DATENBRIEF_POINT=after-rename=once-die DATENBRIEF_POINT_ONCE=once-2 run run -c datenbrief.xml -o died --date 2026-11-23 --progress none
is "$code" 0 "a worker killed between rename and commit is replaced"
sums died | cmp -s - want; ok "and all letters are the same"
DATENBRIEF_POINT=before-first-letter=abort run run -c datenbrief.xml -o first --date 2026-11-23 --progress none
is "$code" 4 "a crash before the first letter: exit status 4"
grep -q 'before the first letter' stderr; ok "and it says so"

# A disk that lost a write tells it to one of the threads only.
DATENBRIEF_LOST_WRITE=1 run run -c datenbrief.xml -o lost --date 2026-11-23 --progress none -j 3
is "$code" 4 "a write that was lost: exit status 4"
run status -o lost
grep -q 'written 0 ' stdout; ok "no chunk is believed to be written after it, whichever thread was told"
run run -c datenbrief.xml -o lost --progress none
is "$code" 0 "all are made again"
sums lost | cmp -s - want; ok "each once"

# Who starts the program may have ignored signals, which is inherited.
ignoring() { # ignoring SIGNAL ARGUMENTS...
	timeout 120 python3 -c 'import os, signal, sys
signal.signal(getattr(signal, sys.argv[1]), signal.SIG_IGN)
os.execv(sys.argv[2], sys.argv[2:])' "$1" "$datenbrief" "${@:2}" >stdout 2>stderr </dev/null
	code=$?
}
DATENBRIEF_POINT=letter@1.7=once-abort DATENBRIEF_POINT_ONCE=once-3 ignoring SIGCHLD run -c datenbrief.xml -o ignored --date 2026-11-23 --progress none
is "$code" 0 "SIGCHLD ignored from outside: the run ends, and after a crash it is started again"
sums ignored | cmp -s - want; ok "with all letters"
DATENBRIEF_POINT=letter@0.0=hangup,letter@1.7=once-abort DATENBRIEF_POINT_ONCE=once-5 ignoring SIGHUP run -c datenbrief.xml -o nohup --date 2026-11-23 --progress none -j 1
is "$code" 0 "under nohup a closed terminal stops nothing, and a crash after it is got over"
sums nohup | cmp -s - want; ok "with all letters"
DATENBRIEF_POINT=letter@0.0=interrupt ignoring SIGINT run -c datenbrief.xml -o background --date 2026-11-23 --progress none -j 1
is "$code" 0 "SIGINT ignored from outside, as in the background of a script: it stops nothing"
sums background | cmp -s - want; ok "with all letters"
DATENBRIEF_POINT=letter@0.0=interrupt ignoring SIGHUP run -c datenbrief.xml -o ctrl-c --date 2026-11-23 --progress none -j 1
is "$code" 75 "not ignored, it does"

DATENBRIEF_POINT=letter#100=term run run -c datenbrief.xml -o term --date 2026-11-23 --progress none -j 1
is "$code" 75 "SIGTERM to the supervisor: exit status 75"
is "$(ls term/letters | wc -l)" 256 "the chunk at work was finished, and no other begun"
is "$(ls -A term/letters | grep -c tmp)" 0 "without half a letter"
run run -c datenbrief.xml -o term --progress none
is "$code" 0 "it goes on"
sums term | cmp -s - want; ok "with the same letters, of the plan's date"
done_testing
