"""Real servers for tests, private and on loopback: dovecot (IMAP, LMTP) and an SMTP server that forwards into it.

    with Dovecot() as post, Smtp(post) as door:
        post.deliver(raw, "audits@northmoor.example")     # as if it had come in from outside
        with post.client("audits@northmoor.example") as imap: …   # any address signs in with PASSWORD
        door.port, door.received, door.faults.append(Fault.DROP_AFTER_DATA)

``Relay(port)`` is a wire that can be listened to and cut; ``Silent`` a server that says nothing.
Where dovecot is not installed the test is skipped with the line that installs it, or fails when MAILFLOW_REQUIRE_SERVERS=1.
The fixtures ``dovecot`` (one a session) and ``smtp`` (one a test) are in every test's reach.
"""

from tests.servers.certificate import Certificate, make_certificate
from tests.servers.dovecot import PASSWORD, Dovecot
from tests.servers.relay import Relay
from tests.servers.smtp import Fault, Mail, Smtp
from tests.servers.wait import Silent, free_port, need, until

__all__ = [
    "PASSWORD", "Certificate", "Dovecot", "Fault", "Mail", "Relay", "Silent", "Smtp", "free_port", "make_certificate", "need",
    "until",
]
