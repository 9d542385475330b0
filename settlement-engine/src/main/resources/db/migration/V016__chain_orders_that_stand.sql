-- An order that stands is tried until the chain has executed it: a trial run that reverts only delays it, and after a transaction that
-- reverted in a final block its call is ordered again, in a row of its own under the same base_key.
alter table chain_order
    add stands   boolean not null default false,
    add base_key text collate "C";
update chain_order set base_key = order_key;
update chain_order set stands = true where state <> 'FAILED' and order_key ~ '^(order|allowance|heartbeat):';
alter table chain_order alter base_key set not null;
create index chain_order_base on chain_order (base_key, seq);

-- Who dealt with what only tells, and how.
alter table work_item add note text;
