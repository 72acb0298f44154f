"""cycle list · show · cancel · theme."""

from typing import Annotated

import typer

from mailflow.cli.words import (
    DEFAULT_CONFIG,
    AtOption,
    ConfigOption,
    JsonOption,
    find_policy,
    locked_house,
    look_store,
    moment,
    print_json,
    print_table,
)
from mailflow.errors import PermanentError

cycle_app = typer.Typer(help="The months: where each stands, its theme, and calling one off.", no_args_is_help=True)
MonthArgument = Annotated[str, typer.Argument(help="The month, e.g. 2026-11.")]


def register(app: typer.Typer) -> None:
    app.add_typer(cycle_app, name="cycle")


@cycle_app.command("list")
def list_cycles(config: ConfigOption = DEFAULT_CONFIG, as_json: JsonOption = False) -> None:
    """Every cycle there has been, and where it stands."""
    with look_store(find_policy(config).settings) as store:
        rows = [(c, sum(store.count_audits(c.id).values())) for c in store.load_cycles()]
    if as_json:
        print_json([{"cycle": c.id, "state": c.state.value, "type": c.type, "second": c.second, "theme": c.theme,
                     "opens_on": c.opens_on.isoformat(), "due_on": c.due_on.isoformat(), "audits": n,
                     "waiting": len(c.proposals)} for c, n in rows])
        return
    print_table("Cycles", ("cycle", "state", "kind", "opens", "due", "audits", "theme"),
                [(c.id, c.state.value, c.type, f"{c.opens_on:%d/%m/%Y}", f"{c.due_on:%d/%m/%Y}",
                  n or f"{len(c.proposals)} proposed" if c.proposals else n, c.theme) for c, n in rows],
                "No cycle yet; `mailflow open MONTH` makes one, or the daemon on the day of the draw.")


@cycle_app.command("show")
def show_cycle(month: MonthArgument, config: ConfigOption = DEFAULT_CONFIG, as_json: JsonOption = False) -> None:
    """One month: its days, its state, and how many audits stand where."""
    from mailflow.process.cycle.cycles import cycle_id, draw_day, make_cycle, parse_month

    policy, (year, number) = find_policy(config), parse_month(month)
    with look_store(policy.settings) as store:
        kept = store.find_cycle(cycle_id(year, number))
        counts = store.count_audits(cycle_id(year, number))
    cycle = kept or make_cycle(policy.framework, year, number)
    drawn = draw_day(policy.framework, year, number)
    facts = {"cycle": cycle.id, "state": cycle.state.value, "type": cycle.type, "second": cycle.second, "theme": cycle.theme,
             "draws_on": drawn.isoformat(), "opens_on": cycle.opens_on.isoformat(), "due_on": cycle.due_on.isoformat(),
             "closes_on": cycle.closes_on.isoformat(), "seed": cycle.seed, "frame_digest": cycle.frame_digest,
             "proposals": [[p.ref, p.case_number, p.auditor] for p in cycle.proposals], "audits": counts}
    if as_json:
        print_json(facts)
        return
    rows = [(name.replace("_", " "), value) for name, value in facts.items()
            if value and name not in ("proposals", "audits")]
    print_table(f"Cycle {cycle.id}", ("what", "value"), rows, "")
    print_table("Sample waiting for ACCEPT", ("reference", "case", "auditor"),
                [(p.ref, p.case_number, p.auditor) for p in cycle.proposals], "No sample waits for an answer.")
    print_table("Audits", ("state", "how many"), list(counts.items()), "It has no audit yet.")


@cycle_app.command()
def cancel(month: MonthArgument, config: ConfigOption = DEFAULT_CONFIG, at: AtOption = "") -> None:
    """Call a month off before it opens. Only people who were told of it are told."""
    from mailflow.process.cycle.cycles import BEFORE_OPEN, cycle_id, make_cycle, parse_month
    from mailflow.process.cycle.orders import became
    from mailflow.steps.month.cycles import cancel_month
    from mailflow.steps.month.opening import BY

    year, number = parse_month(month)
    with locked_house(config) as house:
        kept = house.store.find_cycle(cycle_id(year, number)) or make_cycle(house.policy.framework, year, number)
        if kept.state not in BEFORE_OPEN:
            raise PermanentError(f"{became(kept)} Only a month that has not opened can be cancelled")
        cancel_month(house, kept, moment(at), BY)
    typer.echo(f"Cycle {kept.id} is cancelled. Nobody who had not been told hears of it.")


@cycle_app.command()
def theme(month: MonthArgument, words: Annotated[str, typer.Argument(help="The theme, in a few words.")],
          config: ConfigOption = DEFAULT_CONFIG, at: AtOption = "") -> None:
    """Give a month its theme; it stands in the allocation letters and in the report."""
    from mailflow.model import Command
    from mailflow.process.cycle.cycles import cycle_id, make_cycle, parse_month
    from mailflow.process.cycle.orders import Ask, decide_order
    from mailflow.process.cycle.sample import Frame
    from mailflow.steps.month.cycles import keep_ordered
    from mailflow.steps.month.opening import BY

    year, number = parse_month(month)
    now = moment(at)
    with locked_house(config) as house:
        kept = house.store.find_cycle(cycle_id(year, number)) or make_cycle(house.policy.framework, year, number)
        ask = Ask(kept, Command("THEME", words), BY, None, now, lambda: Frame((), (), {}, ()),
                  house.policy.framework)
        ordered = decide_order(ask)
        if not ordered.done:
            raise PermanentError(ordered.words.rstrip("."))
        keep_ordered(house, ordered, BY, now)
    typer.echo(ordered.words)
