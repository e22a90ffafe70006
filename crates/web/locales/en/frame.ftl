# The frame around every page.

skip-to-content = Skip to the content
menu = Menu
close-menu = Close the menu
sections = Sections
your-account = Your account
sign-out = Sign out
find-label = Find a reservation
find-placeholder = Name, id, product …
sandbox = Sandbox.
time-stands-still = Time stands still at
as-of = Everything as of
look-language = Language
look-theme = Colours
theme-system = As my system
theme-light = Light
theme-dark = Dark

nav-home = Home
nav-customers = Customers
nav-reservations = Reservations
nav-buy = Buy
nav-exchange = Exchange
nav-trade-in = Trade in
nav-requests = Requests
nav-support = Support
nav-policy = Policy
nav-audit = Audit
nav-administration = Administration

where-this-is = Where this is
scrolls-sideways = { $what }, scrolls sideways
copy = Copy
copied = Copied
working = Working …
part-failed = This could not be brought up to date. What you typed is still here.
your-time = {"{time}"} where you are
