-- One row for each division of an inflow instead of one for each of its legs (docs/decisions/one-row-per-division.md). Leg n of a division is
-- the n-th element of each of its arrays; they are in the order of their paths.

create table division (
    inflow_id        uuid     primary key, -- or of the release
    agreement_id     text     not null,
    store_id         text     not null,
    account          text     not null,
    rule_hash        char(64) not null,
    currency         text     not null,
    value_date       date     not null,
    provisional_base bigint,
    released_of      uuid,
    leg_ids          uuid[]   not null,
    paths            text[]   not null,
    destinations     text[]   not null,
    units            bigint[] not null,
    check (cardinality(paths) = cardinality(leg_ids) and cardinality(destinations) = cardinality(leg_ids)
        and cardinality(units) = cardinality(leg_ids))
);

insert into division
    select inflow_id, agreement_id, store_id, account, rule_hash, currency, value_date, provisional_base, released_of,
           array_agg(leg_id order by path collate "C"), array_agg(path order by path collate "C"),
           array_agg(destination order by path collate "C"), array_agg(units order by path collate "C")
    from leg
    group by inflow_id, agreement_id, store_id, account, rule_hash, currency, value_date, provisional_base, released_of;

drop view chk_routing;
drop view open_leg;
drop table leg;

create index division_legs on division using gin (leg_ids);
create index division_with_estimate on division (account, value_date, inflow_id) where provisional_base is not null;
create index division_until_report on division (agreement_id) where 'merchant.until-report' = any (destinations);
create index division_released_of on division (released_of) where released_of is not null;

create view leg as
    select l.leg_id, d.inflow_id, d.agreement_id, d.store_id, d.account, d.rule_hash, l.path, l.destination, l.units, d.currency,
           d.value_date, d.provisional_base, d.released_of
    from division d
    cross join lateral unnest(d.leg_ids, d.paths, d.destinations, d.units) as l (leg_id, path, destination, units);

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
grant select on leg, chk_routing to sluice_app, sluice_auditor;
grant select on open_leg to sluice_app, sluice_auditor;
