"""The widget as a visitor meets it: seen, clicked and typed into through a real page."""

from __future__ import annotations

from typing import Any

WITHIN = 60_000


class Widget:
    """One page with the assistant on it. Playwright's locators look into the shadow root by themselves."""

    def __init__(self, page: Any, url: str):
        self.page, self.url = page, url
        self.complaints: list[str] = []
        page.set_default_timeout(WITHIN)
        page.on(
            "console",
            lambda said: (
                self.complaints.append(f"{said.type}: {said.text}") if said.type in ("error", "warning") else None
            ),
        )
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def visit(self, path: str = "/") -> Widget:
        self.page.goto(path if path.startswith("http") else self.url + path)
        self.launcher.wait_for()
        return self

    def open(self) -> Widget:
        self.launcher.click()
        self.page.locator(".intro .chips, .turn, .trouble").first.wait_for()
        return self

    @property
    def launcher(self) -> Any:
        return self.page.locator(".launch")

    @property
    def panel(self) -> Any:
        return self.page.get_by_role("dialog")

    @property
    def field(self) -> Any:
        return self.page.get_by_role("textbox")

    @property
    def cards(self) -> Any:
        return self.page.locator(".card")

    @property
    def said(self) -> list[str]:
        return [text.removeprefix("You:").strip() for text in self.page.locator(".said").all_inner_texts()]

    def ask(self, text: str) -> Any:
        """Type a question, press Enter, and give the card that answers it."""
        return self._card_after(lambda: (self.field.fill(text), self.field.press("Enter")))

    def press(self, name: str) -> Any:
        """Press a button of the conversation and give the card that answers it."""
        return self._card_after(lambda: self.page.get_by_role("log").get_by_role("button", name=name).last.click())

    def _card_after(self, act: Any) -> Any:
        count = self.cards.count()
        act()
        card = self.cards.nth(count)
        card.wait_for()
        return card

    def inside(self, script: str) -> Any:
        """The value of an expression over ``root``, the widget's shadow root."""
        return self.page.evaluate(f"""() => {{
            const root = document.querySelector("clinic-assistant").shadowRoot;
            return {script};
        }}""")

    def focused(self) -> str:
        """What has the focus, inside the shadow root: its label or text."""
        return str(
            self.inside("""((it) => it.getAttribute("aria-label") || it.labels?.[0]?.textContent || it.textContent
            || it.tagName)(root.activeElement || document.activeElement)""")
        )

    def violations(self, axe: str) -> list[str]:
        """What axe-core objects to on the page, WCAG 2.2 AA and best practices."""
        self.page.evaluate(axe)
        found = self.page.evaluate("""async () => {
            const runOnly = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
            const told = (node) => `${node.target} ${node.failureSummary}`;
            const { violations } = await axe.run(document, { runOnly });
            return violations.map((one) => `${one.id}: ${one.nodes.map(told).join(" | ")}`);
        }""")
        return list(found)


def a_page(url: str, attributes: str = "", html: str = "lang='en'", head: str = "") -> str:
    """A website's page with the assistant's one script tag."""
    return (
        f"<!doctype html><html {html}><meta charset='utf-8'><title>Clinic</title>{head}"
        "<body><main><h1>Clinic</h1></main>"
        f"<script src='{url}/widget.js' defer {attributes}></script>"
    )
