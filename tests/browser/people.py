"""Persons at their browsers: what they do reads like a story, what they see is asked in their words."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Locator,
    Page,
    Response,
    Route,
    WebSocket,
    expect,
)

from tests.browser.scripts import NOTICE, SPOKEN, WATCH
from tests.browser.server import Portal

SEEN_WITHIN_MS = 3000
# What the network may still bring when the clock of a page was moved.
A_MOMENT_MS = 300
# A page answered 4xx on purpose is told in the console by Chromium itself.
EXPECTED = re.compile(r"Failed to load resource: the server responded with a status of 4(03|04|09|22)")

ARRIVED = re.compile("^(Merci, votre texte est bien arrivé|Votre correction est bien arrivée)")
SEND = re.compile("^Envoyer( mon avis| ma question)?$")


class Person:
    """Somebody with a browser of their own."""

    def __init__(self, portal: Portal, context: BrowserContext, name: str) -> None:
        self.portal, self.context, self.name = portal, context, name
        self.problems: list[str] = []
        self.received: list[str] = []
        self.forgiven: re.Pattern[str] = EXPECTED
        context.add_init_script(WATCH)
        self.page = self._opened()

    # Around the browser

    def _opened(self) -> Page:
        page = self.context.new_page()
        page.on("console", self._heard)
        page.on("pageerror", lambda error: self.problems.append(f"error in the page: {error}"))
        page.on("websocket", self._listen)
        page.on("response", self._read)
        return page

    def _heard(self, message: ConsoleMessage) -> None:
        if message.type == "error" and not self.forgiven.search(message.text):
            self.problems.append(f"{message.text} ({self.page.url})")

    def _listen(self, socket: WebSocket) -> None:
        socket.on(
            "framereceived",
            lambda data: self.received.append(data if isinstance(data, str) else data.decode()),
        )

    def _read(self, response: Response) -> None:
        if response.status >= 500:
            self.problems.append(f"{response.status} {response.url}")

    def forgives(self, words: str) -> None:
        """A trouble that this story makes on purpose, and that the console will tell."""
        self.forgiven = re.compile(f"{self.forgiven.pattern}|{words}")

    @property
    def frames(self) -> list[str]:
        """The frames of spaces that came over the socket, as they were written."""
        return [one for one in self.received if one.startswith('42["frame"')]

    # Coming in

    def enters(self, name: str | None = None) -> Person:
        """Come in by « Entrer comme… »."""
        self.page.goto("/connexion")
        self.page.get_by_role("button", name=name or self.name).click()
        expect(self.heading("Mes contrats")).to_be_visible()
        return self

    def leaves(self, *, unsent: bool = False) -> None:
        """Go out with « Sortir »; with words that were not sent, say twice what is wanted."""
        out = self.page.get_by_role("button", name="Sortir", exact=True)
        out.click()
        if unsent:
            self.page.get_by_role("button", name="Non, rester ici").click()
            expect(out).to_be_focused()
            out.click()
            self.page.get_by_role("button", name="Oui, sortir").click()
        expect(self.page).to_have_url(re.compile("/connexion"))

    def opens_the_space(self, question: str) -> Person:
        """Go into a space from « Mes contrats »."""
        self.page.goto("/contrats")
        card = self.page.get_by_role("article").filter(has_text=question)
        card.get_by_role("link", name="Entrer dans l’espace").click()
        expect(self.heading(question)).to_be_visible()
        return self

    def opens_the_subject(self, title: str) -> Person:
        """Open one subject of the space and wait until it is live (where scripts run)."""
        card = self.page.get_by_role("article").filter(has=self.page.get_by_role("heading", name=title))
        card.get_by_role("link", name="Lire les contributions et participer").first.click()
        expect(self.heading(title)).to_be_visible()
        return self

    def goes_to(self, space: str, title: str) -> Person:
        """Straight to a subject, as from a link; live when scripts run."""
        self.page.goto(f"/espaces/{self.portal.space(space)}/sujets/{self.portal.item(title)}")
        return self.is_live()

    def is_live(self) -> Person:
        """Wait until the page says « En direct »."""
        expect(self.page.locator("[data-live-state]")).to_have_attribute("data-state", "live")
        return self

    # Speaking

    def writes(self, words: str) -> Person:
        """Type into the field of the page, without sending."""
        self.field.fill(words)
        return self

    @property
    def send_button(self) -> Locator:
        """The button that sends what is written; it says what it sends."""
        return self.main.get_by_role("button", name=SEND)

    def sends(self) -> None:
        """Send what is written on the page of a subject."""
        self.send_button.click()

    def gives_an_opinion(self, words: str) -> str:
        """Send an opinion from the page of the subject; the id of the contribution."""
        self.writes(words)
        self.sends()
        return self.was_thanked()

    def was_thanked(self) -> str:
        """On the page of confirmation; the id of what was sent."""
        expect(self.page.get_by_role("heading", name=ARRIVED)).to_be_visible()
        found = re.search(r"/contributions/(\w{26})/envoyee", self.page.url)
        assert found, self.page.url
        return found[1]

    def replies_to(self, contribution: str, words: str) -> str:
        """Send a reply; its id."""
        self.page.goto(f"/contributions/{contribution}/repondre")
        self.writes(words)
        self.presses("Envoyer ma réponse")
        return self.was_thanked()

    def proposes(self, words: str, reason: str) -> str:
        """From the page of the subject, propose other words with their reason; the id."""
        self.page.get_by_role("link", name="Proposer d’autres mots pour ce texte").click()
        self.writes(words)
        self.page.get_by_label("Pourquoi proposez-vous ces mots").fill(reason)
        self.presses("Envoyer ma proposition")
        return self.was_thanked()

    def reacts(self, contribution: str, reaction: str) -> None:
        """Press one of the three reactions of a card."""
        self.card(contribution).get_by_role("link", name=reaction, exact=False).first.click()
        expect(self.card(contribution).locator("a[data-react][aria-current=true]")).to_contain_text(reaction)

    def corrects(self, contribution: str, words: str) -> None:
        """Send a new version of one's own words."""
        self.page.goto(f"/contributions/{contribution}/corriger")
        self.writes(words)
        self.presses("Envoyer ma correction")
        self.was_thanked()

    def withdraws(self, contribution: str) -> None:
        """Take one's own words back, by the page that asks first."""
        self.page.goto(f"/contributions/{contribution}/retirer")
        self.presses("Retirer mes mots")
        expect(self.card(contribution)).to_contain_text("Contribution retirée par la personne qui l’a écrite")

    # Directing

    def approves(self, contribution: str) -> None:
        """Publish what waits."""
        self.page.goto(f"/contributions/{contribution}/moderer")
        self.page.get_by_role("button", name=re.compile("^Publier (ces mots|cette correction)")).click()
        expect(self.page.get_by_text("C’est publié")).to_be_visible()

    def refuses(self, contribution: str, rule: str, sentence: str) -> None:
        """Do not publish what waits, with a rule and a sentence."""
        self._decides(contribution, rule, sentence, "Ne pas publier ces mots")
        expect(self.page.get_by_text("Ces mots ne sont pas publiés.")).to_be_visible()

    def hides(self, contribution: str, rule: str, sentence: str) -> None:
        """Hide what was published, with a rule and a sentence."""
        self._decides(contribution, rule, sentence, "Masquer la contribution")
        expect(self.card(contribution)).to_contain_text("Contribution masquée")

    def _decides(self, contribution: str, rule: str, sentence: str, button: str) -> None:
        self.page.goto(f"/contributions/{contribution}/moderer")
        self.chooses(rule)
        self.page.get_by_role("checkbox", name="Le texte en entier").check()
        self.page.locator("textarea[name=sentence]").fill(sentence)
        self.presses(button)

    def answers(self, contribution: str, fate: str, words: str) -> None:
        """Give the organiser's answer and what became of the words."""
        self.page.goto(f"/contributions/{contribution}/reponse")
        self.chooses(fate)
        self.page.locator("textarea[name=body]").fill(words)
        self.presses("Publier la réponse")
        expect(
            self.page.get_by_role("button", name="Publier la réponse").or_(
                self.page.get_by_text("C’est fait")
            )
        ).to_be_visible()

    def records_a_level(self, space: str, group: str, level: str, reason: str = "") -> None:
        """Record the level of a group in a space."""
        self.page.goto(f"/espaces/{self.portal.space(space)}/niveaux?groupe={group}")
        self.chooses(level)
        self.page.locator("textarea[name=reason]").fill(reason)
        self.presses("Enregistrer ce niveau")
        expect(self.page.get_by_text("Le niveau est enregistré")).to_be_visible()

    def creates_a_space(self, question: str, moderation: str = "Relire avant publication") -> str:
        """Go through the assistant with its proposals, and open at once; the id of the space."""
        self.page.goto("/contrats")
        self.main.locator("h2 a").first.click()
        self.page.get_by_role("link", name="Créer un espace d’échange").click()
        self.page.get_by_label("La question posée aux groupes").fill(question)
        self.presses("Continuer")
        self.chooses(moderation)
        self.presses("Continuer")
        expect(self.heading("Ce que verra une famille")).to_be_visible()
        self.presses("Créer et ouvrir")
        expect(self.heading(question)).to_be_visible()
        found = re.search(r"/espaces/(\w{26})", self.page.url)
        assert found, self.page.url
        return found[1]

    def ends_and_closes(self, space: str) -> None:
        """End the time of contributions, then close; every answer is given, and the synthesis is explained."""
        self.page.goto(f"/espaces/{space}/reglages")
        self.page.get_by_role("link", name="Terminer les contributions").click()
        self.page.locator("textarea[name=reason]").fill("Tout le monde a parlé.")
        self.main.locator("form button[type=submit]").click()
        expect(self.page.get_by_text("Le temps des contributions est terminé. Il reste")).to_be_visible()
        self.page.goto(f"/espaces/{space}/cloture")
        self.sees("La synthèse de ce qui a été dit n’est pas encore publiée.")
        self.page.locator("textarea[name=broken_promise]").fill("Nous la lirons ensemble au prochain CVS.")
        self.presses("Clore et publier cette explication")
        self.sees("L’espace est clos")

    # Small gestures

    def presses(self, name: str) -> None:
        """Press the button that says this."""
        self.page.get_by_role("main").get_by_role("button", name=name, exact=True).click()

    def chooses(self, label: str) -> None:
        """Choose one of the big cards."""
        self.page.locator("label.choice__label").filter(
            has_text=re.compile(rf"^\s*{re.escape(label)}")
        ).first.click()

    def shows_what_came(self) -> None:
        """Press the bar « … – Afficher »."""
        self.bar.get_by_role("button").click()

    # Cuts

    def is_cut_off(self) -> None:
        """The network goes away, sockets included."""
        self.context.set_offline(True)

    def comes_back(self) -> None:
        """The network is there again."""
        self.context.set_offline(False)

    def loses_the_answer(self, address: str) -> None:
        """What is sent there reaches the server; its answer never comes back."""

        def lose(route: Route) -> None:
            if route.request.method == "POST":
                route.fetch(max_redirects=0)
                route.abort("failed")
            else:
                route.continue_()

        self.page.route(address, lose)

    def finds_the_answers_again(self) -> None:
        """Answers come back again."""
        self.page.unroute_all(behavior="wait")

    def on_the_server(self, space: str, title: str) -> int:
        """How many cards a page of this subject holds when it is opened now, in another tab."""
        tab = self.context.new_page()
        tab.goto(f"/espaces/{self.portal.space(space)}/sujets/{self.portal.item(title)}")
        count = tab.locator("[data-contribution]").count()
        tab.close()
        return count

    # What is seen

    @property
    def field(self) -> Locator:
        """Where this page takes words."""
        return self.page.locator("textarea[name=body]")

    @property
    def bar(self) -> Locator:
        """The bar that tells what came."""
        return self.page.locator("[data-live-bar]")

    @property
    def main(self) -> Locator:
        """What the page says."""
        return self.page.get_by_role("main")

    def heading(self, name: str) -> Locator:
        """A heading of the page."""
        return self.page.get_by_role("heading", name=name).first

    def card(self, contribution: str) -> Locator:
        """A contribution where it stands in the page, without its replies."""
        return self.page.locator(f"#c-{contribution} > .contribution__body")

    def sees(self, words: str) -> None:
        """The words stand in the page soon."""
        expect(self.main).to_contain_text(words, timeout=SEEN_WITHIN_MS)

    def does_not_see(self, words: str) -> None:
        """The words do not stand in the page now."""
        assert words not in " ".join(self.main.inner_text().split())

    # Time, sound and place

    def awaits(self, *words: str) -> list[Any]:
        """Begin to watch for words; give them to `delay` later."""
        names = []
        for number, one in enumerate(words):
            name = f"noticed{number}_{time.monotonic_ns()}"
            self.page.evaluate(
                f"([name, words]) => {{ globalThis[name] = ({NOTICE})(words); globalThis[name].catch(() => {{}}); }}",
                [name, one],
            )
            names.append(name)
        return names

    def delay(self, noticed: Any, since: float) -> float:
        """Milliseconds between `since` (time.time()) and the instant at which the words stood in the page."""
        seen = self.page.evaluate("(name) => globalThis[name]", noticed)
        return float(seen) - since * 1000

    def keeps_a_clock(self) -> Person:
        """From the next page on, time can pass at once; until then it goes as ours does."""
        self.page.clock.install()
        return self

    def lets_pass(self, milliseconds: int) -> None:
        """Everything that the page does in this time, without waiting for it; then what the network brings."""
        self.page.clock.run_for(milliseconds)
        self.page.wait_for_timeout(A_MOMENT_MS)

    def waits_until(self, condition: Callable[[], bool], seconds: float = 5) -> None:
        """Wait for something outside the page; the browser goes on meanwhile."""
        end = time.monotonic() + seconds
        while not condition():
            assert time.monotonic() < end, "it never came true"
            self.page.wait_for_timeout(50)

    def listens(self) -> None:
        """Keep what is announced from now on."""
        self.page.evaluate(SPOKEN)

    @property
    def heard(self) -> list[str]:
        """What was announced since `listens`."""
        return [" ".join(one.split()) for one in self.page.evaluate("() => globalThis.spoken")]

    def position(self) -> dict[str, Any]:
        """Where the reader is: scroll, focus and its place in the window (None outside it), typed text, caret."""
        found: dict[str, Any] = self.page.evaluate(
            """() => {
              const active = document.activeElement, { top, bottom } = active.getBoundingClientRect();
              return { scroll: Math.round(scrollY), focus: active.id || active.tagName,
                       top: bottom > 0 && top < innerHeight ? Math.round(top) : null, text: active.value ?? null,
                       caret: active.selectionStart ?? null };
            }"""
        )
        return found
