"""A browser is the only judge of what executes: every hostile sample, rendered, in a page without any policy.

The judge is given live vectors first. If it misses one, what it says about the samples is worth nothing.
"""

import html
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, Dialog, Frame, Page, Request, Route, sync_playwright

from portal.kernel.text import TextEmpty, excerpt, render, render_inline
from tests.browser._chromium import launch
from tests.hostile import samples

pytestmark = pytest.mark.browser

ORIGIN = "http://judge.test/"
SETTLE_MS = 250
PATIENCE_MS = 8000
SAMPLES_IN_A_DOCUMENT = 40
LONGEST_LABEL = 5000

HOOKS = """
for (const name of ['alert', 'confirm', 'prompt', 'print']) window[name] = (...said) => canary('dialog', ...said);
"""

# A title is only ever read, so it may begin like an address. Shadow trees and templates are looked into too.
LOOK = """
() => {
  const found = [];
  const schemes = ['javascript:', 'data:', 'vbscript:', 'blob:'];
  const look = (root) => {
    for (const element of root.querySelectorAll('*')) {
      for (const { name, value } of element.attributes) {
        if (/^on/i.test(name)) found.push('handler');
        if (name === 'title') continue;
        const bare = value.replace(/[\\t\\n\\r]/g, '').replace(/^[\\0-\\x20]+/, '').toLowerCase();
        if (schemes.some((scheme) => bare.startsWith(scheme))) found.push('scheme');
      }
      if (element.content instanceof DocumentFragment) look(element.content);
      if (element.shadowRoot) look(element.shadowRoot);
    }
  };
  look(document);
  return found;
}
"""
# Added to whatever is judged: a machine too busy to show this one harm has not shown the others either.
WITNESS = "<img src=x onerror=canary()>"
INSERT_AGAIN = "() => { document.body.innerHTML = document.body.innerHTML; }"

SHAPE = """
() => {
  const allowed = new Set(['P', 'BR', 'EM', 'UL', 'LI', 'A']);
  const attributes = new Set(['href', 'rel']);
  const strange = [];
  for (const element of document.querySelectorAll('section *')) {
    if (element.classList.contains('label')) continue;
    if (!allowed.has(element.tagName)) strange.push(element.tagName);
    for (const { name } of element.attributes) if (!attributes.has(name)) strange.push(name);
    if (element.tagName === 'A' && !/^(https?:|mailto:)/.test(element.getAttribute('href') ?? '')) strange.push('way out');
  }
  return { sections: document.querySelectorAll('body > section').length, strange };
}
"""

EXECUTES = """<script>canary(1)</script>
<SCRIPT>alert(2)</SCRIPT>
<script/x>confirm(3)</script>
<script>prompt(4)</script >
<script src=data:,canary(5)></script>
<script type=module>canary(6)</script>
<img src=x onerror=canary(7)>
<img/src='x'/onerror=canary(8)>
<IMG SRC=x ONERROR="alert(9)">
<image src=x onerror=canary(10)>
<img src="x"onerror="canary(11)">
<img src=x onerror=&#99;anary(12)>
<img src=x onerror
=
canary(13)>
<body onload=canary(14)>
<body onpageshow=canary(15)>
<svg onload=canary(16)>
<svg><script>canary(18)</script></svg>
<svg><script>canary&#40;19&#41;</script></svg>
<svg><script href=data:,canary(20) /></svg>
<svg><animate onbegin=canary(21) attributeName=x dur=1s></svg>
<svg><foreignObject><img src=x onerror=canary(22)></foreignObject></svg>
<svg></p><style><a title="</style><img src=x onerror=canary(23)>">
<math><mtext><img src=x onerror=canary(24)></mtext></math>
<math><style><img src=x onerror=canary(25)></style></math>
<iframe srcdoc="<script>parent.canary(26)</script>"></iframe>
<iframe srcdoc="&lt;script&gt;canary(27)&lt;/script&gt;"></iframe>
<iframe src="javascript:parent.canary(28)"></iframe>
<iframe src="java&#9;script:parent.canary(29)"></iframe>
<iframe src="&#1;JaVaScRiPt:parent.canary(30)"></iframe>
<iframe src="javascript&colon;parent.canary(31)"></iframe>
<iframe src="data:text/html,<script>canary(32)</script>"></iframe>
<iframe onload=canary(33)></iframe>
<embed src="javascript:parent.canary(34)"><img src=x onerror=canary(34)>
<object data=x onerror=canary(35)></object>
<video src=x onerror=canary(36)></video>
<video><source src=x onerror=canary(37)></video>
<audio src=x onerror=canary(38)></audio>
<details open ontoggle=canary(39)>x</details>
<style onload=canary(40)></style>
<style></style ><img src=x onerror=canary(41)>
<link rel=stylesheet href=data:text/css, onload=canary(42)>
<!--><img src=x onerror=canary(43)>-->
<!-- --!><img src=x onerror=canary(44)>
<noscript><p title="</noscript><img src=x onerror=canary(45)>"></noscript>
<textarea><p title="</textarea><img src=x onerror=canary(46)>">
<title><p title="</title><img src=x onerror=canary(47)>">
<template shadowrootmode=open><script>canary(48)</script></template>
<table><td><img src=x onerror=canary(51)><table>
<<svg/onload=canary(52)>>
<a href=x"<img src=x onerror=canary(53)><img src=x onerror=canary(53)>"""

# (what must be seen, and nothing else would show it)
ONLY_SEEN_BY = [
    ("handler", "<p onclick=canary(1)>x</p>"),
    ("handler", "<template><p onclick=canary(2)>x</p></template>"),
    ("handler", "<template shadowrootmode=open><p onclick=canary(3)>x</p></template>"),
    ("scheme", '<a href="javascript:canary(4)">x</a>'),
    ("scheme", '<a href=" java\tscript:canary(5)">x</a>'),
    ("scheme", "<form action=JAVASCRIPT:canary(6)></form>"),
    ("scheme", '<svg><a xlink:href="javascript:canary(7)"><text>x</text></a></svg>'),
    ("scheme", "<a href=data:text/html,x>x</a>"),
    ("request", "<img src=https://canary.invalid/9>"),
    ("request", "<link rel=stylesheet href=//canary.invalid/10>"),
    ("request", "<style>body{background:url(https://canary.invalid/11)}</style>"),
    ("request", "<iframe src=https://canary.invalid/12></iframe>"),
    ("call again", "<form><math><mtext></form><form><mglyph><style></math><img src=x onerror=canary(13)>"),
]


@dataclass
class Judge:
    """Puts documents into frames of one page, without any policy, and notes what each of them managed to do."""

    page: Page
    seen: dict[int, set[str]] = field(default_factory=lambda: defaultdict(set))
    documents: list[str] = field(default_factory=list)
    inserted_again: bool = False
    stray: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.page.expose_binding("canary", self._called)
        self.page.add_init_script(HOOKS)
        self.page.on("request", self._requested)
        self.page.on("dialog", self._interrupted)
        self.page.route("**/*", self._served)

    def hear(self, documents: list[str]) -> list[set[str]]:
        """Give what each document did, once loaded and once inserted again."""
        self.documents = [*documents, WITNESS]
        self.page.goto(ORIGIN, wait_until="load")
        self._settle("call", documents)
        self._look()
        self.inserted_again = True
        for frame in self._frames().values():
            frame.evaluate(INSERT_AGAIN)
        self._settle("call again", documents)
        self._look()
        assert not self.stray, self.stray
        return [self.seen[number] for number in range(len(documents))]

    def _settle(self, witnessed: str, documents: list[str]) -> None:
        for _ in range(PATIENCE_MS // SETTLE_MS):
            self.page.wait_for_timeout(SETTLE_MS)
            if witnessed in self.seen[len(documents)]:
                break
        else:
            raise AssertionError("the witness was never heard: the run is void")
        self.page.wait_for_timeout(SETTLE_MS)

    def shapes(self) -> list[dict[str, object]]:
        return [frame.evaluate(SHAPE) for _, frame in sorted(self._frames().items())][:-1]

    def _frames(self) -> dict[int, Frame]:
        frames = {int(frame.url.rpartition("/")[2]): frame for frame in self.page.main_frame.child_frames}
        assert sorted(frames) == list(range(len(self.documents))), "a document was lost or went elsewhere"
        return frames

    def _look(self) -> None:
        for number, frame in self._frames().items():
            self.seen[number] |= set(frame.evaluate(LOOK))

    def _note(self, frame: Frame, what: str) -> None:
        while frame.parent_frame and frame.parent_frame != self.page.main_frame:
            frame = frame.parent_frame
        if not frame.url.startswith(f"{ORIGIN}frame/"):
            self.stray.append(f"{what} from {frame.url}")
            return
        self.seen[int(frame.url.rpartition("/")[2])].add(what)

    def _called(self, source: dict[str, Frame], *said: object) -> None:
        what = "dialog" if said[:1] == ("dialog",) else "call"
        self._note(source["frame"], f"{what} again" if self.inserted_again else what)

    def _interrupted(self, dialog: Dialog) -> None:
        self.stray.append(f"dialog {dialog.message}")
        dialog.dismiss()

    def _requested(self, request: Request) -> None:
        if not request.url.startswith(ORIGIN) and not request.url.startswith(("data:", "about:")):
            frame = request.frame
            self._note(frame.parent_frame or frame if request.is_navigation_request() else frame, "request")

    def _served(self, route: Route) -> None:
        path = route.request.url.removeprefix(ORIGIN)
        if path == "":
            frames = (
                f"<iframe src='{ORIGIN}frame/{number}'></iframe>" for number in range(len(self.documents))
            )
            route.fulfill(content_type="text/html; charset=utf-8", body=f"<!doctype html>{''.join(frames)}")
        elif path.startswith("frame/") and path[6:].isdigit():
            body = f"<!doctype html><meta charset=utf-8><title>x</title><body>{self.documents[int(path[6:])]}"
            route.fulfill(content_type="text/html; charset=utf-8", body=body)
        else:
            route.abort()


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        started = launch(playwright)
        yield started
        started.close()


@pytest.fixture
def judge(browser: Browser) -> Iterator[Judge]:
    context = browser.new_context()
    yield Judge(context.new_page())
    context.close()


def live() -> list[str]:
    return [f"<{vector}" for vector in f"\n{EXECUTES}".split("\n<")[1:]]


def test_the_judge_sees_every_live_vector(judge: Judge) -> None:
    vectors = live()
    assert len(vectors) >= 40
    verdicts = judge.hear(vectors)
    missed = [vector for vector, seen in zip(vectors, verdicts, strict=True) if not seen & {"call", "dialog"}]
    assert missed == []


def test_the_judge_sees_each_kind_of_harm_where_nothing_else_shows_it(judge: Judge) -> None:
    verdicts = judge.hear([vector for _, vector in ONLY_SEEN_BY])
    wrong = [
        (vector, kind, seen)
        for (kind, vector), seen in zip(ONLY_SEEN_BY, verdicts, strict=True)
        if kind not in seen or seen & {"call", "dialog"}
    ]
    assert wrong == []


def test_the_judge_lets_a_harmless_page_go(judge: Judge) -> None:
    assert judge.hear(["<p>Bonjour <a href='https://exemple.fr'>ici</a></p>", ""]) == [set(), set()]


def test_no_hostile_sample_does_anything(judge: Judge) -> None:
    sections = [section(text) for _, text in samples()]
    groups = [
        sections[at : at + SAMPLES_IN_A_DOCUMENT] for at in range(0, len(sections), SAMPLES_IN_A_DOCUMENT)
    ]
    verdicts = judge.hear(["".join(group) for group in groups])
    assert len(sections) >= 300
    assert verdicts == [set() for _ in groups]
    assert judge.shapes() == [{"sections": len(group), "strange": []} for group in groups]


def test_one_sample_that_was_not_rendered_would_be_seen(judge: Judge) -> None:
    sections = [section(text) for _, text in samples()[:SAMPLES_IN_A_DOCUMENT]]
    planted = [
        "<img src=x onerror=canary(1)>",
        "<p class=x>",
        "</section><section>",
        "<a href=/deconnexion>",
        "",
    ]
    documents = ["".join([*sections[:20], f"<section>{harm}</section>", *sections[21:]]) for harm in planted]
    verdicts = judge.hear(documents)
    fine = {"sections": len(sections), "strange": []}
    clean = [not seen and shape == fine for seen, shape in zip(verdicts, judge.shapes(), strict=True)]
    assert clean == [False, False, False, False, True]


def section(text: str) -> str:
    """The same sample everywhere a text may be put: as a text, a label, a title, a quote."""
    try:
        label = render_inline(text, LONGEST_LABEL)
    except TextEmpty:
        label = ""
    quote = html.escape(excerpt(text, 200))
    return (
        f"<section>{render(text)}"
        f'<span class="label" title="{label}">{label}</span><span class="label" title="{quote}">{quote}</span></section>'
    )
