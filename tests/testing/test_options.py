"""Options of the mock, the marker and the server: a wrong one fails where it is written, and says what to write."""

import inspect
import typing
from dataclasses import fields

import pytest

from cogmock import mock_cognito
from cogmock.settings import Settings
from cogmock.testing.mock import Mock
from cogmock.testing.options import Options
from cogmock.testing.server import CognitoServer

pytest_plugins = ["pytester"]


class TestUnknownOptions:
    @pytest.mark.parametrize("made", [mock_cognito, CognitoServer])
    def test_what_was_meant_is_named(self, made):
        with pytest.raises(TypeError, match=r"has no option 'cod'\. Did you mean 'code'\?.*issuer.*seed"):
            made(cod="123456")

    def test_the_mocks_own_options_are_named_too(self):
        with pytest.raises(TypeError, match="Did you mean 'passthrough'"):
            mock_cognito(pass_through=["iam"])

    def test_the_marker_says_it_too(self, pytester):
        pytester.makepyfile("""
            import pytest

            @pytest.mark.cognito(sed=1)
            def test_it(cognito):
                pass
        """)
        result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
        result.stdout.fnmatch_lines(["*has no option 'sed'. Did you mean 'seed'?*"])


class TestWrongValues:
    @pytest.mark.parametrize(
        ("options", "error", "words"),
        [
            ({"code": 123456}, TypeError, r"code=123456.*type str"),
            ({"seed": "1"}, TypeError, "type int"),
            ({"seed": True}, TypeError, "type int"),
            ({"aids": "on"}, TypeError, "type bool"),
            ({"lambda_": "x=y:z"}, TypeError, "list of strings"),
            ({"issuer": "me"}, ValueError, "server, aws, host"),
            ({"passthrough": "iam"}, TypeError, r'\["iam"\]'),
            ({"passthrough": ["cognito-ipd"]}, ValueError, "'cognito-ipd' is no service of boto3.*sts"),
        ],
    )
    def test_they_are_refused(self, options, error, words):
        with pytest.raises(error, match=words):
            mock_cognito(**options)

    def test_other_services_of_aws_may_be_named_among_those_that_pass(self):
        with mock_cognito(passthrough=["s3", "dynamodb"]) as cognito:
            assert cognito.make_pool().id

    def test_none_may_stand_where_it_is_the_default(self):
        with mock_cognito(seed=None) as cognito:
            assert cognito.settings.seed is None


class TestTypes:
    def test_options_are_the_settings(self):
        missing = {field.name for field in fields(Settings)} ^ set(Options.__annotations__)
        assert not missing, f"{missing}: Settings and Options (cogmock/testing/options.py) differ"

    def test_choices_are_those_of_the_settings(self):
        hints = typing.get_type_hints(Options)
        for field in fields(Settings):
            if "choices" in field.metadata:
                assert typing.get_args(hints[field.name]) == field.metadata["choices"]

    def test_no_signature_gives_away_what_it_decorates(self):
        hints = [inspect.signature(of).return_annotation for of in typing.get_overloads(mock_cognito)]
        assert hints == ["Class", "Callable[Params, Result]", "Mock"]
        assert [of.__name__ for of in typing.get_overloads(Mock.__call__)] == ["__call__", "__call__"]
