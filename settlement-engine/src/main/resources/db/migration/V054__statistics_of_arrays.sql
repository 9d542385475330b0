-- A statistic over an array counts every element of 30 000 rows, those included that are kept outside of the row: half a minute's load of
-- journal_batch took 3 s of a processor and 12 s by the clock, each time a tenth of the rows was new. Nobody looks for a row by such an
-- element (docs/decisions/entries-of-one-event-in-one-row.md).

-- How many elements an array has the planner still has to know: so 3 000 rows are looked at, which 10 means, and the other columns with them.
alter table journal_batch alter column source_event set statistics 10, alter column batch set statistics 10,
    alter column shape_id set statistics 10, alter column value_date set statistics 10, alter column booked_on set statistics 10,
    alter column belonged_to set statistics 10, alter column recorded_at set statistics 10, alter column journal_ids set statistics 10,
    alter column units set statistics 10, alter column large_units set statistics 10;
