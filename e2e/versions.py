"""Where the versions of the Python client differ, all of it.

The tests speak the words of the newest version. Here is what these are in an older one; what an older one has no word
for is marked with `since` where it is used, and is not collected with that version.
"""

from importlib.metadata import version

import pytest
from runai import models

NEWEST = "1.224.0"
VERSION = version("runapy")

# The names of calls. An older name without its number is another call, of an older API, and not meant by any test.
NAMES = {
    NEWEST: {},
    "1.218.0": {
        "create_user": "create_user_0",
        "get_users": "get_users_0",
        "get_user_by_id": "get_user_by_id_0",
        "delete_user_by_id": "delete_user_by_id_0",
        "get_roles_v1": "get_roles",
        "get_role_v1": "get_role",
    },
}[VERSION]

# Models with which answers are read. Where there is none, that of the older version knows only the resource types and the
# types of subjects of its time; its calls do not use it.
RoleInList = models.RoleV1 if VERSION == NEWEST else None
AccessRuleList = models.GetAccessRules200Response if VERSION == NEWEST else None
PermissionInList = models.Permission if VERSION == NEWEST else None
DepartmentInList = models.DepartmentForList if VERSION == NEWEST else models.GetDepartments200ResponseDepartmentsInner

# The type of a subject that is a service account.
SERVICE_ACCOUNT = "service-account" if VERSION == NEWEST else "app"


def read_as(model, answer):
    """Insists that the client's own model reads the answer, where it has one for it."""
    if model:
        model.model_validate(answer)


def since(first):
    """Marks a test, or a module, that needs what the client has since this version."""
    return pytest.mark.since(first)


def is_older_than(other):
    """Whether the client under test came before this version."""

    def parts(text):
        return tuple(int(part) for part in text.split("."))

    return parts(VERSION) < parts(other)


# A story about the server, in which the client is only the hand: told once, with the newest version.
told_once = since(NEWEST)
