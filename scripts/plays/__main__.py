"""`make plays`: random sequences of calls, and after each step what must hold. A failing one is printed as a script."""

from __future__ import annotations

import argparse
import logging
import time

from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, run_state_machine_as_test

from scripts.plays.identity_play import IdentityPoolPlay
from scripts.plays.pool_play import UserPoolPlay
from scripts.plays.stage import Broken

PLAYS: dict[str, type[UserPoolPlay | IdentityPoolPlay]] = {
    "users": UserPoolPlay,
    "identities": IdentityPoolPlay,
}
LENGTH = 60
"""Steps of one play at most."""


def play(machine: type[RuleBasedStateMachine], plays: int, *, repeats: bool) -> None:
    """Plays so many times. Raises Broken, with the shortest sequence found, where something does not hold.

    `repeats`: the same sequences each time.
    """
    wished = settings(
        max_examples=plays,
        stateful_step_count=LENGTH,
        derandomize=repeats,
        deadline=None,
        database=None,
        print_blob=False,
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
        phases=[Phase.generate, Phase.shrink],
    )
    run_state_machine_as_test(machine, settings=wished)


def main() -> int:
    parser = argparse.ArgumentParser("make plays", description=__doc__)
    parser.add_argument("--steps", type=int, default=100_000, help="at least so many steps of each play")
    parser.add_argument("--only", choices=PLAYS)
    given = parser.parse_args()
    logging.getLogger("cogmock").setLevel(logging.CRITICAL)
    for name in [given.only] if given.only else PLAYS:
        machine, began = PLAYS[name], time.monotonic()
        machine.steps = 0
        try:
            while machine.steps < given.steps:
                play(machine, 100, repeats=False)
        except Broken as broken:
            print(broken)
            print(f"{name}: broken after {machine.steps} steps")
            return 1
        print(
            f"{name}: {machine.steps} steps in {time.monotonic() - began:.0f} s, and everything held",
            flush=True,
        )
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
