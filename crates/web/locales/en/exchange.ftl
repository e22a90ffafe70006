# The exchange, in its three steps.

exchange-steps = Steps
exchange-step-return = Return
exchange-step-purchase = Purchase
exchange-step-review = Review
exchange-to-list = To the list of reservations

# What is given up.
exchange-return-title = Exchange: return
exchange-return-heading = Exchange: what is given up
exchange-return-lead = Tick what is given up, or enter how many units. Units that are kept live on with the same end.
exchange-give-something = Tick at least one reservation, or enter how many units of it are given up.
exchange-give-fewer = Give up at most { $most } reservations at once, and the others in another exchange.
exchange-give-ended = It is { $state }; leave the quantity empty.
exchange-nothing-to-give = There is no active reservation that you may see, so there is nothing to exchange. Reservations appear here once they are bought or once you have a role on their orders.
exchange-filter = Filter
exchange-filter-example = Name, product, region …
exchange-filter-do = Filter
exchange-filter-none = No active reservation has these words. Take one away.
exchange-others = Show other reservations as well
exchange-fill = Fill in quantities
exchange-fill-all = All units
exchange-fill-unused = Unused units (7 days)
exchange-fill-nothing = None
exchange-gives = Reservations to give up
exchange-reservation = Reservation
exchange-details = Details
exchange-used = Used, 7 days
exchange-not-loaded = no figures
exchange-percent = { $percent } %
exchange-not-needed = { $units } not needed
exchange-ends = Ends
exchange-held = Held
exchange-give = Give up
exchange-brings = Brings
exchange-brings-parts = { $back } back, { $never } never paid
exchange-units-of = Units of { $name }
exchange-one-more = One more unit of { $name }
exchange-one-fewer = One unit fewer of { $name }
exchange-no-right = You may look at it, but you have no role that lets you exchange it
exchange-cut = These are the first { $count } by their end. To find another one, filter by its name.
exchange-unused-nothing-loaded = No utilization was loaded for these reservations, so nothing is filled in. It comes with a world document, or with “prorata utilization import”.
exchange-unused-none = { $count ->
    [one] All units of the reservation with figures were used over the last seven days, so nothing is given up.
   *[other] All units of the { $count } reservations with figures were used over the last seven days, so nothing is given up.
}
exchange-unused-filled = Filled in: { $units } not needed over the last seven days with figures.
exchange-unused-without = { $count ->
    [one] For one reservation no figures were loaded; it is left as it is.
   *[other] For { $count } reservations no figures were loaded; they are left as they are.
}
exchange-nothing-yet = Nothing is given up yet
exchange-given-so-far = { $count ->
    [one] { $units } of { $count } reservation, worth
   *[other] { $units } of { $count } reservations, worth
}
exchange-to-purchase = Continue to purchase

# What is bought for it.
exchange-purchase-title = Exchange: purchase
exchange-purchase-heading = Exchange: what is bought for it
exchange-search = Search the catalog
exchange-types-allowed = What is given up may become
exchange-types-refused = Refused for what is given up
exchange-not-into = A { $from } reservation may not become this
exchange-twins = It may go on as its premium-storage twin: { $twins }. Nothing is charged, and the term goes on.
exchange-swap = Swap for the twin
exchange-basket = Basket
exchange-basket-empty = Nothing is in it yet. Find a product and add it.
exchange-remove = Remove
exchange-remove-of = Remove { $name }
exchange-line-more = Scope and name
exchange-scope = Applied scope
exchange-scope-shared = Shared
exchange-scope-payer = The subscription that pays
exchange-name = Name
exchange-optional = may be left empty
exchange-payer = Who pays
exchange-subscription = Subscription that pays
exchange-subscription-hint = The one that paid for what is given up, unless you change it
exchange-fault-subscription = Choose the subscription that pays.
exchange-fault-product = This product cannot be read; remove it and add another one.
exchange-fault-quantity = Enter how many units, a whole number from 1.
exchange-buy-something = Add at least one product to the basket.
exchange-balance-caption = What is bought against what is given up
exchange-balance-what = What
exchange-balance-empty = Products worth at least { $amount } have to be bought.
exchange-balance-short = { $amount } are missing: what is bought has to be worth at least what is given up.
exchange-balance-level = What is bought is worth just what is given up.
exchange-balance-enough = What is bought is worth enough, { $amount } more than it has to be.
exchange-balance-swap = It goes on as its twin: nothing is given up and nothing is charged.
exchange-top-ups = What would level it, the smallest change first:
exchange-top-up = Buy { $to } × { $sku } instead of { $from }, { $amount } more
exchange-given-up = Given up
exchange-given-up-both = Given up: what comes back and what is never paid
exchange-bought = Bought
exchange-net = Net payable
exchange-pay-now = { $amount } to pay
exchange-get-now = { $amount } comes back
exchange-to-review = Review
exchange-back-to-return = Back to return
exchange-back-to-purchase = Back to purchase

# What can be done, side by side.
exchange-ways-heading = Keep, exchange, return or trade in
exchange-ways-what = What is done
exchange-way-keep = Keep
exchange-way-exchange = Exchange
exchange-way-return = Return
exchange-way-trade-in = Trade in
exchange-way-plan = savings plan of { $hourly } an hour, { $term }
exchange-way-now = Money now
exchange-way-in-all = From today to the end
exchange-way-until = Covered until
exchange-way-cap = Refund cap
exchange-way-rights = Right to exchange after it
exchange-way-may = Allowed?
exchange-way-pay = to pay
exchange-way-back = comes back
exchange-way-nothing = nothing
exchange-way-allowed = Yes
exchange-way-refused = Refused
exchange-way-to-return = To the return
exchange-way-to-return-of = To the return of number { $position }
exchange-way-to-trade-in = To the trade-in
exchange-way-cap-untouched = not touched
exchange-way-cap-left = { $counted } counted, { $left } left
exchange-way-cap-over = { $counted } counted, { $left } beyond it
exchange-way-cap-together = Each one fits, but together they pass it
exchange-way-right-ended = none, as the benefit ends
exchange-way-right-plan = none: a savings plan is neither exchanged nor returned
exchange-right-free = without limit
exchange-right-last = { $count ->
    [one] one last exchange
   *[other] { $count } last exchanges
}
exchange-right-none = none
exchange-right-then-last = { $count ->
    [one] without limit before { $day }, then one last exchange
   *[other] without limit before { $day }, then { $count } last exchanges
}
exchange-right-then-none = without limit before { $day }, then none

# The review, and what came of it.
exchange-review-title = Exchange: review
exchange-review-heading = Exchange: review
exchange-review-lead = Nothing is done before you confirm it below.
exchange-refused-for = Refused: { $clause }
exchange-see-clause = See clause { $number } in the proof
exchange-over-terms = Over the whole terms
exchange-today = Today
exchange-first-payments = First payments of what is bought
exchange-back-now = Comes back for what is given up
exchange-happens = What happens when you confirm
exchange-happened = What was done
exchange-happens-return = { $what }: the benefit ends. { $amount } goes { $destination }.
exchange-happens-cancelled = Payments of { $amount } that were still to come are never made.
exchange-happens-kept = { $units } of it live on with the same end.
exchange-happens-bought = { $what }: begins on the day of the exchange and ends on { $day }. The first payment is { $amount }.
exchange-happens-payments = { $count ->
    [one] One more payment follows.
   *[other] { $count } more payments follow.
}
exchange-happens-swap = { $what }: goes on as { $twin } until { $day }. Nothing is charged.
exchange-happens-cap = Nothing of it counts toward the refund cap.
exchange-goes-on-with-twin = on with the premium-storage twin
exchange-what = What
exchange-comes-back = Comes back
exchange-never-paid = Never paid
exchange-kept = Units kept
exchange-money-goes = the money goes { $destination }
exchange-whole-price = Whole price
exchange-first-payment = First payment
exchange-payments = Payments
exchange-not-priced = not priced
exchange-ask-heading = Others have to approve this first
exchange-ask-comment = Why it is wanted
exchange-ask = Ask for approval
exchange-confirm-heading = Make this exchange
exchange-terms-ends = What is given up ends at once, and its benefit with it.
exchange-terms-begins = What is bought begins at once, for a whole term at the price shown.
exchange-terms-final = It cannot be undone; what is bought may later be exchanged or returned as the rules then allow.
exchange-confirm = I have read what happens and the proof, and agree to these terms.
exchange-do = Exchange
exchange-fault-confirm = Tick the box: an exchange cannot be undone.
exchange-holds-for = { $count ->
    [one] This quote holds for one minute.
   *[other] This quote holds for { $count } minutes.
}
exchange-session-gone = Nothing was exchanged: { $why } Below is a fresh quote.
exchange-choose-type = Choose { $value } as type in purchase { $position }
exchange-choose-sku = Choose { $value } as SKU in purchase { $position }
exchange-choose-region = Choose { $value } as region in purchase { $position }
exchange-choose-term = Choose { $value } as term in purchase { $position }
exchange-choose-plan = Choose { $value } as billing plan in purchase { $position }
exchange-choose-quantity = Choose { $value } as quantity in purchase { $position }
exchange-progress-title = Exchange: in progress
exchange-running = The exchange is being made
exchange-running-lead = It was sent and is being recorded. This page shows the result as soon as it is there.
exchange-look-again = Look again
exchange-not-made = The exchange was not made
exchange-not-made-lead = It was sent, but nothing of it was recorded: nothing was given up and nothing was bought. The same form may be sent again as long as its quote holds.
exchange-begin-new = Begin a new exchange
exchange-review-again = Review it again with a fresh quote
exchange-made-title = Exchange made
exchange-refused-title = Exchange refused
exchange-is-made = The exchange is made
exchange-was-refused = The exchange was refused
exchange-was-refused-lead = It was quoted, but refused when it was to be made. Nothing was given up and nothing was bought.
exchange-recorded-as = Recorded as operation
