"""`make bench`: the page that it publishes, built from a recorded run, and when it is written."""

import copy
import json
import re
import sys
from pathlib import Path

import pytest

from scripts.bench import __main__ as bench
from scripts.bench import page as pages
from scripts.bench.aims import Aim
from scripts.bench.machine import CORES
from scripts.bench.reports import REPORTS
from scripts.bench.tables import Judged, Table, lines, markdown, number, verdicts

ROOT = Path(__file__).resolve().parent.parent
RECORDED = json.loads((ROOT / "tests" / "support" / "benchmarks.json").read_text(encoding="utf-8"))


@pytest.fixture
def record():
    """A run that was recorded, to change at will."""
    return copy.deepcopy(RECORDED)


def tables(part, record):
    return {table.title: table for table in REPORTS[part](record["results"][part])}


def cells(table, row, column):
    found = next(one for one in table.rows if one[0] == row)
    return found[table.head.index(column)]


def section(text, title):
    return text.partition(f"### {title}\n")[2].partition("\n#")[0]


def drawn(text):
    """The rows of a section's table."""
    return [line.strip("|").split("|") for line in text.splitlines() if line.startswith("|")]


class TestPage:
    def test_it_says_when_where_and_with_what_the_run_was_made(self, record):
        text = pages.page(record)
        facts = record["facts"]
        for fact in (record["date"], facts["processor"], facts["Python"], facts["boto3"], facts["ministack"]):
            assert fact in text

    def test_a_run_beside_other_work_is_marked(self, record):
        record["load"] = 0.0
        assert "other work during this run" not in pages.page(record)
        record["load"] = CORES + 1.0
        assert f"a load of {CORES + 1} on {CORES} cores" in pages.page(record)

    def test_each_table_of_each_part_is_on_it(self, record):
        text = pages.page(record)
        for part in REPORTS:
            for title in tables(part, record):
                assert len(drawn(section(text, title))) > 2, title

    def test_all_rows_of_a_table_have_as_many_cells_as_its_head(self, record):
        for text in re.split(r"^#+ ", pages.page(record), flags=re.MULTILINE):
            assert len({len(row) for row in drawn(text)}) <= 1, text

    def test_times_that_belong_to_one_machine_are_left_out(self, record):
        head = drawn(section(pages.page(record), "A server: requests a second"))[0]
        assert [cell.strip() for cell in head] == [
            "",
            "cogmock / ministack",
            "cogmock / moto",
            "cogmock / best",
            "aim",
        ]

    def test_it_counts_the_aims_and_lists_those_that_were_missed(self, record):
        of_suite = record["results"]["suite"]["test"]
        of_suite["cogmock"] = [{"mean": 7.5, "median": 7.5} for _ in of_suite["floor"]]
        of_suite["floor"] = [{"mean": 10.0, "median": 10.0} for _ in of_suite["floor"]]
        missed = "boto3.client in the test: 1.07 (≤ 0.75)"
        assert "boto3.client in the test: 0.75 (" not in pages.page(record)
        of_suite["floor"] = [{"mean": 7.0, "median": 7.0} for _ in of_suite["floor"]]
        assert re.search(rf"- A test suite, cogmock / floor: .*{re.escape(missed)}", pages.page(record))

    def test_the_page_in_the_tree_has_this_form(self, record):
        """It is written by `make bench PARTS=publish` alone: after a change of its form, run that again."""
        there = pages.PAGE.read_text(encoding="utf-8")
        form = re.compile(r"^#+ .*$|^- \*\*.*$", re.MULTILINE)
        assert form.findall(there) == form.findall(pages.page(record))


class TestReports:
    def test_a_ratio_is_the_median_of_the_rounds_ratios(self, record):
        got = record["results"]["suite"]["test"]
        got["floor"] = [{"mean": mean, "median": mean} for mean in (10.0, 20.0, 10.0)]
        got["cogmock"] = [{"mean": mean, "median": mean} for mean in (8.0, 10.0, 9.0)]
        got["moto"] = got["floor"]
        row = cells(tables("suite", record)["A test suite"], "boto3.client in the test", "cogmock / floor")
        assert row == Judged(0.8, Aim(0.75))
        assert row.verdict == "missed"

    def test_servers_are_compared_with_the_best_of_the_others(self, record):
        of_server = record["results"]["server"]
        for name, rate in (("cogmock", 6000.0), ("ministack", 1000.0), ("moto", 1500.0)):
            for one in of_server[name]:
                one["load"]["GetUser 8"]["rate"] = rate
        table = tables("server", record)["A server: requests a second"]
        assert cells(table, "GetUser, 8", "cogmock / ministack") == 6
        assert cells(table, "GetUser, 8", "cogmock / best") == Judged(4, Aim(5, least=True))

    def test_without_ministack_the_aims_beside_other_servers_are_left_out(self, record):
        del record["results"]["server"]["ministack"]
        found = tables("server", record)
        rates = found["A server: requests a second"]
        assert rates.head == ("", "cogmock", "moto", "cogmock / moto", "cogmock / best")
        assert not list(rates.judged())
        assert list(found["A server: times of a request"].judged())

    def test_the_slowest_request_is_that_of_all_rounds(self, record):
        first = record["results"]["server"]["cogmock"][0]
        record["results"]["server"]["cogmock"] = [first, copy.deepcopy(first)]
        first["load"]["ListUsers 64"]["max"] = 952.0
        table = tables("server", record)["A server: times of a request"]
        assert cells(table, "ListUsers, 64", "max") == Judged(952.0, Aim(100))

    def test_errors_and_closed_connections_are_counted(self, record):
        record["results"]["server"]["cogmock"][0]["load"]["GetUser 64"]["closed"] += 2
        table = tables("server", record)["A server: start and memory"]
        assert cells(table, "errors, closed connections", "cogmock").verdict == "missed"


class TestTables:
    TABLE = Table(
        "Title",
        "A note",
        ("", "once", "ratio"),
        [
            ("one", 1234.5, Judged(0.756, Aim(0.75))),
            ("two", 9, Judged(6.0, Aim(5, least=True))),
            ("x", None, 1.0),
        ],
        once=frozenset({"once"}),
    )

    def test_columns_are_aligned_and_each_aim_has_its_verdict(self):
        assert lines(self.TABLE) == [
            "        once  ratio  aim",
            "  one  1,234  0.756  ≤ 0.75 missed",
            "  two      9      6  ≥ 5 met",
            "  x               1",
        ]

    def test_markdown_keeps_what_is_not_of_one_machine(self):
        assert markdown(self.TABLE.kept()).splitlines()[4:] == [
            "|  | ratio | aim |",
            "| --- | ---: | --- |",
            "| one | 0.756 | ≤ 0.75 missed |",
            "| two | 6 | ≥ 5 met |",
            "| x | 1 |  |",
        ]

    def test_the_verdicts_name_row_and_column_of_a_miss(self):
        assert verdicts([self.TABLE]).splitlines() == [
            "1 of 2 aims were met. These were missed:",
            "",
            "- Title, ratio: one: 0.756 (≤ 0.75)",
        ]

    @pytest.mark.parametrize(
        ("value", "text"), [(0.123456, "0.123"), (99.94, "99.9"), (1234.5, "1,234"), (7, "7"), (None, "")]
    )
    def test_figures_have_three_digits(self, value, text):
        assert number(value) == text


class TestRuns:
    @pytest.fixture
    def run(self, monkeypatch, tmp_path, record):
        """Runs the bench with recorded results in place of measurements; the page and the record go to a folder."""
        monkeypatch.setattr(pages, "PAGE", tmp_path / "benchmarks.md")
        monkeypatch.setattr(pages, "RECORD", tmp_path / "build" / "benchmarks.json")
        measures = {part: lambda part=part: record["results"][part] for part in REPORTS}
        monkeypatch.setattr(bench, "MEASURES", measures)

        def run(*parts, **failing):
            monkeypatch.setattr(sys, "argv", ["bench", *parts])
            measures.update(failing)
            return bench.main()

        return run

    def test_publish_writes_the_page_of_its_run(self, run, record, tmp_path):
        assert run("publish") == 0
        kept = json.loads((tmp_path / "build" / "benchmarks.json").read_text(encoding="utf-8"))
        assert kept["results"] == record["results"]
        assert (tmp_path / "benchmarks.md").read_text(encoding="utf-8") == pages.page(kept)

    def test_a_run_of_some_parts_or_of_all_writes_no_page(self, run, tmp_path):
        assert run("suite", "server") == 0
        assert run() == 0
        assert not list(tmp_path.iterdir())

    def test_a_run_that_fails_leaves_the_page_as_it_was(self, run, tmp_path):
        (tmp_path / "benchmarks.md").write_text("as it was")

        def fails():
            raise SystemExit("scale failed")

        with pytest.raises(SystemExit):
            run("publish", scale=fails)
        assert (tmp_path / "benchmarks.md").read_text() == "as it was"

    def test_publish_with_other_parts_and_unknown_parts_are_refused(self, run, capsys):
        assert run("publish", "suite") == 2
        assert "publish runs all parts; name it alone" in capsys.readouterr().err
        assert run("speed") == 2
        assert "no such part: speed; there are suite, cold" in capsys.readouterr().err

    def test_each_figure_is_printed_with_its_aim_and_the_misses_at_the_end(self, run, capsys):
        run("suite")
        printed = capsys.readouterr().out
        assert re.search(r"boto3\.client in the test .* ≤ 0\.75 (met|missed) ", printed)
        assert re.search(r"\n\d of 3 aims were met\.", printed)
