#!/usr/bin/env python3
"""Draws docs/demo.svg from what the program prints: run `docs/picture.py target/release/liaison`."""
import html
import os
import subprocess
import sys
import tempfile

STEPS = [
    ["approve", "ech-profile", "--as", "ada-example"],
    ["edit", "ech-profile", "--set", "deadline=2027-01-15", "--as", "carla-sample"],
    ["send", "ech-profile", "--as", "carla-sample"],
    ["approve", "ech-profile", "--as", "ada-example"],
    ["send", "ech-profile", "--as", "carla-sample"],
    ["status"],
]
COLOURS = {"$": "#7fb4ff", "error": "#ff8080", "help": "#ffd479", "next": "#9fb0c0"}


def run(binary, record, args, minute):
    env = dict(os.environ, LIAISON_NOW=f"2026-11-24T10:{minute:02d}:00Z", COLUMNS="96", NO_COLOR="1", LIAISON_SEED=str(minute))
    quiet = ["--quiet"] if args[0] == "approve" else []
    done = subprocess.run([binary, *quiet, *args], cwd=record, env=env, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
    return done.stdout.rstrip().splitlines()


def main():
    binary = os.path.abspath(sys.argv[1])
    with tempfile.TemporaryDirectory() as folder:
        record = os.path.join(folder, "record")
        subprocess.run([binary, "--quiet", "init", record, "--example"], check=True, stdout=subprocess.DEVNULL)
        body = os.path.join(folder, "body.txt")
        with open(body, "w", encoding="utf-8") as file:
            file.write("Dear colleagues,\n\nplease review the profile. No consensus is claimed.\n\nKind regards\n")
        run(binary, record, ["new", "--from", "tls", "--to", "3gpp-sa3", "--title", "A profile of ECH for 5G core networks", "--purpose", "for-action", "--deadline", "2026-12-20", "--consensus", "none-claimed", "--document", "RFC 8446=proposed-standard", "--body", body, "--slug", "ech-profile", "--as", "carla-sample", "--no-push"], 30)
        lines = []
        for number, args in enumerate(STEPS):
            lines.append("$ liaison " + " ".join(args))
            lines += [line.replace(record, ".") for line in run(binary, record, args, 31 + number)]
            lines.append("")
    draw(lines[:-1])


def draw(lines):
    height = 19 * len(lines) + 40
    rows = []
    for index, line in enumerate(lines):
        colour = next((value for start, value in COLOURS.items() if line.startswith(start)), "#d7dde4")
        rows.append(f'<text x="20" y="{36 + 19 * index}" fill="{colour}" xml:space="preserve">{html.escape(line[:104])}</text>')
    svg = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="900" height="{height}" viewBox="0 0 900 {height}" role="img" '
        'aria-label="A terminal: an approval, an edit that makes it stale, a refused sending, a new approval, a sending">\n'
        f'<rect width="900" height="{height}" rx="8" fill="#16202b"/>\n'
        '<g font-family="ui-monospace, SFMono-Regular, Menlo, Consolas, monospace" font-size="13.5">\n'
        + "\n".join(rows) + "\n</g>\n</svg>\n"
    )
    with open(os.path.join(os.path.dirname(os.path.abspath(__file__)), "demo.svg"), "w", encoding="utf-8") as file:
        file.write(svg)


main()
