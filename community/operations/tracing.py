"""Traces by OpenTelemetry, where an operator names a collector: requests, statements, tasks, jobs.

Spans are made here and not by instrumentations of others, which note addresses of pages and of
machines, messages of errors and who asks. What is said of each stands in this file: names of
routes, tasks and kinds, and statements without values. The ids are those of the log (logs.py), so
that an answer's X-Request-ID leads to its trace and to its lines.

Nothing of OpenTelemetry is imported before `start`, which nobody calls without a collector.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from importlib.util import find_spec
from typing import Any

from celery.signals import task_postrun, task_prerun, worker_process_shutdown
from django.conf import settings
from django.core.exceptions import MiddlewareNotUsed
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.signals import connection_created
from django.http import HttpRequest, HttpResponse

from . import installation, logs, slow

logger = logging.getLogger(__name__)

PACKAGE = "opentelemetry.exporter.otlp.proto.http"
INSTALL = "pip install -r requirements-telemetry.txt"
# A collector that hangs is waited for by a thread of its own, and at the end of a process.
EXPORT_SECONDS, FLUSH_MILLISECONDS = 5, 2_000
SERVER_ERROR = 500

_provider: Any = None
_tracer: Any = None
# Task id → what ends with it.
_running: dict[str, ExitStack] = {}


# ---------------------------------------------------------------- whether
def is_missing() -> bool:
    """Whether the packages are not installed."""
    try:
        return find_spec(PACKAGE) is None
    except ModuleNotFoundError:  # of one of the packages around it
        return True


def start(endpoint: str) -> None:
    """Send spans of this process, and of those it forks, to `endpoint`/v1/traces."""
    global _provider, _tracer
    if is_missing():
        logger.error("ROCKPOOL_OTLP_ENDPOINT is set, and its packages are missing: %s", INSTALL)
        return
    from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
    from opentelemetry.sdk.resources import Resource
    from opentelemetry.sdk.trace import TracerProvider
    from opentelemetry.sdk.trace.export import BatchSpanProcessor

    about = {"service.name": "rockpool", "service.version": installation.version()}
    address = f"{endpoint.rstrip('/')}/v1/traces"
    _provider = TracerProvider(resource=Resource.create(about))
    _provider.add_span_processor(
        BatchSpanProcessor(OTLPSpanExporter(endpoint=address, timeout=EXPORT_SECONDS))
    )
    _tracer = _provider.get_tracer("rockpool")
    connection_created.connect(_watch, dispatch_uid="traced statements")
    task_prerun.connect(_begin_task, dispatch_uid="traced tasks")
    task_postrun.connect(_end_task, dispatch_uid="traced tasks")
    # Task processes end without the interpreter's farewell.
    worker_process_shutdown.connect(_flush, dispatch_uid="traces of this process")


def stop() -> None:
    """Send what is left, and make no more."""
    global _provider, _tracer
    if _provider is not None:
        _provider.shutdown()
    _provider = _tracer = None


def _flush(**_: Any) -> None:
    if _provider is not None:
        _provider.force_flush(FLUSH_MILLISECONDS)


# ---------------------------------------------------------------- spans
@contextmanager
def span(name: str, *, parent: Any = None, **attributes: str | int) -> Iterator[Any]:
    """One span with the ids of the log and these attributes (`a__b` is named a.b). Of an error it
    says the type: messages quote what people wrote."""
    if _tracer is None:
        yield None
        return
    from opentelemetry.trace import StatusCode

    said: dict[str, str | int] = {f"rockpool.{key}": value for key, value in logs.ids().items()}
    said |= {key.replace("__", "."): value for key, value in attributes.items()}
    with _tracer.start_as_current_span(
        name, context=parent, attributes=said, record_exception=False, set_status_on_exception=False
    ) as made:
        try:
            yield made
        except BaseException as error:
            made.set_attribute("error.type", type(error).__name__)
            made.set_status(StatusCode.ERROR)
            raise


class TraceRequests:
    """Right behind CountRequests, which gives the request its id."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        if _tracer is None:
            raise MiddlewareNotUsed
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        from opentelemetry.trace import StatusCode

        method = request.method or ""
        with span(method, parent=_around(request), http__request__method=method) as made:
            response = self.get_response(request)
            if made is None:
                return response
            static = request.path_info.startswith(settings.STATIC_URL)
            route = "static" if static else logs.route_of(request)
            made.update_name(f"{method} {route}")
            made.set_attribute("http.route", route)
            made.set_attribute("http.response.status_code", response.status_code)
            if response.status_code >= SERVER_ERROR:
                made.set_status(StatusCode.ERROR)
            return response


def _around(request: HttpRequest) -> Any:
    """The span of a trusted proxy: strangers could make us keep whatever they like."""
    given = request.headers.get("traceparent", "")
    if not (settings.TRUSTED_PROXIES and given):
        return None
    from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

    return TraceContextTextMapPropagator().extract({"traceparent": given})


# ---------------------------------------------------------------- statements
def _watch(connection: BaseDatabaseWrapper, **_: Any) -> None:
    if _traced not in connection.execute_wrappers:
        connection.execute_wrappers.append(_traced)


def _traced(
    execute: Callable[..., Any], sql: Any, params: Any, many: bool, context: dict[str, Any]
) -> Any:
    """Inside a span only: what threads ask by themselves, five times a second, tells nothing."""
    if _tracer is None or not _is_inside():
        return execute(sql, params, many, context)
    said = slow.without_values(str(sql))
    vendor = context["connection"].vendor
    with span(
        said.partition(" ")[0].upper() or "SQL",
        db__system__name=vendor, db__query__text=said, db__namespace=context["connection"].alias,
    ):  # fmt: skip
        return execute(sql, params, many, context)


def _is_inside() -> bool:
    from opentelemetry.trace import get_current_span

    return bool(get_current_span().is_recording())


# ---------------------------------------------------------------- tasks and jobs
def _begin_task(task_id: str, task: Any, **_: Any) -> None:
    stack = ExitStack()
    stack.enter_context(logs.about(task=task_id))
    stack.enter_context(span(f"task {task.name}", rockpool__task_name=task.name))
    _running[task_id] = stack


def _end_task(task_id: str, state: str | None = None, **_: Any) -> None:
    stack = _running.pop(task_id, None)
    if stack is None:
        return
    if state == "FAILURE" and _tracer is not None:
        from opentelemetry.trace import StatusCode, get_current_span

        get_current_span().set_status(StatusCode.ERROR)
    stack.close()


@contextmanager
def around_job() -> Iterator[None]:
    """One of outbox.jobs.AROUND_EACH."""
    kind = logs.ids().get("job", "").partition("#")[0]
    with span(f"job {kind}", rockpool__job_kind=kind):
        yield
