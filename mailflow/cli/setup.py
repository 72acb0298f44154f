"""init · check-config · people import · cases import · demo."""

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from mailflow.cli.words import DEFAULT_CONFIG, ConfigOption, find_policy, locked_house, print_table
from mailflow.errors import ConfigError, PermanentError

people_app = typer.Typer(help="The directory of people.", no_args_is_help=True)
cases_app = typer.Typer(help="The cases audits are drawn from.", no_args_is_help=True)
SheetArgument = Annotated[Path, typer.Argument(help="Your sheet, .xlsx or .csv.", exists=True, dir_okay=False)]


def register(app: typer.Typer) -> None:
    app.command()(init)
    app.command("check-config")(check_config)
    app.command()(demo)
    app.add_typer(people_app, name="people")
    app.add_typer(cases_app, name="cases")


def init(folder: Annotated[Path, typer.Argument(help="Where mailflow.toml and its folders go.")] = Path(),
         framework: Annotated[str, typer.Option(help="The framework your council audits by.")] = "framework-2023") -> None:
    """Make mailflow.toml, a folder mailbox to try it with, and blank sheets for your people and cases."""
    from mailflow.directory.blanks import make_blanks
    from mailflow.setup_files import make_settings

    made = [*make_settings(folder, framework), *make_blanks(folder)]
    for path in made:
        typer.echo(f"made {path}")
    typer.echo("Next: fill in mailflow.toml and the two sheets, then `mailflow check-config`.")


def check_config(config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Read every setting, the framework, its texts and forms; say every problem at once."""
    from mailflow.steps.house import find_wrong_letters

    policy = find_policy(config)
    missing = find_wrong_letters(policy.framework, policy.folders)
    for server in (policy.settings.mailbox.imap, policy.settings.mailbox.smtp):
        try:
            if server is not None:
                server.find_password(policy.settings.folder)
        except ConfigError as e:
            missing += e.problems
    if missing:
        raise ConfigError(list(dict.fromkeys(missing)))
    warning = policy.calendar.warn_of_holidays(datetime.now(UTC).date())
    if warning:
        typer.echo(f"Please note: {warning}.")
    typer.echo(f"{policy.settings.path}: all well. Framework {policy.framework.id}, form {policy.form.id} edition "
               f"{policy.form.edition}, mailbox {policy.settings.mailbox.address}"
               f"{', pilot: every letter is held' if policy.settings.pilot else ''}.")


@people_app.command("import")
def import_people(sheet: SheetArgument, config: ConfigOption = DEFAULT_CONFIG) -> None:
    """Replace the directory by this sheet. Rows that can't be used are listed, and the rest is taken."""
    from mailflow.directory import PEOPLE_COLUMNS, parse_people, read_sheet
    from mailflow.directory.values import PEOPLE_REQUIRED
    from mailflow.steps.imports import save_people

    found = read_sheet(sheet, PEOPLE_COLUMNS, PEOPLE_REQUIRED)
    people, bad = parse_people(found)
    if not people:
        raise PermanentError(f"{sheet.name}: no row could be used, so the directory stays as it is")
    with locked_house(config) as house:
        kept, gone = save_people(house, people)
    typer.echo(f"{kept} people in the directory; {gone} are no longer in it.")
    _say_bad(sheet, bad, found.unknown)


@cases_app.command("import")
def import_cases(
    sheet: SheetArgument, config: ConfigOption = DEFAULT_CONFIG,
    annex_a: Annotated[bool, typer.Option("--annex-a", help="The workbook holds Annex A lists, whatever its sheets say.")] = False,
    extract_date: Annotated[str, typer.Option(help="The day the Annex A extract was taken, dd/mm/yyyy.")] = "",
    join: Annotated[Path | None, typer.Option(help="Your sheet with what Annex A lacks: case → IRO, worker → address.",
                                              exists=True, dir_okay=False)] = None,
) -> None:
    """Take in the cases of this sheet; a case that stood before is renewed. An Annex A workbook is known by its sheets."""
    from mailflow.cli.annex_a import find_tables, import_workbook
    from mailflow.directory import CASE_COLUMNS, parse_cases, read_sheet
    from mailflow.directory.values import CASE_REQUIRED
    from mailflow.steps.imports import save_cases

    tables = find_tables(sheet, sure=annex_a or bool(extract_date or join))
    if tables:
        import_workbook(sheet, tables, config, extract_date, join)
        return
    found = read_sheet(sheet, CASE_COLUMNS, CASE_REQUIRED)
    with locked_house(config) as house:
        rules = house.policy.framework
        known = frozenset(p.address for p in house.people)
        if not known:
            raise PermanentError("the directory is empty; import your people first: `mailflow people import`")
        cases, bad = parse_cases(found, rules.form.categories, rules.allocation.qa_contacts_family_values, known)
        save_cases(house, cases)
    typer.echo(f"{len(cases)} cases taken in.")
    _say_bad(sheet, bad, found.unknown)


def _say_bad(sheet: Path, bad: tuple[object, ...], unknown: tuple[str, ...]) -> None:
    from mailflow.directory import BadRow

    if unknown:
        typer.echo(f"Columns nobody asked for were not kept: {', '.join(unknown)}.")
    rows = [(b.number, b.why) for b in bad if isinstance(b, BadRow)]
    if rows:
        print_table(f"Rows of {sheet.name} that were not taken", ("row", "why"), rows, "")
        raise typer.Exit(1)


def demo(folder: Annotated[Path, typer.Option(help="Where the demo's month is kept.")] = Path("mailflow-demo"),
         framework: Annotated[str, typer.Option(help="The framework to play it by; `mailflow frameworks list` names them.")]
         = "framework-2023") -> None:
    """Play a whole month at an invented council, then say what happened and where to look."""
    from mailflow.demo.play import play_month

    play_month(folder, framework)


