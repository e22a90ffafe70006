-- Partners, their customers and agents, and the carts with which they buy: see the other database's
-- file of this name for its twin.

-- A tenant that sells to others, and how.
CREATE TABLE partners (
    tenant TEXT NOT NULL,
    kind TEXT NOT NULL,
    PRIMARY KEY (tenant),
    FOREIGN KEY (tenant) REFERENCES tenants (id)
) STRICT, WITHOUT ROWID;
-- A partner's relationship with a customer, from its first day to the first day without it.
-- `reseller` is the indirect reseller through whom an indirect provider sells.
CREATE TABLE partner_customers (
    partner TEXT NOT NULL,
    customer TEXT NOT NULL,
    since TEXT NOT NULL,
    until TEXT,
    azure_plan INTEGER NOT NULL,
    market TEXT,
    reseller TEXT,
    PRIMARY KEY (partner, customer),
    FOREIGN KEY (partner) REFERENCES partners (tenant),
    FOREIGN KEY (customer) REFERENCES tenants (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX partner_customers_by_customer ON partner_customers (customer, partner);
CREATE INDEX partner_customers_by_reseller ON partner_customers (reseller, partner, customer);
-- What a partner pays for a customer with.
CREATE TABLE partner_accounts (
    billing_account TEXT NOT NULL,
    partner TEXT NOT NULL,
    customer TEXT NOT NULL,
    PRIMARY KEY (billing_account),
    FOREIGN KEY (billing_account) REFERENCES billing_accounts (id),
    FOREIGN KEY (partner, customer) REFERENCES partner_customers (partner, customer)
) STRICT, WITHOUT ROWID;
CREATE INDEX partner_accounts_by_customer ON partner_accounts (partner, customer, billing_account);
-- Partner Center roles of the partner's own principals.
CREATE TABLE partner_agents (
    partner TEXT NOT NULL,
    principal TEXT NOT NULL,
    role TEXT NOT NULL,
    since TEXT NOT NULL,
    until TEXT,
    PRIMARY KEY (partner, principal, role),
    FOREIGN KEY (partner) REFERENCES partners (tenant)
) STRICT, WITHOUT ROWID;
CREATE INDEX partner_agents_by_principal ON partner_agents (principal, partner);
-- Whether a customer may buy for itself what `kind` names; without a row it may not.
CREATE TABLE customer_permissions (
    partner TEXT NOT NULL,
    customer TEXT NOT NULL,
    kind TEXT NOT NULL,
    allowed INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    changed_by TEXT NOT NULL,
    PRIMARY KEY (partner, customer, kind)
) STRICT, WITHOUT ROWID;
-- Subscriptions with which a partner may buy reservations.
CREATE TABLE registered_subscriptions (
    subscription TEXT NOT NULL,
    registered_at INTEGER NOT NULL,
    registered_by TEXT NOT NULL,
    PRIMARY KEY (subscription)
) STRICT, WITHOUT ROWID;
-- `doc` holds the lines, each with the order it became. `version` counts the changes.
CREATE TABLE carts (
    partner TEXT NOT NULL,
    customer TEXT NOT NULL,
    id TEXT NOT NULL,
    created_at INTEGER NOT NULL,
    lapses_at INTEGER NOT NULL,
    changed_at INTEGER NOT NULL,
    changed_by TEXT NOT NULL,
    status TEXT NOT NULL,
    doc TEXT NOT NULL,
    version INTEGER NOT NULL,
    PRIMARY KEY (partner, customer, id)
) STRICT, WITHOUT ROWID;
