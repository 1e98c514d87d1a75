"""The last administrator stays, no matter who asks: someone must be able to sign in and put things right."""

from runai import models

from client import Role, refused
from rolecall import ADMINISTRATOR, ADMINISTRATORS_PASSWORD
from versions import told_once

pytestmark = told_once

DORA = "dora@example.com"
OWN_PASSWORD = "velvet-Anchor-31-moraine"


def own_rule(automation, email, account):
    scope_type, scope_id = account
    rules = automation.rules.get_access_rules(subject_ids=[email], scope_type=scope_type, scope_id=scope_id)
    (rule,) = rules.data["accessRules"]
    return rule


def refused_as_the_last(call):
    with refused(409) as refusal:
        call()
    message = refusal.value.data["message"].lower()
    # Why, and what to do first.
    assert "system administrator" in message
    assert "first" in message


def test_the_last_administrator_stays_until_there_is_another_who_can_sign_in(server, automation, account):
    rule = own_rule(automation, ADMINISTRATOR, account)
    (administrator,) = automation.users.get_users(filter_by=[f"username=={ADMINISTRATOR}"]).data

    def remove_their_rule():
        return automation.rules.delete_access_rule(rule["id"])

    def remove_them():
        return automation.users.delete_user_by_id(administrator["id"])

    # The service account that asks is a System administrator too, but nobody could sign in with it and repair things.
    refused_as_the_last(remove_their_rule)
    refused_as_the_last(remove_them)

    # Nor does a successor help who has yet to choose their password…
    successor = automation.create_user(DORA)
    automation.grant(DORA, Role.SYSTEM_ADMINISTRATOR, account)
    refused_as_the_last(remove_their_rule)
    refused_as_the_last(remove_them)

    # …but then they do. And now they are the one who stays.
    dora = server.person(DORA, successor["tempPassword"])
    dora.users.change_user_password(
        models.UserChangePasswordRequest(currentPassword=successor["tempPassword"], newPassword=OWN_PASSWORD)
    )
    assert remove_their_rule().status_code == 204
    assert remove_them().status_code == 204
    refused_as_the_last(
        lambda: automation.rules.delete_access_rule(own_rule(automation, DORA, account)["id"])
    )
    refused_as_the_last(lambda: automation.users.delete_user_by_id(successor["id"]))


def test_the_last_administrator_cannot_remove_own_user(administrator, account):
    rule = own_rule(administrator, ADMINISTRATOR, account)
    (own_user,) = administrator.users.get_users(filter_by=[f"username=={ADMINISTRATOR}"]).data
    refused_as_the_last(lambda: administrator.rules.delete_access_rule(rule["id"]))
    refused_as_the_last(lambda: administrator.users.delete_user_by_id(own_user["id"]))
    assert administrator.users.count_users().data == {"count": 1}


def test_the_last_administrators_password_can_be_reset_and_they_stay_all_the_same(server, automation, account):
    (administrator,) = automation.users.get_users(filter_by=[f"username=={ADMINISTRATOR}"]).data
    rule = own_rule(automation, ADMINISTRATOR, account)

    temporary = automation.users.reset_user_password(administrator["id"]).data["tempPassword"]
    assert server.try_to_sign_in(ADMINISTRATOR, ADMINISTRATORS_PASSWORD).status_code == 401

    # Until they have changed it, the temporary password is the way in, so it counts.
    refused_as_the_last(lambda: automation.rules.delete_access_rule(rule["id"]))
    refused_as_the_last(lambda: automation.users.delete_user_by_id(administrator["id"]))

    person = server.person(ADMINISTRATOR, temporary)
    with refused(403) as refusal:
        person.users.get_users()
    assert refusal.value.data["reason"] == "password-change-required"
    person.users.change_user_password(
        models.UserChangePasswordRequest(currentPassword=temporary, newPassword=OWN_PASSWORD)
    )
    # Its token was for changing the password alone.
    person = server.person(ADMINISTRATOR, OWN_PASSWORD)
    assert person.users.count_users().data == {"count": 1}
