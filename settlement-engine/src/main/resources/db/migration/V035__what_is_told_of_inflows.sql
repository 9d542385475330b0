-- What an announced credit is booked as, should it count by what was told of it so far; null in books from before, until it is told again.
alter table announced_inflow
    add column kind              text,
    add column value_date        date,
    add column value_date_source text,
    add column told_by_sha256    char(64), -- of the strongest of what told of it
    add column our_reference     text,
    add column decided_by        text;
create index announced_open on announced_inflow (account, inflow_id) where state <> 'BOOKED';

create table announcement_review ( -- primary: by which policy, and on which business day, the announced of an account were looked through
    account     text primary key,
    policy      text not null,
    reviewed_on date not null
);
grant select, insert, update on announcement_review to sluice_app;
grant select on announcement_review to sluice_auditor;

create table own_inflow ( -- primary: inflows that counted as money of ours; what is told of them later can say otherwise
    inflow_id uuid primary key,
    kind      text not null check (kind in ('OWN_TRANSFER', 'RETURN'))
);
insert into own_inflow select inflow_id, kind from inflow where kind in ('OWN_TRANSFER', 'RETURN');
call make_append_only('own_inflow');
grant select, insert on own_inflow to sluice_app;
grant select on own_inflow to sluice_auditor;

-- A movement id is found under other amounts too from here on: the amount stands behind the hash. What was known before keeps its key.
update inflow_key set kind = 'EARLY_MOVEMENT' where kind = 'MOVEMENT';

create table listing_check ( -- primary: before which day all that counted on an account was looked for on its daily statements
    account       text primary key,
    checked_until date not null
);
grant select, insert, update on listing_check to sluice_app;
grant select on listing_check to sluice_auditor;
