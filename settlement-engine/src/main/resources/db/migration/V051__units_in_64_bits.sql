-- Units of a batch in 64 bits each, where all of them fit; as numbers of PostgreSQL, which take it twice as long to read in, where one does not:
-- amounts of 18 digits (docs/decisions/entries-of-one-event-in-one-row.md). The rest is as V049 made it.
alter table journal_batch rename to batch_of_numbers;
create table journal_batch (
    source_event text        not null,
    batch        smallint    not null, -- from 0 on, in the order of their first ids: an event that is booked again fails on its first
    shape_id     uuid        not null,
    value_date   date        not null,
    booked_on    date        not null,
    belonged_to  date,                 -- the last day of the closed period that late entries would have been in
    recorded_at  timestamptz not null, -- when the event was recorded: what the books said at an instant
    journal_ids  uuid[]      not null,
    units        bigint[],
    large_units  numeric[],            -- of the entries of an event of which one needs more than 64 bits
    constraint journal_batch_ids check (cardinality(journal_ids) > 0),
    constraint journal_batch_units check (
        (units is null) <> (large_units is null)
        and coalesce(cardinality(units), cardinality(large_units)) > 0
        and coalesce(cardinality(units), cardinality(large_units)) % greatest(cardinality(journal_ids), 1) = 0)
);
alter table journal_batch alter column journal_ids set storage main, alter column units set storage external,
    alter column large_units set storage external;

insert into journal_batch
    select b.source_event, b.batch, b.shape_id, b.value_date, b.booked_on, b.belonged_to, b.recorded_at, b.journal_ids,
           case when f.fit then b.units::bigint[] end, case when not f.fit then b.units end
    from batch_of_numbers b
    cross join lateral (select bool_and(u.units between -9223372036854775808 and 9223372036854775807 and u.units = trunc(u.units)) as fit from unnest(b.units) as u (units)) f;

drop view chk_posting;
drop view posting;
drop function postings_of(text);
drop table batch_of_numbers;

alter table journal_batch add primary key (source_event, batch);
create index journal_batch_shape on journal_batch (shape_id, booked_on);
create index journal_batch_booked_on on journal_batch (booked_on);

create view posting as
    select b.journal_ids[(u.place - 1) / cardinality(s.accounts) + 1] as journal_id, l.place - 1 as line, s.accounts[l.place] as account,
           s.agreements[l.place] as agreement_id, coalesce(u.units::numeric, u.large) as units, s.currencies[l.place] as currency,
           b.value_date, b.booked_on, b.source_event, b.belonged_to, b.recorded_at
    from journal_batch b join journal_shape s using (shape_id)
    cross join lateral unnest(b.units, b.large_units) with ordinality as u (units, large, place)
    cross join lateral (select ((u.place - 1) % cardinality(s.accounts) + 1)::integer as place) l;

-- One account's, by the index of accounts: the view alone unfolds every entry. PostgreSQL puts it in place of its call, so that what else is
-- asked of the rows is asked of the batches first.
create function postings_of(of_account text) returns table (
    journal_id uuid, line integer, account text, agreement_id text, units numeric, currency text, value_date date, booked_on date,
    source_event text, belonged_to date, recorded_at timestamptz) language sql stable as $$
    select b.journal_ids[(u.place - 1) / cardinality(s.accounts) + 1], l.place - 1, s.accounts[l.place], s.agreements[l.place],
           coalesce(u.units::numeric, u.large), s.currencies[l.place], b.value_date, b.booked_on, b.source_event, b.belonged_to, b.recorded_at
    from journal_shape s join journal_batch b using (shape_id)
    cross join lateral unnest(b.units, b.large_units) with ordinality as u (units, large, place)
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
