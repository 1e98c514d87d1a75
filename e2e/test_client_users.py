"""The Python client's calls about users. Answers are read with the client's own models, which its calls do not do."""

from datetime import datetime, timezone
from uuid import uuid4

import pytest
from runai import models

from client import AWKWARD_NAMES, Role, refused, refused_by_name
from rolecall import ADMINISTRATOR
from transport import through_every_transport
from versions import since

pytestmark = through_every_transport

PEOPLE = ["ana@example.com", "ben+gpu@example.com", "cem_o@example.org", "dora@example.org"]


# What a filter finds among these people and the first administrator.
FILTERS = [
    (["username==ana@example.com"], ["ana@example.com"]),
    # Text matches in either case.
    (["username==ANA@Example.com"], ["ana@example.com"]),
    (["username=@example.org"], ["cem_o@example.org", "dora@example.org"]),
    # Characters that mean something in an address, in SQL or in a pattern stand for themselves.
    (["username=@n+gpu@"], ["ben+gpu@example.com"]),
    (["username=@m_o"], ["cem_o@example.org"]),
    (["username=@a_a"], []),
    (["username=@%"], []),
    (["username=@no such, person"], []),
    *[([f"username=@{name}"], []) for name in AWKWARD_NAMES],
    # Several are joined by AND, in one parameter with commas between them.
    (["username=@example.org", "isLocal==true"], ["cem_o@example.org", "dora@example.org"]),
    (["username=@example.org,isLocal==true"], ["cem_o@example.org", "dora@example.org"]),
    (["username=@example.org", "username=@dora"], ["dora@example.org"]),
    (["isLocal==false"], []),
    (["creationTime>=2020-01-01T00:00:00.00Z", "username=@dora"], ["dora@example.org"]),
    (["creationTime<=2020-01-01T00:00:00Z"], []),
]


@pytest.fixture
def people(automation):
    """Four users; their ids by their e-mails."""
    return {email: automation.create_user(email)["id"] for email in PEOPLE}


def usernames(answer):
    for user in answer.data:
        models.User2.model_validate(user)
        assert set(user) >= {"id", "username", "createdBy", "createdAt", "updatedAt", "lastLogin", "isLocal", "groups"}
    return [user["username"] for user in answer.data]


def test_the_list_has_everybody_in_the_shape_of_the_client(automation, people):
    answer = automation.users.get_users()
    assert answer.status_code == 200
    assert sorted(usernames(answer)) == sorted([ADMINISTRATOR, *PEOPLE])
    for email, user_id in people.items():
        user = automation.users.get_user_by_id(user_id).data
        assert (user["id"], user["username"], user["isLocal"]) == (user_id, email, True)
        assert datetime.fromisoformat(user["createdAt"]).tzinfo is not None


@since("1.224.0")
def test_filters(automation, people):
    users = automation.users
    found = [(filters, sorted(usernames(users.get_users(filter_by=filters)))) for filters, _ in FILTERS]
    assert found == FILTERS
    counted = [users.count_users(filter_by=filters).data for filters, _ in FILTERS]
    assert counted == [{"count": len(expected)} for _, expected in FILTERS]


def test_the_old_filter(automation, people):
    assert len(usernames(automation.users.get_users(filter="runai.is_local:true"))) == 5
    assert usernames(automation.users.get_users(filter="runai.is_local:false")) == []


@since("1.224.0")
def test_count_and_search(automation, people):
    assert automation.users.count_users().data == {"count": 5}
    assert usernames(automation.users.get_users(search="Dora")) == ["dora@example.org"]
    assert usernames(automation.users.get_users(search="no such one?")) == []
    assert usernames(automation.users.get_users(search="n+gpu@")) == ["ben+gpu@example.com"]
    assert automation.users.count_users(search="example.org").data == {"count": 2}
    for text in ["%", "a_a", *AWKWARD_NAMES]:
        assert automation.users.count_users(search=text).data == {"count": 0}


@since("1.224.0")
def test_order_and_pages(automation, people):
    everybody = sorted([ADMINISTRATOR, *PEOPLE])
    users = automation.users
    assert usernames(users.get_users(sort_by="username")) == everybody
    assert usernames(users.get_users(sort_by="username", sort_order="asc")) == everybody
    assert usernames(users.get_users(sort_by="username", sort_order="desc")) == everybody[::-1]
    for field in ["createdBy", "lastLogin", "creationTime", "lastUpdated", "type"]:
        assert sorted(usernames(users.get_users(sort_by=field))) == everybody
    first = usernames(users.get_users(sort_by="username", limit=2))
    rest = usernames(users.get_users(sort_by="username", offset=2, limit=500))
    assert first + rest == everybody
    assert usernames(users.get_users(offset=100)) == []


@since("1.224.0")
def test_what_makes_no_sense_is_refused_by_name(automation, people):
    users = automation.users
    refused_by_name("shoeSize", lambda: users.get_users(filter_by=["shoeSize==42"]))
    refused_by_name("shoeSize", lambda: users.count_users(filter_by=["shoeSize==42"]))
    refused_by_name("isLocal", lambda: users.get_users(filter_by=["isLocal==perhaps"]))
    refused_by_name("yesterday", lambda: users.get_users(filter_by=["creationTime>=yesterday"]))
    refused_by_name("sortBy", lambda: users.get_users(sort_by="shoeSize"))
    refused_by_name("sortOrder", lambda: users.get_users(sort_by="username", sort_order="sideways"))
    refused_by_name("limit", lambda: users.get_users(limit=0))
    refused_by_name("limit", lambda: users.get_users(limit=501))
    refused_by_name("offset", lambda: users.get_users(offset=-1))


def test_a_user_exists_once_in_whatever_case(automation, people):
    for again in ["ana@example.com", "Ana@Example.COM"]:
        with refused(409) as refusal:
            automation.create_user(again)
        assert "already exists" in refusal.value.data["message"]
    mixed = automation.create_user("Mixed.Case@Example.com")
    assert mixed["username"] == "mixed.case@example.com"


def test_an_e_mail_that_is_none_is_refused(automation):
    # As a plain object: the client's model would refuse most of them itself.
    for email in ["nobody", "a@b.c", "ünal@example.com", "a" * 250 + "@example.com", "ana@example.com\n", "", None, 7]:
        refused_by_name("email", lambda email=email: automation.users.create_user({"email": email}))
    refused_by_name("email", lambda: automation.users.create_user({"notify": False}))
    assert usernames(automation.users.get_users()) == [ADMINISTRATOR]


def test_a_user_chooses_their_password_loses_it_and_is_sent_away(server, automation):
    """The calls about one user, each once; what they are good for is told in the article's story."""
    created = automation.users.create_user(models.UserCreationRequest1(email="ana@example.com"))
    models.UserPostResponse.model_validate(created.data)
    ana = server.person("ana@example.com", created.data["tempPassword"])
    change = models.UserChangePasswordRequest(
        currentPassword=created.data["tempPassword"], newPassword='velvet-"Anchor"-31, §%+&#\\'
    )
    assert ana.users.change_user_password(change).status_code == 200
    assert server.try_to_sign_in("ana@example.com", change.new_password).status_code == 200
    ana = server.person("ana@example.com", change.new_password)
    assert ana.names_of_projects() == []

    assert automation.users.logout_user(created.data["id"]).status_code == 200
    with refused(401):
        ana.projects.get_projects()
    reset = automation.users.reset_user_password(created.data["id"])
    models.ResetUserPassword200Response.model_validate(reset.data)
    assert server.try_to_sign_in("ana@example.com", change.new_password).status_code == 401
    assert automation.users.delete_user_by_id(created.data["id"]).status_code == 204
    with refused(404):
        automation.users.get_user_by_id(created.data["id"])


def test_nobody_is_found_under_a_made_up_id(automation):
    for call in [
        automation.users.get_user_by_id,
        automation.users.delete_user_by_id,
        automation.users.reset_user_password,
        automation.users.logout_user,
    ]:
        with refused(404):
            call(str(uuid4()))
        with refused(400, 404):
            call("nobody here")


def test_the_dates_are_those_of_today(automation, organisation):
    """A clock in another zone or unit shows here."""
    created = automation.create_user("ana@example.com")
    for stamp in [
        automation.users.get_user_by_id(created["id"]).data["createdAt"],
        automation.projects.get_project(organisation.vision["id"]).data["createdAt"],
        automation.grant("guest@example.com", Role.VIEWER, organisation.in_vision)["createdAt"],
    ]:
        age = datetime.now(timezone.utc) - datetime.fromisoformat(stamp)
        assert abs(age.total_seconds()) < 600
