-- Promise: every claim ended, or waits for a named person. These do neither.
select reference, stage, turn from store_claim where stage <> 'closed' and assigned_to not like 'person:%' order by reference
