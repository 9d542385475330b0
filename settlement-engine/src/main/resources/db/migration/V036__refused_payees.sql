-- Payees to whom the bank refused to pay, as often in a row; held: nothing is ordered to these details until a person says so.
create table payee_refusal ( -- primary
    payee_id       text collate "C" primary key,
    payee_hash     char(64)         not null,
    times          integer          not null,
    held           boolean          not null default false,
    instruction_id uuid             not null -- the last one
);
grant select, insert, update, delete on payee_refusal to sluice_app;
grant select on payee_refusal to sluice_auditor;
