-- What an independent auditor may rely on (DESIGN 4): extended, never changed.

create view chk_inflow as
    select i.inflow_id, a.bank, i.account, 'CREDIT'::text as direction, i.units, i.currency, i.value_date, i.state, i.evidence_sha256, i.kind
    from inflow i join bank_account a using (account);

create view chk_routing as
    select inflow_id, rule_hash, leg_id, path, destination as account, units, currency, agreement_id, store_id
    from leg;

create view chk_posting as
    select journal_id, line, account, units, currency, value_date, booked_on, source_event, agreement_id
    from posting;

-- Where an entitlement stands follows from the instruction that has claimed it.
create view chk_entitlement as
    select e.distribution_id, e.holder_id, e.gross, e.gross as net, 0::bigint as tax, 0::bigint as held, d.currency,
           case when c.payable_id is null then 'OPEN'
                when n.state = 'ACSC' then 'PAID'
                when n.state = 'RETURNED' then 'RETURNED'
                else 'INSTRUCTED' end as state
    from entitlement e
    join distribution d using (distribution_id)
    left join rail_claim c on c.payable_id = e.entitlement_id
    left join instruction n on n.instruction_id = c.instruction_id;

create view chk_instruction as
    select n.instruction_id, o.rail, n.payee_hash, n.units, n.currency, n.state, n.end_to_end_id, n.tx_hash, n.rule_hash, o.approval_hash,
           n.kind, n.token_units
    from instruction n join payment_order o using (order_id);

grant select on chk_inflow, chk_routing, chk_posting, chk_entitlement, chk_instruction to sluice_app, sluice_auditor;
