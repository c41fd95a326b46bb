"""Drawing: a matplotlib figure as inline SVG that follows the page's light and dark colours.

Figures are drawn in the light colours; each colour is then written as a variable of the page with that colour as
its fallback, so that a figure copied out of the page keeps its looks. The bytes depend on the numbers alone.
"""

import io
import re
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from markupsafe import Markup

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

INK, SOFT, LINE, ACCENT, SECOND, HATCH = "#1b1c22", "#50525e", "#84868f", "#0b5394", "#9a3b00", "#5d6069"
SHADES = (
    "#fdfdfe", "#f2f6fb", "#e7eff8", "#dbe8f4", "#d0e0f1", "#c4d9ed",
    "#b8d1ea", "#accae6", "#a0c2e3", "#94bbdf", "#88b3dc",
)  # fmt: skip
"""Shades for shares of 0, 1, … 10 tenths; text in `INK` keeps a contrast over 7 on each of them."""

COLOURS = {
    "ink": INK,
    "soft": SOFT,
    "line": LINE,
    "accent": ACCENT,
    "second": SECOND,
    "hatch": HATCH,
    **{f"shade-{i}": shade for i, shade in enumerate(SHADES)},
}
"""Variables of the page (``--ink`` …) with their light colours."""

_STYLE: dict[str, object] = {
    "svg.fonttype": "none",  # words stay words: they can be searched, and scale with the page
    "font.family": "sans-serif",
    "font.sans-serif": ["DejaVu Sans"],
    "font.size": 9,
    "text.parse_math": False,  # a dollar sign in a name is a dollar sign
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": LINE,
    "axes.facecolor": "none",
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.titlesize": 10,
    "xtick.color": LINE,
    "ytick.color": LINE,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "grid.color": LINE,
    "grid.linewidth": 0.4,
    "figure.facecolor": "none",
    "hatch.color": HATCH,
    "hatch.linewidth": 0.7,
    "lines.color": ACCENT,
}
_SVG = "{http://www.w3.org/2000/svg}"
_XLINK = "{http://www.w3.org/1999/xlink}href"
_NO_METADATA = dict.fromkeys(("Creator", "Date", "Format", "Type"))
# What XML cannot carry, whatever a name holds.
_NOT_XML = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


@dataclass(frozen=True, slots=True, kw_only=True)
class Drawing:
    """A figure of the report.

    Attributes
    ----------
    name : str
        Unique on the page; prefix of every id in it.
    title, description : str
        Alternative text: what it is, and what it shows.
    svg : Markup
    """

    name: str
    title: str
    description: str
    svg: Markup


def drawing(
    draw: "Callable[[Figure], None]",
    *,
    name: str,
    title: str,
    description: str,
    inches: tuple[float, float],
    headings: Sequence[str] = (),
) -> Drawing:
    """Return what `draw` puts on an empty figure of that size, with `headings` written above it.

    Parameters
    ----------
    draw : callable
        Takes the figure.
    name, title, description : str
        As in `Drawing`.
    inches : tuple of float
        Width and height.
    headings : sequence of str
        What must not be lost when the figure is copied out of the page.
    """
    import matplotlib.style
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure

    with matplotlib.style.context(["default", {**_STYLE, "svg.hashsalt": name}]), warnings.catch_warnings():
        # A name in a script that the layout font lacks is still drawn by the reader's own fonts.
        warnings.filterwarnings("ignore", message="Glyph .* missing from font")
        figure = Figure(figsize=inches)
        canvas = FigureCanvasSVG(figure)
        draw(figure)
        for line, heading in enumerate(headings):
            figure.text(0.01, 1 - (0.02 + 0.17 * line) / inches[1], heading, va="top", fontsize=9, weight="bold")
        stream = io.StringIO()
        canvas.print_svg(stream, metadata=_NO_METADATA)  # type: ignore[no-untyped-call]
    svg = Markup(_inline(stream.getvalue(), name, title, description))  # noqa: S704 - drawn here, names escaped
    return Drawing(name=name, title=title, description=description, svg=svg)


def plain(text: str) -> str:
    """Return `text` without the characters that no SVG can carry."""
    return _NOT_XML.sub("\ufffd", text)


def shortened(text: str, most: int) -> str:
    """Return `text`, cut with an ellipsis where it is longer than `most` characters."""
    text = plain(text)
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def thin(axes: "Axes") -> None:
    """Give `axes` a faint grid behind its marks."""
    axes.grid(visible=True)
    axes.set_axisbelow(True)


def _inline(source: str, name: str, title: str, description: str) -> str:
    """Return the SVG element alone: ids made unique on the page, alternative text, colours as variables."""
    from lxml import etree

    root = etree.fromstring(source.encode("utf-8"), etree.XMLParser(resolve_entities=False, remove_comments=True))
    for element in list(root.iter()):
        if "id" in element.attrib:
            element.set("id", f"{name}-{element.get('id')}")
        target = element.attrib.pop(_XLINK, None) or element.get("href")
        if target is not None:
            element.set("href", f"#{name}-{target.removeprefix('#')}")
        for key in ("clip-path", "fill", "style"):
            if key in element.attrib:
                element.set(key, element.get(key, "").replace("url(#", f"url(#{name}-"))
    for style in root.findall(f".//{_SVG}style"):
        # It would reach every element of the page; the page's own style sheet says the same for figures.
        parent = style.getparent()
        assert parent is not None
        parent.remove(style)
    for place, (tag, text) in enumerate((("title", title), ("desc", description))):
        element = etree.Element(f"{_SVG}{tag}", {"id": f"{name}-{tag}"})
        element.text = plain(text)
        root.insert(place, element)
    root.set("role", "img")
    root.set("aria-labelledby", f"{name}-title {name}-desc")
    etree.cleanup_namespaces(root)
    text = etree.tostring(root, encoding="unicode")
    for variable, colour in COLOURS.items():
        text = text.replace(colour, f"var(--{variable}, {colour})")
    return text
