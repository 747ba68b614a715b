-- What happened to these claims, in order: each event's canonical bytes, and its digest.
select claim_id, body, digest from store_event where claim_id = any (%(claims)s::uuid[]) order by claim_id, version
