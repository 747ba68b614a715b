-- Adds to the figures. A sum that is back at nothing stays as a row of zeros, and is not shown.
insert into store_figure (name, grain, since, marketplace, currency, "of", value, number, amount_minor)
select name, grain, since, marketplace, currency, "of", value, number, amount_minor
  from jsonb_to_recordset(%(rows)s::jsonb)
    as told (name text, grain text, since date, marketplace text, currency text, "of" text, value integer,
             number bigint, amount_minor bigint)
on conflict (name, grain, since, marketplace, currency, "of", value) do update
   set number = store_figure.number + excluded.number,
       amount_minor = store_figure.amount_minor + excluded.amount_minor
