-- Payouts of which the row says another sum withheld than their withholdings do.
select d.id, d.disbursement_ref, d.currency, d.withheld_minor,
       coalesce(sum(w.amount_minor - w.released_minor), 0)::bigint as kept_minor
  from store_disbursement d left join store_withholding w on w.disbursement_id = d.id
 group by d.id having d.withheld_minor <> coalesce(sum(w.amount_minor - w.released_minor), 0)
 order by d.id
