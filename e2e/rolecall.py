"""A real server in a process of its own.

Owns how `rolecall` is started, awaited and stopped, and how someone signs in to it. Knows nothing of what the tests
expect: a test says that itself.
"""

import logging
import os
import re
import subprocess
import threading
import time
from dataclasses import dataclass

import pytest
import requests
from runai import models
from runai.configuration import Configuration

from client import Client
from transport import ANSWERS_WITHIN

ADMINISTRATOR = "admin@example.com"
ADMINISTRATORS_PASSWORD = "harbour-Quince-58-tundra"

# A debug build on a busy machine makes its keys and its database in this time.
STARTS_WITHIN = 60
# A graceful stop waits for requests that are under way, and there are none.
STOPS_WITHIN = 20

# Without a logger of ours the client writes to a stream that pytest closes after the first test.
CLIENT_LOG = logging.getLogger("runapy")


class Server:
    """`rolecall serve` in a place of its own, which it serves within `with`; and clients of it, of one transport."""

    def __init__(self, place, transport, settings=()):
        self.transport = transport
        self._clients = []
        password_file = place.folder / "first-password"
        password_file.write_text(ADMINISTRATORS_PASSWORD + "\n")
        # Nobody else may read it, as it should be in an installation.
        password_file.chmod(0o600)
        command = [os.environ["ROLECALL_BIN"], "serve", "--listen", "127.0.0.1:0"]
        command += ["--data-dir", str(place.folder / "data")]
        command += ["--admin-email", ADMINISTRATOR, "--admin-password-file", str(password_file)]
        if place.database_url:
            command += ["--database-url", place.database_url]
        command += settings
        # A setting of the person who runs the tests must not become one of the server under test.
        environment = {name: value for name, value in os.environ.items() if not name.startswith("ROLECALL_")}

        self.url = None
        self._output = []
        self._announced = threading.Event()
        self._process = subprocess.Popen(
            command,
            cwd=place.folder,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            errors="replace",
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        # Not through a proxy that the environment names.
        self.http = requests.Session()
        self.http.trust_env = False

    def _read(self):
        for line in self._process.stdout:
            self._output.append(line)
            address = re.search(r"listening on (http://127\.0\.0\.1:\d+)", line)
            if address and self.url is None:
                self.url = address.group(1)
                self._announced.set()
        # It has ended: those who wait for the address need not wait any longer.
        self._announced.set()

    def output(self) -> str:
        """What it has printed and logged so far."""
        return "".join(self._output)

    def __enter__(self):
        try:
            self.await_ready()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        try:
            self.stop()
        finally:
            # pytest shows this for a failed test only.
            print(self.output())

    def await_ready(self):
        """Returns when it serves; fails with its output when it ends first or takes too long."""
        deadline = time.monotonic() + STARTS_WITHIN
        self._announced.wait(STARTS_WITHIN)
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                pytest.fail(f"rolecall ended with {self._process.returncode} at its start:\n{self.output()}")
            try:
                if self.url and self.http.get(f"{self.url}/readyz", timeout=5).status_code == 200:
                    return
            except requests.RequestException:
                pass
            time.sleep(0.02)
        pytest.fail(f"rolecall was not ready within {STARTS_WITHIN} s:\n{self.output()}")

    def stop(self):
        """Asks it to stop, and insists that it does so gracefully."""
        for client in self._clients:
            client.close()
        self.http.close()
        if self._process.poll() is None:
            self._process.terminate()
        try:
            status = self._process.wait(STOPS_WITHIN)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
            pytest.fail(f"rolecall did not stop within {STOPS_WITHIN} s after SIGTERM:\n{self.output()}")
        finally:
            self._reader.join(ANSWERS_WITHIN)
            self._process.stdout.close()
        assert status == 0, f"rolecall ended with {status} instead of 0"

    def get(self, path, token=None) -> requests.Response:
        """A plain request, for what the Python client has no call for."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self.http.get(self.url + path, headers=headers, timeout=ANSWERS_WITHIN)

    def post(self, path, body=None, token=None) -> requests.Response:
        """A plain request, for what the Python client has no call for."""
        headers = {"Authorization": f"Bearer {token}"} if token else {}
        return self.http.post(self.url + path, json=body, headers=headers, timeout=ANSWERS_WITHIN)

    def sign_in(self, username, password) -> "Tokens":
        """Signs a person in, and insists that it works."""
        answer = self.try_to_sign_in(username, password)
        assert answer.status_code == 200, f"{username} cannot sign in: {answer.status_code} {answer.text}"
        return Tokens.of(answer)

    def try_to_sign_in(self, username, password) -> requests.Response:
        """The answer to a person's name and password."""
        body = {"grantType": "password", "clientID": "cli", "username": username, "password": password}
        return self.post("/api/v1/token", body)

    def refresh(self, refresh_token) -> requests.Response:
        """The answer to a refresh token."""
        body = {"grantType": "refresh_token", "clientID": "cli", "refreshToken": refresh_token}
        return self.post("/api/v1/token", body)

    def person(self, username, password) -> "Client":
        """The Python client, signed in as a person."""
        return self.with_token(self.sign_in(username, password).access)

    def with_token(self, token) -> "Client":
        """The Python client with someone's access token."""
        return self._client(self._configuration(bearer_token=token, retry_enabled=False))

    def service_account(self, account, **settings) -> "Client":
        """The Python client as its own documentation sets it up: with the id and secret of a service account."""
        return self._client(self.credentials(account, **settings))

    def credentials(self, account, **settings) -> Configuration:
        """The configuration of the Python client for a service account."""
        return self._configuration(client_id=account["clientId"], client_secret=account["clientSecret"], **settings)

    def _client(self, configuration) -> "Client":
        client = Client(self.transport, configuration)
        self._clients.append(client)
        return client

    def _configuration(self, **settings) -> Configuration:
        return Configuration(runai_base_url=self.url, logger=CLIENT_LOG, **settings)


@dataclass
class Tokens:
    """What someone gets who signs in."""

    access: str
    refresh: str
    expires_in: int

    @staticmethod
    def of(answer: requests.Response) -> "Tokens":
        body = answer.json()
        models.TokenResponse.model_validate(body)
        return Tokens(body["accessToken"], body["refreshToken"], body["expiresIn"])
