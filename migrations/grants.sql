-- Run after every migration: the serving role works with the rows and can neither alter tables nor touch audit lines.
grant usage on schema public to :app_role;
grant select, insert, update, delete on all tables in schema public to :app_role;
revoke update, delete, truncate on audit_lines, audit_seals from :app_role;
revoke insert, update, delete on schema_migrations from :app_role;
