"""The second reader against the vectors and records of fixtures. Run it with `pytest tests/independent`."""

import json
import re
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import liaison_reader as reader

FIXTURES = Path(__file__).parents[2] / "fixtures"
VECTORS = FIXTURES / "digest"
REAL = FIXTURES / "real-record"
CONTACTS = FIXTURES / "contacts"
RECORD = "7c9e6679-7425-40de-944b-e07fc1f90ae7"
READER = Path(__file__).with_name("liaison_reader.py")

LETTERS = {
    "v1": "1136cef1e5a17805e334e43ee9d50fa1b1d11ba0d6b3eac5d9752f2feb908174",
    "v1-same": "1136cef1e5a17805e334e43ee9d50fa1b1d11ba0d6b3eac5d9752f2feb908174",
    "v2": "9cdbc28d92a1fc0e70fd781f7edc56a1840fc8db1c42db922c9294359e1cd9b6",
    "v3": "ba6fe6b28c57118e72f8c91dbc223fd93d776cba0c643086d6222e2029938ae7",
    "title-nfc": "ab29bbe36964caf5",
    "title-nfd": "95153899a2141505",
}
ACTS = {
    "act": ("ech-5g-core", "c47fbef884388aa2a0b51eedd58d41f4b99be518c544c64195860c760cb1a1f9"),
    "asserted": ("ech-5g-core", "362c0832cb6df93483b475b198a02263cc34331ef9c4cf5af23b76b840b09551"),
    "revoke": ("ech-5g-core", "004249ed464283bd563d981911cddea9e1bd3eea80ce01588a915373004fc8fa"),
    "details": ("ls-2026-031", ""),
}


def vector(name):
    return (VECTORS / name).read_bytes()


@pytest.mark.parametrize("name, sha256", LETTERS.items())
def test_a_letter_has_its_content_text_and_digest(name, sha256):
    text = reader.content_text(vector(f"{name}.yaml"))
    assert text == vector(f"{name}.txt")
    assert reader.hexdigest(text).startswith(sha256)


@pytest.mark.parametrize("change", json.loads(vector("changes.json")), ids=lambda change: change["name"])
def test_a_change_of_v1_changes_one_field(change):
    before = vector("v1.yaml").decode()
    assert before.count(change["find"]) == 1
    after = before.replace(change["find"], change["replace"]).encode()
    assert reader.hexdigest(reader.content_text(after))[:16] == change["digest16"]
    hints = [dict(hint.split("=") for hint in reader.content_fields(raw).split()) for raw in (before.encode(), after)]
    changed = [field for field in hints[0] | hints[1] if hints[0].get(field) != hints[1].get(field)]
    assert changed == ([change["field"]] if change["field"] else [])


@pytest.mark.parametrize("name, subject, act_id", [(name, *row) for name, row in ACTS.items()])
def test_an_act_has_its_text_and_id(name, subject, act_id):
    text = reader.act_text(RECORD, subject, vector(f"{name}.yaml"))
    assert text == vector(f"{name}.txt")
    assert reader.hexdigest(text).startswith(act_id)


def test_details_are_hashed_as_lines():
    details = reader.digest(vector("details-hashed.txt"))
    assert f"details: {details}\n".encode() in vector("details.txt")


def test_hints_of_the_approval_are_those_of_the_letter():
    assert reader.load(vector("act.yaml"))["fields"] == reader.content_fields(vector("v1.yaml"))


def test_the_signature_in_the_act_is_the_one_beside_it():
    assert reader.load(vector("act.yaml"))["signature"].encode() == vector("act.sig")


@pytest.mark.skipif(not shutil.which("ssh-keygen"), reason="no ssh-keygen")
def test_the_signature_verifies():
    verify = [
        *("ssh-keygen", "-Y", "verify", "-f", VECTORS / "allowed_signers", "-I", "ada-example"),
        *("-n", f"liaison-act@{RECORD}", "-s", VECTORS / "act.sig", "-Overify-time=20261124100000Z"),
    ]
    text = reader.act_text(RECORD, "ech-5g-core", vector("act.yaml"))
    assert subprocess.run(verify, input=text, capture_output=True).returncode == 0
    stale = text.replace(b"for: tls\n", b"for: quic\n")
    assert subprocess.run(verify, input=stale, capture_output=True).returncode != 0


@pytest.mark.parametrize("path", sorted((VECTORS / "refused").glob("*.yaml")), ids=lambda path: path.stem)
def test_what_is_no_letter_is_refused(path):
    with pytest.raises(reader.Refused):
        reader.content_text(path.read_bytes())


def test_close_neighbours_of_what_is_refused_are_letters():
    for neighbour in [
        b'title: "\\n A letter \\t"\n',
        b"title: '&t *t !!str'\n",
        b"to: {contacts: [SA3 Chair <sa3@3gpp.example>, sa3@3gpp.example]}\n",
        b"deadline: 2024-02-29\n",
        b"---\ntitle: A letter\n...\n",
        b"body: |\n  a\tb\n",
    ]:
        reader.content_text(neighbour)


@pytest.mark.parametrize(
    "broken",
    [
        b"reason: no key of an approval\n",
        b"at: 2026-11-24T25:00:00Z\n",
        b"evidence: a b\n",
        b"at: 2026-11-24 10:00:00\n",
    ],
)
def test_what_is_no_act_is_refused(broken):
    lines = vector("revoke.yaml").splitlines(keepends=True)
    key = broken.partition(b":")[0] + b":"
    raw = b"".join(each for each in lines if not each.startswith(key)) + broken
    with pytest.raises(reader.Refused):
        reader.act_text(RECORD, "ech-5g-core", raw)


def test_the_command_line():
    def run(*arguments):
        command = [sys.executable, READER, *arguments]
        return subprocess.run(command, cwd=VECTORS, capture_output=True)

    assert run("content", "v2.yaml").stdout == vector("v2.txt")
    assert run("digest", "v3.yaml").stdout.decode().strip() == "sha256:" + LETTERS["v3"]
    assert run("act", RECORD, "ech-5g-core", "act.yaml").stdout == vector("act.txt")
    assert run("refuse", "refused/anchor.yaml", "refused/tag.yaml").returncode == 0
    assert run("refuse", "refused/anchor.yaml", "v1.yaml").returncode == 1
    assert run("digest", "refused/anchor.yaml").returncode == 1
    assert run("digest", "nowhere.yaml").returncode == 2


# The records


def directory(record, folder):
    return {path.stem: tomllib.loads(path.read_text()) for path in (record / "directory" / folder).glob("*.toml")}


def dated(value):
    return [each["value"] for each in value] if isinstance(value, list) else [value] if value else []


@pytest.mark.parametrize("record", [REAL, CONTACTS / "record"], ids=lambda path: path.name)
def test_every_parent_and_person_of_a_directory_exists(record):
    groups, people = directory(record, "groups"), directory(record, "people")
    assert groups["ietf"]["kind"] == tomllib.loads((record / "liaison.toml").read_text())["record"]["organization"]
    for group in groups.values():
        assert set(dated(group.get("parent"))) <= groups.keys()
        assert {term["person"] for term in group.get("role", [])} <= people.keys()
    assert {term["person"] for group in groups.values() for term in group.get("role", [])} == people.keys()


def test_the_people_of_the_contact_cases_are_in_the_directory():
    cases = json.loads((CONTACTS / "cases.json").read_text())["cases"]
    groups, people = directory(CONTACTS / "record", "groups"), directory(CONTACTS / "record", "people")
    named = [group for case in cases for key in ("from_groups", "to_groups") for group in case.get(key, [])]
    named += [case["group"] for case in cases if "group" in case]
    for group in named + [group["parent"] for group in named if group["parent"]]:
        holders = [people[term["person"]] for term in groups[group["acronym"]].get("role", [])]
        found = [(each["name"], each["addresses"]) for each in holders]
        assert found == [(role["person_name"], [role["email"]]) for role in group["roles"]]


REAL_LETTERS = sorted((REAL / "statements").glob("*/ls-*.yaml"))


def test_the_real_letters_are_numbered_in_the_order_of_their_dates():
    assert len(REAL_LETTERS) == 25
    dates = {}
    for path in REAL_LETTERS:
        assert path.stem.startswith(f"ls-{path.parent.name}-")
        acts = [reader.load(act.read_bytes()) for act in path.with_suffix("").glob("acts/*.yaml")]
        day = reader.load(path.read_bytes()).get("date") or next((act["date"] for act in acts if "date" in act), "9999")
        dates.setdefault(path.parent.name, []).append(day)
    for year, days in dates.items():
        assert days == sorted(days)
        assert {day[:4] for day in days} <= {year, "9999"}


@pytest.mark.parametrize("path", REAL_LETTERS, ids=lambda path: path.stem)
def test_a_real_letter_agrees_with_its_folder(path):
    letter, content = reader.load(path.read_bytes()), reader.digest(reader.content_text(path.read_bytes()))
    folder = path.with_suffix("")
    record = tomllib.loads((REAL / "liaison.toml").read_text())["record"]["id"]

    acts = {act.name: reader.load(act.read_bytes()) for act in sorted(folder.glob("acts/*.yaml"))}
    for name, act in acts.items():
        reader.act_text(record, path.stem, (folder / "acts" / name).read_bytes())
        assert name == f"{re.sub('[-:]', '', act['at'])}-{act['act']}-{act['by']}.yaml"
        assert act["content"] == content
    first = next(iter(acts.values()))
    assert (first["act"], first["via"]) == ("sent" if letter["direction"] == "outgoing" else "receive", "import")
    assert ("date" in letter) <= (letter["direction"] == "incoming")

    listed = {each["file"]: each["sha256"] for each in letter.get("attachments", []) if "file" in each}
    found = {each.name: reader.digest(each.read_bytes()) for each in folder.iterdir() if each.is_file()}
    assert listed == found

    known = directory(REAL, "groups").keys() | {"ICANN Board of Directors", "IAB ad hoc T-MPLS committee"}
    assert {group for side in ("from", "to") for group in letter.get(side, {}).get("groups", [])} <= known
    for link in letter.get("in-response-to", []):
        assert isinstance(link, dict) or link in {each.stem for each in REAL_LETTERS}
