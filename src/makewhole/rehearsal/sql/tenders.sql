-- What became of tenders: the seller's answer, how many, and their amounts.
select case answer when '' then 'waits' else replace(answer, '_', ' ') end, to_char(count(*), 'FM999,990'),
       to_char(sum(amount_minor) / 100.0, 'FM999,999,990.00')
  from store_tender group by answer order by answer
