-- Tasks beside the main path that still stand.
select replace(task, '_', ' '), count(*) filter (where stage <> 'closed')::text, count(*) filter (where stage = 'closed')::text
  from store_claim, unnest(tasks) task
 group by task
 order by task
