-- Whom a rule's claim pays by name.
alter table payee drop constraint payee_kind_check;
alter table payee add constraint payee_kind_check check (kind in ('HOLDER', 'MERCHANT', 'OWN', 'SENDER', 'PARTY'));

-- What of each leg is neither ordered nor given up. What is held stays on its account until a later inflow's leg gives it up.
create or replace view open_leg as
    select l.leg_id, l.inflow_id, l.agreement_id, l.store_id, l.account, l.rule_hash, l.destination, l.currency, l.value_date,
           l.units - coalesce(r.units, 0) as open_units, l.path
    from leg l
    left join rail_claim c on c.payable_id = l.leg_id
    left join (select leg_id, sum(units)::bigint as units from leg_reduction group by leg_id) r on r.leg_id = l.leg_id
    where c.payable_id is null and l.units > coalesce(r.units, 0)
      and l.destination not in ('royalty.returns-reserve', 'cash.reserve', 'merchant.trapped');
