-- Collection, routing, royalty, settlement, ledger, reconciliation. "Primary" tables are kept; the others are read models of events.
-- Every row that a queue or a worker is chosen by carries the account: it is the cell key.

-- collection ---------------------------------------------------------------------------------------------------------

create table inbox ( -- primary
    inbox_id    bigint generated always as identity primary key,
    source      text        not null,
    event_id    text        not null,
    body_sha256 char(64)    not null references raw_evidence,
    kind        text        not null check (kind in ('WEBHOOK', 'CAMT')),
    received_at timestamptz not null default now(),
    state       text        not null default 'NEW' check (state in ('NEW', 'DONE', 'PARKED')),
    attempts    integer     not null default 0,
    reason      text,
    constraint delivered_once unique (source, event_id)
);
create index inbox_new on inbox (inbox_id) where state = 'NEW';

create table inbox_conflict ( -- primary: same id, other bytes
    inbox_id    bigint      not null references inbox,
    body_sha256 char(64)    not null references raw_evidence,
    received_at timestamptz not null default now(),
    primary key (inbox_id, body_sha256)
);

create table bank_account (
    account  text primary key,
    bank     text not null,
    currency text not null,
    kind     text not null check (kind in ('COLLECTION', 'TRUST', 'FEE')),
    name     text not null
);

create table inflow_key ( -- primary: every reference by which an inflow is known
    account   text not null,
    kind      text not null,
    key       text collate "C" not null, -- hashed: references can hold personal data
    inflow_id uuid not null,
    primary key (account, kind, key)
);
create index inflow_keys_of on inflow_key (inflow_id);

create table inflow (
    inflow_id       uuid primary key,
    account         text not null,
    kind            text not null,
    units           bigint not null check (units > 0),
    currency        text not null,
    value_date      date not null,
    state           text not null,
    evidence_sha256 char(64) not null,
    end_to_end_id   text,
    booked_at       timestamptz not null
);
create index inflow_recent on inflow (booked_at desc);

create table sighting ( -- primary: each time that something told of an inflow
    inflow_id       uuid not null,
    evidence_sha256 char(64) not null,
    line_no         integer not null,
    source          text not null,
    seen_at         timestamptz not null default now(),
    primary key (inflow_id, evidence_sha256, line_no)
);

-- routing ------------------------------------------------------------------------------------------------------------

create table agreement (
    agreement_id  text primary key,
    name          text not null,
    currency      text not null,
    token         text not null,
    trust_account text not null,
    fee_account   text not null
);

create table store (
    store_id           text primary key,
    agreement_id       text not null references agreement,
    merchant_id        text not null,
    merchant_name      text not null,
    collection_account text not null unique,
    payee_id           text not null
);

create table rule_document ( -- primary, content-addressed
    rule_hash char(64) primary key,
    document  bytea not null
);

create table routing_rule (
    rule_hash      char(64) primary key,
    agreement_id   text not null,
    version        integer not null,
    effective_from date not null,
    state          text not null,
    made_by        text not null,
    approved_by    text
);

create table routing_queue ( -- primary: an inflow stays until it is routed
    inflow_id  uuid primary key,
    account    text not null,
    units      bigint not null,
    currency   text not null,
    value_date date not null,
    since      timestamptz not null default now(),
    reason     text
);
create index routing_queue_by_account on routing_queue (account, since);

create table routed_inflow ( -- primary: the claim that an inflow is divided once
    inflow_id uuid primary key
);

create table leg (
    leg_id       uuid primary key,
    inflow_id    uuid not null,
    agreement_id text not null,
    store_id     text not null,
    account      text not null,
    rule_hash    char(64) not null,
    path         text not null,
    destination  text not null,
    units        bigint not null,
    currency     text not null,
    value_date   date not null
);
create index leg_of_inflow on leg (inflow_id);

-- royalty ------------------------------------------------------------------------------------------------------------

create table register_snapshot ( -- primary, content-addressed
    snapshot_hash char(64) primary key,
    content       bytea not null
);

create table holder_register (
    agreement_id  text primary key,
    snapshot_hash char(64) not null,
    holders       integer not null,
    total_units   numeric not null
);

create table pool_credit ( -- primary: a leg is credited to a pool once
    leg_id uuid primary key
);

create table royalty_pool (
    agreement_id text not null,
    currency     text not null,
    units        bigint not null,
    primary key (agreement_id, currency)
);

create table distribution (
    distribution_id uuid primary key,
    agreement_id    text not null,
    currency        text not null,
    record_point    timestamptz not null,
    sequence_no     integer not null,
    snapshot_hash   char(64) not null,
    pool_units      bigint not null,
    entitled_units  bigint not null,
    paid_units      bigint not null default 0,
    holders         integer not null,
    entitlement_hash char(64) not null,
    rule_hash       char(64) not null,
    state           text not null,
    approval_hash   text
);
create index distribution_recent on distribution (record_point desc);

create table entitlement (
    distribution_id uuid not null,
    ordinal         integer not null,
    holder_id       text collate "C" not null,
    entitlement_id  uuid not null,
    gross           bigint not null check (gross >= 0),
    primary key (distribution_id, ordinal)
);
create unique index entitlement_by_id on entitlement (entitlement_id);

create table holder_carry ( -- the exact fraction of a minor unit that a holder is ahead
    agreement_id text not null,
    currency     text not null,
    holder_id    text collate "C" not null,
    carry        text not null,
    primary key (agreement_id, currency, holder_id)
);

-- investors ----------------------------------------------------------------------------------------------------------

create table payee ( -- primary; the details are sealed under the payee's own key
    payee_id  text collate "C" primary key,
    kind      text not null check (kind in ('HOLDER', 'MERCHANT', 'OWN')),
    rail      text not null check (rail in ('BANK', 'CHAIN')),
    key_name  text not null,
    sealed    bytea not null,
    sha256    char(64) not null
);

-- policies -----------------------------------------------------------------------------------------------------------

create table mandate (
    mandate_hash     char(64) primary key,
    agreement_id     text not null,
    document         text not null,
    state            text not null,
    made_by          text not null,
    approved_by      text
);

create table work_item (
    item_id   text primary key,
    kind      text not null,
    hash      text not null,
    summary   text not null,
    made_by   text not null,
    made_at   timestamptz not null,
    state     text not null check (state in ('OPEN', 'DONE')),
    done_by   text
);
create index work_open on work_item (made_at) where state = 'OPEN';

-- settlement ---------------------------------------------------------------------------------------------------------

create table cut_off ( -- primary
    day      date primary key,
    state    text not null check (state in ('RUNNING', 'DONE')),
    ran_at   timestamptz not null
);

create table token_arrival ( -- primary: coins that arrived at the contract, in finalized blocks
    transaction_hash text primary key,
    token            text not null,
    token_units      numeric not null,
    block            bigint not null
);

create table return_queue ( -- primary: a return stays until its instruction is found settled
    inflow_id     uuid primary key,
    end_to_end_id text not null,
    units         bigint not null,
    value_date    date not null
);

create table rail_claim ( -- primary: a payable goes out on one rail, in one live instruction
    payable_id     uuid primary key,
    instruction_id uuid not null
);
create index rail_claims_of on rail_claim (instruction_id);

create table payable_series ( -- primary: how often a payable was ordered and definitely not executed
    payable_id uuid primary key,
    series     integer not null
);

create table payment_order (
    order_id     uuid primary key,
    rail         text not null check (rail in ('BANK', 'ONRAMP', 'CHAIN')),
    account      text not null, -- funding account at the bank, or the contract on chain
    bank         text not null,
    agreement_id text not null,
    currency     text not null,
    day          date not null,
    rows         integer not null,
    units        bigint not null,
    state        text not null,
    approval_hash text not null,
    funded_by    uuid, -- a chain order waits for the on-ramp order that buys its coins
    token_units  numeric,
    transaction_hash text,
    made_at      timestamptz not null
);
create index payment_order_day on payment_order (day, agreement_id);

create table payout_queue ( -- primary: a released distribution stays until its payouts are ordered
    distribution_id uuid primary key,
    agreement_id    text not null,
    currency        text not null,
    approval_hash   text not null,
    rule_hash       char(64) not null
);

create table instruction (
    instruction_id uuid primary key,
    order_id       uuid not null references payment_order,
    row_no         integer not null,
    kind           text not null,
    agreement_id   text not null,
    payee_id       text collate "C" not null,
    payee_hash     char(64) not null,
    units          bigint not null check (units > 0),
    currency       text not null,
    token_units    numeric,
    rule_hash      char(64),
    end_to_end_id  varchar(35) not null unique,
    state          text not null,
    reason         text,
    tx_hash        text,
    unique (order_id, row_no)
);
create index instruction_open on instruction (state) where state not in ('ACSC', 'RJCT', 'CANC');

create table outbox ( -- primary
    order_id    uuid primary key,
    rail        text not null,
    lane        text not null,
    position    bigint generated always as identity,
    body        bytea not null,
    body_sha256 char(64) not null,
    key_name    text not null,
    state       text not null check (state in ('READY', 'WAITING', 'ATTEMPTED', 'UNKNOWN', 'DONE', 'PARKED')),
    attempt     integer not null default 0,
    lease_owner text,
    lease_until timestamptz,
    fence       bigint not null default 0,
    next_at     timestamptz not null default now(),
    first_sent  timestamptz,
    note        text
);
create index outbox_due on outbox (lane, position) where state in ('READY', 'ATTEMPTED', 'UNKNOWN');

create table outbox_attempt ( -- primary
    order_id    uuid not null,
    attempt     integer not null,
    fence       bigint not null,
    body_sha256 char(64) not null,
    started_at  timestamptz not null default now(),
    primary key (order_id, attempt)
);

-- ledger -------------------------------------------------------------------------------------------------------------

create table posting (
    journal_id   uuid not null,
    line         integer not null,
    account      text not null,
    agreement_id text not null,
    units        numeric not null,
    currency     text not null,
    value_date   date not null,
    booked_on    date not null,
    source_event text not null,
    primary key (journal_id, line)
);
create index posting_by_account on posting (account, booked_on);

create table balance (
    account      text not null,
    agreement_id text not null,
    currency     text not null,
    units        numeric not null,
    primary key (account, agreement_id, currency)
);

-- reconciliation -----------------------------------------------------------------------------------------------------

create table bank_cursor ( -- primary: the last statement that was taken in from each bank
    bank         text primary key,
    statement_id text not null
);

create table statement_queue ( -- primary: a statement stays until it is compared
    statement_id uuid primary key,
    position     bigint generated always as identity,
    account      text not null,
    summary      text not null
);

create table bank_statement (
    statement_id    uuid primary key,
    account         text not null,
    bank_reference  text not null,
    day             date not null,
    currency        text not null,
    opening_units   bigint not null,
    closing_units   bigint not null,
    entries         integer not null,
    evidence_sha256 char(64) not null,
    accepted_at     timestamptz not null,
    unique (account, bank_reference)
);
create index bank_statement_by_account on bank_statement (account, day);

create table statement_line (
    statement_id uuid not null references bank_statement,
    line_no      integer not null,
    direction    text not null,
    units        bigint not null,
    currency     text not null,
    booked_on    date not null,
    state        text not null check (state in ('OPEN', 'MATCHED')),
    rule         text,
    matched_with text,
    primary key (statement_id, line_no)
);
create index statement_line_open on statement_line (booked_on) where state = 'OPEN';

create table reconciliation_break (
    break_id    uuid primary key,
    type        text not null,
    account     text not null,
    subject     text not null,
    detail      text not null,
    raised_on   date not null,
    resolved_on date
);
create index break_open on reconciliation_break (raised_on) where resolved_on is null;

-- Who may do what. --------------------------------------------------------------------------------------------------

call make_append_only('rule_document');
call make_append_only('register_snapshot');
call make_append_only('routed_inflow');
call make_append_only('pool_credit');
call make_append_only('outbox_attempt');
call make_append_only('inbox_conflict');
call make_append_only('posting');

grant select, insert on token_arrival, rule_document, register_snapshot, routed_inflow, pool_credit, outbox_attempt, inbox_conflict, posting to sluice_app;
grant select, insert, update on inbox, inflow_key, sighting, cut_off, outbox, bank_cursor, payable_series to sluice_app;
grant select, insert, update, delete on routing_queue, payout_queue, return_queue, statement_queue, rail_claim, payee to sluice_app;
grant select, insert, update, delete, truncate on
    bank_account, inflow, agreement, store, routing_rule, leg, holder_register, royalty_pool, distribution, entitlement, holder_carry,
    mandate, work_item, payment_order, instruction, balance, bank_statement, statement_line, reconciliation_break
    to sluice_app;
grant select on all tables in schema public to sluice_auditor;
revoke all on data_key, payee, api_token, idempotent_request from sluice_auditor;
