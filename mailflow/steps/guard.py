"""The corridor's one bare ``except``: one bad item never stops the line, and it never disappears."""

import logging
from collections.abc import Callable

from mailflow.errors import Brake, ConfigError, Lost, MailflowError, TemporaryError

log = logging.getLogger(__name__)


def attempt(what: str, step: Callable[[], None], on_failure: Callable[[str], None]) -> bool:
    """Do one item's step; what fails is handed to ``on_failure`` with the reason in words, and the line goes on.

    False where the item changed meanwhile: nothing was done or told, and it must be looked at again.

    Raises what concerns every item alike: TemporaryError (nothing answers), ConfigError and Brake (a person first).
    """
    try:
        step()
    except (TemporaryError, ConfigError, Brake):
        raise
    except Lost as e:
        log.info("%s changed meanwhile and is looked at again in the next pass: %s", what, e)
        return False
    except MailflowError as e:
        log.warning("%s is set aside: %s", what, e)
        on_failure(str(e))
    except Exception as e:
        log.exception("%s is set aside after an unexpected failure", what)
        on_failure(f"mailflow failed on it ({type(e).__name__}); please look at it yourself")
    return True
