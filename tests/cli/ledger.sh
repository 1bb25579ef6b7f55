# SPDX-License-Identifier: MIT
# The ledger of past runs: who had a letter within twelve months gets no second one; the file tells nobody anything.
. "${srcdir:-.}/tests/cli/common.sh"
fixture
cp datenbrief.xml plain.xml

# Without <ledger>.
fails 2 "has no <ledger>" "--due without a ledger" run -c plain.xml -o none --due
fails 2 "has no <ledger>" "--again without a ledger" plan -c plain.xml -o none --again "lost in the post"
no_file none "and no folder is made"
run run -c plain.xml -o plain --date 2026-11-23 --progress none
is "$code" 0 "all else is as it was"
run run -c plain.xml -o plain2 --date 2026-11-23 --progress none
is "$code" 0 "letters may be made twice"
no_file "ledger*" "no ledger is made"
fails 2 "without --due" "--due for a run that was planned without" run -c plain.xml -o plain --due

edit datenbrief.xml '<source id="shop"' '<ledger file="ledger.db" key-file="ledger.key"/><source id="shop"'
fails 2 "ledger.key" "a key file that is missing" plan -c datenbrief.xml -o nokey
head -c 31 /dev/urandom >ledger.key
fails 2 "less than 32 bytes" "a short key" plan -c datenbrief.xml -o nokey
printf 'a key that is known to this test, 32 bytes and more' >ledger.key
for mode in 640 604 620; do
	chmod $mode ledger.key
	fails 2 "group or others may read or write the key file" "a key file of mode $mode" plan -c datenbrief.xml -o nokey
done
chmod 600 ledger.key

dump() { python3 - "$1" <<'PY'
import sqlite3, sys
print("\n".join(sqlite3.connect(sys.argv[1]).iterdump()))
PY
}
letters() { # letters: how many the ledger has, by date and mode
	python3 - <<'PY'
import sqlite3
for row in sqlite3.connect("ledger.db").execute("SELECT date, mode, count(*), coalesce(again, '-') FROM letter JOIN run USING(run)"
        " GROUP BY run ORDER BY date, run"):
    print(*row, end="; ")
PY
}

# The first year.
run plan -c datenbrief.xml -o first --date 2026-11-23 --due
is "$code" 0 "the first plan"
grep -q "^0 had a letter" stdout && grep -q "planned 3 letters" stdout; ok "plans all and says so"
is "$(stat -c %a ledger.db)" 600 "the ledger is private"
is "$(letters)" "" "a plan notes nothing"
database shop.db <<'SQL'
UPDATE orders SET total = 'not a number' WHERE order_no = 'A-3';
SQL
run run -c datenbrief.xml -o first --progress none
is "$code" 1 "a run with a letter held"
is "$(letters)" "2026-11-23 yearly 2 -; " "the letters written are noted, the one held is not"
dump ledger.db >before
run run -c datenbrief.xml -o first --progress none
run merge -c datenbrief.xml -o first
dump ledger.db | cmp -s - before; ok "repeated, the run notes nothing more"

# Within twelve months.
fixture_again() { rm shop.db; database shop.db <"$src/tests/fixture/shop.sql"; }
fixture_again
fails 2 "2 of 3 customers had a letter" "a second letter" run -c datenbrief.xml -o second --date 2027-11-22
no_file second "and leaves no folder"
fails 2 "--again" "the other way round, too" run -c datenbrief.xml -o second --date 2025-11-24
run run -c datenbrief.xml -o due --date 2027-02-01 --due --progress none
is "$code" 0 "--due"
is "$(ls due/letters | wc -l)" 1 "makes the letter that is missing"
is "$(letters)" "2026-11-23 yearly 2 -; 2027-02-01 yearly 1 -; " "and notes it"
run plan -c datenbrief.xml -o nobody --date 2027-02-02 --due
is "$code" 0 "nobody is due"
grep -q "^3 had a letter in the twelve months before: left out" stdout; ok "it is said"
run run -c datenbrief.xml -o nobody --progress none
is "$code" 0 "a run for nobody ends well"
run plan -c datenbrief.xml -o limited --date 2027-11-23 --due --limit 1
is "$code" 0 "twelve months later, to the day"
grep -q "planned 1 letters" stdout; ok "--limit counts those who are due"
run plan -c datenbrief.xml -o year --date 2027-11-23 --due
grep -q "planned 2 letters" stdout; ok "those with a letter of a year ago are due, that of February is not"

# With a reason.
fails 2 "give one of them" "--due and --again" run -c datenbrief.xml -o again --due --again x
fails 2 "no text" "an empty reason" run -c datenbrief.xml -o again --again ""
fails 2 "control characters" "a reason of two lines" run -c datenbrief.xml -o again --again "a
b"
run run -c datenbrief.xml -o again --date 2027-03-01 --again "burnt at the printer" --progress none
is "$code" 0 "--again"
is "$(ls again/letters | wc -l)" 3 "makes all letters"
letters | grep -q "2027-03-01 yearly 3 burnt at the printer; "; ok "the ledger has the reason"
dump again/plan.db | grep -q "burnt at the printer"; ok "the plan has it, too"
fails 2 "another reason" "another reason for the same run" run -c datenbrief.xml -o again --again "other"
run run -c datenbrief.xml -o first --progress none
is "$code" 1 "an older run may still be repeated"

# Answers to requests.
run run -c datenbrief.xml -o request --date 2027-03-02 --mode request --progress none
is "$code" 0 "an answer to a request is never refused"
letters | grep -q "2027-03-02 request 3 -; "; ok "it is noted as such"
fails 2 "always due" "a request and --due" run -c datenbrief.xml -o request2 --mode request --due
run plan -c datenbrief.xml -o afterwards --date 2028-03-01 --due
grep -q "planned 3 letters" stdout; ok "and is no letter of the year"

# Two runs side by side: planned while nobody had a letter.
rm ledger.db
run plan -c datenbrief.xml -o one --date 2026-11-23
run plan -c datenbrief.xml -o two --date 2026-11-24
run run -c datenbrief.xml -o one --progress none
is "$code" 0 "the first of two runs ends well"
run render -c datenbrief.xml -o two --progress none
fails 2 "another run gave 3 of these" "the second" merge -c datenbrief.xml -o two
[ ! -e two/journal/seal ]; ok "it has no seal, so nobody may post it"
is "$(letters)" "2026-11-23 yearly 3 -; " "and the ledger does not have it"

# Shards are noted once, by merge.
rm ledger.db
run plan -c datenbrief.xml -o shards --date 2026-11-23 --shards 2
run render -c datenbrief.xml -o shards --shard 0/2
run render -c datenbrief.xml -o shards --shard 1/2
is "$(letters)" "" "shards note nothing"
run merge -c datenbrief.xml -o shards
is "$code $(letters)" "0 2026-11-23 yearly 3 -; " "merge notes all"

# A held run has not been posted before it is released.
rm ledger.db
run release --make-key second.key
run run -c datenbrief.xml -o held --date 2026-11-23 --progress none --hold-release second.key.pub
is "$code $(letters)" "0 " "a held run is not noted"
run verify -c datenbrief.xml -o held
is "$code" 0 "and verified without"
run release --make-token held/journal/seal --key second.key
cp stdout token
run release -c datenbrief.xml -o held --token token
is "$code $(letters)" "0 2026-11-23 yearly 3 -; " "but when it is released"

# Killed around the commit: once, and only once.
points=$top/tests/batch/datenbrief-points
for point in ledger-before-commit ledger-after-commit merge-before-seal; do
	rm -rf ledger.db* killed
	if [ -x "$points" ]; then
		DATENBRIEF_POINT=$point=kill "$points" run -c datenbrief.xml -o killed --date 2026-11-23 --progress none >stdout 2>stderr
		[ ! -e killed/journal/seal ]; ok "killed at $point: no seal"
		all="2026-11-23 yearly 3 -; "
		[ $point = ledger-before-commit ] && all=
		is "$(letters)" "$all" "killed at $point: all is noted or nothing"
		run run -c datenbrief.xml -o killed --progress none
		is "$code $(letters)" "0 2026-11-23 yearly 3 -; " "and the run goes on and notes each letter once"
	else
		skip "killed at $point" "datenbrief-points is not built"
	fi
done

# Trouble.
run plan -c datenbrief.xml -o moved --date 2028-11-23
run render -c datenbrief.xml -o moved --progress none
mv ledger.db away.db
fails 2 "the ledger is gone" "a ledger that is gone" merge -c datenbrief.xml -o moved
mv away.db ledger.db
chmod 640 ledger.db
fails 2 "group or others" "a ledger that others may read" merge -c datenbrief.xml -o moved
chmod 600 ledger.db
cp ledger.key good.key
printf 'another key of thirty-two bytes or more' >ledger.key
fails 2 "the ledger's key" "another key for a run" run -c datenbrief.xml -o moved --progress none
fails 2 "another key" "another key for the ledger" plan -c datenbrief.xml -o other --date 2028-11-23
cp good.key ledger.key
cp ledger.db good.db
printf 'no database at all, but long enough to be read as one: %0100d' 0 >ledger.db
fails 4 "damaged" "a damaged ledger" plan -c datenbrief.xml -o other --date 2028-11-23
cp good.db ledger.db
run run -c datenbrief.xml -o moved --progress none
is "$code" 0 "put right, the run goes on"

python3 -c 'import sqlite3
c = sqlite3.connect("ledger.db"); c.execute("DELETE FROM letter WHERE run = (SELECT max(run) FROM run) AND subject = (SELECT max(subject) FROM letter)"); c.commit()'
run verify -c datenbrief.xml -o moved
is "$code" 4 "a letter that the ledger does not have: verify fails"
grep -q "^datenbrief: ledger: does not hold the letters of this run" stderr; ok "and says so"
run merge -c datenbrief.xml -o moved
run verify -c datenbrief.xml -o moved
is "$code" 0 "merge mends it"

# Who has the file, and knows every identifier and value, but not the key, learns nothing.
cat >attack.py <<'PY'
import hashlib, sqlite3, sys
shop = sqlite3.connect("shop.db")
known = set()
for (table,) in shop.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall():
    for row in shop.execute("SELECT * FROM " + table):
        known.update(str(v) for v in row if v is not None)
known.update(str(n) for n in range(0, 10000))                      # all identifiers there can be
raw = open("ledger.db", "rb").read()
hashes = {bytes(h) for (h,) in sqlite3.connect("ledger.db").execute("SELECT subject FROM letter")}
assert len(hashes) == 3 and all(len(h) == 32 for h in hashes), hashes
prefixes = [b"", b"datenbrief-ledger-1 subject", b"datenbrief-ledger-1 subject\0", b"subject", b"subject\0"]

def keyed(key, text):
    part = hashlib.blake2b(b"datenbrief-ledger-1 subject", digest_size=32, key=key).digest()
    return hashlib.blake2b(text, digest_size=32, key=part).digest()

def guesses(text):
    yield keyed(b"", text)
    yield keyed(bytes(32), text)
    for prefix in prefixes:
        for name in ("sha256", "sha3_256", "blake2s", "sha512", "md5", "sha1"):
            yield hashlib.new(name, prefix + text).digest()[:32]
        yield hashlib.blake2b(prefix + text, digest_size=32).digest()
        yield hashlib.blake2b(text, digest_size=32, key=prefix[:64]).digest()

if sys.argv[1] == "file":      # the ledger alone
    found = [t for t in known if any(g in hashes for g in guesses(t.encode()))]
elif sys.argv[1] == "key":     # with the key: what the attack could find
    key = hashlib.blake2b(open("ledger.key", "rb").read(), digest_size=32).digest()
    found = [t for t in known if keyed(key, t.encode()) in hashes]
else:                          # plain text of five characters or more, or any identifier as text or number
    found = [t for t in known if len(t.encode()) > 4 and t.encode() in raw]
    for row in sqlite3.connect("ledger.db").execute("SELECT * FROM letter"):
        found += [v for v in row[1:] if str(v) in ("1001", "1002", "1003")]
    strings = [str(v) for t in ("meta", "run") for r in sqlite3.connect("ledger.db").execute("SELECT * FROM " + t) for v in r]
    found += [v for v in strings if v in ("1001", "1002", "1003")]
print(*sorted(map(str, found)))
PY
rm -f ledger.db
run run -c datenbrief.xml -o attacked --date 2026-11-23 --progress none
is "$(python3 attack.py file)" "" "with all identifiers and values, and no key, no hash is matched"
is "$(python3 attack.py key)" "1001 1002 1003" "with the key they are, so the attack can succeed"
is "$(python3 attack.py plain)" "" "no identifier and no value stands in the file"
cp ledger.db one.db
rm ledger.db && printf 'another key of thirty-two bytes or more' >ledger.key
run run -c datenbrief.xml -o attacked2 --date 2026-11-23 --progress none
python3 -c 'import sqlite3
a, b = ({r[0] for r in sqlite3.connect(f).execute("SELECT subject FROM letter")} for f in ("one.db", "ledger.db"))
assert len(a) == len(b) == 3 and not a & b'
ok "two keys have no hash in common, so ledgers of two houses cannot be compared"
done_testing
