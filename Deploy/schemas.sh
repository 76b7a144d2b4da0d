#!/usr/bin/env bash
# Holds the JSON Schemas of `tutti schema` against files: those of Configs fit, and each of their keys misspelt does not;
# and files that `tutti validate` takes fit too. Needs a built program, and jsonschema and PyYAML, which it installs.
set -euo pipefail
cd "$(dirname "$0")/.."

python=$(Deploy/python.sh jsonschema pyyaml)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
for kind in model settings portfolio recalibration; do .build/release/tutti schema $kind >"$work/$kind.json"; done
"$python" - "$work" <<'PYTHON'
import copy, glob, json, sys
import jsonschema, yaml

class Loader(yaml.SafeLoader):
    """Dates stay the words that they are in the file."""

Loader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:timestamp"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}

def kind(document):
    for name in ("portfolio", "recalibration"):
        if name in document: return name
    return "model" if "tutti" in document else "settings"

def mappings(node, path=()):
    if isinstance(node, dict):
        yield path, node
        for key, value in node.items(): yield from mappings(value, path + (key,))
    if isinstance(node, list):
        for index, value in enumerate(node): yield from mappings(value, path + (index,))

def misspelt(document):
    """The document with one key misspelt, for each of its keys that is no name of the user's or of a parameter."""
    for path, mapping in mappings(document):
        if any(part in ("prior", "parameters", "aggregate", "projects") for part in path): continue
        for key in mapping:
            other = copy.deepcopy(document)
            place = other
            for part in path: place = place[part]
            place[key + "x"] = place.pop(key)
            yield "/".join(map(str, path + (key,))), other

schemas = {}
for name in ("model", "settings", "portfolio", "recalibration"):
    schema = json.load(open(f"{sys.argv[1]}/{name}.json"))
    jsonschema.Draft202012Validator.check_schema(schema)
    schemas[name] = jsonschema.Draft202012Validator(schema)
files = sorted(glob.glob("Configs/**/*.yaml", recursive=True)) + sorted(
    glob.glob("Tests/AcceptanceTests/Resources/**/*.yaml", recursive=True))
faults = slips = 0
for file in files:
    document = yaml.load(open(file), Loader)
    if not isinstance(document, dict) or kind(document) == "settings" and not {"coordinator", "worker"} & set(document):
        continue
    validator = schemas[kind(document)]
    for error in validator.iter_errors(document):
        print(f"{file}: {'/'.join(map(str, error.absolute_path))}: {error.message[:200]}")
        faults += 1
    for place, other in misspelt(document):
        slips += 1
        if validator.is_valid(other):
            print(f"{file}: '{place}' misspelt is taken")
            faults += 1
print(f"{len(files)} files, {slips} slips, {faults} faults")
sys.exit(1 if faults or slips < 100 else 0)
PYTHON
