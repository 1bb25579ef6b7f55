# SPDX-License-Identifier: MIT
# Two persons for one run: letters wait until the owner of a key signed the seal.
. "${srcdir:-.}/tests/cli/common.sh"
fixture
config="-c datenbrief.xml"

run release --make-key second.key
is "$code" 0 "a pair of keys"
is "$(stat -c %a second.key)" 600 "the secret one is private"
grep -qE '^[0-9a-f]{64}$' second.key.pub; ok "the public one is a line of digits"
fails 4 "second.key" "a key is never overwritten" release --make-key second.key
run release --make-key other.key

hold() { # hold DIR FORM
	run run $config -o "$1" --form "$2" --date 2026-11-23 --progress none --hold-release second.key.pub
}
for form in files lots; do
	product=letters
	[ $form = lots ] && product=lots
	hold $form $form
	is "$code" 0 "$form: a held run ends well"
	grep -q "held: the letters wait in unreleased/" stderr; ok "$form: and says what it waits for"
	[ -d $form/unreleased/$product ] && [ ! -e $form/$product ]; ok "$form: nothing stands where letters are posted"
	run verify $config -o $form
	is "$code" 0 "$form: it is verified"
	is "$(ls $form/samples | tr '\n' ' ')" "first.pdf last.pdf longest.pdf random-1.pdf random-2.pdf random-3.pdf shortest.pdf template-1-de.pdf " "$form: samples"
	cp $form/samples/longest.pdf $form-longest.pdf
	hold $form $form
	is "$code" 0 "$form: the same command changes nothing"
	[ ! -e $form/$product ]; ok "$form: nor does it release"

	run release --make-token $form/journal/seal --key other.key
	cp stdout wrong.token
	fails 2 "not made with the key" "$form: another person's token" release $config -o $form --token wrong.token
	run release --make-token $form/journal/seal --key second.key
	is "$code" 0 "$form: the second person's token"
	cp stdout $form.token
	tr a-f b-g <$form.token >bent.token
	fails 2 "token" "$form: a token that was changed" release $config -o $form --token bent.token
	[ ! -e $form/$product ]; ok "$form: still nothing is released"
	victim=$(find $form/unreleased/$product -type f | sort | head -1)
	cp "$victim" saved && printf x >>"$victim"
	run release $config -o $form --token $form.token
	is "$code" 4 "$form: letters that were changed are not released"
	cp saved "$victim"
	run release $config -o $form --token $form.token
	is "$code" 0 "$form: with the token they are"
	[ -d $form/$product ] && [ ! -e $form/unreleased ]; ok "$form: they are in their place"
	cmp -s $form.token $form/journal/released; ok "$form: the token is kept"
	no_file $form/samples "$form: no samples are left"
	mkdir -m 700 $form/samples && touch $form/samples/first.pdf $form/samples/notes.txt
	rm $form/journal/released
	run verify $config -o $form
	is "$code" 4 "$form: without it verify says that nobody released them"
	grep -q 'holds no token for these letters' stderr; ok "$form: in these words"
	sed 's/^datenbrief-release-1 ./&0/' $form.token >$form/journal/released
	run verify $config -o $form
	is "$code" 4 "$form: nor is another text a token"
	run release $config -o $form --token $form.token
	is "$code" 0 "$form: a release that was killed before its record is repeated"
	cmp -s $form.token $form/journal/released; ok "$form: and recorded"
	is "$(ls $form/samples)" notes.txt "$form: samples are removed then, and nothing else that lies there"
	run verify $config -o $form
	is "$code" 0 "$form: verify finds nothing"
	hold $form $form
	is "$code" 0 "$form: run finds all done"
	mkdir -m 700 early-$form early-$form/$product
	hold early-$form $form
	is "$code" 4 "$form: letters of a held run that come to lie in their place by mistake are told of"
	grep -q 'release them' stderr; ok "$form: and what to do"
done
fails 2 "for other letters" "a token of another run" release $config -o files --token lots.token

# ---- samples ----
if command -v pdftotext >/dev/null; then
	stamps() { pdftotext -raw "$1" - | tr -d '\n ' | grep -o "Muster–nichtversenden" | wc -l; }
	pages=$(pdfinfo files-longest.pdf | sed -n 's/^Pages: *//p')
	is "$(stamps files-longest.pdf)" "$pages" "samples say on each page that they must not be posted"
	[ "$(stamps "$(find files/letters -name '*.pdf' | head -1)")" -gt 0 ]
	[ $? -ne 0 ]; ok "letters do not"
else
	skip "samples are stamped" "poppler-utils is not installed"
fi

# ---- a sample of each template and language ----
sed 's/lang="{@lang}"/lang="en"/' letter.xml >letter-en.xml
sed 's|  <template href="letter.xml"/>|  <template href="letter-en.xml" when="collections/collection/record/field[@name = \x27country\x27] = \x27PL\x27"/>\n&|' datenbrief.xml >two.xml
run run -c two.xml -o two --date 2026-11-23 --progress none --hold-release second.key.pub
is "$code" 0 "a run with two templates"
is "$(ls two/samples | grep template | tr '\n' ' ')" "template-1-en.pdf template-2-de.pdf " "has a sample of each, by its number and language"
is "$(python3 -c 'import sqlite3
print(sqlite3.connect("two/journal/shard-00000.db").execute("SELECT template, lang, count(*) FROM letter GROUP BY 1, 2 ORDER BY 1").fetchall())')" \
	"[(1, 'en', 1), (2, 'de', 2)]" "and the journal knows who made which"
touch two/samples/template-9-fr.pdf two/samples/template.notes
run run -c two.xml -o two --progress none --hold-release second.key.pub
is "$(ls two/samples | grep template | tr '\n' ' ')" "template-1-en.pdf template-2-de.pdf template.notes " "samples of before are replaced, other files are not"

# ---- misuse ----
chmod 644 second.key
fails 2 "may read the secret key" "a key that others may read" release --make-token files/journal/seal --key second.key
chmod 600 second.key
fails 2 "is no secret key" "a public key to sign with" release --make-token files/journal/seal --key other.key.pub
fails 2 "is no seal" "a file that is no seal" release --make-token datenbrief.xml --key second.key
run run $config -o free --date 2026-11-23 --progress none
fails 2 "not held" "a run that nobody holds" release $config -o free --token files.token
fails 2 "without --hold-release" "a plan that was made without it" run $config -o free --date 2026-11-23 --hold-release second.key.pub
fails 2 "is no public key" "a secret key to hold by" run $config -o x --hold-release second.key
fails 2 "--make-token and --key" "nothing to do" release
no_file x "a mistake makes no folder"
done_testing
