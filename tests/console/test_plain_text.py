"""The text of mails in HTML."""

import pytest

from cogmock.console import plain_text


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("Your code is 482913", "Your code is 482913"),
        (
            "<h1>Hello</h1><p>Your code\n is <b>1234</b>.<br>Use it.</p>",
            "Hello\n\nYour code is 1234.\nUse it.",
        ),
        ("<div>one</div><div>two</div>", "one\ntwo"),
        ("<p>Buy</p><ul>\n<li>milk</li>\n<li>bread</li></ul>", "Buy\n\n- milk\n- bread"),
        ("<table><tr><td>a</td><td>b</td></tr><tr><td>c</td></tr></table>", "a b\nc"),
        ("a &amp; b &lt;c&gt;", "a & b <c>"),
        ('<a href="http://a.example/?x=1&amp;y=2">here</a>', "here (http://a.example/?x=1&y=2)"),
        ('<a href="http://a.example/">http://a.example/</a>', "http://a.example/"),
        ('<a href="mailto:a@example.com">a@example.com</a>', "a@example.com"),
        ('<img src="x.png" alt="Our shop"> greets', "Our shop greets"),
        ("<title>t</title><style>p{color:red}</style>x<script>alert(1)</script>", "x"),
        ("<style>p{}", ""),
        ("a < b and <i>c", "a < b and c"),
        ("</a></style>x", "x"),
        ("", ""),
    ],
)
def test_is_what_a_reader_sees(html, text):
    assert plain_text.of(html) == text
