"""Every message that the program writes, read by Python's email package.

Needs the program's path in LIAISON; tests/all sets it.
"""

import hashlib
import json
import os
import random
import shutil
import subprocess
from email import message_from_bytes, policy
from email.header import decode_header, make_header
from email.utils import getaddresses
from mailbox import Maildir
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SETTINGS = (ROOT / "tests" / "rules-base.toml").read_text()
PDF = (ROOT / "src" / "cli" / "example" / "ech-profile.pdf").read_bytes()
NOISE = random.Random(4053).randbytes(50_000)

BODY = "Dear colleagues,\n\nwe look forward to your comments.\n\nKind regards\n"


@pytest.fixture(scope="session")
def program():
    path = os.environ.get("LIAISON")
    if not path:
        pytest.fail("LIAISON does not name the program; tests/all sets it", pytrace=False)
    assert Path(path).is_file(), f"LIAISON names {path}, which is no file"
    return path


class Record:
    """A record without a remote, in a folder of its own."""

    def __init__(self, program, folder):
        self.program, self.folder, self.minute = program, folder / "record", 0
        home = folder / "home"
        home.mkdir()
        config = home / ".gitconfig"
        config.write_text("[user]\n\tname = Carla Sample\n\temail = carla@crypto.example\n")
        self.environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "GIT_CONFIG_GLOBAL": str(config),
            "GIT_CONFIG_NOSYSTEM": "1",
            "LC_ALL": "C.UTF-8",
        }
        shutil.copytree(ROOT / "src" / "cli" / "example" / "directory", self.folder / "directory")
        for name in (".gitattributes", ".gitignore"):
            shutil.copy(ROOT / "record-template" / name, self.folder / name)
        (self.folder / "liaison.toml").write_text(SETTINGS)
        self.git("init", "--quiet", "--initial-branch=main")
        self.commit("Begin the record")

    def git(self, *words):
        dates = dict.fromkeys(("GIT_AUTHOR_DATE", "GIT_COMMITTER_DATE"), "2026-11-24T10:00:00Z")
        subprocess.run(["git", *words], cwd=self.folder, env=self.environment | dates, check=True, capture_output=True)

    def commit(self, message):
        self.git("add", ".")
        self.git("commit", "--quiet", "-m", message)

    def try_run(self, *words, person=None):
        self.minute += 1
        environment = dict(self.environment, LIAISON_NOW=f"2026-11-24T{10 + self.minute // 60}:{self.minute % 60:02}:00Z")
        if person:
            name, address = person
            for role in ("AUTHOR", "COMMITTER"):
                environment |= {f"GIT_{role}_NAME": name, f"GIT_{role}_EMAIL": address}
        return subprocess.run([self.program, *words], cwd=self.folder, env=environment, capture_output=True, stdin=subprocess.DEVNULL)

    def run(self, *words, person=None):
        ran = self.try_run(*words, person=person)
        assert ran.returncode == 0, f"{words}: {ran.stderr.decode()}"
        return ran.stdout.decode()

    def refuses(self, *words):
        before = self.files()
        ran = self.try_run(*words)
        assert ran.returncode in (1, 2), f"{words}: {ran.stdout.decode()}"
        assert b"panicked" not in ran.stderr
        assert self.files() == before, f"{words} wrote something"
        return ran.stderr.decode()

    def files(self):
        paths = (path for path in self.folder.rglob("*") if path.is_file() and ".git" not in path.parts)
        return {str(path.relative_to(self.folder)): path.read_bytes() for path in paths}

    def new(self, title="Use of ECH in 5G core networks", body=BODY, attachments=(), more=(), to="3gpp-sa3"):
        beside = self.folder.parent / "given"
        beside.mkdir(exist_ok=True)
        (beside / "body.txt").write_bytes(body.encode())
        words = ["new", "--from", "tls", "--to", to, "--title", title, "--body", str(beside / "body.txt")]
        words += ["--purpose", "for-action", "--deadline", "2027-01-15", "--consensus", "none-claimed", "--slug", "the-letter"]
        for name, content in attachments:
            (beside / name).write_bytes(content)
            words += ["--attach", str(beside / name)]
        return self.run(*words, *more).strip()

    def shown(self, letter):
        return json.loads(self.run("show", letter, "--format", "json"))

    def preview(self, letter, folder="look"):
        self.run("preview", letter, "--eml", str(self.folder.parent / folder))
        return [(self.folder.parent / folder / name).read_bytes() for name in ("statement.eml", "announcement.eml")]

    def send(self, letter):
        self.run("approve", letter, person=("Ada Example", "ada@networks.example"))
        number = self.run("send", letter).strip()
        names = (f"{number}.eml", f"{number}.announcement.eml")
        return number, [(self.folder / "outbox" / "new" / name).read_bytes() for name in names]


@pytest.fixture
def record(program, tmp_path):
    return Record(program, tmp_path)


def read(raw):
    """A message without any defect, on the wire as in its parts and headers."""
    assert raw.isascii()
    assert b"\n" not in raw.replace(b"\r\n", b"") and b"\r" not in raw.replace(b"\r\n", b"")
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    message = message_from_bytes(raw, policy=policy.default)
    for part in message.walk():
        assert part.defects == [], part.get_content_type()
        for name, value in part.items():
            assert value.defects == (), f"{name}: {value!r} {value.defects}"
    names = [name.lower() for name in message.keys()]
    assert len(names) == len(set(names)), f"a header stands twice: {names}"
    expected = {"from", "to", "subject", "date", "message-id", "mime-version", "content-type"}
    allowed = expected | {"reply-to", "in-reply-to", "references", "liaison-id", "content-transfer-encoding"}
    allowed |= {"auto-submitted", "x-auto-response-suppress"}
    assert expected <= set(names) <= allowed, names
    return message


def pair(contact):
    """A contact of `show` as name and address."""
    name, _, address = contact.rpartition("<")
    return name.strip(), address.rstrip(">")


def pairs(message, name):
    """Names and addresses of a header.

    The parser of policy.default keeps the blanks between the encoded words of a name, against RFC 2047; the older functions
    do not.
    """
    raw = next(value for key, value in message.raw_items() if key == name)
    read = getaddresses([raw.replace("\r\n", "").replace("\n", "")])
    assert [address for _, address in read] == [address.addr_spec for address in message[name].addresses]
    return [(str(make_header(decode_header(display))), address) for display, address in read]


def text_of(message):
    part = message.get_body(("plain",))
    return part.get_content().replace("\r\n", "\n")


def attachments_of(message):
    return [(part.get_filename(), part.get_payload(decode=True)) for part in message.iter_attachments()]


def agrees(record, letter, raw, number="ls-0000-000"):
    """The statement says what `show` says; returns it."""
    message, shown = read(raw), record.shown(letter)
    to = [shown["to"]["send-to"]] if shown["to"]["send-to"] else shown["to"]["contacts"]
    reply_to = [shown["from"]["send-reply-to"]] if shown["from"]["send-reply-to"] else shown["from"]["contacts"]
    assert message["Subject"] == shown["title"]
    assert pairs(message, "To") == [pair(contact) for contact in to]
    assert pairs(message, "Reply-To") == [pair(contact) for contact in reply_to]
    assert pairs(message, "From") == [("Liaison Statements", "statements@ietf.example")]
    assert message["Liaison-ID"] == number
    assert message["Message-ID"] == f"<{number}@liaison.ietf.example>"
    assert text_of(message).rstrip("\n").endswith(shown["body"].rstrip("\n"))
    *files, (last, metadata) = attachments_of(message)
    assert last == "liaison.json"
    said = json.loads(metadata)
    assert said["id"] == number and said["title"] == shown["title"] and said.get("deadline") == shown["deadline"]
    assert said["from"]["contacts"] == shown["from"]["contacts"] and said["to"]["contacts"] == shown["to"]["contacts"]
    with_files = [attachment for attachment in shown["attachments"] if attachment["file"]]
    assert [name for name, _ in files] == [attachment["file"] for attachment in with_files]
    for (name, content), attachment, told in zip(files, with_files, said.get("attachments", [])):
        digest = "sha256:" + hashlib.sha256(content).hexdigest()
        assert digest == attachment["sha256"] == told["sha256"], name
        assert told["file"] == name
    return message


def test_a_plain_letter_from_preview_to_outbox(record):
    letter = record.new(attachments=[("profile.pdf", PDF)])
    first, second = record.preview(letter), record.preview(letter, "again")
    assert first == second, "two renderings are equal bytes"
    agrees(record, letter, first[0])
    announced = read(first[1])
    assert len(pairs(announced, "To")) > 3
    number, sent = record.send(letter)
    message = agrees(record, letter, sent[0], number)
    assert message["Date"].datetime.isoformat().startswith("2026-11-24T10:")
    kept = record.folder / "statements" / "2026" / number
    assert sent == [(kept / name).read_bytes() for name in ("sent-1.eml", "announcement-1.eml")]
    act = next(path.read_text() for path in kept.glob("acts/*-sending-*.yaml"))
    for raw in sent:
        assert hashlib.sha256(raw).hexdigest() in act, "the act names the bytes that leave"
    assert "attachment" not in act and "announcement-id" in act
    informed = pairs(read(sent[1]), "To")
    assert all(address in act for _, address in informed)
    assert pairs(announced, "To") == informed


def test_the_outbox_is_a_maildir_in_which_what_left_is_seen(record):
    number, sent = record.send(record.new())
    outbox = Maildir(record.folder / "outbox", create=False)
    assert sorted((message.get_subdir(), message.get_flags()) for message in outbox) == [("new", "")] * 2
    record.run("mark-sent", number, "--url", "https://archive.example/1")
    assert sorted((message.get_subdir(), message.get_flags()) for message in outbox) == [("cur", "S")] * 2
    assert {outbox.get_bytes(key) for key in outbox.keys()} == set(sent)


def test_two_records_render_equal_bytes(program, tmp_path):
    rendered = []
    for name in ("one", "two"):
        (tmp_path / name).mkdir()
        record = Record(program, tmp_path / name)
        letter = record.new(title="Réponse", attachments=[("profile.pdf", PDF), ("noise.bin", NOISE)])
        rendered.append(record.preview(letter))
    assert rendered[0] == rendered[1]


def test_only_the_three_open_values_differ_between_preview_and_sending(record):
    letter = record.new(attachments=[("profile.pdf", PDF)])
    preview = record.preview(letter)[0]
    number, (sent, _) = record.send(letter)
    before, after = read(preview), read(sent)
    open_values = {"Message-ID", "Date", "Liaison-ID", "Content-Type"}
    assert {name for name in before.keys() if before[name] != after[name]} <= open_values
    plain = text_of(after).replace(number, "ls-0000-000").replace("2026-11-24", "1970-01-01")
    assert plain == text_of(before)


TITLES = {
    "accents": "Réponse à la question sur l’en-tête « ECH »",
    "japanese": "５Ｇコアネットワークにおける暗号化された ClientHello の利用について",
    "arabic": "استخدام ClientHello المشفر في شبكات الجيل الخامس",
    "beyond-the-basic-plane": "Hello 👋🏽 from 𝔗𝔏𝔖",
    "long-words": "x" * 1_500,
    "long-text": " ".join(["a very long title"] * 60),
    "long-japanese": "暗号化" * 200,
    "one-accent-late": "a" * 300 + " é " + "b" * 300,
    "encoded-word": "=?utf-8?q?not_what_it_seems?=",
    "encoded-word-inside": "About =?utf-8?b?QmNjOiBldmls?= and more",
    "looks-like-a-header": "Subject: Bcc: evil@example.org",
    "quotes": "The \"5G\" core: 'a' \\ backslash, (comment), [brackets] <a@b.example>; and, more",
    "combining": "Cafe\u0301 of no single form",
    "equal-signs": "a=b=?=_c_ 50% =3D",
    "inner-spaces": "two  spaces   three",
}


@pytest.mark.parametrize("title", TITLES.values(), ids=TITLES.keys())
def test_titles(record, title):
    letter = record.new(title=title)
    assert record.shown(letter)["title"] == title
    message = agrees(record, letter, record.preview(letter)[0])
    assert message["Subject"] == title
    announced = read(record.preview(letter)[1])
    assert title in announced["Subject"]


NAMES = {
    "accents": "Président de la commission d’études",
    "comma": "Example, Ada",
    "quotes": "Ada \"the Director\" Example",
    "parentheses": "Ada Example (Security)",
    "backslash": "Ada \\ Example",
    "dot": "A. D. A. Example",
    "japanese": "５Ｇ議長",
    "encoded-word": "=?utf-8?q?Somebody_else?=",
    "colon": "Group: members;",
    "at-sign": "ada@elsewhere.example",
    "long": "Study Group 15 Working Party 3 Question 14 " * 12,
    "long-japanese": "議長" * 120,
}


@pytest.mark.parametrize("name", NAMES.values(), ids=NAMES.keys())
def test_names_in_addresses(record, name):
    letter = record.new(to="w3c")
    path = record.folder / "drafts" / f"{letter}.yaml"
    quoted = name.strip().replace("\\", "\\\\").replace('"', '\\"')
    yaml = path.read_text()
    contact = f'"{quoted}" <chair@w3c.example>'
    head, _, rest = yaml.partition("\nto:")
    path.write_text(f"{head}\nto:\n  groups: [w3c]\n  contacts: [{json.dumps(contact)}, other@w3c.example]\npurpose{rest.partition(chr(10) + 'purpose')[2]}")
    message = agrees(record, letter, record.preview(letter)[0])
    assert pairs(message, "To") == [(name.strip(), "chair@w3c.example"), ("", "other@w3c.example")]


BODIES = {
    "accents": "Chères et chers collègues,\n\nvoici notre réponse.\n",
    "long-line": "x" * 1_200 + "\n",
    "long-words": " ".join(["word"] * 400) + "\n",
    "long-japanese": "暗" * 1_200 + "\n",
    "dots": ".\n..\n...\n.hidden\n. \n.\n",
    "trailing-spaces": "a line with blanks   \nand a tab\t\nend\n",
    "leading-spaces": "    indented\n\tby a tab\n  1. a list\n     of two lines\n",
    "mbox": "From here on\nFrom: a@b.example\n>From there\n",
    "signs": "a=b\n=3D\n=\n= =\n==\n~~~\n----\n--liaison-\n--\n-- \nKind regards\n",
    "headers": "Subject: x\nBcc: evil@example.org\n\n\n\nmore\n",
    "emoji": "👋🏽 𝔗𝔏𝔖\n",
    "many-lines": "line\n" * 5_000,
    "non-breaking": "5\u00a0G and a soft\u00adhyphen\n",
}


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES.keys())
def test_bodies(record, body):
    letter = record.new(body=body)
    expected = "\n".join(line.rstrip(" \t") for line in body.split("\n")).strip("\n")
    assert record.shown(letter)["body"].rstrip("\n") == expected
    raw = record.preview(letter)
    message = agrees(record, letter, raw[0])
    assert text_of(message).rstrip("\n").endswith("\n" + expected)
    assert expected.split("\n")[0] in text_of(read(raw[1])), "the announcement has the text as well"


FILES = {
    "profile.pdf": PDF,
    "page.html": b"<!DOCTYPE html>\n<html><head><title>x</title></head><body><p>caf\xc3\xa9</p></body></html>\n",
    "text.txt": "Réponse\nligne 2\n".encode(),
    "dos.txt": b"one\r\ntwo\r\n",
    "mac.txt": b"one\rtwo\r",
    "no-end.txt": b"no line break at the end",
    "spaces.txt": b"trailing   \n\n\n.\n..\nFrom here\n",
    "long.txt": b"x" * 5_000 + b"\n",
    "latin.txt": b"R\xe9ponse\n",
    "noise.bin": NOISE,
    "zeros.bin": bytes(1_000),
    "archive.zip": b"PK\x03\x04\x14\x00" + NOISE[:2_000],
    "data.json": b'{"a": [1, 2, 3]}\n',
    "mail.eml": b"From: a@b.example\r\nTo: c@d.example\r\nSubject: inside\r\n\r\nA mail in a mail.\r\n",
    "table.csv": b"a,b\n1,2\n",
    "drawing.svg": b"<svg xmlns='http://www.w3.org/2000/svg'/>\n",
    "boundary.txt": b"--liaison-\r\n--liaison---\r\n\r\n",
}


@pytest.mark.parametrize("name", FILES)
def test_attachments_of_each_kind_keep_their_bytes(record, name):
    letter = record.new(attachments=[(name, FILES[name])])
    message = agrees(record, letter, record.preview(letter)[0])
    files = attachments_of(message)
    assert files[0] == (name, FILES[name])
    part = next(message.iter_attachments())
    assert part.get_content_disposition() == "attachment"
    assert part.get_content_maintype() in ("application", "text"), "nothing that a mail program would open by itself"


def test_all_attachments_together_leave_as_they_came(record):
    letter = record.new(attachments=list(FILES.items()))
    number, (sent, announced) = record.send(letter)
    message = agrees(record, letter, sent, number)
    assert dict(attachments_of(message)[:-1]) == FILES
    read(announced)


def test_names_of_files_become_plain(record):
    names = ["Übersicht (final).pdf", "a b;c.pdf", "..pdf", "naïve\u0301.pdf", "x" * 200 + ".pdf", "sent-1.eml", "liaison.json"]
    letter = record.new(attachments=[(name, PDF) for name in names])
    message = agrees(record, letter, record.preview(letter)[0])
    written = [name for name, _ in attachments_of(message)]
    assert len(written) == len(set(written)) == len(names) + 1, written
    assert all(name.isascii() and "/" not in name and not name.startswith(".") for name in written)
    assert not any(name.startswith("sent-") for name in written)


def test_a_reply_refers_to_the_message_it_answers(record):
    mail = record.folder.parent / "in.eml"
    mail.write_bytes(
        b"From: SA3 <sa3@3gpp.example>\r\nTo: tls@ietf.example\r\nSubject: Question\r\n"
        b"Message-ID: <question.1@3gpp.example>\r\nDate: Mon, 23 Nov 2026 09:00:00 +0000\r\n\r\nA question.\r\n"
    )
    number = record.run("receive", str(mail), "--from", "3gpp-sa3", "--to", "tls", "--purpose", "for-action", "--deadline", "2027-01-15").strip()
    body = record.folder.parent / "answer.txt"
    body.write_text("An answer.\n")
    letter = record.run("reply", number, "--body", str(body), "--consensus", "none-claimed").strip()
    message = read(record.preview(letter)[0])
    assert message["In-Reply-To"] == message["References"] == "<question.1@3gpp.example>"
    said = json.loads(attachments_of(message)[-1][1])
    assert said["in-response-to"][0]["message-id"] == "question.1@3gpp.example"


def test_what_was_sent_is_received_without_retyping(program, tmp_path):
    for name in ("ours", "theirs"):
        (tmp_path / name).mkdir()
    ours, theirs = Record(program, tmp_path / "ours"), Record(program, tmp_path / "theirs")
    settings = SETTINGS.replace('organization = "ietf"', 'organization = "3gpp"').replace("7c9e6679", "7c9e667a")
    (theirs.folder / "liaison.toml").write_text(settings)
    theirs.commit("Their own record")
    letter = ours.new(title="Réponse « ECH »", body=BODIES["accents"] + BODIES["dots"], attachments=list(FILES.items()))
    number, (sent, _) = ours.send(letter)
    mail = tmp_path / "sent.eml"
    mail.write_bytes(sent)
    received = theirs.run("receive", str(mail), person=("Rob Registrar", "rob@ietf.example")).strip()
    mine, other = ours.shown(number), theirs.shown(received)
    for key in ("title", "from", "to", "purpose", "deadline"):
        assert other[key] == mine[key], key
    assert mine["body"].rstrip("\n") in other["body"]
    assert {a["file"]: a["sha256"] for a in other["attachments"]} == {a["file"]: a["sha256"] for a in mine["attachments"]}
    assert (theirs.folder / "statements" / "2026" / received / "original.eml").read_bytes() == sent


EVIL = ["\nBcc: evil@example.org", "\r\nBcc: evil@example.org", "\r\n\r\nAnother body", "\x00", "\x1b[31m", "\u2028Bcc: x", "\u0085Bcc: x"]


@pytest.mark.parametrize("evil", EVIL, ids=[ascii(evil)[1:12] for evil in EVIL])
def test_text_that_would_end_a_header_is_refused(record, evil):
    if "\x00" not in evil:
        record.refuses("new", "--from", "tls", "--to", "3gpp-sa3", "--purpose", "for-action", "--title", f"Title{evil}x")
    letter = record.new(to="w3c")
    path = record.folder / "drafts" / f"{letter}.yaml"
    right = path.read_text()
    if "\x00" not in evil:
        record.refuses("edit", letter, "--set", f"title=Title{evil}x")
        record.refuses("edit", letter, "--set", f"to.contacts=[Chair{evil} <chair@w3c.example>]")
    title = record.shown(letter)["title"]
    for wrong in (
        right.replace(title, json.dumps(f"Title{evil}x"), 1),
        right.replace("to:\n", f"to:\n  send-to: {json.dumps(f'Chair{evil} <chair@w3c.example>')}\n", 1),
        right.replace("to:\n", f"to:\n  send-to: {json.dumps(f'<chair@w3c.example{evil}>')}\n", 1),
    ):
        assert wrong != right
        path.write_text(wrong)
        record.commit("Something evil")
        for words in (("preview", letter), ("approve", letter), ("send", letter)):
            record.refuses(*words)
        assert record.try_run("check").returncode == 1


@pytest.mark.parametrize("evil", EVIL, ids=[ascii(evil)[1:12] for evil in EVIL])
def test_names_of_the_directory_do_not_end_a_header_either(record, evil):
    letter = record.new()
    for name, old, new in (
        ("directory/groups/tls.toml", "TLS Working Group <tls@ietf.example>", f"TLS{evil} <tls@ietf.example>"),
        ("directory/groups/tls.toml", 'name = "Transport Layer Security"', None),
        ("directory/people/ada-example.toml", 'name = "Ada Example"', None),
        ("liaison.toml", "Liaison Statements <statements@ietf.example>", f"Liaison{evil} <statements@ietf.example>"),
        ("liaison.toml", "liaison.ietf.example", f"liaison.example{evil}"),
    ):
        path = record.folder / name
        right = path.read_text()
        wrong = right.replace(f'"{old}"', json.dumps(new), 1) if new else right.replace(old, f"name = {json.dumps(f'Name{evil}')}", 1)
        assert wrong != right, name
        path.write_text(wrong)
        ran = record.try_run("preview", letter, "--eml", str(record.folder.parent / "evil"))
        for made in (record.folder.parent / "evil").glob("*.eml"):
            message = read(made.read_bytes())
            assert "evil@example.org" not in str(message["To"]) + str(message["Subject"])
            made.unlink()
        assert ran.returncode in (0, 1, 2) and b"panicked" not in ran.stderr, ran.stderr.decode()
        path.write_text(right)


def test_random_letters_are_read_without_a_defect(record):
    rng = random.Random(3683)
    alphabet = "abc  xyz.,;:=?_-\"\\()<>@[]éüßжя漢字👋\u0301\u00a0" + "'%&#*+/{}|~^`$!0123456789"
    word = lambda longest: "".join(rng.choice(alphabet) for _ in range(rng.randint(1, longest))).strip()
    letter = record.new(to="w3c")
    path = record.folder / "drafts" / f"{letter}.yaml"
    read_ones = 0
    for _ in range(60):
        title, name = word(rng.choice([10, 80, 400])) or "x", word(60)
        name = name.replace("<", "").replace(">", "").replace("\\", "").replace('"', "").strip()
        body = "\n".join(word(rng.choice([5, 80, 1_300])) for _ in range(rng.randint(1, 12))) or "x"
        fields = {
            "direction": "outgoing",
            "title": title,
            "from": {"groups": ["tls"], "contacts": [f"{name} <tls@ietf.example>"], "send-reply-to": "reply@ietf.example"},
            "to": {"groups": ["w3c"], "contacts": [f"{name} <w3c@w3c.example>"]},
            "purpose": "for-information",
            "consensus": {"level": "none-claimed"},
            "body": body,
        }
        path.write_text(json.dumps(fields, ensure_ascii=False, indent=1))
        ran = record.try_run("preview", letter, "--eml", str(record.folder.parent / "look"))
        assert b"panicked" not in ran.stderr
        if ran.returncode == 0:
            read_ones += 1
            agrees(record, letter, (record.folder.parent / "look" / "statement.eml").read_bytes())
            read((record.folder.parent / "look" / "announcement.eml").read_bytes())
    assert read_ones > 50
