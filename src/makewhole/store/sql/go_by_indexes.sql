-- What follows in this transaction looks up a handful of rows by their keys among millions: the planner, which cannot
-- see into a JSON parameter, is told to go by the indexes. It holds until the transaction ends.
select set_config('enable_hashjoin', 'off', true), set_config('enable_mergejoin', 'off', true),
       set_config('enable_seqscan', 'off', true)
