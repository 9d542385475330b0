-- What entries of one kind have in common is written once: a row of journal_entry names its shape and holds its units
-- (docs/decisions/shapes-of-journal-entries.md). Posting n of an entry is the n-th element of its units and of each array of its shape.

-- The start of the SHA-256 over account, agreement and currency of each line, each ended by a byte that no text of PostgreSQL holds: two shapes
-- never give the same bytes. JournalShape computes the same.
create function journal_shape_id(accounts text[], agreements text[], currencies text[]) returns uuid
    language sql immutable parallel safe
    return (
        select substr(encode(sha256(string_agg(
                   convert_to(l.account, 'UTF8') || '\x00'::bytea || convert_to(l.agreement_id, 'UTF8') || '\x00'::bytea
                       || convert_to(l.currency, 'UTF8') || '\x00'::bytea,
                   ''::bytea order by l.place)), 'hex'), 1, 32)::uuid
        from unnest(accounts, agreements, currencies) with ordinality as l (account, agreement_id, currency, place));

create table journal_shape (
    shape_id   uuid   primary key,
    accounts   text[] not null,
    agreements text[] not null,
    currencies text[] not null,
    check (cardinality(accounts) > 0 and cardinality(agreements) = cardinality(accounts)
        and cardinality(currencies) = cardinality(accounts)),
    check (shape_id = journal_shape_id(accounts, agreements, currencies))
);

insert into journal_shape
    select journal_shape_id(accounts, agreements, currencies), accounts, agreements, currencies
    from (select distinct accounts, agreements, currencies from journal_entry) e;

drop view chk_posting;
drop view posting;
drop function postings_of(text);
alter table journal_entry rename to entry_with_arrays;
alter table entry_with_arrays drop constraint journal_entry_pkey;
drop index journal_entry_accounts, journal_entry_booked_on;

-- No foreign key: it would look up and lock its shape for every entry, 6 us of the 21 that a row then costs. Journal writes the shapes of its entries before them in the same
-- transaction, and no shape is ever changed or deleted.
create table journal_entry (
    journal_id   uuid        not null,
    shape_id     uuid        not null,
    value_date   date        not null,
    booked_on    date        not null,
    belonged_to  date,                 -- the last day of the closed period that a late entry would have been in
    recorded_at  timestamptz not null, -- when its event was recorded: what the books said at an instant
    source_event text        not null,
    units        numeric[]   not null check (cardinality(units) > 0)
);

insert into journal_entry
    select e.journal_id, s.shape_id, e.value_date, e.booked_on, e.belonged_to, e.recorded_at, e.source_event, e.units
    from entry_with_arrays e join journal_shape s using (accounts, agreements, currencies);

drop table entry_with_arrays;
alter table journal_entry add primary key (journal_id);

-- What an account was posted to: the shapes that it is in, then their entries. With PostgreSQL's own target an account of one store would be
-- taken for one that is in half a per cent of all shapes, and a page of its statement be looked for among everybody's entries.
create index journal_shape_accounts on journal_shape using gin (accounts);
alter table journal_shape alter column accounts set statistics 1000;
create index journal_entry_shape on journal_entry (shape_id, booked_on);
create index journal_entry_booked_on on journal_entry (booked_on);

create view posting as
    select e.journal_id, (l.place - 1)::integer as line, l.account, l.agreement_id, l.units, l.currency, e.value_date, e.booked_on,
           e.source_event, e.belonged_to, e.recorded_at
    from journal_entry e join journal_shape s using (shape_id)
    cross join lateral unnest(s.accounts, s.agreements, e.units, s.currencies) with ordinality
        as l (account, agreement_id, units, currency, place);

-- One account's, by the index of accounts: the view alone unfolds every entry. PostgreSQL puts it in place of its call, so that what else is
-- asked of the rows is asked of the entries first.
create function postings_of(of_account text) returns table (
    journal_id uuid, line integer, account text, agreement_id text, units numeric, currency text, value_date date, booked_on date,
    source_event text, belonged_to date, recorded_at timestamptz) language sql stable as $$
    select e.journal_id, (l.place - 1)::integer, l.account, l.agreement_id, l.units, l.currency, e.value_date, e.booked_on,
           e.source_event, e.belonged_to, e.recorded_at
    from journal_shape s join journal_entry e using (shape_id)
    cross join lateral unnest(s.accounts, s.agreements, e.units, s.currencies) with ordinality
        as l (account, agreement_id, units, currency, place)
    where s.accounts @> array[of_account] and l.account = of_account
$$;

create view chk_posting as
    select journal_id, line, account, units, currency, value_date, booked_on, source_event, agreement_id, belonged_to, recorded_at
    from posting;

call make_append_only('journal_shape');
call make_append_only('journal_entry');
grant select, insert on journal_shape, journal_entry to sluice_app;
grant select on journal_shape, journal_entry to sluice_auditor;
grant select on posting, chk_posting to sluice_app, sluice_auditor;
