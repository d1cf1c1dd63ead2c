"""pygal as far as plots in an <img> need it: no scripts, no links, no hook left in the importer."""

from __future__ import annotations

import re
import sys
from base64 import b64encode
from typing import Any

# Scripts that pygal writes whatever its settings say, and links that an <img> does not follow.
SCRIPTS = re.compile(r"<script\b.*?</script>|<script\b[^>]*/>", re.DOTALL)
COMMENTS = re.compile(r"<!--.*?-->", re.DOTALL)
SHAPE: dict[str, Any] = {
    "js": (), "width": 640, "height": 420, "explicit_size": True, "show_legend": False,
    "disable_xml_declaration": True,
}  # fmt: skip


def pygal() -> Any:
    """The library. It adds an importer for maps in a form that Python has given up and warns of at
    every import that finds nothing; we draw no maps."""
    import pygal as library

    sys.meta_path[:] = [
        finder for finder in sys.meta_path if type(finder).__name__ != "PluginImportFixer"
    ]
    return library


def svg(chart: Any) -> str:
    """The chart as text, to be served with a policy that allows its own styles and nothing else."""
    return COMMENTS.sub("", SCRIPTS.sub("", chart.render(is_unicode=True)))


def as_image(chart: str) -> str:
    """An SVG text as the address of an <img>; nothing where nothing was drawn."""
    return f"data:image/svg+xml;base64,{b64encode(chart.encode()).decode()}" if chart else ""
