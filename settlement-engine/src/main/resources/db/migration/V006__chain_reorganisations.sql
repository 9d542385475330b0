-- What the chain took back after we had seen it: a fact, kept for ever. Blocks above common were replaced.

create table chain_reorganisation (
    reorganisation_no bigint      generated always as identity primary key,
    chain_id          bigint      not null,
    common            bigint      not null,
    old_tip           bigint      not null,
    old_tip_hash      text        not null,
    new_tip           bigint      not null,
    new_tip_hash      text        not null,
    orders_unmined    integer     not null,
    below_finalized   boolean     not null,
    seen_at           timestamptz not null default now(),
    check (common < old_tip)
);
call make_append_only('chain_reorganisation');
grant select, insert on chain_reorganisation to sluice_app;
grant select on chain_reorganisation to sluice_auditor;
