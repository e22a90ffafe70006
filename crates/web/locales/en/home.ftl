# The page that everybody begins at: what has to be looked at, over all that one sees.

home-glance = At a glance
home-active = Active reservations
home-of-customers = { $count ->
    [one] of { $count } customer
   *[other] of { $count } customers
}
home-commitment = Commitment
home-commitment-means = over their whole terms
home-ending = { $days ->
    [one] Ending within { $days } day
   *[other] Ending within { $days } days
}
home-of-these-renewed = { $count ->
    [0] none is set to renew
    [one] { $count } is set to renew
   *[other] { $count } are set to renew
}
home-waiting = Waiting for you
home-requests-mean = requests to decide on
home-figures-of = Figures of { $moment }; changes since then follow within seconds.

home-none-title = You see no reservations yet
home-none = Those of others appear here once you have a role on their orders. What you buy appears at once.
home-none-why = An administrator of your tenant gives roles; your account says who you are to them.
home-to-account = To your account
home-to-all = See all
home-to-customers = See all customers

home-expiring = Ending soon
home-expiring-none = { $days ->
    [one] Nothing that you see ends within { $days } day.
   *[other] Nothing that you see ends within { $days } days.
}
home-renewal-means = A renewal buys the same anew on the day of the end, at the price that is locked { $days } before it. Without one the discount stops that day, and what goes on running is charged at pay-as-you-go prices.
home-name = Reservation
home-ends = Ends
home-then = Then
home-renewed = Renewed
home-not-renewed = Not renewed

home-rights = Rights about to lapse
home-rights-left = { $count ->
    [one] day
   *[other] days
}
home-rights-until = until { $day }
home-rights-means = What is bought or renewed from that day on cannot be exchanged, for { $services ->
    [one] { $services } service
   *[other] { $services } services
}. { $last ->
    [0] Units bought before it keep no exchange.
    [one] Units bought before it keep { $last } last exchange.
   *[other] Units bought before it keep { $last } last exchanges.
}
home-rights-over = Since { $day } what is bought or renewed cannot be exchanged, for { $services ->
    [one] { $services } service
   *[other] { $services } services
}.
home-rights-no-end = By the rules of today exchanges have no end.
home-rights-services = Which services
home-rights-rule = The rule and its dates
home-rights-ahead = Exchange freely until then, and once after
home-rights-last = Still have their last exchange
home-rights-used = Have spent their last exchange
home-rights-gone = Bought or renewed too late for one
home-reservations = Reservations
home-traps = Renewals that give a right away
home-traps-means = Their renewal is on, and what it buys could not be exchanged. Exchange before the day of the end, or switch the renewal off.
home-traps-none = No renewal that is on gives a right away.
home-last-day = Renews

home-usage = Under-used
home-usage-below = { $count ->
    [0] All { $measured } with figures were used for at least { $share } % over their last seven days.
    [one] { $count } of { $measured } with figures was used for less than { $share } % over its last seven days.
   *[other] { $count } of { $measured } with figures were used for less than { $share } % over their last seven days.
}
home-usage-share = Used
home-usage-none = { $days ->
    [one] No usage of the last { $days } day was loaded, so nothing can be said of it.
   *[other] No usage of the last { $days } days was loaded, so nothing can be said of it.
}
home-usage-how = Figures by the day come with the world document, or from a file of daily usage:

home-caps = Cap headroom
home-caps-means = What may still be returned, in US dollars, before the cap of { $cap } a pool is reached.
home-caps-none = No account of yours to see has a cap.
home-caps-whole = { $count ->
    [one] { $count } pool has all of it left.
   *[other] { $count } pools have all of it left.
}
home-caps-others = { $count ->
    [one] { $count } further pool is used less.
   *[other] { $count } further pools are used less.
}
home-used = Used
home-left = Left
home-comes-back = Comes back next
home-back = { $amount } on { $day }

home-requests-none = Nothing waits for your decision.
home-request-by = asked for by { $name }
home-request-until = until { $day }

home-credits = Credits that run out
home-credits-means = Money back for what was bought under a Prepayment term that has ended. What is not used by its last day is lost.
home-amount = Amount
home-account = Account
home-lapses = Last day
