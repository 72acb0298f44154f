"""One message with everything the corridor knows about it, ready to be asked about."""

from dataclasses import dataclass, replace
from datetime import datetime

from mailflow.intake import parse_command
from mailflow.model import Audit, Command, Letter, Message, Parties, Person, Reading, Role, Status
from mailflow.process.checks import find_danger
from mailflow.scene import Scene
from mailflow.steps.house import House
from mailflow.steps.read import message_of
from mailflow.store import Inbound, StoredReading

# A team and a date stand in many a letter: with fewer of a form's questions than this, a document is no form of that kind.
A_FAIR_PART = 0.2


@dataclass(frozen=True)
class Question:
    """``writer`` is the directory's person behind the sender, None for strangers. ``letter`` is ours that it answers.

    ``thread`` are the audits of our letters it answers, nearest first; ``refs`` all that its thread and subject name.
    ``forced`` is the audit a QA officer or the owner said a held return belongs to (FILE, YES, ``mailflow release``).
    """

    house: House
    inbound: Inbound
    message: Message
    readings: tuple[StoredReading, ...]
    now: datetime
    writer: Person | None
    letter: Letter | None
    command: Command | None
    thread: tuple[str, ...]
    refs: tuple[str, ...]
    forced: str = ""

    @property
    def mark(self) -> str:
        """What letters about this message are known by (invariant 4): its content, never its number, which a restored
        store gives to another message; and the audit a person named, for held a second time is told a second time."""
        return f"{self.inbound.digest[:20]}{'.' if self.forced else ''}{self.forced}"

    def scene_of(self, ref: str) -> Scene | None:
        """The audit's scene, None for a reference that names no audit."""
        audit = self.house.store.find_audit(ref)
        return self.house.scene(audit, self.now) if audit else None

    def only_scene(self) -> Scene | None:
        """The one audit this message is about by thread and subject; None when there is none or more than one."""
        if self.forced:
            return self.scene_of(self.forced)
        return self.scene_of(self.refs[0]) if len(self.refs) == 1 else None

    def is_to_writer(self, letter: Letter) -> bool:
        """Was that letter written to the person who now answers it?"""
        return self.writer is not None and letter.to in (self.writer.address, self.writer.second_address)

    def roles_in(self, parties: Parties, audit: Audit) -> frozenset[str]:
        """Every part the writer plays in the audit; cover and delegates play the auditor's."""
        if self.writer is None:
            return frozenset()
        roles = set(parties.roles_of(self.writer.address))
        if self.may_send_for(audit):
            roles.add(Role.AUDITOR.value)
        return frozenset(roles)

    def may_send_for(self, audit: Audit) -> bool:
        """Is the sender this audit's auditor, cover, or the auditor's delegate (domain 2.5)?"""
        if self.writer is None:
            return False
        if self.writer.address == audit.auditor or self.writer.address in audit.cover:
            return True
        auditor = self.house.store.find_person(audit.auditor)
        return auditor is not None and self.writer.address in auditor.delegates

    @property
    def forms(self) -> tuple[StoredReading, ...]:
        """The attachments that were read as our form; a feedback form is none."""
        return tuple(r for r in self.readings if self._is_form(r.reading) and not self._is_feedback(r.reading))

    @property
    def feedback_forms(self) -> tuple[StoredReading, ...]:
        """The feedback forms (IN-03)."""
        return tuple(r for r in self.readings if self._is_form(r.reading) and self._is_feedback(r.reading))

    def _is_feedback(self, reading: Reading) -> bool:
        return reading.form == self.house.policy.framework.feedback.form != self.house.policy.form.id

    def _is_form(self, reading: Reading) -> bool:
        """Read as a form; as one that we do not expect, only where it says so itself or holds a fair part of its questions."""
        if reading.status is not Status.READABLE or not reading.form:
            return False
        expected = (self.house.policy.form.id, *self.house.policy.framework.form.names)
        if reading.form in expected or (reading.passport and reading.passport.form == reading.form):
            return True
        return len(reading.answers) >= A_FAIR_PART * len(self.house.policy.form_of(reading).fields)

    @property
    def others(self) -> tuple[StoredReading, ...]:
        return tuple(r for r in self.readings if r not in (*self.forms, *self.feedback_forms))


def begin(house: House, inbound: Inbound, now: datetime) -> Question:
    """Look everything up once; nothing is decided here."""
    message, readings = message_of(house, inbound), house.store.load_readings(inbound.id)
    if not readings:
        message = replace(message, attachments=())  # a winmail.dat that held nothing is nothing attached
    answered = [x for m in message.references if (x := house.store.find_letter_by_message_id(m))]
    thread = tuple(dict.fromkeys(ref for x in answered for ref in ((x.audit,) if x.audit else x.audits)))
    refs = tuple(dict.fromkeys((*thread, *message.refs)))
    command = None if message.automatic.value != "no" else parse_command(message.text)
    return Question(
        house, inbound, message, readings, now, house.store.find_person(message.sender),
        answered[0] if answered else None, command, thread, refs, house.store.find_meta(f"file:{inbound.id}") or "")


def danger_in(question: Question) -> tuple[str, ...]:
    """Words of danger in the mail's own text or in anything readable that came with it (CHK-072)."""
    framework, policy = question.house.policy.framework, question.house.policy
    # Every form's own words, so that none is taken for what a person wrote.
    read_as = [policy.form, *(policy.form_of(r.reading) for r in question.readings if r.reading.form)]
    ours = tuple(dict.fromkeys(w for form in read_as for w in form.wording))
    texts = [question.message.text, *(_typed(r.reading) for r in question.readings)]
    return find_danger(texts, framework.safety.words, ours)


def _typed(reading: Reading) -> str:
    if reading.answers:
        return "\n".join([*(a.text for a in reading.answers.values()),
                          *(a.text for rows in reading.rows.values() for row in rows for a in row.values()),
                          *(x.text for x in reading.leftovers)])
    return reading.text
