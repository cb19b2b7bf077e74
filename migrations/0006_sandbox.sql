-- The phone of the demo: what its carrier has delivered, sealed, so that a restart keeps it.
create table sandbox_messages (
  id uuid primary key,
  sealed bytea not null
);
