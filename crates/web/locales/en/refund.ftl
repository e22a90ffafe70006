# Returning units for money.

refund-heading = Refund
refund-title = Refund of { $name }
refund-returned-title = { $units } returned
refund-fresh = Below is a fresh quote.
refund-nothing-returned = Nothing was returned:

refund-choose = What is returned
refund-units = Units to return
refund-slider = Units to return, as a slider
refund-held = { $units } held
refund-show = Show what it is worth
refund-summary = What it comes to
refund-pays-out = Returning { $units } pays out
refund-otherwise = What it would come to otherwise:
refund-no-quote = Enter how many units are returned to see what they are worth.

refund-sum-of = The sum, in { $currency }
refund-paid = Paid so far for these units
refund-used = Part of it that is used
refund-fee = Fee
refund-paid-out = Paid out
refund-cap-of = The refund cap, in { $currency }
refund-cap-before = Before
refund-cap-after = After
refund-cap-used = Used before
refund-cap-counted = Counted by this
refund-cap-left = Left of { $cap }
refund-cap-over = Beyond the cap of { $cap }
refund-cap-fits = It fits the cap from { $day } on, if nothing else is returned until then.
refund-cap-frees = What this counts is free again on { $day }.

refund-happens = What happens when you confirm
refund-ends-now = The benefit of { $units } ends now.
refund-money = { $payout } is paid out; the money goes { $destination }.
refund-credit-lapses = The credit lapses on { $day }.
refund-cancelled = Payments of { $amount } that were still to come are never made.
refund-kept = { $count ->
    [one] { $count } unit lives on in a new reservation of the same order, with the same end.
   *[other] { $count } units live on in a new reservation of the same order, with the same end.
}
refund-counts = { $amount } counts toward the refund cap until { $day }.
refund-final = This cannot be undone.

refund-confirm = Return { $units }
refund-reason = Reason for the return
refund-reason-choose = Choose a reason
refund-reason-no-longer-needed = No longer needed
refund-reason-wrong-product = Bought the wrong product, region or quantity
refund-reason-replaced = Replaced by something else
refund-reason-cost = To save cost
refund-reason-other = Another reason
refund-reason-missing = Choose why the units are returned.
refund-confirmed = I have read the proof. The benefit of { $units } ends now, and this cannot be undone.
refund-confirmed-missing = Tick the box: a return cannot be undone.
refund-keep = Keep it as it is
refund-holds-until = This quote holds until
refund-others-approve = Others have to approve this first
refund-why = Why the units are returned
refund-ask = Ask for approval

refund-result-paid = Paid out:
refund-to-rest = To the units that were kept
refund-to-reservation = To the reservation
refund-to-list = To the list
refund-record = The record
refund-fact-when = Returned on
refund-fact-reason = Reason given
refund-fact-goes = The money goes
refund-fact-operation = Operation
refund-fact-order = Order
refund-fact-reservation = Reservation
refund-fact-policy = Policy book
refund-print = Print
refund-lead-done = { $name }, returned for good
