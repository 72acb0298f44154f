"""Every exception of the house, by what the daemon does next (house rules, section 4).

Foreign exceptions (imaplib, smtplib, lxml, sqlite3 …) are translated into one of these at the door they come through.
"""


class MailflowError(Exception):
    """Base of everything below; its text is fit to be shown to a person."""


class ConfigError(MailflowError):
    """The settings or the profile are wrong: stop, list every problem at once (exit 2).

    ``problems`` holds one sentence each, naming file and key.
    """

    def __init__(self, problems: list[str] | str) -> None:
        self.problems: list[str] = [problems] if isinstance(problems, str) else list(problems)
        super().__init__("\n".join(self.problems))


class TemporaryError(MailflowError):
    """Something outside did not answer: try again later (exit 75)."""


class PermanentError(MailflowError):
    """This item can't be done: hold it with the reason, go on with the next."""


class UnreadableError(PermanentError):
    """A document that can't be read; ``reason`` is a code of :class:`mailflow.model.Unreadable`."""

    def __init__(self, reason: str, words: str) -> None:
        self.reason = reason
        super().__init__(words)


class Brake(MailflowError):  # noqa: N818  (the house's word)
    """Something looks so odd that a person must be asked before anything else happens."""


class Broken(MailflowError):  # noqa: N818  (the house's word)
    """An invariant failed: our bug. The item is held and the traceback logged."""


class Lost(MailflowError):  # noqa: N818  (the house's word)
    """Somebody else changed the row first; the step is dropped and may be run again."""
