-- Counted minutes (since 1970) that no limit looks at any more; the newest of each token becomes its last use. How many.
with gone as (
    delete from people_ratewindow where minute < %(before)s returning token_id, minute
),
used as (
    update people_apitoken token
       set last_used_at = greatest(token.last_used_at, to_timestamp(newest.minute * 60))
      from (select token_id, max(minute) as minute from gone group by token_id) newest
     where token.id = newest.token_id
)
select count(*) from gone
