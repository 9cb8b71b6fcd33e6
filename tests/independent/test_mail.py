"""Python's email package reads every message the program makes: no defect, and exactly what the letter says."""

import email
import email.policy
import hashlib
import json
import os
import pathlib
import re
import subprocess

import pytest

ROOT = pathlib.Path(__file__).resolve().parents[2]
TITLE = "Réponse : chiffrement « ECH » – 日本語 und noch viel mehr Text, damit die Zeile lang genug wird, um gefaltet zu werden"
BODY = (
    "Dear colleagues,\n\n"
    + "x" * 1200
    + "\n.\n..\n.leading dot\nFrom here on\n  indented, naïve, 日本語\n\nNo consensus is claimed.\n"
)


@pytest.fixture(scope="module")
def record(tmp_path_factory):
    """A record of invented people, with a letter that is as awkward as letters are."""
    home = tmp_path_factory.mktemp("home")
    program = os.environ.get("LIAISON")
    assert program, "LIAISON names the built program; tests/all sets it"

    class Record:
        path = home / "record"

        def run(self, *args, code=0, folder=None):
            env = {
                "PATH": os.environ["PATH"],
                "HOME": str(home),
                "GIT_CONFIG_NOSYSTEM": "1",
                "LIAISON_NOW": "2026-11-24T12:00:00Z",
                "LIAISON_SEED": "mail",
            }
            done = subprocess.run([program, *args], cwd=folder or self.path, env=env, capture_output=True, stdin=subprocess.DEVNULL, check=False)
            assert done.returncode == code, done.stderr.decode()
            return done.stdout.decode()

    record = Record()
    (home / ".gitconfig").write_text("[user]\nname = Carla Sample\nemail = carla.sample@ietf.example\n", encoding="utf-8")
    record.run("init", "record", "--example", folder=home)
    files = {"profile.pdf": b"%PDF-1.4\n%\xe2\xe3\xcf\xd3\n1 0 obj<<>>endobj\n", "notes.txt": "Grüße\r\n.\r\nend".encode(), "page.html": b"<!DOCTYPE html><html><p>x</p></html>\n"}
    for name, data in files.items():
        (home / name).write_bytes(data)
    (home / "body.txt").write_text(BODY, encoding="utf-8")
    attach = [word for name in files for word in ("--attach", str(home / name))]
    record.run(
        "new", "--from", "tls", "--to", "3gpp-sa3", "--title", TITLE, "--purpose", "for-action", "--deadline", "2027-01-15",
        "--consensus", "none-claimed", "--document", "RFC 8446=proposed-standard", "--body", str(home / "body.txt"),
        "--to-contact", "Café, \"Équipe\" <equipe@3gpp.example>", "--slug", "awkward", "--as", "carla-sample", *attach,
    )
    record.run("edit", "awkward", "--unset", "to.send-to", "--as", "carla-sample")
    record.run("preview", "awkward", "--eml", "../one")
    record.run("preview", "awkward", "--eml", "../two")
    record.files = files
    record.home = home
    return record


@pytest.fixture(scope="module")
def messages(record):
    """Every message: previews, and what lies in the outbox after the sending."""
    git = (record.home / ".gitconfig")
    git.write_text("[user]\nname = Ada Example\nemail = ada@ietf.example\n", encoding="utf-8")
    ada = next(iter(re.findall(r'addresses = \["([^"]+)"', (record.path / "directory/people/ada-example.toml").read_text(encoding="utf-8"))))
    git.write_text(f"[user]\nname = Ada Example\nemail = {ada}\n", encoding="utf-8")
    record.run("approve", "awkward")
    record.run("send", "awkward")
    paths = sorted(record.home.glob("one/*.eml")) + sorted(record.path.glob("outbox/new/*.eml"))
    assert len(paths) >= 4
    return {str(path): path.read_bytes() for path in paths}


def parts(message):
    return {part.get_filename(): part.get_payload(decode=True) for part in message.walk() if part.get_filename()}


def test_no_message_has_a_defect(messages):
    for name, data in messages.items():
        message = email.message_from_bytes(data, policy=email.policy.default)
        for part in message.walk():
            assert not part.defects, (name, part.defects)
            for header, value in part.items():
                assert not value.defects, (name, header, value.defects)


def test_the_wire_form_is_ascii_with_short_lines(messages):
    for name, data in messages.items():
        assert all(byte < 128 for byte in data), name
        assert b"\n" not in data.replace(b"\r\n", b""), f"{name}: a bare LF"
        assert b"\r" not in data.replace(b"\r\n", b""), f"{name}: a bare CR"
        assert max(len(line) for line in data.split(b"\r\n")) <= 998, name


def test_two_renderings_are_equal_bytes(record):
    for name in ("statement.eml", "announcement.eml"):
        assert (record.home / "one" / name).read_bytes() == (record.home / "two" / name).read_bytes()


def test_addresses_subject_and_text_are_those_of_the_letter(record, messages):
    shown = json.loads(record.run("show", "awkward", "--format", "json"))
    statement = [data for name, data in messages.items() if re.search(r"outbox/new/ls-\d+-\d+\.eml$", name)][-1]
    message = email.message_from_bytes(statement, policy=email.policy.default)
    assert message["Subject"] == TITLE == shown["title"]
    assert message["Cc"] is None
    written = sorted(contact.rsplit("<", 1)[1].rstrip(">") for contact in shown["to"]["contacts"])
    assert sorted(address.addr_spec for address in message["To"].addresses) == written
    names = {address.display_name for address in message["To"].addresses}
    assert 'Café, "Équipe"' in names
    text = message.get_body(("plain",)).get_content().replace("\r\n", "\n")
    assert text.startswith("Title: ")
    assert text.endswith(BODY.strip("\n") + "\n") or BODY.strip("\n") in text
    assert message["Message-ID"] == f"<{shown['id']}@liaison.ietf.example>"
    assert message["Liaison-ID"] == shown["id"]


def test_attachments_are_the_files_and_the_last_part_knows_their_hashes(record, messages):
    statement = [data for name, data in messages.items() if re.search(r"outbox/new/ls-\d+-\d+\.eml$", name)][-1]
    message = email.message_from_bytes(statement, policy=email.policy.default)
    found = parts(message)
    assert list(found)[-1] == "liaison.json"
    for name, data in record.files.items():
        assert found[name] == data, name
    metadata = json.loads(found["liaison.json"])
    hashes = {attachment["file"]: attachment["sha256"] for attachment in metadata["attachments"]}
    assert hashes == {name: "sha256:" + hashlib.sha256(data).hexdigest() for name, data in record.files.items()}


@pytest.mark.parametrize("title", ["a\nBcc: x@y.example", "a\r\nX-Evil: 1", "a\u2028b", "a\x1b[31mb"])
def test_what_would_end_a_header_is_refused(record, title):
    before = sorted(path.name for path in (record.path / "drafts").iterdir())
    record.run("new", "--from", "tls", "--to", "w3c", "--title", title, "--purpose", "for-information", "--as", "carla-sample", code=2)
    assert sorted(path.name for path in (record.path / "drafts").iterdir()) == before
