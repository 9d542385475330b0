-- What an event credits to pools counts once, however often a lane sees it: one claim for an event, which tells of up to a hundred legs, where there
-- was one for each leg (pool_credit, which stays: it is asked for legs that were credited by then).
create table pool_credit_event ( -- primary: an event's legs are credited to their pools once
    event_id varchar(36) primary key
);

call make_append_only('pool_credit_event');
grant select, insert on pool_credit_event to sluice_app;
grant select on pool_credit_event to sluice_auditor;
