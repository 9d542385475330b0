-- Where the chain holds a rule: null until it does, and where anchoring is off. States: DRAFT, APPROVED (waits for the chain), ACTIVE,
-- REFUSED (by the chain; its version number is free again).
alter table routing_rule
    add column anchor_registry text,
    add column anchor_tx       text,
    add column anchor_block    bigint,
    add column reason          text;
create index routing_rule_waits on routing_rule (agreement_id) where state = 'APPROVED';
