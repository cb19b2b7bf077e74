-- Run after every migration: the serving role works with the rows and can neither alter tables nor touch audit lines.
grant usage on schema public to :app_role;
grant select, insert, update, delete on all tables in schema public to :app_role;
grant usage on all sequences in schema public to :app_role;
revoke update, delete, truncate on audit_lines, audit_seals from :app_role;
revoke insert, update, delete on schema_migrations from :app_role;
-- The months of messages are made and dropped by two functions of the owner, and in no other way.
grant execute on function keep_message_months, drop_message_months to :app_role;
