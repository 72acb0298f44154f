"""What the stories share: QA's replies, one-time codes, looking into Word files, and what is true after every story."""

import re
from collections import Counter

from mailflow.demo.post import Received
from mailflow.mailbox.folder import sent_name
from mailflow.model import Letter, LetterState, State
from mailflow.steps.month.opening import open_month
from tests.outbox.word_scene import W, read_tree, text_of
from tests.world import QA, World, moment


def say(world: World, by: str, text: str, ref: str, *, code: str = "", at: str = "") -> list[Letter]:
    """Somebody replies to the latest letter they had about the audit (of that code), mailflow makes a pass; the letters
    that the reply led to."""
    letter = latest(world, ref, by, code)
    if at:
        world.now = moment(at)
    message_id = world.write(by, text, answers=letter)
    world.run()
    return world.answers_to(message_id)


def latest(world: World, ref: str, to: str, code: str = "") -> Received:
    found = world.sent(code, to=to, audit=ref)
    assert found, f"{to} never had a letter {code} about {ref}"
    return found[-1]


def decide(world: World, ref: str, text: str, *, by: str = QA, at: str = "") -> list[Letter]:
    """A QA officer replies to the summary of the return."""
    return say(world, by, text, ref, code="OUT-14", at=at)


def confirm(world: World, ref: str, *, by: str = QA) -> list[Letter]:
    """They send the one-time code back, as the first line of a reply."""
    return say(world, by, code_in(latest(world, ref, by, "OUT-79")), ref, code="OUT-79")


def code_in(letter: Received) -> str:
    found = re.findall(r"(?<![\d-])\d{6}(?![\d-])", letter.text)
    assert len(set(found)) == 1, letter.text
    return str(found[0])


def accept_and_issue(world: World, ref: str) -> None:
    """ACCEPT, and the fifteen minutes pass."""
    decide(world, ref, "ACCEPT")
    world.wait(minutes=16)
    assert world.audit(ref).state is State.ISSUED


def open_next(world: World, month: str, at: str) -> None:
    """The QA team opens another month."""
    world.now = moment(at)
    open_month(world.house, month, world.now, seed="northmoor")
    world.run()


def happened(world: World, ref: str) -> list[str]:
    """The rules in an audit's journal, in order."""
    return [e.kind for e in world.house.store.load_journal(ref)]


def codes(letters: list[Letter], to: str = "") -> list[str]:
    return sorted(x.code for x in letters if to in ("", x.to))


def told(world: World, code: str, ref: str) -> list[str]:
    """Who really had that letter about the audit, in alphabetical order."""
    return sorted(x.to for x in world.sent(code, audit=ref))


def letter_count(world: World) -> Counter[tuple[str, str, str]]:
    """(code, recipient, audit) → how many left."""
    return Counter((x.code, x.to, x.audit) for x in world.sent())


def comments_by_place(document: bytes) -> list[tuple[str, str]]:
    """(what a comment says, all the text of the row or paragraph it stands in), in page order."""
    says = {c.get(f"{W}id"): text_of(c) for c in read_tree(document, "word/comments.xml")}
    found = []
    for mark in read_tree(document).iter(f"{W}commentRangeStart"):
        home = next(mark.iterancestors(f"{W}tr"), mark.getparent())
        found.append((says[mark.get(f"{W}id")], text_of(home)))
    return found


def in_order(world: World) -> None:
    """True at the end of every story, whatever happened in it."""
    store = world.house.store
    assert store.verify().holds
    assert world.in_folder("inbox") == [], "mail lies in the inbox that nobody has handled"
    for one in store.load_inbound():
        assert one.state == "done"
        answers = [x for x in store.letters_of(one.id) if one.sender and x.to == one.sender]
        # A form that somebody let go on later (YES, FILE) has its receipt then.
        allowed = 1 if store.find_meta(f"file:{one.id}") is None else 2
        assert len(answers) <= allowed, f"one mail from {one.sender} was answered by {codes(answers)}"
    letters = store.load_letters()
    assert not [x for x in letters if x.state in (LetterState.SENDING, LetterState.UNKNOWN)]
    left = {sent_name(x.message_id) for x in letters if x.state is LetterState.SENT}
    assert {p.name for p in world.in_folder("sent")} == left, "what was sent and what is called sent are not the same"
    numbers = [case.number for case in store.load_cases()]
    for letter in letters:
        assert not any(n in letter.subject for n in numbers), "a case number stands in a subject"
