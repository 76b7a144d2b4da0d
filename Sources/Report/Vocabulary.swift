import Wording

/// The words of the page, each in all languages. Terms are those of the field: see the glossary at the page's end.
struct Vocabulary: Sendable {
    // MARK: Header

    let colon = Sentence(": ", french: " : ")
    let tagline = Sentence("what media brought", french: "ce que les médias ont apporté")
    let from = Sentence("", french: "du ")
    let to = Sentence("to", french: "au")
    let days = Sentence("days", french: "jours")
    let weeks = Sentence("weeks", french: "semaines")
    let months = Sentence("months", french: "mois")
    let week = Sentence("week", french: "semaine")
    let noCurrency = Sentence("no currency stated", french: "devise non précisée")
    let vatIncluded = Sentence("VAT included", french: "TVA comprise")
    let vatExcluded = Sentence("VAT excluded", french: "hors TVA")
    let vatUnknown = Sentence("VAT not stated", french: "TVA non précisée")
    let converged = Sentence("✓ Converged", french: "✓ Convergence atteinte")
    let convergedSentence = Sentence(
        "Independent runs of the calculation agree.", french: "Des calculs indépendants concordent.")
    let convergedWithWarnings = Sentence(
        "Independent runs of the calculation agree, which says nothing about",
        french: "Des calculs indépendants concordent, ce qui ne dit rien de")
    let warning = Sentence(
        "warning under “Can it be trusted?”: read it first.",
        french: "mise en garde sous « Peut-on s’y fier ? » : à lire d’abord.")
    let warningsBelow = Sentence(
        "warnings under “Can it be trusted?”: read them first.",
        french: "mises en garde sous « Peut-on s’y fier ? » : à lire d’abord.")
    let warningElsewhere = Sentence(
        "warning in the full report: read it first.",
        french: "mise en garde dans le rapport complet : à lire d’abord.")
    let warningsElsewhere = Sentence(
        "warnings in the full report: read them first.",
        french: "mises en garde dans le rapport complet : à lire d’abord.")
    let figuresOnly = Sentence(
        "▲ Figures converged, a parameter not", french: "▲ Les chiffres ont convergé, mais pas tous les paramètres")
    let figuresOnlySentence = Sentence(
        "The figures below stand as far as the chains go:",
        french: "Ces chiffres tiennent, pour autant que les calculs en disent :")
    let notConverged = Sentence("▲ Not converged", french: "▲ Convergence non atteinte")
    let notConvergedSentence = Sentence(
        "Do not act on these figures yet:", french: "Ne prenez encore aucune décision sur ces chiffres :")
    let advice = Sentence("Try:", french: "À essayer :")
    let scrollHint = Sentence("→ Scroll right for more.", french: "→ La suite est à droite : faites défiler.")

    // MARK: Decision table

    let kpiUnits = Sentence("units", french: "unités")
    let decisionHeading = Sentence("Results by channel", french: "Résultats par canal")
    let channel = Sentence("Channel", french: "Canal")
    let allChannels = Sentence("All channels", french: "Tous les canaux")
    let spend = Sentence("Spend", french: "Dépenses")
    let contribution = Sentence("Contribution", french: "Contribution")
    let share = Sentence("Share", french: "Part")
    let roi = Sentence("ROI", french: "ROI")
    let marginalROI = Sentence("Marginal ROI", french: "ROI marginal")
    let marginROI = Sentence("Margin ROI", french: "ROI sur marge")
    let payback = Sentence("Payback", french: "Délai de rentabilité")
    let never = Sentence("not reached", french: "non atteint")
    let change = Sentence("Next quarter", french: "Trimestre à venir")
    let chance = Sentence("Direction backed", french: "Sens confirmé")
    let keep = Sentence("keep", french: "inchangé")
    let decisionNote = Sentence(
        "Means; in brackets the 90% credible interval: given data and model, the true figure lies in it with a chance of 90%. "
            + "Marginal ROI: the ROI of one per cent more spend. Share: of the modelled total, baseline and "
            + "channels together.",
        french: """
            Moyennes ; entre crochets, l’intervalle de crédibilité à 90 % : vu les données et le modèle, le vrai \
            chiffre s’y trouve avec 90 % de chances. ROI marginal : celui d’un pour cent de dépense en plus. Part : \
            part du total estimé, ventes de base et canaux ensemble.
            """)
    let unpaidNote = Sentence(
        "Part of what media brought, but of no return, since nothing was spent on them:",
        french: "Compris dans l’apport des médias, mais dans aucun ROI, faute de dépense :")
    let sharesNote = Sentence(
        "The parts of this model multiply each other: a contribution is a channel's share of what all media add. What would be "
            + "missing without it alone is its response curve at the spend of the data.",
        french: """
            Les termes de ce modèle se multiplient : une contribution est la part d’un canal dans ce que tous les \
            médias ajoutent. Ce qui manquerait sans lui seul se lit sur sa courbe de réponse, à la dépense des données.
            """)
    let moneyReturns = Sentence(
        "ROI: revenue divided by spend, within the period, before margin and with nothing taken off for the spend itself.",
        french: """
            ROI : chiffre d’affaires divisé par la dépense, sur la période, avant marge et sans déduire la dépense \
            elle-même.
            """)
    let unitReturns = Sentence(
        "ROI: units per money spent, within the period; without a price of a unit they are not money.",
        french: """
            ROI : unités rapportées à la dépense, sur la période ; sans prix unitaire, ce ne sont pas des montants.
            """)
    let marginNote = Sentence(
        "Margin ROI: ROI × margin; above 1 a channel pays for itself. Payback: median time until it has; not reached: in more than "
            + "half of the scenarios it never has. Margin before media:",
        french: """
            ROI sur marge : ROI × taux de marge ; au-dessus de 1, un canal est rentable. Délai de rentabilité : \
            durée médiane jusqu’au point mort ; non atteint : dans plus de la moitié des scénarios, la dépense n’est \
            jamais couverte. Taux de marge avant médias :
            """)
    let marginsDiffer = Sentence(
        "on average: each period's own is used", french: "en moyenne ; le calcul utilise celui de chaque période")
    let changeNote = Sentence(
        "Next quarter: what to move at constant spend, from that of the latest quarter in the data, each channel within 30% of it. "
            + "Returns in this table are averages over the whole period; at the latest spend the next money may return far "
            + "more or less, so that a channel which has not paid for itself may be given more. Direction backed: the "
            + "chance that the best plan at constant spend moves money of that channel this way; not that the channel earns more "
            + "than it costs.",
        french: """
            Trimestre à venir : ce qu’il faut déplacer à dépense égale, en partant du dernier trimestre des données, \
            chaque canal à ±30 % de sa dépense. Les rendements du tableau sont des moyennes de toute la période ; à \
            la dépense récente, celui de l’argent supplémentaire peut être tout autre : un canal qui n’a pas été \
            rentable peut donc recevoir plus. Sens confirmé : chances que le meilleur plan à dépense égale déplace \
            l’argent de ce canal dans ce sens, et non que le canal rapporte plus qu’il ne coûte.
            """)

    // MARK: Sentences

    let paying = Sentence(
        "Profitable (the whole interval above break-even)",
        french: "Rentables (tout l’intervalle au-dessus du seuil de rentabilité)")
    let notPaying = Sentence(
        "Unprofitable (the whole interval below break-even)",
        french: "Non rentables (tout l’intervalle au-dessous du seuil de rentabilité)")
    let openWhetherPaying = Sentence(
        "Uncertain (break-even within the interval; in brackets the chance of having been profitable)",
        french: """
            Incertains (le seuil de rentabilité est dans l’intervalle ; entre parenthèses, les chances d’avoir été \
            rentable)
            """)
    let priorCaution = Sentence(
        "Do not rely on the figures of these channels: the data say little about them, and they rest mostly on an assumption "
            + "(the prior)",
        french: """
            Ne vous fiez pas aux chiffres de ces canaux : les données en disent peu, et ils reposent surtout sur une \
            hypothèse de départ (l’a priori)
            """)
    let misfitCaution = Sentence(
        "Take the intervals of these channels for too narrow, since the model does not describe their data well",
        french: "Tenez pour trop étroits les intervalles de ces canaux, dont le modèle décrit mal les données")
    let noCaution = Sentence(
        "No channel's figures rest on assumptions alone.",
        french: "Les chiffres d’aucun canal ne reposent sur les seules hypothèses de départ.")
    let noLedger = Sentence(
        "No ledger total was given to reconcile with the data.",
        french: "Aucun total comptable n’a été fourni pour être rapproché des données.")
    let noTest = Sentence(
        "What to test next: no test of a single channel would change this plan.",
        french: "Prochain test à mener : aucun test d’un seul canal ne changerait ce plan.")

    // MARK: What channels drive

    let mediationHeading = Sentence(
        "What channels drive in others", french: "Effets de canaux sur d’autres canaux")
    let mediator = Sentence("Drives", french: "Canal entraîné")
    let exposureShare = Sentence("Share of its exposure", french: "Part de son exposition")
    let direct = Sentence("Direct", french: "Direct")
    let through = Sentence("Through it", french: "Indirect")
    let directROI = Sentence("Direct ROI", french: "ROI direct")
    let totalROI = Sentence("Total ROI", french: "ROI total")
    let mediationNote = Sentence(
        "Through it: what the driven channel would lose without the exposure that this one drives. That is part of the driven "
            + "channel's own contribution above, so totals of several channels do not add up.",
        french: """
            Indirect : ce que le canal entraîné perdrait sans l’exposition que celui-ci suscite. C’est une part de \
            la contribution propre du canal entraîné : les totaux de plusieurs canaux ne s’additionnent donc pas.
            """)

    // MARK: The change of revenue

    let priceChange = Sentence("change of price", french: "évolution du prix")
    let revenueChange = Sentence("change of fitted revenue", french: "évolution du chiffre d’affaires ajusté")
    let dueToNote = Sentence(
        "Each line: more or fewer units, at the mean price of the earlier of the two. Change of price: what other prices make of "
            + "all units. Lines add up to the sum; in brackets the 90% credible interval.",
        french: """
            Chaque ligne : plus ou moins d’unités, au prix moyen de la première des deux périodes. Évolution du prix : \
            l’effet d’autres prix sur toutes les unités. Les lignes s’additionnent au total ; entre crochets, \
            l’intervalle de crédibilité à 90 %.
            """)

    // MARK: Groups and geos

    let groupsHeading = Sentence("Groups of channels", french: "Groupes de canaux")
    let group = Sentence("Group", french: "Groupe")
    let channels = Sentence("Channels", french: "Canaux")
    let groupsNote = Sentence(
        "Each group's figures are of the sum of its channels, draw by draw: its interval is not the sum of theirs.",
        french: """
            Les chiffres d’un groupe sont ceux de la somme de ses canaux, tirage par tirage : son intervalle n’est \
            pas la somme des leurs.
            """)
    let geosHeading = Sentence("ROI by geo", french: "ROI par zone")
    let geo = Sentence("Geo", french: "Zone")
    let geosAll = Sentence(
        "Spend: of all channels in the geo. In brackets the 90% credible interval of each ROI. Every channel in every geo, with "
            + "its contribution and marginal ROI: `geo_channels.csv`.",
        french: """
            Dépenses : de tous les canaux dans la zone. Entre crochets, l’intervalle de crédibilité à 90 % de chaque \
            ROI. Chaque canal dans chaque zone, avec sa contribution et son ROI marginal : `geo_channels.csv`.
            """)

    // MARK: Charts

    let table = Sentence("Show the numbers", french: "Afficher les chiffres")
    let date = Sentence("Date", french: "Date")
    let mean = Sentence("Mean", french: "Moyenne")
    let baseline = Sentence("baseline", french: "ventes de base")
    let fitted = Sentence("modelled total", french: "total estimé")
    let actual = Sentence("actual", french: "réalisé")
    let contributionsHeading = Sentence("Contributions over time", french: "Contributions dans le temps")
    let contributionsDescription = Sentence(
        "Mean contribution to the KPI in every period, stacked: the baseline below, then each channel.",
        french: """
            Contribution moyenne à l’indicateur à chaque période, empilée : les ventes de base en bas, puis chaque \
            canal.
            """
    )
    let waterfallHeading = Sentence("From the baseline to the total", french: "Des ventes de base au total")
    let waterfallDescription = Sentence(
        "What the baseline and each channel add, one after the other, to the modelled total; then what is unexplained, up to what was "
            + "recorded.",
        french: """
            Ce que les ventes de base et chaque canal ajoutent, l’un après l’autre, jusqu’au total estimé ; puis \
            l’écart 
            """
                + "non expliqué, jusqu’au total enregistré.")
    let waterfallCaption = Sentence(
        "Each bar begins where the one before it ended. Thin line: 90% credible interval of the bar's own length.",
        french: """
            Chaque barre commence où finit la précédente. Trait fin : intervalle de crédibilité à 90 % de la \
            longueur de la barre.
            """)
    let yearBefore = Sentence("12 months before", french: "Douze mois précédents")
    let lastYear = Sentence("Last 12 months", french: "Douze derniers mois")
    let mediaSpend = Sentence("media spend", french: "dépenses médias")
    let mediaProfit = Sentence("media profit", french: "résultat des médias")
    let difference = Sentence("Change", french: "Écart")
    let yearSummary = Sentence(
        "The last 12 months against the 12 before", french: "Les douze derniers mois face aux douze précédents")
    let totalsSummary = Sentence(
        "From components to the total, line by line", french: "Du détail au total, ligne par ligne")
    let totalsNote = Sentence(
        "The printed lines add up to the printed sums. Share: of the modelled total. Unexplained: what the components leave of the "
            + "total in the data. Seasonality and controls are counted from their own mean: over the whole period their ups and "
            + "downs cancel.",
        french: """
            Les lignes imprimées s’additionnent aux totaux imprimés. Part : part du total estimé. Écart non \
            expliqué : ce que les composantes n’expliquent pas du total des données. La saisonnalité et les \
            variables de contrôle sont comptées à partir de leur moyenne : sur toute la période, leurs hausses et \
            leurs baisses s’annulent.
            """)
    let unknownPeriods = Sentence("less periods without a KPI", french: "moins les périodes sans indicateur")
    let unexplained = Sentence("unexplained", french: "écart non expliqué")
    let observed = Sentence("total in the data", french: "total des données")
    let notInData = Sentence("in the ledger, not in the data", french: "en comptabilité, absent des données")
    let ledger = Sentence("ledger total", french: "total comptable")
    let component = Sentence("Component", french: "Composante")
    let intercept = Sentence("starting level", french: "niveau de départ")
    let trend = Sentence("trend", french: "tendance")
    let seasonality = Sentence("seasonality", french: "saisonnalité")
    let holidays = Sentence("holidays", french: "jours fériés")
    let total = Sentence("Total", french: "Total")
    let returnsHeading = Sentence("Return on investment", french: "Retour sur investissement")
    let returnsInAppendix = Sentence(
        "With so many channels, the chart of their returns and their response curves stand in the appendix.",
        french: "Vu le nombre de canaux, le graphique des rendements et les courbes de réponse figurent en annexe.")
    let returnsDescription = Sentence(
        "Revenue divided by spend, by channel: mean ROI as a ring and marginal ROI as a square, 90% credible intervals as bars, "
            + "with the line at which a channel pays for itself.",
        french: """
            Chiffre d’affaires rapporté à la dépense, par canal : ROI moyen (anneau) et ROI marginal (carré), \
            intervalles de crédibilité à 90 % (barres), et seuil à partir duquel un canal est rentable (ligne).
            """)
    let returnsCaption = Sentence(
        "Ring: mean ROI. Square: marginal ROI, what additional spend returns. Bars: 90% credible intervals. Dashed line: break-even.",
        french: """
            Anneau : ROI moyen. Carré : ROI marginal, ce que rapporte une dépense supplémentaire. Barres : \
            intervalles de crédibilité à 90 %. Ligne en tirets : seuil de rentabilité.
            """)
    let robustCaption = Sentence(
        "Thin line below: robust interval, wider than the bar where resamples show that the data are less certain than the model "
            + "says.",
        french: """
            Trait fin en dessous : intervalle robuste, plus large que la barre là où les rééchantillons montrent que \
            les données sont moins sûres que le modèle ne le dit.
            """)
    let breakEven = Sentence("break-even", french: "seuil de rentabilité")
    let curvesHeading = Sentence("Response curves", french: "Courbes de réponse")
    let curvesDescription = Sentence(
        "Contribution against spend over the whole period: mean and 90% credible interval; the dot is the spend of the data, and "
            + "in the shaded part some period would get more than any ever had.",
        french: """
            Contribution selon la dépense de toute la période : moyenne et intervalle de crédibilité à 90 % ; le \
            point est la dépense des données, et dans la partie grisée une période au moins dépasserait le maximum \
            jamais dépensé.
            """)
    let curvesCaption = Sentence(
        "Contribution over the whole period (up) against total spend (across), all periods scaled alike. Dot: what was spent. "
            + "Band: 90% credible interval. Shaded: some period would get more than any ever had.",
        french: """
            Contribution de toute la période (en hauteur) selon la dépense totale (en largeur), toutes les périodes \
            étant multipliées par un même facteur. Point : ce qui a été dépensé. Bande : intervalle de crédibilité à \
            90 %. Partie grisée : une période au moins dépasserait le maximum jamais dépensé.
            """)
    let proposalCaption = Sentence(
        "Diamond: the spend that is proposed for next quarter, as if the whole period had it.",
        french: """
            Losange : la dépense proposée pour le trimestre à venir, comme si toute la période l’avait eue.
            """)
    let fitHeading = Sentence("Actual and modelled", french: "Réalisé et estimé")
    let fitDescription = Sentence(
        "The KPI in every period as observed, dashed, and as modelled, with the 90% credible interval of its mean.",
        french: """
            L’indicateur à chaque période : réalisé (en tirets) et estimé (trait plein), avec l’intervalle de \
            crédibilité à 90 % de la moyenne estimée.
            """)
    let fitCaption = Sentence(
        "Dashed: actual. Line: modelled. Band: 90% credible interval of the modelled mean.",
        french: """
            Tirets : réalisé. Trait plein : estimé. Bande : intervalle de crédibilité à 90 % de la moyenne estimée.
            """)
    let predictiveDescription = Sentence(
        "The KPI in every period as observed, dashed, and as modelled, with the band in which nine periods in ten are expected.",
        french: """
            L’indicateur à chaque période : réalisé (en tirets) et estimé (trait plein), avec la bande où neuf \
            périodes sur dix sont attendues.
            """)
    let predictiveCaption = Sentence(
        "Dashed: actual. Line: modelled. Dark band: 90% credible interval of the modelled mean. Light band: 90% predictive interval, "
            + "in which a single period is expected; of those known,",
        french: """
            Tirets : réalisé. Trait plein : estimé. Bande foncée : intervalle de crédibilité à 90 % de la moyenne \
            estimée. Bande claire : intervalle prédictif à 90 %, où une période isolée est attendue ; parmi les \
            périodes connues,
            """)
    let liesWithin = Sentence("lie within it.", french: "s’y trouvent.")

    // MARK: Allocation

    let allocationHeading = Sentence("The budget before and after", french: "Le budget avant et après")
    let allocationDescription = Sentence(
        "Money of each channel now, as an outline, and as proposed, filled.",
        french: "L’argent de chaque canal aujourd’hui (contour) et tel que proposé (plein).")
    let gainDescription = Sentence(
        "How probable each gain of profit is: bars right of the line at 0 are gains, hatched bars left of it are losses.",
        french: """
            Probabilité de chaque gain de résultat : à droite du trait 0 des gains, à gauche, en hachures, des \
            pertes.
            """)
    let gainHeading = Sentence("What the change is worth", french: "Gain attendu du changement")
    let now = Sentence("latest quarter", french: "dernier trimestre")
    let proposed = Sentence("proposed", french: "proposé")
    let furtherMoney = Sentence("Margin per further money", french: "Marge par unité de plus")
    let allocationNote = Sentence(
        "Over the quarter that follows the data, at the spend of the latest quarter in them, each channel within 30% of its own. "
            + "The plan is chosen and judged by one fit, so expect somewhat less; `tutti optimize --cross-fit` says how much less.",
        french: """
            Pour le trimestre qui suit les données, à dépense égale, en partant de celle du dernier trimestre des \
            données, chaque canal à ±30 % de la sienne. Le plan est choisi et jugé par un seul calcul : attendez-vous à un peu moins ; `tutti optimize \
            --cross-fit` dit de combien.
            """)
    let extrapolationNote = Sentence(
        "More in a period than was ever spent, where the curve is a guess:",
        french: """
            Dépense au-delà du maximum jamais engagé en une période, là où la courbe est une extrapolation :
            """)
    let noMarginNote = Sentence(
        "The model has no margin: all of the revenue counts as profit.",
        french: """
            Le modèle n’a pas de taux de marge : tout le chiffre d’affaires est compté comme du résultat.
            """)
    let driversNote = Sentence(
        "Not counted: what these bring through the channels that they drive:",
        french: "Non compté : ce que ces canaux apportent par ceux qu’ils entraînent :")
    let nothingWorthMoving = Sentence(
        "Today's split is already the best within these bounds.",
        french: "La répartition actuelle est déjà la meilleure dans ces limites.")
    let plannerHeading = Sentence("Try a plan of your own", french: "Testez votre propre plan")
    let plannerLead = Sentence(
        "Move the money of next quarter's channels and see the expected result. Everything is computed in this page, from",
        french: """
            Déplacez l’argent entre les canaux pour le trimestre à venir et lisez le résultat attendu. Tout est \
            calculé dans cette page, à partir de
            """)
    let plannerDraws = Sentence("scenarios drawn from the model.", french: "scénarios tirés du modèle.")
    let plannerRange = Sentence(
        "A channel may have nothing, or from half to twice what it has now.",
        french: """
            Un canal peut ne rien recevoir, ou recevoir de la moitié au double de son budget actuel.
            """)
    let plannerNoScript = Sentence(
        "The planner needs scripts, which are switched off here; `tutti optimize --plan` says the same.",
        french: """
            Le planificateur a besoin de scripts, désactivés ici ; `tutti optimize --plan` dit la même chose.
            """)
    let plannerReset = Sentence("Back to today's plan", french: "Revenir au plan actuel")
    let plannerProposal = Sentence("The proposed plan", french: "Le plan proposé")
    let plannerBudget = Sentence("Budget", french: "Budget")
    let plannerContribution = Sentence("Revenue that media add", french: "Chiffre d’affaires apporté par les médias")
    let plannerProfit = Sentence("Media profit", french: "Résultat des médias")
    let plannerGain = Sentence("Gain on today's plan", french: "Gain par rapport au plan actuel")
    let plannerChance = Sentence("Chance of beating today's plan", french: "Chances de faire mieux que le plan actuel")
    let proposedPlan = Sentence("your plan", french: "votre plan")
    let plannerNow = Sentence("today's plan", french: "plan actuel")
    let plannerResult = Sentence("What the plan returns", french: "Ce que le plan rapporte")

    // MARK: Trust

    let trustHeading = Sentence("Can it be trusted?", french: "Peut-on s’y fier ?")
    let resultWarningsHeading = Sentence("Warnings about the figures", french: "Mises en garde sur les chiffres")
    let warningsHeading = Sentence(
        "Warnings about model and data", french: "Mises en garde sur le modèle et les données")
    let chainsHeading = Sentence("Do independent runs agree?", french: "Les calculs indépendants concordent-ils ?")
    let worstOf = Sentence("Worst of all", french: "Valeur la moins bonne")
    let reportedFigures = Sentence("Reported figures", french: "Chiffres publiés")
    let parameters = Sentence("Parameters", french: "Paramètres")
    let chainsNote = Sentence(
        "Reported figures: every channel's total, ROI and marginal ROI, lifts of tests, the baseline and the total; their R-hat "
            + "must be below 1.01 and their effective sample sizes at least 400. Parameters fail from an R-hat of 1.05 or below "
            + "an effective sample size of 100. Weekly series and response curves are not judged by themselves.",
        french: """
            Chiffres publiés : total, ROI et ROI marginal de chaque canal, effets mesurés par les tests, ventes de \
            base et total ; leur R-hat doit être inférieur à 1,01 et leur taille effective au moins égale à 400. Un \
            paramètre échoue à partir d’un R-hat de 1,05 ou sous une taille effective de 100. Les séries par période \
            et les courbes de réponse ne sont pas jugées à part.
            """)
    let rHat = Sentence("Largest R-hat", french: "Plus grand R-hat")
    let essBulk = Sentence(
        "Smallest bulk effective sample size", french: "Plus petite taille effective au centre")
    let essTail = Sentence(
        "Smallest tail effective sample size", french: "Plus petite taille effective dans les queues")
    let divergences = Sentence("Divergent draws (at most 0.1%)", french: "Tirages divergents (0,1 % au plus)")
    let of = Sentence("of", french: "sur")
    let saturated = Sentence(
        "Draws whose trajectory could grow no further (at most 10%)",
        french: "Tirages dont la trajectoire a atteint sa longueur limite (10 % au plus)")
    let energyFraction = Sentence("Smallest E-BFMI (above 0.3)", french: "Plus petit E-BFMI (au-dessus de 0,3)")
    let predictionHeading = Sentence("How well does it predict?", french: "Le modèle prévoit-il bien ?")
    let looLabel = Sentence(
        "Expected log density of unseen periods (LOO) ± standard error",
        french: "Densité prédictive logarithmique attendue (LOO) ± erreur type")
    let doubtful = Sentence(
        "Periods that decide too much for this estimate", french: "Périodes qui pèsent trop sur cette estimation")
    let none = Sentence("none", french: "aucune")
    let coverage = Sentence(
        "Periods that the model was fitted to, within their 90% predictive band",
        french: "Périodes déjà vues par le modèle, dans leur bande prédictive à 90 %")
    let inSampleError = Sentence(
        "Mean error of those periods", french: "Erreur moyenne sur ces périodes")
    let nothingHeldOut = Sentence(
        "none: forecasting itself was not tested", french: "aucune : la prévision elle-même n’a pas été éprouvée")
    let heldOutPeriods = Sentence("Periods held out", french: "Périodes mises de côté")
    let holdoutCoverage = Sentence(
        "Held-out periods within their 90% interval", french: "Périodes mises de côté dans leur intervalle à 90 %")
    let holdoutError = Sentence(
        "Mean error of held-out periods", french: "Erreur moyenne sur les périodes mises de côté")
    let influenceHeading = Sentence(
        "Which weeks decide the answer?", french: "Quelles périodes décident de la réponse ?")
    let influentialPeriods = Sentence("Periods that move it most", french: "Périodes les plus influentes")
    let influenceNote = Sentence(
        "In brackets: by how many posterior standard deviations the channel's contribution would rise if the period counted "
            + "twice. Beyond ±1 a single period decides.",
        french: """
            Entre parenthèses : de combien d’écarts types a posteriori la contribution du canal augmenterait si la \
            période comptait double. Au-delà de ±1, une seule période décide.
            """)
    let sensitivityHeading = Sentence(
        "What does each figure react to?", french: "À quoi chaque chiffre réagit-il ?")
    let owesTo = Sentence("Reacts to", french: "Réagit")
    let owesData = Sentence("the data", french: "aux données")
    let owesPrior = Sentence("the prior", french: "à l’a priori")
    let owesBoth = Sentence("prior and data", french: "à l’a priori et aux données")
    let owesConflict = Sentence(
        "prior and data, which disagree", french: "à l’a priori et aux données, qui se contredisent")
    let owesNeither = Sentence("neither", french: "ni à l’un ni aux autres")
    let priorSensitivity = Sentence("To the prior", french: "À l’a priori")
    let likelihoodSensitivity = Sentence("To the data", french: "Aux données")
    let sensitivityNote = Sentence(
        "How far the figure moves when prior or data count a little more or less; from 0.05 it matters. A figure may react to both: "
            + "on which of them it rests, the next table says.",
        french: """
            De combien le chiffre bouge quand l’a priori ou les données comptent un peu plus ou un peu moins ; à \
            partir de 0,05, cela compte. Un chiffre peut réagir aux deux : sur quoi il repose, le tableau suivant le \
            dit.
            """)
    let bootstrapHeading = Sentence(
        "resamples: how far the answer moves with other periods",
        french: "rééchantillons : de combien la réponse bouge avec d’autres périodes")
    let quantity = Sentence("Quantity", french: "Grandeur")
    let posterior = Sentence("Posterior", french: "A posteriori")
    let resamples = Sentence("Over resamples", french: "Sur rééchantillons")
    let robustSD = Sentence("Robust sd", french: "Écart type robuste")
    let mismatch = Sentence("Mismatch", french: "Indice d’inadéquation")
    let bootstrapNote = Sentence(
        "Mean ± standard deviation. Robust sd: the larger of the posterior's and of that of prior and data with the data as "
            + "uncertain as resamples show. Mismatch: 1 − 2 × the posterior's variance ÷ the variance over resamples; priors "
            + "lower it.",
        french: """
            Moyenne ± écart type. Écart type robuste : le plus grand de deux, celui de la loi a posteriori et celui \
            que donnent l’a priori et les données quand celles-ci sont aussi incertaines que le montrent les \
            rééchantillons. Indice d’inadéquation : 1 − 2 × la variance a posteriori ÷ la variance sur \
            rééchantillons ; les a priori l’abaissent.
            """)
    let maximaNote = Sentence(
        "These are MAP resamples: each tells its figures at the maximum alone, without a spread of its own, so that there is "
            + "neither a bagged posterior nor a mismatch.",
        french: """
            Ce sont des rééchantillons MAP : chacun ne donne ses chiffres qu’au maximum, sans dispersion propre ; il \
            n’y a donc ni loi a posteriori moyennée ni indice d’inadéquation.
            """)
    let evidence = Sentence("Evidence", french: "Niveau de preuve")
    let evidenceHeading = Sentence(
        "What does each figure stand on?", french: "Sur quoi repose chaque chiffre ?")
    let evidenceNote = Sentence(
        "By how far the figure would move with other periods, how far it is from its prior and how much narrower, and how "
            + "successive residuals go together. On simulated data whose answer is known, nine in ten grades of returns are right.",
        french: """
            D’après l’ampleur dont le chiffre bougerait avec d’autres périodes, sa distance à son a priori, le \
            resserrement de son intervalle et le lien entre résidus voisins. Sur des données simulées dont \
            la réponse est connue, le niveau de preuve des ROI est juste neuf fois sur dix.
            """)
    let sameAdvice = Sentence("Resamples with the same advice", french: "Rééchantillons donnant le même conseil")
    let lift = Sentence("Lift", french: "Lift")
    let liftTestedShort = Sentence("lift test", french: "test de lift")
    let dataDrivenShort = Sentence("data", french: "données")
    let mixedShort = Sentence("data and prior", french: "données et a priori")
    let priorDrivenShort = Sentence("prior", french: "a priori")
    let misspecifiedShort = Sentence("misfit", french: "modèle inadapté")
    let liftTested = Sentence(
        "lift-tested: measured by an experiment", french: "mesuré par un test de lift, c’est-à-dire une expérience")
    let dataDriven = Sentence("data-driven: the data tell it", french: "établi par les données")
    let mixed = Sentence(
        "mixed: data and prior, each in part", french: "mixte : données et a priori, chacun en partie")
    let priorDriven = Sentence(
        "prior-driven: the data say little", french: "dominé par l’a priori : les données disent peu")
    let misspecified = Sentence(
        "misspecified: the interval is too narrow", french: "modèle inadapté : intervalle trop étroit")

    // MARK: Nights of recalibration

    let promote = Sentence("PROMOTE", french: "ADOPTÉ")
    let hold = Sentence("HOLD", french: "EN ATTENTE")
    let fail = Sentence("FAIL", french: "REJETÉ")
    let promotingGate = Sentence("PROMOTE", french: "FAVORABLE")
    let holdingGate = Sentence("HOLD", french: "RÉSERVÉ")
    let failingGate = Sentence("FAIL", french: "DÉFAVORABLE")
    let gatesHeading = Sentence("What each gate says", french: "Ce que dit chaque contrôle")
    let gate = Sentence("Gate", french: "Contrôle")
    let verdict = Sentence("Verdict", french: "Avis")
    let why = Sentence("Why", french: "Motif")
    let dataGate = Sentence("Data", french: "Données")
    let convergenceGate = Sentence("Convergence", french: "Convergence")
    let predictiveGate = Sentence("Predictive", french: "Prévision")
    let calibrationGate = Sentence("Calibration", french: "Calibrage")
    let driftGate = Sentence("Drift", french: "Dérive")
    let expectedDriftGate = Sentence("Expected drift", french: "Dérive attendue")
    let decisionGate = Sentence("Decision", french: "Décision")
    let robustnessGate = Sentence("Robustness", french: "Robustesse")
    let beganWarm = Sentence("Chains began warm.", french: "Départ des calculs à chaud.")
    let beganCold = Sentence("Chains began cold.", french: "Départ des calculs à froid.")
    let beganColdAfterWarm = Sentence(
        "Chains began cold after warm.", french: "Départ des calculs à froid, après un départ à chaud.")
    let beforeRefit = Sentence("Before the refit:", french: "Avant le nouvel ajustement :")
    let movedHeading = Sentence("What moved, and why", french: "Ce qui a changé, et pourquoi")
    let before = Sentence("Before", french: "Avant")
    let after = Sentence("After", french: "Après")
    let changeInDeviations = Sentence("Change ÷ sd", french: "Écart ÷ écart type")
    let newWeeks = Sentence("New weeks", french: "Nouvelles périodes")
    let restatedHistory = Sentence("Restated history", french: "Historique retraité")
    let changedModel = Sentence("Changed model", french: "Modèle modifié")
    let monteCarloError = Sentence("Monte Carlo error", french: "Erreur de Monte-Carlo")
    let parts = Sentence("Parts", french: "Parts")
    let partsDescription = Sentence(
        "Parts of the change, in standard deviations", french: "Parts de l’écart, en écarts types")
    let weeksThatMoved = Sentence("Weeks that moved it most", french: "Périodes les plus influentes")
    let restatedWeek = Sentence("restated", french: "retraitée")
    let notExplained = Sentence("Not explained by the weeks.", french: "Non expliqué par les périodes.")

    // MARK: Appendix

    let appendixHeading = Sentence("Appendix", french: "Annexe")
    let priorsHeading = Sentence("Before and after the data", french: "Avant et après les données")
    let prior = Sentence("Prior", french: "A priori")
    let narrowing = Sentence("Width left", french: "Largeur restante")
    let priorsNote = Sentence(
        "Mean and 90% interval of each parameter before and after the data. Width left: of the interval; near 100% the data "
            + "taught nothing, and beyond it the interval has grown.",
        french: """
            Moyenne et intervalle à 90 % de chaque paramètre avant et après les données. Largeur restante : celle de \
            l’intervalle ; près de 100 %, les données n’ont rien appris au modèle ; au-delà, l’intervalle s’est élargi.
            """)
    let carryOverHeading = Sentence("Carry-over", french: "Rémanence")
    let firstPeriodShare = Sentence("In the first period", french: "Dans la première période")
    let mostPeriods = Sentence("Periods until 90% has come", french: "Périodes jusqu’à 90 % de l’effet")
    let carryOverShape = Sentence("Weights by period", french: "Poids par période")
    let carryOverNote = Sentence(
        "How the effect of media is spread over the periods from spending on: mean weights of the adstock.",
        french: """
            Comment l’effet des médias se répartit sur les périodes à partir de la dépense : poids moyens de la \
            rémanence.
            """)
    let glossaryHeading = Sentence("Words, formulas and files", french: "Mots, formules et fichiers")
    let term = Sentence("Term", french: "Terme")
    let meaning = Sentence("Meaning and formula", french: "Sens et formule")
    let file = Sentence("File", french: "Fichier")
    let provenanceHeading = Sentence("Provenance", french: "Provenance")
    let seed = Sentence("seed", french: "graine")
    let model = Sentence("Model", french: "Modèle")
    let data = Sentence("Data", french: "Données")
    let fit = Sentence("Fit", french: "Ajustement")
    let provenanceNote = Sentence(
        "Equal digests are equal fits, to the last bit. The digest of every file of the results folder is in run.json.",
        french: """
            Deux ajustements de même empreinte sont identiques au bit près. L’empreinte de chaque fichier du dossier de \
            résultats est dans run.json.
            """)
}
