"""The passport an issued form carries: written when sending, read when it comes back.

As text ``mailflow-form:1;ref=2611-017C;form=base-10;edition=1;mac=…`` in the custom property ``mailflow``, the core
identifier and the keywords. The digest is keyed with the installation's secret, so that a made-up passport is noticed.
"""

import hashlib
import hmac
import re

from mailflow.model import Passport

PROPERTY = "mailflow"
# The initials of the Word comments we put into a returned form: reading must not take them for a person's words.
COMMENT_INITIALS = "QA·mf"
_TEXT = re.compile(r"mailflow-form:1;ref=([0-9A-Z-]+);form=([A-Za-z0-9._-]+);edition=([A-Za-z0-9._-]+);mac=([0-9a-f]*)")


def make_passport(secret: bytes, ref: str, form: str, edition: str) -> Passport:
    body = f"{ref};{form};{edition}".encode()
    return Passport(ref, form, edition, hmac.new(secret, b"passport;" + body, hashlib.sha256).hexdigest()[:32])


def is_ours(secret: bytes, passport: Passport) -> bool:
    """True when the digest is the one this installation would have written."""
    wanted = make_passport(secret, passport.ref, passport.form, passport.edition)
    return hmac.compare_digest(wanted.mac, passport.mac)


def to_text(passport: Passport) -> str:
    return (f"mailflow-form:1;ref={passport.ref};form={passport.form};"
            f"edition={passport.edition};mac={passport.mac}")


def find_passport(text: str) -> Passport | None:
    """The first passport text in a property value; None where there is none."""
    found = _TEXT.search(text)
    return Passport(*found.groups()) if found else None
