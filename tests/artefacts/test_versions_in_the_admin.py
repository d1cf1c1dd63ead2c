"""Staff look at versions; only who may publish puts them in force and takes them back."""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from django.contrib.auth.models import Permission
from django.test import Client
from django.utils import timezone

from community.artefacts import registry, store
from community.artefacts.models import Artefact

NOW = timezone.now()
PLOT = '<svg xmlns="http://www.w3.org/2000/svg"><style>a{}</style></svg>'


@pytest.fixture
def version(db):
    return store.save(
        "ranker",
        arrays={"a": np.ones(2)},
        texts={"plot_calibration": PLOT, "secret": "<svg>no plot</svg>"},
        figures={"gauc": 0.71},
        trained_on={"rows": "<b>"},
        now=NOW,
    )


def staff(person, *codenames):
    person.is_staff = True
    person.save()
    for codename in codenames:
        person.user_permissions.add(
            Permission.objects.get(codename=codename, content_type__app_label="artefacts")
        )
    client = Client()
    client.force_login(person, backend="accounts.backends.PersonBackend")
    return client


@pytest.fixture
def looking(alice):
    return staff(alice, "view_artefact")


@pytest.fixture
def publishing(charlie):
    return staff(charlie, "view_artefact", "publish_artefact")


def at(version, rest=""):
    return f"/admin/artefacts/artefact/{version.pk}/{rest}"


def test_the_page_shows_figures_and_plots_and_the_list_its_state(version, looking):
    page = looking.get(at(version, "change/")).content.decode()
    assert "0.71" in page
    assert "&lt;b&gt;" in page
    assert f'src="{at(version)}plot/calibration.svg"' in page
    assert "Put in force" not in page
    assert "ranker 1" in looking.get("/admin/artefacts/artefact/").content.decode()


def test_a_plot_is_svg_that_can_do_nothing(version, looking):
    answer = looking.get(at(version, "plot/calibration.svg"))
    assert (answer.content.decode(), answer["Content-Type"]) == (PLOT, "image/svg+xml")
    assert answer["Content-Security-Policy"].startswith("default-src 'none'")
    assert "sandbox" in answer["Content-Security-Policy"]
    assert answer["X-Content-Type-Options"] == "nosniff"


def test_only_plots_are_served_and_only_to_staff(version, looking, bob):
    assert looking.get(at(version, "plot/secret.svg")).status_code == 404
    assert looking.get(at(version, "plot/plot_calibration.svg")).status_code == 404
    stranger = Client()
    stranger.force_login(bob, backend="accounts.backends.PersonBackend")
    for client in (Client(), stranger):
        assert client.get(at(version, "plot/calibration.svg")).status_code in (302, 403)
    assert staff(bob).get(at(version, "plot/calibration.svg")).status_code == 403


def test_publishing_needs_the_right_a_post_and_a_reason(version, looking, publishing):
    url = at(version, "publish/")
    assert looking.post(url, {"reason": "good"}).status_code == 403
    assert publishing.get(url).status_code == 404
    publishing.post(url, {"reason": ""})
    assert registry.in_force("ranker") is None
    assert "Put in force" in publishing.get(at(version, "change/")).content.decode()
    publishing.post(url, {"reason": "better GAUC"})
    version.refresh_from_db()
    assert (version.state, version.remark) == ("in_force", "better GAUC")
    assert version.published_by.username == "charlie"


def test_taking_back_from_the_page(version, publishing, looking):
    registry.publish(version, by=None, now=NOW)
    two = store.save("ranker", arrays={}, figures={}, trained_on={}, now=NOW)
    registry.publish(two, by=None, now=NOW + timedelta(minutes=1))
    assert looking.post(at(two, "roll-back/"), {"reason": "worse"}).status_code == 403
    assert "Take back" in publishing.get(at(two, "change/")).content.decode()
    publishing.post(at(two, "roll-back/"), {"reason": "worse"})
    two.refresh_from_db()
    assert (two.state, two.remark) == ("retired", "worse")
    assert Artefact.objects.get(state="in_force") == version
    publishing.post(at(two, "roll-back/"), {"reason": "twice"})
    assert Artefact.objects.get(state="in_force") == version
