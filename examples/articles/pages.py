"""The HTML of the pages. All values from outside pass through `escape`."""

from __future__ import annotations

from html import escape
from typing import Any
from urllib.parse import quote

About = dict[str, Any]
"""Fields of an article that the index shows."""


def front(name: str, index: list[About]) -> str:
    lead, *others = index
    return page(
        "The Lantern",
        name,
        f'<section class="lead">{card(lead)}</section><section class="grid">{"".join(map(card, others))}</section>',
    )


def card(about: About) -> str:
    place = f"/articles/{quote(about['slug'])}"
    return f"""<article class="card">
      {badge(about)}
      <h2><a href="{place}">{escape(about["title"])}</a></h2>
      <p>{escape(about["teaser"])}</p>
      <p class="by">{by(about)}</p>
    </article>"""


def article(name: str, about: About, text: str, picture: str) -> str:
    body = "".join(map(paragraph, filter(None, text.split("\n\n"))))
    return page(
        about["title"],
        name,
        f"""<article class="story">
      {badge(about)}
      <h1>{escape(about["title"])}</h1>
      <p class="by">{by(about)}</p>
      <img src="{escape(picture)}" alt="{escape(about["picture"])}" width="720" height="300">
      {body}
    </article>""",
    )


def closed(name: str, about: About) -> str:
    """The page for a reader whom S3 denied access."""
    place = f"/articles/{quote(about['slug'])}"
    if name:
        offer = f"""<h2>This one is for subscribers</h2>
        <p>You are signed in as {escape(name)}. A subscription opens every article, from the next click on.</p>
        <form method="post" action="/subscribe">{back(place)}<button>Subscribe</button></form>"""
    else:
        offer = f"""<h2>This one is for subscribers</h2>
        <p>Sign in to read on. Guests read everything that is marked free.</p>
        <a class="button" href="/sign-in?next={quote(place)}">Sign in</a>"""
    return page(
        about["title"],
        name,
        f"""<article class="story">
      {badge(about)}
      <h1>{escape(about["title"])}</h1>
      <p class="by">{by(about)}</p>
      <p class="fading">{escape(about["teaser"])}</p>
      <aside class="offer">{offer}</aside>
    </article>""",
    )


def letters(name: str, printed: list[About], drawer: list[About] | None) -> str:
    """The page of letters. The drawer is None for a reader whom the API denied it."""
    if drawer is not None:
        inside = f"<h2>The drawer</h2><p>What we do not print.</p>{''.join(map(letter, drawer))}"
    else:
        inside = "<h2>The drawer</h2><p>What we do not print, subscribers may read here.</p>"
    if name:
        form = """<form class="panel" method="post" action="/letters">
        <label>Your letter <textarea name="text" rows="4" maxlength="1000" required></textarea></label>
        <button>Send</button></form>"""
    else:
        form = '<p><a class="button" href="/sign-in?next=/letters">Sign in to write</a></p>'
    return page(
        "Letters to the editor",
        name,
        f"""<article class="story"><h1>Letters to the editor</h1>{form}{"".join(map(letter, printed))}
      <aside class="offer">{inside}</aside></article>""",
    )


def letter(about: About) -> str:
    mark = " · subscriber" if about["subscriber"] else ""
    return f"""<blockquote><p>{escape(about["text"])}</p>
      <p class="by">{escape(about["name"])}{mark}</p></blockquote>"""


def sign_in(current: str, next_page: str, *, name: str = "", failed: bool = False) -> str:
    alert = '<p class="alert" role="alert">Name and password do not belong together.</p>' if failed else ""
    return page(
        "Sign in",
        current,
        f"""<form class="panel" method="post" action="/sign-in">
      <h1>Sign in</h1>{alert}{back(next_page)}
      <label>Name
        <input name="name" value="{escape(name)}" autocomplete="username" autocapitalize="none" required></label>
      <label>Password <input name="password" type="password" autocomplete="current-password" required></label>
      <button>Sign in</button>
      <p class="hint">Try <b>ada</b>, who has subscribed, or <b>bob</b>, who has not.
        The password of both is <b>Lantern-2026</b>.</p>
    </form>""",
    )


def message(name: str, title: str, text: str) -> str:
    return page(
        title,
        name,
        f'<div class="panel"><h1>{escape(title)}</h1><p>{escape(text)}</p><a href="/">To the front page</a></div>',
    )


def badge(about: About) -> str:
    return (
        '<span class="badge">Premium</span>'
        if about["shelf"] == "premium"
        else '<span class="badge free">Free</span>'
    )


def by(about: About) -> str:
    return f"{escape(about['author'])} · {int(about['minutes'])} min"


def paragraph(text: str) -> str:
    if text.startswith("## "):
        return f"<h2>{escape(text[3:].strip())}</h2>"
    return f"<p>{escape(text.strip())}</p>"


def back(place: str) -> str:
    return f'<input type="hidden" name="next" value="{escape(place)}">'


def page(title: str, name: str, content: str) -> str:
    who = (
        f"""<span>{escape(name)}</span>
      <form method="post" action="/sign-out"><button class="quiet">Sign out</button></form>"""
        if name
        else '<a href="/sign-in">Sign in</a>'
    )
    return f"""<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>{escape(title)}</title>
    <link rel="stylesheet" href="/style.css">
    <link rel="icon" href="data:,">
  </head>
  <body>
    <header>
      <a class="name" href="/">The Lantern</a>
      <nav><a href="/letters">Letters</a>{who}</nav>
    </header>
    <main>{content}</main>
    <footer>A paper that does not exist, on a Cognito that runs on your machine.</footer>
  </body>
</html>
"""
