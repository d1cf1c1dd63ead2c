"""What nearly every template uses: icons, and how long a title is."""

from __future__ import annotations

from django import template
from django.templatetags.static import static
from django.utils.html import format_html
from django.utils.safestring import SafeString

register = template.Library()

# A title of at most this many full-width letters stays on one line of the narrowest card.
ONE_LINE = 9
FIRST_FULL_WIDTH_LETTER = 0x2E80


@register.simple_tag
def icon(name: str, css: str = "") -> SafeString:
    """One symbol of static/icons.svg, drawn in the colour of the text, silent to screen readers."""
    return format_html(
        '<svg class="icon {}" aria-hidden="true"><use href="{}#{}"/></svg>',
        css,
        static("icons.svg"),
        name,
    )


@register.filter
def fits_one_line(title: object) -> bool:
    """Whether a card's title needs one line at every width; full-width letters count twice."""
    width = sum(2 if ord(letter) >= FIRST_FULL_WIDTH_LETTER else 1 for letter in str(title))
    return width <= 2 * ONE_LINE
