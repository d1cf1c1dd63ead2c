"""The address of an object store: what it says, and what is said of a wrong one."""

from __future__ import annotations

import pytest
from django.core.exceptions import ImproperlyConfigured

from community.object_store import stores


def told(address: str) -> dict[str, object]:
    pytest.importorskip("boto3", reason="needs requirements-scaled.txt")
    return {
        kind: store["OPTIONS"] for kind, store in stores({"ROCKPOOL_MEDIA_URL": address}).items()
    }


def test_without_an_address_files_lie_in_folders() -> None:
    assert stores({}) == {}
    assert stores({"ROCKPOOL_MEDIA_URL": " "}) == {}


def test_an_address_says_key_host_bucket_and_folder() -> None:
    found = told("s3://k%2Fy:se%40cret@store.example.org/pool.media/here?region=eu-west-1")
    assert found.keys() == {"media", "private"}
    media = found["media"]
    assert (media["access_key"], media["secret_key"]) == ("k/y", "se@cret")
    assert media["endpoint_url"] == "https://store.example.org"
    assert (media["bucket_name"], media["location"]) == ("pool.media", "here/media")
    assert media["region_name"] == "eu-west-1"
    assert found["private"]["location"] == "here/private"


def test_a_store_of_ones_own_may_be_asked_without_tls() -> None:
    found = told("s3://k:s@127.0.0.1:9000/pool?tls=0")
    assert found["media"]["endpoint_url"] == "http://127.0.0.1:9000"
    assert found["media"]["location"] == "media"


@pytest.mark.parametrize(
    "address",
    [
        "https://key:topsecret@host/bucket",
        "s3://key:topsecret@host",
        "s3://key:topsecret@host/UPPER",
        "s3://key:topsecret@host/bucket?acl=public-read",
        "s3://key:topsecret@host/bucket#x",
        "s3://key:topsecret@host:x/bucket",
        "s3://key:top/secret@host/bucket",
        "s3://host/bucket-topsecret",
        "s3:///bucket",
    ],
)
def test_a_wrong_address_is_refused_without_its_key(address: str) -> None:
    with pytest.raises(ImproperlyConfigured, match="ROCKPOOL_MEDIA_URL") as refused:
        stores({"ROCKPOOL_MEDIA_URL": address})
    assert "topsecret" not in str(refused.value)


def test_packages_that_are_missing_are_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("community.object_store.find_spec", lambda name: None)
    with pytest.raises(ImproperlyConfigured, match=r"requirements-scaled\.txt"):
        stores({"ROCKPOOL_MEDIA_URL": "s3://k:s@host/bucket"})
