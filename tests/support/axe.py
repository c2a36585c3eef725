"""Runs axe-core in a page: its findings at phone and desktop sizes, in light and dark mode."""

from __future__ import annotations

LOOKS = [(width, scheme) for width in (390, 1280) for scheme in ("light", "dark")]
RUN = "async () => (await axe.run({ resultTypes: ['violations'] })).violations"


def faults(page, axe):
    page.evaluate(axe)
    for width, scheme in LOOKS:
        page.set_viewport_size({"width": width, "height": 800})
        page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
        if page.evaluate("document.documentElement.scrollWidth") > width:
            yield f"{width}-{scheme}: wider than the screen"
        for fault in page.evaluate(RUN):
            for node in fault["nodes"]:
                yield f"{width}-{scheme}: {fault['id']}: {node['html']}\n    {node['failureSummary']}"
