-- What claims add to the sums of incidents that exist. Not an upsert: the check would be asked of the difference alone.
update store_incident i
   set approved_minor = i.approved_minor + added.approved_minor,
       ordered_minor = i.ordered_minor + added.ordered_minor,
       paid_minor = i.paid_minor + added.paid_minor
  from json_populate_recordset(null::store_incident, %(rows)s::json) added
 where i.id = added.id
