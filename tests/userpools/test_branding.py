"""Style and logo of the classic hosted UI."""

from __future__ import annotations

import re

import pytest
import requests
from support.pool_env import refused

CSS = ".submitButton-customizable{background-color:#123456} .label-customizable, .banner-customizable {color:red}"
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
JPEG = b"\xff\xd8\xff\xe0" + b"0" * 20


@pytest.fixture
def styled(env):
    env.idp.create_user_pool_domain(UserPoolId=env.pool_id, Domain="shop")
    return env


def put(env, **more):
    return env.idp.set_ui_customization(UserPoolId=env.pool_id, **more)["UICustomization"]


def got(env, **more):
    return env.idp.get_ui_customization(UserPoolId=env.pool_id, **more)["UICustomization"]


class TestSetUICustomization:
    def test_answers_all_of_it(self, styled):
        made = put(styled, CSS=CSS, ImageFile=PNG)
        assert made["CSS"] == CSS
        assert made["ClientId"] == "ALL"
        assert re.fullmatch(r"20\d{12}", made["CSSVersion"])
        assert made["ImageUrl"].endswith(
            f"/{styled.pool_id}/ALL/{made['CSSVersion']}/assets/images/image.jpg"
        )

    @pytest.mark.parametrize(("image", "kind"), [(PNG, "image/png"), (JPEG, "image/jpeg")])
    def test_the_image_can_be_fetched(self, styled, image, kind):
        for client_id in ("ALL", styled.client_id):
            url = put(styled, ClientId=client_id, ImageFile=image)["ImageUrl"]
            answer = requests.get(url, timeout=30)
            assert (answer.status_code, answer.headers["Content-Type"]) == (200, kind)
            assert answer.content == image

    def test_an_image_that_was_replaced_or_removed_is_gone(self, styled):
        first = put(styled, ImageFile=PNG)["ImageUrl"]
        styled.cognito.clock.advance(1)
        second = put(styled, ImageFile=JPEG)["ImageUrl"]
        assert [requests.get(url, timeout=30).status_code for url in (first, second)] == [404, 200]
        put(styled, CSS=CSS)
        assert requests.get(second, timeout=30).status_code == 404

    def test_what_is_left_out_is_cleared(self, styled):
        put(styled, CSS=CSS, ImageFile=PNG)
        assert "ImageUrl" not in put(styled, CSS=CSS)
        assert "CSS" not in put(styled, ImageFile=PNG)

    def test_needs_a_domain(self, env):
        with refused(
            "InvalidParameterException", "There has to be an existing domain associated with this user pool"
        ):
            put(env, CSS=CSS)

    @pytest.mark.parametrize(
        "css",
        [
            "body{color:red}",
            ".other-customizable{color:red}",
            ".label-customizable:hover{color:red}",
            "@import 'x';",
            "@media print{.label-customizable{color:red}}",
            ".label-customizable{color:red}</style><script>alert(1)</script>",
            "/*</style><script>alert(1)</script>*/",
            ".label-customizable{color:red",
            ".label-customizable{/*}*/color:r\\65 d}",
            ".label-customizable{color:red}</STYLE >",
            ".label-customizable{color:red}@import url(x);",
            ".label-customizable{background:url(javascript:alert(1))}",
            ".label-customizable{background:url(JavaScript:alert(1))}",
            ".label-customizable{width:expression(alert(1))}",
            ".label-customizable{width:expression /**/(alert(1))}",
            ".label-customizable{color:red}}body{color:red}",
            ".label-customizable body{color:red}",
            ".label-customizable,body{color:red}",
            "@supports(color:red){.label-customizable{color:red}}",
            "@page{margin:0}",
        ],
    )
    def test_refuses_what_no_style_may_have(self, styled, css):
        with refused("InvalidParameterException"):
            put(styled, CSS=css)

    def test_refuses_what_is_no_image_and_what_is_too_large(self, styled):
        with refused("InvalidParameterException"):
            put(styled, ImageFile=b"GIF89a")
        with refused("InvalidParameterException", "request parameters too large"):
            put(styled, ImageFile=PNG + b"0" * 100_000, CSS=f"/*{'x' * 60_000}*/")


class TestLimits:
    def test_an_image_has_at_most_100_kilobytes(self, styled):
        put(styled, ImageFile=PNG.ljust(100 * 1024, b"0"))
        with refused("InvalidParameterException"):
            put(styled, ImageFile=PNG.ljust(100 * 1024 + 1, b"0"))

    def test_all_of_it_has_at_most_135(self, styled):
        image = PNG.ljust(100 * 1024, b"0")
        put(styled, ImageFile=image, CSS=f"/*{'x' * (35 * 1024 - 4)}*/")
        with refused("InvalidParameterException", "request parameters too large"):
            put(styled, ImageFile=image, CSS=f"/*{'x' * (35 * 1024 - 3)}*/")

    def test_jpeg_is_an_image_too(self, styled):
        assert "ImageUrl" in put(styled, ImageFile=b"\xff\xd8\xff\xe0")

    @pytest.mark.parametrize(
        "css",
        [
            ".label-customizable{background:url(/*)} body{display:none} .label-customizable{background:url(*/)}",
            ".label-customizable{background:url(a'b)} body{display:none} .label-customizable{content:'}",
            '.label-customizable{content:"/*"} body{display:none} .label-customizable{content:"*/"}',
            ".label-customizable{content:'/*'} @import url(https://evil.example/); .label-customizable{content:'*/'}",
            '.label-customizable{content:"}"} body{color:red',
        ],
    )
    def test_no_text_and_no_url_hides_a_rule(self, styled, css):
        with refused("InvalidParameterException"):
            put(styled, CSS=css)

    @pytest.mark.parametrize(
        "name",
        [
            *(
                "background",
                "banner",
                "errorMessage",
                "idpButton",
                "idpButton-customizable:hover",
                "idpDescription",
            ),
            *("inputField", "inputField-customizable:focus", "label", "legalText", "logo", "redirect"),
            *("passwordCheck-valid", "passwordCheck-notValid", "socialButton", "submitButton"),
            *("submitButton-customizable:hover", "textDescription"),
        ],
    )
    def test_each_class_that_aws_names_may_be_styled(self, styled, name):
        selector = f".{name}" if "-customizable" in name else f".{name}-customizable"
        assert put(styled, CSS=f"{selector} {{color: #123}}")["CSS"].startswith(selector)


class TestGetUICustomization:
    def test_of_the_client_else_of_all_else_nothing(self, styled):
        assert got(styled) == {}
        put(styled, CSS=CSS)
        assert got(styled, ClientId=styled.client_id)["ClientId"] == "ALL"
        put(styled, ClientId=styled.client_id, ImageFile=PNG)
        assert "CSS" not in got(styled, ClientId=styled.client_id)
        assert got(styled)["CSS"] == CSS

    def test_refuses_a_client_that_is_not_there(self, styled):
        with refused("ResourceNotFoundException"):
            got(styled, ClientId="nobody")
