-- Value dates far from the day of booking wait until two people have said by which date such an inflow is divided.
alter table routing_queue
    add column booked_on date, -- null: a person has decided that it is a sale
    add column dated_by text; -- who approved its value date

create table value_date_choice ( -- primary
    choice_hash char(64)    primary key,
    inflow_id   uuid        not null,
    value_date  date        not null,
    reason      text        not null,
    made_by     text        not null,
    made_at     timestamptz not null
);
create index value_date_choices_of on value_date_choice (inflow_id, made_at);
call make_append_only('value_date_choice');
grant select, insert on value_date_choice to sluice_app;
grant select on value_date_choice to sluice_auditor;
