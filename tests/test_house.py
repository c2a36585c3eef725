"""Rules of the code base that no linter checks."""

from __future__ import annotations

import inspect
import re
from pathlib import Path

import pytest
from botocore import xform_name

from cogmock import errors
from cogmock.iam.backend import IamBackend, StsBackend
from cogmock.identitypools.backend import IdentityPoolsBackend
from cogmock.userpools.backend import UserPoolsBackend
from cogmock.wire import model

BACKENDS = [UserPoolsBackend, IdentityPoolsBackend, IamBackend, StsBackend]
ROOT = Path(__file__).resolve().parent.parent


@pytest.mark.parametrize("backend", BACKENDS)
class TestSubjects:
    def test_every_operation_of_the_model_has_one(self, backend):
        assert set(backend._subject_of) == set(backend.model().operations)

    def test_none_has_more_than_twelve_operations(self, backend):
        assert {name: len(of.split()) for name, of in backend.subjects.items() if len(of.split()) > 12} == {}

    def test_operations_are_named_as_boto3_names_them(self, backend):
        for name in backend.model().operations:
            function = backend.function(name)
            assert function is None or function.__name__ == xform_name(name)

    def test_each_first_line_of_a_docstring_is_a_sentence(self, backend):
        for name in backend.model().operations:
            function = backend.function(name)
            note = function.operation.note if function else ""
            assert not note or note.endswith((".", ":")), f"{name}: {note}"


class TestErrors:
    def test_each_modelled_error_of_the_cognito_services_has_its_class(self):
        modelled = {
            name
            for service in ("cognito-idp", "cognito-identity")
            for operation in model.load(service).operations.values()
            for name in operation.errors
        }
        assert modelled <= set(vars(errors))

    def test_each_class_bears_its_own_code_or_that_of_the_error_it_refines(self):
        for name, error in inspect.getmembers(errors, inspect.isclass):
            if issubclass(error, errors.AwsError) and not issubclass(error, errors.QueryError):
                refined = error.__base__ not in {Exception, errors.AwsError}
                own = error.__base__.code if refined else name
                assert error.code == own or error in {errors.AwsError, errors.NotBuilt}

    def test_faults_of_the_service_are_the_only_ones_with_status_500(self):
        shapes = model.load("cognito-idp").shapes
        faults = {name for name, shape in shapes.items() if shape.get("fault")}
        for name, error in inspect.getmembers(errors, inspect.isclass):
            if issubclass(error, errors.AwsError) and not issubclass(error, errors.QueryError):
                assert (error.status == 500) == (name in faults), name


class TestModules:
    def test_each_opens_with_a_line_that_says_what_it_is(self):
        for path in (ROOT / "cogmock").rglob("*.py"):
            text = path.read_text(encoding="utf-8")
            assert not text or text.startswith('"""'), path

    def test_none_is_longer_than_four_hundred_lines(self):
        long = {
            str(path.relative_to(ROOT)): len(path.read_text(encoding="utf-8").splitlines())
            for path in (ROOT / "cogmock").rglob("*.py")
        }
        assert {name: lines for name, lines in long.items() if lines > 400} == {}


@pytest.mark.parametrize("backend", BACKENDS)
def test_each_operation_that_is_offered_has_its_test_class(backend):
    tests = "\n".join(path.read_text(encoding="utf-8") for path in (ROOT / "tests").rglob("test_*.py"))
    offered = [name for name in backend.model().operations if backend.function(name)]
    classes = set(re.findall(r"^class Test(\w+)[:(]", tests, re.MULTILINE))
    assert [name for name in offered if name not in classes] == []


def test_no_two_test_files_have_the_same_name():
    """pytest imports them by their names alone: of two with the same name one cannot be collected."""
    names = [path.name for path in (ROOT / "tests").rglob("test_*.py")]
    assert sorted({name for name in names if names.count(name) > 1}) == []
