-- What a deposit came from: estimated until its platform has reported.
alter table leg add column provisional_base bigint; -- of the whole inflow, on each of its legs; null where the basis is the inflow
create index leg_with_estimate on leg (account, value_date, inflow_id) where provisional_base is not null;

create table settlement_report ( -- primary: a deposit is reported once
    inflow_id        uuid        primary key,
    agreement_id     text        not null,
    platform         text        not null,
    report_id        text        not null,
    report_sha256    text        not null,
    gross_sales      bigint      not null,
    refunds          bigint      not null,
    fees             bigint      not null,
    platform_reserve bigint      not null,
    deposit          bigint      not null,
    estimated_base   bigint      not null,
    base             bigint      not null,
    reported_by      text        not null,
    reported_at      timestamptz not null, -- business time
    unique (platform, report_id)
);
call make_append_only('settlement_report');
grant select, insert on settlement_report to sluice_app;
grant select on settlement_report to sluice_auditor;
