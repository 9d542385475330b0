-- Money in suspense that its bank takes back is decided by that.

alter table suspense_decision drop constraint suspense_decision_decision_check;
alter table suspense_decision add constraint suspense_decision_decision_check
    check (decision in ('ASSIGNED', 'RETURNED', 'TAKEN_BACK'));
