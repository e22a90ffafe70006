-- Who may beside those with a role: billing roles, who owned a subscription when it paid, and the
-- account administrator of a subscription.

-- The account's policy switch "Reserved Instances".
ALTER TABLE billing_accounts ADD COLUMN sells_reservations BIGINT NOT NULL DEFAULT 1;
-- Owns whatever the subscription pays for from then on.
ALTER TABLE subscriptions ADD COLUMN account_admin TEXT COLLATE "C";
-- `profile` is empty for a role on the whole account.
CREATE TABLE billing_roles (
    tenant TEXT COLLATE "C" NOT NULL,
    principal TEXT COLLATE "C" NOT NULL,
    billing_account TEXT COLLATE "C" NOT NULL,
    profile TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, principal, billing_account, profile, role),
    FOREIGN KEY (tenant) REFERENCES tenants (id)
);
-- Who owned the subscription when it paid for an order; written at the purchase.
CREATE TABLE payer_owners (
    tenant TEXT COLLATE "C" NOT NULL,
    principal TEXT COLLATE "C" NOT NULL,
    order_id TEXT COLLATE "C" NOT NULL,
    subscription TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant, principal, order_id)
);
CREATE INDEX payer_owners_by_order ON payer_owners (order_id);
-- Owners of a subscription are found by its scope.
CREATE INDEX role_assignments_by_scope ON role_assignments (tenant, scope) WHERE order_id = '';
