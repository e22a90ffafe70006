-- What an account pays for is found by the account: see the other database's file of this name for
-- its twin. A row of an order never changes its payer, so only a purchase writes here.
CREATE INDEX orders_by_payer ON orders (billing_account, tenant, id);
-- What a customer may buy is changed rarely; no other line of the audit is in this.
CREATE INDEX audit_of_permissions ON audit (tenant, target, at, id)
    WHERE action LIKE '%-customer-purchase-permissions';
