"""Cost against size: `python -m tests.bench.scaling measure --people 1000 --notes 10000`.

Seeds a community of that size in a folder of its own and measures it in one process, on a
connection as in production; keeps the figures in docs/scaling.json. `… draw` makes the table of
docs/scaling.md and docs/scaling.svg from them. Processor time, not time by the clock: other work on
the machine then changes little.
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

from .growth import exponent_of

ROOT = Path(__file__).resolve().parents[2]
KEPT, DOCUMENT, PLOT = (ROOT / "docs" / f"scaling.{kind}" for kind in ("json", "md", "svg"))
BEGIN, END = "<!-- measured: begin -->", "<!-- measured: end -->"
ROUNDS = 15
# Where the notes lie, and a point in the first of these cities.
CITIES, HERE = 200, (-40.0, -170.0)

# Name of a figure: what it is, its unit.
FIGURES = {
    "discover": ("discover, warm", "ms"),
    "follow": ("follow", "ms"),
    "hot": ("hot", "ms"),
    "nearby": ("nearby, its cell's list at hand", "ms"),
    "cell": ("the list of a cell built", "ms"),
    "note": ("a note's page", "ms"),
    "search": ("search for a word of half of the notes", "ms"),
    "list": ("a discover list built", "ms"),
    "fan_out": ("a note to its followers, for each 1,000", "ms"),
    "tick": ("a tick of the pools, none due", "ms"),
    "tick_due": ("a tick, one note in twenty due", "ms"),
    "like": ("a like by the API", "ms"),
    "sight_bytes": ("a sight's row and indexes", "bytes"),
    "seed": ("seeding all of it", "s"),
    "seed_megabytes": ("memory of the process that seeds", "MB"),
    "megabytes": ("database", "MB"),
}


def main(arguments: list[str]) -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["measure", "draw"])
    parser.add_argument("--people", type=int, default=1_000)
    parser.add_argument("--notes", type=int, default=10_000)
    options = parser.parse_args(arguments)
    if options.what == "draw":
        draw()
        return
    with tempfile.TemporaryDirectory() as folder:
        row = measure(Path(folder), options.people, options.notes)
    kept = [
        old for old in known() if (old["people"], old["notes"]) != (row["people"], row["notes"])
    ]
    rows = sorted([*kept, row], key=lambda one: (one["people"], one["notes"]))
    KEPT.write_text(json.dumps(rows, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(row))


def known() -> list[dict[str, Any]]:
    return json.loads(KEPT.read_text(encoding="utf-8")) if KEPT.exists() else []


# ---------------------------------------------------------------- measuring
def measure(folder: Path, people: int, notes: int) -> dict[str, Any]:
    from tests.template import template

    shutil.copy(template(), folder / "db.sqlite3")
    os.environ |= {"ROCKPOOL_DATA": str(folder), "ROCKPOOL_LOG_LEVEL": "ERROR"}
    os.environ["DJANGO_SETTINGS_MODULE"] = "community.settings"
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection

    call_command("createcachetable", database="cache")
    began = time.process_time()
    call_command("seed", people=people, notes=notes)
    row: dict[str, Any] = {"people": people, "notes": notes}
    row["seed"] = round(time.process_time() - began, 1)
    row["seed_megabytes"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    lay_out()
    connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)")
    row["megabytes"] = round(sum(file.stat().st_size for file in folder.glob("db.*")) / 1e6)
    return row | {name: round(value, 2) for name, value in costs().items()}


def costs() -> dict[str, float]:
    """Milliseconds of processor, the median of ROUNDS."""
    from django.test import Client
    from django.utils import timezone

    from accounts.models import Profile, User
    from community.models import Note
    from feeds import following, hot, nearby, pool_keeper
    from feeds.discover import build_discover
    from feeds.geo import Point

    now = timezone.now()
    hot.build_hot(now=now)
    reader = User.objects.filter(profile__following_count__gte=8).order_by("-pk")[0]
    build_discover(reader.pk, now=now)
    client = Client(headers={"host": "localhost"})
    client.force_login(reader, backend="accounts.backends.PersonBackend")
    note = Note.objects.order_by("-pk")[0]
    followed = Profile.objects.order_by("-followers_count")[0]
    newest = Note.objects.create(
        author_id=followed.pk, title="Tide", channel_id=note.channel_id, state="published",
        created_at=now, published_at=now,
    )  # fmt: skip

    def page(path: str) -> Callable[[], Any]:
        def ask() -> None:
            assert client.get(path).status_code == 200, path

        return ask

    found = {
        "discover": page("/"),
        "follow": page("/follow/"),
        "hot": page("/hot/"),
        "nearby": page(f"/nearby/?lat={HERE[0]}&lon={HERE[1]}"),
        "cell": lambda: nearby.build_cell(nearby.cell_for(Point(*HERE)), now=now),
        "note": page(note.get_absolute_url()),
        "search": page("/search/?q=tide"),
        "list": lambda: build_discover(reader.pk, now=now),
        "tick": lambda: pool_keeper.advance(now=now),
    }
    taken = {name: median(act) for name, act in found.items()}
    taken["tick_due"] = due_tick(now)
    taken["like"] = likes(client)
    taken["sight_bytes"] = bytes_of_a_sight()
    began = time.process_time()
    written = following.fan_out([newest.pk])
    taken["fan_out"] = (time.process_time() - began) * 1000 / max(1, written) * 1000
    return taken


def lay_out() -> None:
    """Put the notes on the map: around as many cities at every size, so that the more there are the
    closer they lie; the numbers of notes are spread by multiplying, as chance would."""
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE feeds_livenote SET
              latitude = note_id % {CITIES} * 7 % 100 - 40.0
                + (note_id / {CITIES} * 7919 % 1000 - 500) * 0.0004,
              longitude = note_id % {CITIES} * 37 % 340 - 170.0
                + (note_id / {CITIES} * 104729 % 997 - 500) * 0.0004
            """  # noqa: S608 (a number of ours)
        )
        cursor.execute("ANALYZE")


def due_tick(now: Any) -> float:
    """All pools running and one note in twenty due; each round is taken back."""
    from django.db import transaction
    from django.db.models import Case, F, Value, When
    from django.db.models.functions import Mod

    from feeds.models import PoolEntry
    from feeds.pool_keeper import advance

    day, due = timedelta(days=1), When(place=0, then=Value(now - timedelta(minutes=1)))
    PoolEntry.objects.annotate(place=Mod(F("note_id"), 20)).update(
        state="running", promised=100, delivered=60, started_at=now - day,
        due_at=Case(due, default=Value(now + day)),
    )  # fmt: skip

    def tick() -> None:
        with transaction.atomic():
            assert advance(now=now) >= PoolEntry.objects.count() // 20
            transaction.set_rollback(True)

    taken = median(tick)
    PoolEntry.objects.update(state="settled")
    return taken


def likes(client: Any) -> float:
    """Each likes another note."""
    from community.models import Note

    notes = iter(Note.objects.order_by("-pk").values_list("pk", flat=True)[1 : 3 * ROUNDS])

    def like() -> None:
        assert client.put(f"/api/v1/notes/{next(notes)}/like/").status_code == 200

    return median(like)


def bytes_of_a_sight(number: int = 50_000) -> float:
    from django.db import connection, transaction
    from django.utils import timezone

    from community.rows import insert_rows
    from feeds.models import Impression

    def pages() -> int:
        """Those in use: what was taken back before leaves free ones."""
        count, free = (
            int(connection.cursor().execute(f"PRAGMA {name}").fetchone()[0])
            for name in ("page_count", "freelist_count")
        )
        return count - free

    before, now = pages(), timezone.now()
    rows = ((1 + n % 900, n, "discover", now) for n in range(number))
    with transaction.atomic():
        insert_rows(Impression, ("person", "note", "feed", "at"), rows)
    return (pages() - before) * 4096 / number


def median(act: Callable[[], Any]) -> float:
    act()
    times = []
    for _ in range(ROUNDS):
        began = time.process_time()
        act()
        times.append((time.process_time() - began) * 1000)
    return statistics.median(times)


# ---------------------------------------------------------------- telling
def draw() -> None:
    rows = known()
    text = DOCUMENT.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    DOCUMENT.write_text(f"{before}{BEGIN}\n{table(rows)}\n{END}{rest.partition(END)[2]}", "utf-8")
    PLOT.write_text(plot(rows), encoding="utf-8")


def table(rows: list[dict[str, Any]]) -> str:
    heads = [f"{row['people']:,} people, {row['notes']:,} notes" for row in rows]
    lines = [f"| | {' | '.join(heads)} | exponent |", "|---" * (len(rows) + 2) + "|"]
    for name, (what, unit) in FIGURES.items():
        cells = [f"{row[name]:g} {unit}" if name in row else "" for row in rows]
        slope = exponent_of(name, rows)
        grows = "" if slope is None or unit == "bytes" else f"{slope:+.2f}"
        lines.append(f"| {what} | {' | '.join(cells)} | {grows} |")
    return "\n".join(lines)


def plot(rows: list[dict[str, Any]]) -> str:
    """Milliseconds against notes and people, one line a figure, on a scale of tens."""
    import pygal
    from pygal.style import Style

    chart = pygal.Line(
        width=860, height=560, margin_right=60, logarithmic=True, disable_xml_declaration=True,
        js=[], legend_at_bottom=True, legend_at_bottom_columns=2, truncate_legend=60,
        title="Milliseconds of processor against size",
        style=Style(background="#ffffff", plot_background="#ffffff"),
    )  # fmt: skip
    chart.x_labels = [f"{row['people']:,} / {row['notes']:,}" for row in rows]
    chart.y_labels = [1, 10, 100, 1_000]
    chart.x_title = "people / notes"
    for name, (what, unit) in FIGURES.items():
        if unit == "ms":
            chart.add(what, [max(0.01, row[name]) if name in row else None for row in rows])
    return str(chart.render()) + "\n"


if __name__ == "__main__":
    main(sys.argv[1:])
