"""The life of a local user, as the article on users tells it, driven by the Python client.

The administrator works with the client unchanged, as a service account. The user works with it too; only their signing in
is a plain request, for which the client has no call that works without a token.
"""

import json

import pytest
from runai import models

from client import Role, refused
from versions import told_once

pytestmark = told_once

ANA = "ana@example.com"
NOBODY = "nobody@example.com"
OWN_PASSWORD = "velvet-Anchor-31-moraine"
LATER_PASSWORD = "copper-Lantern-77-estuary"


def change_password(person, current, new):
    return person.users.change_user_password(models.UserChangePasswordRequest(currentPassword=current, newPassword=new))


def sees_nothing(person):
    """What someone without a rule may do: look at no list that has something in it, and change nothing."""
    with refused(403):
        person.users.get_users()
    with refused(403):
        person.service_accounts.get_service_accounts()
    assert person.names_of_projects() == []


def must_change_password_first(person, *, current):
    """A user who signed in with a temporary password is refused everywhere, with a word that a program can compare."""
    for call in [
        person.users.get_users,
        person.users.count_users,
        person.rules.get_access_rules,
        person.roles.get_roles_v1,
        person.clusters.get_clusters,
        person.departments.get_departments,
        person.projects.get_projects,
        person.service_accounts.get_service_accounts,
        lambda: person.create_user("another@example.com"),
    ]:
        with refused(403) as refusal:
            call()
        assert refusal.value.data["reason"] == "password-change-required"
    for unfit in ["short", "password1", current]:
        with refused(400):
            change_password(person, current, unfit)


def without_the_name(answer, name):
    """A refusal, for comparing it with that for another name."""
    return answer.status_code, answer.text.replace(name, "…")


def test_a_user_from_the_first_day_to_the_last(server, automation, organisation):
    # The administrator creates them. The password is shown once and is good for changing it only.
    created = automation.users.create_user(models.UserCreationRequest1(email=ANA))
    assert created.status_code == 201
    models.UserPostResponse.model_validate(created.data)
    assert created.data["username"] == ANA
    ana_id, temporary = created.data["id"], created.data["tempPassword"]
    assert len(temporary) == 16

    known = automation.users.get_user_by_id(ana_id).data
    models.User2.model_validate(known)
    assert known["isLocal"] is True
    assert known["lastLogin"] is None
    assert "tempPassword" not in known

    # They sign in with it, on two computers, and are made to change it.
    first, second = server.sign_in(ANA, temporary), server.sign_in(ANA, temporary)
    ana = server.with_token(first.access)
    must_change_password_first(ana, current=temporary)
    assert change_password(ana, temporary, OWN_PASSWORD).status_code == 200

    # The session that changed it goes on with another token, the other one has ended, and the temporary password is no good
    # any more.
    with refused(401):
        ana.users.get_users()
    sees_nothing(server.with_token(server.refresh(first.refresh).json()["accessToken"]))
    with refused(401):
        server.with_token(second.access).users.get_users()
    assert server.try_to_sign_in(ANA, temporary).status_code == 401
    tokens = server.sign_in(ANA, OWN_PASSWORD)
    ana = server.with_token(tokens.access)
    sees_nothing(ana)
    assert automation.users.get_user_by_id(ana_id).data["lastLogin"] is not None

    # A rule in one project: they see that project and no other, and may look but not create or delete.
    rule = automation.grant(ANA, Role.L1_RESEARCHER, organisation.in_vision)
    assert ana.projects.get_project(organisation.vision["id"]).data["name"] == "vision"
    assert ana.names_of_projects() == ["vision"]
    with refused(404):
        ana.projects.get_project(organisation.speech["id"])
    with refused(404):
        ana.projects.get_project(organisation.pricing["id"])
    with refused(403):
        ana.projects.delete_project(organisation.vision["id"])
    with refused(403, 404):
        ana.create_project("robotics", organisation.research)
    with refused(403):
        ana.grant("guest@example.com", Role.L1_RESEARCHER, organisation.in_vision)
    with refused(403):
        ana.users.get_users()

    # A second rule adds to it: in the department they may create projects and rules, and see the people to pick from.
    second_rule = automation.grant(ANA, Role.DEPARTMENT_ADMINISTRATOR, organisation.in_research)
    robotics = ana.create_project("robotics", organisation.research)
    assert ana.names_of_projects() == ["robotics", "speech", "vision"]
    ana.revoke(ana.grant("guest@example.com", Role.L1_RESEARCHER, ("project", robotics["id"])))
    assert ana.projects.delete_project(robotics["id"]).status_code == 204
    assert ANA in [user["username"] for user in ana.users.get_users().data]

    # Beside it nothing: not in the department next to theirs, not above, not among the users.
    with refused(404):
        ana.departments.get_department(organisation.sales["id"])
    with refused(404):
        ana.create_project("robotics", organisation.sales)
    with refused(403, 404):
        ana.grant("guest@example.com", Role.L1_RESEARCHER, organisation.in_sales)
    with refused(403):
        ana.create_department("robotics", organisation.cluster)
    with refused(403):
        ana.create_user("guest@example.com")

    # They lose both rules, one after the other, and each counts with the next call.
    automation.revoke(second_rule)
    with refused(403, 404):
        ana.create_project("robotics", organisation.research)
    assert ana.names_of_projects() == ["vision"]
    automation.revoke(rule)
    with refused(404):
        ana.projects.get_project(organisation.vision["id"])
    sees_nothing(ana)

    # Their password is reset: neither it nor what they signed in with before is worth anything, and it starts again.
    reset = automation.users.reset_user_password(ana_id)
    assert reset.status_code == 200
    models.ResetUserPassword200Response.model_validate(reset.data)
    temporary_again = reset.data["tempPassword"]
    assert temporary_again not in (temporary, OWN_PASSWORD)
    with refused(401):
        ana.projects.get_projects()
    assert server.refresh(tokens.refresh).status_code in (400, 401)
    assert server.try_to_sign_in(ANA, OWN_PASSWORD).status_code == 401
    ana = server.person(ANA, temporary_again)
    must_change_password_first(ana, current=temporary_again)
    assert change_password(ana, temporary_again, LATER_PASSWORD).status_code == 200
    ana = server.person(ANA, LATER_PASSWORD)
    sees_nothing(ana)

    # They leave, with a rule that nobody thought of. It goes with them, and their name is like one never heard of.
    automation.grant(ANA, Role.VIEWER, organisation.in_sales)
    assert ana.names_of_projects() == ["pricing"]
    assert automation.users.delete_user_by_id(ana_id).status_code == 204
    with refused(404):
        automation.users.get_user_by_id(ana_id)
    with refused(404):
        automation.users.delete_user_by_id(ana_id)
    with refused(404):
        automation.users.reset_user_password(ana_id)
    assert ANA not in [user["username"] for user in automation.users.get_users().data]
    assert automation.rules.get_access_rules(subject_ids=[ANA]).data["totalRecords"] == 0
    with refused(401):
        ana.projects.get_projects()
    gone, unknown = server.try_to_sign_in(ANA, LATER_PASSWORD), server.try_to_sign_in(NOBODY, LATER_PASSWORD)
    assert gone.status_code == 401
    assert without_the_name(gone, ANA) == without_the_name(unknown, NOBODY)

    # Someone new with their address begins with nothing.
    returned = automation.create_user(ANA, permanent=True)
    assert returned["id"] != ana_id
    sees_nothing(server.person(ANA, returned["tempPassword"]))


def test_a_wrong_password_is_answered_like_an_unknown_user(server, automation):
    automation.create_user(ANA, permanent=True)
    wrong, unknown = server.try_to_sign_in(ANA, "wrong-" + OWN_PASSWORD), server.try_to_sign_in(NOBODY, OWN_PASSWORD)
    assert wrong.status_code == 401
    assert without_the_name(wrong, ANA) == without_the_name(unknown, NOBODY)
    assert set(json.loads(wrong.text)) >= {"code", "message"}


def test_a_user_created_with_a_permanent_password_is_not_asked_to_change_it(server, automation, organisation):
    created = automation.users.create_user(models.UserCreationRequest1(email=ANA, resetPassword=False))
    assert created.status_code == 201
    automation.grant(ANA, Role.VIEWER, organisation.in_vision)
    ana = server.person(ANA, created.data["tempPassword"])
    assert ana.names_of_projects() == ["vision"]


@pytest.mark.parametrize("given", [True, None], ids=["asked for", "left open"])
def test_a_password_is_temporary_when_that_is_asked_for_or_left_open(server, automation, given):
    created = automation.users.create_user(models.UserCreationRequest1(email=ANA, resetPassword=given, notify=None))
    ana = server.person(ANA, created.data["tempPassword"])
    must_change_password_first(ana, current=created.data["tempPassword"])


def test_a_user_who_is_logged_out_has_to_sign_in_again(server, automation):
    created = automation.create_user(ANA, permanent=True)
    tokens = server.sign_in(ANA, created["tempPassword"])
    ana = server.with_token(tokens.access)
    assert ana.names_of_projects() == []

    assert automation.users.logout_user(created["id"]).status_code == 200
    with refused(401):
        ana.projects.get_projects()
    assert server.refresh(tokens.refresh).status_code in (400, 401)
    assert server.person(ANA, created["tempPassword"]).names_of_projects() == []


@pytest.mark.parametrize("settings", [["--refresh-reuse-grace", "0s"]], ids=["no grace"])
def test_a_refresh_token_is_good_for_one_use_and_its_reuse_ends_the_session(server, automation, organisation):
    created = automation.create_user(ANA, permanent=True)
    automation.grant(ANA, Role.VIEWER, organisation.in_vision)
    original = server.sign_in(ANA, created["tempPassword"])

    answer = server.refresh(original.refresh)
    assert answer.status_code == 200
    renewed = answer.json()
    assert renewed["refreshToken"] != original.refresh
    ana = server.with_token(renewed["accessToken"])
    assert ana.names_of_projects() == ["vision"]

    # Two hold the same old token, so one of them is a thief: both are sent away.
    assert server.refresh(original.refresh).status_code in (400, 401)
    with refused(401):
        ana.projects.get_projects()
    assert server.refresh(renewed["refreshToken"]).status_code in (400, 401)


def test_a_refresh_token_may_be_used_again_at_once(server, automation, organisation):
    """An answer was lost, or two tabs refresh at the same time: neither ends the session."""
    created = automation.create_user(ANA, permanent=True)
    automation.grant(ANA, Role.VIEWER, organisation.in_vision)
    original = server.sign_in(ANA, created["tempPassword"])
    tabs = [server.refresh(original.refresh).json() for _ in range(2)]
    assert tabs[0]["refreshToken"] != tabs[1]["refreshToken"]
    for tab in tabs:
        assert server.with_token(tab["accessToken"]).names_of_projects() == ["vision"]
        assert server.refresh(tab["refreshToken"]).status_code == 200
