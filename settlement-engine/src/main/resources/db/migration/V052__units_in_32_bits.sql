-- Units of entries and divisions in 32 bits each, where all of a row fit: a byte that a row has is written three times, into the WAL, the page and
-- the page again when it is vacuumed (docs/decisions/entries-of-one-event-in-one-row.md). 2 147 483 647 cents are 21 million euros; what one row
-- of a hundred has above that puts its row into the other column.
alter table journal_batch rename to batch_of_64_bits;
create table journal_batch (
    source_event text        not null,
    batch        smallint    not null, -- from 0 on, in the order of their first ids: an event that is booked again fails on its first
    shape_id     uuid        not null,
    value_date   date        not null,
    booked_on    date        not null,
    belonged_to  date,                 -- the last day of the closed period that late entries would have been in
    recorded_at  timestamptz not null, -- when the event was recorded: what the books said at an instant
    journal_ids  uuid[]      not null,
    units        integer[],
    large_units  numeric[],            -- of the entries of an event of which one needs more than 32 bits
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
           case when f.fit then b.units::integer[] end, case when not f.fit then coalesce(b.units::numeric[], b.large_units) end
    from batch_of_64_bits b
    cross join lateral (select coalesce(bool_and(u.units between -2147483648 and 2147483647), false) as fit from unnest(b.units) as u (units)) f;

drop view chk_posting;
drop view posting;
drop function postings_of(text);
drop table batch_of_64_bits;

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

-- The same of divisions, whose units are 64 bits at most.
drop view chk_routing;
drop view open_leg;
drop view leg;
drop view divided;
alter table division rename to division_of_64_bits;
alter table division_of_64_bits drop constraint division_pkey;
drop index division_of_terms, division_with_estimate, division_released_of, division_own_leg_ids;

create table division (
    inflow_id        uuid      not null, -- or of the release
    terms_id         uuid      not null,
    value_date       date      not null,
    provisional_base bigint,
    released_of      uuid,
    units            integer[],
    large_units      bigint[],           -- of a division of which one leg needs more than 32 bits
    leg_ids          uuid[],             -- of legs that have ids of their own; null: leg_id()
    constraint division_units check ((units is null) <> (large_units is null))
);

insert into division
    select d.inflow_id, d.terms_id, d.value_date, d.provisional_base, d.released_of,
           case when f.fit then d.units::integer[] end, case when not f.fit then d.units end, d.leg_ids
    from division_of_64_bits d
    cross join lateral (select coalesce(bool_and(u.units between -2147483648 and 2147483647), true) as fit from unnest(d.units) as u (units)) f;

drop table division_of_64_bits;
alter table division add primary key (inflow_id);

create index division_of_terms on division (terms_id, value_date);
create index division_with_estimate on division (terms_id, value_date, inflow_id) where provisional_base is not null;
create index division_released_of on division (released_of) where released_of is not null;
create index division_own_leg_ids on division using gin (leg_ids) where leg_ids is not null;

create view divided as
    select d.inflow_id, t.agreement_id, t.store_id, t.account, t.rule_hash, t.currency, d.value_date, d.provisional_base, d.released_of
    from division d join division_terms t using (terms_id);

create view leg as
    select coalesce(d.leg_ids[l.place], leg_id(d.inflow_id, l.place)) as leg_id, d.inflow_id, t.agreement_id, t.store_id, t.account, t.rule_hash,
           l.path, l.destination, coalesce(l.units::bigint, l.large) as units, t.currency, d.value_date, d.provisional_base, d.released_of
    from division d join division_terms t using (terms_id)
    cross join lateral unnest(t.paths, t.destinations, d.units, d.large_units) with ordinality as l (path, destination, units, large, place)
    where coalesce(l.units::bigint, l.large) <> 0;

-- What of each leg is neither ordered nor given up. What is held stays on its account until a later leg gives it up; so does what waits for
-- its deposit's report.
create view open_leg as
    select l.leg_id, l.inflow_id, l.agreement_id, l.store_id, l.account, l.rule_hash, l.destination, l.currency, l.value_date,
           l.units - coalesce(r.units, 0) as open_units, l.path
    from leg l
    left join rail_claim c on c.payable_id = l.leg_id
    left join (select leg_id, sum(units)::bigint as units from leg_reduction group by leg_id) r on r.leg_id = l.leg_id
    where c.payable_id is null and l.units > coalesce(r.units, 0)
      and l.destination not in ('royalty.returns-reserve', 'cash.reserve', 'merchant.trapped', 'merchant.until-report');

create view chk_routing as
    select inflow_id, rule_hash, leg_id, path, destination as account, units, currency, agreement_id, store_id
    from leg;

call make_append_only('division');
grant select, insert on division to sluice_app;
grant select on division to sluice_auditor;
grant select on divided, leg, chk_routing to sluice_app, sluice_auditor;
grant select on open_leg to sluice_app, sluice_auditor;
