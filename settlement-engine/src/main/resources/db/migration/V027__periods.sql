-- The books are closed period by period. What comes late keeps its value date and is booked on the first day that is open.

create table ledger_period ( -- read model: what is closed, and stays so
    last_day  date        primary key,
    first_day date, -- null for the first: all that was before
    closed_at timestamptz not null
);
grant select, insert, update, delete, truncate on ledger_period to sluice_app;
grant select on ledger_period to sluice_auditor;

alter table posting
    add column belonged_to date,        -- the last day of the closed period that a late posting would have been in
    add column recorded_at timestamptz; -- when its event was recorded: what the books said at an instant
alter table posting disable trigger user;
update posting p set recorded_at = e.occurred_at::timestamptz from event e where e.event_id = p.source_event;
alter table posting enable trigger user;
alter table posting alter column recorded_at set not null;

create table day_balance ( -- read model: what each day did to each account; sums of these are balances as of any day
    account      text    not null,
    agreement_id text    not null,
    currency     text    not null,
    value_date   date    not null,
    booked_on    date    not null,
    units        numeric not null,
    primary key (account, agreement_id, currency, value_date, booked_on)
);
insert into day_balance
    select account, agreement_id, currency, value_date, booked_on, sum(units) from posting group by 1, 2, 3, 4, 5;
grant select, insert, update, delete, truncate on day_balance to sluice_app;
grant select on day_balance to sluice_auditor;

create or replace view chk_posting as
    select journal_id, line, account, units, currency, value_date, booked_on, source_event, agreement_id, belonged_to, recorded_at
    from posting;

-- From here to the end of the transaction nobody else appends an event, and every event with a lower index is committed or never will
-- be: what is appended next stands at one place in the order, for those who read along and for those who read again.
create function settle_event_order() returns void language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
    lock table public.event in share row exclusive mode;
end $$;
revoke all on function settle_event_order() from public;
grant execute on function settle_event_order() to sluice_app;
