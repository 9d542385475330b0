-- What of each leg is neither ordered nor given up. What is held stays on its account until a later leg gives it up; so does what waits for
-- its deposit's report.
create or replace view open_leg as
    select l.leg_id, l.inflow_id, l.agreement_id, l.store_id, l.account, l.rule_hash, l.destination, l.currency, l.value_date,
           l.units - coalesce(r.units, 0) as open_units, l.path
    from leg l
    left join rail_claim c on c.payable_id = l.leg_id
    left join (select leg_id, sum(units)::bigint as units from leg_reduction group by leg_id) r on r.leg_id = l.leg_id
    where c.payable_id is null and l.units > coalesce(r.units, 0)
      and l.destination not in ('royalty.returns-reserve', 'cash.reserve', 'merchant.trapped', 'merchant.until-report');

create index leg_until_report on leg (agreement_id) where destination = 'merchant.until-report';

-- Of legs that no inflow has: the deposit that they were held of; null where all that an account held was released.
alter table leg add column released_of uuid;
create index leg_released_of on leg (released_of) where released_of is not null;
