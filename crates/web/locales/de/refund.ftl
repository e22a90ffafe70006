# Einheiten gegen Geld zurückgeben.

refund-heading = Erstattung
refund-title = Erstattung von { $name }
refund-returned-title = { $units } zurückgegeben
refund-fresh = Unten steht ein neues Angebot.
refund-nothing-returned = Nichts wurde zurückgegeben:

refund-choose = Was zurückgegeben wird
refund-units = Zurückzugebende Einheiten
refund-slider = Zurückzugebende Einheiten, als Schieberegler
refund-held = { $units } vorhanden
refund-show = Zeigen, was es bringt
refund-summary = Was es bringt
refund-pays-out = Die Rückgabe von { $units } bringt
refund-otherwise = Was es sonst bringen würde:
refund-no-quote = Geben Sie ein, wie viele Einheiten zurückgegeben werden, um zu sehen, was sie bringen.

refund-sum-of = Die Summe, in { $currency }
refund-paid = Bisher für diese Einheiten bezahlt
refund-used = Davon verbraucht
refund-fee = Gebühr
refund-paid-out = Ausgezahlt
refund-cap-of = Die Obergrenze für Erstattungen, in { $currency }
refund-cap-before = Vorher
refund-cap-after = Nachher
refund-cap-used = Zuvor genutzt
refund-cap-counted = Hierdurch gezählt
refund-cap-left = Übrig von { $cap }
refund-cap-over = Über der Obergrenze von { $cap }
refund-cap-fits = Ab dem { $day } passt es unter die Obergrenze, wenn bis dahin nichts anderes zurückgegeben wird.
refund-cap-frees = Was hierdurch gezählt wird, ist am { $day } wieder frei.

refund-happens = Was geschieht, wenn Sie bestätigen
refund-ends-now = Der Vorteil von { $units } endet sofort.
refund-money = { $payout } wird ausgezahlt; das Geld geht { $destination }.
refund-credit-lapses = Das Guthaben verfällt am { $day }.
refund-cancelled = Noch ausstehende Zahlungen von { $amount } werden nie fällig.
refund-kept = { $count ->
    [one] { $count } Einheit besteht in einer neuen Reservierung desselben Auftrags mit demselben Ende fort.
   *[other] { $count } Einheiten bestehen in einer neuen Reservierung desselben Auftrags mit demselben Ende fort.
}
refund-counts = { $amount } zählt bis zum { $day } zur Obergrenze für Erstattungen.
refund-final = Das lässt sich nicht rückgängig machen.

refund-confirm = { $units } zurückgeben
refund-reason = Grund der Rückgabe
refund-reason-choose = Wählen Sie einen Grund
refund-reason-no-longer-needed = Nicht mehr benötigt
refund-reason-wrong-product = Falsches Produkt, falsche Region oder Menge gekauft
refund-reason-replaced = Durch etwas anderes ersetzt
refund-reason-cost = Um Kosten zu sparen
refund-reason-other = Ein anderer Grund
refund-reason-missing = Wählen Sie, warum die Einheiten zurückgegeben werden.
refund-confirmed = Ich habe den Nachweis gelesen. Der Vorteil von { $units } endet sofort, und das lässt sich nicht rückgängig machen.
refund-confirmed-missing = Setzen Sie den Haken: Eine Rückgabe lässt sich nicht rückgängig machen.
refund-keep = Alles lassen, wie es ist
refund-holds-until = Dieses Angebot gilt bis zum
refund-others-approve = Das müssen zuerst andere genehmigen
refund-why = Warum die Einheiten zurückgegeben werden
refund-ask = Genehmigung beantragen

refund-result-paid = Ausgezahlt:
refund-to-rest = Zu den behaltenen Einheiten
refund-to-reservation = Zur Reservierung
refund-to-list = Zur Liste
refund-record = Die Aufzeichnung
refund-fact-when = Zurückgegeben am
refund-fact-reason = Angegebener Grund
refund-fact-goes = Das Geld geht
refund-fact-operation = Vorgang
refund-fact-order = Auftrag
refund-fact-reservation = Reservierung
refund-fact-policy = Regelwerk
refund-print = Drucken
refund-lead-done = { $name }, endgültig zurückgegeben
