-- How claims ended, by track, with their sums; open ones by what they wait for. The last row is all of them.
select case when grouping(ending) = 1 then 'all' else ending end, case when grouping(track) = 1 then '' else track end,
       to_char(count(*), 'FM999,999,990'), to_char(sum(claimed_minor) / 100.0, 'FM999,999,990.00'),
       to_char(sum(approved_minor) / 100.0, 'FM999,999,990.00'),
       to_char(sum(refused_minor) / 100.0, 'FM999,999,990.00'), to_char(sum(paid_minor) / 100.0, 'FM999,999,990.00')
  from (select case when stage = 'closed' then replace(outcome, '_', ' ') else 'open: ' || replace(stage, '_', ' ') end as ending,
               case track when '' then 'not routed' else track end as track,
               claimed_minor, approved_minor, refused_minor, paid_minor
          from store_claim) claim
 group by grouping sets ((ending, track), ())
 order by grouping(ending), ending, track
