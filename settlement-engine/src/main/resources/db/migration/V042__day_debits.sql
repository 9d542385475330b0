-- What each day put on an account and took off it, apart: how old what is open is follows from both, not from their difference.

alter table day_balance add column debits numeric not null default 0 check (debits >= 0); -- credits are debits - units
update day_balance d set debits = p.debits
    from (select account, agreement_id, currency, value_date, booked_on, sum(units) as debits from posting where units > 0
          group by account, agreement_id, currency, value_date, booked_on) p
    where (d.account, d.agreement_id, d.currency, d.value_date, d.booked_on)
        = (p.account, p.agreement_id, p.currency, p.value_date, p.booked_on);
alter table day_balance alter column debits drop default;
