-- What people look at every second is read by index.

create index inbox_parked on inbox (inbox_id) where state = 'PARKED';
create index routing_parked on routing_queue (reason, since) where reason is not null;
