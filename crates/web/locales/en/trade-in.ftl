# Trading reservations in for a savings plan, and the savings plans that are held.

plan-kind-compute = Savings plan for compute
plan-kind-database = Savings plan for databases

trade-in-title = Trade in
trade-in-lead = Reservations are given up for a savings plan: an amount that is spent each hour on all services that the plan covers. It goes one way: a savings plan cannot be returned, exchanged or turned back.
trade-in-tab = Trade reservations in
trade-in-none-sold = No savings plan is sold yet, so nothing can be traded in.
trade-in-given = What is given up
trade-in-given-label = What is given up, scrolls
trade-in-plan = Savings plan
trade-in-nothing-held = You see no active reservation that this savings plan would cover. Choose the other plan, or buy a reservation first.
trade-in-reservation = Reservation
trade-in-ends = Ends
trade-in-units = Units
trade-in-of = of
trade-in-brings = Brings
trade-in-look = Look at it
trade-in-no-right = You may not trade this in: it takes a role that owns its order.
trade-in-cut = More than these are held; those that end first are listed, at most
trade-in-committed = What is committed to
trade-in-tick-first = Tick what is to be given up, and the terms of the plan stand here side by side.
trade-in-tick-one = Tick at least one reservation to give up.
trade-in-commitment = Hourly commitment
trade-in-by-hour = Each hour
trade-in-hourly-hint = Left empty, it is the smallest that passes.
trade-in-hourly-fault = Enter an amount for each hour, such as 0.206, with at most three decimals.
trade-in-take-smallest = The smallest that passes:
trade-in-take-covering = What covers the same machines:
trade-in-too-little = Too little
trade-in-offer-smallest = With the smallest commitment that passes, in { $currency }.
trade-in-offer-typed = With the commitment entered below, in { $currency }.
trade-in-not-you = You may not buy a savings plan with this subscription.
trade-in-nothing = Nothing is priced yet
trade-in-heading = For a commitment of { $commitment }
trade-in-balance = What the plan must be worth
trade-in-given-up = Given up: what comes back and what is never paid
trade-in-worth = The plan, over its whole term
trade-in-above = Above what is needed
trade-in-missing = Still missing
trade-in-money = What is paid
trade-in-back-now = Comes back now
trade-in-paid-now = First payment of the plan
trade-in-monthly = What a month costs
trade-in-monthly-before = The reservations
trade-in-monthly-after = The same machines, under the plan
trade-in-covering = Commitment that covers them all the time
trade-in-no-rate = No rate under a plan is known for { $what }.
trade-in-review-hint = Nothing is given up yet.

trade-in-review-title = Review the trade-in
trade-in-review-lead = Nothing is given up before you confirm it below.
trade-in-comes-back = Comes back
trade-in-never-paid = Never paid
trade-in-kept = Units kept
trade-in-money-goes = The money goes
trade-in-not-priced = not priced
trade-in-whole = Whole term
trade-in-operation = Operation
trade-in-choose-again = Look at it again with a fresh quote
trade-in-confirm-heading = Trade in
trade-in-confirm-label = { $count ->
    [one] I give up what is listed of one reservation, and commit to { $commitment } until the plan ends. This cannot be undone.
   *[other] I give up what is listed of { $count } reservations, and commit to { $commitment } until the plan ends. This cannot be undone.
}
trade-in-confirm-fault = Tick the box: a trade-in cannot be undone.
trade-in-confirm = Trade in
trade-in-refused = Nothing was traded in: { $why }
trade-in-lapsed = Nothing was traded in: { $why } Choose “Change it” for a fresh quote.
trade-in-made-title = Traded in
trade-in-made-heading = Traded in for a commitment of { $commitment }
trade-in-refused-title = The trade-in was refused
trade-in-refused-heading = Nothing was traded in

plans-title = Savings plans
plans-lead = An amount that is spent each hour, whatever runs of what the plan covers.
plans-none = You see no savings plans. Reservations can be traded in for one.
plans-tally = { $count ->
    [one] { $count } savings plan
   *[other] { $count } savings plans
}
plans-state = State
plans-renewal = Renewal
plans-renews = On
plans-renews-not = Off
plans-state-active = Active
plans-state-expired = Expired
plans-one-way = A savings plan runs to its end: it cannot be returned, exchanged or turned back into a reservation.
plans-properties = Properties
plans-order = Order of the plan
plans-plan = Savings plan
plans-began = Began on
plans-acquired = How it came
plans-acquired-purchase = Bought
plans-acquired-exchange = Bought in an exchange
plans-acquired-trade-in = Reservations were traded in for it
plans-acquired-renewal = Renewed
plans-followed-on = The plan that it followed on
plans-followed-by = The plan that followed it
plans-payments = Payments
plans-paid = Paid so far
plans-to-come = Still to come
plans-payment-succeeded = Paid
plans-payment-scheduled = To come
plans-payment-failed = Refused
plans-payment-cancelled = Cancelled
