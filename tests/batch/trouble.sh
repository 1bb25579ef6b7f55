# SPDX-License-Identifier: MIT
# What may go wrong around a run, and its clear outcome; what verify finds.
suite=batch
. "${srcdir:-.}/tests/cli/common.sh"
fixture
python3 -c 'print("DELETE FROM orders;")
for i in range(2000, 2300): print("INSERT INTO customer VALUES (%d, %s, %s, %s, %s, NULL);" % (i, "\x27Muster\x27", "\x27Weg\x27", "\x27Ort\x27", "\x27DE\x27"))' | database shop.db
c="-c datenbrief.xml"
fresh() { rm -rf "$1" && cp -a whole "$1"; }
letter() { ls "$1"/letters/*.pdf | sed -n "$2p"; }
run run $c -o whole --date 2026-11-23 --progress none
is "$code" 0 "a whole run"
run verify $c -o whole
is "$code" 0 "verify finds nothing"

# verify_finds TEXT WHAT: verify of found/ ends with 4 and says TEXT.
verify_finds() {
	run verify $c -o found
	is "$code" 4 "verify: $2: exit status 4"
	grep -q "$1" stderr; ok "verify: $2: says \"$1\""
	! grep -q '\b2[0-9][0-9][0-9]\b' stderr; ok "verify: $2: names nobody"
}
fresh found; rm "$(letter found 7)"; verify_finds 'is missing' "a missing letter"
fresh found; cp "$(letter found 7)" found/letters/0000-0000-0000.pdf; verify_finds 'belongs to no letter' "an extra letter"
fresh found; cp "$(letter found 7)" "$(letter found 8)"; verify_finds 'its bytes differ' "a doubled letter"
fresh found; mv "$(letter found 7)" found/x; mv "$(letter found 7)" "$(dirname "$(letter found 1)")/$(basename "$(letter whole 7)")"
mv found/x "$(letter whole 8 | sed 's/^whole/found/')"; verify_finds 'its bytes differ' "two letters swapped"
fresh found; printf X | dd of="$(letter found 9)" bs=1 seek=5000 conv=notrunc 2>/dev/null; verify_finds 'its bytes differ' "a changed byte"
fresh found; sed -i '5d' found/manifest.csv; verify_finds 'manifest.csv: does not say' "a line gone from the manifest"
fresh found; echo x >>found/held.csv; verify_finds 'held.csv: does not say' "a line more in the held list"
fresh found; sed -i 's/^written 303/written 304/' found/journal/seal; verify_finds 'is not the seal' "a changed seal"
fresh found; python3 -c 'import sqlite3
c = sqlite3.connect("found/journal/shard-00000.db"); c.execute("UPDATE letter SET code = (SELECT code FROM letter WHERE chunk = 0 AND offset = 3) WHERE chunk = 0 AND offset = 4"); c.commit()'
verify_finds 'is not the case code' "a journal that names another customer"
fresh found; python3 -c 'import sqlite3
c = sqlite3.connect("found/journal/shard-00000.db"); c.execute("DELETE FROM letter WHERE chunk = 0 AND offset = 4"); c.commit()'
run verify $c -o found
is "$code" 75 "verify: a row gone from the journal: the shard is not complete"

# Ctrl-C acts at once also when all letters are made.
datenbrief=$top/tests/batch/datenbrief-points
DATENBRIEF_POINT=after-lot#1=interrupt run run $c -o stopped --date 2026-11-23 --form lots --lot-size 50 --progress none
is "$code" 75 "an interrupt while lots are made: exit status 75"
grep -q 'interrupted: ' stderr; ok "the closing line says so"
is "$(ls stopped/lots | wc -l)" 1 "no further lot is begun"
run run $c -o stopped --progress none
is "$code" 0 "it goes on"
run verify $c -o stopped
is "$code $(ls stopped/lots | wc -l)" "0 7" "with all lots"
datenbrief=$top/datenbrief

# The plan decides; whatever differs is named.
fresh other; python3 -c 'import sqlite3
c = sqlite3.connect("other/plan.db"); c.execute("UPDATE meta SET value = 2 WHERE name = \"shards\""); c.commit()'
fails 2 "the plan was edited" "an edited plan" run $c -o other --progress none
fresh other; rm -rf other/journal other/letters/*; python3 -c 'import sqlite3
c = sqlite3.connect("other/plan.db"); ids = c.execute("SELECT ids FROM chunk WHERE chunk = 0").fetchone()[0]
c.execute("UPDATE chunk SET ids = ? WHERE chunk = 0", (ids.replace(b"2000", b"2001"),)); c.commit()'
run run $c -o other --progress none
is "$code" 2 "an identifier edited in the plan: exit status 2"
grep -q "chunk 0 of the plan was edited" stderr; ok "it says so"
is "$(ls other/letters | wc -l)" 0 "and no letter is made"
fresh other; dd if=/dev/urandom of=other/plan.db bs=512 seek=9 count=20 conv=notrunc 2>/dev/null
run run $c -o other --progress none
[ "$code" = 4 ] || [ "$code" = 2 ]; ok "a damaged plan is refused"
cp datenbrief.xml before.xml; cp letter.xml before-letter.xml; cp register.xml before-register.xml
echo '<!-- a remark -->' >>datenbrief.xml
fails 2 "changed since the plan was made: the configuration" "a changed configuration" run $c -o whole --progress none
cp before.xml datenbrief.xml; echo '<!-- a remark -->' >>letter.xml
fails 2 "the template" "a changed template" run $c -o whole --progress none
cp before-letter.xml letter.xml; echo '<!-- a remark -->' >>register.xml
fails 2 "the register" "a changed register" run $c -o whole --progress none
cp before-register.xml register.xml; cp shop.db copy.db
fails 2 "the sources" "another database" run $c -o whole --progress none --source shop=sqlite:copy.db
fails 2 "letters of 2026-11-23 and not of 2026-11-24" "another date" run $c -o whole --progress none --date 2026-11-24
fails 2 "yearly letters" "another mode" run $c -o whole --progress none --mode request
run run $c -o whole --progress none
is "$code" 0 "put back, the run is as before"

# Journals that are gone or damaged.
sums() { (cd "$1/letters" && sha256sum ./*); }
fresh gone; rm -r gone/journal
run run $c -o gone --progress none
is "$code" 0 "journal deleted: all letters are made again"
[ "$(sums gone)" = "$(sums whole)" ] && cmp -s gone/manifest.csv whole/manifest.csv; ok "the same ones, each once"
fresh hurt; dd if=/dev/urandom of=hurt/journal/shard-00000.db bs=4096 seek=1 count=6 conv=notrunc 2>/dev/null
run run $c -o hurt --progress none
is "$code" 4 "journal damaged: exit status 4"
grep -q 'damaged; remove the folder journal/' stderr; ok "it says what to do"
rm -r hurt/journal; run run $c -o hurt --progress none
is "$code" 0 "done so, the run is whole again"
[ "$(sums hurt)" = "$(sums whole)" ]; ok "with the same letters"
fresh begun; rm -r begun/journal begun/letters; mkdir -m 700 begun/journal; (umask 077; : >begun/journal/shard-00000.db)
run status -o begun
is "$code" 75 "a journal that was never begun: all letters are left"
run run $c -o begun --progress none
is "$code" 0 "and the run makes them"
[ "$(sums begun)" = "$(sums whole)" ]; ok "each once"
fresh short; python3 -c 'import sqlite3
c = sqlite3.connect("short/journal/shard-00000.db"); c.execute("DELETE FROM letter WHERE chunk = 0 AND offset = 4"); c.commit()'
run run $c -o short --progress none
is "$code" 4 "a row gone from the journal: exit status 4, since to try again would help nobody"
grep -q 'lacks rows of complete chunks' stderr; ok "it says so"

# The clock: the plan's date is the letters'.
if command -v faketime >/dev/null && [ -z "${SAN_FLAGS:-}" ] && faketime '2020-01-01' true 2>/dev/null; then
	run plan $c -o clock --date 2026-11-23
	faketime '2020-01-01 12:00:00' "$datenbrief" run $c -o clock --progress none >stdout 2>stderr
	is $? 0 "a clock that was set back is no matter"
	[ "$(sums clock)" = "$(sums whole)" ]; ok "the letters are the same"
	faketime '2076-01-01 12:00:00' "$datenbrief" run $c -o clock --progress none >stdout 2>stderr
	is $? 0 "nor is one fifty years ahead"
else
	skip "a clock that was set back" "no faketime, or not with sanitizers"
fi

# Two to eight runs at once in one folder: one works, the others are refused.
for i in 1 2 3 4; do "$datenbrief" run $c -o race --date 2026-11-23 --progress none 2>race-$i & pids[i]=$!; done
codes=
for i in 1 2 3 4; do wait ${pids[i]}; codes="$codes$? "; done
echo "$codes" | tr ' ' '\n' | grep -qx 0; ok "four runs at once: one makes the letters ($codes)"
is "$(echo "$codes" | tr ' ' '\n' | grep -cvx '0\|3\|')" 0 "the others end with 0 or 3"
[ "$(sums race)" = "$(sums whole)" ]; ok "each letter is there once"

# Disks.
if [ "$(id -u)" = 0 ] && mkdir small && mount -t tmpfs -o size=2m,mode=700 none small 2>/dev/null; then
	run run $c -o small --date 2026-11-23 --progress none
	is "$code" 4 "disk full: exit status 4"
	grep -q 'space' stderr; ok "it says what to do"
	is "$(find small -name '.*.tmp' | wc -l)" 0 "no half letter is left"
	mount -o remount,size=60m small
	run run $c -o small --progress none
	is "$code" 0 "with more space it goes on"
	[ "$(sums small)" = "$(sums whole)" ]; ok "and makes the same letters"
	mount -o remount,ro small
	run run $c -o small --progress none
	is "$code" 4 "a read-only file system: exit status 4"
	run verify $c -o small
	is "$code" 0 "which can be verified"
	umount small
else
	skip "disk full and read-only" "not root, or no mount"
fi
done_testing
