"""Dataclasses that wait are as the standard library's, but for when their methods are written."""

import copy
import dataclasses
import inspect
import pickle
import threading
import weakref
from dataclasses import field

import pytest

from cogmock.lazy_dataclass import dataclass


@dataclass(slots=True, eq=False, repr=False, weakref_slot=True)
class Shelf:
    """A shelf."""

    name: str
    books: list[str] = field(default_factory=list)
    width: int = 80

    def count(self):
        return len(self.books)


@dataclass(slots=True, kw_only=True)
class Book:
    title: str
    pages: int = 0


@pytest.fixture
def written(monkeypatch):
    """The classes that the standard library completes."""
    seen = []
    real = dataclasses.dataclass

    def noting(*args, **options):
        complete = real(*args, **options)
        return lambda cls: seen.append(cls.__name__) or complete(cls)

    monkeypatch.setattr(dataclasses, "dataclass", noting)
    return seen


def fresh():
    @dataclass(slots=True, eq=False, repr=False)
    class Fresh:
        one: int
        two: list[int] = field(default_factory=list)

    return Fresh


class TestWaiting:
    def test_nothing_is_written_before_the_first_use_and_once_then(self, written):
        kind = fresh()
        assert written == []
        assert (kind(1).one, kind(2).two) == (1, [])
        assert written == ["Fresh"]

    @pytest.mark.parametrize(
        "ask",
        [
            dataclasses.fields,
            dataclasses.is_dataclass,
            inspect.signature,
            lambda kind: kind.__match_args__,
            lambda kind: kind.__init__,
        ],
    )
    def test_whoever_asks_for_what_waits_gets_it(self, written, ask):
        kind = fresh()
        assert ask(kind)
        assert written == ["Fresh"]

    def test_threads_that_come_together_get_the_same(self, written):
        kind, made, begin = fresh(), [], threading.Barrier(8)

        def make():
            begin.wait(30)
            made.append(kind(1).one)

        threads = [threading.Thread(target=make) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        assert (made, written) == ([1] * 8, ["Fresh"])

    def test_a_subclass_without_slots_of_its_own_is_made_as_well(self, written):
        kind = type("Watched", (fresh(),), {"__slots__": ()})
        assert kind(3).one == 3
        assert [each.name for each in dataclasses.fields(kind)] == ["one", "two"]

    def test_a_dataclass_may_build_upon_it(self):
        @dataclasses.dataclass(slots=True)
        class Library(Shelf):
            town: str = ""

        @dataclass(slots=True, eq=False, repr=False)
        class Cellar(Shelf):
            depth: int = 1

        assert Library("a", town="b").town == "b"
        assert (Cellar("a", [], 1, 5).depth, Cellar.__slots__) == (5, ("depth",))


class TestAsTheStandardOne:
    def test_slots_defaults_and_methods(self):
        one, other = Shelf("a"), Shelf("b", ["x"], width=3)
        assert (one.books, one.width, other.count(), Shelf.__doc__) == ([], 80, 1, "A shelf.")
        assert one.books is not Shelf("a").books
        with pytest.raises(AttributeError):
            one.colour = "red"
        with pytest.raises(TypeError, match="name"):
            Shelf()

    def test_fields_replace_asdict_match_copy_pickle_and_weak_references(self):
        shelf = Shelf("a", ["x"])
        assert [each.name for each in dataclasses.fields(shelf)] == ["name", "books", "width"]
        assert dataclasses.replace(shelf, width=1).width == 1
        assert dataclasses.asdict(shelf) == {"name": "a", "books": ["x"], "width": 80}
        assert copy.copy(shelf).books is shelf.books
        assert pickle.loads(pickle.dumps(shelf)).books == ["x"]
        assert weakref.ref(shelf)() is shelf
        match shelf:
            case Shelf(name, books):
                assert (name, books) == ("a", ["x"])

    def test_without_eq_each_is_equal_to_itself_alone(self):
        assert Shelf("a") != Shelf("a")
        assert len({Shelf("a"), Shelf("a")}) == 2

    def test_with_eq_and_repr_they_are_compared_and_shown(self):
        assert Book(title="a") == Book(title="a", pages=0)
        assert Book(title="a") != Book(title="b")
        assert repr(Book(title="a", pages=3)) == "Book(title='a', pages=3)"
        with pytest.raises(TypeError, match="unhashable"):
            hash(Book(title="a"))
        with pytest.raises(TypeError):
            Book("a")

    def test_methods_of_its_own_are_kept(self):
        @dataclass(slots=True, eq=False)
        class Named:
            name: str

            def __repr__(self):
                return f"<{self.name}>"

        assert repr(Named("a")) == "<a>"

    @pytest.mark.parametrize("options", [{"slots": False}, {"slots": True, "frozen": True}])
    def test_what_it_does_not_know_is_refused(self, options):
        with pytest.raises(TypeError, match="slots"):
            dataclass(**options)
