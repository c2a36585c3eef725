"""How pages were made to look, as a real browser computes it: styles of managed login, and the classic hosted UI."""

from __future__ import annotations

import base64
import json
import struct
import time
import zlib
from functools import partial
from urllib.parse import urlencode

import boto3
import pytest
from support.waiting import LIMIT, heard, painted

from cogmock.userpools.operations.branding import STATES, STYLED
from cogmock.userpools.rules.settings import managed_style

PASSWORD = "Corr3ct-Horse!"
CALLBACK = "http://localhost:3000/callback"
EVIL = "<script>window.hacked=1</script>"
SCRIPTED = (
    f'<svg xmlns="http://www.w3.org/2000/svg" width="90" height="30" onload="window.hacked=1">{EVIL}</svg>'
)


def svg(color):
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="80" height="40"><path fill="{color}" d="M0 0h80v40H0z"/></svg>'
    ).encode()


def png(width=120, height=40):
    def chunk(kind, data):
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + b"\xc2\x18\x5b" * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def asset(category, mode="DYNAMIC", content=None, extension="SVG"):
    return {
        "Category": category,
        "ColorMode": mode,
        "Extension": extension,
        "Bytes": content or svg("#c2185b"),
    }


def tree(path, value):
    """A document with this one leaf."""
    for name in reversed(path.split(".")):
        value = {name: value}
    return value


def document(**leaves):
    whole = {}
    for path, value in leaves.items():
        whole = managed_style.merged(whole, tree(path.replace("__", "."), value))
    return whole


class Shop:
    """A pool with one client and ada, at a domain of either version."""

    def __init__(self, server, version):
        self.server, self.version = server, version
        key = {"aws_access_key_id": "testing", "aws_secret_access_key": "testing"}
        self.idp = boto3.client("cognito-idp", endpoint_url=server.url, region_name="us-east-1", **key)
        self.pool = self.idp.create_user_pool(PoolName="shop", AutoVerifiedAttributes=["email"])["UserPool"][
            "Id"
        ]
        self.idp.create_user_pool_domain(UserPoolId=self.pool, Domain="shop", ManagedLoginVersion=version)
        self.idp.admin_create_user(UserPoolId=self.pool, Username="ada", MessageAction="SUPPRESS")
        self.idp.admin_set_user_password(
            UserPoolId=self.pool, Username="ada", Password=PASSWORD, Permanent=True
        )
        self.client_id = self.client()

    def client(self, providers=("COGNITO",)):
        return self.idp.create_user_pool_client(
            UserPoolId=self.pool,
            ClientName="web",
            AllowedOAuthFlowsUserPoolClient=True,
            AllowedOAuthFlows=["code"],
            AllowedOAuthScopes=["openid"],
            CallbackURLs=[CALLBACK],
            SupportedIdentityProviders=list(providers),
        )["UserPoolClient"]["ClientId"]

    def style(self, settings=None, assets=()):
        given = {"Settings": settings or {}} if settings or assets else {"UseCognitoProvidedValues": True}
        self.idp.create_managed_login_branding(
            UserPoolId=self.pool, ClientId=self.client_id, Assets=list(assets), **given
        )

    def customize(self, css=None, image=None, client_id="ALL"):
        given = {"CSS": css, "ImageFile": image}
        self.idp.set_ui_customization(
            UserPoolId=self.pool, ClientId=client_id, **{name: of for name, of in given.items() if of}
        )

    def open(self, page, path="/login", client_id=None):
        given = {"client_id": client_id or self.client_id, "redirect_uri": CALLBACK, "response_type": "code"}
        page.goto(f"http://localhost:{self.server.settings.port}{path}?{urlencode(given)}")

    def fail(self, page):
        self.open(page)
        page.locator("[name=username]").locator("visible=true").fill("ada")
        page.locator("[name=password]").locator("visible=true").fill("wrong")
        with page.expect_navigation():
            page.keyboard.press("Enter")


@pytest.fixture
def shop(cognito_server):
    return Shop(cognito_server, 2)


@pytest.fixture
def classic(cognito_server):
    return Shop(cognito_server, 1)


def computed(page, selector, name, pseudo=None):
    """A property of the element, visible and of this selector."""
    return (
        page.locator(selector)
        .locator("visible=true")
        .first.evaluate(
            "(element, [name, pseudo]) => getComputedStyle(element, pseudo)[name]", [name, pseudo]
        )
    )


BACK, LINE, TEXT = "backgroundColor", "borderTopColor", "color"
FIRST, SECOND, FORM, INPUT = "[name=signInSubmitButton]", "button.second", ".card", "[name=password]"
SHOWN = {
    "components.pageBackground.color": ("body", BACK),
    "components.form.backgroundColor": (FORM, BACK),
    "components.form.borderColor": (FORM, LINE),
    "components.pageHeader.background.color": ("header", BACK),
    "components.pageHeader.borderColor": ("header", "borderBottomColor"),
    "components.pageFooter.background.color": ("footer", BACK),
    "components.pageFooter.borderColor": ("footer", LINE),
    "components.pageText.headingColor": ("h1", TEXT),
    "components.pageText.bodyColor": ("html", TEXT),
    "components.pageText.descriptionColor": (".soft", TEXT),
    "components.alert.error.backgroundColor": (".error", BACK),
    "components.alert.error.borderColor": (".error", LINE),
    "components.primaryButton.defaults.backgroundColor": (FIRST, BACK),
    "components.primaryButton.defaults.textColor": (FIRST, TEXT),
    "components.primaryButton.hover.backgroundColor": (FIRST, BACK, "hover"),
    "components.primaryButton.hover.textColor": (FIRST, TEXT, "hover"),
    "components.primaryButton.active.backgroundColor": (FIRST, BACK, "active"),
    "components.primaryButton.active.textColor": (FIRST, TEXT, "active"),
    "components.primaryButton.disabled.backgroundColor": (FIRST, BACK, "disabled"),
    "components.primaryButton.disabled.borderColor": (FIRST, LINE, "disabled"),
    **{
        f"components.{part}.{state}.{what}": (selector, name, state)
        for part, selector in (("secondaryButton", SECOND), ("idpButton.standard", "button.idp"))
        for state in ("defaults", "hover", "active")
        for what, name in (("backgroundColor", BACK), ("borderColor", LINE), ("textColor", TEXT))
    },
    "componentClasses.divider.borderColor": ("hr", LINE),
    "componentClasses.focusState.borderColor": ("a", "outlineColor", "focus"),
    "componentClasses.input.defaults.backgroundColor": (INPUT, BACK),
    "componentClasses.input.defaults.borderColor": (INPUT, LINE),
    "componentClasses.input.placeholderColor": ("#empty", TEXT, "::placeholder"),
    "componentClasses.inputDescription.textColor": (".hint", TEXT),
    "componentClasses.inputLabel.textColor": ("label:not(.choice)", TEXT),
    "componentClasses.link.defaults.textColor": ("a", TEXT),
    "componentClasses.link.hover.textColor": ("a", TEXT, "hover"),
    "componentClasses.optionControls.defaults.backgroundColor": ("#off", BACK),
    "componentClasses.optionControls.defaults.borderColor": ("#off", LINE),
    "componentClasses.optionControls.selected.backgroundColor": ("#on", BACK),
    "componentClasses.optionControls.selected.foregroundColor": ("#on", BACK, "::after"),
    "componentClasses.dropDown.defaults.itemBackgroundColor": ("select option:not(:checked)", BACK),
    "componentClasses.dropDown.match.itemBackgroundColor": ("select option:checked", BACK),
    "componentClasses.dropDown.match.itemTextColor": ("select option:checked", TEXT),
    "componentClasses.statusIndicator.error.indicatorColor": (".error", BACK, "::before"),
    "componentClasses.statusIndicator.success.backgroundColor": (".notice", BACK),
    "componentClasses.statusIndicator.success.borderColor": (".notice", LINE),
    "componentClasses.statusIndicator.success.indicatorColor": (".notice", BACK, "::before"),
}
"""Setting, without its mode → where it shows: element, property, and the state that the element must be in."""
MORE = """<hr><input id="empty" placeholder="z"><p class="soft">a</p><p class="hint">b</p><p class="notice">c</p><button class="second">d</button>
<button class="idp">e</button><label class="choice"><input type="radio" name="x" id="off">f</label>
<label class="choice"><input type="radio" name="x" id="on" checked>g</label>
<select size="2"><option selected>h</option><option>i</option></select>"""
"""What is on other pages, brought here so that one page has it all."""


def in_state(page, selector, state):
    found = page.locator(selector).locator("visible=true").first
    page.mouse.move(0, 0)
    page.evaluate("document.activeElement.blur()")
    if state in {"hover", "active"}:
        found.hover()
    if state == "active":
        page.mouse.down()
    if state == "focus":
        page.keyboard.press("Tab")
        found.focus()
    if state == "disabled":
        found.evaluate("element => element.disabled = true")


def measured(page, expected, end, selector, name, state=None):
    """The value, as soon as it is the expected one, or at the end of the time."""
    if state and state.startswith("::"):
        return computed(page, selector, name, state)
    in_state(page, selector, state)
    while (value := computed(page, selector, name)) != expected and time.monotonic() < end:
        page.wait_for_timeout(20)
    if state == "active":
        page.mouse.move(0, 0)
        page.mouse.up()
    if state == "disabled":
        page.locator(selector).first.evaluate("element => element.disabled = false")
    return value


def with_mode(path, mode):
    """The setting in a document: the mode comes behind the component."""
    parts = path.split(".")
    at = 3 if path.startswith("components.idpButton") else 2
    return ".".join([*parts[:at], f"{mode}Mode", *parts[at:]])


class TestStyles:
    @pytest.mark.parametrize("mode", ["light", "dark"])
    def test_every_colour_shows(self, shop, chromium, mode):
        colors = {path: f"{0x301020 + 0x010205 * number:06x}" for number, path in enumerate(SHOWN)}
        settings = document(
            categories__global__colorSchemeMode="DYNAMIC",
            categories__global__pageHeader__enabled=True,
            categories__global__pageFooter__enabled=True,
            **{with_mode(path, mode): f"{color}ff" for path, color in colors.items()},
        )
        shop.style(settings)
        context = chromium.new_context(color_scheme=mode, reduced_motion="reduce")
        page = context.new_page()
        shop.fail(page)
        page.evaluate("more => document.querySelector('.card').insertAdjacentHTML('beforeend', more)", MORE)
        expected = {path: rgb(color) for path, color in colors.items()}
        end = time.monotonic() + LIMIT
        found = {path: measured(page, expected[path], end, *where) for path, where in SHOWN.items()}
        assert found == expected
        context.close()

    @pytest.mark.parametrize(
        ("scheme", "mode", "dark"),
        [
            ("light", "LIGHT", False),
            ("dark", "LIGHT", False),
            ("light", "DARK", True),
            ("dark", "DARK", True),
            ("light", "DYNAMIC", False),
            ("dark", "DYNAMIC", True),
        ],
    )
    def test_display_mode(self, shop, chromium, scheme, mode, dark):
        shop.style(
            document(
                categories__global__colorSchemeMode=mode,
                components__form__lightMode__backgroundColor="ffeeddff",
                components__form__darkMode__backgroundColor="112233ff",
                components__form__logo__enabled=True,
            ),
            [asset("FORM_LOGO", "LIGHT", svg("#fff")), asset("FORM_LOGO", "DARK", svg("#000"))],
        )
        context = chromium.new_context(color_scheme=scheme)
        page = context.new_page()
        shop.open(page)
        assert computed(page, FORM, BACK) == rgb("112233" if dark else "ffeedd")
        shown = page.locator(".logo img").evaluate("image => image.currentSrc").partition("base64,")[2]
        assert base64.b64decode(shown) == svg("#000" if dark else "#fff")
        context.close()

    @pytest.mark.parametrize(
        ("setting", "selector"),
        [
            ("componentClasses.buttons.borderRadius", "button"),
            ("componentClasses.input.borderRadius", INPUT),
            ("components.form.borderRadius", FORM),
            ("components.alert.borderRadius", ".error"),
        ],
    )
    def test_corners(self, shop, page, setting, selector):
        shop.style(tree(setting, 17.5))
        shop.fail(page)
        assert computed(page, selector, "borderTopLeftRadius") == "17.5px"

    @pytest.mark.parametrize("vertical", ["TOP", "CENTER", "BOTTOM"])
    @pytest.mark.parametrize("horizontal", ["START", "LEFT", "CENTER", "END", "RIGHT"])
    def test_place_of_the_form(self, shop, page, horizontal, vertical):
        shop.server.world.settings.aids = False  # its bar takes some of the height
        shop.style(tree("categories.form.location", {"horizontal": horizontal, "vertical": vertical}))
        shop.open(page)
        page.set_viewport_size({"width": 1280, "height": 900})
        box = page.locator(FORM).bounding_box()
        middle = {"START": 300, "LEFT": 300, "CENTER": 640, "END": 980, "RIGHT": 980}[horizontal]
        assert box["x"] + box["width"] / 2 == pytest.approx(middle, abs=10)
        height = {"TOP": 40, "CENTER": 450 - box["height"] / 2, "BOTTOM": 860 - box["height"]}[vertical]
        assert box["y"] == pytest.approx(height, abs=10)

    @pytest.mark.parametrize("inside", ["IN", "OUT"])
    @pytest.mark.parametrize("position", ["TOP", "BOTTOM"])
    @pytest.mark.parametrize(("location", "side"), [("START", "start"), ("CENTER", "center"), ("END", "end")])
    def test_logo_of_the_form(self, shop, page, inside, position, location, side):
        logo = {"enabled": True, "formInclusion": inside, "position": position, "location": location}
        shop.style(tree("components.form.logo", logo), [asset("FORM_LOGO", content=png(), extension="PNG")])
        shop.open(page)
        image = page.locator(".logo img")
        assert image.evaluate("image => image.naturalWidth") == 120
        box, card = image.bounding_box(), page.locator(FORM).bounding_box()
        within = card["y"] < box["y"] < card["y"] + card["height"]
        assert within == (inside == "IN")
        assert (box["y"] < page.locator("h1").bounding_box()["y"]) == (position == "TOP")
        assert computed(page, ".logo", "justifyContent") == side

    def test_no_logo_where_it_is_off_or_there_is_none(self, shop, page):
        shop.style(tree("components.form.logo.enabled", False), [asset("FORM_LOGO")])
        shop.open(page)
        assert page.locator("img").count() == 0

    @pytest.mark.parametrize("bar", ["header", "footer"])
    def test_header_and_footer(self, shop, page, bar):
        part = f"page{bar.title()}"
        on = {
            f"categories.global.{part}.enabled": True,
            f"components.{part}.logo": {"enabled": True, "location": "END"},
            f"components.{part}.backgroundImage.enabled": True,
        }
        image, category = svg("#0f0"), f"PAGE_{bar.upper()}"
        shop.style(
            document(**on), [asset(f"{category}_LOGO"), asset(f"{category}_BACKGROUND", content=image)]
        )
        shop.open(page)
        assert page.locator(f"{bar} img").evaluate("image => image.naturalWidth") == 80
        assert computed(page, bar, "justifyContent") == "end"
        assert base64.b64encode(image).decode() in computed(page, bar, "backgroundImage")
        assert page.locator({"header": "footer", "footer": "header"}[bar]).count() == 0

    @pytest.mark.parametrize(
        ("category", "switch", "selector"),
        [
            ("PAGE_BACKGROUND", "components.pageBackground.image.enabled", "body"),
            ("FORM_BACKGROUND", "components.form.backgroundImage.enabled", FORM),
        ],
    )
    @pytest.mark.parametrize("enabled", [True, False])
    def test_background_images(self, shop, page, category, switch, selector, enabled):
        image = svg("#0f0")
        shop.style(tree(switch, enabled), [asset(category, content=image)])
        shop.open(page)
        shown = computed(page, selector, "backgroundImage")
        assert (base64.b64encode(image).decode() in shown) == enabled
        assert (shown == "none") != enabled

    @pytest.mark.parametrize(("kinds", "shown"), [(["ICO", "SVG"], 2), (["SVG"], 1), ([], 0)])
    def test_favicon(self, shop, page, kinds, shown):
        icons = [
            asset("FAVICON_SVG"),
            asset("FAVICON_ICO", content=b"\x00\x00\x01\x00" + bytes(20), extension="ICO"),
        ]
        shop.style(tree("components.favicon.enabledTypes", kinds), icons)
        shop.open(page)
        links = page.eval_on_selector_all("link[rel=icon]", "links => links.map(link => link.type)")
        assert [kind for kind in links if kind] == ["image/x-icon", "image/svg+xml"][2 - shown :]

    @pytest.mark.parametrize("enabled", [True, False])
    def test_graphics_stand_above_their_pages(self, shop, page, enabled):
        shop.style(tree("categories.form.displayGraphics", enabled), [asset("PASSWORD_GRAPHIC")])
        shop.open(page)
        assert page.locator(".graphic img").count() == 0
        shop.open(page, "/forgotPassword")
        assert page.locator(".graphic img").count() == enabled

    def test_density(self, shop, page):
        shop.style()
        shop.open(page)
        regular = page.locator(FORM).bounding_box()["height"]
        style = shop.idp.describe_managed_login_branding_by_client(
            UserPoolId=shop.pool, ClientId=shop.client_id
        )
        shop.idp.update_managed_login_branding(
            UserPoolId=shop.pool,
            ManagedLoginBrandingId=style["ManagedLoginBranding"]["ManagedLoginBrandingId"],
            Settings=tree("categories.global.spacingDensity", "COMPACT"),
        )
        shop.open(page)
        assert page.locator(FORM).bounding_box()["height"] < regular - 20

    def test_an_image_runs_no_script_and_nothing_is_fetched(self, shop, page):
        told, asked = [], []
        page.on("console", lambda line: told.append(line.text))
        page.on("request", lambda request: asked.append(request.url))
        shop.style(
            document(
                components__form__logo__enabled=True,
                components__form__backgroundImage__enabled=True,
            ),
            [
                asset(name, content=SCRIPTED.encode())
                for name in ("FORM_LOGO", "PAGE_BACKGROUND", "FORM_BACKGROUND", "FAVICON_SVG")
            ],
        )
        shop.open(page)
        page.wait_for_timeout(200)
        assert page.evaluate("window.hacked") is None
        assert told == []
        assert [url for url in asked if not url.startswith(("data:", "http://localhost:"))] == []

    @pytest.mark.parametrize("width", [390, 1280])
    def test_fits_with_bars_and_large_images(self, shop, page, width):
        wide = b'<svg xmlns="http://www.w3.org/2000/svg" width="5000" height="90"/>'
        on = {
            "categories.global.pageHeader.enabled": True,
            "categories.global.pageFooter.enabled": True,
            "components.pageHeader.logo.enabled": True,
            "components.pageFooter.logo.enabled": True,
            "components.form.logo.enabled": True,
        }
        logos = ("PAGE_HEADER_LOGO", "PAGE_FOOTER_LOGO", "FORM_LOGO")
        shop.style(document(**on), [asset(name, content=wide) for name in logos])
        page.set_viewport_size({"width": width, "height": 800})
        shop.open(page, "/signup")
        assert page.evaluate("document.documentElement.scrollWidth") <= width


OIDC = {
    "client_id": "a",
    "client_secret": "b",
    "authorize_scopes": "openid",
    "attributes_request_method": "GET",
    "oidc_issuer": "https://idp.example",
    **{
        name: f"https://idp.example/{name}"
        for name in ("authorize_url", "token_url", "attributes_url", "jwks_uri")
    },
}
PROVIDERS = {
    "Google": ("Google", {"client_id": "a", "client_secret": "b", "authorize_scopes": "openid"}),
    "Corporate": ("OIDC", OIDC),
}
MARK = ("outlineColor", "rgb(1, 2, 3)")
RULE = "{outline:3px solid rgb(1,2,3)}"


def seen(page, selector):
    return computed(page, selector, MARK[0]) == MARK[1]


class TestClassic:
    @pytest.fixture
    def with_providers(self, classic):
        """A social provider and another: the client offers them beside the directory."""
        for name, (kind, details) in PROVIDERS.items():
            classic.idp.create_identity_provider(
                UserPoolId=classic.pool, ProviderName=name, ProviderType=kind, ProviderDetails=details
            )
        classic.client_id = classic.client(["COGNITO", *PROVIDERS])

    @pytest.mark.usefixtures("with_providers")
    @pytest.mark.parametrize("width", [390, 1280])
    @pytest.mark.parametrize("name", sorted(STYLED))
    def test_every_class_changes_what_it_speaks_of(self, classic, page, name, width):
        page.set_viewport_size({"width": width, "height": 900})
        selector = f".{name}-customizable"
        classic.customize(f"{selector}{RULE}", png())
        if name.startswith("passwordCheck"):
            classic.open(page, "/signup")
            page.get_by_label("Password").fill("abc")
        else:
            classic.fail(page)
        assert seen(page, selector)

    @pytest.mark.usefixtures("with_providers")
    @pytest.mark.parametrize(("state", "names"), STATES.items())
    def test_states(self, classic, page, state, names):
        for name in sorted(names):
            selector = f".{name}-customizable"
            classic.customize(f"{selector}:{state}{RULE}")
            classic.open(page)
            page.mouse.move(0, 0)
            assert not seen(page, selector)
            element = page.locator(selector).locator("visible=true").first
            element.hover() if state == "hover" else element.focus()
            heard(page, partial(seen, page, selector))

    @pytest.mark.parametrize(
        ("path", "names"),
        [
            ("/signup", {"background", "banner", "inputField", "label", "redirect", "submitButton"}),
            ("/forgotPassword", {"background", "banner", "inputField", "label", "redirect", "submitButton"}),
        ],
    )
    def test_other_pages_wear_them_too(self, classic, page, path, names):
        classic.customize("".join(f".{name}-customizable{RULE}" for name in STYLED))
        classic.open(page, path)
        assert all(seen(page, f".{name}-customizable") for name in names)

    def test_a_clients_own_replaces_that_of_all(self, classic, page):
        classic.customize(f".label-customizable{RULE}", png(50, 50))
        own = classic.client()
        classic.customize(f".banner-customizable{RULE}", client_id=own)
        classic.open(page)
        assert (seen(page, ".label-customizable"), seen(page, ".banner-customizable")) == (True, False)
        assert page.locator(".logo-customizable").locator("visible=true").count() == 1
        classic.open(page, client_id=own)
        assert (seen(page, ".label-customizable"), seen(page, ".banner-customizable")) == (False, True)
        assert page.locator(".logo-customizable").count() == 0

    def test_the_logo_shows_and_fits(self, classic, page):
        classic.customize(image=png(700, 356))
        classic.open(page)
        logo = page.locator(".logo-customizable").locator("visible=true")
        assert logo.evaluate("image => image.naturalWidth") == 700
        assert logo.bounding_box()["width"] <= 350
        assert logo.bounding_box()["height"] <= 178

    @pytest.mark.parametrize(("width", "copy"), [(390, 0), (1280, 1)])
    def test_two_copies_of_the_form_of_which_one_is_there(self, classic, page, width, copy):
        page.set_viewport_size({"width": width, "height": 900})
        classic.open(page)
        for selector in ("#signInFormUsername", "#signInFormPassword", "[name=signInSubmitButton]"):
            shown = [element.is_visible() for element in page.locator(selector).all()]
            assert shown == [copy == 0, copy == 1]
        snapshot = page.locator("body").aria_snapshot()
        assert snapshot.count("textbox") == 2
        painted(page)
        for word in ("ada", PASSWORD):
            page.keyboard.press("Tab")
            page.keyboard.type(word)
        with page.expect_request(lambda request: request.url.startswith(CALLBACK)):
            page.keyboard.press("Enter")

    def test_what_tools_look_for(self, classic, page):
        """Selectors as tests of real applications have them."""
        classic.fail(page)
        page.set_viewport_size({"width": 1280, "height": 900})
        assert page.locator("form[name=cognitoSignInForm]").count() == 2
        assert page.locator("form[name=cognitoSignInForm] [name=cognitoAsfData]").count() == 2
        assert page.locator("form[name=cognitoSignInForm] [name=_csrf]").count() == 2
        assert page.locator("(//input[@value='Sign in'])[2]").is_visible()
        assert page.locator(".visible-lg .btn-primary").is_visible()
        assert (
            page.locator("#loginErrorMessage >> visible=true").inner_text()
            == "Incorrect username or password."
        )

    def test_the_rules_of_passwords_are_ticked_off_as_one_types(self, classic, page):
        classic.open(page, "/signup")
        rules = page.locator("#passwordRules li")
        assert (
            rules.evaluate_all("rules => rules.map(rule => rule.className.includes('customizable'))")
            == [False] * 5
        )
        met = "rules => rules.filter(rule => rule.matches('.passwordCheck-valid-customizable')).length"
        for typed, count in (("a", 1), ("aB", 2), ("aB3", 3), ("aB3!", 4), ("aB3!aB3!", 5), ("", 0)):
            page.get_by_label("Password").fill(typed)
            assert rules.evaluate_all(met) == count

    def test_the_rules_are_the_pools(self, classic, page):
        policy = {"PasswordPolicy": {"MinimumLength": 12, "RequireNumbers": True}}
        classic.idp.update_user_pool(
            UserPoolId=classic.pool, Policies=policy, AutoVerifiedAttributes=["email"]
        )
        classic.open(page, "/signup")
        assert page.locator("#passwordRules li").count() == 2
        assert "at least 12 characters" in page.locator("#passwordRules").inner_text()

    def test_the_rules_are_listed_without_javascript(self, classic, chromium):
        context = chromium.new_context(java_script_enabled=False)
        page = context.new_page()
        classic.open(page, "/signup")
        assert page.locator("#passwordRules li >> visible=true").count() == 5
        context.close()

    def test_a_style_fetches_nothing_and_runs_nothing(self, classic, page):
        came, kept_back = [], []
        page.on("requestfinished", lambda request: came.append(request.url))
        page.on("requestfailed", lambda request: kept_back.append(request.failure))
        classic.customize(
            ".banner-customizable{background-image:url(https://elsewhere.example/a.png)}"
            ".label-customizable{background:url('data:text/html,b')}"
            ".logo-customizable{behavior:url(#x);color:red;unknown:''}"
        )
        classic.open(page)
        heard(page, lambda: kept_back)
        page.wait_for_timeout(100)
        assert [url for url in came if not url.startswith(("data:", "http://localhost:"))] == []
        assert kept_back == ["csp"]
        assert page.evaluate("document.scripts.length") == 0

    @pytest.mark.parametrize("width", [390, 800, 1280])
    def test_fits(self, classic, page, width):
        page.set_viewport_size({"width": width, "height": 800})
        for path in ("/login", "/signup", "/forgotPassword"):
            classic.open(page, path)
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def rgb(color):
    return f"rgb({', '.join(str(int(color[at : at + 2], 16)) for at in (0, 2, 4))})"


def test_every_colour_of_the_document_is_looked_at():
    """None may be kept and not shown, but those that no page has a place for."""
    text = json.dumps(managed_style.defaults())
    whole = json.loads(text)

    def paths(of, at=""):
        for name, value in of.items():
            path = f"{at}.{name}" if at else name
            if isinstance(value, dict):
                yield from paths(value, path)
            elif isinstance(value, str) and managed_style.COLOR.fullmatch(value):
                yield path

    known = {with_mode(path, mode) for path in SHOWN for mode in ("light", "dark")}
    unseen = {path for path in paths(whole) if path not in known}
    assert {tuple(path.split(".")[1::2])[:2] for path in unseen} == {
        ("dropDown", "hover"),
        ("statusIndicator", "error"),  # its back and line are the alert's
        ("statusIndicator", "pending"),
        ("statusIndicator", "warning"),
    }
