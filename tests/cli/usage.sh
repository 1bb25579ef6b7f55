# SPDX-License-Identifier: MIT
# Usage: help, version, mistakes on the command line.
. "${srcdir:-.}/tests/cli/common.sh"
fixture

run --help
is "$code" 0 "--help succeeds"
grep -q '^  letter ' stdout && grep -q '^  run ' stdout && grep -q '^  render-letter ' stdout
ok "--help lists the commands"
for c in init letter run plan render merge verify status render-letter check item register; do
	run $c --help
	is "$code" 0 "$c --help succeeds"
	grep -q "^Usage: datenbrief $c" stdout && grep -q '^Examples:' stdout
	ok "$c --help shows usage and examples"
	is "$(awk 'length > 100' stdout)" "" "$c --help fits 100 columns"
done
run --version
is "$code" 0 "--version succeeds"
grep -q '^libdatenbrief [0-9]' stdout && grep -q '^libxml2 [0-9]' stdout && grep -q '^SQLite 3' stdout
ok "--version names the libraries, one a line"
is "$(grep -c , stdout)" 0 "--version has no list on one line"

fails 2 "try datenbrief --help" "no command"
fails 2 "did you mean 'letter'?" "mistyped command" leter
fails 2 "unknown command" "unknown command" frobnicate
fails 2 "did you mean '--stop-after'?" "mistyped option" letter -c datenbrief.xml 1001 --stop-afte model
fails 2 "unknown option '-x'" "unknown short option" letter -x
fails 2 "--config needs a value" "option without its value" letter 1001 -c
fails 2 "-c CONFIG is missing" "no configuration" letter 1001
fails 2 "ID is missing" "no identifier" letter -c datenbrief.xml
fails 2 "too many arguments" "two identifiers" letter -c datenbrief.xml 1001 1002
fails 2 "--stop-after takes model|letter|layout|pdf" "unknown stage" letter -c datenbrief.xml 1001 --stop-after=html
fails 2 "whole number" "limit is no number" run -c datenbrief.xml -o out --limit 1x
fails 2 "whole number" "limit is zero" run -c datenbrief.xml -o out --limit 0
fails 2 "--form takes files|lots" "unknown form" run -c datenbrief.xml -o out --form pages
fails 2 "YYYY-MM-DD" "date is no day" letter -c datenbrief.xml 1001 --date 2026-02-30
fails 2 "datenbrief.xm" "configuration is not there" letter -c datenbrief.xm 1001
no_file out "a usage error makes no folder"
done_testing
