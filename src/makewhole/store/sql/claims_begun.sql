-- How many claims began in (after, until].
select count(*) from store_event
 where version = 1 and at <= %(until)s and (%(after)s::timestamptz is null or at > %(after)s)
