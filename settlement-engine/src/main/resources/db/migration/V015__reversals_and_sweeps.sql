-- Credits that a bank took back, and what no webhook told.

create table inflow_reversal ( -- primary: each inflow is taken back at most once
    inflow_id       uuid        primary key,
    account         text        not null,
    evidence_sha256 char(64)    not null,
    line_no         integer     not null,
    recorded_at     timestamptz not null default now()
);
call make_append_only('inflow_reversal');

create table waiting_reversal ( -- primary: told before its credit was; stays until the credit comes or a person was told
    evidence_sha256 char(64)    not null,
    line_no         integer     not null,
    account         text        not null,
    keys            text[]      not null, -- of the credit that it takes back, hashed
    units           bigint      not null,
    currency        text        not null,
    value_date      date        not null,
    told_on         date        not null, -- business day
    state           text        not null default 'WAITING' check (state in ('WAITING', 'DONE', 'TOLD')),
    primary key (evidence_sha256, line_no)
);
create index waiting_reversal_open on waiting_reversal (account) where state = 'WAITING';

create table returned_transfer ( -- primary: transfers of ours that a bank says came back
    end_to_end_id text primary key,
    bank          text not null,
    reason        text,
    told_on       date not null, -- business day
    state         text not null default 'WAITING' check (state in ('WAITING', 'DONE', 'TOLD'))
);

create table transaction_sweep ( -- primary: how far the movements that a bank lists were compared with what it told
    account  text primary key,
    position text not null, -- the adapter's cursor
    swept_on date           -- business day; null while pages are left
);
grant select, insert, update on waiting_reversal, returned_transfer, transaction_sweep to sluice_app;
grant select, insert on inflow_reversal to sluice_app;
grant select on inflow_reversal, waiting_reversal, returned_transfer, transaction_sweep to sluice_auditor;
