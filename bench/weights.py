"""What the first visit of a space weighs, and how soon its main words are seen on a slow telephone.

    python bench/weights.py [--court]

A new browser opens the page of a space, signed in, with nothing kept. Bytes are counted twice: as `gzip -9`
would send them, and as they really came on the line, from the server alone and behind nginx. Then the page is
opened under a processor four times slower, 1.6 Mbit/s and 150 ms, five times: Largest Contentful Paint.

Controls: a picture of 300 KB and a second script must be over the weights; a slow answer over the paint.
"""

from __future__ import annotations

import argparse
import gzip
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from _report import Report
from playwright.sync_api import Browser, BrowserContext, Page, Route, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from tests.browser._chromium import launch
from tests.browser.server import Portal, seeded
from tests.browser.two_workers import TwoWorkers, seeded_on_postgresql

KILO = 1024
MOST = {"page": 100 * KILO, "base script": 20 * KILO}
PAINT_SECONDS = 2.5
SLOWER, BITS_PER_SECOND, LATENCY_MS = 4, 1_600_000, 150
PERSONA, SPACE = "jeanne", "la vie de tous"
SETTLED_MS = 1_500
# The telephone of the measure: a small one, upright.
SCREEN = {"width": 390, "height": 844}
WATCH_PAINT = """
globalThis.paints = [];
new PerformanceObserver((list) => list.getEntries().forEach((one) =>
  globalThis.paints.push([one.startTime, one.element ? one.element.tagName : '?'])))
  .observe({ type: 'largest-contentful-paint', buffered: true });
"""


@dataclass(frozen=True, slots=True)
class Fetched:
    """One thing that the browser asked for."""

    kind: str
    address: str
    body: bytes
    on_line: int
    encoding: str

    @property
    def packed(self) -> int:
        """As `gzip -9` sends it; a font is compressed already."""
        return len(self.body) if self.kind == "font" else len(gzip.compress(self.body, 9))


def weights(fetched: list[Fetched], of: Callable[[Fetched], int]) -> dict[str, int]:
    """All of it, and the script that every page has."""
    return {
        "page": sum(of(one) for one in fetched),
        "base script": sum(
            of(one) for one in fetched if one.kind == "script" and "/live-" not in one.address
        ),
    }


def over(found: dict[str, int]) -> list[str]:
    """What is over its limit."""
    return [f"{name} {size / KILO:.1f} KB" for name, size in found.items() if size > MOST[name]]


def signed_in(browser: Browser, portal: Portal) -> Any:
    """The cookies of somebody who has just come in."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(f"{portal.url}/connexion")
    page.locator(f"form[action='/entrer/{PERSONA}'] button").click()
    page.wait_for_url("**/contrats*")
    state = context.storage_state()
    context.close()
    return state


def visit(browser: Browser, portal: Portal, state: Any, address: str) -> list[Fetched]:
    """All that a first visit fetches, with the bytes that came on the line."""
    context = browser.new_context(storage_state=state, viewport=SCREEN)
    page = context.new_page()
    network = context.new_cdp_session(page)
    network.send("Network.enable")
    lengths: dict[str, int] = {}
    network.on(
        "Network.loadingFinished",
        lambda told: lengths.__setitem__(told["requestId"], int(told["encodedDataLength"])),
    )
    named: dict[str, str] = {}
    network.on(
        "Network.responseReceived", lambda told: named.__setitem__(told["response"]["url"], told["requestId"])
    )
    seen: list[Any] = []
    page.on("response", lambda response: seen.append(response) if "/socket.io" not in response.url else None)
    page.goto(f"{portal.url}{address}", wait_until="networkidle")
    fetched = [
        Fetched(
            one.request.resource_type,
            one.url,
            one.body(),
            lengths.get(named.get(one.url, ""), 0),
            one.headers.get("content-encoding", "none"),
        )
        for one in seen
        if one.ok
    ]
    context.close()
    return fetched


def paint(
    browser: Browser, portal: Portal, state: Any, address: str, plant: Callable[[Page], None] | None = None
) -> tuple[float, str]:
    """Seconds until the largest words or picture were drawn, and what they were."""
    context: BrowserContext = browser.new_context(storage_state=state, viewport=SCREEN, device_scale_factor=2)
    page = context.new_page()
    page.add_init_script(WATCH_PAINT)
    if plant is not None:
        plant(page)
    slow = context.new_cdp_session(page)
    slow.send("Network.enable")
    slow.send(
        "Network.emulateNetworkConditions",
        {
            "offline": False,
            "latency": LATENCY_MS,
            "downloadThroughput": BITS_PER_SECOND / 8,
            "uploadThroughput": BITS_PER_SECOND / 8,
        },
    )
    slow.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(f"{portal.url}{address}", wait_until="load", timeout=60_000)
    page.wait_for_timeout(SETTLED_MS)
    paints = page.evaluate("globalThis.paints")
    context.close()
    last = paints[-1]
    return last[0] / 1000, last[1]


def late(route: Route) -> None:
    """The planted fault of the paint: the answer comes two seconds late."""
    time.sleep(2)
    route.continue_()


def measure(report: Report, browser: Browser, portal: Portal, name: str, *, short: bool) -> None:
    """One way of serving: weights, real encodings, paint; then the faults."""
    state = signed_in(browser, portal)
    address = f"/espaces/{portal.space(SPACE)}" if not isinstance(portal, TwoWorkers) else space_of(portal)
    fetched = visit(browser, portal, state, address)
    packed, on_line = weights(fetched, lambda one: one.packed), weights(fetched, lambda one: one.on_line)
    report.row(
        f"first visit of a space, gzip -9, {name}",
        f"{packed['page'] / KILO:.1f} KB in all, {packed['base script'] / KILO:.1f} KB of base script; "
        + ", ".join(f"{one.kind} {one.packed / KILO:.1f}" for one in fetched),
        "100 KB, 20 KB",
        not over(packed),
    )
    report.row(
        f"first visit of a space, on the line, {name}",
        f"{on_line['page'] / KILO:.1f} KB, headers included; "
        + ", ".join(f"{one.kind} {one.on_line / KILO:.1f} ({one.encoding})" for one in fetched),
    )
    paints = [paint(browser, portal, state, address) for _ in range(2 if short else 5)]
    times = [seconds for seconds, _ in paints]
    report.row(
        f"largest paint at 4x and 1.6 Mbit/s, {name}",
        f"half {statistics.median(times):.2f} s, worst {max(times):.2f} s, of {len(times)} (<{paints[-1][1]}>)",
        f"{PAINT_SECONDS} s",
        statistics.median(times) <= PAINT_SECONDS,
    )
    noise = os.urandom(300 * KILO)
    extra = [Fetched("image", "/x.jpg", noise, len(noise), "none")]
    report.control(
        f"a picture of 300 KB, {name}", ", ".join(over(weights([*fetched, *extra], lambda one: one.packed)))
    )
    extra = [Fetched("script", "/static/dist/app-2.js", noise[: 30 * KILO], 0, "none")]
    report.control(
        f"a second script, {name}", ", ".join(over(weights([*fetched, *extra], lambda one: one.packed)))
    )
    slow, _ = paint(browser, portal, state, address, lambda page: page.route(f"**{address}", late))
    report.control(f"an answer two seconds late, {name}", f"{slow:.2f} s" if slow > PAINT_SECONDS else False)


def space_of(portal: TwoWorkers) -> str:
    """The address of the same space on PostgreSQL."""
    return f"/espaces/{portal.rows('SELECT id FROM space WHERE question LIKE ?', f'%{SPACE}%')[0][0]}"


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--court", action="store_true", help="two paints each, without nginx")
    given = parser.parse_args()
    report = Report("weights")
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = launch(playwright)
        ways: list[tuple[str, Callable[[], Portal]]] = [
            ("server alone", lambda: Portal(Path(folder) / "seul", seeded(Path(folder) / "modele"))),
        ]
        if not given.court:
            two = Path(folder) / "deux"
            ways.append(("behind nginx", lambda: TwoWorkers(two, seeded_on_postgresql(two))))
        for name, made in ways:
            portal = made()
            portal.start()
            try:
                measure(report, browser, portal, name, short=given.court)
            finally:
                portal.stop()
        browser.close()
    return report.end()


if __name__ == "__main__":
    sys.exit(main())
