#!/usr/bin/env python3
"""Writes the manual page tutti(1) from what the program says of itself: manual.py FILE VERSION DATE

FILE is what `tutti --experimental-dump-help` writes, so that the page knows every command and option, and no other."""

import json
import sys


def escaped(text):
    """The text as roff takes it literally; a full stop or an apostrophe at the beginning of a line would be a request."""
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join("\\&" + line if line[:1] in (".", "'") else line for line in text.split("\n"))


def spelled(name):
    return ("-" if name["kind"] == "short" else "--") + name["name"] if name["kind"] != "longWithSingleDash" else "-" + name["name"]


def placeholder(argument):
    return "\\fI" + escaped(argument.get("valueName", "value")) + "\\fR"


def term(argument):
    """How an argument is written, as the head of its paragraph."""
    if argument["kind"] == "positional":
        return placeholder(argument)
    names = ", ".join("\\fB" + escaped(spelled(name)) + "\\fR" for name in argument["names"])
    return names + (" " + placeholder(argument) if argument["kind"] == "option" else "")


def short(argument):
    """How an argument stands in the line that shows the whole call."""
    if argument["kind"] == "positional":
        text = placeholder(argument)
    else:
        text = "\\fB" + escaped(spelled(argument["preferredName"])) + "\\fR"
        if argument["kind"] == "option":
            text += " " + placeholder(argument)
    if argument.get("isRepeating"):
        text += " ..."
    return "[" + text + "]" if argument.get("isOptional") else text


def shown(items):
    return [item for item in items or [] if item.get("shouldDisplay", True)]


def paragraphs(text):
    """A text with its lines: what is indented are examples, which must not be filled."""
    lines, literal = [], False
    for line in text.strip("\n").split("\n"):
        if line.startswith("  ") != literal and line:
            literal = not literal
            lines.append(".EX" if literal else ".EE")
        lines.append(escaped(line) if line else (".PP" if not literal else ""))
    if literal:
        lines.append(".EE")
    return lines


def options(arguments):
    lines, section = [], None
    # The two that every command has are told once, at the top. What belongs to no section would seem to belong to the one
    # above it, so it comes first.
    listed = [a for a in shown(arguments) if not common(a)]
    for argument in sorted(listed, key=lambda a: "sectionTitle" in a):
        title = argument.get("sectionTitle")
        if title != section and title:
            lines.append(".PP\n" + escaped(title) + ":")
        section = title
        lines += [".TP", term(argument)]
        said = argument.get("abstract", "").strip()
        if argument.get("discussion"):
            said = (said + "\n" + argument["discussion"].strip()).strip()
        values = argument.get("allValues")
        if values and not all(value in said for value in values):
            said += " One of " + ", ".join(values) + "."
        default = argument.get("defaultValue")
        if default and argument["kind"] != "flag":
            said += " Default: " + default + "."
        lines.append(escaped(said.strip()) or "\\&")
    return lines


def common(argument):
    return argument["kind"] == "flag" and argument["preferredName"]["name"] in ("help", "version")


def commands(command, path):
    lines = []
    for inner in shown(command.get("subcommands")):
        name = inner["commandName"]
        if name == "help":
            continue
        whole = path + [name]
        arguments = [a for a in shown(inner.get("arguments")) if not common(a)]
        lines += [".SS " + escaped(" ".join(whole)), escaped(inner.get("abstract", ""))]
        if not inner.get("subcommands"):
            call = " ".join(["\\fB" + escaped(" ".join(whole)) + "\\fR"] + [short(a) for a in arguments])
            lines += [".PP", call]
        if inner.get("discussion"):
            lines += [".PP"] + paragraphs(inner["discussion"])
        lines += options(inner.get("arguments"))
        lines += commands(inner, whole)
    return lines


def page(dump, version, date):
    root = dump["command"]
    name = root["commandName"]
    abstract = root.get("abstract", "").rstrip(".")
    lines = [
        f'.TH {name.upper()} 1 "{date}" "{name} {escaped(version)}" "User Commands"',
        ".nr HY 0",
        ".ad l",
        ".SH NAME",
        f"{name} \\- " + escaped(abstract),
        ".SH SYNOPSIS",
        f"\\fB{name}\\fR \\fIcommand\\fR [\\fIoption\\fR ...]",
        ".br",
        f"\\fB{name}\\fR [\\fIcommand\\fR] \\fB\\-\\-help\\fR | \\fB\\-\\-version\\fR",
        ".SH DESCRIPTION",
    ]
    lines += paragraphs(root.get("discussion", ""))
    lines += [".SH COMMANDS"] + commands(root, [name])
    lines += [
        ".SH ENVIRONMENT",
        ".TP",
        "\\fBTUTTI_PLAIN\\fR",
        "1 has the plain program used on a processor that could run the wide one. Both compute the same bits.",
        ".PP",
        escaped("Settings of coordinator and worker have variables too; `tutti reference --settings` lists them."),
        ".SH SEE ALSO",
        "What is installed beside this page, /usr/share/doc/tutti:",
        "guides, references and examples.",
    ]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    if len(sys.argv) != 4:
        sys.exit(__doc__)
    with open(sys.argv[1]) as file:
        sys.stdout.write(page(json.load(file), sys.argv[2], sys.argv[3]))
