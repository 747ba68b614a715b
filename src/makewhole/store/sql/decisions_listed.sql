-- A page of decisions that bear a mark, the newest first: of each marketplace its own newest ones, then the newest of
-- those. Each part is read in the order of the marks' key and ends as soon as it has a page.
select found.claim_id, found.version
  from unnest(%(marketplaces)s::text[]) place (code)
 cross join lateral (
       select m.at, m.claim_id, m.version
         from store_decisionmark m
         join store_decisiontaken d on d.claim_id = m.claim_id and d.version = m.version
        where m.marketplace = place.code and m.what = %(what)s
          and m.at >= %(since)s and m.at < %(until)s
          and (%(after_at)s::timestamptz is null
               or (m.at, m.claim_id, m.version) < (%(after_at)s::timestamptz, %(after_claim)s::uuid, %(after_version)s::integer))
          and (%(went)s::text is null or d.went = %(went)s::text)
          and (%(by_machine)s::boolean is null or d.by_machine = %(by_machine)s::boolean)
          and (not %(otherwise)s::boolean or d.otherwise)
          and (%(clause)s::text is null or d.clauses @> array[%(clause)s::text]::varchar[])
        order by m.at desc, m.claim_id desc, m.version desc
        limit %(size)s) found
 order by found.at desc, found.claim_id desc, found.version desc
 limit %(size)s
