-- Promise: paid within ordered within approved within what is claimed and not refused; an incident within its cap, and
-- the sum of its claims; a payment's lines are paid once. Each row is a break.
select 'exposure ' || claim_id || ' ' || no as what from store_exposure
 where not (0 <= paid_minor and paid_minor <= ordered_minor and ordered_minor <= approved_minor
            and approved_minor + refused_minor <= claimed_minor)
union all
select 'incident ' || incident.id from store_incident incident
  join (select incident_id, sum(approved_minor) as approved, sum(paid_minor) as paid from store_claim group by incident_id) claims
    on claims.incident_id = incident.id
 where incident.approved_minor <> claims.approved or incident.paid_minor <> claims.paid
    or not (incident.paid_minor <= incident.approved_minor and incident.approved_minor <= incident.cap_minor)
union all
select 'payments of ' || claim.id from store_claim claim
  left join (select claim_id, sum(amount_minor) as settled from store_payment where state = 'settled' group by claim_id) paid
    on paid.claim_id = claim.id
 where claim.paid_minor <> coalesce(paid.settled, 0)
union all
select 'exposure paid twice ' || ordered.claim_id || ' ' || ordered.no
  from (select event.claim_id, line ->> 'no' as no, sum((line ->> 'amount_minor')::bigint) as minor
          from store_event event
          join store_payment payment on payment.id = (event.body::jsonb -> 'event' ->> 'payment_id')::uuid
           and payment.state = 'settled',
               jsonb_array_elements(event.body::jsonb -> 'event' -> 'lines') line
         where event.kind = 'PaymentOrdered' group by 1, 2) ordered
  join store_exposure exposure on exposure.claim_id = ordered.claim_id and exposure.no = ordered.no::int
 where ordered.minor <> exposure.paid_minor
