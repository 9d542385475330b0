-- Journals by hand: only of a kind that is laid down here, on its accounts and up to its limit, by two people.

create table journal_template (
    template text   primary key,
    title    text   not null,
    debit    text[] not null, -- accounts; a name that ends in /* stands for that of every registered bank account
    credit   text[] not null
);

create table journal_limit (
    template text   not null references journal_template,
    currency text   not null,
    units    bigint not null check (units > 0), -- minor units of one journal's debits
    primary key (template, currency)
);

create table manual_journal ( -- primary: what was put before people, its words sealed as evidence under its hash
    journal_id     uuid        primary key,
    reference      text        not null unique,
    content_sha256 char(64)    not null references raw_evidence,
    document_sha256 char(64)   references raw_evidence,
    made_by        text        not null,
    made_at        timestamptz not null
);
call make_append_only('manual_journal');

insert into journal_template (template, title, debit, credit) values
    ('clearing-transfer', 'Between clearing accounts',
     array['clearing.refunds', 'clearing.exchange', 'clearing.returns', 'owner.funding'],
     array['clearing.refunds', 'clearing.exchange', 'clearing.returns', 'owner.funding']),
    ('bank-correction', 'What a bank booked and we did not, or otherwise',
     array['bank.collection/*', 'bank.royalty-trust/*', 'bank.fees/*', 'bank.charges', 'bank.interest', 'clearing.exchange'],
     array['bank.collection/*', 'bank.royalty-trust/*', 'bank.fees/*', 'bank.charges', 'bank.interest', 'clearing.exchange']),
    ('loss', 'What is lost by our error',
     array['loss.error'],
     array['clearing.refunds', 'clearing.exchange', 'clearing.returns', 'fees.platform', 'bank.unallocated', 'receivable.recall']),
    ('loss-recovered', 'What was lost and came back',
     array['clearing.refunds', 'clearing.exchange', 'clearing.returns', 'fees.platform', 'bank.unallocated'],
     array['loss.error']),
    ('unclaimed', 'What nobody claims on chain',
     array['holder.owed-on-chain'],
     array['holder.unclaimed']);

insert into journal_limit (template, currency, units)
    select template, currency, units
    from journal_template, (values ('EUR', 1000000), ('USD', 1000000), ('GBP', 1000000), ('CHF', 1000000), ('SGD', 1500000),
        ('HKD', 8000000), ('CNY', 7000000), ('JPY', 1500000), ('xEUR', 10000000000), ('xUSD', 10000000000), ('xHKD', 80000000000)) l (currency, units);

grant select on journal_template, journal_limit to sluice_app;
grant select, insert on manual_journal to sluice_app;
grant select on journal_template, journal_limit, manual_journal to sluice_auditor;
