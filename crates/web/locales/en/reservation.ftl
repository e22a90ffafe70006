# The pages of one reservation.

reservation-menu = About this reservation
reservation-overview = Overview
reservation-access = Access control (IAM)
reservation-configuration = Configuration
reservation-properties = Properties
reservation-history = History
reservation-payments = Payments
reservation-decisions = Decisions
reservation-support = New support request

reservation-commands = Commands
reservation-refund = Refund
reservation-exchange = Exchange
reservation-trade-in = Trade in
reservation-split = Split
reservation-merge = Merge
reservation-rename = Rename
reservation-archive = Archive
reservation-unarchive = Unarchive
reservation-ask = Ask for a refund
reservation-barred = Not possible now:
reservation-why = Why?
reservation-why-ended = It has ended, so there is nothing left to do this with.
reservation-why-role = Your roles do not allow it.
reservation-why-partner = Your partner, { $partner }, gives it up for you. Ask there.
reservation-why-no-exchange = The units have no right left to be exchanged.
reservation-why-one-unit = It holds one unit; two or more can be split.
reservation-why-no-sibling = There is no other live reservation in its order to merge it with.
reservation-why-live = It is live. Only what has ended can be put out of sight.

reservation-done-renamed = It has its new name.
reservation-done-archived = It is put out of sight. It stays in lists that show what is archived.
reservation-done-unarchived = It is in sight again.
reservation-done-split = It was split. Its parts are listed below.
reservation-done-merged = This is what the reservations were merged into.
reservation-done-saved = The change was saved.
reservation-moved = Somebody changed this reservation after the form was shown, so nothing was done. Look at it as it is now, and send the form again.
reservation-leave = Leave it as it is
reservation-on = On
reservation-off = Off
reservation-empty = none
reservation-archived = Archived
reservation-essentials = Essentials

reservation-ends = Expires
reservation-ends-in = { $day } ({ $left })
reservation-scope = Applied scope
reservation-renewal = Renewal
reservation-product = Product
reservation-sku = SKU
reservation-region = Region
reservation-quantity = Quantity
reservation-term = Term
reservation-plan = Billing plan
reservation-unit-price = Price of a unit for the term
reservation-price = Price for the term
reservation-began = Benefit since
reservation-name = Name
reservation-id = Reservation id
reservation-order-id = Reservation order id
reservation-order-name = Order name
reservation-resource-id = Resource id
reservation-resource-type = Resource type
reservation-first-ordered = Quantity first ordered
reservation-flexibility = Instance size flexibility
reservation-payer = Subscription that pays
reservation-account = Billing account
reservation-profile = Billing profile
reservation-agreement = Agreement
reservation-payment = Payment method
reservation-currency = Currency
reservation-buyer = Bought by
reservation-acquired = How it was acquired
reservation-bought = Bought
reservation-changed = Last changed
reservation-revision = Revision
reservation-group-identity = Identity
reservation-group-product = What is reserved
reservation-group-billing = Who pays
reservation-group-life = Its life

reservation-new-name = New name
reservation-name-hint = What people read in lists. Programs know it by its ids, which stay.
reservation-name-empty = Enter a name.
reservation-name-long = The name is longer than { $count } characters.
reservation-name-plain = Leave out tabs, line breaks and characters that turn the line around.
reservation-archive-says = It has ended, and is put out of sight of lists. Nothing of it is lost: its history, payments and decisions stay as they are, and you can get it back at any time.
reservation-unarchive-says = It is shown in lists again.

no-benefit-subscription-deleted = Nothing benefits from this reservation: the subscription it is for was deleted. Give it another scope, or share it.
no-benefit-subscription-moved = Nothing benefits from this reservation: another account pays for the subscription it is for. Give it another scope, or share it.
no-benefit-resource-group-missing = Nothing benefits from this reservation: the resource group it is for is gone. Give it another scope, such as the whole subscription.
no-benefit-management-group-missing = Nothing benefits from this reservation: the management group it is for is not in this tenant. Give it another scope, or share it.

relations = Where it came from and what became of it
relation-source = It came from
relation-merged-from = It was merged from
relation-renewed = It was renewed as
relation-rest = The units that were kept live on in
relation-split = It was split into
relation-merged = It was merged into
relation-swapped = It went on as its premium-storage twin in

# What each unit may still do.
prospects = What each unit may still do
prospect-yes = Yes
prospect-limited = With limits
prospect-no = No
prospect-open = Open
prospect-unseen = Only who may see the order sees what it would bring.
prospect-charging = A payment of the order is being made. Look again in a moment.
prospect-return = Return for money
prospect-return-yes = { $count ->
    [one] Its unit would bring { $payout } today
   *[other] All { $units } would bring { $payout } today
}
prospect-return-fewer = Not all units at once
prospect-return-no = Cannot be returned now
prospect-return-one = One unit alone would bring { $amount }.
prospect-return-fee = A fee of { $amount } is kept back.
prospect-return-cancelled = Payments of { $amount } that are still to come would never be made.
prospect-return-goes = The money goes { $where }.
prospect-return-cap = It counts { $counted } toward the cap; { $left } of { $cap } would be left.
prospect-return-way = See the quote
prospect-exchange = Exchange
prospect-exchange-type = This type of product cannot be exchanged.
prospect-exchange-free = May be exchanged, as often as you like
prospect-exchange-last = { $count ->
    [one] One last exchange for each unit
   *[other] { $count } last exchanges for each unit
}
prospect-exchange-bought-after = No exchange: it was bought after exchanges had ended for its service
prospect-exchange-used = No exchange: the units had their last one
prospect-exchange-nothing = No exchange any more for its service
prospect-exchange-way = Begin an exchange
prospect-span-free = Until { $until } (from { $from }): as often as you like.
prospect-span-last = { $count ->
    [one] From { $from } until { $until }: one last exchange for each unit.
   *[other] From { $from } until { $until }: { $count } last exchanges for each unit.
}
prospect-span-none = From { $from } until { $until }: none.
prospect-trade-in = Trade in for a savings plan
prospect-trade-in-no = This type of product cannot be traded in for a savings plan.
prospect-trade-in-yes = May become { $kinds }
prospect-plan-compute = a compute savings plan
prospect-plan-database = a database savings plan
prospect-trade-in-worth = The plan has to commit at least { $amount }: what comes back and what is never paid.
prospect-trade-in-cap = It does not touch the refund cap.
prospect-trade-in-way = Compare plans
prospect-renewal = Renewal
prospect-renewal-off = Ends on { $day } and is not renewed
prospect-renewal-off-then = From then on usage is charged at pay-as-you-go prices.
prospect-renewal-on = Is renewed on { $day }
prospect-renewal-way = Change the renewal
prospect-renewal-buys = It would buy { $units } of { $sku } for { $term }, { $paid }.
prospect-renewal-price = That is { $amount } at today's price.
prospect-renewal-locked-price = That is { $amount } at the locked price.
prospect-renewal-locks = The price is locked on { $day }.
prospect-renewal-locked = The price was locked on { $day }.
prospect-renewal-trap = What the renewal buys cannot be exchanged any more. To keep the right, exchange by { $day }, or switch the renewal off.
prospect-clause = All dates of this clause
in-force-since = in force since

# Usage.
usage = Utilization
usage-spans = Over how many days
usage-span = { $count ->
    [one] Last day
   *[other] Last { $count } days
}
usage-percent = { $number } %
usage-chart = { $count ->
    [one] Utilization on the last day with figures
   *[other] Utilization on each of the last { $count } days
}
usage-plan-chart = { $count ->
    [one] Commit units used in each of the last 24 hours
   *[other] Commit units used on each of the last { $count } days
}
usage-day = Day (UTC)
usage-hour = Hour (UTC)
usage-hours-used = Hours used
usage-hours-reserved = Hours reserved
usage-unknown = no figure
usage-covered = Paid from the plan
usage-overage = Beyond the plan
usage-bought = Commit units bought
usage-used = Used
usage-left = Left
usage-trend-up = More than in the week before.
usage-trend-down = Less than in the week before.
usage-trend-same = About as in the week before.
usage-up-to = Figures up to { $day }.
usage-stale = That is { $count } days ago: newer ones were not loaded.
usage-none = No usage of this reservation was loaded, so nobody can say here how much of it is used.
usage-none-how = The desk does not measure usage itself. Load the provider's daily usage summaries with “prorata utilization import” and their CSV file, or with a world document such as this:
usage-example = a world document with a figure
usage-plan-none = Nothing was used of this plan yet.
usage-plan-how = Usage is paid from the plan when it is sent to “/prorata/reservations/…/usage” of the API.

chart-zoom-in = Zoom in
chart-zoom-out = Zoom out
chart-how = Point at a bar, or use the arrow keys, to read it off.
chart-table = The same as a table

# History.
history-revision = Revision
history-by-desk = the desk, by the calendar
history-by-unknown = not recorded
history-proof = Proof
history-nothing = Nothing that is shown here was changed.
history-older = Older
history-newest = Newest
history-state = State
history-renew-as = Renewed as
history-archived = Archived
history-yes = Yes
history-no = No
history-the-same = the same again
history-benefit = Benefit
history-benefits = in use

decision-kind-purchase = Purchase
decision-kind-refund = Refund
decision-kind-exchange = Exchange
decision-kind-exchange-purchase = Purchase in an exchange
decision-kind-exchange-return = Return in an exchange
decision-kind-trade-in-return = Return in a trade-in
decision-kind-drain = Usage paid from the plan
decision-kind-instalment = Payment
decision-kind-expiry = End of the term
decision-kind-renewal = Renewal
decision-kind-split = Split
decision-kind-merge = Merge
decision-kind-trade-in = Trade-in
decision-kind-update = Change
decision-kind-archive = Put out of sight
decision-kind-unarchive = Brought back into sight
decision-kind-change-directory = Move to another tenant
decision-kind-scope = Scope followed a change of the directory
decision-kind-waiver = Exception granted
decision-kind-unknown = Change

decisions-lead = Every decision that made this reservation what it is, the newest first. Each keeps all that was looked at, so it can be checked again.
decisions-none = No decision is recorded.
decision-what = Decision
decision-at = When
decision-by = By
decision-verdict = Verdict
decision-approved = Approved
decision-refused = Refused
decision-proof = Proof
decision-see = See the proof
decision-operation = Operation id
decision-client = Client
decision-partner = On behalf of the partner
decision-counted = Counted toward the cap
decision-correlation = Correlation id
decision-policy = Policy book
decision-policy-same = the one in use now
decision-policy-other = an earlier one; dates and sources are those of the decision
decision-no-proof = Nothing was decided here: it follows from what was agreed before.

# Payments.
payments-of-the-order = Payments belong to the order, with all its reservations.
payments-currency = All amounts are in
payments-sums = Sums
payments-paid = Paid so far
payments-returned = Given back
payments-to-come = Still to come
payments-next = Next payment
payments-overdue = Overdue
payments-schedule = Schedule
payments-number = No.
payments-due = Due
payments-amount = Amount
payments-state = State
payment-paid = Paid
payment-refused = Refused
payment-scheduled = Scheduled
payment-never = Never to be made
payments-ledger = Ledger
payments-ledger-lead = Double entry: in each entry debits and credits are the same.
payments-no-entries = Nothing was posted: nothing was paid yet.
payments-at = Entry
payments-account = Account
payments-debit = Debit
payments-credit = Credit
payments-unseen = The payments belong to the order, which your roles do not let you see.
account-prepaid = Paid and not used yet
account-used = Used
account-other-prepaid = Paid and not used yet, of another order
account-other-used = Used, of another order
account-fee = Fees for returns
account-payer = Payer: { $means }
account-means-prepayment = Prepayment
account-means-overage = overage invoice
account-means-wire = wire transfer
account-means-card = card
account-means-invoice = invoice
account-means-credit-90-days = credit of limited life
account-means-credit-note = credit note
account-means-credit-memo = credit memo
account-means-reopened-invoice = reopened invoices
account-means-next-invoice = next month's invoice
account-means-future-purchase = held for a future purchase

# Split and merge.
split-lead = Each part becomes a reservation of the same order. Nothing is paid, and no right is lost.
split-parts = Units of each part
split-held = held; the parts together have to be as many.
split-part = Part
split-show = Show what becomes of it
split-more = Add a part
split-refused = It cannot be split like this
split-becomes = It becomes
split-button = { $count ->
    [one] Split into { $count } reservation
   *[other] Split into { $count } reservations
}
split-note-end = Each part ends on { $day }, as the whole does.
split-note-same = Each part keeps the purchase date, the right to be exchanged, the scope and the name.
split-note-roles = Who has a role on this reservation has it on every part.
split-note-renewal = Its renewal is switched off; switch it on again where you want it.
split-repair = Split into { $parts }
split-unread = Enter whole numbers of units.
merge-lead = Reservations of the same order become one, with all their units. What differs has to be made alike first.
merge-siblings = Other live reservations of the order
merge-with = Merge with
merge-unlike = differs
merge-choose = Choose at least one to merge with.
merge-refused = These cannot be merged
merge-becomes = { $count ->
    [one] { $count } reservation becomes { $name } with { $units }
   *[other] { $count } reservations become { $name } with { $units }
}
merge-note-first = Name and settings are those of this reservation; purchase date and rights are the same for all.
merge-note-roles = Who has a role on each of them has it on what they become.
merge-note-renewal = A renewal that was on is switched off.
merge-button = Merge them

# Configuration.
configuration-now = As it is set now
configuration-ended = It has ended, so nothing can be set any more.
configuration-role = Your roles let you see how it is set, and not change it.
configuration-scope-hint = Where the discount is looked for. It never costs anything to change.
configuration-choose = Choose one
configuration-scope-choose = Choose what it is to be for.
configuration-no-resource-groups = There is no resource group that you may see.
configuration-no-management-groups = There is no management group that you may see.
configuration-flexibility-hint = On: it also helps other sizes of the same group, by their ratio. Off: only this size.
configuration-renewal-hint = What happens at the end of the term.
configuration-renewal-role = Whether it is renewed is said by an owner of it who also owns the subscription that pays.
configuration-renewal-if = If it were switched on:
configuration-renewal-would-trap = What a renewal would buy could not be exchanged any more.
configuration-renewal-refused = It could not be bought today:
configuration-show = Show the effect
configuration-to-review = Review the change
configuration-review = Review the change
configuration-refused = This cannot be set
configuration-effect = What the change does
configuration-available = Available
configuration-available-says = The scope is there, and the same account pays for it.
configuration-unavailable = Not available
configuration-loses = Loses the discount
configuration-gains = Gains it
configuration-helps = May use it afterwards
configuration-nobody = no subscription that you may see
configuration-note-shared = Subscriptions of the account that you may not see may use it too. Discounts go where they fit, the narrowest scope first.
configuration-note-narrow = { $count ->
    [one] What does not run in that subscription is charged at full price, even if units stay unused.
   *[other] What does not run in those { $count } subscriptions is charged at full price, even if units stay unused.
}
configuration-note-flexible = Other sizes of the same group are helped as well, so fewer units stay unused.
configuration-note-rigid = Only this very size is helped from now on; other sizes of the group are charged in full.
configuration-note-renews = At the end of the term the same is bought again, and charged.
configuration-note-ends = At the end of the term it ends, and usage is charged at pay-as-you-go prices.
configuration-note-undo = It takes effect at once, costs nothing, and can be changed back.
configuration-save = Save the change
configuration-unchanged = Nothing differs from how it is set now.
configuration-nothing = Nothing was filled in that could be changed.
