-- What divisions of one store under one rule version have in common is written once: a row of division names its terms and holds its units
-- (docs/decisions/one-row-per-division.md). Part n of a division is the n-th element of its units and of each array of its terms; zero, and
-- what is behind the last unit, is no leg.

-- The start of the SHA-256 over each text, ended by a byte that no text of PostgreSQL holds: two terms never give the same bytes. Legs computes
-- the same.
create function division_terms_id(agreement_id text, store_id text, account text, rule_hash text, currency text, paths text[],
                                  destinations text[]) returns uuid
    language sql immutable parallel safe
    return (
        select substr(encode(sha256(string_agg(convert_to(t.words, 'UTF8') || '\x00'::bytea, ''::bytea order by t.place)), 'hex'), 1, 32)::uuid
        from unnest(array[agreement_id, store_id, account, rule_hash, currency] || paths || destinations) with ordinality as t (words, place));

create table division_terms (
    terms_id     uuid     primary key,
    agreement_id text     not null,
    store_id     text     not null,
    account      text     not null,
    rule_hash    char(64) not null,
    currency     text     not null,
    paths        text[]   not null,
    destinations text[]   not null,
    check (cardinality(destinations) = cardinality(paths)),
    check (terms_id = division_terms_id(agreement_id, store_id, account, rule_hash, currency, paths, destinations))
);

insert into division_terms
    select division_terms_id(agreement_id, store_id, account, rule_hash, currency, paths, destinations), agreement_id, store_id, account,
           rule_hash, currency, paths, destinations
    from (select distinct agreement_id, store_id, account, rule_hash, currency, paths, destinations from division) d;

drop view chk_routing;
drop view open_leg;
drop view leg;
alter table division rename to division_with_arrays;
alter table division_with_arrays drop constraint division_pkey;
drop index division_legs, division_with_estimate, division_until_report, division_released_of;

-- No foreign key: it would look up and lock the terms again for every division. Legs writes the terms of its divisions before them in the same
-- transaction, and none is ever changed or deleted.
create table division (
    inflow_id        uuid     not null, -- or of the release
    terms_id         uuid     not null,
    value_date       date     not null,
    provisional_base bigint,
    released_of      uuid,
    units            bigint[] not null,
    leg_ids          uuid[]             -- of legs that have ids of their own; null: leg_id()
);

insert into division
    select d.inflow_id, t.terms_id, d.value_date, d.provisional_base, d.released_of, d.units, d.leg_ids
    from division_with_arrays d join division_terms t using (agreement_id, store_id, account, rule_hash, currency, paths, destinations);

drop table division_with_arrays;
alter table division add primary key (inflow_id);

create index division_of_terms on division (terms_id, value_date);
create index division_with_estimate on division (terms_id, value_date, inflow_id) where provisional_base is not null;
create index division_released_of on division (released_of) where released_of is not null;
create index division_own_leg_ids on division using gin (leg_ids) where leg_ids is not null;
create index division_terms_store on division_terms (store_id);

-- As RoutingEvent.Leg.idOf computes it; places are counted from 1 here.
create function leg_id(inflow_id uuid, place bigint) returns uuid
    language sql immutable parallel safe
    return (lpad(to_hex(get_byte(uuid_send(inflow_id), 0) # place::integer), 2, '0') || substr(inflow_id::text, 3))::uuid;

create view divided as
    select d.inflow_id, t.agreement_id, t.store_id, t.account, t.rule_hash, t.currency, d.value_date, d.provisional_base, d.released_of
    from division d join division_terms t using (terms_id);

create view leg as
    select coalesce(d.leg_ids[l.place], leg_id(d.inflow_id, l.place)) as leg_id, d.inflow_id, t.agreement_id, t.store_id, t.account, t.rule_hash,
           l.path, l.destination, l.units, t.currency, d.value_date, d.provisional_base, d.released_of
    from division d join division_terms t using (terms_id)
    cross join lateral unnest(t.paths, t.destinations, d.units) with ordinality as l (path, destination, units, place)
    where l.units <> 0;

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

call make_append_only('division_terms');
call make_append_only('division');
grant select, insert on division_terms, division to sluice_app;
grant select on division_terms, division to sluice_auditor;
grant select on divided, leg, chk_routing to sluice_app, sluice_auditor;
grant select on open_leg to sluice_app, sluice_auditor;
