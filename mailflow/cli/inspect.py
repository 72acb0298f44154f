"""status · messages · outbox · why · diff · held · verify: look, never touch. None of them loads a document library."""

from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated

import typer

from mailflow.cli.words import (
    DEFAULT_CONFIG,
    ConfigOption,
    JsonOption,
    find_policy,
    find_settings,
    look_store,
    print_json,
    print_table,
    shown,
)
from mailflow.errors import PermanentError
from mailflow.model import Difference, Turn
from mailflow.steps.look import letter_line, message_line, status_facts

# `status` fails when the last good look at the mailbox is older than this.
STALE_MINUTES = 15


def register(app: typer.Typer) -> None:
    for command in (status, messages, outbox, why, diff, held, verify):
        app.command()(command)


def status(config: ConfigOption = DEFAULT_CONFIG, as_json: JsonOption = False) -> None:
    """Every audit and who owes the next step. Fails (1) when the mailbox was not looked at for 15 minutes."""
    with look_store(find_settings(config)) as store:
        facts = status_facts(store, datetime.now(UTC))
    minutes = facts["minutes_since_poll"]
    stale = minutes is None or minutes > STALE_MINUTES
    if as_json:
        print_json({**facts, "stale": stale})
    else:
        print_table("Audits", ("reference", "state", "flags", "due", "owed by", "grade"),
                    [(a["ref"], *map(_in_words, (a["state"], ", ".join(a["flags"]), a["due_on"], a["owed_by"], a["grade"])))
                     for a in facts["audits"]], "No audit yet; `mailflow open MONTH` makes them.")
        letters = ", ".join(f"{n} {state}" for state, n in sorted(facts["counts"]["letters"].items())) or "none"
        typer.echo(f"Letters: {letters}. Messages held: {facts['counts']['held_messages']}.")
        typer.echo("The mailbox has never been looked at." if minutes is None else
                   f"The mailbox was last looked at {_ago(minutes)} ago.")
    if stale:
        raise typer.Exit(1)


def _in_words(name: str) -> str:
    """"requires_improvement" → "requires improvement"; the names themselves are in the JSON."""
    return name.replace("_", " ")


def _ago(minutes: int) -> str:
    """The largest unit there are two of: "90 minutes", "47 hours", "12 days"."""
    count, unit = next(((minutes // size, unit) for size, unit in ((1440, "day"), (60, "hour")) if minutes >= 2 * size),
                       (minutes, "minute"))
    return f"{count} {unit}{'' if count == 1 else 's'}"


def messages(config: ConfigOption = DEFAULT_CONFIG, as_json: JsonOption = False) -> None:
    """Every message that came in, and what became of it."""
    with look_store(find_settings(config)) as store:
        rows = [message_line(store, m) for m in store.load_inbound()]
    if as_json:
        print_json(rows)
        return
    print_table("Messages", ("id", "from", "disposition", "audit", "letters", "reason"),
                [(f"M{r['id']}", r["from"], r["disposition"], r["audit"], len(r["letters"]), r["reason"]) for r in rows],
                "No message has come in.")


def outbox(config: ConfigOption = DEFAULT_CONFIG, as_json: JsonOption = False) -> None:
    """Every letter, and where it is."""
    with look_store(find_settings(config)) as store:
        rows = [letter_line(x) for x in store.load_letters(whole=False)]
    if as_json:
        print_json(rows)
        return
    print_table("Letters", ("id", "code", "to", "audit", "state", "when", "reason"),
                [(f"L{r['id']}", r["code"], r["to"], r["audit"], r["state"], r["sent_at"] or r["leave_at"], r["reason"])
                 for r in rows], "No letter has been written.")


def why(ref: Annotated[str, typer.Argument(help="An audit's reference.")], config: ConfigOption = DEFAULT_CONFIG,
        as_json: JsonOption = False) -> None:
    """The journal of one audit: what was done, when, by whom and under which rule."""
    ref = ref.strip().upper()
    with look_store(find_settings(config)) as store:
        if store.find_audit(ref) is None:
            raise PermanentError(f"there is no audit {ref}")
        entries = store.load_journal(ref)
    if as_json:
        print_json([{"seq": e.seq, "at": e.at.isoformat(), "kind": e.kind, "by": e.by, "data": e.data} for e in entries])
        return
    print_table(f"Journal of {ref}", ("when", "what", "by", "details"),
                [(shown(e.at), e.kind, e.by, "; ".join(f"{k}: {v}" for k, v in e.data.items())) for e in entries],
                "Nothing has happened yet.")


def diff(ref: Annotated[str, typer.Argument(help="An audit's reference.")],
         earlier: Annotated[int, typer.Option("--from", help="The earlier form's number; without it, the one before.")] = 0,
         later: Annotated[int, typer.Option("--to", help="The later form's number; without it, the last.")] = 0,
         config: ConfigOption = DEFAULT_CONFIG, as_json: JsonOption = False) -> None:
    """What changed between two forms of one audit, answer by answer."""
    from mailflow.process.returns.differences import find_differences

    policy, ref = find_policy(config), ref.strip().upper()
    with look_store(policy.settings) as store:
        if store.find_audit(ref) is None:
            raise PermanentError(f"there is no audit {ref}")
        forms = {s.number: s for s in store.load_submissions(ref)}
    later = later or max(forms, default=0)
    earlier = earlier or later - 1
    if not {earlier, later} <= set(forms):
        numbers = ", ".join(map(str, forms)) or "none"
        raise PermanentError(f"forms {earlier} and {later} of {ref} can't be compared; the forms that came are: {numbers}")
    found = find_differences(policy.form, forms[earlier].reading, forms[later].reading)
    if as_json:
        print_json({"ref": ref, "from": earlier, "to": later, "items": [asdict(d) for d in found.items],
                    "unchanged": found.unchanged})
        return
    print_table(f"{ref}: form {earlier} to form {later}", ("question", "before", "after"), [_changed(d) for d in found.items],
                "No answer has changed.")
    typer.echo(f"Unchanged: {found.unchanged} answers.")


def _changed(item: Difference) -> tuple[str, str, str]:
    """Of a text, how many words went and came, and which."""
    if item.kind is not Turn.WORDS:
        return item.question, item.before or "–", item.after or "–"
    return (item.question, f"{item.removed} taken out: {item.before}" if item.removed else "",
            f"{item.added} added: {item.after}" if item.added else "")


def held(config: ConfigOption = DEFAULT_CONFIG, as_json: JsonOption = False) -> None:
    """Everything that waits for a person, with its reason."""
    from mailflow.model import LetterState

    with look_store(find_settings(config)) as store:
        mail = [message_line(store, m) for m in store.load_inbound(disposition="hold")]
        letters = [letter_line(x) for x in store.load_letters(states=(LetterState.HELD, LetterState.UNKNOWN), whole=False)]
    if as_json:
        print_json({"messages": mail, "letters": letters})
        return
    rows = [(f"M{m['id']}", m["from"], m["audit"], m["reason"]) for m in mail]
    rows += [(f"L{x['id']}", f"{x['code']} to {x['to']}", x["audit"], x["reason"]) for x in letters]
    print_table("Held", ("id", "what", "audit", "why"), rows, "Nothing is held.")
    if rows:
        typer.echo("`mailflow release L1` sends a letter on; `mailflow release M1 --audit REF` files a message.")


def verify(config: ConfigOption = DEFAULT_CONFIG, as_json: JsonOption = False) -> None:
    """Check the whole journal, link by link. Fails (1) when a link is broken."""
    with look_store(find_settings(config)) as store:
        verdict = store.verify()
        seq, head = store.head()
    if as_json:
        print_json({"checked": verdict.checked, "erased": verdict.erased, "broken_at": verdict.broken_at,
                    "head": f"{seq}:{head}"})
    else:
        typer.echo(f"{verdict.checked} entries checked, {verdict.erased} erased. Head {seq}:{head}.")
        typer.echo("The journal is whole." if verdict.broken_at is None else
                   f"The journal is BROKEN at entry {verdict.broken_at}: {verdict.words}")
    if verdict.broken_at is not None:
        raise typer.Exit(1)
