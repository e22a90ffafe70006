-- Who may beside those with a role: billing roles, who owned a subscription when it paid, and the
-- account administrator of a subscription.

-- The account's policy switch "Reserved Instances".
ALTER TABLE billing_accounts ADD COLUMN sells_reservations INTEGER NOT NULL DEFAULT 1;
-- Owns whatever the subscription pays for from then on.
ALTER TABLE subscriptions ADD COLUMN account_admin TEXT;
-- `profile` is empty for a role on the whole account.
CREATE TABLE billing_roles (
    tenant TEXT NOT NULL,
    principal TEXT NOT NULL,
    billing_account TEXT NOT NULL,
    profile TEXT NOT NULL,
    role TEXT NOT NULL,
    PRIMARY KEY (tenant, principal, billing_account, profile, role),
    FOREIGN KEY (tenant) REFERENCES tenants (id)
) STRICT, WITHOUT ROWID;
-- Who owned the subscription when it paid for an order; written at the purchase.
CREATE TABLE payer_owners (
    tenant TEXT NOT NULL,
    principal TEXT NOT NULL,
    order_id TEXT NOT NULL,
    subscription TEXT NOT NULL,
    PRIMARY KEY (tenant, principal, order_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX payer_owners_by_order ON payer_owners (order_id);
-- Owners of a subscription are found by its scope.
CREATE INDEX role_assignments_by_scope ON role_assignments (tenant, scope) WHERE order_id = '';
