-- An inflow is known by every reference that any source gave for it; the n-th equal one is the n-th inflow.
update inflow_key set key = key || '#1' where kind = 'MOVEMENT';

-- What tells credits with the same weak reference apart.
alter table sighting add column value_date date;
alter table sighting add column statement_day date; -- of the daily statement that lists it: another day's lists another credit

create table parked_sighting ( -- primary: its references are those of several inflows, so a person decides
    evidence_sha256 char(64)    not null,
    line_no         integer     not null,
    account         text        not null,
    source          text        not null,
    units           bigint      not null,
    currency        text        not null,
    inflow_ids      uuid[]      not null,
    reason          text        not null,
    parked_at       timestamptz not null default now(),
    primary key (evidence_sha256, line_no)
);
call make_append_only('parked_sighting');
grant select, insert on parked_sighting to sluice_app;
grant select on parked_sighting to sluice_auditor;
