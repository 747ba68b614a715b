-- Automatic approvals drawn for a look afterwards, by the rule that drew them.
select body::jsonb -> 'event' ->> 'rule', count(*)::text from store_event where kind = 'QualityReviewAsked' group by 1
