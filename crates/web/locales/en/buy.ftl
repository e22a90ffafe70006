# Buying, and offers side by side.

compare-in-all = In all
compare-today = Due today
compare-then = Then
compare-nothing-more = nothing more
compare-more-payments = { $count } × { $amount }
compare-by-month = A month
compare-by-hour = An hour
compare-saves = Saves
compare-no-saving = –
compare-percent = { $percent } %
compare-cheapest = Cheapest by the hour

buy-search-title = Buy a reservation
buy-search-lead = Look up what is to be reserved, then compare its terms and ways to pay. Nothing is bought before you confirm it.
buy-nobody-pays = You see no subscription that could pay. Ask an owner of one for the role Owner or Reservation Purchaser on it; it appears here at once.
buy-payer = Subscription that pays
buy-region = Region
buy-no-region = No region

buy-title = Buy { $product }
buy-offer = Term and payment
buy-offer-hint = For { $units }, in { $currency }. What an offer saves is held against the dearest hour here.
buy-quantity = Quantity
buy-quantity-fault = Enter how many units, a whole number from 1.
buy-name = Name
buy-optional = optional
buy-scope = Applied scope
buy-scope-all = Everything
buy-scope-shared = Shared: all that the account pays for
buy-scope-subscriptions = One subscription
buy-scope-resource-groups = A resource group of the subscription that pays
buy-scope-management-groups = A management group
buy-renew-label = Renew it when its term ends. This can be changed until then.
buy-update = Update
buy-no-role = No role allows you to buy with this subscription.
buy-refused-heading = Refused: { $clause }
buy-costs-heading = { $count ->
    [one] { $units } costs
   *[other] { $units } cost
}
buy-today = Due today
buy-later = After that
buy-later-nothing = nothing
buy-later-monthly = { $count } × { $amount }, monthly
buy-ends = The benefit ends on
buy-converted = The list price of { $price } is converted at { $rate }.
buy-not-you = You may not buy this yourself.
buy-helps = What would help:
buy-comment = Why it is wanted
buy-ask = Ask for approval
buy-asked-first = Others have to approve it first.
buy-review = Review
buy-review-hint = Nothing is bought yet.
buy-why = Why it comes to this

buy-choose-region = Take { $value } instead
buy-choose-term = Take { $value } instead
buy-choose-plan = Choose { $value } as billing plan
buy-choose-sku = Take { $value } instead
buy-review-title = Review the purchase
buy-review-lead = Nothing is bought before you confirm it below.
buy-product = Product
buy-term = Term
buy-plan = Billing plan
buy-renewal = When the term ends
buy-renews = It renews
buy-renews-not = It ends
buy-schedule = All { $count } payments
buy-schedule-label = All payments, scrolls sideways
buy-payment = Payment
buy-due = Due on
buy-amount = Amount
buy-confirm-heading = Buy it
buy-confirm-label = I buy { $units } for { $total } in all, of which { $today } is paid now.
buy-confirm-fault = Tick the box to buy it.
buy-confirm = Buy for { $total }
buy-change = Change it
buy-holds-until = This quote holds until
buy-lapsed = This quote has lapsed, and nothing was bought. Ask again for what it costs now.
buy-again = Ask again
buy-refused = Nothing was bought: { $why }
buy-ask-heading = Others have to approve this first

buy-made-title = Bought
buy-made-heading = { $units } bought for
buy-made-at = Bought on
buy-order = Order
buy-failed-title = The payment was refused
buy-failed-heading = The first payment was refused, and nothing is held
