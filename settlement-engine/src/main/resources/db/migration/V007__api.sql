-- What an answered request answered, so that its repetition answers the same.
alter table idempotent_request add column content_type text;
create index idempotent_request_age on idempotent_request (started_at);
