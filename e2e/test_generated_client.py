"""A client that `openapi-python-client` makes of the API document, and what people do with one: all of it typed."""

import importlib
import subprocess
import sys
from http import HTTPStatus

import pytest

from client import Role
from rolecall import ADMINISTRATOR, ADMINISTRATORS_PASSWORD
from versions import told_once

pytestmark = told_once

PACKAGE = "generated_rolecall"
ANA = "ana@example.com"


@pytest.fixture
def generated(server, tmp_path, monkeypatch):
    """The modules of the client, made of the document that the server serves; a warning is a failure."""
    settings = tmp_path / "settings.yaml"
    settings.write_text("post_hooks: []\n")
    generate = [sys.executable, "-m", "openapi_python_client", "generate", "--fail-on-warning", "--meta", "none"]
    generate += ["--url", f"{server.url}/api/openapi.json", "--output-path", str(tmp_path / PACKAGE)]
    made = subprocess.run([*generate, "--config", str(settings)], capture_output=True, text=True, check=False)
    assert made.returncode == 0, made.stdout + made.stderr

    monkeypatch.syspath_prepend(tmp_path)
    yield lambda name: importlib.import_module(f"{PACKAGE}.{name}")
    for name in [name for name in sys.modules if name.split(".")[0] == PACKAGE]:
        del sys.modules[name]


@pytest.fixture
def call(server, generated):
    """Makes the call `group.operation` as the first administrator, and insists on a status that its model reads."""
    models = generated("models")
    plain = generated("client").Client(base_url=server.url, raise_on_unexpected_status=True)
    signing_in = models.TokenRequest(
        grant_type=models.GrantType.PASSWORD, username=ADMINISTRATOR, password=ADMINISTRATORS_PASSWORD
    )
    tokens = generated("api.tokens.grant_token").sync(client=plain, body=signing_in)
    signed_in = generated("client").AuthenticatedClient(
        base_url=server.url, token=tokens.access_token, raise_on_unexpected_status=True
    )

    def call(operation, *arguments, status=HTTPStatus.OK, **named):
        answer = generated(f"api.{operation}").sync_detailed(*arguments, client=signed_in, **named)
        assert answer.status_code == status, f"{operation}: {answer.status_code} {answer.content}"
        return answer.parsed

    return call


def test_people_and_rules_are_managed(generated, call, organisation):
    models = generated("models")
    created = call("users.create_user", body=models.NewUser(email=ANA), status=HTTPStatus.CREATED)
    assert created.username == ANA and created.temp_password

    rule = call(
        "access_rules.create_access_rule",
        body=models.NewAccessRule(
            subject_id=ANA,
            subject_type=models.SubjectType.USER,
            role_id=Role.VIEWER,
            scope_id=organisation.research["id"],
            scope_type=models.ScopeType.DEPARTMENT,
        ),
        status=HTTPStatus.CREATED,
    )
    assert (rule.subject_type, rule.scope_type) == (models.SubjectType.USER, models.ScopeType.DEPARTMENT)
    assert rule.status.phase == models.RulePhase.READY
    assert rule.deleted_at is None and rule.created_at == rule.updated_at

    newest_first = {"sort_by": models.ListUsersSortBy.CREATIONTIME, "sort_order": models.ListUsersSortOrder.DESC}
    listed = call("users.list_users", **newest_first, limit=1)
    assert [user.username for user in listed] == [ANA]
    assert listed[0].id == created.id and listed[0].temporary_password and listed[0].last_login is None

    found = call("access_rules.list_access_rules", subject_type=models.SubjectType.USER, subject_id_filter=ANA)
    assert [it.id for it in found.access_rules] == [rule.id]

    # An id is a number or a text.
    batch = models.AccessRulesBatch(ids=[rule.id, "999999"], action=models.BatchAction.DELETE)
    told = call("access_rules.access_rules_batch", body=batch)
    assert told.succeeded == [str(rule.id)] and [it.code for it in told.failed] == [HTTPStatus.NOT_FOUND]

    refused = call("access_rules.get_access_rule", 999999, status=HTTPStatus.NOT_FOUND)
    assert isinstance(refused, models.ErrorBody) and refused.code == HTTPStatus.NOT_FOUND


def test_decisions_are_asked_for(generated, call, organisation):
    models = generated("models")
    root = models.AuthzenSubject(type_="user", id=ADMINISTRATOR)
    read = models.AuthzenAction(name="read")
    vision = models.AuthzenResource(type_="project", id=f"project:{organisation.vision['id']}")

    decision = call("decisions.evaluate", body=models.EvaluationRequest(subject=root, action=read, resource=vision))
    assert decision.decision and decision.context.rules[0].scope_type == models.ScopeType.TENANT

    stranger = models.EvaluationItem(subject=models.AuthzenSubject(type_="user", id=ANA))
    several = models.EvaluationsRequest(
        action=read,
        resource=vision,
        evaluations=[models.EvaluationItem(subject=root), stranger],
        options=models.EvaluationsOptions(evaluations_semantic=models.EvaluationsSemantic.EXECUTE_ALL),
    )
    told = call("decisions.evaluate_all", body=several)
    assert isinstance(told, models.Decisions)
    assert [it.decision for it in told.evaluations] == [True, False]
    assert told.evaluations[1].context.code == models.DenialCode.NO_RULE
    alone = call("decisions.evaluate_all", body=models.EvaluationsRequest(subject=root, action=read, resource=vision))
    assert isinstance(alone, models.DecisionAnswer) and alone.decision

    who = models.SubjectSearchRequest(
        subject=models.AuthzenType(type_="user"),
        action=read,
        resource=vision,
        page=models.SubjectPageRequest(limit=10),
    )
    assert ADMINISTRATOR in [it.id for it in call("decisions.search_subjects", body=who).results]


def test_the_rest_is_read(generated, call, organisation):
    models = generated("models")
    cluster = call("organization.list_clusters", verbosity=models.ListClustersVerbosity.METADATA)[0]
    assert cluster.name == organisation.cluster["name"] and str(cluster.uuid) == organisation.cluster["uuid"]
    departments = call("organization.list_departments", sort_by=models.ListDepartmentsSortBy.NAME)
    assert [it.name for it in departments.departments] == ["default", "research", "sales"]
    new = models.NewProject(name="late", cluster_id=cluster.uuid, parent_id=organisation.research["id"])
    project = call("organization.create_project", body=new, status=HTTPStatus.CREATED)
    assert call("organization.get_project", project.id).parent_id == organisation.research["id"]

    roles = {role.id: role for role in call("roles.list_roles")}
    assert models.Action.CREATE in roles[Role.SYSTEM_ADMINISTRATOR].permissions[0].actions
    question = models.PermittedScopesQuestion(
        resource_type=models.ResourceType.PROJECT, action=models.ScopedAction.READ
    )
    assert call("permissions.get_permitted_scopes", body=question).read.tenants
    effective = call(
        "permissions.get_effective_permissions", subject_type=models.SubjectType.USER, subject_id=ADMINISTRATOR
    )
    assert effective.scopes[0].path[0].scope_type == models.ScopeType.TENANT
    assert call("tokens.openid_configuration").jwks_uri.endswith("/.well-known/jwks.json")
    assert call("health.readyz").status == models.HealthStatus.OK
