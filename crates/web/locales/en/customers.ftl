# Customers, and what there is to know of one: ids of both pages begin with `customers` and `customer`.

customers-lead = { $count ->
    [one] { $count } account that you may look at
   *[other] { $count } accounts that you may look at
}
customers-found = { $count ->
    [one] { $count } is found
   *[other] { $count } are found
}
customers-search = Find a customer
customers-search-hint = Name, account or tenant id
customers-do-search = Find
customers-all = Show all
customers-name = Customer
customers-agreement = Agreement
customers-active = Active
customers-commitment = Commitment
customers-next = Next end
customers-left = Left of the cap, USD
customers-none = You see no account. Whoever has a role on a subscription sees the account that pays for it; an agent sees the accounts that their partner pays with.
customers-none-found = No account that you see has this in its name.
customers-no-account = no account yet
customers-previous = Previous page
customers-next-page = Next page
customers-pages = Pages

customer-to-reservations = Reservations
customer-enter = Go on in { $name }
customer-facts = The account
customer-agreement = Agreement
customer-payment = Paid by
customer-currency = Currency
customer-rate = US dollars for one { $currency }
customer-profile = Billing profile
customer-tenant = Tenant
customer-id = Account
customer-prepayment-ends = Prepayment term ends
customer-active = Active reservations
customer-commitment = Commitment over their terms
customer-next-end = Next end
customer-failing = Payments of this account fail. While they are overdue, nothing is returned or exchanged.

customer-cap = Cap on refunds
customer-cap-of = of { $cap }
customer-cap-left = Left
customer-cap-used = Used since { $day }
customer-cap-scope = Counted together as
customer-cap-none = Nothing was counted since { $day }, so all of it is left.
customer-cap-days = What counts
customer-cap-on = Returned on
customer-cap-amount = Counted, USD
customer-cap-back = Can be used again on

customer-buying = May buy for itself
customer-buying-on = On
customer-buying-off = Off
customer-buying-on-means = Owners of the customer’s subscriptions may buy reservations. { $partner } pays for what they buy, and is not asked before.
customer-buying-off-means = Only { $partner } buys reservations for this customer.
customer-buying-allow = Allow the customer to buy
customer-buying-forbid = Stop allowing it
customer-buying-confirm = Yes: the customer may buy reservations, and { $partner } pays for them
customer-buying-confirm-off = Yes: the customer may buy no more reservations; what was bought stays
customer-buying-tick = Confirm it with the tick above the button.
customer-buying-done = Saved.
customer-buying-not-yours = You may not change it: { $reason }
customer-buying-log = Changes
customer-buying-log-none = It was never changed.
customer-buying-at = When
customer-buying-by = Who
customer-buying-to = Changed to

customer-ledger = Balances of the ledger
customer-ledger-means = What was posted for this account, by kind. A minus is what was taken from the payer; the sum of all is zero.
customer-ledger-kind = Account of the ledger
customer-ledger-balance = Balance
customer-ledger-none = Nothing was posted for this account yet.
customer-ledger-much = Very much was posted here. Summing it up takes a moment.
customer-ledger-sum = Sum it up
customer-ledger-prepaid = Paid, and not used yet
customer-ledger-used = Used
customer-ledger-savings-plan-prepaid = Savings plans: paid, and not used yet
customer-ledger-savings-plan-used = Savings plans: used
customer-ledger-fee = Kept as fees
customer-ledger-payer-prepayment = The payer’s Prepayment
customer-ledger-payer-overage = The payer, by overage invoices
customer-ledger-payer-wire = The payer, by wire transfers
customer-ledger-payer-card = The payer’s card
customer-ledger-payer-invoice = The payer, by invoices
customer-ledger-payer-credit-90-days = Credits of limited life
customer-ledger-payer-credit-note = Credit notes
customer-ledger-payer-credit-memo = Credit memos
customer-ledger-payer-reopened-invoice = Invoices that were opened again
customer-ledger-payer-next-invoice = Set against the next invoice
customer-ledger-payer-future-purchase = Held against future purchases

customer-credits = Credits that run out
customer-credit-given = Given on
customer-credit-last = Last day
customer-credit-amount = Amount

customer-subscriptions = Subscriptions
customer-subscriptions-none = You see no subscription that this account pays for.
customer-subscription-name = Name
customer-subscription-id = Id
customer-subscription-state = State
