# How figures, days and the field's own terms are written.

group-sign = ,
decimal-sign = .
units = { $count ->
    [one] { $count } unit
   *[other] { $count } units
}
days = { $count ->
    [one] { $count } day
   *[other] { $count } days
}
hourly = { $amount } { $currency } an hour
in-days = { $count ->
    [0] today
    [one] in { $count } day
   *[other] in { $count } days
}
days-ago = { $count ->
    [one] { $count } day ago
   *[other] { $count } days ago
}

# day, month and year are written already.
day = { $day } { $month } { $year }
short-day = { $day } { $month } { $year }
moment = { $day }, { $time } UTC
month-1 = January
month-2 = February
month-3 = March
month-4 = April
month-5 = May
month-6 = June
month-7 = July
month-8 = August
month-9 = September
month-10 = October
month-11 = November
month-12 = December
short-month-1 = Jan
short-month-2 = Feb
short-month-3 = Mar
short-month-4 = Apr
short-month-5 = May
short-month-6 = Jun
short-month-7 = Jul
short-month-8 = Aug
short-month-9 = Sep
short-month-10 = Oct
short-month-11 = Nov
short-month-12 = Dec

term-P1M = 1 month
term-P1Y = 1 year
term-P3Y = 3 years
term-P5Y = 5 years
plan-Upfront = Upfront
plan-Monthly = Monthly
paid-Upfront = paid upfront
paid-Monthly = paid monthly

state-active = Active
state-returned = Returned
state-exchanged = Exchanged
state-split = Split
state-merged = Merged
state-swapped = Swapped
state-expired = Expired
state-renewed = Renewed
state-not-renewed = Not renewed
state-drained = Drained
state-billing-failed = Billing failed

scope-shared = Shared
scope-subscription = Subscription
scope-resource-group = Resource group
scope-management-group = Management group
scope-subscription-of = Subscription { $name }
scope-resource-group-of = Resource group { $name }
scope-management-group-of = Management group { $name }

acquired-purchase = Bought
acquired-exchange = Bought in an exchange
acquired-renewal = Renewed
acquired-split = Split from another reservation
acquired-merge = Merged from other reservations
acquired-partial-return = Kept when other units were given up
acquired-swap = Swapped with its premium-storage twin

agreement-ea = Enterprise Agreement
agreement-mca = Microsoft Customer Agreement
agreement-csp = Cloud Solution Provider
agreement-payg = Pay-as-you-go
payment-prepayment = Prepayment
payment-overage = Overage invoice
payment-wire = Wire transfer
payment-card = Card
payment-invoice = Invoice

# The end of "The money goes …".
goes-prepayment = back to the Prepayment it was paid from
goes-credit-90-days = to a credit of limited life, as the Prepayment term it was bought under has ended
goes-credit-note = to a credit note; invoices stay as they are
goes-credit-memo = to a credit memo, with overage invoices rated again
goes-reopened-invoice = to the invoices, which are opened again and adjusted
goes-next-invoice = to the next month's invoice
goes-card = back to the card that paid
goes-future-purchase = to be held against a future reservation purchase

counted-refund-amount = the refund and the payments never made
counted-cash-refund = only the money paid back
counted-cancelled-commitment = the commitment that is cancelled

# How an amount came about.
formula-share = { $of } × { $part } ÷ { $whole }, { $rounding }
formula-times = { $of } × { $count }
formula-hours = { $of } × { $hours } hours
formula-minus = { $from } − { $less }
formula-plus = { $first } + { $second }
formula-scale = { $of } × { $rate }, { $rounding }
formula-days = from { $from } to { $to }
formula-lesser = the lesser of { $first } and { $second }
rounding-cut = cut, not rounded
rounding-half-up = rounded half up
rounding-up = rounded up

subject-return = Return { $position }
subject-purchase = Purchase { $position }
subject-savings-plan = Savings plan { $position }

# The smallest changes that would turn a no into a yes. { $about } is empty or " in purchase 2".
about-return = { " " }in return { $position }
about-purchase = { " " }in purchase { $position }
about-savings-plan = { " " }in savings plan { $position }
repair-reduce-quantity = Return at most { $units }{ $about }
repair-raise-purchase = Buy for at least { $amount } more
repair-raise-commitment = Commit at least { $amount }{ $about }
repair-wait-until = Ask again on { $day } or later
repair-buy-within = Buy one of { $types }{ $about }
repair-choose = Choose { $values } as { $field }{ $about }
repair-pay-overdue = Mend the means of payment, so that { $amount } is paid
repair-ask-partner = Ask the partner, { $partner }
repair-obtain-role = Be given one of { $roles } in { $place }
repair-leave-tenant = Leave the customer's organisation, and come back as an agent
repair-join-order = Have somebody add the guest account to the order
repair-ask-for-approval = Draft a request, and have others approve it
repair-quote-again = Ask for a new quote
or = { " or " }

# What is wrong with a number of units, beside its field.
quantity-empty = Enter how many units, from 1 to { $most }.
quantity-range = Enter a number from 1 to { $most }.
quantity-whole = Enter a whole number from 1 to { $most }.
