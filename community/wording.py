"""How figures and times are said in a page: short, in the reader's language."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.utils import formats, timezone
from django.utils.translation import get_language, gettext, ngettext

# From which number on a count is shortened, and to what: Chinese counts in ten thousands.
CHINESE_UNITS = ((100_000_000, "亿"), (10_000, "万"))
OTHER_UNITS = ((1_000_000_000, "B"), (1_000_000, "M"), (1_000, "k"))
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def short_count(number: int) -> str:
    """1234 as `1.2k`, 12345 as `1.2万` in Chinese; rounded down, so that it never says too much."""
    if -1000 < number < 1000:  # most of them: no language shortens these
        return str(number)
    units = CHINESE_UNITS if (get_language() or "").startswith("zh") else OTHER_UNITS
    for size, sign in units:
        if abs(number) >= size:
            tenths = abs(number) * 10 // size
            words = (
                str(tenths // 10) if tenths >= 1000 or tenths % 10 == 0 else f"{tenths / 10:.1f}"
            )
            return f"{'-' if number < 0 else ''}{words}{sign}"
    return str(number)


def time_ago(moment: datetime, *, now: datetime | None = None) -> str:
    """`just now`, `3 min`, `5 h`, `yesterday`, `4 days`, then the date."""
    age = (now or timezone.now()) - moment
    if age < MINUTE:
        return gettext("just now")
    if age < HOUR:
        return gettext("%(count)d min") % {"count": age // MINUTE}
    if age < DAY:
        return gettext("%(count)d h") % {"count": age // HOUR}
    if age < 7 * DAY:
        days = age // DAY
        return ngettext("yesterday", "%(count)d days", days) % {"count": days}
    return _date(moment, this_year=(now or timezone.now()).year)


def exact_time(moment: datetime) -> str:
    """Date and time to the minute, in the reader's language and time zone."""
    return formats.date_format(timezone.localtime(moment), "DATETIME_FORMAT")


def _date(moment: datetime, *, this_year: int) -> str:
    local = timezone.localtime(moment)
    # Translators: a date format (https://docs.djangoproject.com/en/5.2/ref/templates/builtins/#date)
    shape = gettext("j M") if local.year == this_year else gettext("j M Y")
    return formats.date_format(local, shape)
