# SPDX-License-Identifier: MIT
# Sourced by the tests of datenbrief init.
data=${DATENBRIEF_DATA:-$src/../shared/data}
case $data in /*) ;; *) data="$top/$data" ;; esac

# Decides every TODO of the drafts here, as a person would, and then asks what is left. $1: what the names of the tests begin with.
no_todo_is_left() {
	run check -c datenbrief.xml --json
	python3 -c 'import json, sys
f = json.load(open("stdout"))["findings"]
sys.exit(not any(x["rule"] == "todo" for x in f) or any(x["rule"] in ("coverage", "source", "path") and x["severity"] != "info" for x in f))'
	ok "${1:-}check names the TODOs, and nothing of the schema is left out unsaid"
	mkdir -p decided
	python3 - <<'PY'
import re
for name in ("datenbrief.xml", "register.xml"):
    s = open(name, encoding="utf-8").read()
    s = re.sub(r"<!-- TODO.*?-->\s*", "", s, flags=re.S)
    s = re.sub(r"TODO: [^<\"']*", "Entschieden", s)
    s = re.sub(r'url="sqlite:([^/])', r'url="sqlite:../\1', s)
    open("decided/" + name, "w", encoding="utf-8").write(s)
PY
	run check -c decided/datenbrief.xml --json
	is "$(python3 -c 'import json
for f in json.load(open("stdout"))["findings"]:
    if f["rule"] in ("coverage", "todo", "source", "path") and f["severity"] != "info": print(f["rule"], f["text"][:100])')" "" "${1:-}once they are decided, nothing of the kind is left"
}
