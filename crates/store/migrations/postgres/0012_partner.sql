-- Partners, their customers and agents, and the carts with which they buy: see the other database's
-- file of this name for its twin.

-- A tenant that sells to others, and how.
CREATE TABLE partners (
    tenant TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (tenant),
    FOREIGN KEY (tenant) REFERENCES tenants (id)
);
-- A partner's relationship with a customer, from its first day to the first day without it.
-- `reseller` is the indirect reseller through whom an indirect provider sells.
CREATE TABLE partner_customers (
    partner TEXT COLLATE "C" NOT NULL,
    customer TEXT COLLATE "C" NOT NULL,
    since TEXT COLLATE "C" NOT NULL,
    until TEXT COLLATE "C",
    azure_plan BIGINT NOT NULL,
    market TEXT COLLATE "C",
    reseller TEXT COLLATE "C",
    PRIMARY KEY (partner, customer),
    FOREIGN KEY (partner) REFERENCES partners (tenant),
    FOREIGN KEY (customer) REFERENCES tenants (id)
);
CREATE INDEX partner_customers_by_customer ON partner_customers (customer, partner);
CREATE INDEX partner_customers_by_reseller ON partner_customers (reseller, partner, customer);
-- What a partner pays for a customer with.
CREATE TABLE partner_accounts (
    billing_account TEXT COLLATE "C" NOT NULL,
    partner TEXT COLLATE "C" NOT NULL,
    customer TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (billing_account),
    FOREIGN KEY (billing_account) REFERENCES billing_accounts (id),
    FOREIGN KEY (partner, customer) REFERENCES partner_customers (partner, customer)
);
CREATE INDEX partner_accounts_by_customer ON partner_accounts (partner, customer, billing_account);
-- Partner Center roles of the partner's own principals.
CREATE TABLE partner_agents (
    partner TEXT COLLATE "C" NOT NULL,
    principal TEXT COLLATE "C" NOT NULL,
    role TEXT COLLATE "C" NOT NULL,
    since TEXT COLLATE "C" NOT NULL,
    until TEXT COLLATE "C",
    PRIMARY KEY (partner, principal, role),
    FOREIGN KEY (partner) REFERENCES partners (tenant)
);
CREATE INDEX partner_agents_by_principal ON partner_agents (principal, partner);
-- Whether a customer may buy for itself what `kind` names; without a row it may not.
CREATE TABLE customer_permissions (
    partner TEXT COLLATE "C" NOT NULL,
    customer TEXT COLLATE "C" NOT NULL,
    kind TEXT COLLATE "C" NOT NULL,
    allowed BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (partner, customer, kind)
);
-- Subscriptions with which a partner may buy reservations.
CREATE TABLE registered_subscriptions (
    subscription TEXT COLLATE "C" NOT NULL,
    registered_at BIGINT NOT NULL,
    registered_by TEXT COLLATE "C" NOT NULL,
    PRIMARY KEY (subscription)
);
-- `doc` holds the lines, each with the order it became. `version` counts the changes.
CREATE TABLE carts (
    partner TEXT COLLATE "C" NOT NULL,
    customer TEXT COLLATE "C" NOT NULL,
    id TEXT COLLATE "C" NOT NULL,
    created_at BIGINT NOT NULL,
    lapses_at BIGINT NOT NULL,
    changed_at BIGINT NOT NULL,
    changed_by TEXT COLLATE "C" NOT NULL,
    status TEXT COLLATE "C" NOT NULL,
    doc TEXT COLLATE "C" NOT NULL,
    version BIGINT NOT NULL,
    PRIMARY KEY (partner, customer, id)
);
