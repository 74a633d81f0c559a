"""Draw the icons of the phone's home screen from static/mark.svg, with Chromium.

Run by hand after a change of the mark; the pictures are committed.
"""

import os
import shutil
from pathlib import Path

from playwright.sync_api import sync_playwright

STATIC = Path(__file__).resolve().parent.parent / "static"
# Name, pixels, share of the picture that the mark fills: launchers cut up to a fifth of the edge of
# a maskable one (W3C Web Application Manifest, "icon masks and safe zone").
ICONS = (("icon-192", 192, 1.0), ("icon-512", 512, 1.0), ("maskable-512", 512, 0.7))
PAGE = """<style>body {{ margin: 0; width: {size}px; height: {size}px; display: grid;
place-items: center; background: {ground}; }} svg {{ width: {inner}px; }}</style>{mark}"""


def main() -> None:
    """Write one PNG per icon."""
    mark = (STATIC / "mark.svg").read_text()
    chromium = os.environ.get("CHROME") or shutil.which("chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        for name, size, share in ICONS:
            page = browser.new_page(viewport={"width": size, "height": size})
            ground = "transparent" if share == 1 else "#0a5549"
            page.set_content(
                PAGE.format(size=size, inner=round(size * share), ground=ground, mark=mark)
            )
            target = STATIC / "phone" / "icons" / f"{name}.png"
            target.parent.mkdir(exist_ok=True)
            page.screenshot(path=target, omit_background=True)
        browser.close()


if __name__ == "__main__":
    main()
