# SPDX-License-Identifier: MIT
# register: the records of processing activities as a document, without asking any source.
. "${srcdir:-.}/tests/cli/common.sh"
fixture
rm -f shop.db

for lang in de en; do
	template="$src/templates/register-$lang/register.xml"
	run register -c datenbrief.xml --lang $lang --template "$template" --date 2026-11-23 -o $lang.pdf
	is "$code" 0 "$lang: the register is printed, though the source is away"
	is "$(head -c 5 $lang.pdf 2>/dev/null)" "%PDF-" "$lang: it is a PDF"
	run register -c datenbrief.xml --lang $lang --template "$template" --date 2026-11-23 -o again.pdf
	cmp -s $lang.pdf again.pdf; ok "$lang: the same bytes every time"
	run register -c datenbrief.xml --lang $lang --template "$template" --stop-after letter
	for text in "Muster Versand GmbH" "Aufsichtsbehörde Beispielland" "Bestellung und Lieferung" \
		"Wir brauchen diese Daten, um Ihre Bestellungen auszuführen." "Erfüllung des Vertrags mit Ihnen" "Ihre Bestellungen" \
		"Bestellnummer" "Steuerrecht: zehn Jahre" "2026-01"; do
		grep -qF -- "$text" stdout; ok "$lang: prints \"$text\""
	done
done
edit register.xml "</activity>" "</activity>
  <activity id=\"staff\">
    <name>Personal</name><purpose>Abrechnung der Gehälter</purpose><persons>Beschäftigte</persons>
    <legal-basis article=\"6(1)(b)\">Arbeitsvertrag</legal-basis><retention>Zehn Jahre</retention><origin>Bewerbung</origin>
  </activity>
  <security>Zugriff nur für Befugte</security>"
run register -c datenbrief.xml --template "$src/templates/register-de/register.xml" --stop-after letter
grep -qF "Beschäftigte" stdout && grep -qF "Zugriff nur für Befugte" stdout
ok "activities that no collection belongs to are printed, and the measures of security"
fails 2 "does not exist" "a template that is not there" register -c datenbrief.xml --template nowhere.xml -o x.pdf
fails 2 "takes de|en" "an unknown language" register -c datenbrief.xml --lang fr -o x.pdf
fails 2 "there is no such file" "no configuration" register -c nowhere.xml -o x.pdf
no_file x.pdf "a failure leaves no file"
done_testing
