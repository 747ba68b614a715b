-- What the database refuses about the records of administrators, whoever writes: they are added to, never changed.
create trigger role_change_is_append_only before update or delete on people_rolechange
    for each row execute function refuse_change();
create trigger role_change_is_not_truncated before truncate on people_rolechange
    for each statement execute function refuse_change();
create trigger admin_act_is_append_only before update or delete on store_adminact
    for each row execute function refuse_change();
create trigger admin_act_is_not_truncated before truncate on store_adminact
    for each statement execute function refuse_change();
