-- One row for each journal entry instead of one for each of its lines: what an entry costs is a row and its index, whatever the number of
-- its lines (docs/decisions/one-row-per-journal-entry.md). Posting n of an entry is the n-th element of each of its arrays.

create table journal_entry (
    journal_id   uuid        primary key,
    value_date   date        not null,
    booked_on    date        not null,
    belonged_to  date,                 -- the last day of the closed period that a late entry would have been in
    source_event text        not null,
    recorded_at  timestamptz not null, -- when its event was recorded: what the books said at an instant
    accounts     text[]      not null,
    agreements   text[]      not null,
    units        numeric[]   not null,
    currencies   text[]      not null,
    check (cardinality(accounts) > 0 and cardinality(agreements) = cardinality(accounts)
        and cardinality(units) = cardinality(accounts) and cardinality(currencies) = cardinality(accounts))
);

insert into journal_entry
    select journal_id, value_date, booked_on, belonged_to, source_event, recorded_at, array_agg(account order by line),
           array_agg(agreement_id order by line), array_agg(units order by line), array_agg(currency order by line)
    from posting group by journal_id, value_date, booked_on, belonged_to, source_event, recorded_at;

drop view chk_posting;
drop table posting;

-- What an account was posted to: few accounts and many entries are what GIN is made for. New entries wait in its pending list, which every
-- search reads too, until several are put in their places at once.
create index journal_entry_accounts on journal_entry using gin (accounts);
create index journal_entry_booked_on on journal_entry (booked_on);

create view posting as
    select e.journal_id, (l.place - 1)::integer as line, l.account, l.agreement_id, l.units, l.currency, e.value_date, e.booked_on,
           e.source_event, e.belonged_to, e.recorded_at
    from journal_entry e
    cross join lateral unnest(e.accounts, e.agreements, e.units, e.currencies) with ordinality
        as l (account, agreement_id, units, currency, place);

-- One account's, by the index of accounts: the view alone unfolds every entry. PostgreSQL puts it in place of its call, so that what else is
-- asked of the rows is asked of the entries first.
create function postings_of(of_account text) returns table (
    journal_id uuid, line integer, account text, agreement_id text, units numeric, currency text, value_date date, booked_on date,
    source_event text, belonged_to date, recorded_at timestamptz) language sql stable as $$
    select e.journal_id, (l.place - 1)::integer, l.account, l.agreement_id, l.units, l.currency, e.value_date, e.booked_on,
           e.source_event, e.belonged_to, e.recorded_at
    from journal_entry e
    cross join lateral unnest(e.accounts, e.agreements, e.units, e.currencies) with ordinality
        as l (account, agreement_id, units, currency, place)
    where e.accounts @> array[of_account] and l.account = of_account
$$;

create view chk_posting as
    select journal_id, line, account, units, currency, value_date, booked_on, source_event, agreement_id, belonged_to, recorded_at
    from posting;

call make_append_only('journal_entry');
grant select, insert on journal_entry to sluice_app;
grant select on journal_entry to sluice_auditor;
grant select on posting, chk_posting to sluice_app, sluice_auditor;
