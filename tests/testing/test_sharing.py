"""What clients share while a mock runs, and what each has for itself. `tests/clients` runs this with other botocores too."""

import gc
import inspect
import json
import logging
import threading
import weakref
from collections import Counter
from functools import partial
from types import SimpleNamespace

import boto3
import botocore.client
import botocore.hooks
import botocore.loaders
import botocore.model
import botocore.session
import pytest

from cogmock import mock_cognito
from cogmock.testing.doors import event_names, models

KEYS = {"region_name": "us-east-1", "aws_access_key_id": "a", "aws_secret_access_key": "b"}
NAME = "cognito-idp"
ORIGINALS = {
    (botocore.client.ClientCreator, "_load_service_model"): botocore.client.ClientCreator._load_service_model,
    (botocore.client.ClientCreator, "_create_methods"): botocore.client.ClientCreator._create_methods,
    (botocore.hooks.EventAliaser, "__copy__"): botocore.hooks.EventAliaser.__copy__,
}


def model(client):
    return client.meta.service_model


def loader_of(session):
    return session._session.get_component("data_loader")


@pytest.fixture(scope="module")
def session():
    return boto3.Session(**KEYS)


@pytest.fixture
def counted(monkeypatch):
    """How often botocore built a model, a shape and a method."""
    counts = Counter()

    def count(owner, name, as_name):
        original = getattr(owner, name)

        def counting(self, *args, **kwargs):
            counts[as_name] += 1
            return original(self, *args, **kwargs)

        monkeypatch.setattr(owner, name, counting)

    count(botocore.model.ServiceModel, "__init__", "models")
    count(botocore.model.Shape, "__init__", "shapes")
    count(botocore.client.ClientCreator, "_create_api_method", "methods")
    return counts


class TestShared:
    def test_the_second_client_builds_no_model_no_shape_and_no_method(self, session, counted):
        with mock_cognito():
            session.client(NAME).create_user_pool(PoolName="x")
            counted.clear()
            assert session.client(NAME).create_user_pool(PoolName="y")["UserPool"]["Name"] == "y"
        assert not counted

    def test_so_it_is_from_mock_to_mock(self, counted):
        for _ in range(2):
            counted.clear()
            with mock_cognito():
                boto3.client(NAME, **KEYS).create_user_pool(PoolName="x")
        assert not counted

    def test_the_names_of_events_are_sought_once(self, session):
        with mock_cognito():
            one, other = session.client(NAME), session.client(NAME)
            assert one.meta.events._alias_name_cache is other.meta.events._alias_name_cache

    def test_the_names_are_those_that_botocore_finds(self, session):
        with mock_cognito():
            shared = session.client(NAME).meta.events
            session.client("sts").get_caller_identity()
        alone = session.client(NAME).meta.events
        for name in ("before-call.cognito-idp.GetUser", "before-call.sts.X", "x.kinesis-video-media", "a.b"):
            assert shared._alias_event_name(name) == alone._alias_event_name(name)

    def test_errors_paginators_waiters_and_documentation_still_work(self, session):
        with mock_cognito():
            for _ in range(2):
                idp = session.client(NAME)
                with pytest.raises(idp.exceptions.ResourceNotFoundException):
                    idp.describe_user_pool(UserPoolId="us-east-1_abcdefghi")
                assert list(idp.get_paginator("list_user_pools").paginate(PaginationConfig={"PageSize": 1}))
                assert idp.waiter_names == []
                assert "UserPoolId" in inspect.getdoc(idp.delete_user_pool)
                assert idp.create_user_pool.__name__ == "create_user_pool"

    def test_each_service_and_each_version_has_its_own(self, session):
        with mock_cognito():
            assert model(session.client(NAME)) is not model(session.client("sts"))
            version = model(session.client(NAME)).api_version
            assert model(session.client(NAME, api_version=version)).service_name == NAME


class TestOwn:
    def test_a_handler_of_one_client_is_not_called_for_another(self, session):
        seen = []
        with mock_cognito():
            one, other = session.client(NAME), session.client(NAME)
            one.meta.events.register(f"before-call.{NAME}", lambda **_: seen.append("one"))
            other.list_user_pools(MaxResults=1)
            assert seen == []
            one.list_user_pools(MaxResults=1)
            session.client(NAME).list_user_pools(MaxResults=1)
        assert seen == ["one"]

    def test_a_handler_of_the_session_is_called_for_each_later_client(self):
        own, seen = boto3.Session(**KEYS), []
        with mock_cognito():
            own.client(NAME)
            own.events.register(f"provide-client-params.{NAME}.ListUserPools", lambda **_: seen.append(1))
            for _ in range(2):
                own.client(NAME).list_user_pools(MaxResults=1)
        assert seen == [1, 1]

    def test_what_a_handler_adds_to_the_class_stays_there(self):
        own = boto3.Session(**KEYS)

        def add(class_attributes, **_):
            class_attributes["mine"] = 1
            del class_attributes["list_users"]

        with mock_cognito():
            own.client(NAME)
            own.events.register(f"creating-client-class.{NAME}", add, unique_id="x")
            altered = own.client(NAME)
            own.events.unregister(f"creating-client-class.{NAME}", add, unique_id="x")
            later = own.client(NAME)
        assert altered.mine == 1
        assert not hasattr(altered, "list_users")
        assert not hasattr(later, "mine")
        assert hasattr(later, "list_users")
        assert type(altered) is not type(later)

    def test_what_is_set_on_a_client_its_class_or_a_method_stays_there(self, session):
        with mock_cognito():
            one = session.client(NAME)
            one.get_user = None
            type(one).list_users = None
            type(one).list_groups.note = "mine"
            other = session.client(NAME)
            assert callable(other.get_user)
            assert callable(other.list_users)
            assert not hasattr(other.list_groups, "note")

    def test_sessions_do_not_share(self, session):
        with mock_cognito():
            assert model(session.client(NAME)) is not model(boto3.Session(**KEYS).client(NAME))

    def test_a_loader_of_the_users_own_is_asked_each_time(self):
        class Own(botocore.loaders.Loader):
            turn = 0

            def load_service_model(self, service_name, type_name, api_version=None):
                loaded = super().load_service_model(service_name, type_name, api_version)
                if type_name != "service-2":
                    return loaded
                self.turn += 1
                return {**loaded, "operations": dict(list(loaded["operations"].items())[: self.turn])}

        inner = botocore.session.Session()
        inner.register_component("data_loader", Own())
        own = boto3.Session(botocore_session=inner, **KEYS)
        with mock_cognito():
            counts = [len(model(own.client(NAME)).operation_names) for _ in range(3)]
        assert counts == [1, 2, 3]

    def test_a_replaced_load_of_a_loader_is_asked_each_time(self):
        own = boto3.Session(**KEYS)
        loader = loader_of(own)
        with mock_cognito():
            own.client(NAME)
            real = loader.load_service_model

            def load(service_name, type_name, api_version=None):
                loaded = real(service_name, type_name, api_version)
                return {**loaded, "operations": {}} if type_name == "service-2" else loaded

            loader.load_service_model = load
            assert model(own.client(NAME)).operation_names == []
            del loader.load_service_model
            assert model(own.client(NAME)).operation_names

    @pytest.mark.parametrize("file", ["service-2.json", "service-2.sdk-extras.json"])
    def test_a_data_path_has_its_own_model(self, tmp_path, monkeypatch, session, file):
        whole = loader_of(session).load_service_model(NAME, "service-2")
        added = {"Own": {"name": "Own", "http": {"method": "POST", "requestUri": "/"}}}
        written = {**whole, "operations": {**whole["operations"], **added}}
        folder = tmp_path / NAME / "2016-04-18"
        folder.mkdir(parents=True)
        (folder / file).write_text(
            json.dumps({"merge": {"operations": added}} if "extras" in file else written)
        )
        with mock_cognito():
            assert not hasattr(session.client(NAME), "own")
            monkeypatch.setenv("AWS_DATA_PATH", str(tmp_path))
            own = boto3.Session(**KEYS)
            assert [hasattr(own.client(NAME), "own") for _ in range(2)] == [True, True]
            assert not hasattr(session.client(NAME), "own")
            assert hasattr(boto3.client(NAME, **KEYS), "own")
            monkeypatch.delenv("AWS_DATA_PATH")
        with mock_cognito():
            assert not hasattr(boto3.client(NAME, **KEYS), "own")

    @pytest.mark.parametrize(
        "alter",
        [
            lambda of: setattr(of, "operation_model", None),
            lambda of: setattr(of, "metadata", {}),
            lambda of: of._service_description["operations"].update(Own={"name": "Own", "http": {}}),
            lambda of: of._service_description["shapes"].pop("ListUsersRequest"),
            lambda of: of._service_description["shapes"]["ListUsersRequest"].pop("required"),
            lambda of: of._service_description["shapes"]["ListUsersRequest"]["members"].update(
                Own={"shape": "StringType"}
            ),
        ],
    )
    def test_a_model_that_was_altered_is_not_given_to_others(self, alter):
        own = boto3.Session(**KEYS)
        with mock_cognito():
            one = model(own.client(NAME))
            assert model(own.client(NAME)) is one
            assert one.signature_version is not None  # reading alters nothing
            assert model(own.client(NAME)) is one
            alter(one)
            later = model(own.client(NAME))
            assert later is not one
            assert model(own.client(NAME)) is later


class TestStop:
    def test_everything_is_put_back(self):
        with mock_cognito():
            assert all(getattr(owner, name) is not of for (owner, name), of in ORIGINALS.items())
        assert all(vars(owner)[name] is of for (owner, name), of in ORIGINALS.items())

    def test_clients_made_after_it_share_nothing(self, session):
        with mock_cognito():
            shared = model(session.client(NAME))
        one, other = session.client(NAME), session.client(NAME)
        assert len({id(shared), id(model(one)), id(model(other))}) == 3
        assert one.meta.events._alias_name_cache is not other.meta.events._alias_name_cache

    def test_nested_mocks_share_until_the_outer_one_stops(self, session):
        with mock_cognito():
            outer = model(session.client(NAME))
            with mock_cognito(code="123456"):
                assert model(session.client(NAME)) is outer
            assert model(session.client(NAME)) is outer
        assert model(session.client(NAME)) is not outer

    def test_mocks_of_two_threads_share_until_the_last_one_stops(self, session):
        found, both, first_stopped = [], threading.Barrier(2), threading.Event()

        def run(last):
            with mock_cognito(code="111111" if last else "222222"):
                both.wait(30)
                if last:
                    first_stopped.wait(30)
                found.append(model(session.client(NAME)))
            first_stopped.set()

        threads = [threading.Thread(target=run, args=(last,)) for last in (False, True)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert found[0] is found[1]
        assert all(vars(owner)[name] is of for (owner, name), of in ORIGINALS.items())

    def test_a_session_is_let_go_with_what_its_clients_shared(self):
        own = boto3.Session(**KEYS)
        own.events.register(f"before-call.{NAME}", partial(lambda _session, **_: None, own))
        with mock_cognito():
            own.client(NAME).list_user_pools(MaxResults=1)
        loader, inner = weakref.ref(loader_of(own)), weakref.ref(own._session)
        del own
        gc.collect()
        assert (loader(), inner()) == (None, None)

    def test_a_mock_that_keeps_no_sessions_shares_nothing(self, session):
        with mock_cognito(keep_sessions=False):
            one, other = session.client(NAME), session.client(NAME)
            assert model(one) is not model(other)
            assert one.meta.events._alias_name_cache is not other.meta.events._alias_name_cache


class OtherShape:
    """A creator of clients that works otherwise than botocore's."""

    def __init__(self, loader=None):
        self._loader = loader

    def _load_service_model(self, *args, **kwargs):
        return [args, kwargs]

    def _create_methods(self, *args, **kwargs):
        return [args, kwargs]


class TestOtherBotocores:
    @pytest.mark.parametrize("door", [models, event_names])
    def test_what_is_missing_is_not_patched(self, door):
        assert list(door.patches(SimpleNamespace())) == []
        assert list(door.patches(SimpleNamespace(ClientCreator=object, EventAliaser=None))) == []

    @pytest.mark.parametrize("loader", [None, object(), botocore.loaders.Loader()])
    @pytest.mark.parametrize(
        ("args", "kwargs"), [((), {}), ((1, 2, 3), {}), ((NAME,), {}), ((), {"service": NAME})]
    )
    def test_another_signature_or_another_model_is_left_alone(self, loader, args, kwargs):
        class Creator(OtherShape):
            pass

        doors = dict(models.patches(SimpleNamespace(ClientCreator=Creator)))
        for name in ("_load_service_model", "_create_methods"):
            setattr(Creator, name, doors[f"ClientCreator.{name}"](getattr(OtherShape, name)))
        with mock_cognito():
            creator = Creator(loader)
            assert creator._load_service_model(*args, **kwargs) == [args, kwargs]
            assert creator._create_methods(*args, **kwargs) == [args, kwargs]

    def test_an_aliaser_of_another_kind_is_left_alone(self):
        class Aliaser:
            def __copy__(self):
                return Aliaser()

        ((_, make),) = event_names.patches(SimpleNamespace(EventAliaser=Aliaser))
        with mock_cognito():
            assert vars(make(Aliaser.__copy__)(Aliaser())) == {}

    def test_events_with_other_new_names_have_their_own(self):
        events = botocore.hooks.EventAliaser(botocore.hooks.HierarchicalEmitter(), {"old": "new"})
        with mock_cognito():
            boto3.client(NAME, **KEYS)
            assert events.__copy__()._alias_event_name("x.old") == "x.new"
            assert events.__copy__()._alias_event_name(f"x.{NAME}") == f"x.{NAME}"

    def test_the_names_that_are_kept_are_bounded(self, monkeypatch, session):
        monkeypatch.setattr(event_names, "_MOST", 50)
        with mock_cognito():
            for number in range(120):
                session.client(NAME).meta.events.emit(f"own.{number}")
            session.client(NAME)
        assert len(event_names._known[0][1]) <= 120

    def test_a_botocore_without_them_works_and_logs_nothing(self, monkeypatch, caplog):
        creator = botocore.client.ClientCreator
        monkeypatch.delattr(botocore.hooks.EventAliaser, "__copy__")
        monkeypatch.setattr(botocore.client, "ClientCreator", SimpleNamespace())
        with caplog.at_level(logging.WARNING, "cogmock"), mock_cognito():
            monkeypatch.setattr(botocore.client, "ClientCreator", creator)
            monkeypatch.undo()
            assert boto3.client(NAME, **KEYS).list_user_pools(MaxResults=1)["UserPools"] == []
        assert caplog.records == []
