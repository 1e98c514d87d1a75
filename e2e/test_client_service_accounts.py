"""The Python client's calls about service accounts."""

import pytest
from runai import models

from client import Role, refused
from transport import through_every_transport
from versions import SERVICE_ACCOUNT, since

pytestmark = [through_every_transport, since("1.224.0")]


def test_create_list_delete(automation):
    created = automation.service_accounts.create_service_account(
        models.ServiceAccountCreationRequest(name="night-runs")
    )
    assert created.status_code == 201
    models.ServiceAccountPostResponse.model_validate(created.data)
    assert created.data["name"] == "night-runs"
    assert "@" not in created.data["clientId"]

    listed = automation.service_accounts.get_service_accounts().data
    for account in listed:
        models.ServiceAccount.model_validate(account)
        assert "clientSecret" not in account
    assert sorted(account["name"] for account in listed) == ["automation", "night-runs"]
    found = automation.service_accounts.get_service_account_by_id(created.data["id"]).data
    models.ServiceAccount.model_validate(found)
    assert found in listed

    with refused(409) as refusal:
        automation.create_service_account("night-runs")
    assert "already exists" in refusal.value.data["message"]
    assert automation.service_accounts.delete_service_account_by_id(created.data["id"]).status_code == 204
    with refused(404):
        automation.service_accounts.delete_service_account_by_id(created.data["id"])
    with refused(404):
        automation.service_accounts.get_service_account_by_id(created.data["id"])
    assert [it["name"] for it in automation.service_accounts.get_service_accounts().data] == ["automation"]


def test_a_new_secret_replaces_the_old_one(server, automation):
    created = automation.create_service_account("night-runs")
    answer = automation.service_accounts.regenerate_service_account_secret(created["id"])
    assert answer.status_code == 200
    models.RegenerateServiceAccountSecretResponse.model_validate(answer.data)
    assert answer.data["clientSecret"] != created["clientSecret"]
    server.service_account({**created, "clientSecret": answer.data["clientSecret"]})
    with pytest.raises(ValueError, match="Failed to get access token"):
        server.service_account(created, retry_enabled=False)


def test_one_that_is_disabled_is_out_until_it_is_enabled(server, automation, organisation):
    created = automation.create_service_account("night-runs")
    automation.grant(created["clientId"], Role.VIEWER, organisation.in_vision, SERVICE_ACCOUNT)
    robot = server.service_account(created, retry_enabled=False)

    def switch(enabled):
        change = models.ServiceAccountPatchRequest(enabled=enabled)
        answer = automation.service_accounts.update_service_account_by_id(created["id"], change)
        assert answer.status_code == 200
        assert automation.service_accounts.get_service_account_by_id(created["id"]).data["enabled"] is enabled

    switch(False)
    with refused(401):
        robot.projects.get_projects()
    with pytest.raises(ValueError, match="Failed to get access token"):
        server.service_account(created, retry_enabled=False)
    switch(True)
    # A session that has ended does not come back; its rules do, with the next one.
    with refused(401):
        robot.projects.get_projects()
    assert server.service_account(created, retry_enabled=False).names_of_projects() == ["vision"]


def test_one_that_is_deleted_is_refused_with_the_token_it_still_has(server, automation, organisation):
    created = automation.create_service_account("night-runs")
    automation.grant(created["clientId"], Role.VIEWER, organisation.in_vision, SERVICE_ACCOUNT)
    robot = server.service_account(created, retry_enabled=False)
    assert robot.names_of_projects() == ["vision"]
    automation.service_accounts.delete_service_account_by_id(created["id"])
    with refused(401):
        robot.projects.get_projects()
    with pytest.raises(ValueError, match="Failed to get access token"):
        server.service_account(created, retry_enabled=False)
    assert automation.rules.get_access_rules(subject_ids=[created["clientId"]]).data["totalRecords"] == 0


def test_the_credentials_of_a_service_account_sign_in_no_person(server, automation):
    """The two kinds of credentials do not pass for each other."""
    created = automation.create_service_account("night-runs")
    assert server.try_to_sign_in(created["clientId"], created["clientSecret"]).status_code == 401
