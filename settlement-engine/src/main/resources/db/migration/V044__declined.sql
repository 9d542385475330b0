-- What a person has put forward can be declined, and be put forward again, by whoever does it then.
alter table work_item drop constraint work_item_state_check;
alter table work_item add constraint work_item_state_check check (state in ('OPEN', 'DONE', 'DECLINED'));
grant update (made_by, made_at) on work_item to sluice_app;
