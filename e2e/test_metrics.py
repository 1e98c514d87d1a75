"""The metrics, as Prometheus's own Python client reads them, in both formats."""

import pytest
import requests
from prometheus_client.openmetrics.parser import text_string_to_metric_families as families_of_openmetrics
from prometheus_client.parser import text_string_to_metric_families as families_of_text

from transport import ANSWERS_WITHIN


def scrape(server, accept):
    answer = requests.get(f"{server.url}/metrics", headers={"Accept": accept}, timeout=ANSWERS_WITHIN)
    answer.raise_for_status()
    return answer


@pytest.mark.parametrize(
    ("accept", "content_type", "families"),
    [
        ("*/*", "text/plain; version=0.0.4; charset=utf-8", families_of_text),
        (
            "application/openmetrics-text;version=1.0.0,text/plain;q=0.5",
            "application/openmetrics-text; version=1.0.0; charset=utf-8",
            families_of_openmetrics,
        ),
    ],
    ids=["text", "openmetrics"],
)
def test_metrics_are_read_in_either_format(server, accept, content_type, families):
    server.get("/metrics")
    answer = scrape(server, accept)
    assert answer.headers["Content-Type"] == content_type
    found = {family.name: family for family in families(answer.text)}
    for family in found.values():
        assert family.documentation, family.name
        assert family.type in {"counter", "gauge", "histogram", "info"}, (family.name, family.type)
        assert family.samples or family.name == "rolecall_sign_ins", family.name
        assert family.name.startswith(("rolecall_", "process_")), family.name
    # Counted under one name in both: the parsers take `_total` for the sample of a counter.
    assert {"rolecall_http_requests", "process_cpu_seconds", "process_resident_memory_bytes"} <= found.keys()
    (resident,) = found["process_resident_memory_bytes"].samples
    assert resident.value > 1_000_000
