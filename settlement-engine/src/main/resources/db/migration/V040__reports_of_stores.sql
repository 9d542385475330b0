-- A platform numbers the payouts of each of its stores by itself: a report is known by its store too.
alter table settlement_report add column store_id text;
alter table settlement_report disable trigger user;
update settlement_report s set store_id = coalesce((select max(l.store_id) from leg l where l.inflow_id = s.inflow_id), '');
alter table settlement_report enable trigger user;
alter table settlement_report alter column store_id set not null;
alter table settlement_report drop constraint settlement_report_platform_report_id_key;
alter table settlement_report add unique (store_id, platform, report_id);
