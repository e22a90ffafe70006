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
reservations-state-expiring = Expiring soon

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
