-- Deliveries of banks that write the attempt into the body, and of banks that only name what changed.

alter table inbox add column repeated_sha256 char(64); -- of what the bank repeats when it repeats the event; null: of the whole body
alter table inbox add column next_try_at timestamptz not null default now();
alter table inbox drop constraint inbox_state_check;
alter table inbox add constraint inbox_state_check check (state in ('NEW', 'FETCH', 'DONE', 'PARKED'));
create index inbox_fetch on inbox (next_try_at) where state = 'FETCH';
