"""How fragments become a section of the changelog."""

import pytest

from scripts import changelog


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "README.md").write_text("# Fragments", encoding="utf-8")
    (tmp_path / "clock.md").write_text("- The clock\n  can be set.\n- It can be reset.\n", encoding="utf-8")
    (tmp_path / "users.md").write_text("- **Breaking:** Names are checked.\n", encoding="utf-8")
    return tmp_path


def test_a_section_has_every_entry_and_what_breaks_first(folder):
    found = changelog.fragments(folder)
    assert changelog.section("1.2.0", found, "2026-12-01") == (
        "## 1.2.0 (2026-12-01)\n\n"
        "- **Breaking:** Names are checked.\n- The clock\n  can be set.\n- It can be reset."
    )


def test_it_stands_above_the_older_ones():
    before = "# Changelog\n\nWhat changed.\n\n## 1.0.0 (2026-01-01)\n\n- First.\n"
    after = changelog.with_section(before, "## 1.1.0 (2026-02-01)\n\n- Second.")
    assert after == (
        "# Changelog\n\nWhat changed.\n\n## 1.1.0 (2026-02-01)\n\n- Second.\n\n## 1.0.0 (2026-01-01)\n\n- First.\n"
    )


def test_the_first_one_follows_the_introduction():
    assert changelog.with_section("# Changelog\n\nWhat changed.\n", "## 1.0.0 (2026-01-01)\n\n- First.") == (
        "# Changelog\n\nWhat changed.\n\n## 1.0.0 (2026-01-01)\n\n- First.\n"
    )


def test_a_version_is_released_once():
    with pytest.raises(ValueError, match="set the next version first"):
        changelog.with_section(
            "# Changelog\n\n## 1.0.0 (2026-01-01)\n\n- First.\n", "## 1.0.0 (2026-02-01)\n\n- Again."
        )
