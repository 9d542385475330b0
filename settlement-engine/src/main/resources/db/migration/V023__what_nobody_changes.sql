-- What was put before people stays as it was put: of a work item, a mandate or a break only the decision is written.

revoke update, delete, truncate on work_item, mandate, reconciliation_break from sluice_app;
grant update (summary, state, done_by, note) on work_item to sluice_app; -- what only tells of something is told in its newest words
grant update (state, approved_by) on mandate to sluice_app;
alter table mandate add constraint mandate_two_people check (approved_by is null or approved_by <> made_by);

alter table reconciliation_break add column resolved_by text, add column note text;
alter table reconciliation_break add constraint break_resolution
    check ((resolved_by is null) = (note is null) and (resolved_by is null or resolved_on is not null)); -- else it agrees by itself
grant update (resolved_on, resolved_by, note) on reconciliation_break to sluice_app;
