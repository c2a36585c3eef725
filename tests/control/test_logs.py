"""GET /_cogmock/logs: what Cognito would have written to CloudWatch Logs."""

from __future__ import annotations

import pytest


@pytest.fixture
def written(world):
    for number, group in enumerate(("/one", "/one", "/two")):
        world.cloudwatch.write(group, f"stream{number % 2}", 1767225600.25 + number, f"line {number}")


def lines(answer):
    return [event["message"] for event in answer.json["events"]]


def test_events_are_listed_oldest_first(control, written):
    answer = control("GET", "/logs")
    assert lines(answer) == ["line 0", "line 1", "line 2"]
    assert answer.json["events"][0] == {
        "log_group": "/one",
        "stream": "stream0",
        "timestamp": "2026-01-01T00:00:00.250Z",
        "message": "line 0",
    }


def test_group_and_stream_narrow_the_list(control, written):
    assert lines(control("GET", "/logs?log_group=/one")) == ["line 0", "line 1"]
    assert lines(control("GET", "/logs?log_group=/one&stream=stream0")) == ["line 0"]
    assert lines(control("GET", "/logs?stream=nowhere")) == []


def test_unknown_parameters_are_refused(control):
    assert control("GET", "/logs?group=/one").status == 400


def test_a_reset_empties_them(control, written):
    control("POST", "/reset")
    assert lines(control("GET", "/logs")) == []


def test_the_last_events_are_kept(world, control, monkeypatch):
    from cogmock.core import cloudwatch

    assert cloudwatch.KEPT == 100_000
    monkeypatch.setattr(cloudwatch, "KEPT", 2)
    world.cloudwatch = cloudwatch.CloudWatch()
    for number in range(3):
        world.cloudwatch.write("/one", "stream", 0.0, f"line {number}")
    assert lines(control("GET", "/logs")) == ["line 1", "line 2"]
