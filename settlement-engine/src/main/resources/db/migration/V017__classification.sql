-- What an account's credits are, as rules of its own, and which rule decided each.

create table classification_version ( -- primary: an account's own rules, replaced as a whole
    account text        not null,
    version integer     not null check (version > 0),
    rules   text        not null,
    made_by text        not null,
    made_at timestamptz not null,
    primary key (account, version)
);
call make_append_only('classification_version');
grant select, insert on classification_version to sluice_app;
grant select on classification_version to sluice_auditor;

alter table inflow add column decided_by text;
