-- One person stops an agreement's routing; two let it go on.
alter table agreement
    add column held_by     text,
    add column held_at     timestamptz,
    add column held_reason text;
