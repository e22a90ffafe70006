# Der Rahmen um jede Seite.

skip-to-content = Zum Inhalt springen
menu = Menü
close-menu = Menü schließen
sections = Bereiche
your-account = Ihr Konto
sign-out = Abmelden
find-label = Eine Reservierung suchen
find-placeholder = Name, ID, Produkt …
sandbox = Testumgebung.
time-stands-still = Die Zeit steht still am
as-of = Stand:
look-language = Sprache
look-theme = Farben
theme-system = Wie mein System
theme-light = Hell
theme-dark = Dunkel

nav-home = Start
nav-customers = Kunden
nav-reservations = Reservierungen
nav-buy = Kaufen
nav-exchange = Umtauschen
nav-trade-in = Eintauschen
nav-requests = Anträge
nav-support = Support
nav-policy = Regelwerk
nav-audit = Protokoll
nav-administration = Verwaltung

where-this-is = Wo Sie sind
scrolls-sideways = { $what }, seitlich verschiebbar
copy = Kopieren
copied = Kopiert
working = Wird bearbeitet …
part-failed = Das ließ sich nicht aktualisieren. Ihre Eingaben sind noch da.
your-time = {"{time}"} bei Ihnen
