#!/usr/bin/env python3
"""A second reader of letters and acts, written apart from the program from the record's format alone.

    liaison_reader.py content FILE              the text that is hashed
    liaison_reader.py digest FILE               its digest
    liaison_reader.py fields FILE               the hints that an approval stores: unit=8 hex …
    liaison_reader.py act RECORD-ID SUBJECT FILE   the text that an act's signature covers
    liaison_reader.py refuse FILE…              exit 0 if every letter is refused, and say why

PyYAML's BaseLoader keeps every scalar as its text. What it tolerates and the format does not (anchors, aliases, tags,
duplicate keys, second documents, control characters) is refused here. It reads YAML 1.1, where U+0085, U+2028 and
U+2029 end a line, so these are refused anywhere in a file, even in a comment.
"""

import datetime
import hashlib
import re
import sys
import unicodedata

import yaml


class Refused(Exception):
    """The file is no letter or no act; the text says why."""


# YAML


def load(raw):
    """The mapping that `raw` holds: dict, list and str only."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError as error:
        raise Refused(f"not UTF-8: {error}") from error
    text = text.removeprefix("\ufeff")
    for char in "\u0085\u2028\u2029\ufeff":
        if char in text:
            raise Refused(f"U+{ord(char):04X} in the file")
    try:
        documents = 0
        for event in yaml.parse(text, Loader=yaml.BaseLoader):
            documents += isinstance(event, yaml.DocumentStartEvent)
            if documents > 1:
                raise Refused("a second document")
            if isinstance(event, yaml.AliasEvent):
                raise Refused(f"the alias *{event.anchor}")
            if getattr(event, "anchor", None) is not None:
                raise Refused(f"the anchor &{event.anchor}")
            if getattr(event, "tag", None) is not None:
                raise Refused(f"the tag {event.tag}")
        tree = plain(yaml.compose(text, Loader=yaml.BaseLoader))
    except (yaml.YAMLError, ValueError, OverflowError) as error:
        raise Refused(f"no YAML: {error}") from error
    except RecursionError as error:
        raise Refused("nested too deeply") from error
    if not isinstance(tree, dict):
        raise Refused("no mapping of keys to values")
    return tree


def plain(node):
    """The values of a tree of nodes."""
    if node is None:
        raise Refused("an empty file")
    if isinstance(node, yaml.ScalarNode):
        return checked(node.value)
    if isinstance(node, yaml.SequenceNode):
        return [plain(item) for item in node.value]
    mapping = {}
    for key_node, value_node in node.value:
        key = plain(key_node)
        if not isinstance(key, str):
            raise Refused("a key that is no scalar")
        if key in mapping:
            raise Refused(f"the key `{key}` twice")
        mapping[key] = plain(value_node)
    return mapping


def checked(value):
    """Refuses the characters that no value may hold."""
    for char in value:
        code = ord(char)
        control = unicodedata.category(char) in ("Cc", "Cs") and char not in "\n\t"
        noncharacter = 0xFDD0 <= code <= 0xFDEF or code & 0xFFFE == 0xFFFE
        if control or noncharacter or char in "\u2028\u2029\ufeff":
            raise Refused(f"U+{code:04X} in a value")
    return value


# Normal forms: each gives the text that is hashed, or nothing for an empty value


def line(value):
    """One line, trimmed."""
    if not isinstance(value, str):
        raise Refused(f"{value!r} where one line is expected")
    value = value.strip(" \t\n")
    if "\n" in value or "\t" in value:
        raise Refused(f"a line break or TAB inside {value!r}")
    return value


def shaped(pattern, expected):
    """A line that has the shape `pattern`."""

    def form(value):
        value = line(value)
        if value and not re.fullmatch(pattern, value, re.ASCII):
            raise Refused(f"{value!r} is no {expected}")
        return value

    return form


word = shaped("[a-z0-9][a-z0-9-]*", "word")
direction = shaped("outgoing|incoming", "direction")
name = shaped(r"ls-\d{4}-\d{3,}|(?!(ls|pr)-\d{4}-)[a-z0-9-]{3,60}", "number or slug of a letter")


def date(value):
    """A day that exists."""
    value = shaped(r"\d{4}-\d{2}-\d{2}", "date")(value)
    try:
        return value and datetime.date.fromisoformat(value).isoformat()
    except ValueError as error:
        raise Refused(f"{value!r}: {error}") from error


def sha256(value):
    """A digest, with its prefix."""
    value = shaped("(sha256:)?[0-9a-f]{64}", "SHA-256")(value)
    return value and "sha256:" + value.removeprefix("sha256:")


def contact(value):
    """`Name <address>` or `<address>`."""
    value = line(value)
    if not value:
        return ""
    before, bracket, address = value.rpartition("<")
    if bracket:
        if not address.endswith(">"):
            raise Refused(f"{value!r} does not end with an address in angle brackets")
        address = address[:-1]
    if not re.fullmatch(r'[^\s"<>@]+@[^\s"<>@]+', address):
        raise Refused(f"{address!r} is no address")
    before = before.strip(" ")
    if len(before) > 1 and before.startswith('"') and before.endswith('"'):
        before = before[1:-1]
    before = re.sub(r"\\(.?)", r"\1", before).strip(" ")
    if "<" in before or ">" in before:
        raise Refused(f"{value!r} holds two addresses")
    return f"{before} <{address}>" if before else f"<{address}>"


def text_lines(value):
    """The lines of a text: none blank at either end, no blanks at the end of any."""
    if not isinstance(value, str):
        raise Refused(f"{value!r} where a text is expected")
    lines = [part.rstrip(" \t") for part in value.split("\n")]
    while lines and not lines[0]:
        del lines[0]
    while lines and not lines[-1]:
        del lines[-1]
    return lines


# Shapes: each gives the lines of a value below a path


def mapping(value, allowed):
    """A mapping with known keys; an empty value is an empty mapping."""
    if isinstance(value, str) and not line(value):
        return {}
    if not isinstance(value, dict):
        raise Refused(f"{value!r} where a mapping is expected")
    for key in value:
        if key not in allowed:
            raise Refused(f"the key `{key}`; allowed are {', '.join(allowed)}")
    return value


def items(value):
    """A list; a scalar is a list of one."""
    if isinstance(value, dict):
        raise Refused(f"{value!r} where a list is expected")
    return value if isinstance(value, list) else [value]


def one(form):
    """A value of one line."""

    def shape(path, value):
        value = form(value)
        return [f"{path}: {value}"] if value else []

    return shape


def many(form):
    """A list of values of one line."""
    return lambda path, value: [out for item in items(value) for out in one(form)(path, item)]


def group(**rows):
    """A mapping, its keys in the order given; an underscore stands for a hyphen."""
    rows = {key.replace("_", "-"): shape for key, shape in rows.items()}

    def shape(path, value):
        value = mapping(value, rows)
        return [out for key, row in rows.items() if key in value for out in row(f"{path}.{key}", value[key])]

    return shape


def entries(**rows):
    """A list of mappings; each begins with its bare path."""
    entry = group(**rows)

    def shape(path, value):
        out = []
        for item in items(value):
            below = entry(path, item)
            out += [f"{path}:"] + below if below else []
        return out

    return shape


def links(path, value):
    """Letters of this record by name, letters elsewhere by description."""
    elsewhere = entries(organization=one(line), reference=one(line), title=one(line), date=one(date))
    out = []
    for item in items(value):
        out += one(name)(path, item) if isinstance(item, str) else elsewhere(path, [item])
    return out


def text(path, value):
    """A text of several lines."""
    return [f"{path}: {part}" if part else f"{path}:" for part in text_lines(value)]


IDENTIFIERS = entries(body=one(line), value=one(line))
WAIVERS = entries(code=one(line), reason=one(line), by=one(line))

# The keys of a letter in the order they are hashed.
LETTER = {
    "direction": one(direction),
    "title": one(line),
    "language": one(line),
    "date": one(date),
    "from": group(groups=many(line), contacts=many(contact), send_reply_to=one(contact)),
    "to": group(groups=many(line), contacts=many(contact), send_to=one(contact)),
    "purpose": one(word),
    "deadline": one(date),
    "in-response-to": links,
    "revises": links,
    "consensus": group(level=one(word), evidence=many(line)),
    "meeting": one(line),
    "work-items": many(line),
    "release": one(line),
    "questions": many(line),
    "documents": entries(name=one(line), status=one(word), url=one(line)),
    "body": text,
    "attachments": entries(file=one(line), url=one(line), title=one(line), sha256=one(sha256)),
    "original": group(file=one(line), sha256=one(sha256)),
}
# Read and checked, but not hashed.
BESIDE = {"identifiers": IDENTIFIERS, "tags": many(line), "waivers": WAIVERS}


def content_units(raw):
    """The units of a letter that hints name, each with its lines."""
    tree = load(raw)
    if "became" in tree:
        raise Refused(f"a stub: the draft became {tree['became']}")
    if "redacted" in tree:
        raise Refused("a tombstone: it has no content")
    mapping(tree, LETTER | BESIDE)
    for key, shape in BESIDE.items():
        shape(key, tree.get(key, ""))
    units = {}
    for key, shape in LETTER.items():
        for out in shape(key, tree.get(key, "")):
            unit = out.partition(":")[0] if key in ("from", "to") else key
            units.setdefault(unit, []).append(out)
    return units


def content_text(raw):
    """The text `liaison-content-v1` of a letter."""
    lines = [out for unit in content_units(raw).values() for out in unit]
    return joined(["liaison-content-v1", "kind: statement", *lines])


def content_fields(raw):
    """One hint for each unit."""
    return " ".join(f"{unit}={hexdigest(joined(lines))[:8]}" for unit, lines in content_units(raw).items())


def joined(lines):
    """The bytes of lines, each with its line feed."""
    return "".join(out + "\n" for out in lines).encode("utf-8")


def hexdigest(data):
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def digest(data):
    """SHA-256 as records write it."""
    return "sha256:" + hexdigest(data)


# Acts: details that each kind must and may have

ACTS = {
    "draft": ("", "comment"),
    "approve": ("", "comment"),
    "comment": ("", "comment"),
    "revoke": ("", "comment"),
    "decline": ("reason", ""),
    "sending": (
        "number message-id message date recipients",
        "announcement-id announcement informed transport attempt nonce clone base",
    ),
    "handed-over": ("", "transport message-id outbox"),
    "sent": ("via", "message-id copy copy-sha256 url reason number date received-from"),
    "refused": ("reason", "code recipients message-id"),
    "in-doubt": ("reason", "code recipients message-id"),
    "bounced": ("reason", "code recipients message-id"),
    "resent": ("reason", "message-id message recipients attempt date"),
    "withdraw": ("reason", ""),
    "reopen": ("reason", ""),
    "redact": ("reason files", ""),
    "receive": ("via key", "received-from message-id comment"),
    "distribute": ("to", "groups comment"),
    "assign": ("assignee", "lead comment"),
    "redirect": ("to", "from reason informed"),
    "correct": ("field was now reason", ""),
    "resolve": ("outcome", "until reason told url comment"),
    "remind": ("", "kind recipients message-id"),
    "notify": ("", "kind recipients message-id"),
    "annotate": ("", "identifiers tags waivers comment"),
    "ratify": ("", "comment reason"),
    "route": ("to", "decision comment"),
    "directory": ("changes", ""),
    "policy": ("changes", ""),
    "trust": ("changes", ""),
}

instant = shaped(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", "UTC instant to the second")
printable = shaped(r"[\x21-\x7e]+", "ASCII without spaces")


def at_instant(value):
    """An instant that exists."""
    value = instant(value)
    try:
        datetime.datetime.strptime(value, "%Y-%m-%dT%H:%M:%SZ")
    except ValueError as error:
        raise Refused(f"at: {error}") from error
    return value


# The common keys in the order they are signed; the digest of the details stands between `revokes` and `by`.
BEFORE_DETAILS = {"act": one(word), "content": one(sha256), "preview": one(sha256), "revokes": one(sha256)}
AFTER_DETAILS = {
    "by": one(word),
    "role": one(word),
    "of": one(word),
    "for": many(word),
    "recorded-by": one(word),
    "evidence": one(printable),
    "at": one(at_instant),
}
UNSIGNED = {"fields": one(line), "signature": text}


def act_text(record, subject, raw):
    """The text `liaison-act-v1` of an act on `subject`."""
    tree = load(raw)
    kind = line(tree.get("act", ""))
    if kind not in ACTS:
        raise Refused(f"the act {kind!r}; known are {', '.join(ACTS)}")
    required, allowed = (words.split() for words in ACTS[kind])
    common = BEFORE_DETAILS | AFTER_DETAILS | UNSIGNED
    mapping(tree, [*common, *required, *allowed])
    for key, shape in UNSIGNED.items():
        shape(key, tree.get(key, ""))
    details = {key: detail_lines(key, tree[key]) for key in sorted(tree) if key not in common}
    for key in required:
        if not details.get(key):
            raise Refused(f"no `{key}`, which the act {kind} must have")
    details = joined(out for lines in details.values() for out in lines)
    lines = one(printable)("record", record) + one(printable)("subject", subject)
    lines += [out for key, shape in BEFORE_DETAILS.items() for out in shape(key, tree.get(key, ""))]
    lines += [f"details: {digest(details)}"] if details else []
    lines += [out for key, shape in AFTER_DETAILS.items() for out in (shape(key, tree[key]) if key in tree else [])]
    missing = {"record", "subject", "by", "at"} - {out.partition(":")[0] for out in lines}
    if missing:
        raise Refused(f"no {', '.join(sorted(missing))}")
    return joined(["liaison-act-v1", *lines])


def detail_lines(path, value):
    """The lines of a detail; keys are sorted at each level."""
    if isinstance(value, str):
        return text(path, value)
    if isinstance(value, dict):
        return [out for key in sorted(value) for out in detail_lines(f"{path}.{one_word(key)}", value[key])]
    out = []
    for item in value:
        if isinstance(item, list):
            raise Refused(f"a list in the list {path}")
        below = detail_lines(path, item)
        out += [f"{path}:"] + below if below and isinstance(item, dict) else below
    return out


def one_word(key):
    """A key that cannot be mistaken for a value."""
    if not word(key):
        raise Refused("an empty key")
    return key


def read(path):
    """The bytes of a file."""
    with open(path, "rb") as file:
        return file.read()


def main(arguments):
    """Runs one command; the exit code."""
    match arguments:
        case ["content", path]:
            sys.stdout.buffer.write(content_text(read(path)))
        case ["digest", path]:
            print(digest(content_text(read(path))))
        case ["fields", path]:
            print(content_fields(read(path)))
        case ["act", record, subject, path]:
            sys.stdout.buffer.write(act_text(record, subject, read(path)))
        case ["refuse", path, *more]:
            accepted = 0
            for path in [path, *more]:
                try:
                    content_text(read(path))
                    accepted += 1
                    print(f"{path}: accepted")
                except Refused as refusal:
                    print(f"{path}: {refusal}")
            return min(accepted, 1)
        case _:
            print(__doc__, file=sys.stderr)
            return 2
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except Refused as refusal:
        print(f"{sys.argv[-1]}: {refusal}", file=sys.stderr)
        sys.exit(1)
    except OSError as error:
        print(error, file=sys.stderr)
        sys.exit(2)
