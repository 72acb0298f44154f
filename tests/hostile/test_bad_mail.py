"""Bad mail through the whole house: each ends as held, or as one clear answer that names the problem and the fix.

Every trick comes from an auditor of its own, all in one pass, with ordinary returns before and after them. Never a crash, a
blank submission, a second answer, or an answer to a machine; and the neighbours are served.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from mailflow.model import Letter, LetterState, State
from mailflow.store import Inbound
from tests.corpus.hostile.make import SAMPLES
from tests.hostile import mails
from tests.world import QA, World, build_world, moment

# What may become of one trick: the letter its sender gets ("" = none), and what the audit may look like afterwards.
ENDS = {
    "held": ("hold", "", (State.ALLOCATED,), 0), "answered": ("reply", "OUT-31", (State.UNDERWAY,), 0),
    "sent back": ("accept", "OUT-13", (State.REVISION,), 1), "taken": ("accept", "OUT-12", (State.UNDER_QA,), 1),
    "noted": ("ignore", "", (State.ALLOCATED,), 0),
}
Make = Callable[[World, str], list[bytes]]


@dataclass(frozen=True)
class Trick:
    """``words`` are found in the letter to the sender, or, where there is none, in the one to the QA team."""

    name: str
    end: str
    words: tuple[str, ...]
    make: Make


def _one(make: Callable[[World, str], bytes]) -> Make:
    return lambda world, ref: [make(world, ref)]


def _filled(**changes: str) -> Make:
    answers = {key.replace("__", "."): value for key, value in changes.items()}
    return lambda world, ref: [mails.mail(world, ref, data=world.filled(ref, answers))]


def _due(due: str) -> Make:
    row = {"text": "Bring the chronology up to date and have it checked by a manager", "owner": "Social worker", "due": due}
    return lambda world, ref: [mails.mail(world, ref, data=world.filled(ref, rows=[row]))]


def _sample(name: str) -> Make:
    return lambda world, ref: [mails.mail(world, ref, data=SAMPLES[name].make())]


def _bounced(world: World, ref: str) -> list[bytes]:
    """Already in the inbox when this returns: a bounce that carries our own form."""
    world.bounce(world.carrier(ref), enclose=True)
    return []


TRICKS = (
    Trick("truncated", "answered", ("damaged", "save it again"), mails.attaching("Audit.docx", lambda d: d[: len(d) // 2])),
    Trick("empty", "answered", ("empty", "send it again"), mails.attaching("Audit.docx", lambda d: b"")),
    Trick("a broken PDF called .docx", "answered", ("damaged", "Word"),
          mails.attaching("Audit.docx", lambda d: b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF")),
    Trick("a program called .docx", "answered", ("do not know this kind", "Send the Word form"),
          mails.attaching("Audit.docx", lambda d: b"MZ" + bytes(3000))),
    Trick("a form called .pdf", "taken", (), mails.attaching("Audit.pdf", lambda d: d)),
    Trick("a form without a suffix", "taken", (), mails.attaching("Audit", lambda d: d)),
    Trick("rubbish behind the form", "taken", (), mails.attaching("Audit.docx", lambda d: d + b"x" * 1000)),
    Trick("declared as something else", "taken", (), _one(mails.form_as_message_part)),
    Trick("password", "answered", ("password", "[Tt]ake the password off"),
          mails.attaching("Audit.docx", mails.locked_with_password)),
    Trick("macros", "taken", (), mails.attaching("Audit.docm", mails.with_macros)),
    Trick("entities in entities", "answered", ("do not open, for safety", "Copy your answers"), _sample("billion-laughs")),
    Trick("three thousand members", "answered", ("do not open, for safety", "Copy your answers"), _sample("members-3000")),
    Trick("a name that climbs out", "answered", ("do not open, for safety", "Copy your answers"), _sample("path-up")),
    Trick("forty messages deep", "held", ("could not be opened to its end", "FILE"), _one(mails.deep)),
    Trick("wrong charset", "taken", (), _one(mails.wrong_charset)),
    Trick("a day that does not exist", "sent back", ("date", r"31/02/2026|\[13\]|conversation|held|met"),
          _filled(header__met="31/02/2026")),
    Trick("an action due on no day", "sent back", ("date",), _due("45/13/2026")),
    Trick("case number written over", "held", ("case number names", "FILE"),
          lambda w, r: [mails.mail(w, r, data=mails.for_another_case(w, r)(w.filled(r)))]),
    Trick("a colleague's form", "held", ("passport names", "FILE"),
          lambda w, r: [mails.mail(w, r, data=w.filled(next(x for x in w.refs if x != r)))]),
    Trick("the same mail twice", "taken", (), mails.twice),
    Trick("two forms of one audit", "held", ("not the same", "differ in", "FILE"), _one(mails.two_of_one)),
    Trick("promised and not attached", "answered", ("no form was attached", "attach the form"),
          lambda w, r: [mails.mail(w, r, text="Please find my completed form attached.")]),
    Trick("an empty promise in the subject", "answered", ("no form was attached", "attach the form"),
          lambda w, r: [mails.mail(w, r, text="See attached form", subject=f"Completed form attached {r}")]),
    Trick("a stranger with the form", "held", ("address we do not know", "FILE"), _one(mails.stranger)),
    Trick("a stranger posing as the auditor", "held", ("address we do not know", "FILE"), _one(mails.posing)),
    Trick("a bounce with our own form", "noted", ("deliver",), _bounced),
    Trick("out of office with the form", "held", ("automatic", "FILE"), _one(mails.out_of_office)),
    Trick("seventy attachments", "taken", (), _one(mails.many)),
    Trick("no Message-ID, Date or Subject", "taken", (), _one(mails.without_id)),
    Trick("the mail cut off", "answered", ("damaged", "save it again"), _one(mails.cut_mail)),
    Trick("a photograph", "answered", ("cannot read this kind", "Word"), _one(mails.picture)),
    Trick("the form with nothing in it", "sent back", ("point",), lambda w, r: [mails.mail(w, r, data=w.form_of(r))]),
    Trick("another document", "answered", ("not one of our forms", "form from our email"),
          lambda w, r: [mails.mail(w, r, data=mails.minutes())]),
)


@dataclass
class Post:
    """The world after the pass, and which audit and which inbound messages belong to which trick."""

    world: World
    refs: dict[str, str]
    came: dict[str, list[Inbound]]

    def letters(self, trick: Trick) -> list[Letter]:
        return [x for i in self.came[trick.name] for x in self.world.house.store.letters_of(i.id)]

    def text(self, letter: Letter) -> str:
        return " ".join(next(x for x in self.world.sent() if x.message_id == letter.message_id).text.split())


@pytest.fixture(scope="module")
def post(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Post]:
    """All the tricks in one pass, an ordinary return before and after them, and a second pass a little later."""
    with build_world(tmp_path_factory.mktemp("bad mail"), auditors=len(TRICKS) + 2) as world:
        world.now = moment("2026-09-14 09:50")
        first, *refs, last = world.refs
        places: dict[str, str] = {}
        world.return_form(first)
        for trick, ref in zip(TRICKS, refs, strict=True):
            before = set(world.in_folder("inbox"))
            for raw in trick.make(world, ref):
                world.drop(raw)
            places |= {path.name: trick.name for path in set(world.in_folder("inbox")) - before}
        world.return_form(last)
        world.run("2026-09-14 10:00")
        world.run("2026-09-14 10:10")
        came: dict[str, list[Inbound]] = {t.name: [] for t in TRICKS}
        for inbound in world.house.store.load_inbound():
            if inbound.place in places:
                came[places[inbound.place]].append(inbound)
        yield Post(world, {t.name: r for t, r in zip(TRICKS, refs, strict=True)}, came)


@pytest.mark.parametrize("trick", TRICKS, ids=lambda t: t.name)
def test_it_ends_as_it_should_with_one_clear_letter(post: Post, trick: Trick) -> None:
    disposition, code, states, submissions = ENDS[trick.end]
    audit, inbound = post.world.audit(post.refs[trick.name]), post.came[trick.name]
    assert [(i.state, i.disposition, i.settled) for i in inbound] == [("done", disposition, True)]
    assert "mailflow failed" not in inbound[0].reason
    assert audit.state in states and audit.submission == submissions
    to_sender = [x for x in post.letters(trick) if x.to not in (QA,)]
    assert [x.code for x in to_sender] == ([code] if code else [])
    assert all(x.to == audit.auditor and x.state is LetterState.SENT for x in to_sender)
    assert to_sender or [x.to for x in post.letters(trick)] == [QA]
    words = post.text((to_sender or post.letters(trick))[0])
    assert [w for w in trick.words if not re.search(w, words)] == [], words


def test_the_neighbours_in_the_same_pass_are_served(post: Post) -> None:
    for ref in (post.world.refs[0], post.world.refs[-1]):
        assert post.world.audit(ref).state is State.UNDER_QA
        assert len(post.world.sent("OUT-12", audit=ref)) == 1


def test_everything_has_left_the_inbox_and_held_mail_is_in_sight(post: Post) -> None:
    world = post.world
    held = [i for i in world.house.store.load_inbound() if i.disposition == "hold"]
    assert not world.in_folder("inbox")
    assert len(world.in_folder("held")) == len(held)
    assert all(any(x.to == QA for x in world.house.store.letters_of(i.id)) for i in held), "QA is told of each"


def test_nobody_outside_and_no_machine_got_an_answer(post: Post) -> None:
    assert {x.to.rpartition("@")[2] for x in post.world.letters()} == {"northmoor.example"}
    assert not [x for x in post.world.letters() if "mailer-daemon" in x.to]


def test_nothing_that_was_typed_is_lost(post: Post) -> None:
    """A submission that was taken holds what stood in the form: none of them is a blank made from a form with text."""
    taken = [t for t in TRICKS if ENDS[t.end][3] and t.name != "the form with nothing in it"]
    for trick in taken:
        submission = post.world.house.store.load_submissions(post.refs[trick.name])[-1]
        assert "grandmother" in submission.reading.answer("voice.evidence"), trick.name


def test_the_quality_team_reads_of_macros(post: Post) -> None:
    """The form is read and nothing in it is run; who opens it next knows."""
    ref = post.refs["macros"]
    assert "macro" in post.world.sent("OUT-14", audit=ref)[0].text.lower()


def test_the_journal_holds(post: Post) -> None:
    assert post.world.house.store.verify().holds


def test_the_same_form_in_a_second_mail_is_said_to_be_known(tmp_path: Path) -> None:
    """Two mails, one form: each has one answer, the second one says that it came before; one submission."""
    with build_world(tmp_path, auditors=1) as world:
        ref = world.refs[0]
        for raw in mails.in_two_mails(world, ref):
            world.drop(raw)
        world.run("2026-09-14 10:00")
        receipts = world.sent("OUT-12", audit=ref)
        assert len(receipts) == 2 and world.audit(ref).submission == 1
        assert len(world.sent("OUT-14", audit=ref)) == 1
        assert "already" in receipts[1].text or "before" in receipts[1].text


def test_a_form_of_the_senders_other_audit_is_answered_with_both_references(tmp_path: Path) -> None:
    """The case number in the locked header is edited to that of the sender's other audit: nothing is filed, one answer."""
    with build_world(tmp_path, auditors=2, profile="[profile.selection]\nper_auditor = 1\n") as world:
        ref, other = world.refs
        store = world.house.store
        from dataclasses import replace

        with store.tx():
            store.save_audit(replace(world.audit(other), auditor=world.audit(ref).auditor))
        spoilt = mails.for_another_case(world, ref)(world.filled(ref))
        mail = world.write(world.audit(ref).auditor, "Here it is.", answers=world.carrier(ref), documents=[("a.docx", spoilt)])
        world.run("2026-09-14 10:00")
        assert [x.code for x in world.answers_to(mail)] == ["OUT-29"]
        answer = world.sent("OUT-29")[0].text
        assert ref in answer and other in answer
        assert world.audit(ref).submission == world.audit(other).submission == 0
