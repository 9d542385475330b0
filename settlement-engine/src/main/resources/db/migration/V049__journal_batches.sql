-- One row for all entries of an event that have shape and value date in common, instead of one for each: an event tells of up to 100 inflows
-- (docs/decisions/entries-of-one-event-in-one-row.md). Entries are in the order of their ids; of n entries of m lines, line l of entry e is
-- element (e - 1) * m + l of the units.

-- No foreign key to shapes, as before: Journal writes them first, in the same transaction, and no shape is ever changed or deleted.
create table journal_batch (
    source_event text        not null,
    batch        smallint    not null, -- from 0 on, in the order of their first ids: an event that is booked again fails on its first
    shape_id     uuid        not null,
    value_date   date        not null,
    booked_on    date        not null,
    belonged_to  date,                 -- the last day of the closed period that late entries would have been in
    recorded_at  timestamptz not null, -- when the event was recorded: what the books said at an instant
    journal_ids  uuid[]      not null,
    units        numeric[]   not null,
    check (cardinality(journal_ids) > 0),
    check (cardinality(units) > 0 and cardinality(units) % greatest(cardinality(journal_ids), 1) = 0)
);

-- Ids stay in the row, where each can be reached without reading all; units go out of it as they are: a few hundred bytes an entry, which
-- pglz would take as long to halve as all the rest of the row costs.
alter table journal_batch alter column journal_ids set storage main, alter column units set storage external;

insert into journal_batch
    select source_event, row_number() over (partition by source_event order by journal_ids[1]) - 1, shape_id, value_date, booked_on, belonged_to,
           recorded_at, journal_ids, units
    from (select e.source_event, e.shape_id, e.value_date, e.booked_on, e.belonged_to, e.recorded_at,
                 array_agg(e.journal_id order by e.journal_id) filter (where l.place = 1) as journal_ids,
                 array_agg(l.units order by e.journal_id, l.place) as units
          from journal_entry e cross join lateral unnest(e.units) with ordinality as l (units, place)
          group by e.source_event, e.shape_id, e.value_date, e.booked_on, e.belonged_to, e.recorded_at) b;

drop view chk_posting;
drop view posting;
drop function postings_of(text);
drop table journal_entry;

alter table journal_batch add primary key (source_event, batch);
create index journal_batch_shape on journal_batch (shape_id, booked_on);
create index journal_batch_booked_on on journal_batch (booked_on);

create view posting as
    select b.journal_ids[(u.place - 1) / cardinality(s.accounts) + 1] as journal_id, l.place - 1 as line, s.accounts[l.place] as account,
           s.agreements[l.place] as agreement_id, u.units, s.currencies[l.place] as currency, b.value_date, b.booked_on,
           b.source_event, b.belonged_to, b.recorded_at
    from journal_batch b join journal_shape s using (shape_id)
    cross join lateral unnest(b.units) with ordinality as u (units, place)
    cross join lateral (select ((u.place - 1) % cardinality(s.accounts) + 1)::integer as place) l;

-- One account's, by the index of accounts: the view alone unfolds every entry. PostgreSQL puts it in place of its call, so that what else is
-- asked of the rows is asked of the batches first.
create function postings_of(of_account text) returns table (
    journal_id uuid, line integer, account text, agreement_id text, units numeric, currency text, value_date date, booked_on date,
    source_event text, belonged_to date, recorded_at timestamptz) language sql stable as $$
    select b.journal_ids[(u.place - 1) / cardinality(s.accounts) + 1], l.place - 1, s.accounts[l.place], s.agreements[l.place],
           u.units, s.currencies[l.place], b.value_date, b.booked_on, b.source_event, b.belonged_to, b.recorded_at
    from journal_shape s join journal_batch b using (shape_id)
    cross join lateral unnest(b.units) with ordinality as u (units, place)
    cross join lateral (select ((u.place - 1) % cardinality(s.accounts) + 1)::integer as place) l
    where s.accounts @> array[of_account] and s.accounts[l.place] = of_account
$$;

create view chk_posting as
    select journal_id, line, account, units, currency, value_date, booked_on, source_event, agreement_id, belonged_to, recorded_at
    from posting;

call make_append_only('journal_batch');
grant select, insert on journal_batch to sluice_app;
grant select on journal_batch to sluice_auditor;
grant select on posting, chk_posting to sluice_app, sluice_auditor;
