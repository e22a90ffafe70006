-- Clients that sign in without naming their tenant are found by their id.
CREATE INDEX principals_by_client ON principals (client_id, tenant);
