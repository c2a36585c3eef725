"""A style of managed login as CSS and images. Only validated values are put into a page."""

from __future__ import annotations

import base64
from collections.abc import Iterator
from typing import Any, NamedTuple

from cogmock.state.managed_branding import Asset, ManagedBranding
from cogmock.userpools.rules.settings import managed_style
from cogmock.userpools.rules.settings.managed_style import COLOR, END, LARGEST_RADIUS, START, Tree

CLASSES, PARTS = "componentClasses", "components"
BUTTON_STATES = (("defaults", ""), ("hover", "-hover"), ("active", "-active"))
BUTTON_COLORS = (("backgroundColor", ""), ("borderColor", "-line"), ("textColor", "-text"))
COLORS = {
    "page": f"{PARTS}.pageBackground.*.color",
    "heading": f"{PARTS}.pageText.*.headingColor",
    "text": f"{PARTS}.pageText.*.bodyColor",
    "soft": f"{PARTS}.pageText.*.descriptionColor",
    "form": f"{PARTS}.form.*.backgroundColor",
    "form-line": f"{PARTS}.form.*.borderColor",
    "header": f"{PARTS}.pageHeader.*.background.color",
    "header-line": f"{PARTS}.pageHeader.*.borderColor",
    "footer": f"{PARTS}.pageFooter.*.background.color",
    "footer-line": f"{PARTS}.pageFooter.*.borderColor",
    "alert": f"{PARTS}.alert.*.error.backgroundColor",
    "alert-line": f"{PARTS}.alert.*.error.borderColor",
    "first": f"{PARTS}.primaryButton.*.defaults.backgroundColor",
    "first-text": f"{PARTS}.primaryButton.*.defaults.textColor",
    "first-hover": f"{PARTS}.primaryButton.*.hover.backgroundColor",
    "first-hover-text": f"{PARTS}.primaryButton.*.hover.textColor",
    "first-active": f"{PARTS}.primaryButton.*.active.backgroundColor",
    "first-active-text": f"{PARTS}.primaryButton.*.active.textColor",
    "first-off": f"{PARTS}.primaryButton.*.disabled.backgroundColor",
    "first-off-line": f"{PARTS}.primaryButton.*.disabled.borderColor",
    "divider": f"{CLASSES}.divider.*.borderColor",
    "focus": f"{CLASSES}.focusState.*.borderColor",
    "input": f"{CLASSES}.input.*.defaults.backgroundColor",
    "input-line": f"{CLASSES}.input.*.defaults.borderColor",
    "placeholder": f"{CLASSES}.input.*.placeholderColor",
    "hint": f"{CLASSES}.inputDescription.*.textColor",
    "label": f"{CLASSES}.inputLabel.*.textColor",
    "link": f"{CLASSES}.link.*.defaults.textColor",
    "link-hover": f"{CLASSES}.link.*.hover.textColor",
    "option": f"{CLASSES}.optionControls.*.defaults.backgroundColor",
    "option-line": f"{CLASSES}.optionControls.*.defaults.borderColor",
    "option-on": f"{CLASSES}.optionControls.*.selected.backgroundColor",
    "option-on-mark": f"{CLASSES}.optionControls.*.selected.foregroundColor",
    "item": f"{CLASSES}.dropDown.*.defaults.itemBackgroundColor",
    "item-hover": f"{CLASSES}.dropDown.*.hover.itemBackgroundColor",
    "item-hover-text": f"{CLASSES}.dropDown.*.hover.itemTextColor",
    "item-match": f"{CLASSES}.dropDown.*.match.itemBackgroundColor",
    "item-match-text": f"{CLASSES}.dropDown.*.match.itemTextColor",
    "bad": f"{CLASSES}.statusIndicator.*.error.indicatorColor",
    "good": f"{CLASSES}.statusIndicator.*.success.indicatorColor",
    "good-back": f"{CLASSES}.statusIndicator.*.success.backgroundColor",
    "good-line": f"{CLASSES}.statusIndicator.*.success.borderColor",
    **{
        f"{name}{suffix}": f"{PARTS}.{path}.*.{state}.{what}"
        for name, path in (("second", "secondaryButton"), ("idp", "idpButton.standard"))
        for state, mark in BUTTON_STATES
        for what, suffix in ((color, f"{mark}{end}") for color, end in BUTTON_COLORS)
    },
}
"""CSS custom property → the path of the setting with its value; * is lightMode or darkMode."""
RADII = {
    "button-round": f"{CLASSES}.buttons.borderRadius",
    "input-round": f"{CLASSES}.input.borderRadius",
    "item-round": f"{CLASSES}.dropDown.borderRadius",
    "alert-round": f"{PARTS}.alert.borderRadius",
    "form-round": f"{PARTS}.form.borderRadius",
}
PLACES = {
    "form-x": "categories.form.location.horizontal",
    "form-y": "categories.form.location.vertical",
    "logo-x": f"{PARTS}.form.logo.location",
    "header-x": f"{PARTS}.pageHeader.logo.location",
    "footer-x": f"{PARTS}.pageFooter.logo.location",
}
PICTURES = {
    "page-image": ("PAGE_BACKGROUND", f"{PARTS}.pageBackground.image.enabled"),
    "form-image": ("FORM_BACKGROUND", f"{PARTS}.form.backgroundImage.enabled"),
    "header-image": ("PAGE_HEADER_BACKGROUND", f"{PARTS}.pageHeader.backgroundImage.enabled"),
    "footer-image": ("PAGE_FOOTER_BACKGROUND", f"{PARTS}.pageFooter.backgroundImage.enabled"),
}
TYPES = {
    "ICO": "image/x-icon",
    "JPEG": "image/jpeg",
    "PNG": "image/png",
    "SVG": "image/svg+xml",
    "WEBP": "image/webp",
}
MODES = {"LIGHT": ("light",), "DARK": ("dark",), "DYNAMIC": ("light", "dark")}
DARK = "(prefers-color-scheme:dark)"
GRAPHICS = {
    "confirm.html": "EMAIL_GRAPHIC",
    "forgot.html": "PASSWORD_GRAPHIC",
    "reset.html": "PASSWORD_GRAPHIC",
    "new_password.html": "PASSWORD_GRAPHIC",
    "setup.html": "AUTH_APP_GRAPHIC",
    "passkey.html": "PASSKEY_GRAPHIC",
    "passkey_add.html": "PASSKEY_GRAPHIC",
    "password.html": "PASSWORD_GRAPHIC",
}
"""Page → the image above its title."""


class Picture(NamedTuple):
    """An image as `data:` URIs, with another one for dark mode."""

    shown: str
    dark: str | None = None


class Icon(NamedTuple):
    kind: str
    uri: str
    media: str | None


class Style:
    """A style for the templates. Without a branding it has the defaults, in the browser's light or dark mode."""

    def __init__(self, branding: ManagedBranding | None) -> None:
        settings = (
            branding.settings if branding else {"categories": {"global": {"colorSchemeMode": "DYNAMIC"}}}
        )
        self._defaults = managed_style.defaults()
        self._settings = managed_style.merged(self._defaults, settings or {})
        self._assets = managed_style.with_default_assets(branding.assets if branding else [])
        self.modes = MODES.get(str(self._of("categories.global.colorSchemeMode")), MODES["LIGHT"])

    @property
    def scheme(self) -> str:
        return " ".join(self.modes)

    @property
    def is_plain(self) -> bool:
        """Whether it has no logo that says whose page this is."""
        return self._logo("FORM_LOGO", f"{PARTS}.form.logo.enabled") is None and self.header_logo is None

    @property
    def css(self) -> str:
        """Custom properties, for one mode or for two."""
        first, *others = self.modes
        fixed = "".join(f"--{name}:{value};" for name, value in self._fixed())
        text = f":root{{{fixed}{self._of_mode(first)}}}"
        return text + "".join(f"@media {DARK}{{:root{{{self._of_mode(mode)}}}}}" for mode in others)

    @property
    def header(self) -> bool:
        return self._of("categories.global.pageHeader.enabled") is True

    @property
    def footer(self) -> bool:
        return self._of("categories.global.pageFooter.enabled") is True

    @property
    def header_logo(self) -> Picture | None:
        return self._logo("PAGE_HEADER_LOGO", f"{PARTS}.pageHeader.logo.enabled")

    @property
    def footer_logo(self) -> Picture | None:
        return self._logo("PAGE_FOOTER_LOGO", f"{PARTS}.pageFooter.logo.enabled")

    def form_logo(self, place: str) -> Picture | None:
        """The logo, if its position is this one: IN TOP, IN BOTTOM, OUT TOP or OUT BOTTOM; else None."""
        form = f"{PARTS}.form.logo"
        if f"{self._of(f'{form}.formInclusion')} {self._of(f'{form}.position')}" != place:
            return None
        return self._logo("FORM_LOGO", f"{form}.enabled")

    def graphic(self, template: str, destination: str | None) -> Picture | None:
        category = GRAPHICS.get(template)
        if template == "mfa.html":
            by_mail = "EMAIL_GRAPHIC" if "@" in (destination or "") else "SMS_GRAPHIC"
            category = by_mail if destination else "AUTH_APP_GRAPHIC"
        return self._logo(category, "categories.form.displayGraphics") if category else None

    @property
    def icons(self) -> Iterator[Icon]:
        """Of both formats where both are wanted: the browser takes the last that it knows."""
        for kind in self._of(f"{PARTS}.favicon.enabledTypes"):
            picture = self._picture(f"FAVICON_{kind}")
            if picture:
                yield Icon(TYPES[kind], picture.shown, None)
            if picture and picture.dark:
                yield Icon(TYPES[kind], picture.dark, DARK)

    @property
    def providers_first(self) -> bool:
        """Whether the buttons of identity providers are above the password form."""
        groups = self._of("categories.auth.authMethodOrder")
        order = [str(method.get("type")) for group in groups for method in group]
        return "FEDERATED" in order and order[0] == "FEDERATED"

    @property
    def provider_order(self) -> list[str]:
        return [str(name) for name in self._of("categories.auth.federation.order")]

    @property
    def provider_icons(self) -> bool:
        return self._of(f"{CLASSES}.idpButtons.icons.enabled") is True

    def provider_icon(self, provider: str) -> Picture | None:
        """The icon for the button of a provider; None if the style has none."""
        return self._picture("IDP_BUTTON_ICON", provider)

    def provider_css(self, names: list[str]) -> str:
        """The colours of buttons that have their own, as custom properties of the classes idp-0, idp-1 ..."""
        own = self._of(f"{PARTS}.idpButton.custom")
        first, *others = self.modes
        found = [(f".idp-{number}", own[name]) for number, name in enumerate(names) if name in own]
        text = "".join(f"{to}{{{_button_colors(of, first)}}}" for to, of in found)
        dark = "".join(
            f"@media {DARK}{{{to}{{{_button_colors(of, mode)}}}}}" for to, of in found for mode in others
        )
        return text + dark

    def _logo(self, category: str, enabled: str) -> Picture | None:
        return self._picture(category) if self._of(enabled) is True else None

    def _picture(self, category: str, resource: str | None = None) -> Picture | None:
        shown, *others = [self._uri(category, mode, resource) for mode in self.modes]
        dark = others[0] if others else None
        if shown == dark or not shown or not dark:
            return Picture(shown or dark or "") if shown or dark else None
        return Picture(shown, dark)

    def _fixed(self) -> Iterator[tuple[str, str]]:
        for name, path in RADII.items():
            yield name, f"{_number(self._of(path)):g}px"
        for name, path in PLACES.items():
            word = self._of(path)
            yield name, "start" if word in START else "end" if word in END else "center"
        compact = self._of("categories.global.spacingDensity") == "COMPACT"
        yield "space", "0.75" if compact else "1"

    def _of_mode(self, mode: str) -> str:
        parts = [f"color-scheme:{mode};"]
        for name, both in COLORS.items():
            path = both.replace("*", f"{mode}Mode")
            value = str(self._of(path))
            parts.append(f"--{name}:#{value if COLOR.fullmatch(value) else _at(self._defaults, path)};")
        for name, (category, enabled) in PICTURES.items():
            uri = self._uri(category, mode) if self._of(enabled) is True else None
            parts.append(f'--{name}:url("{uri}");' if uri else f"--{name}:none;")
        return "".join(parts)

    def _uri(self, category: str, mode: str, resource: str | None = None) -> str | None:
        """The image for a mode, or the one for both modes."""
        for wanted in (mode.upper(), "DYNAMIC"):
            for asset in self._assets:
                fits = resource is None or asset.resource_id == resource
                if fits and (asset.category, asset.color_mode) == (category, wanted):
                    return data_uri(asset)
        return None

    def _of(self, path: str) -> Any:
        return _at(self._settings, path)


def data_uri(asset: Asset) -> str:
    return f"data:{TYPES[asset.extension]};base64,{base64.b64encode(asset.content).decode()}"


def _at(tree: Tree, path: str) -> Any:
    found: Any = tree
    for name in path.split("."):
        found = found[name]
    return found


def _button_colors(own: Tree, mode: str) -> str:
    """Values that are not colors are left out, so that the default applies."""
    colors = own.get(f"{mode}Mode", {})
    return "".join(
        f"--idp{mark}{suffix}:#{value};"
        for state, mark in BUTTON_STATES
        for what, suffix in BUTTON_COLORS
        if COLOR.fullmatch(str(value := colors.get(state, {}).get(what, "")))
    )


def _number(value: Any) -> float:
    return min(max(float(value), 0), LARGEST_RADIUS)
