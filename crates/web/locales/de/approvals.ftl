# Die Genehmigungsrichtlinien: wer was genehmigen muss.

approvals-heading = Genehmigungsrichtlinien
approvals-lead = Wer was genehmigen muss, bevor es geschieht. Jede Richtlinie wird für sich erfüllt; wo keine gilt, genehmigt eine andere Person, die es selbst tun darf, was beantragt ist.
approvals-none = Keine Genehmigungsrichtlinie ist gesetzt: Nichts muss zuerst beantragt werden, und was beantragt ist, genehmigt eine andere Person, die es selbst tun darf.
approvals-add = Richtlinie hinzufügen
approval-change = Ändern
approval-heading = Genehmigungsrichtlinie { $name }
approval-new-heading = Neue Genehmigungsrichtlinie
approval-required = Muss beantragt werden
approval-not-required = Auch ohne Antrag möglich
approval-since = In Kraft seit { $day }
approval-about-tenant = Alles in diesem Mandanten
approval-about-account = Abrechnungskonto { $name }
approval-about-customer = Kunde { $name }
approval-by = Genehmigt von
approval-life = Wartet
approval-tolerance = Darf sich bewegen um
approval-rules = Regeln
approval-rules-hint = Eine Regel greift, wenn alles zutrifft, was sie sagt; von den Regeln, die greifen, zählt die strengste.
approval-col-kind = Art
approval-col-from = Ab einem Wert von
approval-col-asked = Beantragt von
approval-col-approvals = Genehmigungen
approval-any-amount = jeder Betrag
approval-asked-anyone = allen
approval-asked-customers = Kunden { $names }
approval-asked-roles = mit der Rolle { $names }
approval-asked-except = nicht mit der Rolle { $names }
approval-approves-itself = keine: genehmigt sich selbst
approval-approvals = { $count ->
    [one] { $count } Genehmigung
   *[other] { $count } Genehmigungen
}

approval-name = Name
approval-name-hint = Buchstaben, Ziffern, Punkte, Binde- und Unterstriche
approval-scope = Gilt für
approval-required-tick = Was eine Genehmigung braucht, ist ohne Antrag nicht möglich
approval-approver-roles = Rollen, die genehmigen
approval-approver-people = Personen, die genehmigen
approval-names-hint = Mit Kommas dazwischen, ein Name mit Komma in Anführungszeichen; ist niemand genannt, genehmigt, wer es selbst tun darf
approval-people-hint = Namen oder Objekt-IDs, mit Kommas dazwischen; ein Name mit Komma in Anführungszeichen
approval-life-field = Tage, die ein Antrag wartet
approval-optional = (optional)
approval-life-hint = Von 1 bis 365; sonst wie im Regelwerk
approval-tolerance-field = Wie weit sich die Beträge bewegen dürfen
approval-tolerance-hint = Etwa 2 % oder 50.00 USD; sonst wie im Regelwerk
approval-rule = Regel { $number }
approval-kinds = Arten (keine gewählt heißt alle)
approval-from = Ab diesem Wert
approval-from-hint = Etwa 500.00 USD
approval-approvals-field = Wie viele genehmigen müssen
approval-approvals-hint = 0 lässt es von selbst durch
approval-customers = Nur für diese Kunden
approval-roles = Nur beantragt mit diesen Rollen
approval-except = Nicht beantragt mit diesen Rollen
approval-add-rule = Regel hinzufügen
approval-drop-rule = Diese Regel weglassen
approval-more = Kunden und Rollen
approval-save = Richtlinie speichern
approval-back = Zurück zu den Richtlinien
approval-remove-heading = Diese Richtlinie entfernen
approval-remove-confirm = Was { $name } verlangt hat, braucht danach keine Genehmigung mehr. Wartende Anträge behalten, was von ihnen verlangt war.
approval-remove = Entfernen
approval-remove-missing = Setzen Sie den Haken, um sie zu entfernen.

approval-fault-name = Geben Sie 1 bis 64 Buchstaben, Ziffern, Punkte, Binde- oder Unterstriche ein; „four-eyes“ und „right“ sind vergeben.
approval-fault-taken = Eine Richtlinie dieses Namens gibt es schon. Wählen Sie einen anderen Namen, oder ändern Sie jene.
approval-fault-changed = Jemand anderes hat diese Richtlinie inzwischen geändert. Gehen Sie zurück, und sehen Sie sie zuerst an.
approval-fault-life = Geben Sie eine Zahl von Tagen von 1 bis 365 ein.
approval-fault-tolerance = Geben Sie einen Prozentsatz wie 2 % oder einen Betrag wie 50.00 USD ein.
approval-fault-people = In diesem Mandanten heißt niemand { $name }.
approval-fault-rules = Eine Richtlinie hat mindestens eine Regel.
approval-fault-from = Geben Sie einen Betrag wie 500.00 USD ein.
approval-fault-approvals = Geben Sie eine Zahl von 0 bis 10 ein.
