"""The Python client's calls about access rules and roles."""

import pytest
from runai import models

from client import AWKWARD_NAMES, UNKNOWN_NUMBER, Role, refused, refused_by_name
from organisation import Organisation
from rolecall import ADMINISTRATOR
from transport import through_every_transport
from versions import AccessRuleList, PermissionInList, RoleInList, read_as, since

pytestmark = through_every_transport

GUEST = "guest@example.com"


def subjects(answer):
    read_as(AccessRuleList, answer.data)
    assert answer.data["displayRecords"] == len(answer.data["accessRules"])
    return sorted(rule["subjectId"] for rule in answer.data["accessRules"])


def test_a_rule_is_returned_as_it_was_made(automation, organisation):
    answer = automation.rules.create_access_rule(
        models.AccessRuleCreationFields(
            subjectId=GUEST,
            subjectType="user",
            roleId=Role.L1_RESEARCHER,
            scopeId=organisation.vision["id"],
            scopeType="project",
            clusterId=organisation.cluster["uuid"],
        )
    )
    assert answer.status_code == 201
    rule = answer.data
    models.AccessRule.model_validate(rule)
    assert (rule["subjectId"], rule["subjectType"]) == (GUEST, "user")
    assert (rule["roleId"], rule["roleName"]) == (5, "L1 researcher")
    assert (rule["scopeType"], rule["scopeName"]) == ("project", "vision")
    assert rule["scopeId"] == organisation.vision["id"]

    found = automation.rules.get_access_rule(rule["id"]).data
    models.AccessRuleById.model_validate(found)
    assert found["scopePath"].split("/")[1:] == ["gpu-east", "research", "vision"]
    assert {key: found[key] for key in ("id", "subjectId", "createdAt", "createdBy")} == {
        key: rule[key] for key in ("id", "subjectId", "createdAt", "createdBy")
    }


def test_a_rule_may_name_a_user_by_their_id_and_keeps_their_e_mail(automation, organisation):
    ana = automation.create_user("ana@example.com")
    rule = automation.grant(ana["id"], Role.VIEWER, organisation.in_vision)
    assert rule["subjectId"] == "ana@example.com"
    with refused(409) as refusal:
        automation.grant("ana@example.com", Role.VIEWER, organisation.in_vision)
    assert "already exists" in refusal.value.data["message"]
    with refused(409):
        automation.grant("ANA@example.com", Role.VIEWER, organisation.in_vision)


def test_a_rule_may_name_a_group(automation, organisation):
    rule = automation.grant("Platform, on-call?", Role.VIEWER, organisation.in_research, "group")
    assert (rule["subjectType"], rule["subjectId"]) == ("group", "Platform, on-call?")
    # Groups are exact, in their case too.
    automation.grant("platform, on-call?", Role.VIEWER, organisation.in_research, "group")
    assert subjects(automation.rules.get_access_rules(filter_by=["subjectId==Platform, on-call?"])) == [
        "Platform, on-call?",
        "platform, on-call?",
    ]


def test_the_old_word_for_a_service_account_is_understood(automation, organisation):
    robot = automation.create_service_account("night-runs")
    rule = automation.grant(robot["clientId"], Role.VIEWER, organisation.in_vision, "app")
    assert rule["subjectId"] == robot["clientId"]
    for word in ["app", "service-account"]:
        listed = automation.rules.get_access_rules(subject_type=word, role_id=Role.VIEWER).data["accessRules"]
        assert [(it["id"], it["subjectType"]) for it in listed] == [(rule["id"], word)]
    assert automation.rules.get_access_rule(rule["id"]).data["subjectType"] == "service-account"


def test_the_list_takes_all_its_parameters(automation, account, organisation: Organisation):
    automation.grant("ana@example.com", Role.VIEWER, organisation.in_vision)
    automation.grant("ben@example.com", Role.VIEWER, organisation.in_pricing)
    automation.grant("cem@example.com", Role.L1_RESEARCHER, organisation.in_research)
    automation.grant("everybody", Role.VIEWER, organisation.in_cluster, "group")
    ana, ben, cem = "ana@example.com", "ben@example.com", "cem@example.com"
    elsewhere = automation.create_cluster("gpu-west")
    rules = automation.rules

    def listed(**parameters):
        return subjects(rules.get_access_rules(**parameters))

    assert {ana, ben, cem, "everybody", ADMINISTRATOR} < set(listed())
    assert listed(subject_type="group") == ["everybody"]
    assert listed(subject_ids=[ana, cem, "no such one"]) == [ana, cem]
    assert listed(subject_id_filter="en@exam") == [ben]
    assert listed(role_id=Role.VIEWER) == [ana, ben, "everybody"]
    assert listed(scope_type="department") == [cem]
    assert listed(scope_type="project", scope_id=organisation.vision["id"]) == [ana]
    assert listed(cluster_id=organisation.cluster["uuid"]) == [ana, ben, cem, "everybody"]
    assert listed(cluster_id=elsewhere["uuid"]) == []
    assert listed(last_updated="2021-12-14T16:04:15.099Z") == listed()
    assert listed(last_updated="2999-01-01T00:00:00Z") == []
    assert listed(filter_by=["roleName==viewer", "scopeType!=cluster"]) == [ana, ben]
    assert listed(filter_by=["subjectType==user", "subjectId=^b"]) == [ben]
    assert listed(filter_by=["subjectId=$example.com", "scopeName!@i", "scopeType!=tenant"]) == [cem]
    assert listed(filter_by=["roleId==7", "createdAt>=2023-01-01T00:00:00Z"]) == [ana, ben, "everybody"]
    assert listed(filter_by=["subjectType==group", "phase==Ready"]) == ["everybody"]
    assert rules.count_access_rules(filter_by=["roleId==7"]).data == {"count": 3}

    ordered = rules.get_access_rules(role_id=Role.VIEWER, sort_by="subjectId", sort_order="desc").data
    assert [rule["subjectId"] for rule in ordered["accessRules"]] == ["everybody", ben, ana]
    page = rules.get_access_rules(role_id=Role.VIEWER, sort_by="subjectId", offset=1, limit=1).data
    assert [rule["subjectId"] for rule in page["accessRules"]] == [ben]
    assert (page["totalRecords"], page["displayRecords"]) == (3, 1)


@since("1.224.0")
def test_a_search_finds_subjects_and_scopes(automation, organisation):
    automation.grant("ana@example.com", Role.VIEWER, organisation.in_vision)
    automation.grant("ben@example.com", Role.VIEWER, organisation.in_pricing)
    for text in ["pricing", "BEN@"]:
        assert subjects(automation.rules.get_access_rules(search=text)) == ["ben@example.com"]
        assert automation.rules.count_access_rules(search=text).data == {"count": 1}


def test_names_of_groups_that_hold_what_urls_and_filters_are_made_of(automation, organisation):
    for name in AWKWARD_NAMES:
        automation.grant(name, Role.VIEWER, organisation.in_vision, "group")
    for name in AWKWARD_NAMES:
        assert subjects(automation.rules.get_access_rules(filter_by=[f"subjectId=={name}"])) == [name]
        assert automation.rules.count_access_rules(filter_by=[f"subjectId=={name}"]).data == {"count": 1}
        found = automation.rules.get_access_rules(filter_by=["roleName==viewer", f"subjectId=@{name[1:]}"])
        assert subjects(found) == [name]
        assert subjects(automation.rules.get_access_rules(subject_id_filter=name)) == [name]
    # A comma in this list always separates, so names that hold one cannot be asked for in it.
    without_comma = sorted(name for name in AWKWARD_NAMES if "," not in name)
    assert subjects(automation.rules.get_access_rules(subject_ids=without_comma)) == without_comma


def test_a_deleted_rule_stays_readable_for_those_who_ask(automation, organisation):
    rule = automation.grant(GUEST, Role.VIEWER, organisation.in_vision)
    answer = automation.rules.delete_access_rule(rule["id"])
    assert answer.status_code == 204
    assert answer.data is None
    with refused(404):
        automation.rules.delete_access_rule(rule["id"])

    assert automation.rules.get_access_rules(subject_ids=[GUEST]).data["accessRules"] == []
    assert automation.rules.count_access_rules(filter_by=[f"subjectId=={GUEST}"]).data == {"count": 0}
    (past,) = automation.rules.get_access_rules(subject_ids=[GUEST], include_deleted=True).data["accessRules"]
    models.AccessRule.model_validate(past)
    assert past["id"] == rule["id"]
    assert past["deletedAt"] is not None
    counted = automation.rules.count_access_rules(include_deleted=True, filter_by=[f"subjectId=={GUEST}"])
    assert counted.data == {"count": 1}
    # The same rule can be made again; it is another one.
    assert automation.grant(GUEST, Role.VIEWER, organisation.in_vision)["id"] != rule["id"]


def test_what_makes_no_sense_is_refused_by_name(automation, organisation):
    rules = automation.rules
    refused_by_name("shoeSize", lambda: rules.get_access_rules(filter_by=["shoeSize==42"]))
    refused_by_name("createdAt", lambda: rules.get_access_rules(filter_by=["createdAt>=never"]))
    refused_by_name("sortBy", lambda: rules.get_access_rules(sort_by="shoeSize"))
    refused_by_name("limit", lambda: rules.get_access_rules(limit=0))
    refused_by_name("limit", lambda: rules.get_access_rules(limit=501))
    refused_by_name("offset", lambda: rules.get_access_rules(offset=-1))
    refused_by_name("lastUpdated", lambda: rules.get_access_rules(last_updated="never"))
    refused_by_name("roleId", lambda: automation.grant(GUEST, UNKNOWN_NUMBER, organisation.in_vision))
    with refused(400, 404):
        automation.grant(GUEST, Role.VIEWER, ("project", str(UNKNOWN_NUMBER)))
    # An id of another kind of node is none of this kind.
    with refused(400, 404):
        automation.grant(GUEST, Role.VIEWER, ("project", organisation.research["id"]))
    with refused(400, 404):
        automation.grant(GUEST, Role.VIEWER, ("department", organisation.cluster["uuid"]))
    with refused(400):
        automation.grant("system:masters", Role.VIEWER, organisation.in_vision, "group")
    with refused(404):
        rules.get_access_rule(UNKNOWN_NUMBER)
    with refused(404):
        rules.delete_access_rule(UNKNOWN_NUMBER)
    assert rules.count_access_rules(filter_by=["scopeType!=tenant"]).data == {"count": 0}


def test_the_predefined_roles_are_listed_and_found(automation):
    answer = automation.roles.get_roles_v1()
    assert answer.status_code == 200
    for role in answer.data:
        read_as(RoleInList, role)
    by_id = {role["id"]: role["name"] for role in answer.data}
    assert set(by_id) >= {1, *range(3, 14), 1708, 1710}
    assert len(by_id) == len(answer.data) == 19
    assert by_id[5] == "L1 researcher"
    assert by_id[8] == "L2 researcher"

    researcher = automation.roles.get_role_v1(5).data
    read_as(RoleInList, researcher)
    assert researcher["name"] == "L1 researcher"
    permissions = {it["resourceType"]: it["actions"] for it in researcher["permissions"]}
    assert permissions["project"] == ["read"]
    assert sorted(permissions["workspaces"]) == ["create", "delete", "read", "update"]
    assert "users" not in permissions
    with refused(404):
        automation.roles.get_role_v1(UNKNOWN_NUMBER)


def test_a_role_of_the_organizations_own_is_listed_found_and_granted(automation, organisation):
    made = automation.create_role("Project lead", {"project": ["create", "read"], "policies": ["read"]})
    listed = {role["name"]: role for role in automation.roles.get_roles_v1().data}
    read_as(RoleInList, listed["Project lead"])
    assert (listed["Project lead"]["custom"], listed["Viewer"]["custom"]) == (True, False)
    assert (len(listed), listed["Project lead"]["id"]) == (20, made["id"])

    found = automation.roles.get_role_v1(made["id"]).data
    assert {it["resourceType"]: it["actions"] for it in found["permissions"]} == {
        "project": ["create", "read"],
        "policies": ["read"],
    }
    rule = automation.grant(GUEST, made["id"], organisation.in_vision)
    assert (rule["roleId"], rule["roleName"]) == (made["id"], "Project lead")
    assert subjects(automation.rules.get_access_rules(filter_by=["roleName==Project lead"])) == [GUEST]


def batch_create(client, subjects, role, scopes):
    """The answer to a batch: one role for several subjects, pairs of type and id, in several scopes."""
    answer = client.rules.access_rules_batch_create(
        models.AccessRulesBatchCreateFields(
            payload=models.AccessRulesBatchCreateFieldsPayload(
                subjects=[models.AccessRuleSubjectsInner(subjectType=kind, subjectId=name) for kind, name in subjects],
                roleId=role,
                scopes=[models.AccessRuleScopesInner(scopeType=kind, scopeId=number) for kind, number in scopes],
            )
        )
    )
    assert answer.status_code == 200
    models.AccessRulesBatchCreateResponse.model_validate(answer.data)
    return answer.data


def batch(client, ids, action="delete"):
    """The answer to a batch of deletions."""
    answer = client.rules.access_rules_batch(models.AccessRulesBatchFields(ids=ids, action=action))
    assert answer.status_code == 200
    models.AccessRuleDeletionBatchResponse.model_validate(answer.data)
    return answer.data


@since("1.224.0")
def test_rules_are_made_and_deleted_in_batches(automation, organisation):
    automation.grant("ben@example.com", Role.VIEWER, organisation.in_vision)
    ana, ben = ("user", "ana@example.com"), ("user", "ben@example.com")
    made = batch_create(automation, [ana, ben], Role.VIEWER, [organisation.in_vision, organisation.in_pricing])
    assert [(rule["subjectId"], rule["scopeName"]) for rule in made["succeeded"]] == [
        ("ana@example.com", "vision"),
        ("ana@example.com", "pricing"),
        ("ben@example.com", "pricing"),
    ]
    (failed,) = made["failed"]
    assert (failed["code"], failed["payload"]["subjectId"]) == (409, "ben@example.com")
    assert "already exists" in failed["message"]

    ids = [str(rule["id"]) for rule in made["succeeded"]]
    wanted = [*ids, str(UNKNOWN_NUMBER)]
    for action, left in [("validate_delete", 4), ("delete", 1)]:
        answer = batch(automation, wanted, action)
        assert answer["succeeded"] == ids
        assert [(item["id"], item["code"]) for item in answer["failed"]] == [(str(UNKNOWN_NUMBER), 404)]
        assert automation.rules.count_access_rules(filter_by=["roleId==7"]).data == {"count": left}


@pytest.fixture
def dana(server, administrator, organisation):
    """They run the research department by a rule of their own, beside which there are others."""
    created = administrator.create_user("dana@example.com", permanent=True)
    administrator.grant("dana@example.com", Role.DEPARTMENT_ADMINISTRATOR, organisation.in_research)
    administrator.grant("ben@example.com", Role.VIEWER, organisation.in_vision)
    return server.person("dana@example.com", created["tempPassword"])


@since("1.224.0")
def test_everybody_learns_by_which_rules_they_may_do_something(dana):
    answer = dana.me.get_me_access_rules(limit=10, offset=0)
    models.MeAccessRulesResponse.model_validate(answer.data)
    page = answer.data["accessRules"]
    assert (page["totalRecords"], page["displayRecords"]) == (1, 1)
    (rule,) = page["accessRules"]
    assert (rule["subjectId"], rule["scopeName"]) == ("dana@example.com", "research")
    assert dana.me.count_me_access_rules().data == {"count": 1}
    assert dana.me.count_me_access_rules(search="vision").data == {"count": 0}


def test_everybody_learns_what_they_may_do_and_where(administrator, dana, organisation):
    answer = dana.permissions.get_permissions()
    for permission in answer.data:
        read_as(PermissionInList, permission)
    actions = {it["resourceType"]: it["actions"] for it in answer.data}
    assert actions["access_rules"] == ["create", "read", "update", "delete"]
    assert actions["users"] == ["read"]

    def permitted(client, **question):
        answer = client.permissions.get_permitted_scopes(models.GetPermittedScopesRequest(**question))
        models.PermittedScopesActions.model_validate(answer.data)
        return answer.data

    scopes = permitted(dana, resourceType="project", action="create")
    assert scopes["create"]["departments"] == [organisation.research["id"]]
    assert "tenant" not in scopes["create"]
    assert scopes["read"]["departments"] == []
    everywhere = permitted(administrator, resourceType="project")
    for action in ["create", "read", "update", "delete"]:
        assert everywhere[action]["tenants"] == [everywhere[action]["tenant"]]
