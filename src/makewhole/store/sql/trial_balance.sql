-- Every account's balance per currency. The balances of one currency sum to zero.
select currency, account, sum(amount_minor)::bigint
  from store_posting group by currency, account order by currency, account
