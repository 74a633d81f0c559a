"""Guards over templates: each is used, and none holds what the Content-Security-Policy refuses."""

import ast
import re
from pathlib import Path

USE = re.compile(r"""\{%-?\s*(?:extends|include|import|from)\s+["']([^"']+)["']""")
REFUSED = {
    "inline style": re.compile(r"<style\b|\sstyle\s*=", re.IGNORECASE),
    "inline handler": re.compile(r"<[^>]*\son[a-z]+\s*=", re.IGNORECASE),
    "javascript: address": re.compile(r"""(?:href|src|action)\s*=\s*["']?javascript:""", re.I),
    "file of another host": re.compile(r"""(?:\ssrc|<link[^>]*\shref)\s*=\s*["'](?:https?:)?//"""),
}
JINJA = re.compile(r"\{[{%#].*?[}%#]\}", re.DOTALL)
SCRIPT = re.compile(r"<script\b([^>]*)>(.*?)</script>", re.IGNORECASE | re.DOTALL)


def unused_templates(root: Path) -> list[str]:
    """Return templates that no view renders and no other template uses."""
    folder = root / "templates"
    templates = {str(one.relative_to(folder)): one.read_text() for one in folder.rglob("*.html")}
    used = {name for text in templates.values() for name in USE.findall(text)}
    used |= {name for one in (root / "collector_app").rglob("*.py") for name in _strings(one)}
    return sorted(set(templates) - used)


def missing_templates(root: Path) -> list[str]:
    """Return templates that the code or another template names and that are not there."""
    folder = root / "templates"
    texts = {one: one.read_text() for one in folder.rglob("*.html")}
    named = {(name, path) for path, text in texts.items() for name in USE.findall(text)}
    named |= {
        (name, path)
        for path in (root / "collector_app").rglob("*.py")
        for name in _strings(path)
        if name.endswith(".html")
    }
    return sorted(
        f"{path.relative_to(root)}: {name}" for name, path in named if not (folder / name).exists()
    )


def _strings(path: Path) -> set[str]:
    return {
        node.value
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def refused_by_policy(root: Path) -> list[str]:
    """Return places of templates with code or style in the page, or with a file of another host."""
    found = []
    for path in sorted((root / "templates").rglob("*.html")):
        text = JINJA.sub(lambda tag: " x " + "\n" * tag[0].count("\n"), path.read_text())
        name = path.relative_to(root)
        for number, line in enumerate(text.splitlines(), start=1):
            found += [f"{name}:{number}: {what}" for what, it in REFUSED.items() if it.search(line)]
        found += [
            f"{name}:{text.count(chr(10), 0, script.start()) + 1}: inline script"
            for script in SCRIPT.finditer(text)
            if not _is_file_or_data(script[1]) and script[2].strip()
        ]
    return found


def _is_file_or_data(attributes: str) -> bool:
    return " src=" in attributes or 'type="application/json"' in attributes
