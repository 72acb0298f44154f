"""`mailflow demo`: one month at Northmoor on a chosen clock, then what happened and where to look.

Everything goes the real way: sheets are imported, the draw is made, letters leave into the folder mailbox, people answer
with Word or Excel files, and the same daemon reads them. Only the clock is chosen.
"""

from datetime import UTC, date, datetime, timedelta
from functools import partial
from pathlib import Path
from zoneinfo import ZoneInfo

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn

from mailflow.config import load_settings
from mailflow.daemon import run_once
from mailflow.demo.cast import REACTIONS, Stage
from mailflow.demo.council import MAILBOX, write_annex_a, write_sheets
from mailflow.demo.post import Post
from mailflow.directory import CASE_COLUMNS, PEOPLE_COLUMNS, parse_cases, parse_people, read_sheet
from mailflow.errors import PermanentError
from mailflow.form.definition import FormDefinition
from mailflow.framework import framework_folders
from mailflow.setup_files import make_settings
from mailflow.steps.house import House, load_policy, open_house
from mailflow.steps.imports import import_annex_a, save_cases, save_people
from mailflow.steps.look import status_facts
from mailflow.steps.month.opening import open_month
from mailflow.store.lock import lock

LONDON = ZoneInfo("Europe/London")
MONTH, SEED = "2026-09", "northmoor"
OPENS = datetime(2026, 9, 1, 8, 30, tzinfo=LONDON)
LAST = date(2026, 10, 9)
# The hours at which the daemon looks; a real one looks every minute.
HOURS = ((9, 5), (11, 30), (14, 0), (16, 30), (17, 30))
STORY = (
    "Ten auditors were each sent the framework's form for one case; everybody the framework names was told.",
    "Bea Lindqvist and Sunita Rao acknowledged, booked their conversation and returned complete forms.",
    "Kwame Boateng forgot a grade and some evidence; the points came back at once, and he amended his form.",
    "Moira Keane attached a colleague's form by mistake: it was held for the QA team, and nothing was filed.",
    "Piotr Zielak's automatic reply ran no command and got no answer; his form came late, with its reason.",
    "Tom Hartley sent his form again before a decision; the later one counts, and both are kept.",
    "Aisha Begum's form was sent back by the QA officer with two points, amended, and accepted.",
    "Dan Whitlock ticked the concern box: the team manager was told at once and acknowledged.",
    "Nia Prosser wrote \"Thank you\", which needed no answer.",
    "Owen Marsh never replied: he was reminded, and then his head of service was told.",
    "A practitioner's mailbox was gone: the QA team was told on the same day.",
)

# Ten auditors share two hands' worth of prose here, which CHK-089 would point out in every form.
_TWO_PENS = '\n[profile.checks.severity]\n"CHK-089" = "off"               # the demo has two texts for ten auditors\n'


def play_month(folder: Path, framework: str = "framework-2023") -> None:
    """Play it and print the summary. Raises PermanentError when the folder is there already, ConfigError for a framework
    nobody has."""
    if folder.exists():
        raise PermanentError(f"{folder} is there already; name another with --folder, or take it away")
    framework_folders(framework)
    folder.mkdir(parents=True)
    make_settings(folder, framework, **{"mailbox.address": MAILBOX})
    _open_by_hand(folder)
    with (folder / "mailflow.toml").open("a", encoding="utf-8") as settings:
        settings.write(_TWO_PENS)
    people, cases = write_sheets(folder)
    policy = load_policy(load_settings((folder / "mailflow.toml").resolve()))
    policy.settings.state.mkdir(mode=0o700)
    with lock(policy.settings.state), open_house(policy) as house:
        _import(house, people, cases)
        stage = Stage(Post(folder / "mail", MAILBOX), OPENS, partial(_form_of, house))
        open_month(house, MONTH, OPENS.astimezone(UTC), seed=SEED)
        _live(house, stage)
        _export(house, folder)
        _say(house, folder)


def _open_by_hand(folder: Path) -> None:
    """The demo plays one month; the next one is not drawn at its end."""
    with (folder / "mailflow.toml").open("a", encoding="utf-8") as settings:
        settings.write('\n[profile.calendar]\nstarts = "by_hand"\n')


def _form_of(house: House, ref: str) -> FormDefinition:
    audit = house.store.get_audit(ref)
    case = house.get_case(audit)
    return house.policy.form_for(audit, case).for_category(case.category)


def _import(house: House, people: Path, cases: Path) -> None:
    directory, bad_people = parse_people(read_sheet(people, PEOPLE_COLUMNS, ("email", "name", "roles")))
    save_people(house, directory)
    rules = house.policy.framework
    known = frozenset(p.address for p in directory)
    if rules.selection.source == "annex_a":
        return _import_lists(house, write_annex_a(cases.with_name("annex-a.xlsx")), cases, known)
    found, bad_cases = parse_cases(read_sheet(cases, CASE_COLUMNS, ("case number",)), rules.form.categories,
                                   rules.allocation.qa_contacts_family_values, known)
    save_cases(house, found)
    if bad_people or bad_cases:
        raise PermanentError(f"the demo's own sheets have bad rows: {bad_people} {bad_cases}")


def _import_lists(house: House, annex: Path, own: Path, known: frozenset[str]) -> None:
    """Cases from Annex A; the council's own sheet joins what these lists do not say."""
    from mailflow.directory.annex_a_join import JOIN_COLUMNS, parse_join
    from parsers.workbook.tables import read_tables

    join, bad = parse_join(read_sheet(own, JOIN_COLUMNS, ()), house.policy.framework.allocation.qa_contacts_family_values, known)
    found = import_annex_a(house, [*read_tables(annex.read_bytes())], annex.name, OPENS.date(), OPENS.date(), join)
    if bad or found.bad:
        raise PermanentError(f"the demo's own lists have bad rows: {bad} {found.bad}")


def _live(house: House, stage: Stage) -> None:
    days = [OPENS.date() + timedelta(days=n) for n in range((LAST - OPENS.date()).days + 1)]
    with Progress(TextColumn("{task.description}"), BarColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("a month at Northmoor", total=len(days))
        for day in days:
            for hour, minute in HOURS:
                _tick(house, stage, datetime(day.year, day.month, day.day, hour, minute, tzinfo=LONDON))
            bar.advance(task)


def _tick(house: House, stage: Stage, now: datetime) -> None:
    """People do what their diary says, mailflow makes a pass, and people react to what reached them."""
    stage.now = now
    due = [entry for entry in stage.diary if entry[0] <= now]
    stage.diary = [entry for entry in stage.diary if entry[0] > now]
    for _, act in due:
        act()
    run_once(house, now.astimezone(UTC))
    for letter in stage.post.fresh():
        react = REACTIONS.get(letter.code)
        if react is not None:
            react(stage, letter)


def _export(house: House, folder: Path) -> None:
    """Lay the documents that went out with the letters beside each other, for looking at."""
    from email import message_from_bytes, policy
    from email.message import EmailMessage

    target = folder / "documents"
    target.mkdir()
    for path in sorted((folder / "mail" / "sent").glob("*.eml")):
        message = message_from_bytes(path.read_bytes(), policy=policy.default)
        assert isinstance(message, EmailMessage)
        for part in message.iter_attachments():
            name = Path(part.get_filename() or "").name
            if name:
                code = message.get("X-Mailflow-Letter", "")
                (target / f"{code} {name}").write_bytes(bytes(part.get_payload(decode=True) or b""))


def _say(house: House, folder: Path) -> None:
    facts = status_facts(house.store, datetime.now(UTC))
    console = Console()
    inbound, letters = house.store.load_inbound(), house.store.load_letters()
    ends: dict[str, int] = {}
    for one in inbound:
        ends[one.disposition] = ends.get(one.disposition, 0) + 1
    rules = house.policy.framework
    console.print(f"\nA month at Northmoor by {rules.framework.title} ({rules.id}): "
                  f"{len(facts['audits'])} audits, {len(inbound)} mails in "
                  f"({', '.join(f'{n} {d}' for d, n in sorted(ends.items()))}), {len(letters)} letters out.\n", markup=False)
    for line in STORY:
        console.print(f"  • {line}", markup=False)
    verdict = house.store.verify()
    console.print(f"\nThe journal has {verdict.checked} entries and is {'whole' if verdict.broken_at is None else 'BROKEN'}.\n"
                  f"\nWhere to look:\n"
                  f"  {folder}/mail/sent/      every letter as .eml\n"
                  f"  {folder}/mail/held/      mail that waits for a person\n"
                  f"  {folder}/documents/      the Word forms, PDFs and lists that went out\n"
                  f"\nTry:\n"
                  f"  mailflow status --config {folder}/mailflow.toml\n"
                  f"  mailflow why {facts['audits'][0]['ref']} --config {folder}/mailflow.toml\n"
                  f"  mailflow held --config {folder}/mailflow.toml\n", markup=False)
