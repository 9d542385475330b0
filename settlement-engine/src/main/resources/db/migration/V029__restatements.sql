-- A wrong rule version's inflows accrue by a later version's terms: what was put before three people, and who they were.
create table restatement ( -- primary
    restatement_hash char(64)    primary key,
    agreement_id     text        not null,
    document         bytea       not null,
    made_by          text        not null,
    made_at          timestamptz not null,
    consented_by     text,
    consented_at     timestamptz,
    approved_by      text,
    approved_at      timestamptz,
    check ((consented_by is null) = (consented_at is null)),
    check ((approved_by is null) = (approved_at is null)),
    check (approved_by is null or (consented_by is not null and consented_by <> approved_by)),
    check (made_by <> coalesce(consented_by, '') and made_by <> coalesce(approved_by, ''))
);
create index restatement_of_agreement on restatement (agreement_id, made_at desc);
grant select, insert on restatement to sluice_app;
grant update (consented_by, consented_at, approved_by, approved_at) on restatement to sluice_app;
grant select on restatement to sluice_auditor;

alter table routing_rule add column restated_by char(64); -- the version in whose terms its inflows have accrued since
