-- Notices in the outbox, by what they say and to whom.
select replace(template, '_', ' '), split_part(recipient, ':', 1), to_char(count(*), 'FM999,999,990')
  from store_outbox
 group by template, split_part(recipient, ':', 1)
 order by template collate "C", split_part(recipient, ':', 1)
