# SPDX-License-Identifier: MIT
# Which of several templates makes a letter, and which letters are refused.
. "${srcdir:-.}/tests/cli/common.sh"
fixture

# template NAME ATTRIBUTES: a template whose letter names it
template() {
	cat >"$1.xml" <<-END
	<t:template xmlns:t="urn:datenbrief:template:1" xmlns="urn:datenbrief:letter:1" version="1" lang="de" $2>
	<letter form="report" lang="de" title="Probe"><subject>made by $1</subject><body/></letter></t:template>
	END
}
# made_by NAME WHAT ARGUMENTS...
made_by() {
	name=$1 what=$2
	shift 2
	run letter -c several.xml --date 2026-11-23 --stop-after letter "$@"
	grep -q "made by $name<" stdout; ok "$what"
}
config() { # TEMPLATES
	cp datenbrief.xml several.xml
	edit several.xml '<template href="letter.xml"/>' "$1"
}
for name in request short nothing english few other; do template $name ""; done
template short 'kind="short"'
template nothing 'kind="nothing"'

config '<template href="request.xml" mode="request"/><template href="english.xml" lang="en"/>
	<template href="few.xml" when="sum(sources/source/@records) = 1"/><template href="other.xml"/>'
made_by request "mode: the answer to a request" --mode request 1001
made_by other "none of the conditions: the last template" 1001
made_by few "an expression over the model" 1003
cp several.xml german.xml
edit several.xml '<subject>' '<subject><language select="'"'en-GB'"'"/>'
made_by english "lang: en is for en-GB, too" 1003
made_by request "the first that fits wins" --mode request 1003

config '<template href="other.xml" mode="request"/>'
fails 1 "no <template> is for this letter (mode yearly, language de); add one without conditions as the last" "no template fits: the letter is held" \
	letter -c several.xml 1001 -o held.pdf
no_file held.pdf "and there is none"
config '<template href="nothing.xml"/>'
fails 1 "this letter says that nothing is stored, but there are records" "a letter that hides what is stored is refused" letter -c several.xml 1001 -o held.pdf
config '<template href="short.xml"/>'
made_by short "a short letter in the year" 1001
fails 1 "a short letter is no answer to a request" "a short letter is no answer to a request" letter -c several.xml 1001 --mode request -o held.pdf

config '<template href="other.xml" when="nosuch = "/>'
fails 2 "several.xml:15:3: when fails at its character" "a condition with a fault" letter -c several.xml 1001 -o held.pdf
config '<template href="other.xml" when="t:date(@date) = 1"/>'
fails 2 "when uses t:date" "a function of templates in a condition" letter -c several.xml 1001 -o held.pdf
config '<template href="other.xml"/><template href="few.xml"/>'
fails 2 "has no conditions, so this one is never taken" "a template behind one without conditions" letter -c several.xml 1001 -o held.pdf
config '<template href="other.xml" mode="weekly"/>'
fails 2 "mode" "a mode that does not exist" letter -c several.xml 1001 -o held.pdf
config '<template href="missing.xml" mode="request"/><template href="other.xml"/>'
fails 2 "missing.xml" "a template that is not there is found, needed or not" letter -c several.xml 1001 -o held.pdf
template other 'texts="de.xml"'
edit other.xml '<body/>' '<body><p><t:text key="hello"/></p></body>'
echo '<t:texts xmlns:t="urn:datenbrief:template:1"><t:text key="hallo">Hallo</t:text></t:texts>' >de.xml
config '<template href="other.xml" mode="request"/><template href="few.xml"/>'
fails 2 "other.xml:2:88: there is no text 'hello' in de.xml; did you mean hallo?" "a text missing in one language is found, needed or not" \
	letter -c several.xml 1001 -o held.pdf
done_testing
