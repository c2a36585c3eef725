"""The stock of signing keys."""

import subprocess
import sys

from cogmock.core.keys import AHEAD, Stock


class TestPregeneratedKeys:
    def test_keys_are_made_ahead_and_no_more_than_a_pool_needs(self):
        stock = Stock()
        keys = [stock.take(), stock.take()]
        assert keys[0].kid != keys[1].kid
        for key in keys:
            stock.give_back(key)
        made = stock.made
        assert [stock.take() for _ in range(2)]
        assert stock.made <= made + AHEAD

    def test_a_key_that_is_given_back_is_taken_again(self):
        stock = Stock()
        first, second = stock.take(), stock.take()
        stock.give_back(first)
        assert first.kid in {stock.take().kid for _ in range(AHEAD + 1)}
        assert second.kid != first.kid

    def test_a_process_may_end_while_a_key_is_made(self):
        script = "from cogmock.core.keys import STOCK; STOCK.start()"
        for _ in range(5):
            done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=False)
            assert (done.returncode, done.stderr) == (0, "")
