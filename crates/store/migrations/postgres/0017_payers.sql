-- What an account pays for is found by the account: see the other database's file of this name for
-- its twin. A row of an order never changes its payer, so only a purchase writes here.
CREATE INDEX orders_by_payer ON orders (billing_account, tenant, id);
