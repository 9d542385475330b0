-- What a rule version would give whom: kept, since nobody approves a version that nobody has simulated.
create table simulation ( -- primary
    simulation_id bigint      generated always as identity primary key,
    agreement_id  text        not null,
    rule_hash     char(64)    not null, -- of a draft, or of a document that was not put forward
    compared_hash char(64),
    inputs_sha256 char(64)    not null,
    result        bytea       not null,
    made_by       text        not null,
    made_at       timestamptz not null -- business time
);
create index simulation_of_rule on simulation (rule_hash, simulation_id desc);
create index simulation_of_agreement on simulation (agreement_id, simulation_id desc);
call make_append_only('simulation');
grant select, insert on simulation to sluice_app;
grant select on simulation to sluice_auditor;
