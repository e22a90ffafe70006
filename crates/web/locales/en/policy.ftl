# The policy book, and what operations are called.

policy-title = Policy
policy-lead = Every rule by which the desk decides: what it says, since when, where that stands, and what changes next.
policy-tabs = Policy
policy-tab-rules = The rules
policy-tab-what-if = What if
policy-on = As of
policy-day-fault = Write the day as year-month-day, such as 2027-02-01. Shown is today.
policy-job = For
policy-job-all = Everything
policy-words = Search
policy-words-such-as = cap, fee, monthly, 2027 …
policy-show = Show
policy-as-of = These are the rules as of { $day }.
policy-to-today = Back to today
policy-next = What changes next
policy-next-after = What is dated after { $day }
policy-next-nothing = Nothing is dated later than this day.
policy-turn-begins = From this day:
policy-turn-exchange-right = Exchanges end: what is bought of a covered service from this day on can no longer be exchanged. Each unit bought before keeps its final exchange.
policy-turn-legacy-sale-stop = From this day these VM series are no longer sold or renewed. Running reservations keep their discount to the end.
policy-found = { $count ->
    [one] { $count } clause
   *[other] { $count } clauses
}
policy-none = No clause has all these words. Try fewer, or look at all of them.
policy-all = Show all clauses
policy-key-holds = in force
policy-key-past = before
policy-key-later = dated later
policy-key-mark = a day that the rule names
policy-since = Since { $day }
policy-from-to = { $from } to { $to }
policy-always = The shape of a request
policy-also = Also for
policy-structural-long = About the shape of a request: no figures, so no dates. It has always held.
policy-others = { $count ->
    [one] { $count } other value
   *[other] { $count } other values
}
policy-later = later
policy-holds = in force
policy-never-changed = Never changed
policy-read = read on { $day }
policy-band = { $clause }: { $count ->
    [one] { $count } value, since { $days }
   *[other] { $count } values, since { $days }
}; in force is that of { $holds }
policy-history = Its dates
policy-decisions = Decisions that looked at it
policy-decisions-none = No recorded decision that you may see has looked at this clause.
policy-looked-through = { $count ->
    [one] Of the last decision that you may see
   *[other] Of the last { $count } decisions that you may see
}
policy-decision = Decision
policy-when = When
policy-outcome = Outcome
policy-value-of = Value since
policy-outcome-met = Met
policy-outcome-not-met = Not met
policy-outcome-not-concerned = Not concerned
policy-outcome-warned = Take note
policy-outcome-waived = Waived by ticket

policy-job-purchase = Purchase
policy-job-refund = Refund
policy-job-exchange = Exchange
policy-job-savings-plan = Savings plan
policy-job-trade-in = Trade in
policy-job-split = Split
policy-job-merge = Merge
policy-job-renewal = Renewal
policy-job-payment = Payment
policy-job-update = Update
policy-job-archive = Archive
policy-job-change-directory = Change of tenant
policy-job-scope = Applied scope
policy-job-drain = Commit units
policy-job-partner = Partners
policy-job-waiver = Exceptions
policy-job-request = Requests

operation-purchase = Purchase
operation-refund = Refund
operation-exchange = Exchange
operation-drain = Use of commit units
operation-instalment = Payment
operation-expiry = End of a term
operation-renewal = Renewal
operation-split = Split
operation-savings-plan-purchase = Purchase of a savings plan
operation-savings-plan-instalment = Payment of a savings plan
operation-savings-plan-change = Change of a savings plan
operation-savings-plan-expiry = End of a savings plan
operation-trade-in = Trade in
operation-merge = Merge
operation-update = Change
operation-archive = Archived
operation-unarchive = Unarchived
operation-change-directory = Change of tenant
operation-scope = Change of scope by the world
operation-waiver = Exception
operation-request = Request
