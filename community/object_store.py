"""Files in an object store that speaks S3, instead of in folders of the data.

Read by the settings, so nothing here may import Django's applications. The address carries a key:
what is said about a wrong one never repeats it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from importlib.util import find_spec
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from django.core.exceptions import ImproperlyConfigured

from community.secret_files import secret

Config = dict[str, Any]

NAME = "ROCKPOOL_MEDIA_URL"
FORM = "s3://key:secret@host:9000/bucket or s3://key:secret@host/bucket/folder?region=eu-west-1"
BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
# What lies in the store: what views show after they checked, and what only its owner may fetch.
KINDS = ("media", "private")
# Until the next byte. A store that does not answer must not hold a page; workers have time.
CONNECT_SECONDS, READ_SECONDS, READ_SECONDS_OF_WEB = 3, 20, 4


def stores(environment: Mapping[str, str]) -> Config:
    """STORAGES "media" and "private" for ROCKPOOL_MEDIA_URL; none where files lie in folders.

    The query may say `region`, and `tls=0` for a store that is asked over http. Raises
    ImproperlyConfigured.
    """
    address = secret("ROCKPOOL_MEDIA_URL", environment=environment)
    if not address:
        return {}
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        raise ImproperlyConfigured(
            f"{NAME} cannot be read: characters such as / + @ in a key are written as %2F %2B %40."
        ) from None
    asked = dict(parse_qsl(parts.query, keep_blank_values=True))
    bucket, _slash, folder = parts.path.strip("/").partition("/")
    if parts.scheme != "s3" or not parts.hostname or parts.fragment:
        raise ImproperlyConfigured(f"{NAME} looks like {FORM}")
    if not BUCKET.fullmatch(bucket):
        raise ImproperlyConfigured(f"{NAME} names no bucket: {FORM}")
    if unknown := sorted(asked.keys() - {"region", "tls"}):
        raise ImproperlyConfigured(f"{NAME} asks for unknown {', '.join(unknown)}.")
    if not (parts.username and parts.password):
        raise ImproperlyConfigured(f"{NAME} has no key and secret: {FORM}")
    if find_spec("storages") is None or find_spec("boto3") is None:
        raise ImproperlyConfigured(
            f"{NAME} needs the package django-storages: pip install -r requirements-scaled.txt"
        )
    scheme = "http" if asked.get("tls") == "0" else "https"
    shared = {
        "access_key": unquote(parts.username),
        "secret_key": unquote(parts.password),
        "bucket_name": bucket,
        "endpoint_url": f"{scheme}://{parts.hostname}{f':{port}' if port else ''}",
        "region_name": asked.get("region") or "us-east-1",
        "client_config": _client(web=environment.get("ROCKPOOL_PROCESS") == "web"),
        # Names are tokens of ours: what is written again is the same thing.
        "file_overwrite": True,
        # As the bucket says, which nobody but us may read.
        "default_acl": None,
        "object_parameters": {"CacheControl": "private"},
    }
    return {kind: _store(kind, folder.strip("/"), shared) for kind in KINDS}


def _store(kind: str, folder: str, shared: Config) -> Config:
    location = f"{folder}/{kind}" if folder else kind
    return {
        "BACKEND": "storages.backends.s3.S3Storage",
        "OPTIONS": {**shared, "location": location},
    }


def _client(*, web: bool) -> Any:
    from botocore.config import Config as ClientConfig

    return ClientConfig(
        connect_timeout=CONNECT_SECONDS,
        read_timeout=READ_SECONDS_OF_WEB if web else READ_SECONDS,
        # Once more, because a kept connection may have been closed meanwhile.
        retries={"total_max_attempts": 2, "mode": "standard"},
        signature_version="s3v4",
        # Stores of one's own have no host name for each bucket.
        s3={"addressing_style": "path"},
        # Not every store knows the newer checksums; TLS and the length guard the bytes.
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
    )
