-- Incidents: a new one, or what a claim adds to the sums of one that exists. A check holds paid <= approved <= cap.
insert into store_incident (id, marketplace_id, order_line_id, loss_date, currency, cap_minor, approved_minor,
    ordered_minor, paid_minor)
select id, marketplace_id, order_line_id, loss_date, currency, cap_minor, approved_minor, ordered_minor, paid_minor
  from json_populate_recordset(null::store_incident, %(rows)s::json)
    on conflict (id) do update set approved_minor = store_incident.approved_minor + excluded.approved_minor,
        ordered_minor = store_incident.ordered_minor + excluded.ordered_minor,
        paid_minor = store_incident.paid_minor + excluded.paid_minor
