-- An event of many inflows is some ten kilobytes: lz4 makes it about as small as pglz does, for a tenth of the work. Servers that are built
-- without it keep what they have.
do $$
begin
    if exists (select from pg_settings where name = 'default_toast_compression' and 'lz4' = any (enumvals)) then
        alter table event alter column payload set compression lz4;
    end if;
end $$;

-- Read backwards as well; what is new is then always put at its end, which PostgreSQL finds at once.
drop index inflow_recent;
create index inflow_recent on inflow (booked_at);
