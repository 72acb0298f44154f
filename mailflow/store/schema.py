"""The tables, as one list of named migrations (sqlite-utils' own, so that ``sqlite-utils migrate`` knows them too).

Hand-written and STRICT. Portable rules: times are UTC ISO text of one width, days ISO text, values JSON text, booleans
0 and 1. A migration that was ever released is never edited: add another below it.
"""

from typing import Any

from sqlite_utils import Migrations

# "mflw": says in the database's own header whose it is.
APPLICATION_ID = 0x6D666C77

migrations = Migrations("mailflow")

_META = """
create table meta (key text primary key, value text not null) strict;
"""

_DIRECTORY = """
create table person (
    address text primary key, place integer not null, second_address text not null, value text not null
) strict;
create index person_second on person(second_address);
create table delegate (delegate text not null, address text not null, primary key (delegate, address)) strict;
create table absence (
    address text not null, from_on text not null, to_on text not null, source text not null,
    primary key (address, from_on, to_on, source)
) strict;
create table council_case (number text primary key, value text not null) strict;
create table cycle (id text primary key, value text not null) strict;
"""

# The key columns repeat what stands in value, for look-ups; sequence is the number inside the reference.
_AUDIT = """
create table audit (
    ref text primary key, cycle text not null, sequence integer not null, case_number text not null,
    auditor text not null, state text not null, due_on text not null, generation integer not null, value text not null
) strict;
create index audit_auditor on audit(auditor);
create index audit_case on audit(case_number);
create index audit_cycle on audit(cycle, sequence);
create index audit_cycle_state on audit(cycle, state);
create index audit_state on audit(state);
create table timer (
    audit text not null, name text not null, due_at text not null, primary key (audit, name)
) strict;
create index timer_due on timer(due_at);
create table one_time_code (
    id integer primary key, audit text not null, person text not null, code_hash text not null,
    expires_at text not null, used integer not null default 0, value text not null
) strict;
create index one_time_code_hash on one_time_code(code_hash);
"""

# Raw bytes stand apart from the rows that are looked through, so that these stay small.
_INBOUND = """
create table blob (sha text primary key, data blob not null) strict;
create table inbound (
    id integer primary key, message_id text not null, digest text not null, place text not null,
    sha text not null references blob(sha), received_at text not null, state text not null,
    disposition text not null default '', reason text not null default '', audit text not null default '',
    sender text not null default '', subject text not null default '', is_double integer not null,
    failures integer not null default 0, settled integer not null default 0,
    unique (message_id, digest)
) strict;
create index inbound_digest on inbound(digest);
create index inbound_state on inbound(state, received_at, id);
create index inbound_disposition on inbound(disposition, received_at, id);
create index inbound_unsettled on inbound(received_at, id) where state = 'done' and settled = 0;
create table reading (
    inbound_id integer not null references inbound(id), number integer not null, name text not null,
    sha text not null, value text not null, primary key (inbound_id, number)
) strict;
create table submission (
    ref text not null references audit(ref), number integer not null, sha text not null,
    content_digest text not null, value text not null, primary key (ref, number)
) strict;
"""

_LETTER = """
create table letter (
    id integer primary key, key text not null unique, code text not null, audit text not null, role text not null,
    recipient text not null, subject text not null, message_id text not null unique, leave_at text not null,
    state text not null, reason text not null, private text not null, safety integer not null,
    attempts integer not null, made_at text, sent_at text, in_reply_to text not null,
    inbound_id integer references inbound(id)
) strict;
create index letter_audit on letter(audit);
create index letter_recipient on letter(recipient, state);
create index letter_state on letter(state, leave_at, id);
create index letter_waiting on letter(safety, leave_at, id) where state in ('ready', 'deferred');
create index letter_inbound on letter(inbound_id);
create table letter_body (letter_id integer primary key references letter(id), raw blob not null) strict;
"""

# Links and bodies apart: a body and its salt can be erased, and the chain still verifies.
_JOURNAL = """
create table journal_link (
    seq integer primary key, at text not null, prev text not null, mac text not null
) strict;
create table journal_body (
    seq integer primary key references journal_link(seq), salt blob not null, kind text not null, audit text not null,
    person text not null, body text not null
) strict;
create index journal_body_audit on journal_body(audit, seq);
create table journal_head (id integer primary key check (id = 1), seq integer not null, mac text not null) strict;
"""

# Which audits share a run of words (CHK-089); one run in eight is kept, so that 100,000 audits need some 200 MB.
_PASSAGE = """
create table passage (digest integer not null, ref text not null, primary key (digest, ref)) strict, without rowid;
"""

# Which audits a letter about a whole cycle tells of: the last door asks for each, and nobody is told twice (T-61).
_TOLD = """
create table told (key text not null, audit text not null, primary key (key, audit)) strict;
create index told_audit on told(audit);
"""

# Documents kept beside an audit that are no return of its auditor: a self-assessment, a return that came too late.
_BESIDE = """
create table beside (
    id integer primary key, ref text not null references audit(ref), kind text not null, source text not null,
    received_at text not null, sender text not null, name text not null, sha text not null, value text not null,
    unique (ref, kind, sha)
) strict;
"""


@migrations(name="001_first")
def _first(db: Any) -> None:
    for tables in (_META, _DIRECTORY, _AUDIT, _INBOUND, _LETTER, _JOURNAL):
        db.executescript(tables)
    db.execute(f"pragma application_id = {APPLICATION_ID}")


# The state repeats what stands in value, so that reports can count.
_FEEDBACK = """
create table feedback (
    ref text not null references audit(ref), source text not null, origin text not null, state text not null,
    value text not null, primary key (ref, source, origin)
) strict;
"""


@migrations(name="002_feedback")
def _feedback(db: Any) -> None:
    db.executescript(_FEEDBACK)


# What opening a month asks of all that went before, as look-ups that cost the same after ten years: the newest audit of a
# case, and the work not accepted that waits to be carried over.
_OPENING = """
alter table audit add column opens_on text not null default '';
alter table audit add column carried_to text not null default '';
update audit set opens_on = coalesce(json_extract(value, '$.opens_on'), ''),
    carried_to = coalesce(json_extract(value, '$.carried_to'), '');
create index audit_last on audit(case_number, opens_on, state) where state <> 'withdrawn';
create index audit_to_carry on audit(cycle, sequence) where state = 'not_accepted' and carried_to = '';
"""


@migrations(name="003_opening")
def _opening(db: Any) -> None:
    db.executescript(_OPENING)


@migrations(name="004_passages")
def _passages(db: Any) -> None:
    """Returns that came before are not looked through again: the text of an old one is compared from its next return on."""
    db.executescript(_PASSAGE)


@migrations(name="005_told_and_beside")
def _told_and_beside(db: Any) -> None:
    for tables in (_TOLD, _BESIDE):
        db.executescript(tables)


def known_names() -> frozenset[str]:
    """The names of every migration this mailflow knows."""
    return frozenset(m.name for m in migrations._migrations)
