-- Where an agreement is in its life: ACTIVE, CAP_REACHED (shown while active and the cap is met), RUN_OFF, CLOSED.
alter table agreement
    add column cap_reached_on date,
    add column run_off_until  date,
    add column closed_on      date;

create table agreement_end ( -- primary: what one person has asked for
    hash         char(64) primary key,
    agreement_id text     not null,
    step         text     not null check (step in ('RUN_OFF', 'RELEASE', 'CLOSE')),
    until        date     not null,
    asked_by     text     not null
);
call make_append_only('agreement_end');
grant select, insert on agreement_end to sluice_app;
grant select on agreement_end to sluice_auditor;
