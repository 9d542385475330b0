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

-- As the events until here have it: no lane reads them again.
insert into agreement_trigger (agreement_id, name, is_on, set_by, reason)
    select distinct on (t.agreement_id, t.body ->> 'trigger')
           t.agreement_id, t.body ->> 'trigger', (t.body ->> 'on')::boolean, t.body ->> 'by', t.body ->> 'reason'
    from (select aggregate_id as agreement_id, sequence_no, convert_from(payload, 'UTF8')::jsonb as body
          from event where payload_type = 'routing.TriggerSet') t
    where exists (select from agreement a where a.agreement_id = t.agreement_id)
    order by t.agreement_id, t.body ->> 'trigger', t.sequence_no desc;
