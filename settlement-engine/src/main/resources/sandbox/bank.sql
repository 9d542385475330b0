-- The books of the simulated Meridian Bank. Amounts are minor units; times are business time unless a name says wall.

create table if not exists setting (
    name  text primary key,
    value text not null
);

-- CUSTOMER accounts are ours to see; NOSTRO, ISSUER and CHARGES are the bank's own other side, one per currency.
-- Every movement debits one account and credits one, so that the balances of a currency always sum to zero.
create table if not exists account (
    account  text primary key,
    name     text not null,
    currency char(3) not null,
    kind     text not null check (kind in ('CUSTOMER', 'NOSTRO', 'ISSUER', 'CHARGES')),
    notify   boolean not null,
    open     boolean not null default true,
    balance  bigint not null default 0,
    check (kind <> 'CUSTOMER' or balance >= 0)
);

create table if not exists movement (
    movement_id    bigint generated always as identity primary key,
    kind           text not null check (kind in ('DEPOSIT', 'TRANSFER', 'OWN', 'RETURN', 'ONRAMP', 'CHARGE')),
    debit_account  text not null references account,
    credit_account text not null references account,
    units          bigint not null check (units > 0),
    currency       char(3) not null,
    booked_at      timestamptz not null,
    booking_date   date not null,
    end_to_end_id  text,
    other_name     text,
    other_account  text,
    remittance     text,
    return_reason  text,
    check (debit_account <> credit_account)
);
create index if not exists movement_debit on movement (debit_account, movement_id);
create index if not exists movement_credit on movement (credit_account, movement_id);
create index if not exists movement_end_to_end on movement (end_to_end_id);

-- What a payer's bank has sent us, by the payer's own reference: the same deposit is booked once.
create table if not exists deposit (
    deposit_id  text primary key,
    movement_id bigint not null references movement
);

create table if not exists transfer_batch (
    batch_id        bigint generated always as identity primary key,
    idempotency_key text not null,
    body_sha256     text not null,
    created_at      timestamptz not null,
    answer          text not null
);
create index if not exists transfer_batch_key on transfer_batch (idempotency_key, created_at);

create table if not exists transfer (
    transfer_id      bigint generated always as identity primary key,
    batch_id         bigint not null references transfer_batch,
    position         int not null,
    end_to_end_id    text not null,
    debtor_account   text not null,
    creditor_name    text not null,
    creditor_account text not null,
    units            bigint not null,
    currency         char(3) not null,
    status           text not null,
    reason           text,
    return_on        date,
    return_reason    text,
    returned         boolean not null default false
);
create index if not exists transfer_end_to_end on transfer (end_to_end_id);
create index if not exists transfer_due_back on transfer (return_on) where return_on is not null and not returned;

-- Accounts elsewhere that are known to be closed: transfers to them are refused with AC04.
create table if not exists closed_elsewhere (
    account text primary key
);

create table if not exists onramp_quote (
    quote_id    bigint generated always as identity primary key,
    units       bigint not null,
    currency    char(3) not null,
    rate        text not null,
    token_units numeric(40) not null,
    expires_at  timestamptz not null
);

-- The signed mint is kept before it is sent, so that sending it again is the same transaction.
create table if not exists onramp (
    onramp_id        bigint generated always as identity primary key,
    idempotency_key  text not null,
    body_sha256      text not null,
    created_at       timestamptz not null,
    debtor_account   text not null,
    units            bigint not null,
    currency         char(3) not null,
    destination      text not null,
    end_to_end_id    text not null,
    token_units      numeric(40) not null,
    status           text not null check (status in ('COMPLETED', 'REJECTED')),
    reason           text,
    nonce            bigint unique,
    raw_transaction  text,
    transaction_hash text
);
create index if not exists onramp_key on onramp (idempotency_key, created_at);

create table if not exists statement (
    statement_id bigint generated always as identity primary key,
    account      text not null references account,
    day          date not null,
    sequence     int not null,
    opening      bigint not null,
    closing      bigint not null,
    document     bytea not null,
    unique (account, day),
    unique (account, sequence)
);

-- Told at least once: a row stays due until the engine has answered 2xx, and some are told twice or late on purpose.
create table if not exists webhook (
    seq             bigint generated always as identity primary key,
    event_id        text not null unique,
    body            text not null,
    due_wall        timestamptz not null,
    attempts        int not null default 0,
    repeats_left    int not null default 0,
    delivered_wall  timestamptz,
    last_answer     text
);
create index if not exists webhook_due on webhook (due_wall) where delivered_wall is null or repeats_left > 0;

-- What the simulated people have done, so that a restart does not do it again.
create table if not exists done (
    step text primary key
);
