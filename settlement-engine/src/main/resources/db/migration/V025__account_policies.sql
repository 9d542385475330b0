-- When money on an account counts, and what was told of it before.

alter table bank_account add column policy text not null default 'BOOKED_NOTICE'
    check (policy in ('BOOKED_NOTICE', 'BOOKED_STATEMENT', 'CONFIRMED'));

create table announced_inflow ( -- primary: credits that do not count yet, and in which ways they were told
    inflow_id       uuid        primary key,
    account         text        not null,
    units           bigint      not null check (units > 0),
    currency        text        not null,
    expected_on     date        not null,
    evidence_sha256 char(64)    not null,
    told            text[]      not null,
    state           text        not null default 'ANNOUNCED' check (state in ('ANNOUNCED', 'BOOKED', 'LAPSED')),
    reason          text,
    announced_at    timestamptz not null, -- business time
    check (state <> 'LAPSED' or reason is not null)
);
create index announced_waiting on announced_inflow (account, expected_on) where state = 'ANNOUNCED';
create index announced_shown on announced_inflow (announced_at, inflow_id) where state <> 'BOOKED';

alter table waiting_reversal add column inflow_id uuid; -- the credit, while it is announced and does not count

grant select, insert, update on announced_inflow to sluice_app;
grant select on announced_inflow to sluice_auditor;
