"""Nothing that the Python client can ask of us is left untried."""

import pytest

from calls import MADE, calls_for_our_operations
from transport import through_every_transport

# Calls that succeed with no server: this one sends an empty body instead of what it is given.
BROKEN_IN_THE_CLIENT = {("TokensApi", "grant_token_v2")}


@pytest.mark.judges_the_run
@through_every_transport
def test_the_tests_made_every_call_that_the_client_has_for_our_operations(transport):
    """It judges a whole run: alone it fails."""
    calls = calls_for_our_operations()
    assert len(calls) > 20, "openapi.json or the client is not read as it should be"
    missing = [
        f"{group}.{method}: {operation}"
        for (group, method), operation in calls.items()
        if (transport, group, method) not in MADE and (group, method) not in BROKEN_IN_THE_CLIENT
    ]
    assert missing == [], f"no test made these calls by the {transport} client, or they failed each time"
