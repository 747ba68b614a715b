-- Who calls, in one statement: the token by its digest, whether it counts today, the roles of its account, and how
-- many requests it made in this minute, this one counted. No row: nobody has this token.
with token as (
    select t.id, t.account_id, t.scopes, t.requests_per_minute,
           case when t.revoked_at is not null then 'token_revoked'
                when t.expires_at <= %(now)s then 'token_expired'
                when not a.is_active then 'account_closed'
                else '' end as refused
      from people_apitoken t
      join people_account a on a.id = t.account_id
     where t.digest = %(digest)s
),
counted as (
    insert into people_ratewindow as w (token_id, minute, requests)
    select id, %(minute)s, 1 from token where refused = ''
    on conflict (token_id, minute) do update set requests = w.requests + 1
    returning requests
),
-- Earlier minutes have served; the table stays as small as the number of tokens.
swept as (
    delete from people_ratewindow w using token where w.token_id = token.id and w.minute < %(minute)s
)
select token.id, token.account_id, token.scopes, token.requests_per_minute, token.refused, counted.requests,
       (select coalesce(json_agg(json_build_array(r.role, r.marketplace, r.seller_id, r.insurer_id) order by r.id), '[]')::text
          from people_roleassignment r where r.account_id = token.account_id)
  from token left join counted on true
