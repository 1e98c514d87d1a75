"""What a relying party accepts that knows this issuer's metadata and nothing else, as kube-apiserver does: with PyJWT."""

import jwt
import pytest
from runai import models

from client import Role, refused
from rolecall import ADMINISTRATOR, ADMINISTRATORS_PASSWORD
from transport import ANSWERS_WITHIN
from versions import SERVICE_ACCOUNT, told_once

pytestmark = told_once

ANA = "ana@example.com"
OWN_PASSWORD = "velvet-Anchor-31-moraine"


class RelyingParty:
    """It reads the metadata and the keys once, and asks for the audience of the cluster."""

    def __init__(self, server):
        self.issuer = server.get("/.well-known/openid-configuration").json()["issuer"]
        self._keys = jwt.PyJWKSet.from_dict(server.get("/.well-known/jwks.json").json())

    def accept(self, token, audience="runai"):
        """The claims of a token, verified; raises what PyJWT finds wrong."""
        key = self._keys[jwt.get_unverified_header(token)["kid"]]
        options = {"require": ["iss", "aud", "sub", "iat", "exp"]}
        return jwt.decode(token, key, ["RS256"], options=options, audience=audience, issuer=self.issuer)


@pytest.fixture
def relying_party(server):
    return RelyingParty(server)


def by_form(server, **form):
    """The answer of the second token endpoint."""
    return server.http.post(f"{server.url}/api/v2/token", data=form, timeout=ANSWERS_WITHIN).json()


def test_the_tokens_of_people_and_machines_are_accepted(server, automation, relying_party, organisation):
    first = server.sign_in(ADMINISTRATOR, ADMINISTRATORS_PASSWORD).access
    second = by_form(server, grant_type="password", username=ADMINISTRATOR, password=ADMINISTRATORS_PASSWORD)
    for token in [first, second["access_token"]]:
        claims = relying_party.accept(token)
        assert (claims["sub"], claims["groups"], claims["kind"]) == (ADMINISTRATOR, [], "user")

    robot = automation.create_service_account("night-runs")
    automation.grant(robot["clientId"], Role.VIEWER, organisation.in_vision, SERVICE_ACCOUNT)
    credentials = {"client_id": robot["clientId"], "client_secret": robot["clientSecret"]}
    claims = relying_party.accept(by_form(server, grant_type="client_credentials", **credentials)["access_token"])
    assert (claims["sub"], claims["kind"]) == (robot["clientId"], "service-account")


def test_a_temporary_password_opens_nothing_elsewhere(server, automation, relying_party):
    temporary = automation.create_user(ANA)["tempPassword"]
    signed_in = server.sign_in(ANA, temporary)
    second = by_form(server, grant_type="password", username=ANA, password=temporary)
    refreshed = by_form(server, grant_type="refresh_token", refresh_token=second["refresh_token"])
    for token in [signed_in.access, second["access_token"], refreshed["access_token"]]:
        with pytest.raises(jwt.InvalidAudienceError):
            relying_party.accept(token)
        # Its signature is good; it is for something else, and names no group.
        claims = relying_party.accept(token, audience="rolecall:password-change")
        assert (claims["sub"], claims["groups"]) == (ANA, [])

    ana = server.with_token(signed_in.access)
    change = models.UserChangePasswordRequest(currentPassword=temporary, newPassword=OWN_PASSWORD)
    assert ana.users.change_user_password(change).status_code == 200
    with refused(401):
        ana.projects.get_projects()
    with pytest.raises(jwt.InvalidAudienceError):
        relying_party.accept(signed_in.access)
    goes_on = server.refresh(signed_in.refresh).json()["accessToken"]
    assert relying_party.accept(goes_on)["sub"] == ANA
    assert server.with_token(goes_on).projects.get_projects().status_code == 200


def test_what_the_server_issues_for_itself_is_no_access_token(server, relying_party):
    tokens = server.sign_in(ADMINISTRATOR, ADMINISTRATORS_PASSWORD)
    who = {"username": ADMINISTRATOR, "password": ADMINISTRATORS_PASSWORD}
    headers = {"Sec-Fetch-Site": "same-origin"}
    browser = server.http.post(f"{server.url}/api/v1/session", json=who, headers=headers, timeout=ANSWERS_WITHIN)
    cookies = browser.cookies.get_dict()
    server.http.cookies.clear()
    assert sorted(cookies) == ["rolecall_device", "rolecall_session"]
    for other in [tokens.refresh, *cookies.values()]:
        with pytest.raises(jwt.DecodeError):
            relying_party.accept(other)
        assert server.get("/api/v1/session", other).status_code == 401


def test_a_token_for_another_issuer_or_audience_is_refused(server, relying_party):
    token = server.sign_in(ADMINISTRATOR, ADMINISTRATORS_PASSWORD).access
    for audience in ["rolecall:password-change", "cli", "grafana"]:
        with pytest.raises(jwt.InvalidAudienceError):
            relying_party.accept(token, audience)
    relying_party.issuer = "http://elsewhere.example"
    with pytest.raises(jwt.InvalidIssuerError):
        relying_party.accept(token)
