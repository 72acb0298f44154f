"""What is open while the corridor works: settings, policy, forms, the store, the mailbox and the reading child."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

from mailflow.config import Settings
from mailflow.directory import NAMES_PEOPLE, Crew, find_parties
from mailflow.errors import Broken, ConfigError
from mailflow.form.definition import FormDefinition
from mailflow.form.load import load_form
from mailflow.form.shelf import get_forms, list_forms
from mailflow.framework import Framework, framework_folders, load_framework, templates_root
from mailflow.framework.words import load_words
from mailflow.mailbox import Mailbox, open_mailbox
from mailflow.model import Audit, Case, Parties, Reading, Role
from mailflow.process.calendar import Calendar
from mailflow.process.checks.family_rules import wants_feedback
from mailflow.scene import Scene
from mailflow.store import Store

if TYPE_CHECKING:
    from parsers.sandbox import Pool

CRITERIA_MAX_BYTES = 10 * 1024 * 1024


@dataclass(frozen=True)
class Policy:
    """Everything read from templates and mailflow.toml, checked, before anything is opened."""

    settings: Settings
    framework: Framework
    folders: tuple[Path, ...]
    form: FormDefinition
    words: dict[str, str]
    # Every other form that may come back by mistake: earlier editions, and forms of other kinds (T-28).
    others: tuple[FormDefinition, ...] = ()

    @cached_property
    def calendar(self) -> Calendar:
        return Calendar(self.framework.calendar, self.framework.office.close, self.framework.send.hour)

    @property
    def forms(self) -> tuple[FormDefinition, ...]:
        """What documents are read as; the expected form is the first."""
        return (self.form, *self.others)

    def form_for(self, audit: Audit, case: Case) -> FormDefinition:
        """Today's edition of the form the audit was sent, or, before it is sent one, of the form its kind of audit gets."""
        name = audit.form or self.framework.form.name_for(audit.type, case.category, case.service)
        return self.form if name == self.form.id else next((f for f in reversed(self.others) if f.id == name), self.form)

    @property
    def feedback_form(self) -> FormDefinition | None:
        """The form families' views come on by themselves (DOC-03), the newest edition; None where there is none."""
        kind = [f for f in self.forms if f.id == self.framework.feedback.form]
        return max(kind, key=lambda f: f.edition) if kind else None

    def form_of(self, reading: Reading) -> FormDefinition:
        """The form a document was read as. An edition nobody knows was read as the nearest of its kind."""
        kind = [f for f in self.forms if f.id == reading.form]
        return next((f for f in kind if f.edition == reading.edition), kind[0] if kind else self.form)


def load_policy(settings: Settings) -> Policy:
    """Raises ConfigError listing every problem of the profile and its texts."""
    roots = (settings.templates, templates_root()) if settings.templates else (templates_root(),)
    framework = load_framework(settings.framework, settings.profile, roots, f"{settings.path.name} [profile]")
    folders = framework_folders(settings.framework, roots)
    if settings.templates:
        folders = (settings.templates, *folders)
    form, *others = find_forms(framework, folders, roots)
    policy = Policy(settings, framework, folders, form, dict(load_words(folders)), tuple(others))
    if wants_feedback(framework) and policy.feedback_form is None:
        raise ConfigError(f"{settings.path}: feedback.form: there is no form {framework.feedback.form!r} to send to families")
    return policy


def find_forms(framework: Framework, folders: tuple[Path, ...], roots: tuple[Path, ...]) -> tuple[FormDefinition, ...]:
    """The usual form, and after it every other one that may come back. Raises ConfigError for a form that is not there."""
    form, forms = _usual_form(framework, folders), list_forms(*roots)
    others = tuple(f for f in forms if (f.id, f.edition) != (form.id, form.edition))
    missing = set(framework.form.names[1:]) - {form.id, *(f.id for f in others)}
    if missing:
        raise ConfigError([f"[form] names the form {name!r}, and there is none" for name in sorted(missing)])
    return (form, *others)


def _usual_form(framework: Framework, folders: tuple[Path, ...]) -> FormDefinition:
    """The form that is sent: the ``form.toml`` of a council's own templates, else the one ``form.id`` names.

    Raises ConfigError naming the forms there are.
    """
    own = folders[0] / "form.toml"
    if own.is_file() and not (folders[0] / "profile.toml").is_file():
        return load_form(own)
    roots = tuple(dict.fromkeys(f.parent for f in folders if (f / "profile.toml").is_file()))
    named = next((f / "form.toml" for f in folders if f.name == framework.form.id and (f / "form.toml").is_file()), None)
    return load_form(named) if named else get_forms(framework.form.id, *roots)[-1]


def find_wrong_letters(framework: Framework, folders: tuple[Path, ...]) -> list[str]:
    """A sentence for each letter whose text prints what it is not given, or can't be read."""
    from outbox.render import find_mistake

    return [words for code in framework.letters if (words := find_mistake(code, folders))]


@dataclass
class House:
    """The open house. One writer: the daemon, or one command, holding the lock of the state folder."""

    policy: Policy
    store: Store
    mailbox: Mailbox
    pilot: bool
    _pool: "Pool | None" = None
    _people: Crew | None = None
    _themes: dict[str, str] = field(default_factory=dict)

    @property
    def pool(self) -> "Pool":
        """The reading child, started when the first document comes (most passes need none)."""
        if self._pool is None:
            from parsers.sandbox import Pool

            self._pool = Pool(self.policy.forms, expected=self.policy.form.id)
        return self._pool

    @cached_property
    def secret(self) -> bytes:
        return self.store.secret()

    @property
    def people(self) -> Crew:
        """The directory, read once and again after a change (`forget_people`)."""
        if self._people is None:
            self._people = Crew.of(self.store.load_people())
        return self._people

    def forget_people(self) -> None:
        self._people = None

    @cached_property
    def criteria(self) -> tuple[Any, ...]:
        """The council's own grading criteria as documents (DOC-37), by file name; none where none are supplied."""
        from mailflow.model import Document

        folder = self.policy.settings.criteria
        if folder is None:
            return ()
        found = []
        for path in sorted(folder.iterdir()):
            if path.is_file() and path.suffix.lower() in (".pdf", ".docx") and path.stat().st_size <= CRITERIA_MAX_BYTES:
                kind = ("application/pdf" if path.suffix.lower() == ".pdf" else
                        "application/vnd.openxmlformats-officedocument.wordprocessingml.document")
                found.append(Document(path.name, kind, path.read_bytes()))
        return tuple(found)

    def get_case(self, audit: Audit) -> Case:
        case = self.store.find_case(audit.case_number)
        if case is None:
            raise Broken(f"audit {audit.ref} names a case the store does not have")
        return case

    def scene(self, audit: Audit, now: datetime) -> Scene:
        """One audit with its people, rules and current submission, as the pure rooms want it."""
        case = self.get_case(audit)
        submission = self.store.find_submission(audit.ref, audit.submission) if audit.submission else None
        return Scene(audit, case, find_parties(audit, case, self.people), self.policy.framework,
                     self.policy.form_for(audit, case), self.policy.settings.council, now, submission,
                     self.store.load_feedback(audit.ref), self.theme_of(audit.cycle))

    def theme_of(self, cycle: str) -> str:
        """The cycle's theme, read once and again after a change (`forget_themes`)."""
        if cycle not in self._themes:
            kept = self.store.find_cycle(cycle)
            self._themes[cycle] = kept.theme if kept else ""
        return self._themes[cycle]

    def forget_themes(self) -> None:
        self._themes.clear()

    def desk_parties(self) -> Parties:
        """The people of letters about no audit in particular: the QA desk, and whom a request for an audit is between."""
        desk = (Role.QA, Role.QA_MANAGER, Role.OPERATOR, Role.HOS, Role.AUDITOR)
        return Parties({r.value: found for r in desk if (found := self.people.holding(r))})

    def with_audit(self, scene: Scene, audit: Audit) -> Scene:
        """The same scene after the audit changed (a new auditor plays the auditor's part at once)."""
        if all(getattr(audit, name) == getattr(scene.audit, name) for name in NAMES_PEOPLE):
            return replace(scene, audit=audit)
        return replace(scene, audit=audit, parties=find_parties(audit, scene.case, self.people))

    def close(self) -> None:
        if self._pool is not None:
            self._pool.close()
        self.mailbox.close()
        self.store.close()


@contextmanager
def open_house(policy: Policy, *, mailbox: Mailbox | None = None, store: Store | None = None,
               pilot: bool | None = None) -> Iterator[House]:
    """Open store and mailbox, close both whatever happens. Raises ConfigError or TemporaryError."""
    settings = policy.settings
    store = store or Store.open(settings.state, settings.mailbox.address)
    try:
        mailbox = mailbox or open_mailbox(settings)
    except BaseException:
        store.close()
        raise
    house = House(policy, store, mailbox, settings.pilot if pilot is None else pilot)
    try:
        yield house
    finally:
        house.close()
