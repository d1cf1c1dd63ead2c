"""The desk of rules: write one, try it, shadow it, put it live, roll it back."""

from __future__ import annotations

from typing import Any, ClassVar

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import Count, Q, QuerySet
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404
from django.template.response import TemplateResponse
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.errors import DomainError, Invalid
from community.look_only import LookOnly

from . import dry_runs, services, showing
from .forms import RuleForm, WhyForm, initial_of
from .models import DryRun, Hit, Rule, RuleChange, RuleVersion
from .word_list import written_out

State = RuleVersion.State
HITS_SHOWN = 20


@admin.register(Rule)
class RuleAdmin(LookOnly, admin.ModelAdmin):
    change_list_template = "admin/rules/list.html"
    list_display = ("name", "kind", "standing", "live_hits")
    list_filter = ("kind",)
    search_fields = ("name",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Rule]:
        counted = Count("versions__hits", filter=~Q(versions__hits__done=""))
        return super().get_queryset(request).annotate(acted=counted).prefetch_related("versions")

    @admin.display(description=gettext_lazy("state"))
    def standing(self, rule: Rule) -> str:
        watching = [v for v in rule.versions.all() if v.state not in (State.REPLACED,)]
        said = [f"{version.get_state_display()} ({version.number})" for version in watching[:2]]
        return " · ".join(said) or "–"

    @admin.display(description=gettext_lazy("hits"), ordering="acted")
    def live_hits(self, rule: Rule) -> int:
        return rule.acted  # type: ignore[attr-defined]

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("write/<slug:kind>/", view(self.write), name="rules_write"),
            path("<int:pk>/rewrite/", view(self.rewrite), name="rules_rewrite"),
            path("version/<int:pk>/act/", view(self.act), name="rules_act"),
            path("version/<int:pk>/words.csv", view(self.words), name="rules_words"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        kinds = Rule.Kind.choices if request.user.has_perm(services.WRITE) else []
        return super().changelist_view(request, {"kinds": kinds} | (extra_context or {}))

    # ---------------------------------------------------------------- writing
    def write(self, request: HttpRequest, kind: str) -> HttpResponse:
        if kind not in Rule.Kind.values:
            raise Http404
        return self._form(request, kind, None)

    def rewrite(self, request: HttpRequest, pk: int) -> HttpResponse:
        rule = get_object_or_404(Rule, pk=pk)
        return self._form(request, rule.kind, rule)

    def _form(self, request: HttpRequest, kind: str, rule: Rule | None) -> HttpResponse:
        if not request.user.has_perm(services.WRITE):
            raise PermissionDenied
        last = rule.versions.select_related("rule").first() if rule else None
        initial = initial_of(last) if last else {"places": ["note"], "act": "hold"}
        posted = (request.POST, request.FILES) if request.method == "POST" else (None, None)
        form = RuleForm(kind, *posted, is_new=rule is None, initial=initial)
        status = 200
        if request.method == "POST":
            status = 400
            if form.is_valid():
                try:
                    return self._written(request, kind, rule, form)
                except Invalid as refusal:
                    _add(form, refusal)
        context = {
            **self.admin_site.each_context(request),
            "title": rule or Rule.Kind(kind).label,
            "opts": self.opts,
            "form": form,
            "rule": rule,
        }
        return TemplateResponse(request, "admin/rules/form.html", context, status=status)

    def _written(
        self, request: HttpRequest, kind: str, rule: Rule | None, form: RuleForm
    ) -> HttpResponse:
        facts: dict[str, Any] = {
            "by": request.user, "draft": form.draft(), "now": timezone.now(),
        }  # fmt: skip
        if rule is None:
            version = services.write_rule(name=form.cleaned_data["name"], kind=kind, **facts)
        else:
            version = services.rewrite_rule(rule_id=rule.pk, **facts)
        messages.success(request, _("Written as a draft: try it before it may do anything."))
        return HttpResponseRedirect(_page_of(version.rule_id))

    # ---------------------------------------------------------------- one rule
    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        if not self.has_view_permission(request):
            raise PermissionDenied
        if not object_id.isdecimal():
            raise Http404
        return self._page(request, get_object_or_404(Rule, pk=object_id))

    def act(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Do one step with a version; the services decide whether it may be done."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        version = get_object_or_404(RuleVersion, pk=pk)
        form = WhyForm(request.POST or None)
        if request.method != "POST" or not form.is_valid():
            return HttpResponseRedirect(_page_of(version.rule_id))
        step, why = form.cleaned_data["act"], form.cleaned_data["why"]
        try:
            _do(step, version, request, why)
        except DomainError as refusal:
            messages.error(request, str(refusal))
            return self._page(request, version.rule, status=refusal.status)
        self.log_change(request, version.rule, f"{step} {version.number}: {why}")
        messages.success(request, DONE[step])
        return HttpResponseRedirect(_page_of(version.rule_id))

    def words(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The list of a version as a file, ready to be changed and brought back."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        version = get_object_or_404(RuleVersion, pk=pk, rule__kind=Rule.Kind.WORDS)
        text = "word,sound,inside\n" + written_out(map(tuple, version.settings["words"])) + "\n"
        answer = HttpResponse(text, content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="words-{version.pk}.csv"'
        return answer

    def _page(self, request: HttpRequest, rule: Rule, *, status: int = 200) -> HttpResponse:
        versions = list(
            rule.versions.prefetch_related("dry_runs").annotate(
                counted=Count("hits"), undone=Count("hits", filter=Q(hits__undone_at__isnull=False))
            )
        )
        first = [v for v in versions if v.state in (State.DRAFT, State.SHADOW, State.LIVE)]
        context = {
            **self.admin_site.each_context(request),
            "title": str(rule),
            "opts": self.opts,
            "rule": rule,
            "shown": [self._version(request, version) for version in first or versions[:1]],
            "versions": versions,
            "history": RuleChange.objects.filter(version__rule=rule).select_related(
                "by", "version"
            ),
            "may_write": request.user.has_perm(services.WRITE),
        }
        return TemplateResponse(request, "admin/rules/rule.html", context, status=status)

    def _version(self, request: HttpRequest, version: RuleVersion) -> dict[str, Any]:
        run = version.dry_runs.first()
        hits = version.hits.exclude(done="refuse").select_related("author")[:HITS_SHOWN]
        sample = run.found.select_related("author")[: dry_runs.SAMPLE] if run else ()
        return {
            "version": version,
            "lines": showing.settings_lines(version.rule.kind, version.settings),
            "run": run,
            "sample": showing.shown(sample),
            "hits": showing.shown(hits),
            "acts": _steps(version, run, request),
            "act_url": reverse("admin:rules_act", args=[version.pk]),
        }


DONE = {
    "try": gettext_lazy("It is being tried on the last 30 days. Look again in a moment."),
    "shadow": gettext_lazy("In shadow: it counts what it would do, and does nothing."),
    "live": gettext_lazy("Live: from now on it acts."),
    "roll_back": gettext_lazy("Rolled back: what it did is being undone."),
}
LABELS = {
    "try": gettext_lazy("Try it on the last 30 days"),
    "shadow": gettext_lazy("Put it in shadow"),
    "live": gettext_lazy("Put it live"),
    "roll_back": gettext_lazy("Roll it back"),
}


def _steps(version: RuleVersion, run: DryRun | None, request: HttpRequest) -> list[tuple[str, Any]]:
    """What this person may do with a version now, the usual next step first."""
    steps = []
    tried = run is not None and run.state == DryRun.State.DONE
    if request.user.has_perm(services.WRITE):
        steps += ["shadow"] if tried and version.state == State.DRAFT else []
        steps += ["try"] if run is None or tried else []
    if request.user.has_perm(services.RUN):
        steps += ["live"] if tried and version.state in (State.DRAFT, State.SHADOW) else []
        steps += ["roll_back"] if version.state in (State.LIVE, State.SHADOW) else []
    return [(step, LABELS[step]) for step in steps]


def _do(step: str, version: RuleVersion, request: HttpRequest, why: str) -> None:
    facts: dict[str, Any] = {
        "by": request.user, "version_id": version.pk, "now": timezone.now(),
    }  # fmt: skip
    if step == "try":
        dry_runs.start(**facts)
    elif step == "shadow":
        services.shadow(why=why, **facts)
    elif step == "live":
        services.go_live(why=why, **facts)
    elif step == "roll_back":
        services.roll_back(why=why, **facts)
    else:
        raise Invalid


def _add(form: RuleForm, refusal: Invalid) -> None:
    """A refusal at its field, if the form has it; bad lines one by one."""
    name = "words_to_author" if refusal.field == "words" and "words" not in form.fields else ""
    name = name or (refusal.field if refusal.field in form.fields else "")
    for line in str(refusal).split("\n"):
        form.add_error(name or None, line)


def _page_of(rule_id: int) -> str:
    return reverse("admin:rules_rule_change", args=[rule_id])


@admin.register(Hit)
class HitAdmin(LookOnly, admin.ModelAdmin):
    """What rules found, as it came."""

    list_display = ("at", "version", "place", "note", "comment", "author", "done", "undone_at")
    list_filter = ("done", "place", ("version__rule", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("version__rule", "note", "comment", "author")
    show_full_result_count = False
    fields: ClassVar = list_display
    readonly_fields = list_display
