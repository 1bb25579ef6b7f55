# SPDX-License-Identifier: MIT
# What has changed since the last letter: marked by keyed hashes that the ledger keeps, which tell nobody anything.
. "${srcdir:-.}/tests/cli/common.sh"
command -v pdfdetach >/dev/null || skip_all "pdfdetach takes the model out of a letter"
command -v pdftotext >/dev/null || skip_all "pdftotext reads the letters"
fixture
standard=$src/templates/standard
edit datenbrief.xml '<source id="shop"' '<ledger file="ledger.db" key-file="ledger.key"/><source id="shop"'
edit datenbrief.xml '<line select="collections/collection[@name='"'person'"']/record/field[@name='"'street'"']"/>' \
	'<salutation select="'"'Guten Tag'"'"/><line select="collections/collection[@name='"'person'"']/record/field[@name='"'street'"']"/>'
edit datenbrief.xml '<template href="letter.xml"/>' \
	"<template href=\"$standard/short-de.xml\" mode=\"yearly\" when=\"changes[@new + @changed + @gone = 0] and sources/@complete = sources/@total\"/><template href=\"$standard/letter-de.xml\"/>"
stops() { # stops CODE TEXT WHAT ARGUMENTS...: like fails, for a run that had begun
	local want=$1 text=$2 what=$3
	shift 3
	run "$@" --progress none
	is "$code" "$want" "$what: exit status $want"
	grep -q "^datenbrief: .*$text" stderr; ok "$what: says \"$text\""
}
(umask 077; printf 'a key that is known to this test, 32 bytes and more' >ledger.key)

# model FOLDER CUSTOMER, text FOLDER CUSTOMER: what stands in the letter. Files are found by the subject's name in the model.
cat >look.py <<'PY'
import glob, re, subprocess, sys, xml.etree.ElementTree as ET
what, folder, number = sys.argv[1:4]
M = "{urn:datenbrief:model:1}"
for path in sorted(glob.glob(folder + "/letters/*.pdf")):
    subprocess.run(["pdfdetach", "-save", "1", "-o", "model.out", path], check=True)
    root = ET.parse("model.out").getroot()
    person = root.find(f"{M}collections/{M}collection[@name='person']/{M}record")
    if person.get("key") != number:
        continue
    if what == "text":
        print(re.sub(r"\s+", " ", subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout))
    elif what == "pages":
        print(len(subprocess.run(["pdftotext", path, "-"], capture_output=True, text=True, check=True).stdout.split("\f")) - 1)
    else:
        c = root.find(M + "changes")
        said = "none" if c is None else " ".join(f"{k}={v}" for k, v in c.attrib.items())
        for r in root.iter(M + "record"):
            if r.get("change", "same") != "same":
                said += f"; {r.get('key')} {r.get('change')}" + "".join(" " + f.get("name") for f in r.iter(M + "field") if f.get("change"))
        print(said)
PY
changes() { python3 look.py changes "$@"; }
text() { python3 look.py text "$@"; }
states() { # states: how many the ledger has, by date
	python3 - <<'PY'
import sqlite3
for row in sqlite3.connect("ledger.db").execute("SELECT date, count(*) FROM state JOIN run USING(run) GROUP BY run ORDER BY date, run"):
    print(*row, end="; ")
PY
}
last_states() { # the states of the newest run, without its number
	python3 - "$1" <<'PY'
import sqlite3, sys
for row in sqlite3.connect(sys.argv[1]).execute("SELECT hex(subject), hex(items) FROM state WHERE run = (SELECT max(run) FROM run) ORDER BY 1"):
    print(*row)
PY
}

run check -c datenbrief.xml
! grep -q "path:\|changes" stdout; ok "check knows <changes>"
sed 's/<ledger [^>]*>//' datenbrief.xml >without.xml
run check -c without.xml
grep -q "no <ledger>.*<changes> is in no model" stdout; ok "and says when there are none, for want of a ledger"
sed 's/@gone = 0/@gon = 0/' datenbrief.xml >mistyped.xml
run check -c mistyped.xml
grep -q "gon.*did you mean.*gone" stdout; ok "a mistyped count is an error"

# The first letter of all.
run run -c datenbrief.xml -o first --date 2026-11-23 --progress none
is "$code" 0 "the first run"
for number in 1001 1002 1003; do is "$(changes first $number)" none "the first letter of $number has no marks"; done
text first 1003 | grep -q "Sie mussten nicht danach fragen"; ok "and is a whole one"
is "$(states)" "2026-11-23 3; " "the ledger knows what they held"
cp ledger.db first.db

# A year later: one moved and bought something, one order is gone, one customer is the same, one is new.
database shop.db <<'SQL'
UPDATE customer SET city = '99085 Erfurt' WHERE customer_no = 1002;
INSERT INTO orders VALUES ('A-9', 1002, '2026-12-01', 3.5, 1);
UPDATE orders SET row_version = 99;
DELETE FROM orders WHERE order_no = 'A-1';
INSERT INTO customer VALUES (1004, 'Anna Neuling', 'Neuweg 9', '34117 Kassel', 'DE', NULL);
SQL
run run -c datenbrief.xml -o second --date 2027-11-23 --progress none
is "$code" 0 "the run of the next year"
is "$(changes second 1001)" "since=2026-11-23 new=0 changed=0 gone=1 same=2" "an order that is gone is counted"
text second 1001 | grep -q "1 Eintrag nicht mehr dabei.*Seit dem letzten Datenbrief nicht mehr dabei: 1 Eintrag"; ok "and the letter says so, on top and where it was"
is "$(changes second 1002)" "since=2026-11-23 new=1 changed=1 gone=0 same=1; 1002 changed city; A-9 new" "only what was planted is marked"
text second 1002 | grep -q "1 Eintrag neu, 1 geändert"; ok "the letter sums it up"
is "$(text second 1002 | grep -o "99085 Erfurt geändert" | wc -l)" 1 "the city is marked in the letter"
is "$(text second 1002 | grep -o "B02-S neu" | wc -l)" 1 "and so is the order"
is "$(text second 1002 | grep -ow "neu" | wc -l) $(text second 1002 | grep -ow "geändert" | wc -l)" "2 2" "and nothing else: once above, once at its place"
is "$(changes second 1003)" "since=2026-11-23 new=0 changed=0 gone=0 same=1" "who is the same"
text second 1003 | grep -q "Seit unserem letzten Datenbrief vom 23.11.2026 hat sich daran nichts geändert.*ganzen Datenbrief"; ok "gets the short letter with an offer of the whole one"
is "$(python3 look.py pages second 1003)" 2 "on one sheet"
is "$(changes second 1004)" none "whose first letter it is has no marks"
text second 1004 | grep -q "Sie mussten nicht danach fragen"; ok "and gets a whole one"
is "$(states)" "2026-11-23 3; 2027-11-23 4; " "the ledger keeps this year's and what it was compared with"
cp ledger.db second.db
last_states ledger.db >second.states

# Made again from the same plan, also after the run was noted: the same bytes.
cp -r second again
rm -r again/journal again/letters again/manifest.csv again/held.csv
run run -c datenbrief.xml -o again --progress none
is "$code" 0 "all letters made again from the same plan"
diff -r second/letters again/letters >/dev/null; ok "have the same bytes, though the ledger knows them now"
last_states ledger.db | cmp -s - second.states; ok "and leave the same states"

# Killed and continued.
points=$top/tests/batch/datenbrief-points
for point in before-commit after-commit ledger-before-commit ledger-after-commit; do
	if [ -x "$points" ]; then
		cp first.db ledger.db
		rm -rf killed
		DATENBRIEF_POINT=$point=kill "$points" run -c datenbrief.xml -o killed --date 2027-11-23 --progress none >stdout 2>stderr
		[ ! -e killed/journal/seal ]; ok "killed at $point"
		run run -c datenbrief.xml -o killed --progress none
		diff -r second/letters killed/letters >/dev/null; ok "and continued: the same bytes"
		is "$(states)" "2026-11-23 3; 2027-11-23 4; " "each state once"
		last_states ledger.db | cmp -s - second.states; ok "and the same ones"
	else
		skip "killed at $point" "datenbrief-points is not built"
	fi
done

# What other runs note meanwhile changes nothing, or stops the run.
cp first.db ledger.db
run plan -c datenbrief.xml -o slow --date 2027-11-23 --again "sent out twice"
run run -c datenbrief.xml -o quick --date 2027-11-20 --again "sent out twice" --progress none
is "$code" 0 "another run, three days earlier, overtakes one that is planned"
is "$(changes quick 1002)" none "less than a year after the last letter nothing is compared"
run run -c datenbrief.xml -o slow --progress none
diff -r second/letters slow/letters >/dev/null; ok "the planned one makes the letters that it would have made"
cp first.db ledger.db
run plan -c datenbrief.xml -o late --date 2027-11-23
run run -c datenbrief.xml -o later --date 2027-12-01 --progress none
stops 2 "another run gave customers of this one a letter" "a later run overtakes it" render -c datenbrief.xml -o late
cp second.db ledger.db
run plan -c datenbrief.xml -o third --date 2028-11-23
cp first.db ledger.db
stops 2 "another file or an older copy" "an older copy of the ledger" render -c datenbrief.xml -o third
rm ledger.db
run plan -c datenbrief.xml -o fourth --date 2028-11-23
stops 2 "another file or an older copy" "a new ledger" render -c datenbrief.xml -o third
cp second.db ledger.db
run render -c datenbrief.xml -o third --progress none
is "$code" 0 "with the right one it goes on"

# Second letters, answers to requests, letters that were held.
cp second.db ledger.db
run run -c datenbrief.xml -o lost --date 2027-12-05 --again "burnt at the printer" --progress none
is "$(changes lost 1002)" "since=2026-11-23 new=1 changed=1 gone=0 same=1; 1002 changed city; A-9 new" \
	"a second letter of the period tells what the first one did"
cp second.db ledger.db
run run -c datenbrief.xml -o request --date 2028-12-01 --mode request --progress none
is "$code $(changes request 1002)" "0 none" "the answer to a request is compared with nothing"
is "$(states)" "2026-11-23 3; 2027-11-23 4; " "and leaves no state"
cp first.db ledger.db
run release --make-key other.key
run run -c datenbrief.xml -o waiting --date 2027-11-23 --progress none --hold-release other.key.pub
is "$code $(states)" "0 2026-11-23 3; " "letters that wait for their release leave none either"
for f in waiting/samples/*.pdf; do pdftotext "$f" -; done | tr '\n' ' ' | grep -q "1 Eintrag neu, 1 geändert"; ok "and their samples have the marks"
cp first.db ledger.db
database shop.db <<'SQL'
UPDATE orders SET total = 'not a number' WHERE order_no = 'A-2';
SQL
run run -c datenbrief.xml -o held --date 2027-11-23 --progress none
is "$code $(states)" "1 2026-11-23 3; 2027-11-23 3; " "a letter that is held leaves no state"
database shop.db <<'SQL'
UPDATE orders SET total = 1234.0 WHERE order_no = 'A-2';
SQL
run run -c datenbrief.xml -o next --date 2028-11-23 --progress none
is "$(changes next 1001)" "since=2026-11-23 new=0 changed=0 gone=1 same=2" "the next one is compared with the last that was written"
is "$(changes next 1002)" "since=2027-11-23 new=0 changed=0 gone=0 same=3" "the others with that of the year before"
is "$(states)" "2026-11-23 1; 2027-11-23 3; 2028-11-23 4; " "what nobody is compared with any more is deleted"
run run -c datenbrief.xml -o years --date 2032-11-23 --progress none
is "$(changes years 1002)" none "a letter of four years ago is none to be compared with"
is "$(states)" "2028-11-23 4; 2032-11-23 4; " "and what is older is gone from the ledger"

# A template that says what is not so.
cp first.db ledger.db
sed 's/ when="changes[^"]*"/ when="true()"/' datenbrief.xml >always.xml
run run -c always.xml -o wrong --date 2027-11-23 --progress none
is "$code" 1 "a short letter for everybody"
is "$(grep -c "says that nothing has changed, but the ledger knows of changes" wrong/held.csv)" 2 "is held where something has changed"
is "$(grep -c "says that nothing has changed, but the ledger knows of no last letter" wrong/held.csv)" 1 "and where it would be the first"

# Collections that the configuration no longer has, and those it has anew.
cp first.db ledger.db
python3 - <<'PY'
import re
s = open("datenbrief.xml", encoding="utf-8").read()
open("fewer.xml", "w", encoding="utf-8").write(re.sub(r'<records name="orders".*?</records>', "", s, flags=re.S))
PY
run run -c fewer.xml -o fewer --date 2027-11-23 --progress none
is "$(changes fewer 1001)" "since=2026-11-23 new=0 changed=0 gone=2 same=1" "orders of which nobody tells any more are gone"
run run -c datenbrief.xml -o back --date 2028-11-23 --progress none
is "$(changes back 1001)" "since=2027-11-23 new=1 changed=0 gone=0 same=1; A-2 new" "and the one that is still there is new when it is told again"

# A source that does not answer: what it holds may have changed.
rm ledger.db
edit datenbrief.xml '  <subject>' '  <source id="web" type="sqlite" url="sqlite:web.db" label="Webseite" optional="yes">
    <records name="visits" label="Besuche" activity="contract" subject-key="customer_no">
      <query>SELECT customer_no, page FROM visit WHERE customer_no = :subject</query><field name="page" label="Seite" type="text"/>
    </records></source>
  <subject>'
database web.db <<<'CREATE TABLE visit (customer_no INTEGER, page TEXT); INSERT INTO visit VALUES (1001, "start")'
run run -c datenbrief.xml -o all --date 2026-11-23 --progress none
mv web.db away.db
run run -c datenbrief.xml -o gap --date 2027-11-23 --progress none
is "$code $(changes gap 1002)" "0 since=2026-11-23 new=0 changed=0 gone=0 same=3" "a source is away, the others hold the same"
text gap 1002 >gap.txt
grep -q "Soweit die Quellen geantwortet haben, hat sich seit .*Dieser Brief hat Lücken. Nicht geantwortet hat: Webseite" gap.txt
ok "the whole letter says so"
! grep -q "Besuche" gap.txt; ok "and not that nothing is stored there"
rm -r ledger.db; mv away.db web.db
run run -c datenbrief.xml -o all2 --date 2026-11-23 --progress none
mv web.db away.db
sed 's/ and sources.@complete = sources.@total//' datenbrief.xml >trusting.xml
run run -c trusting.xml -o trusted --date 2027-11-23 --progress none
is "$(grep -c "says that nothing has changed, but not all sources answered" trusted/held.csv)" 4 "a short letter is held then"

# A state that is lost before the run is noted.
cp first.db ledger.db
run plan -c datenbrief.xml -o torn --date 2027-11-23
run render -c datenbrief.xml -o torn --progress none
python3 -c 'import sqlite3
c = sqlite3.connect("torn/journal/shard-00000.db"); c.execute("DELETE FROM state WHERE letter = 1"); c.commit()'
fails 4 "the journal lacks what a letter held" "a journal without one of its states" merge -c datenbrief.xml -o torn
is "$(states)" "2026-11-23 3; " "nothing of the run is noted"

# A state that is damaged.
cp first.db ledger.db
python3 -c 'import sqlite3
c = sqlite3.connect("ledger.db"); c.execute("UPDATE state SET items = substr(items, 1, length(items) - 1)"); c.commit()'
stops 4 "restore the ledger" "a state that is cut off" run -c datenbrief.xml -o cut --date 2027-11-23

# Shards and threads.
rm -f ledger.db shop.db
cp "$src/tests/fixture/letter.xml" .
sed 's/<template .*/<template href="letter.xml"\/>/' datenbrief.xml >many.xml
n=1030
[ -n "${DATENBRIEF_SLOW:-}" ] && n=300
python3 - "$src/tests/fixture/shop.sql" $n <<'PY'
import sqlite3, sys
c = sqlite3.connect("shop.db"); c.executescript(open(sys.argv[1], encoding="utf-8").read())
c.executemany("INSERT INTO customer VALUES (?, ?, 'Musterweg 1', '34117 Kassel', 'DE', NULL)", [(2000 + i, "Person %d" % i) for i in range(int(sys.argv[2]))])
c.executemany("INSERT INTO orders VALUES (?, ?, '2025-03-02', ?, 1)", [("B-%d" % i, 2000 + i, i / 4) for i in range(int(sys.argv[2]))])
c.commit()
PY
run run -c many.xml -o many1 --date 2026-11-23 --progress none
database shop.db <<'SQL'
UPDATE orders SET total = total + 1 WHERE customer_no % 7 = 0;
UPDATE customer SET street = 'Neuweg 3' WHERE customer_no % 11 = 0;
SQL
cp ledger.db base.db
run run -c many.xml -o many2 --date 2027-11-23 --progress none
is "$code" 0 "$((n + 3)) letters in one shard"
last_states ledger.db >one.states
cp base.db ledger.db
run plan -c many.xml -o sharded --date 2027-11-23 --shards 4
for k in 0 1 2 3; do "$datenbrief" render -c many.xml -o sharded --shard $k/4 -j 2 --progress none >shard.$k 2>&1 & done
wait
run merge -c many.xml -o sharded
is "$code" 0 "and in four, at the same time, each with two threads"
diff -r many2/letters sharded/letters >/dev/null; ok "have the same bytes"
last_states ledger.db | cmp -s - one.states; ok "and leave the same states"
is "$(wc -l <one.states)" $((n + 3)) "one for each letter"

# Who has the file, and knows every identifier and value, but not the key, learns nothing.
cat >attack.py <<'PY'
import hashlib, re, sqlite3, struct, sys
shop = sqlite3.connect("shop.db")
values = set()
for (table,) in shop.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
    for row in shop.execute("SELECT * FROM " + table + " LIMIT 60"):
        values.update(str(v) for v in row if v is not None)
ids = ["1001", "1002", "1003"]
names = ["person", "orders", "shop", "name", "street", "city", "order_no", "total"]
states = dict((bytes(s), bytes(i)) for s, i in sqlite3.connect("ledger.db").execute("SELECT subject, items FROM state"))
raw = open("ledger.db", "rb").read()
# Every eight and every six bytes that stand anywhere in the states.
eight = {blob[i:i + 8] for blob in states.values() for i in range(len(blob) - 7)}
# And eight bytes each of what is written in hexadecimal.
hexed = {run[i:i + 16] for run in re.findall(rb"[0-9a-f]{16,}|[0-9A-F]{16,}", raw) for i in range(len(run) - 15)}
six = {e[:6] for e in eight} | {blob[-6:] for blob in states.values()}

def blake(text, key=b"", size=32): return hashlib.blake2b(text, digest_size=size, key=key).digest()
def part(text): return struct.pack(">I", len(text)) + text

def scheme(key):
    """What the state of 1002 holds of its city, computed as the library does it: id of the record, hash of the value."""
    subject = blake(b"1002", blake(b"", blake(b"datenbrief-ledger-1 state", key)))
    name = blake(b"c" + part(b"shop") + part(b"person"), subject, 16)[:8]
    record = blake(b"k" + bytes(8) + name + part(b"1002"), subject, 16)[:8]
    return record, lambda value: blake(b"v" + record + part(b"city") + part(value), subject, 16)[:6]

def texts(value):
    """What somebody might hash who knows the values and the scheme."""
    v = value.encode()
    yield v
    for id in ids:
        yield id.encode() + v
        yield part(id.encode()) + part(v)
    for n in names:
        yield n.encode() + v
        yield part(n.encode()) + part(v)
        yield b"v" + bytes(8) + part(n.encode()) + part(v)

def hashes(text):
    for name in ("sha256", "sha1", "md5", "sha512", "blake2s"):
        yield hashlib.new(name, text).digest()
    for size in (16, 32, 64):
        yield blake(text, b"", size)
        yield blake(text, bytes(32), size)

if sys.argv[1] == "file":
    found = []
    for value in sorted(values) + ids + names:
        for text in texts(value):
            for h in hashes(text):
                if h[:8] in eight or h[:6] in six or h[:8].hex().encode() in hexed or h[:8].hex().upper().encode() in hexed:
                    found.append(value)
    for key in (b"", bytes(32), blake(b"another key of thirty-two bytes or more")):
        record, value = scheme(key)
        found += [v for v in values if value(v.encode()) in six] + [record.hex()] * (record in eight)
elif sys.argv[1] == "key":
    record, value = scheme(blake(open("ledger.key", "rb").read()))
    found = [v for v in values if value(v.encode()) in six] + ["record"] * (record in eight)
elif sys.argv[1] == "equal":   # equal values of two customers, records of one name
    blobs = list(states.values())[:40]
    pieces = [{b[i:i + 6] for i in range(1, len(b) - 5)} for b in blobs]
    found = [1 for i in range(len(pieces)) for k in range(i) for p in pieces[i] & pieces[k] if p.count(0) < 3]
else:
    found = [v for v in values | {"Kassel", "person", "orders"} if len(v.encode()) > 4 and v.encode() in raw]
print(*sorted(map(str, set(found))))
PY
is "$(python3 attack.py file)" "" "with all values, identifiers and names, and no key or a wrong one, no hash is matched"
is "$(python3 attack.py key)" "99084 Erfurt record" "with the key the value is found, so the attack can succeed"
is "$(python3 attack.py equal)" "" "what is equal for two customers has no hash in common"
is "$(python3 attack.py plain)" "" "no value and no name stands in the file"
python3 - <<'PY' >plain
import glob, sqlite3
c = sqlite3.connect("shop.db")
values = [v.encode() for row in c.execute("SELECT name, street, city FROM customer LIMIT 60") for v in row]
for path in sorted(glob.glob("sharded/journal/shard-*.db")):
    raw = open(path, "rb").read()
    print(*[path for v in values if v in raw], end="")
PY
is "$(cat plain)" "" "nor in the journals"
done_testing
