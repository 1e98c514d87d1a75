"""What every test stands on: a server on each database, its first administrator, and a small organisation."""

import os

import pytest

from client import Client, Role
from organisation import Organisation
from rolecall import ADMINISTRATOR, ADMINISTRATORS_PASSWORD, Server, fresh_database

NEEDED = {
    "ROLECALL_BIN": "the path of the rolecall binary",
    "ROLECALL_TEST_POSTGRES": "the postgres:// address of a superuser on a throwaway server",
}


def pytest_configure():
    """Without what they need the tests fail; they are never skipped."""
    missing = [f"{name} ({meaning})" for name, meaning in NEEDED.items() if not os.environ.get(name)]
    if missing:
        raise pytest.UsageError(
            f"not set: {', '.join(missing)}. Run `cargo xtask test` (`--only e2e` for these tests alone), which "
            "builds the one, starts the other and sets both."
        )
    binary = os.environ["ROLECALL_BIN"]
    if not os.path.isabs(binary) or not os.access(binary, os.X_OK):
        raise pytest.UsageError(
            f"ROLECALL_BIN is {binary!r}, which is not the absolute path of a program. Run `cargo xtask test`."
        )


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request):
    """The address of a fresh PostgreSQL database, or none, which means SQLite: each test runs on both."""
    if request.param == "sqlite":
        yield None
    else:
        with fresh_database(os.environ["ROLECALL_TEST_POSTGRES"]) as url:
            yield url


@pytest.fixture
def server(database_url, tmp_path):
    """A server that nobody else uses, with nothing in it but its first administrator."""
    server = Server(os.environ["ROLECALL_BIN"], tmp_path / "rolecall", database_url)
    try:
        server.await_ready()
        yield server
    finally:
        try:
            server.stop()
        finally:
            # pytest shows this for a failed test only.
            print(server.output())


@pytest.fixture
def administrator(server) -> Client:
    """The first administrator, signed in with the password from the file."""
    return server.person(ADMINISTRATOR, ADMINISTRATORS_PASSWORD)


@pytest.fixture
def account(administrator):
    """The scope of everything: the account, as the first administrator's own rule names it."""
    rules = administrator.rules.get_access_rules(subject_type="user", subject_ids=[ADMINISTRATOR]).data["accessRules"]
    (rule,) = [rule for rule in rules if rule["scopeType"] == "tenant"]
    assert rule["roleId"] == Role.SYSTEM_ADMINISTRATOR
    return ("tenant", rule["scopeId"])


@pytest.fixture
def automation(server, administrator, account) -> Client:
    """The official client, unchanged and with its defaults, as a service account that is System administrator."""
    created = administrator.create_service_account("automation")
    administrator.grant(created["clientId"], Role.SYSTEM_ADMINISTRATOR, account, "service-account")
    return server.service_account(created)


@pytest.fixture
def organisation(automation) -> Organisation:
    """The small organisation that most stories play in."""
    cluster = automation.create_cluster("gpu-east")
    research = automation.create_department("research", cluster)
    sales = automation.create_department("sales", cluster)
    return Organisation(
        cluster=cluster,
        research=research,
        vision=automation.create_project("vision", research),
        speech=automation.create_project("speech", research),
        sales=sales,
        pricing=automation.create_project("pricing", sales),
    )
