"""The random plays, in short and always the same; and that they find faults and tell them as a script."""

from __future__ import annotations

import logging

import pytest
from botocore.exceptions import ClientError

from cogmock.identitypools.rules import role_mapping
from cogmock.userpools.rules.directory import sign_out
from cogmock.userpools.rules.proofs import codes
from cogmock.wire import model
from scripts.plays.__main__ import play
from scripts.plays.identity_play import IdentityPoolPlay
from scripts.plays.pool_play import UserPoolPlay
from scripts.plays.stage import Broken, Refused, Stage, misfits


@pytest.fixture(autouse=True)
def quiet():
    """Thousands of calls are not to fill the log."""
    log = logging.getLogger("cogmock")
    before = log.level
    log.setLevel(logging.CRITICAL)
    yield
    log.setLevel(before)


@pytest.mark.slow
@pytest.mark.parametrize(("machine", "plays"), [(UserPoolPlay, 120), (IdentityPoolPlay, 110)])
def test_everything_holds_after_each_of_five_thousand_steps(machine, plays):
    before = machine.steps
    play(machine, plays, repeats=True)
    assert machine.steps - before >= 5000


class TestFaultsThatAreFound:
    """Faults that are put in here for the purpose."""

    def script(self, machine, plays=60):
        with pytest.raises(Broken) as caught:
            play(machine, plays, repeats=True)
        return str(caught.value)

    @pytest.mark.slow
    def test_a_sign_out_that_does_nothing(self, monkeypatch):
        monkeypatch.setattr(sign_out, "everywhere", lambda _call, _user: None)
        assert "token works although" in self.script(UserPoolPlay)

    @pytest.mark.slow
    def test_a_code_that_works_twice(self, monkeypatch):
        monkeypatch.setattr(codes, "discard", lambda _user, _key: None)
        assert "took a code twice" in self.script(UserPoolPlay)

    @pytest.mark.slow
    def test_a_guest_with_the_role_of_members_is_told_as_a_script_that_runs(self, monkeypatch):
        real = role_mapping._default
        monkeypatch.setattr(role_mapping, "_default", lambda pool, _kind: real(pool, "authenticated"))
        told = self.script(IdentityPoolPlay)
        what, _, script = told.partition("\n\n")
        assert script.endswith(f"# {what}")
        assert "identity.get_id(IdentityPoolId=a" in script
        exec(compile(script, "script", "exec"), {})


class TestScript:
    @pytest.fixture
    def stage(self):
        return Stage()

    def test_what_answers_gave_is_looked_up_and_refused_calls_may_be_refused(self, stage):
        pool = stage.idp("CreateUserPool", PoolName="shop")["UserPool"]["Id"]
        with pytest.raises(Refused, match="UserNotFoundException"):
            stage.idp("AdminGetUser", UserPoolId=pool, Username="ada")
        stage.advance(60)
        script = stage.script("it is so")
        assert "    a0 = idp.create_user_pool(PoolName='shop')\n" in script
        assert "    with suppress(ClientError): idp.admin_get_user(UserPoolId=a0" in script
        assert "    cognito.clock.advance(60)\n" in script
        exec(compile(script, "script", "exec"), {})

    def test_a_call_that_worked_must_work_there_too(self, stage):
        pool = stage.idp("CreateUserPool", PoolName="shop")["UserPool"]["Id"]
        stage.idp("DeleteUserPool", UserPoolId=pool)
        script = stage.script("x").replace("# x", 'idp.describe_user_pool(UserPoolId=a0["UserPool"]["Id"])')
        with pytest.raises(ClientError):
            exec(compile(script, "script", "exec"), {})


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        ({"UserPools": [{"Id": "a", "Nme": "b"}]}, "Nme is no member"),
        ({"UserPools": [{"Id": 1}]}, "should be a string"),
        ({"UserPools": [{"Status": "Odd"}]}, "none of"),
        ({"NextToken": True}, "should be a string"),
        ({"UserPools": [{"Id": "a", "CreationDate": 1.5}], "NextToken": None}, None),
    ],
)
def test_answers_that_do_not_fit_their_shape(answer, told):
    offered = model.load("cognito-idp")
    found = next(misfits(answer, offered.operations["ListUserPools"].output, offered.shapes), None)
    assert (told in found) if told else found is None
