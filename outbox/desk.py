"""The desk a letter is written at: everything compose may know besides the wish, handed in by the corridor."""

from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from mailflow.config import Council
from mailflow.form.definition import FormDefinition
from mailflow.framework import Framework
from mailflow.model import Document, Parties, Person, Reading
from mailflow.scene import Scene


@dataclass(frozen=True)
class Desk:
    """Times are aware, UTC. ``folders`` are the template folders, nearest first.

    ``morning_at`` is the next working day at ``send.hour`` (CLK-07): the calendar lives in ``process``, so it comes in.
    ``parties`` are the people of letters without an audit (QA officers and managers); with a scene, the scene's count.
    ``original`` is the document as it was returned, ``criteria`` the council's grading criteria (DOC-37), by file name.
    """

    framework: Framework
    council: Council
    mailbox: str
    secret: bytes
    folders: tuple[Path, ...]
    now: datetime
    morning_at: datetime
    scene: Scene | None = None
    parties: Parties = field(default_factory=Parties)
    pilot: bool = False
    original: Document | None = None
    criteria: tuple[Document, ...] = ()
    # The form families' views come on by themselves (DOC-03).
    feedback_form: FormDefinition | None = None
    # What the audit's work carried over from an earlier cycle was read as: its form is sent out filled in again (OUT-22).
    carried: Reading | None = None
    # The audits of a letter about a whole cycle, each with its own people (T-61); the scene is for letters about one.
    scenes: tuple[Scene, ...] = ()
    # Every form that may be sent beside the audit's own: feedback, self-assessment.
    forms: tuple[FormDefinition, ...] = ()
    # What else the same mail led to, folded into its one answer: finished texts, and their documents.
    more: tuple[str, ...] = ()
    enclosures: tuple[Document, ...] = ()
    # The directory address that wrote to us, whatever its part; None when nobody wrote, or a stranger.
    writer: Person | None = None

    @property
    def people(self) -> Parties:
        if self.scene:
            return self.scene.parties
        return self.scenes[0].parties if self.scenes else self.parties

    @property
    def about(self) -> tuple[Scene, ...]:
        """Every audit the letter tells of."""
        return self.scenes or ((self.scene,) if self.scene else ())
