"""The ways in which the Python client carries a call: at once, in a pool of threads, or as a coroutine.

They differ in what a call returns. A test does not want to know, so each call waits for its answer here.
"""

import asyncio
import inspect
from multiprocessing.pool import AsyncResult

import pytest
from runai.api_client import ApiClient, AsyncApiClient, ThreadedApiClient
from runai.configuration import Configuration
from runai.runai_client import RunaiClient

ANSWERS_WITHIN = 30

TRANSPORTS = {"plain": ApiClient, "threaded": ThreadedApiClient, "async": AsyncApiClient}

# For a module whose every test is one story, told three times.
through_every_transport = pytest.mark.parametrize("transport", TRANSPORTS, indirect=True)


class WithItsOwnToken:
    """The Python client for a person.

    Left to itself it asks for a service account's token at its start even when it was given a bearer token, and then
    uses the answer instead of the token. Only that request is replaced; every call is the client's own.
    """

    def _make_token_request(self):
        return self.configuration.bearer_token


def connect(transport: str, configuration: Configuration) -> RunaiClient:
    """The Python client of that kind; it signs in now. Its calls return answers."""
    kind = TRANSPORTS[transport]
    if configuration.bearer_token:
        kind = type(f"Persons{kind.__name__}", (WithItsOwnToken, kind), {})
    api_client = kind(configuration)
    # One loop for all coroutines of one client, for its connections belong to the loop.
    runner = asyncio.Runner()

    def awaited(function):
        def call(*arguments, **named):
            outcome = function(*arguments, **named)
            if isinstance(outcome, AsyncResult):
                return outcome.get(ANSWERS_WITHIN)
            return runner.run(outcome) if inspect.isawaitable(outcome) else outcome

        return call

    api_client.call_api = awaited(api_client.call_api)
    close = awaited(api_client.close)

    def close_all():
        close()
        runner.close()

    api_client.close = close_all
    return RunaiClient(api_client)
