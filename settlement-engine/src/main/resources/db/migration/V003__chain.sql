-- What we asked of the chain, what we signed for it and what it answered. Amounts of gas and fees are in gas and wei.

-- One order to the chain, once per key. It has a nonce from the moment that it is signed.
create table chain_order (
    order_key       text        collate "C" primary key,
    seq             bigint      generated always as identity unique,
    chain_id        bigint      not null,
    sender          text        not null,
    recipient       text        not null,
    data            bytea       not null,
    gas_limit       bigint,
    content_hash    text        not null,
    state           text        not null default 'PREPARED'
        check (state in ('PREPARED', 'SIGNED', 'SENT', 'MINED', 'FINAL', 'FAILED')),
    nonce           bigint,
    sent_at_block   bigint,
    mined_in_block  bigint,
    mined_in_hash   text,
    mined_as        text,
    problem         text,
    attempts        integer     not null default 0,
    next_attempt_at timestamptz not null,
    enqueued_at     timestamptz not null,
    unique (chain_id, sender, nonce),
    check ((state = 'PREPARED') <= (nonce is null)),
    check ((state in ('SIGNED', 'SENT', 'MINED', 'FINAL')) <= (nonce is not null)),
    check ((state in ('MINED', 'FINAL')) = (mined_in_hash is not null and state <> 'FAILED'))
);
create index chain_order_open on chain_order (chain_id, sender, state, seq) where state not in ('FINAL', 'FAILED');

-- A sender's next nonce: whoever signs holds this row.
create table chain_lane (
    chain_id   bigint not null,
    sender     text   not null,
    next_nonce bigint not null check (next_nonce >= 0),
    primary key (chain_id, sender)
);

-- The signer's guard: a nonce is for one order and one payload, for ever; an order has one nonce.
create table chain_nonce (
    chain_id     bigint not null,
    sender       text   not null,
    nonce        bigint not null,
    order_key    text   not null unique references chain_order,
    payload_hash text   not null,
    primary key (chain_id, sender, nonce)
);

-- Every signed variant of a transaction, byte for byte, stored before it is sent.
create table chain_signed (
    chain_id  bigint      not null,
    sender    text        not null,
    nonce     bigint      not null,
    variant   integer     not null,
    raw       bytea       not null,
    tx_hash   text        not null unique,
    max_fee   numeric(78) not null,
    tip       numeric(78) not null,
    signed_at timestamptz not null,
    primary key (chain_id, sender, nonce, variant),
    foreign key (chain_id, sender, nonce) references chain_nonce
);

-- The blocks that we have seen, as long as they can still be replaced.
create table chain_block (
    chain_id    bigint not null,
    number      bigint not null,
    hash        text   not null,
    parent_hash text   not null,
    primary key (chain_id, number)
);

-- How far finalized blocks have been read for transfers.
create table chain_cursor (
    chain_id     bigint primary key,
    read_through bigint not null
);

-- Token transfers to a watched address, told once.
create table chain_incoming (
    tx_hash      text        not null,
    ordinal      integer     not null,
    log_index    bigint      not null,
    chain_id     bigint      not null,
    token        text        not null,
    sender       text        not null,
    recipient    text        not null,
    units        numeric(78) not null,
    block_number bigint      not null,
    block_hash   text        not null,
    primary key (tx_hash, ordinal)
);

grant select, insert, update on chain_order, chain_lane, chain_cursor to sluice_app;
grant select, insert on chain_nonce, chain_signed, chain_incoming to sluice_app;
grant select, insert, delete on chain_block to sluice_app;
grant select on chain_order, chain_lane, chain_nonce, chain_signed, chain_block, chain_cursor, chain_incoming to sluice_auditor;
