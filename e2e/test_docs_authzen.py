"""What docs/authzen.md tells people to paste works as it stands there."""

import json
import os
import re
import socket
import subprocess
import sys
import time
from pathlib import Path

import pytest

from client import Role
from rolecall import ADMINISTRATOR, ADMINISTRATORS_PASSWORD, STARTS_WITHIN
from transport import ANSWERS_WITHIN
from versions import told_once

pytestmark = told_once

DOCUMENT = Path(__file__).parent.parent / "docs" / "authzen.md"
ANA = "ana@example.com"


def example(name):
    """The code below `<!-- run: name -->`."""
    (code,) = re.findall(rf"<!-- run: {name} -->\n```\w+\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    return code


def environment(**more):
    """One without settings of whoever runs the tests, and without a proxy."""
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    return {**kept, "NO_PROXY": "*", **more}


def test_the_curl_commands(server):
    token = server.sign_in(ADMINISTRATOR, ADMINISTRATORS_PASSWORD).access
    asked = subprocess.run(
        ["bash", "-euc", example("curl")],
        env=environment(URL=server.url, TOKEN=token),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert asked.returncode == 0, asked.stderr
    evaluation, evaluations, subjects = (json.loads(line) for line in asked.stdout.splitlines())
    assert evaluation["decision"] is True
    assert [it["decision"] for it in evaluations["evaluations"]] == [True, False]
    assert {"type": "user", "id": ADMINISTRATOR} in subjects["results"]


@pytest.fixture
def adapter(server, tmp_path):
    """The adapter for Envoy, as it is pasted, in a process of its own: its address."""
    program = tmp_path / "adapter.py"
    program.write_text(example("python"))
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    settings = environment(ROLECALL_URL=server.url, PORT=str(port))
    process = subprocess.Popen([sys.executable, str(program)], env=settings, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + STARTS_WITHIN
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=5).close()
                break
            except OSError:
                assert process.poll() is None and time.monotonic() < deadline, "the adapter does not listen"
                time.sleep(0.05)
        yield f"http://127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(STARTS_WITHIN)


def test_the_adapter_answers_what_envoy_understands(server, automation, organisation, adapter):
    password = automation.create_user(ANA, permanent=True)["tempPassword"]
    automation.grant(ANA, Role.VIEWER, organisation.in_vision)
    token = server.sign_in(ANA, password).access
    vision, pricing = organisation.vision["id"], organisation.pricing["id"]

    def asked(method, path, sent=token):
        headers = {"Authorization": f"Bearer {sent}"} if sent else {}
        return server.http.request(method, adapter + path, headers=headers, timeout=ANSWERS_WITHIN).status_code

    assert asked("GET", f"/projects/{vision}/workspaces/7?page=2") == 200
    assert asked("DELETE", f"/projects/{vision}/workspaces/7") == 403, "a viewer deletes nothing"
    assert asked("GET", f"/projects/{pricing}/workspaces") == 403
    assert asked("GET", "/projects/4711/workspaces") == 403
    assert asked("GET", f"/projects/{vision}/shoes") == 403
    assert asked("GET", "/elsewhere") == 403
    assert asked("OPTIONS", f"/projects/{vision}/workspaces") == 403
    assert asked("GET", f"/projects/{vision}/workspaces", sent=None) == 401
    assert asked("GET", f"/projects/{vision}/workspaces", sent="nonsense") == 401
    # A token that says it is somebody else's is no token.
    head, _, signature = token.split(".")
    of_root = server.sign_in(ADMINISTRATOR, ADMINISTRATORS_PASSWORD).access.split(".")[1]
    assert asked("GET", f"/projects/{pricing}/workspaces", sent=f"{head}.{of_root}.{signature}") == 401
