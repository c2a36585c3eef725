"""The languages of the pages, and their words."""

from __future__ import annotations

import json
import re
from importlib.resources import files

import pytest

from cogmock.hosted_ui import render, sign_up

AWS = {"de", "en", "es", "fr", "id", "it", "ja", "ko", "pt-BR", "zh-CN", "zh-TW"}


def words():
    folder = files("cogmock.hosted_ui") / "words"
    return {path.name.removesuffix(".json"): json.loads(path.read_text("utf-8")) for path in folder.iterdir()}


def opened(env, **parameters):
    browser = env.browser()
    browser.go(env.url("/login", **parameters))
    return browser


@pytest.mark.parametrize("language", sorted(AWS))
def test_every_page_is_in_the_language_that_is_asked_for_and_stays_so(env, language):
    browser = opened(env, lang=language)
    assert f'<html lang="{language}"' in browser.text
    assert words()[language]["sign_in_title"] == browser.title
    assert browser.page.headers["content-language"] == language
    browser.go(env.url("/login"))
    assert f'<html lang="{language}"' in browser.text


@pytest.mark.parametrize("language", ["xx", "DE", "../en", ""])
def test_another_language_is_english(env, language):
    assert '<html lang="en"' in opened(env, lang=language).text


def test_the_classic_pages_are_in_english_alone(env):
    env.idp.create_user_pool_domain(UserPoolId=env.pool_id, Domain="shop")
    assert '<html lang="en"' in opened(env, lang="de").text


def test_there_are_all_of_awss():
    assert set(render.LANGUAGES) == set(words()) == set(sign_up.LANGUAGES) == AWS


@pytest.mark.parametrize("language", sorted(AWS))
def test_a_language_has_every_word_and_its_places(language):
    english, own = words()["en"], words()[language]
    assert set(own) == set(english)
    for name, text in own.items():
        assert text.strip(), name
        assert sorted(re.findall(r"{\w*}", text)) == sorted(re.findall(r"{\w*}", english[name])), name


@pytest.mark.parametrize("language", sorted(AWS - {"en"}))
def test_a_language_is_not_english(language):
    english, own = words()["en"], words()[language]
    alike = [name for name, text in own.items() if text == english[name]]
    assert len(alike) <= len(english) / 8, alike
