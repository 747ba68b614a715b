-- New incidents, with what their first claim adds. A check holds paid <= ordered <= approved <= cap.
insert into store_incident (id, marketplace_id, order_line_id, loss_date, currency, cap_minor, approved_minor,
    ordered_minor, paid_minor)
select id, marketplace_id, order_line_id, loss_date, currency, cap_minor, approved_minor, ordered_minor, paid_minor
  from json_populate_recordset(null::store_incident, %(rows)s::json)
