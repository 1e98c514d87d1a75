"""The Python client, with its calls at hand, and how its refusals are read."""

from contextlib import contextmanager

import pytest
from runai import models
from runai.exceptions import ApiException

from calls import Calls
from transport import connect
from versions import is_older_than

# An id that a fresh server has not come to.
UNKNOWN_NUMBER = 999999

# Names that hold what a URL, a filter, a pattern or SQL gives a meaning to. No two of them hold the same piece.
AWKWARD_NAMES = [
    'Vision, speech @ "lab"',
    "100% + 1 & 2 = #3?",
    "O'Neil; DROP",
    "back\\slash",
    "under_score",
    "Zürich 研究 🚀",
    "a%20b%2Cc",
]


class Role:
    """The ids of predefined roles, the same in every installation."""

    SYSTEM_ADMINISTRATOR = 1
    EDITOR = 3
    RESEARCH_MANAGER = 4
    L1_RESEARCHER = 5
    VIEWER = 7
    L2_RESEARCHER = 8
    APPLICATION_ADMINISTRATOR = 1708
    DEPARTMENT_ADMINISTRATOR = 1710


class Client:
    """The Python client's calls, by the noun that they are about."""

    def __init__(self, transport, configuration):
        self.runai = connect(transport, configuration)
        access = self.runai.authentication_and_authorization
        self.users = Calls(access.users, transport)
        self.rules = Calls(access.access_rules, transport)
        self.roles = Calls(access.roles, transport)
        self.tokens = Calls(access.tokens, transport)
        self.permissions = Calls(access.permissions, transport)
        if not is_older_than("1.224.0"):
            self.service_accounts = Calls(access.service_accounts, transport)
            self.me = Calls(access.me, transport)
            self.idps = Calls(access.idps, transport)
            self.settings = Calls(access.settings, transport)
        organisation = self.runai.organizations
        self.clusters = Calls(organisation.clusters, transport)
        self.departments = Calls(organisation.departments, transport)
        self.projects = Calls(organisation.projects, transport)

    def close(self):
        """Closes its connections."""
        self.runai.close()
        # Otherwise it does so once more when it is collected.
        self.runai.api_client = None

    @property
    def token(self):
        """The access token that it sends."""
        return self.runai.api_client._token

    # The shorthands below make what most tests need before their story begins, and insist that it works.

    def create_user(self, email, permanent=False):
        """A local user; the answer has their `id` and `tempPassword`."""
        wanted = {"resetPassword": False} if permanent else {}
        return self.users.create_user(models.UserCreationRequest1(email=email, **wanted)).data

    def create_service_account(self, name):
        """A service account; the answer has its `clientId` and `clientSecret`."""
        # By no call of the client's, since 1.218.0 has none.
        return self.runai.api_client.call_api("POST", "/api/v1/service-accounts", body={"name": name}).data

    def create_role(self, name, permissions):
        """A role of the organization's own, with the actions by type of resource."""
        # By no call of the client's: its roles are read only.
        lines = [{"resourceType": of, "actions": actions} for of, actions in permissions.items()]
        body = {"name": name, "permissions": lines}
        return self.runai.api_client.call_api("POST", "/api/v2/authorization/roles", body=body).data

    def grant(self, subject, role, scope, subject_type="user"):
        """An access rule. A scope is a pair of its type and its id, as `Organisation` gives them."""
        scope_type, scope_id = scope
        return self.rules.create_access_rule(
            models.AccessRuleCreationFields(
                subjectId=subject, subjectType=subject_type, roleId=role, scopeType=scope_type, scopeId=scope_id
            )
        ).data

    def revoke(self, rule):
        """Deletes an access rule."""
        assert self.rules.delete_access_rule(rule["id"]).status_code == 204

    def create_cluster(self, name):
        """A cluster, with its default department."""
        return self.clusters.create_cluster(models.ClusterCreationRequest(name=name)).data

    def create_department(self, name, cluster):
        """A department in a cluster."""
        request = models.DepartmentCreationRequest(name=name, clusterId=cluster["uuid"], resources=[])
        return self.departments.create_department(request).data

    def create_project(self, name, department):
        """A project in a department."""
        request = models.ProjectCreationRequest(
            name=name, clusterId=department["clusterId"], parentId=department["id"], resources=[]
        )
        return self.projects.create_project(request).data

    def names_of_projects(self):
        """The names of the projects that it sees; none when it may not even ask."""
        try:
            return sorted(project["name"] for project in self.projects.get_projects().data["projects"])
        except ApiException as error:
            assert error.status == 403, f"a list of projects answered {error}"
            return []


@contextmanager
def refused(*statuses):
    """What happens inside is refused with one of these statuses; yields pytest's information on the refusal.

    Every refusal has the house's shape, so each one is looked at: the status once more, and words for its reader.
    """
    with pytest.raises(ApiException) as refusal:
        yield refusal
    error = refusal.value
    assert error.status in statuses, f"expected {statuses}: {error}"
    models.Error.model_validate(error.data)
    assert error.data["code"] == error.status
    assert error.data["message"]


def refused_by_name(word, call):
    """A malformed request: 400, and the message names what is wrong with it."""
    with refused(400) as refusal:
        call()
    assert word in refusal.value.data["message"], refusal.value.data
