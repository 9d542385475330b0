-- What a person has put forward can be declined, and be put forward again, by that person or another. Who was first stays as it is.
alter table work_item drop constraint work_item_state_check;
alter table work_item add constraint work_item_state_check check (state in ('OPEN', 'DONE', 'DECLINED'));
alter table work_item add column again_by text;
grant update (again_by) on work_item to sluice_app;
