-- Who bears what a bank took back.

create table recourse ( -- primary: each inflow that was taken back, and how far it is covered
    inflow_id    uuid   primary key,
    account      text   not null,
    units        bigint not null check (units > 0),
    currency     text   not null,
    value_date   date   not null,
    agreement_id text, -- both null until it is known to have been divided
    store_id     text,
    covered      bigint not null default 0 check (covered between 0 and units),
    state        text   not null default 'NEW' check (state in ('NEW', 'OPEN', 'DONE', 'PERSON'))
);
create index recourse_open on recourse (store_id) where state in ('NEW', 'OPEN');

create table leg_reduction ( -- primary: what of a leg was given up for an inflow that was taken back
    leg_id    uuid    not null,
    step      integer not null,
    inflow_id uuid    not null, -- the one that was taken back
    units     bigint  not null check (units > 0),
    primary key (leg_id, step)
);
create index leg_reductions_for on leg_reduction (inflow_id);
call make_append_only('leg_reduction');

create table pool_reduction ( -- primary: a leg is taken out of a pool once
    leg_id uuid primary key
);
call make_append_only('pool_reduction');

-- What of each leg is neither ordered nor given up.
create view open_leg as
    select l.leg_id, l.inflow_id, l.agreement_id, l.store_id, l.account, l.rule_hash, l.destination, l.currency, l.value_date,
           l.units - coalesce(r.units, 0) as open_units
    from leg l
    left join rail_claim c on c.payable_id = l.leg_id
    left join (select leg_id, sum(units)::bigint as units from leg_reduction group by leg_id) r on r.leg_id = l.leg_id
    where c.payable_id is null and l.units > coalesce(r.units, 0);

grant select, insert, update on recourse to sluice_app;
grant select, insert on leg_reduction, pool_reduction to sluice_app;
grant select on open_leg to sluice_app;
grant select on recourse, leg_reduction, pool_reduction, open_leg to sluice_auditor;
