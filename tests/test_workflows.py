"""The workflows of the record template, run step by step as a forge runs them: on the merge of a pull request, on main, for a comment."""

import json
import os
import re
import shutil
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import yaml

from test_mail import Record, program  # noqa: F401

TEMPLATE = Path(__file__).parents[1] / "record-template"
CHAIRS = '\n[[approval]]\nact = "send"\nfrom = "working-group"\nany-of = [{ role = "chair", at = "group" }]\n'
ADA = ("Ada Example", "ada@networks.example")


class Forge:
    """A remote with a record in which the template's workflows lie, and clones of it as runners make them."""

    def __init__(self, program, folder):  # noqa: F811
        self.folder = folder
        self.record = Record(program, folder)
        shutil.copytree(TEMPLATE / ".github", self.record.folder / ".github")
        shutil.copy(TEMPLATE / ".gitlab-ci.yml", self.record.folder)
        self.record.commit("Guard the record")
        self.remote = folder / "remote.git"
        self.git(folder, "clone", "--quiet", "--bare", str(self.record.folder), str(self.remote))
        programs = folder / "programs"
        programs.mkdir()
        os.symlink(program, programs / "liaison")
        self.environment = dict(self.record.environment, PATH=f"{programs}:{os.environ['PATH']}")

    def git(self, folder, *words):
        ran = subprocess.run(["git", *words], cwd=folder, env=self.record.environment, check=True, capture_output=True)
        return ran.stdout.decode().strip()

    def push(self, branch, remote=None):
        """Pushes what is here; the record itself has no remote, so that its commands stay here."""
        self.record.git("add", ".")
        self.record.git("commit", "--quiet", "--allow-empty", "-m", "Change")
        self.record.git("push", "--quiet", str(remote or self.remote), f"HEAD:refs/heads/{branch}")

    def back_to_main(self):
        self.record.git("fetch", "--quiet", str(self.remote), "main")
        self.record.git("checkout", "--quiet", "-B", "main", "FETCH_HEAD")

    def pull_request(self, head, remote=None):
        """A runner's clone on the merge of a branch into main; and the head's and the base's commits."""
        runner = self.folder / f"runner-{len(list(self.folder.glob('runner-*')))}"
        self.git(self.folder, "clone", "--quiet", str(self.remote), str(runner))
        base = self.git(runner, "rev-parse", "origin/main")
        self.git(runner, "fetch", "--quiet", str(remote or self.remote), f"refs/heads/{head}:refs/remotes/pull/1/head")
        self.git(self.remote, "fetch", "--quiet", str(remote or self.remote), f"refs/heads/{head}:refs/pull/1/head")
        commit = self.git(runner, "rev-parse", "refs/remotes/pull/1/head")
        self.git(runner, "checkout", "--quiet", "--detach", "origin/main")
        identity = ["-c", "user.name=forge", "-c", "user.email=forge@forge.example"]
        self.git(runner, *identity, "merge", "--quiet", "--no-ff", "-m", "Merge the pull request", commit)
        return runner, commit, base


@pytest.fixture
def forge(program, tmp_path):  # noqa: F811
    return Forge(program, tmp_path)


def workflow(name):
    return yaml.safe_load((TEMPLATE / ".github" / "workflows" / name).read_text())


class Job:
    """A job of a GitHub workflow, and what its expressions mean in this run."""

    def __init__(self, forge, folder, file, name, expressions):
        self.forge, self.folder, self.expressions = forge, folder, expressions
        self.whole = workflow(file)
        self.job = self.whole["jobs"][name]
        self.summary, self.output = forge.folder / "summary.md", forge.folder / "output"
        self.outputs = {}
        self.log = ""
        for file in (self.summary, self.output):
            file.write_text("")

    def value(self, text):
        return re.sub(r"\$\{\{ (.*?) \}\}", lambda found: self.expressions[found[1]], str(text))

    def run(self):
        """Runs the steps as the runner does; tells whether all were good."""
        assert self.whole["permissions"] == {}, "a job says what it needs"
        good = True
        for step in self.job["steps"]:
            if "uses" in step:
                assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", step["uses"]), "actions are pinned"
                if step["uses"].startswith("actions/checkout@"):
                    assert step["with"] == {"fetch-depth": 0, "persist-credentials": False}
                continue
            wanted = step.get("if", "success()")
            if wanted == "success()" and not good or not (wanted.startswith("success()") or self.expressions[wanted]):
                continue
            good = self.step(step) and good
        return good

    def step(self, step):
        environment = dict(self.forge.environment, GITHUB_STEP_SUMMARY=str(self.summary), GITHUB_OUTPUT=str(self.output))
        environment |= {"GITHUB_REPOSITORY": "them/record", "GITHUB_API_URL": self.expressions.get("api", "")}
        environment |= {"LIAISON_NOW": "2026-11-25T12:00:00Z"}
        for part in (self.whole, self.job, step):
            environment |= {key: self.value(text) for key, text in part.get("env", {}).items()}
        script = self.forge.folder / "step.sh"
        script.write_text(step["run"])
        ran = subprocess.run(["bash", "-e", str(script)], cwd=self.folder, env=environment, capture_output=True, stdin=subprocess.DEVNULL)
        self.log += ran.stdout.decode() + ran.stderr.decode()
        for line in self.output.read_text().splitlines():
            name, value = line.split("=", 1)
            self.outputs[name] = value
        return ran.returncode == 0


def reviewed(forge, head, remote=None):
    runner, _, base = forge.pull_request(head, remote)
    expression = "github.event.pull_request.base.sha || github.event.merge_group.base_sha"
    job = Job(forge, runner, "liaison.yml", "review", {expression: base})
    return job, job.run()


def test_a_good_pull_request_passes(forge):
    letter = forge.record.new()
    forge.record.run("approve", letter, person=ADA)
    forge.push("work")
    job, good = reviewed(forge, "work")
    assert good and "nothing is in the way" in job.summary.read_text(), job.log


def test_one_that_only_waits_for_approval_passes_and_says_who_is_awaited(forge):
    forge.record.new()
    forge.push("work")
    job, good = reviewed(forge, "work")
    told = job.summary.read_text()
    assert good and "1 letter waits for people" in told and "Ada Example" in told, job.log


def test_one_with_violations_fails_with_annotations_on_its_lines(forge):
    letter = forge.record.new()
    path = forge.record.folder / "drafts" / f"{letter}.yaml"
    text = path.read_text()
    line = next(number for number, line in enumerate(text.splitlines(), 1) if line.startswith("purpose:"))
    path.write_text(text.replace("for-action", "for-everybody"))
    forge.push("work")
    # Meanwhile main goes on: the annotation is on the line of the merge.
    forge.back_to_main()
    (forge.record.folder / "drafts").mkdir(exist_ok=True)
    (forge.record.folder / "drafts" / "README.md").write_text("Drafts\n")
    forge.push("main")
    job, good = reviewed(forge, "work")
    assert not good
    assert re.search(rf"^::error title=purpose-unknown,file=drafts/{letter}.yaml,line={line},", job.log, re.MULTILINE), job.log
    assert "in the way" in job.summary.read_text()


def test_one_that_weakens_the_policy_it_needs_fails(forge):
    letter = forge.record.new()
    settings = forge.record.folder / "liaison.toml"
    settings.write_text(settings.read_text() + CHAIRS)
    forge.record.commit("Let chairs approve")
    forge.record.run("approve", letter)
    forge.push("work")
    job, good = reviewed(forge, "work")
    assert not good and "This branch changes who may do what" in job.summary.read_text(), job.log
    assert "approval-without-authority" in job.summary.read_text()


def test_one_from_a_fork_is_judged_alike(forge):
    fork = forge.folder / "fork.git"
    forge.git(forge.folder, "clone", "--quiet", "--bare", str(forge.remote), str(fork))
    forge.record.new()
    forge.push("main", fork)
    job, good = reviewed(forge, "main", fork)
    assert good and "1 letter waits for people" in job.summary.read_text(), job.log


def test_main_is_checked_and_audited(forge):
    letter = forge.record.new()
    forge.push("main")
    runner = forge.folder / "main"
    forge.git(forge.folder, "clone", "--quiet", str(forge.remote), str(runner))
    root = forge.git(runner, "rev-list", "--max-parents=0", "HEAD")
    nightly = "github.event_name == 'schedule' && '--no-cache' || ''"
    for more in ("", "--no-cache"):
        job = Job(forge, runner, "liaison.yml", "main", {"vars.LIAISON_ROOT": root, nightly: more})
        assert job.run(), job.log
    assert letter
    # Somebody lays a letter there that nobody sent: both commands fail the job.
    forge.back_to_main()
    forged = forge.record.folder / "statements" / "2026"
    forged.mkdir(parents=True)
    shutil.copy(forge.record.folder / "drafts" / f"{letter}.yaml", forged / "ls-2026-999.yaml")
    forge.push("main")
    forge.git(runner, "pull", "--quiet")
    job = Job(forge, runner, "liaison.yml", "main", {"vars.LIAISON_ROOT": root, nightly: ""})
    assert not job.run() and "receipt-missing" in job.log, job.log


class Api(BaseHTTPRequestHandler):
    """The few addresses of a forge that the comment is written with."""

    comments, pulls, asked = [], [], []

    def answer(self, value, status=200):
        body = json.dumps(value).encode()
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def do_GET(self):
        self.answer(self.pulls if self.path.endswith("/pulls") else self.comments)

    def write(self):
        body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        assert self.headers["Authorization"] == "Bearer of-the-job"
        self.asked.append((self.command, self.path))
        return body["body"]

    def do_POST(self):
        self.comments.append({"id": 7, "user": {"type": "Bot"}, "body": self.write()})
        self.answer({}, 201)

    def do_PATCH(self):
        self.comments[0]["body"] = self.write()
        self.answer({})

    def log_message(self, *_):
        pass


@pytest.fixture
def api():
    Api.comments, Api.pulls, Api.asked = [{"id": 1, "user": {"type": "User"}, "body": "<!-- liaison review --> mine"}], [], []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


def test_the_review_becomes_one_comment_and_nothing_of_the_branch_runs(forge, api):
    forge.record.new()
    # What a runner must not take for its own.
    for name in ("liaison", "curl", "jq", "git"):
        path = forge.record.folder / name
        path.write_text(f"#!/bin/sh\ntouch '{forge.folder}/ran'\n")
        path.chmod(0o755)
    forge.push("work")
    _, head, base = forge.pull_request("work")
    for count in (1, 2):
        runner = forge.folder / f"trusted-{count}"
        forge.git(forge.folder, "clone", "--quiet", str(forge.remote), str(runner))
        Api.pulls = [{"number": 1, "state": "open", "head": {"sha": head}, "base": {"sha": base}}]
        expressions = {"github.event.workflow_run.head_sha": head, "github.token": "of-the-job", "api": api}
        expressions |= {"steps.find.outputs.number": "1", "steps.find.outputs.base": base, "steps.find.outputs.number != ''": True}
        job = Job(forge, runner, "liaison-comment.yml", "review", expressions)
        assert job.job["permissions"] == {"contents": "read", "pull-requests": "read"}
        assert job.run(), job.log
        assert (job.outputs["number"], job.outputs["base"]) == ("1", base)
        # The job that may write has nothing but the text.
        empty = forge.folder / f"empty-{count}"
        empty.mkdir()
        shutil.copy(runner / "review.md", empty)
        job = Job(forge, empty, "liaison-comment.yml", "comment", expressions | {"needs.review.outputs.number": "1"})
        assert job.job["permissions"] == {"pull-requests": "write"}
        assert job.run(), job.log
    assert Api.asked == [("POST", "/repos/them/record/issues/1/comments"), ("PATCH", "/repos/them/record/issues/comments/7")]
    assert Api.comments[1]["body"].startswith("<!-- liaison review -->\n## Liaison review: nothing is wrong; 1 letter waits")
    assert not (forge.folder / "ran").exists()


def gitlab(forge, folder, job, more):
    """Runs a job of the GitLab pipeline as its runner does: line by line in one shell that stops at the first failure."""
    pipeline = yaml.safe_load((TEMPLATE / ".gitlab-ci.yml").read_text())
    variables = {key: value.replace("$CI_PROJECT_DIR", str(folder)) for key, value in pipeline["variables"].items()}
    lines = pipeline["default"]["before_script"] + pipeline[job]["script"]
    environment = forge.environment | variables | more | {"LIAISON_NOW": "2026-11-25T12:00:00Z"}
    script = "set -eo pipefail\n" + "\n".join(lines)
    ran = subprocess.run(["bash", "-c", script], cwd=folder, env=environment, capture_output=True, stdin=subprocess.DEVNULL)
    return ran.returncode, ran.stdout.decode() + ran.stderr.decode()


@pytest.mark.parametrize("kind", ["good", "violations", "waits", "weakens"])
def test_gitlabs_pipeline_judges_alike(forge, kind):
    letter = forge.record.new()
    path = forge.record.folder / "drafts" / f"{letter}.yaml"
    if kind == "good":
        forge.record.run("approve", letter, person=ADA)
    if kind == "violations":
        path.write_text(path.read_text().replace("for-action", "for-everybody"))
    if kind == "weakens":
        settings = forge.record.folder / "liaison.toml"
        settings.write_text(settings.read_text() + CHAIRS)
        forge.record.commit("Let chairs approve")
        forge.record.run("approve", letter)
    forge.push("work")
    runner, head, _ = forge.pull_request("work")
    forge.git(runner, "checkout", "--quiet", "--detach", head)
    more = {"CI_MERGE_REQUEST_TARGET_BRANCH_NAME": "main", "CI_PIPELINE_SOURCE": "merge_request_event"}
    checked, log = gitlab(forge, runner, "check", more)
    assert (checked == 0) == (kind != "violations"), log
    issues = json.loads((runner / "gl-code-quality-report.json").read_text())
    assert any(issue["severity"] == "major" for issue in issues) == (kind == "violations")
    assert "<testsuites" in (runner / "junit.xml").read_text()
    status, log = gitlab(forge, runner, "review", more)
    assert (status == 0) == (kind in ("good", "waits")), log
    assert (runner / "review.md").read_text() in log
    if kind == "good":
        main = forge.folder / "main"
        forge.git(forge.folder, "clone", "--quiet", str(forge.remote), str(main))
        root = forge.git(main, "rev-list", "--max-parents=0", "HEAD")
        status, log = gitlab(forge, main, "audit", {"CI_PIPELINE_SOURCE": "schedule", "LIAISON_ROOT": root})
        assert status == 0, log


PROJECT = TEMPLATE.parent
WORKFLOWS = sorted([*TEMPLATE.glob(".github/workflows/*.yml"), *PROJECT.glob(".github/workflows/*.yml")])
SCHEMAS = [("github-workflows", file) for file in WORKFLOWS]
SCHEMAS += [("gitlab-ci", TEMPLATE / ".gitlab-ci.yml"), ("github-actions", PROJECT / ".github/actions/install/action.yml")]


@pytest.mark.parametrize("schema, file", SCHEMAS, ids=lambda value: getattr(value, "name", value))
def test_the_forges_schemas_accept_the_workflows(schema, file):
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", str(file)]
    ran = subprocess.run(command, capture_output=True)
    assert ran.returncode == 0, ran.stdout.decode()


@pytest.mark.parametrize("file", [file for _, file in SCHEMAS], ids=lambda file: file.name)
def test_workflows_pin_what_they_use_and_install_this_version(file):
    text = file.read_text()
    for used in re.findall(r"uses: (\S+)", text.replace("#   - uses:", "")):
        assert re.fullmatch(r"[\w./-]+@[0-9a-f]{40}", used), f"{used} is not pinned"
    version = re.search(r'^version = "(.*)"$', (PROJECT / "Cargo.toml").read_text(), re.MULTILINE)[1]
    for installed in re.findall(r'(?:LIAISON_VERSION|default): "(\d.*)"', text):
        assert installed == version


def test_a_release_is_packed_and_summed_up(forge):
    """The steps of the release that need no forge: a package of the built program, and sums that a person checks."""
    steps = {step["name"]: step["run"] for job in yaml.safe_load((PROJECT / ".github/workflows/release.yml").read_text())["jobs"].values() for step in job["steps"] if "run" in step}
    folder = forge.folder / "release"
    target = folder / "target" / "x86_64-unknown-linux-musl" / "release"
    target.mkdir(parents=True)
    shutil.copy(forge.record.program, target / "liaison")
    for name in ("Cargo.toml", "README.md", "CHANGELOG.md", "LICENSE-MIT", "LICENSE-APACHE"):
        shutil.copy(PROJECT / name, folder)
    version = re.search(r'^version = "(.*)"$', (PROJECT / "Cargo.toml").read_text(), re.MULTILINE)[1]

    def run(name, tag):
        environment = forge.environment | {"TAG": tag, "TARGET": "x86_64-unknown-linux-musl"}
        return subprocess.run(["bash", "-eo", "pipefail", "-c", steps[name]], cwd=folder, env=environment, capture_output=True)

    assert run("Compare the tag with the version", "v9.9.9").returncode == 1
    for name in ("Compare the tag with the version", "Pack", "Sum up"):
        ran = run(name, f"v{version}")
        assert ran.returncode == 0, (name, ran)
    listed = subprocess.run(["tar", "-tzf", f"packed/liaison-{version}-x86_64-unknown-linux-musl.tar.gz"], cwd=folder, capture_output=True)
    assert f"liaison-{version}-x86_64-unknown-linux-musl/liaison\n" in listed.stdout.decode()
    assert (folder / "packed" / "SHA256SUMS").read_text().count("\n") == 1
