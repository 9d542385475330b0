-- What became of money that nobody expected.

create table suspense_decision ( -- primary: each inflow in suspense is decided once
    inflow_id  uuid        primary key,
    decision   text        not null check (decision in ('ASSIGNED', 'RETURNED')),
    store_id   text,
    decided_by text        not null,
    decided_at timestamptz not null, -- business time
    check ((decision = 'ASSIGNED') = (store_id is not null))
);
call make_append_only('suspense_decision');
grant select, insert on suspense_decision to sluice_app;
grant select on suspense_decision to sluice_auditor;

create index inflow_unknown on inflow (booked_at) where kind = 'UNKNOWN';

alter table payee drop constraint payee_kind_check;
alter table payee add constraint payee_kind_check check (kind in ('HOLDER', 'MERCHANT', 'OWN', 'SENDER'));
