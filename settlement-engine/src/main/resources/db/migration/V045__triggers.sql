-- Triggers that somebody has turned on or off, and who did so last.
create table agreement_trigger (
    agreement_id text    not null references agreement,
    name         text    not null,
    is_on        boolean not null,
    set_by       text    not null,
    reason       text    not null,
    primary key (agreement_id, name)
);
grant select, insert, update, delete, truncate on agreement_trigger to sluice_app;
grant select on agreement_trigger to sluice_auditor;
