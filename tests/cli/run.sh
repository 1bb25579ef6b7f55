# SPDX-License-Identifier: MIT
# datenbrief run: letters, manifest and held list; nothing partial, nothing foreign, nothing readable by others.
. "${srcdir:-.}/tests/cli/common.sh"
fixture

run run -c datenbrief.xml -o out --date 2026-11-23
is "$code" 0 "all letters are made"
is "$(wc -c <stdout)" 0 "nothing on standard output"
is "$(wc -l <stderr)" 1 "one closing line when there is no terminal"
grep -q 'done: 3 of 3 letters' stderr; ok "it counts the letters"
is "$(stat -c %a out out/letters | tr '\n' ' ')" "700 700 " "the folders are private"
is "$(find out -type f ! -perm 600 | wc -l)" 0 "the files are private"
is "$(ls -A out | tr '\n' ' ')" "held.csv journal letters manifest.csv plan.db report.pdf " "nothing else is there"
is "$(ls -A out/journal | tr '\n' ' ')" "seal shard-00000.db " "nor in the journal"
is "$(wc -l <out/manifest.csv)" 4 "the manifest has a head and a line for each letter"
is "$(head -1 out/manifest.csv | tr -d '\r')" '"case","file","pages","sheets","bytes","sha256","first_page","envelope","grams","replaced"' "the head of the manifest"
is "$(wc -l <out/held.csv)" 1 "the held list has only its head"
is "$(head -1 out/held.csv | tr -d '\r')" '"case","status","cause","where","text"' "the head of the held list"
(cd out && tail -n +2 manifest.csv | tr -d '\r"' | awk -F, '{print $6 "  " $2}' | sha256sum -c --quiet -); ok "the sums are those of the files"
(cd out && tail -n +2 manifest.csv | tr -d '\r"' | while IFS=, read -r c f p s b h first e g n; do
	[ "$(stat -c %s "$f")" = "$b" ] && [ "$f" = "letters/$c.pdf" ] && [ "$s" = $(((p + 1) / 2)) ] && [ "$first" = 1 ] &&
	[ "$e" = DL ] && [ "$g" = $((s * 5 + 5)) ] && [ "$n" = 0 ] || exit 1; done)
ok "names, sizes, sheets, envelope and weight fit"
! ls out/letters | grep -q 100; ok "no file name holds an identifier"
run letter -c datenbrief.xml 1001 -o one.pdf --date 2026-11-23
is "$(cat out/letters/*.pdf | grep -c . >/dev/null; for f in out/letters/*; do cmp -s "$f" one.pdf && echo same; done)" same \
	"letter and run make the same bytes"
cp -r out first
run run -c datenbrief.xml -o out --date 2026-11-23
diff -r -x "*.db" -x report.pdf out first >/dev/null; ok "a second run changes nothing"
rm -rf again && run run -c datenbrief.xml -o again --date 2026-11-23 -j 1
diff -r -x "*.db" -x seal -x report.pdf again first >/dev/null; ok "a run in another folder gives the same bytes"
run run -c datenbrief.xml -o next --date 2027-11-23
[ "$(ls out/letters | sort)" != "$(ls next/letters | sort)" ]; ok "case codes differ from year to year"
run run -c datenbrief.xml -o two --limit 2 -j 2
is "$code" 0 "--limit is no failure"
is "$(ls two/letters | wc -l)" 2 "--limit 2 makes two letters"

# One of three is held.
database shop.db <<'SQL'
UPDATE orders SET total = 'not a number' WHERE order_no = 'A-3';
SQL
rm -rf out
run run -c datenbrief.xml -o out --date 2026-11-23
is "$code" 1 "a held letter: exit status 1"
grep -q '2 of 3 letters' stderr && grep -q '1 held' stderr; ok "it counts the held one"
is "$(wc -l <out/held.csv)" 2 "the held list names it"
grep -q '"failed","value"' out/held.csv && grep -q 'orders' out/held.csv; ok "with status, cause and place"
! grep -q 'not a number\|1002' out/held.csv; ok "the list holds neither value nor identifier"
is "$(ls out/letters | wc -l)" 2 "the held letter has no file"
run run -c datenbrief.xml -o out
is "$code" 1 "a run that is complete says again that letters are held"

# What is replaced is counted.
fixture
database shop.db <<<"UPDATE customer SET name = CAST(x'4DFC6C6CFF' AS TEXT) WHERE customer_no = 1002"
edit datenbrief.xml 'type="sqlite" url' 'type="sqlite" bad-bytes="replace" url'
run run -c datenbrief.xml -o mended --date 2026-11-23
is "$code" 0 "bytes that are no text are replaced where that is allowed"
grep -q 'done: 3 of 3 letters in mended, in 1 of them 2 characters replaced that were no text (see manifest.csv), ' stderr; ok "the closing line counts them"
is "$(tail -n +2 mended/manifest.csv | tr -d '\r"' | cut -d, -f10 | sort | tr '\n' ' ')" "0 0 2 " "the manifest says of which letter"
if command -v pdftotext >/dev/null; then
	pdftotext -layout mended/report.pdf - | grep -q 'Ersetzte Zeichen  *2 (Zahl der Briefe: 1)'; ok "the report counts them"
else
	skip "the report counts them" "poppler-utils is not installed"
fi
run verify -c datenbrief.xml -o mended
is "$code $(sed -n '1s/.*sheets//p' stdout)" "0 ; 2 characters replaced in 1 letter" "verify finds the same"
run run -c datenbrief.xml -o mended --progress json
grep -q '"end":"done".*"replaced":2,"replaced_letters":1,' stderr; ok "so does the JSON of a run that was complete"
run run -c datenbrief.xml -o mended-lots --date 2026-11-23 --form lots
is "$(tail -n +2 mended-lots/manifest.csv | tr -d '\r"' | cut -d, -f10 | sort | tr '\n' ' ')" "0 0 2 " "lots count them, too"
run letter -c datenbrief.xml 1002 -o mended.pdf
is "$code $(cat stderr)" "0 datenbrief: warning: 2 characters were no text and replaced or left out, as the configuration allows; the model names the source" \
	"letter warns"
edit datenbrief.xml '<template href="letter.xml"/>' '<template standard="de"/>'
edit datenbrief.xml '    <country select' "    <salutation select=\"'Guten Tag'\"/>
    <country select"
for text in 'de:Nicht lesbar gespeichert: 2 Zeichen (Bestellsystem)' 'en:cannot be read: 2 characters (Bestellsystem)' \
	'plain:können wir nicht lesen: 2 Zeichen (Bestellsystem)'; do
	sed "s/standard=\"de\"/standard=\"${text%%:*}\"/" datenbrief.xml >standard.xml
	run letter -c standard.xml 1002 --stop-after letter
	tr '\n' ' ' <stdout | sed 's/\xc2\xa0/ /g; s/  */ /g' | grep -qF -- "${text#*:}"; ok "the standard letter says so (${text%%:*})"
	run letter -c standard.xml 1001 --stop-after letter
	[ "$code" = 0 ] && ! grep -q 'Nicht lesbar\|be read\|nicht lesen' stdout; ok "and only where it is so"
done

fixture
edit datenbrief.xml "SELECT customer_no FROM customer ORDER BY customer_no" "SELECT customer_no FROM orders ORDER BY customer_no"
fails 2 DISTINCT "identifiers listed twice" run -c datenbrief.xml -o repeated
no_file repeated "and leave no folder"

cp "$src/tests/fixture/datenbrief.xml" .
edit datenbrief.xml "FROM orders WHERE customer_no = :subject" \
	"FROM orders WHERE customer_no = :subject OR (:subject = '1002' AND customer_no = 1001)"
run run -c datenbrief.xml -o foreign
is "$code" 4 "a record of somebody else stops the run"
is "$(ls foreign/letters | wc -l)" 0 "and no letter of those fetched together is made"
no_file foreign/manifest.csv "there is no manifest"
! grep -q '100[123]' stderr; ok "no identifier is printed"

fixture
run run -c datenbrief.xml -o json --progress json
is "$code" 0 "--progress json succeeds"
python3 -c 'import json, sys
rows = [json.loads(line) for line in open("stderr")]
assert rows[-1]["letters"] == 3 and rows[-1]["end"] == "done" and rows[0]["total"] == 3'
ok "each line is JSON, the last one tells the end"
run run -c datenbrief.xml -o bar --progress bar
! grep -q '\[' stderr; ok "no bar is drawn into a file"
cat >on_terminal.py <<'PY'
# Runs a command with standard output and error on a terminal of 60 columns and prints what came.
import fcntl, os, pty, struct, sys, termios
pid, fd = pty.fork()
if pid == 0:
    fcntl.ioctl(2, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 60, 0, 0))
    os.execv(sys.argv[1], sys.argv[1:])
data = b""
try:
    while True:
        piece = os.read(fd, 4096)
        if not piece:
            break
        data += piece
except OSError:
    pass
status = os.waitpid(pid, 0)[1]
sys.stdout.buffer.write(data)
sys.exit(os.WEXITSTATUS(status))
PY
TERM=xterm python3 on_terminal.py "$datenbrief" run -c datenbrief.xml -o terminal >screen 2>stderr
is $? 0 "a run on a terminal succeeds"
tr '\r' '\n' <screen | grep -q '^.\[K\[[.#]*\] 0/3   0%'; ok "a bar is drawn on a terminal"
python3 -c 'import re
text = open("screen", newline="").read().replace("\x1b[K", "")
bars = [line for line in re.split("[\r\n]+", text) if line.startswith("[")]
assert bars and all(len(line) < 60 for line in bars), bars'
ok "it is narrower than the terminal"
is "$(tr '\r' '\n' <screen | tail -2 | grep -c 'done: 3 of 3 letters')" 1 "the closing line stands at the end"
python3 on_terminal.py "$datenbrief" letter -c datenbrief.xml 1001 >screen 2>stderr
is $? 2 "a PDF to a terminal is refused"
grep -q 'give -o FILE' screen; ok "and says what to do"
python3 on_terminal.py "$datenbrief" letter -c datenbrief.xml 1001 --stop-after layout >screen 2>stderr
is $? 0 "text to a terminal is not"

# What fails before the first letter holds no letter: nothing is done, and the exit status says so.
edit datenbrief.xml "SELECT customer_no FROM customer ORDER BY customer_no" \
	"SELECT customer_no FROM customer WHERE json(name) ORDER BY customer_no"
fails 4 "source shop" "a list of customers that fails" run -c datenbrief.xml -o unlisted
cp "$src/tests/fixture/datenbrief.xml" .

# A run that was killed left half a letter and half a list.
run run -c datenbrief.xml -o killed
touch killed/letters/.datenbrief-s00000-e00000001-0123abcd-c00000000-o0002.tmp killed/journal/shard-00000-e00000001.work
for f in killed killed/letters; do
	echo half >$f/.datenbrief-0123456789abcdef.tmp
	echo mine >$f/.datenbrief-notes.tmp
done
run run -c datenbrief.xml -o killed
is "$code" 0 "a run goes on where another was killed"
is "$(find killed -name '.*' -type f | sort | tr '\n' ' ')" "killed/.datenbrief-notes.tmp killed/letters/.datenbrief-notes.tmp " \
	"its temporary files are gone, and only those"

mkdir shared && chmod 777 shared
fails 4 "group or others" "a folder others may write into" run -c datenbrief.xml -o shared
mkdir looked && echo mine >looked/notes
fails 4 "may look into the folder" "a folder with something in it that others may look into" run -c datenbrief.xml -o looked
is "$(ls looked; stat -c %a looked)" "notes
755" "it stays as it was"
mkdir open
run run -c datenbrief.xml -o open
is "$code $(stat -c %a open open/letters open/journal | tr '\n' ' ')" "0 700 700 700 " "an empty one becomes private"
chmod 755 open/letters
fails 4 "open/letters: group or others" "a run whose letters others may look at" run -c datenbrief.xml -o open
chmod 700 open/letters
for db in open/plan.db open/journal/shard-00000.db; do
	is "$(od -An -j18 -N2 -tu1 $db | tr -d ' ')" 11 "$db has a rollback journal, no WAL: that would need memory shared by all machines"
done
if [ "$(id -u)" = 0 ]; then
	mkdir theirs && chmod 700 theirs && chown 65534 theirs
	fails 4 "belongs to another user" "a folder of another user" run -c datenbrief.xml -o theirs
	is "$(ls theirs)" "" "it stays empty"
else
	skip "a folder of another user" "only root can make one"
fi
mkdir above && ln -s above way
run run -c datenbrief.xml -o way/out
is "$code $(ls above/out/journal/shard-00000.db)" "0 above/out/journal/shard-00000.db" "a link above the folder is the operator's own way"
mv above/out/journal/shard-00000.db elsewhere.db && ln -s ../../../elsewhere.db above/out/journal/shard-00000.db
before=$(sha256sum elsewhere.db)
fails 4 "shard-00000.db" "a journal that is a link" run -c datenbrief.xml -o way/out
is "$(sha256sum elsewhere.db)" "$before" "what it leads to is not touched"
part=$(printf '%0200d' 0); mkdir -p "$part/$part"
fails 4 "too long a name" "a folder whose name SQLite cannot take" run -c datenbrief.xml -o "$part/$part/$part"
mkdir real && chmod 700 real && ln -s real link
fails 4 "symbolic link" "a symbolic link" run -c datenbrief.xml -o link
echo text >plain
fails 4 "no folder" "a file in place of the folder" run -c datenbrief.xml -o plain
fails 4 "does not exist" "a folder above that is missing" run -c datenbrief.xml -o nowhere/out
fails 2 "source shop" "a missing database" run -c datenbrief.xml -o none --source shop=sqlite:none.db
no_file none "a run that cannot start makes no folder"
is "$(ls real shared | grep -v : | tr -d '\n')" "" "refused folders stay empty"

fixture
(trap '' XFSZ; ulimit -f 4; "$datenbrief" run -c datenbrief.xml -o small >stdout 2>stderr)
is $? 4 "files that may not grow: exit status 4"
grep -q "start again" stderr; ok "it says what to do"
run run -c datenbrief.xml -o small
is "$code" 0 "once there is room the run goes on"
is "$(ls -A small small/letters | grep -c tmp)" 0 "and nothing half is left"

# Another run holds the folder: the lock is taken by flock.
if command -v flock >/dev/null; then
	mkdir -m 700 held
	flock held sleep 60 &
	locker=$!
	for _ in 1 2 3 4 5 6 7 8 9 10; do flock -n held true || break; sleep 0.1; done
	fails 3 "another run" "a folder in use" run -c datenbrief.xml -o held
	kill $locker 2>/dev/null
	wait $locker 2>/dev/null
else
	skip "a folder in use" "no flock"
fi

# A letter that is not of this run would be posted with the others.
fixture
run run -c datenbrief.xml -o reused --progress none
touch reused/letters/0000-0000-0000.pdf
run run -c datenbrief.xml -o reused
is "$code" 4 "a letter of another run in the folder: exit status 4"
grep -q "letters/0000-0000-0000.pdf: belongs to no letter of this run" stderr; ok "it is named"
mkdir -m 700 strange strange/letters && touch strange/letters/0000-0000-0000.pdf
fails 2 "of another run" "a letter in the folder of a new run" run -c datenbrief.xml -o strange
rm reused/letters/0000-0000-0000.pdf
run run -c datenbrief.xml -o reused --progress none
is "$code" 0 "a run may be repeated in its own folder"
fails 2 "another --limit" "fewer customers than before" run -c datenbrief.xml -o reused --limit 1

# A signal: the chunks at work are finished, exit status 75; the same command goes on.
python3 -c 'print("DELETE FROM orders;")
for i in range(2000, 6000): print("INSERT INTO customer VALUES (%d, %s, %s, %s, %s, NULL);" % (i, "\x27Muster\x27", "\x27Weg\x27", "\x27Ort\x27", "\x27DE\x27"))' | database shop.db
"$datenbrief" run -c datenbrief.xml -o many --progress json 2>stderr &
pid=$!
for _ in $(seq 1 1200); do [ "$(ls many/letters 2>/dev/null | wc -l)" -gt 3 ] && break; sleep 0.05; done
kill -INT $pid 2>/dev/null
kill -TERM $pid 2>/dev/null
wait $pid
is $? 75 "interrupted: exit status 75"
is "$(ls -A many many/letters many/journal | grep -c "tmp\|work")" 0 "nothing partial is left"
run status -o many
is "$code" 75 "status: letters are left"
grep -q "planned 4003 = written $(ls many/letters | wc -l) + held 0 + left" stdout; ok "it counts the letters that are there"
run run -c datenbrief.xml -o many --progress none
is "$code" 0 "the run goes on"
is "$(ls many/letters | wc -l)" 4003 "and makes the rest"
"$datenbrief" run -c datenbrief.xml -o hangup --progress none 2>stderr &
pid=$!
for _ in $(seq 1 1200); do [ "$(ls hangup/letters 2>/dev/null | wc -l)" -gt 3 ] && break; sleep 0.05; done
kill -HUP $pid 2>/dev/null
wait $pid
is $? 75 "a closed terminal interrupts in the same way"
is "$(find hangup -name '.*.tmp' | wc -l)" 0 "without leaving half a letter"
done_testing
