-- What inflows of one account have in common is written once: a row names its terms and holds what is its own, its evidence as 32 bytes
-- (docs/decisions/terms-of-inflows.md).

-- The start of the SHA-256 over each text, ended by a byte that no text of PostgreSQL holds; no reason adds none. Two terms never give the
-- same bytes. InflowTerms computes the same.
create function inflow_terms_id(account text, currency text, decided_by text) returns uuid
    language sql immutable parallel safe
    return (
        select substr(encode(sha256(string_agg(convert_to(t.words, 'UTF8') || '\x00'::bytea, ''::bytea order by t.place)), 'hex'), 1, 32)::uuid
        from unnest(array[account, currency, decided_by]) with ordinality as t (words, place)
        where t.words is not null);

create table inflow_terms (
    terms_id   uuid primary key,
    account    text not null,
    currency   text not null,
    decided_by text,
    check (terms_id = inflow_terms_id(account, currency, decided_by))
);

insert into inflow_terms
    select inflow_terms_id(account, currency, decided_by), account, currency, decided_by
    from (select distinct account, currency, decided_by from inflow) i;

-- No foreign key, as divisions have none: Inflows writes terms before the inflows that name them, in the same transaction.
create table booked_inflow (
    inflow_id       uuid        not null,
    terms_id        uuid        not null,
    units           bigint      not null,
    booked_at       timestamptz not null,
    value_date      date        not null,
    reversed        boolean     not null,
    kind            text        not null,
    evidence_sha256 bytea       not null,
    end_to_end_id   text        not null, -- '' where there is none: a null, the ninth column's bitmap, would cost each row eight bytes
    constraint booked_inflow_units check (units > 0),
    constraint booked_inflow_evidence check (length(evidence_sha256) = 32)
);

insert into booked_inflow
    select i.inflow_id, t.terms_id, i.units, i.booked_at, i.value_date, i.state = 'REVERSED', i.kind, decode(i.evidence_sha256, 'hex'),
           coalesce(i.end_to_end_id, '')
    from inflow i left join inflow_terms t -- none is lost: one without terms would be refused
        on t.account = i.account and t.currency = i.currency and coalesce(t.decided_by, '') = coalesce(i.decided_by, '')
        and (t.decided_by is null) = (i.decided_by is null);

drop view chk_inflow;
drop table inflow;
alter table booked_inflow add primary key (inflow_id);
create index booked_inflow_recent on booked_inflow (booked_at);
create index booked_inflow_unknown on booked_inflow (booked_at) where kind = 'UNKNOWN';

-- A left join, which PostgreSQL leaves out where nobody asks for terms, and which keeps the order of an index.
create view inflow as
    select b.inflow_id, t.account, b.kind, b.units, t.currency, b.value_date, case when b.reversed then 'REVERSED' else 'BOOKED' end as state,
           encode(b.evidence_sha256, 'hex')::char(64) as evidence_sha256, nullif(b.end_to_end_id, '') as end_to_end_id,
           b.booked_at, t.decided_by, b.reversed
    from booked_inflow b left join inflow_terms t using (terms_id);

create view chk_inflow as
    select i.inflow_id, a.bank, i.account, 'CREDIT'::text as direction, i.units, i.currency, i.value_date, i.state, i.evidence_sha256, i.kind
    from inflow i join bank_account a using (account);

call make_append_only('inflow_terms');
grant select, insert on inflow_terms to sluice_app;
grant select, insert, update on booked_inflow to sluice_app;
grant select on inflow_terms, booked_inflow to sluice_auditor;
grant select on inflow, chk_inflow to sluice_app, sluice_auditor;
