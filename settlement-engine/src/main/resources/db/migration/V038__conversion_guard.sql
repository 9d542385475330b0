-- Conversions that were outside their rule's bounds, and what a person let through.
create table conversion_stop ( -- primary
    order_id    uuid primary key,
    times       integer not null, -- how often it was told; the last one is meant
    quoted      numeric not null, -- smallest units of the coin
    executed    numeric,          -- null: nothing was bought
    open        boolean not null,
    approved_by text
);
grant select, insert, update on conversion_stop to sluice_app;
grant select on conversion_stop to sluice_auditor;
