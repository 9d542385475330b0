-- The event store and what every capability stands on. Owned by sluice_migrator; sluice_app writes, sluice_auditor reads.
-- Names are snake_case and given to Axon explicitly: its defaults fold to lower case and hide behind misleading errors.

create table event (
    global_index     bigint generated always as identity (cache 1) primary key,
    event_id         varchar(36)  not null,
    aggregate_id     varchar(128) collate "C" not null,
    sequence_no      bigint       not null,
    aggregate_type   varchar(64),
    occurred_at      varchar(40)  not null,
    payload_type     varchar(128) not null,
    payload_revision varchar(16),
    payload          bytea        not null,
    meta_data        bytea,
    -- Which transaction wrote the row: a sealer must not pass one that is still open.
    written_by       xid8         not null default pg_current_xact_id(),
    constraint event_once unique (event_id),
    constraint event_in_order unique (aggregate_id, sequence_no)
);

create table snapshot (
    aggregate_id     varchar(128) collate "C" not null,
    sequence_no      bigint       not null,
    aggregate_type   varchar(64)  not null,
    event_id         varchar(36)  not null unique,
    occurred_at      varchar(40)  not null,
    payload_type     varchar(128) not null,
    payload_revision varchar(16),
    payload          bytea        not null,
    meta_data        bytea,
    primary key (aggregate_id, sequence_no)
);

create table processor_token (
    processor_name varchar(128) not null,
    segment        integer      not null,
    token          bytea,
    token_type     varchar(255),
    touched_at     varchar(40),
    owner          varchar(255),
    primary key (processor_name, segment)
);

-- Keys apart from what they protect, so that they can stay out of ordinary backups.
create table data_key (
    name text  primary key,
    key  bytea not null
);

create table raw_evidence (
    sha256      char(64)    primary key,
    source      text        not null,
    key_name    text        not null,
    sealed      bytea       not null,
    length      integer     not null,
    received_at timestamptz not null default now()
);

create table api_token (
    token_sha256 char(64)    primary key,
    username     text        not null,
    expires_at   timestamptz not null
);

create table idempotent_request (
    username    text        not null,
    key         text        not null,
    body_sha256 char(64)    not null,
    status      integer,
    answer      bytea,
    started_at  timestamptz not null default now(),
    primary key (username, key)
);

create table audit_log (
    entry_no   bigint generated always as identity primary key,
    at         timestamptz not null default now(),
    username   text        not null,
    action     text        not null,
    subject    text        not null
);

create function refuse_change() returns trigger language plpgsql as $$
begin
    raise exception '% is append-only: % refused', tg_table_name, tg_op using errcode = 'insufficient_privilege';
end $$;

create procedure make_append_only(target regclass) language plpgsql as $$
begin
    execute format('create trigger no_change before update or delete on %s for each row execute function refuse_change()', target);
    execute format('create trigger no_truncate before truncate on %s for each statement execute function refuse_change()', target);
end $$;

call make_append_only('event');
call make_append_only('raw_evidence');
call make_append_only('audit_log');

grant usage on schema public to sluice_app, sluice_auditor;
-- Without the index column: nobody may insert an event into the past.
grant select on event to sluice_app;
grant insert (event_id, aggregate_id, sequence_no, aggregate_type, occurred_at, payload_type, payload_revision, payload, meta_data)
    on event to sluice_app;
grant select, insert on raw_evidence to sluice_app;
grant select on audit_log to sluice_app;
grant insert (username, action, subject) on audit_log to sluice_app;
grant select, insert, delete on data_key to sluice_app;
grant select, insert, update, delete on snapshot, processor_token, api_token, idempotent_request to sluice_app;
grant select on event, snapshot, processor_token, raw_evidence, audit_log to sluice_auditor;
