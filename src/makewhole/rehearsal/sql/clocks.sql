-- Clocks by name, reminders beside the clock that they belong to.
select replace(replace(name, '.reminder_', ': reminder before '), '_', ' '), to_char(count(*), 'FM999,999,990'),
       count(*) filter (where state = 'ran_out')::text, count(*) filter (where state = 'stopped')::text,
       count(*) filter (where state in ('running', 'paused'))::text
  from store_clock
 group by name
 order by name collate "C"
