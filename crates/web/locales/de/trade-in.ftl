# Reservierungen gegen einen Sparplan eintauschen, und die Sparpläne, die gehalten werden.

plan-kind-compute = Sparplan für Compute
plan-kind-database = Sparplan für Datenbanken

trade-in-title = Eintauschen
trade-in-lead = Reservierungen werden gegen einen Sparplan aufgegeben: einen Betrag, der jede Stunde für alle Dienste ausgegeben wird, die der Plan abdeckt. Es gibt keinen Weg zurück: Ein Sparplan lässt sich weder zurückgeben noch umtauschen noch zurückverwandeln.
trade-in-tab = Reservierungen eintauschen
trade-in-none-sold = Noch wird kein Sparplan verkauft, daher lässt sich nichts eintauschen.
trade-in-given = Was aufgegeben wird
trade-in-given-label = Was aufgegeben wird, zu rollen
trade-in-plan = Sparplan
trade-in-nothing-held = Sie sehen keine aktive Reservierung, die dieser Sparplan abdecken würde. Wählen Sie den anderen Plan, oder kaufen Sie zuerst eine Reservierung.
trade-in-reservation = Reservierung
trade-in-ends = Endet
trade-in-units = Einheiten
trade-in-of = von
trade-in-brings = Bringt
trade-in-look = Ansehen
trade-in-no-right = Sie dürfen sie nicht eintauschen: dazu braucht es eine Rolle, der ihr Auftrag gehört.
trade-in-cut = Es werden mehr gehalten; aufgeführt sind die, die zuerst enden, höchstens
trade-in-committed = Wozu Sie sich verpflichten
trade-in-tick-first = Wählen Sie, was aufgegeben werden soll; dann stehen hier die Laufzeiten des Plans nebeneinander.
trade-in-tick-one = Wählen Sie mindestens eine Reservierung aus.
trade-in-commitment = Verpflichtung je Stunde
trade-in-by-hour = Jede Stunde
trade-in-hourly-hint = Bleibt es leer, gilt die kleinste, die genügt.
trade-in-hourly-fault = Geben Sie einen Betrag je Stunde ein, etwa 0,206, mit höchstens drei Nachkommastellen.
trade-in-take-smallest = Die kleinste, die genügt:
trade-in-take-covering = Was dieselben Maschinen abdeckt:
trade-in-too-little = Zu wenig
trade-in-offer-smallest = Mit der kleinsten Verpflichtung, die genügt, in { $currency }.
trade-in-offer-typed = Mit der unten eingegebenen Verpflichtung, in { $currency }.
trade-in-not-you = Sie dürfen mit diesem Abonnement keinen Sparplan kaufen.
trade-in-nothing = Noch ist nichts berechnet
trade-in-heading = Für eine Verpflichtung von { $commitment }
trade-in-balance = Was der Plan wert sein muss
trade-in-given-up = Aufgegeben: was zurückkommt und was nie gezahlt wird
trade-in-worth = Der Plan über die ganze Laufzeit
trade-in-above = Mehr als nötig
trade-in-missing = Noch fehlen
trade-in-money = Was gezahlt wird
trade-in-back-now = Kommt jetzt zurück
trade-in-paid-now = Erste Zahlung des Plans
trade-in-monthly = Was ein Monat kostet
trade-in-monthly-before = Die Reservierungen
trade-in-monthly-after = Dieselben Maschinen unter dem Plan
trade-in-covering = Verpflichtung, die sie durchgehend abdeckt
trade-in-no-rate = Unter einem Plan ist kein Satz bekannt für { $what }.
trade-in-review-hint = Noch wird nichts aufgegeben.

trade-in-review-title = Den Eintausch prüfen
trade-in-review-lead = Aufgegeben wird erst, wenn Sie es unten bestätigen.
trade-in-comes-back = Kommt zurück
trade-in-never-paid = Nie gezahlt
trade-in-kept = Behaltene Einheiten
trade-in-money-goes = Das Geld geht
trade-in-not-priced = nicht berechnet
trade-in-whole = Ganze Laufzeit
trade-in-operation = Vorgang
trade-in-choose-again = Mit neuem Angebot noch einmal ansehen
trade-in-confirm-heading = Eintauschen
trade-in-confirm-label = { $count ->
    [one] Ich gebe auf, was von einer Reservierung aufgeführt ist, und verpflichte mich zu { $commitment } bis zum Ende des Plans. Das lässt sich nicht rückgängig machen.
   *[other] Ich gebe auf, was von { $count } Reservierungen aufgeführt ist, und verpflichte mich zu { $commitment } bis zum Ende des Plans. Das lässt sich nicht rückgängig machen.
}
trade-in-confirm-fault = Setzen Sie das Häkchen: Ein Eintausch lässt sich nicht rückgängig machen.
trade-in-confirm = Eintauschen
trade-in-refused = Eingetauscht wurde nichts: { $why }
trade-in-lapsed = Eingetauscht wurde nichts: { $why } Mit „Ändern“ erhalten Sie ein neues Angebot.
trade-in-made-title = Eingetauscht
trade-in-made-heading = Eingetauscht gegen eine Verpflichtung von { $commitment }
trade-in-refused-title = Der Eintausch wurde abgelehnt
trade-in-refused-heading = Eingetauscht wurde nichts

plans-title = Sparpläne
plans-lead = Ein Betrag, der jede Stunde ausgegeben wird, was immer von dem läuft, das der Plan abdeckt.
plans-none = Sie sehen keine Sparpläne. Reservierungen lassen sich gegen einen eintauschen.
plans-tally = { $count ->
    [one] { $count } Sparplan
   *[other] { $count } Sparpläne
}
plans-state = Zustand
plans-renewal = Verlängerung
plans-renews = Ein
plans-renews-not = Aus
plans-state-active = Aktiv
plans-state-expired = Abgelaufen
plans-one-way = Ein Sparplan läuft bis zu seinem Ende: Er lässt sich weder zurückgeben noch umtauschen noch in eine Reservierung zurückverwandeln.
plans-properties = Eigenschaften
plans-order = Auftrag des Plans
plans-plan = Sparplan
plans-began = Begonnen am
plans-acquired = Wie er zustande kam
plans-acquired-purchase = Gekauft
plans-acquired-exchange = In einem Umtausch gekauft
plans-acquired-trade-in = Gegen Reservierungen eingetauscht
plans-acquired-renewal = Verlängert
plans-followed-on = Der Plan, dem er folgte
plans-followed-by = Der Plan, der ihm folgte
plans-payments = Zahlungen
plans-paid = Bisher gezahlt
plans-to-come = Noch zu zahlen
plans-payment-succeeded = Gezahlt
plans-payment-scheduled = Steht aus
plans-payment-failed = Abgelehnt
plans-payment-cancelled = Entfallen
