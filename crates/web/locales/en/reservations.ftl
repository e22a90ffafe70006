# The list of reservations.

reservations-lead = { $count ->
    [one] { $count } reservation
   *[other] { $count } reservations
}
reservations-lead-of-customers = { $count ->
    [one] { $count } reservation
   *[other] { $count } reservations
} of { $customers } customers
reservations-which = Which reservations
reservations-show-active = Active
reservations-show-expiring = Expiring soon
reservations-show-no-benefit = Nothing benefits
reservations-show-ended = Ended
reservations-show-archived = Archived
reservations-show-all = All
reservations-state-no-benefit = No benefit
reservations-state-expiring = Expiring

reservations-none-seen = You see no reservations yet. Those that you buy appear here, and those of others once you have a role on their orders.
reservations-none-chosen = No reservation meets all that was asked for. Take a filter away, or look among all.
reservations-none-active = You see no active reservation.
reservations-none-expiring = No active reservation that you may see is about to end.
reservations-none-no-benefit = Something benefits from each active reservation that you may see.
reservations-none-ended = No reservation that you may see has been returned, exchanged or ended.
reservations-none-archived = Nothing that you may see is in the archive. Reservations that ended can be put there.
reservations-none-all = You see no reservations.

reservations-filter = Filter
reservations-filter-text = Search
reservations-filter-text-hint = Name, id or SKU
reservations-filter-customer = Customer
reservations-filter-customer-hint = Part of the name
reservations-filter-type = Product type
reservations-filter-region = Region
reservations-filter-term = Term
reservations-filter-scope = Scope
reservations-filter-renew = Renewal
reservations-filter-within = Expires
reservations-any = Any
reservations-within-days = { $count ->
    [one] within { $count } day
   *[other] within { $count } days
}
reservations-renewal-on = Renews by itself
reservations-renewal-off = Does not renew
reservations-apply = Apply
reservations-clear = Clear filters
reservations-group = Group by customer
reservations-ungroup = One list for all customers
reservations-of-group = { $count ->
    [one] { $count } reservation
   *[other] { $count } reservations
}

reservations-table = Reservations
reservations-sort-by = Sort by
reservations-choose = Choose { $name }
reservations-choose-all = Choose all on this page
reservations-column-name = Name
reservations-column-customer = Customer
reservations-column-status = Status
reservations-column-quantity = Quantity
reservations-column-expires = Expires
reservations-column-scope = Scope
reservations-column-term = Term
reservations-column-product = Type
reservations-column-region = Region
reservations-column-renewal = Renewal
reservations-on = On
reservations-off = Off

reservations-pages = Pages
reservations-first-page = First page
reservations-previous-page = Previous page
reservations-next-page = Next page

reservations-download = Download CSV
reservations-column-utilization = Used, 7 days
reservations-filter-under = Used, 7 days
reservations-under-percent = less than { $percent } %
reservations-percent = { $number } %
reservations-used-until = Over the 7 days until { $day }
reservations-no-figures = No figures of utilization were loaded yet. They come with the world document, or from the CSV of daily usage summaries: prorata utilization import.
reservations-with-chosen = Chosen:
reservations-deed-exchange = Exchange
reservations-deed-renew-on = Switch renewal on
reservations-deed-renew-off = Switch renewal off
reservations-deed-archive = Archive

# The heads of the columns of the file.
reservations-file-name = Name
reservations-file-customer = Customer
reservations-file-customer-id = Tenant id
reservations-file-status = Status
reservations-file-used-1 = Used over 1 day (%)
reservations-file-used-7 = Used over 7 days (%)
reservations-file-used-30 = Used over 30 days (%)
reservations-file-quantity = Quantity
reservations-file-expires = Expires
reservations-file-scope = Scope
reservations-file-scope-id = Scope id
reservations-file-term = Term
reservations-file-plan = Billing plan
reservations-file-product = Product type
reservations-file-sku = SKU
reservations-file-region = Region
reservations-file-renewal = Renewal
reservations-file-reservation-id = Reservation id
reservations-file-order-id = Order id
reservations-file-account = Billing account

# Views that are kept.
views-yours = Your views
views-keep = Save this view
views-name = Name of the view
views-name-hint = Keeps the filters and the sorting as they are now. A name that you have used already gets these instead.
views-keep-button = Save
views-forget-button = Forget
views-forget = Forget { $name }
views-name-fault = Give it a name of 1 to { $count } characters.
views-too-many = You keep as many views as there can be. Forget one first.

# Several reservations at once.
several-rows = The chosen reservations
several-column-name = Reservation
several-column-outcome = Outcome
several-column-what = What happens
several-none = Nothing was chosen. Go back to the list, and tick the reservations that it is to be done with.
several-not-confirmed = Tick this to confirm it.
several-leave = Leave all as it is
several-back = Back to the reservations
several-elsewhere = What belongs to a customer is done in the customer's tenant. Go on there:
several-elsewhere-button = { $count ->
    [one] Go on with { $count } of { $customer }
   *[other] Go on with { $count } of { $customer }
}
several-done = { $count } of { $all } are as you wanted.
several-changed-meanwhile = It was not done. Try it again from its own page, which says why.
several-badge-will = Will be done
several-badge-already = Already so
several-badge-done = Done
several-badge-not = Cannot be done
several-exchange-title = Exchange several reservations
several-exchange-lead = They are given up together for others.
several-exchange-button = Exchange
several-exchange-done = Exchanged.
several-exchange-what = Is given up.
several-exchange-confirm = { $count ->
    [one] Exchange { $count } reservation
   *[other] Exchange { $count } reservations
}
several-renew-on-title = Switch renewal on
several-renew-on-lead = At the end of its term, each is bought again for another one, at a price that is locked some days before. Nothing is paid until then.
several-renew-on-what = Ends on { $day }, and is bought again on that day.
several-renew-on-done = It renews by itself.
several-renew-on-button = Switch renewal on
several-renew-on-confirm = { $count ->
    [one] Let { $count } reservation renew by itself
   *[other] Let { $count } reservations renew by themselves
}
several-renew-off-title = Switch renewal off
several-renew-off-lead = Each ends with its term. Usage is charged at the usual price from then on.
several-renew-off-what = Ends on { $day }, and is not bought again.
several-renew-off-done = It does not renew.
several-renew-off-button = Switch renewal off
several-renew-off-confirm = { $count ->
    [one] Let { $count } reservation end with its term
   *[other] Let { $count } reservations end with their terms
}
several-archive-title = Archive several reservations
several-archive-lead = What is over goes out of sight. It stays on record, is found under Archived, and can be taken out again.
several-archive-what = Goes out of sight.
several-archive-done = It is in the archive.
several-archive-button = Archive
several-archive-confirm = { $count ->
    [one] Archive { $count } reservation
   *[other] Archive { $count } reservations
}
