-- Seals over the events: each covers a run of the index, and by the hash of the one before all that went before. Written by the engine's
-- sealer behind the commits, so that no writer waits for another; checked by ./sluice verify-events.
create table event_seal (
    seal_no     bigint      primary key check (seal_no > 0),
    from_index  bigint      not null unique,
    to_index    bigint      not null unique check (to_index >= from_index),
    count       integer     not null check (count > 0),
    merkle_root char(64)    not null,
    prev_hash   char(64)    not null,
    hash        char(64)    not null unique,
    -- For each event 8 bytes of its index and the first 8 of its leaf: not needed to find that something was changed, but to say what.
    leaves      bytea       not null,
    sealed_at   timestamptz not null default now()
);

-- Seals whose hash the chain holds, in blocks that are final.
create table seal_anchor (
    seal_no          bigint      primary key references event_seal,
    registry         text        not null,
    transaction_hash text        not null,
    block_number     bigint      not null,
    anchored_at      timestamptz not null default now()
);

call make_append_only('event_seal');
call make_append_only('seal_anchor');
grant select, insert on event_seal, seal_anchor to sluice_app;
grant select on event_seal, seal_anchor to sluice_auditor;

create view chk_event_chain as
    select s.seal_no, s.from_index, s.to_index, s.hash, s.prev_hash, s.count, s.merkle_root, a.transaction_hash as anchor_tx
    from event_seal s left join seal_anchor a using (seal_no);
grant select on chk_event_chain to sluice_app, sluice_auditor;
