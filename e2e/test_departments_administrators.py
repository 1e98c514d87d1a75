"""Two department administrators, each master of one branch; and nobody above what they hold."""

import pytest

from client import Client, Role, refused
from organisation import Organisation
from rolecall import ADMINISTRATOR, ADMINISTRATORS_PASSWORD
from versions import told_once

pytestmark = told_once

DORA = "dora@example.com"
SAM = "sam@example.com"
GUEST = "guest@example.com"

# What a Department administrator may pass on is what they hold: everything but what these three have beyond it.
BEYOND_A_DEPARTMENT_ADMINISTRATOR = [Role.SYSTEM_ADMINISTRATOR, Role.EDITOR, Role.APPLICATION_ADMINISTRATOR]


def person(server, automation, email, role, scope) -> Client:
    """A new user with a password of their own and one rule."""
    created = automation.create_user(email, permanent=True)
    automation.grant(email, role, scope)
    return server.person(email, created["tempPassword"])


@pytest.fixture
def dora(server, automation, organisation) -> Client:
    """Department administrator in Research."""
    return person(server, automation, DORA, Role.DEPARTMENT_ADMINISTRATOR, organisation.in_research)


@pytest.fixture
def sam(server, automation, organisation) -> Client:
    """Department administrator in Sales."""
    return person(server, automation, SAM, Role.DEPARTMENT_ADMINISTRATOR, organisation.in_sales)


def facts(automation):
    """All rules, users, projects and departments, for showing that nothing has changed."""
    return {
        "rules": sorted(rule["id"] for rule in automation.rules.get_access_rules(limit=500).data["accessRules"]),
        "users": automation.users.get_users().data,
        "projects": automation.names_of_projects(),
        "departments": sorted(it["name"] for it in automation.departments.get_departments().data["departments"]),
    }


def rules_seen(client):
    listed = client.rules.get_access_rules(limit=500).data
    assert listed["totalRecords"] == listed["displayRecords"] == len(listed["accessRules"])
    return sorted((rule["subjectId"], rule["scopeName"]) for rule in listed["accessRules"])


def works_in(client, department):
    """All that a department administrator does for a living, in one department."""
    project = client.create_project("pilot", department)
    assert client.projects.get_project(project["id"]).data["parentId"] == department["id"]
    for role, scope in [
        (Role.DEPARTMENT_ADMINISTRATOR, ("department", department["id"])),
        (Role.RESEARCH_MANAGER, ("department", department["id"])),
        (Role.L1_RESEARCHER, ("project", project["id"])),
        (Role.L2_RESEARCHER, ("project", project["id"])),
    ]:
        rule = client.grant(GUEST, role, scope)
        assert client.rules.get_access_rule(rule["id"]).data["subjectId"] == GUEST
        client.revoke(rule)
        with refused(404):
            client.rules.delete_access_rule(rule["id"])
    assert client.projects.delete_project(project["id"]).status_code == 204
    with refused(404):
        client.projects.get_project(project["id"])


def test_each_does_in_their_own_branch_what_they_may(dora, sam, organisation):
    works_in(dora, organisation.research)
    works_in(sam, organisation.sales)


def test_each_sees_their_own_branch_and_no_trace_of_the_other(automation, organisation, dora, sam):
    automation.grant(GUEST, Role.L1_RESEARCHER, organisation.in_vision)
    automation.grant(GUEST, Role.L1_RESEARCHER, organisation.in_pricing)

    assert dora.names_of_projects() == ["speech", "vision"]
    assert sam.names_of_projects() == ["pricing"]
    assert rules_seen(dora) == [(DORA, "research"), (GUEST, "vision")]
    assert rules_seen(sam) == [(GUEST, "pricing"), (SAM, "sales")]
    assert dora.rules.count_access_rules().data == {"count": 2}
    # A search for what lies in the other branch finds no more than a search for what exists nowhere.
    assert dora.rules.get_access_rules(search="pricing").data["totalRecords"] == 0
    assert (
        dora.rules.get_access_rules(scope_type="department", scope_id=organisation.sales["id"]).data["accessRules"]
        == []
    )
    assert dora.projects.get_projects(filter_by=["name==pricing"]).data["projects"] == []
    departments = dora.departments.get_departments().data["departments"]
    assert [department["name"] for department in departments] == ["research"]


def test_in_the_others_branch_each_is_refused_and_nothing_happens(automation, organisation, dora, sam):
    in_research = automation.grant(GUEST, Role.L1_RESEARCHER, organisation.in_vision)
    in_sales = automation.grant(GUEST, Role.L1_RESEARCHER, organisation.in_pricing)
    before = facts(automation)

    for stranger, department, project, rule in [
        (dora, organisation.sales, organisation.pricing, in_sales),
        (sam, organisation.research, organisation.vision, in_research),
    ]:
        # What they may not see does not exist for them.
        with refused(404):
            stranger.departments.get_department(department["id"])
        with refused(404):
            stranger.departments.delete_department(department["id"])
        with refused(404):
            stranger.projects.get_project(project["id"])
        with refused(404):
            stranger.projects.delete_project(project["id"])
        with refused(404):
            stranger.rules.get_access_rule(rule["id"])
        with refused(404):
            stranger.rules.delete_access_rule(rule["id"])
        with refused(403, 404):
            stranger.create_project("outpost", department)
        for scope in [("department", department["id"]), ("project", project["id"])]:
            with refused(403, 404):
                stranger.grant(GUEST, Role.VIEWER, scope)

    assert facts(automation) == before


def test_what_is_hidden_reads_like_what_does_not_exist(organisation, dora):
    """Otherwise the refusal itself would tell that there is something."""
    with refused(404) as hidden:
        dora.projects.get_project(organisation.pricing["id"])
    with refused(404) as missing:
        dora.projects.get_project("999999")
    there, nowhere = hidden.value.data, missing.value.data
    assert there["message"].replace(organisation.pricing["id"], "…") == nowhere["message"].replace("999999", "…")


def test_above_and_beside_their_department_they_are_refused(automation, account, organisation, dora):
    before = facts(automation)
    with refused(403):
        dora.create_department("outpost", organisation.cluster)
    with refused(403):
        dora.departments.delete_department(organisation.research["id"])
    with refused(403):
        dora.create_cluster("gpu-west")
    with refused(403):
        dora.clusters.delete_cluster(organisation.cluster["uuid"])
    for scope in [account, organisation.in_cluster]:
        with refused(403, 404):
            dora.grant(GUEST, Role.VIEWER, scope)
    # Users and service accounts belong to the account: they may pick from them, and no more.
    with refused(403):
        dora.create_user("newcomer@example.com")
    with refused(403):
        dora.create_service_account("newcomer")
    assert facts(automation) == before


def test_they_grant_no_more_than_they_hold(automation, organisation, dora):
    before = facts(automation)
    for role in BEYOND_A_DEPARTMENT_ADMINISTRATOR:
        for scope in [organisation.in_research, organisation.in_vision]:
            with refused(403):
                dora.grant(GUEST, role, scope)
            # Not to themselves either.
            with refused(403):
                dora.grant(DORA, role, scope)
    assert facts(automation) == before


def test_they_remove_no_rule_that_is_more_than_they_hold(automation, account, organisation, dora):
    editor = automation.grant(GUEST, Role.EDITOR, organisation.in_vision)
    everywhere = automation.grant(GUEST, Role.VIEWER, account)
    (system,) = automation.rules.get_access_rules(subject_ids=[ADMINISTRATOR]).data["accessRules"]

    # The first they see, for it holds in their branch; the other two lie above it.
    assert dora.rules.get_access_rule(editor["id"]).data["roleName"] == "Editor"
    with refused(403):
        dora.rules.delete_access_rule(editor["id"])
    for rule in [everywhere, system]:
        with refused(403, 404):
            dora.rules.delete_access_rule(rule["id"])
    for rule in [editor, everywhere, system]:
        assert automation.rules.get_access_rule(rule["id"]).data["id"] == rule["id"]


def test_they_take_over_nobody(server, automation, dora):
    (administrator,) = automation.users.get_users(filter_by=[f"username=={ADMINISTRATOR}"]).data
    (robot,) = automation.service_accounts.get_service_accounts().data
    for refused_call in [
        lambda: dora.users.reset_user_password(administrator["id"]),
        lambda: dora.users.logout_user(administrator["id"]),
        lambda: dora.users.delete_user_by_id(administrator["id"]),
        lambda: dora.service_accounts.regenerate_service_account_secret(robot["id"]),
        lambda: dora.service_accounts.delete_service_account_by_id(robot["id"]),
    ]:
        with refused(403):
            refused_call()
    # They go on as before.
    assert server.try_to_sign_in(ADMINISTRATOR, ADMINISTRATORS_PASSWORD).status_code == 200
    assert automation.users.count_users().status_code == 200


def test_all_permissions_in_one_branch_are_none_over_those_who_hold_more(server, automation, organisation, account):
    """A System administrator of one department is still nobody at the account."""
    head = person(server, automation, DORA, Role.SYSTEM_ADMINISTRATOR, organisation.in_research)
    (administrator,) = automation.users.get_users(filter_by=[f"username=={ADMINISTRATOR}"]).data

    head.revoke(head.grant(GUEST, Role.EDITOR, organisation.in_research))
    with refused(403):
        head.users.reset_user_password(administrator["id"])
    with refused(403):
        head.users.delete_user_by_id(administrator["id"])
    with refused(403):
        head.create_user("newcomer@example.com")
    with refused(403, 404):
        head.grant(DORA, Role.SYSTEM_ADMINISTRATOR, account)
    with refused(403, 404):
        head.grant(DORA, Role.SYSTEM_ADMINISTRATOR, organisation.in_cluster)


def test_the_cluster_that_holds_departments_and_the_department_that_holds_projects_stay(
    automation, organisation: Organisation
):
    for delete in [
        lambda: automation.clusters.delete_cluster(organisation.cluster["uuid"]),
        lambda: automation.departments.delete_department(organisation.research["id"]),
    ]:
        with refused(409):
            delete()
    # Emptied from below, they go, and what was granted there goes with them.
    rule = automation.grant(GUEST, Role.VIEWER, organisation.in_pricing)
    assert automation.projects.delete_project(organisation.pricing["id"]).status_code == 204
    assert automation.rules.get_access_rules(subject_ids=[GUEST]).data["totalRecords"] == 0
    past = automation.rules.get_access_rules(subject_ids=[GUEST], include_deleted=True).data["accessRules"]
    assert [it["id"] for it in past] == [rule["id"]]
    assert automation.departments.delete_department(organisation.sales["id"]).status_code == 204
