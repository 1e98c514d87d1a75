"""What every test stands on: a server on each database, its first administrator, and a small organisation."""

import os

import pytest

import versions
from beginning import Beginning, Place, database
from client import Client
from organisation import Organisation
from rolecall import ADMINISTRATOR, ADMINISTRATORS_PASSWORD, Server

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


def pytest_report_header():
    """Says which client is under test."""
    return f"the Python client: runapy {versions.VERSION}"


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config, items):
    """Leaves out what the client under test does not have, and puts last what judges the whole run."""
    too_new = [item for item in items if any(versions.is_older_than(it.args[0]) for it in item.iter_markers("since"))]
    config.hook.pytest_deselected(items=too_new)
    items[:] = [item for item in items if item not in too_new]
    items.sort(key=lambda item: item.get_closest_marker("judges_the_run") is not None)
    config.left_out = too_new


def pytest_sessionfinish(session):
    """That nothing is left is no mistake when this version has nothing of what was asked for."""
    if session.exitstatus == pytest.ExitCode.NO_TESTS_COLLECTED and session.config.left_out:
        session.exitstatus = pytest.ExitCode.OK


@pytest.fixture(scope="session", params=["sqlite", "postgres"])
def beginning(request, tmp_path_factory):
    """What each server begins with, on each database: each test runs on both."""
    folder = tmp_path_factory.mktemp("beginning")
    if request.param == "sqlite":
        yield Beginning.make(Place(folder, None))
    else:
        with database(os.environ["ROLECALL_TEST_POSTGRES"]) as url:
            yield Beginning.make(Place(folder, url))


@pytest.fixture
def transport(request):
    """How the client carries its calls: plainly, unless a module asks for all the ways."""
    return getattr(request, "param", "plain")


@pytest.fixture
def settings():
    """Options for `rolecall serve` beyond the usual ones; a test that wants some replaces them."""
    return []


@pytest.fixture
def server(beginning, transport, settings, tmp_path):
    """A server that nobody else uses, as it is at the beginning."""
    with Server(beginning.restored(tmp_path / "rolecall"), transport, settings) as server:
        yield server


@pytest.fixture
def administrator(server) -> Client:
    """The first administrator, signed in with the password from the file."""
    return server.person(ADMINISTRATOR, ADMINISTRATORS_PASSWORD)


@pytest.fixture
def account(beginning):
    """The scope of everything."""
    return beginning.account


@pytest.fixture
def automation(server, beginning) -> Client:
    """The Python client, unchanged and with its defaults, as a service account that is System administrator."""
    return server.service_account(beginning.automation)


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
