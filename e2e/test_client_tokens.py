"""How the Python client comes to a token, keeps it fresh and fails without one, with its own defaults throughout."""

import base64
import json
import re
import time
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

import pytest
from runai import models
from runai.api_client import ApiClient, ThreadedApiClient
from runai.configuration import Configuration
from runai.exceptions import ApiException
from runai.runai_client import RunaiClient
from urllib3.exceptions import MaxRetryError

from client import Role, refused
from rolecall import ADMINISTRATOR, ADMINISTRATORS_PASSWORD, CLIENT_LOG
from transport import ANSWERS_WITHIN, through_every_transport
from versions import NAMES, SERVICE_ACCOUNT, since, told_once


@pytest.fixture
def robot(automation, organisation):
    """A service account that may look at one project: its id and its secret."""
    created = automation.create_service_account("night-runs")
    automation.grant(created["clientId"], Role.VIEWER, organisation.in_vision, SERVICE_ACCOUNT)
    return created


# With a token that is good for 61 seconds the client, which renews it when 60 are left, does so after a second.
when_a_minute_is_left = pytest.mark.parametrize("settings", [["--access-token-lifetime", "61s"]], ids=["61s"])


def within(seconds):
    """Turns of a loop that ends by itself well before; when it does not in this time, the test fails."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        yield
    pytest.fail(f"it did not come to that within {seconds} s")


def tokens_asked_for(server):
    """How often `/api/v1/token` has answered with which status."""
    answers = re.findall(
        r'^rolecall_http_requests_total\{method="POST",route="/api/v1/token",status="(\d+)"\} (\d+)$',
        server.get("/metrics").text,
        re.MULTILINE,
    )
    return Counter({status: int(count) for status, count in answers})


def payload(token):
    return token.split(".")[1]


def decoded_as_the_client_does(token):
    """With the standard alphabet of base64, in which it silently drops what it does not know."""
    return json.loads(base64.b64decode(payload(token) + "=="))


@through_every_transport
def test_a_wrong_secret_costs_the_client_four_tries_and_the_right_one_works_at_once(server, robot):
    before = tokens_asked_for(server)
    # Without the pauses between its tries, which would only make it easier for the server.
    with pytest.raises(MaxRetryError, match="too many 401"):
        server.service_account({**robot, "clientSecret": "wrong"}, retry_backoff_factor=0)
    assert tokens_asked_for(server) - before == {"401": 4}
    # Without its retries: it would try again if it were told to come back later.
    assert server.service_account(robot, retry_enabled=False).names_of_projects() == ["vision"]


@through_every_transport
def test_without_its_retries_the_client_shows_what_the_server_said(server, robot):
    with pytest.raises(ValueError, match="Failed to get access token") as wrong:
        server.service_account({**robot, "clientSecret": "wrong"}, retry_enabled=False)
    assert "'code': 401" in str(wrong.value)
    assert "message" in str(wrong.value)
    with pytest.raises(ValueError, match="Failed to get access token") as unknown:
        server.service_account({**robot, "clientId": "nobody-knows-me"}, retry_enabled=False)
    said = str(wrong.value).replace(robot["clientId"], "…")
    assert said == str(unknown.value).replace("nobody-knows-me", "…")


def test_a_client_without_credentials_is_refused_and_not_served(server, robot):
    """Given a bearer token the client asks for a service account's token all the same, with nulls for id and secret."""
    token = server.sign_in(ADMINISTRATOR, ADMINISTRATORS_PASSWORD).access
    configuration = Configuration(runai_base_url=server.url, logger=CLIENT_LOG, bearer_token=token, retry_enabled=False)
    with pytest.raises(ValueError, match="Failed to get access token"):
        ApiClient(configuration)


@through_every_transport
def test_the_client_can_read_when_its_token_expires(server, robot):
    client = server.service_account(robot)
    token = client.token
    claims = decoded_as_the_client_does(token)
    # Longer than the minute before its end in which the client would ask for another one at each call.
    assert claims["exp"] - time.time() > 120
    # Neither of the letters in which the two alphabets of base64 differ.
    assert not set(payload(token)) & set("-_+/")


@told_once
def test_a_persons_token_carries_their_e_mail_whatever_is_in_it(server, automation):
    for email in ["ana@example.com", "b%c+d_e-f.g@example.com", "zz.zz-zz_zz@zz-zz.example.org"]:
        created = automation.create_user(email, permanent=True)
        tokens = server.sign_in(email, created["tempPassword"])
        assert not set(payload(tokens.access)) & set("-_+/")
        claims = decoded_as_the_client_does(tokens.access)
        assert claims["sub"] == email
        assert claims.get("groups", []) == []
        assert 60 < tokens.expires_in <= claims["exp"] - time.time() + ANSWERS_WITHIN


@when_a_minute_is_left
@pytest.mark.parametrize("transport", ["plain", "threaded"], indirect=True)
def test_the_client_renews_its_token_in_the_middle_of_its_work(server, robot):
    client = server.service_account(robot)
    first = client.token
    tokens = [first]
    before = tokens_asked_for(server)
    for _ in within(ANSWERS_WITHIN):
        # Every call is answered, with whichever token.
        assert client.names_of_projects() == ["vision"]
        if client.token != tokens[-1]:
            tokens.append(client.token)
        if len(tokens) == 3:
            break
    assert tokens_asked_for(server) - before == {"200": 2}
    # The one from before is good until it expires: another process of the same service account may hold it.
    assert server.with_token(first).names_of_projects() == ["vision"]


@when_a_minute_is_left
def test_the_asynchronous_client_cannot_renew_its_token_and_another_one_goes_on(server, robot):
    """It forgets to await its own request. Nothing that a server could answer helps, for it asks nothing."""
    server.transport = "async"
    client = server.service_account(robot)
    first = client.token
    before = tokens_asked_for(server)
    with pytest.raises(AttributeError, match="'coroutine' object has no attribute 'read'"):
        for _ in within(ANSWERS_WITHIN):
            assert client.names_of_projects() == ["vision"]
    assert tokens_asked_for(server) == before
    # It tries that once. With the token that it has it goes on until that expires…
    assert client.names_of_projects() == ["vision"]
    assert client.token == first
    # …and a program that needs longer makes another client.
    assert server.service_account(robot, token_refresh_margin=0).names_of_projects() == ["vision"]


@when_a_minute_is_left
def test_a_token_is_renewed_while_many_threads_use_it(server, robot):
    asked = {"200": 0}
    before = tokens_asked_for(server)
    with RunaiClient(ThreadedApiClient(server.credentials(robot))) as client:
        projects = client.organizations.projects
        for _ in within(ANSWERS_WITHIN):
            pending = [projects.get_projects() for _ in range(8)]
            assert [it.get(ANSWERS_WITHIN).status_code for it in pending] == [200] * 8
            asked = tokens_asked_for(server) - before
            # The first was for signing in.
            if asked["200"] >= 2:
                break
    assert set(asked) == {"200"}


@told_once
def test_the_spellings_that_scripts_use(server, robot):
    for grant, name, word in [
        ("app_token", "AppId", "AppSecret"),
        ("app_token", "appID", "appSecret"),
        ("app_token", "appId", "appSecret"),
        ("client_credentials", "clientID", "clientSecret"),
        ("client_credentials", "clientId", "clientSecret"),
    ]:
        body = {"grantType": grant, name: robot["clientId"], word: robot["clientSecret"]}
        answer = server.post("/api/v1/token", body)
        assert answer.status_code == 200, f"{name}: {answer.text}"
        assert server.with_token(answer.json()["accessToken"]).names_of_projects() == ["vision"]


@through_every_transport
def test_the_clients_own_call_for_tokens(server, automation, robot):
    """It carries the caller's token along, which has no say in it."""
    answer = automation.tokens.grant_token(
        token_request=models.TokenRequest(grantType="app_token", appID=robot["clientId"], appSecret=robot["clientSecret"])
    )
    assert answer.status_code == 200
    models.TokenResponse.model_validate(answer.data)
    assert server.with_token(answer.data["accessToken"]).names_of_projects() == ["vision"]

    answer = automation.tokens.grant_token(
        token_request=models.TokenRequest(
            grantType="password", clientID="cli", username=ADMINISTRATOR, password=ADMINISTRATORS_PASSWORD
        )
    )
    assert len(server.with_token(answer.data["accessToken"]).users.get_users().data) == 1

    with refused(400):
        automation.tokens.grant_token(token_request=models.TokenRequest(clientID="cli"))


@through_every_transport
def test_the_oldest_call_for_a_token(server, automation, robot):
    answer = automation.tokens.app_token(
        app_token_request=models.AppTokenRequest(id=robot["clientId"], name="robot", secret=robot["clientSecret"])
    )
    assert answer.status_code == 200
    models.AppTokenResponse.model_validate(answer.data)
    assert server.with_token(answer.data["access_token"]).names_of_projects() == ["vision"]


@since("1.224.0")
def test_the_second_version_of_the_token_endpoint(server, robot):
    def ask(**form):
        return server.http.post(f"{server.url}/api/v2/token", data=form, timeout=ANSWERS_WITHIN)

    answer = ask(grant_type="client_credentials", client_id=robot["clientId"], client_secret=robot["clientSecret"])
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    body = answer.json()
    models.OAuth2TokenResponse.model_validate(body)
    assert body["token_type"].lower() == "bearer"
    assert server.with_token(body["access_token"]).names_of_projects() == ["vision"]

    for status, error, form in [
        (401, "invalid_client", {"grant_type": "client_credentials", "client_id": "x", "client_secret": "y"}),
        (400, "unsupported_grant_type", {"grant_type": "magic"}),
        (400, "invalid_request", {"client_id": "x"}),
        (400, "invalid_grant", {"grant_type": "refresh_token", "refresh_token": "x", "client_id": "cli"}),
    ]:
        answer = ask(**form)
        models.OAuth2Error.model_validate(answer.json())
        assert (answer.status_code, answer.json()["error"]) == (status, error)


@since("1.224.0")
def test_the_client_forgets_the_form_of_the_second_version_and_is_told_so(automation, robot):
    """Its call has parameters for all fields and sends none of them: an empty body that claims to be JSON."""
    with pytest.raises(ApiException) as refusal:
        automation.tokens.grant_token_v2("client_credentials", robot["clientId"], robot["clientSecret"])
    assert refusal.value.status == 400
    assert refusal.value.data["error"] == "invalid_request"


@told_once
def test_without_a_token_or_with_a_bad_one_nothing_is_answered(server):
    signed = server.sign_in(ADMINISTRATOR, ADMINISTRATORS_PASSWORD)
    head, claims, signature = signed.access.split(".")
    unsigned = base64.urlsafe_b64encode(b'{"alg":"none","typ":"JWT"}').decode().rstrip("=")
    flipped = ("A" if signature[10] != "A" else "B").join([signature[:10], signature[11:]])
    for token in [
        "nonsense",
        "a.b.c",
        signed.refresh,
        f"{unsigned}.{claims}.",
        f"{head}.{claims}.{flipped}",
        f"{head}.{claims}.",
    ]:
        with refused(401):
            server.with_token(token).users.get_users()
    answer = server.http.get(f"{server.url}/api/v1/users", timeout=ANSWERS_WITHIN)
    assert answer.status_code == 401
    assert server.with_token(signed.access).users.get_users().status_code == 200


def test_many_threads_with_one_client(server, automation, organisation, account):
    """The threaded client of the same package: writes side by side, each done once."""
    created = automation.create_service_account("bulk-import")
    automation.grant(created["clientId"], Role.SYSTEM_ADMINISTRATOR, account, SERVICE_ACCOUNT)
    emails = [f"user{number}@example.com" for number in range(24)]
    with RunaiClient(ThreadedApiClient(server.credentials(created))) as client:
        create_user = getattr(client.authentication_and_authorization.users, NAMES.get("create_user", "create_user"))
        pending = [create_user(models.UserCreationRequest1(email=email)) for email in emails]
        assert [it.get(timeout=ANSWERS_WITHIN * 2).status_code for it in pending] == [201] * len(emails)
    found = [user["username"] for user in automation.users.get_users().data]
    assert sorted(found) == sorted([ADMINISTRATOR, *emails])


@told_once
def test_one_name_is_created_once_however_many_ask_at_the_same_time(server, automation):
    def create(_):
        answer = server.post("/api/v1/users", {"email": "ana@example.com"}, automation.token)
        return answer.status_code

    with ThreadPoolExecutor(8) as pool:
        statuses = sorted(pool.map(create, range(8)))
    assert statuses == [201] + [409] * 7
