-- Who owns a subscription is asked at each purchase. With all that the answer holds in the index,
-- SQLite takes it; without, it read every assignment of the tenant, one for each order.
DROP INDEX role_assignments_by_scope;
CREATE INDEX role_assignments_by_scope ON role_assignments (tenant, scope, role, principal)
    WHERE order_id = '';
