-- Nothing new leaves a frozen account; what was sent before is still asked about.
create table release_freeze ( -- primary
    freeze_id uuid        primary key,
    account   text        not null,
    reason    text        not null,
    frozen_at timestamptz not null,
    lifted_at timestamptz,
    lifted_by text,
    check ((lifted_at is null) = (lifted_by is null))
);
create index release_freeze_open on release_freeze (account) where lifted_at is null;
grant select, insert, update on release_freeze to sluice_app;
grant select on release_freeze to sluice_auditor;

create index instruction_returned on instruction (agreement_id, kind, currency) where state = 'RETURNED';

create table mandate_use ( -- primary: what was released under a mandate, once each
    release      text    primary key,
    mandate_hash text    not null,
    agreement_id text    not null,
    currency     text    not null,
    day          date    not null,
    units        numeric not null
);
create index mandate_use_day on mandate_use (agreement_id, day);
call make_append_only('mandate_use');
grant select, insert on mandate_use to sluice_app;
grant select on mandate_use to sluice_auditor;

-- The same reference over other content is another statement: kept, compared, and reported.
alter table bank_statement drop constraint bank_statement_account_bank_reference_key;
create index bank_statement_reference on bank_statement (account, bank_reference);
