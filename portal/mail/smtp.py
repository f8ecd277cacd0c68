"""Letters by SMTP: one conversation a letter, and an honest word on what became of it.

What matters is the instant after the last dot: before it nothing was delivered and trying
again is safe; between the dot and the answer nobody knows, and nothing is sent again.
"""

from __future__ import annotations

import re
import smtplib
import ssl
from email.errors import MessageError
from email.utils import parseaddr

from portal.config import Settings
from portal.domain.notifications.mails import Outcome
from portal.domain.notifications.rules import REFUSED_ADDRESS
from portal.mail.message import written
from portal.mail.port import Letter
from portal.mail.server import Server, is_carried
from portal.vocabulary import MailState

# Ten answers at most in a conversation: its whole stays under `rules.SENDING_PATIENCE`.
TIMEOUT_SECONDS = 30.0
GIVE_CONTENT, ACCEPTED, FORWARDED = 354, 250, 251
PERMANENT = 500
SENT = Outcome(MailState.SENT)
# What the standard library raises about what it is asked to write.
UNWRITABLE = (ValueError, LookupError, TypeError, AttributeError, MessageError)


class RefusedStepError(Exception):
    """The server said no before anything was delivered."""

    def __init__(self, step: str, code: int, *, final: bool = False) -> None:
        super().__init__(step, code)
        self.step, self.code, self.final = step, code, final

    @property
    def outcome(self) -> Outcome:
        """For good only when the server refuses this address or this letter for good."""
        state = MailState.FAILED if self.final and self.code >= PERMANENT else MailState.WAITING
        return Outcome(state, f"{self.step}-{self.code}")


class SmtpPost:
    """Hands letters over to one server, in the name of one sender."""

    def __init__(self, server: Server, sender: str) -> None:
        self._server = server
        self._sender = sender

    def send(self, letter: Letter) -> Outcome:
        """One conversation. Nothing that the network does is raised."""
        if not is_carried(letter.to):
            return Outcome(MailState.FAILED, f"{REFUSED_ADDRESS}-adresse")
        try:
            content = _stuffed(written(letter, self._sender).as_bytes())
        except UNWRITABLE as error:
            # Nothing left: it is no doubt.
            return Outcome(MailState.FAILED, _named("redaction", error))
        return self._converse(letter, content)

    def _converse(self, letter: Letter, content: bytes) -> Outcome:
        try:
            smtp = self._connected()
        except RefusedStepError as refused:
            return refused.outcome
        except ssl.SSLError:
            return Outcome(MailState.WAITING, "tls")
        except (OSError, smtplib.SMTPException) as error:
            return Outcome(MailState.WAITING, _named("connexion", error))
        try:
            return self._deliver(smtp, letter, content)
        finally:
            _leave(smtp)

    def _deliver(self, smtp: smtplib.SMTP, letter: Letter, content: bytes) -> Outcome:
        try:
            _step("expediteur", smtp.mail(parseaddr(self._sender)[1]))
            _step(REFUSED_ADDRESS, smtp.rcpt(letter.to), final=True)
            _step("contenu", smtp.docmd("DATA"), wanted=(GIVE_CONTENT,), final=True)
        except RefusedStepError as refused:
            return refused.outcome
        except (OSError, smtplib.SMTPException) as error:
            return Outcome(MailState.WAITING, _named("connexion", error))
        try:
            smtp.send(content)
            _step("message", smtp.getreply(), final=True)
        except RefusedStepError as refused:
            return refused.outcome
        except (OSError, smtplib.SMTPException):
            return Outcome(MailState.DOUBTFUL, "sans-reponse")
        return SENT

    def _connected(self) -> smtplib.SMTP:
        server = self._server
        secured = (
            ssl.create_default_context(cafile=server.authority) if server.tls or server.starttls else None
        )
        smtp: smtplib.SMTP
        if server.tls:
            smtp = smtplib.SMTP_SSL(server.host, server.port, timeout=TIMEOUT_SECONDS, context=secured)
        else:
            smtp = smtplib.SMTP(server.host, server.port, timeout=TIMEOUT_SECONDS)
        try:
            if server.starttls:
                smtp.starttls(context=secured)
            if server.name:
                smtp.login(server.name, server.password)
            smtp.ehlo_or_helo_if_needed()
        except smtplib.SMTPNotSupportedError:
            smtp.close()
            raise RefusedStepError("tls" if server.starttls else "identification", 0) from None
        except smtplib.SMTPAuthenticationError as refused:
            smtp.close()
            raise RefusedStepError("identification", refused.smtp_code) from None
        except smtplib.SMTPResponseException as refused:
            smtp.close()
            raise RefusedStepError("accueil", refused.smtp_code) from None
        except BaseException:
            smtp.close()
            raise
        return smtp


def post_of(settings: Settings) -> SmtpPost | None:
    """The post of this portal; None when none is set, and always in the demonstration."""
    if not settings.smtp_url or settings.demonstration:
        return None
    return SmtpPost(Server.of(settings.smtp_url), settings.mail_from)


def _step(
    step: str,
    reply: tuple[int, bytes],
    *,
    wanted: tuple[int, ...] = (ACCEPTED, FORWARDED),
    final: bool = False,
) -> None:
    if reply[0] not in wanted:
        raise RefusedStepError(step, reply[0], final=final)


def _stuffed(content: bytes) -> bytes:
    """The content as DATA carries it: a dot at the head of a line doubled, a dot alone at the end."""
    ended = content if content.endswith(b"\r\n") else content + b"\r\n"
    return re.sub(rb"(?m)^\.", b"..", ended) + b".\r\n"


def _named(step: str, error: Exception) -> str:
    """The kind of an error, without its words: they may hold an address."""
    if isinstance(error, smtplib.SMTPResponseException):
        return f"{step}-{error.smtp_code}"
    return f"{step}-{'delai' if isinstance(error, TimeoutError) else type(error).__name__}"


def _leave(smtp: smtplib.SMTP) -> None:
    try:
        smtp.quit()
    except (OSError, smtplib.SMTPException):
        smtp.close()
