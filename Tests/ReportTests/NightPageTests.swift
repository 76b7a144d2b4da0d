import Posterior
import Recalibration
import Report
import Testing
import Wording

@Suite("the page of a night")
struct NightPageTests {
    // MARK: Nights

    private static let data = DataFindings(restatedShare: 0.004).outcome()

    private static func convergence(_ rHat: Double, reasons: [Sentence] = []) -> GateOutcome {
        ConvergenceFindings(
            highestRHat: .init(name: "roi[tv]", value: rHat), lowestBulkESS: .init(name: "roi[tv]", value: 1234.5),
            lowestTailESS: .init(name: "roi[radio]", value: 800), divergentShare: 0.0005, reasons: reasons
        ).outcome()
    }

    private static func drift(_ shift: Double, cause: Sentence? = nil) -> GateOutcome {
        DriftFindings(
            quantities: [
                .init(
                    name: QuantityName("roi[tv]"),
                    drift: .init(shift: shift, shiftError: 0.01, wasserstein: abs(shift), overlap: 0.8))
            ], cause: cause
        ).outcome()
    }

    private static func verdict(shift: Double, mismatch: Double, moved: Double, z: Double) -> NightVerdict {
        NightVerdict([
            data, convergence(1.002), PredictiveScore(draws: [[-1, 0, 1]], actual: [z]).outcome(),
            CalibrationFindings(weeks: [.init(name: "2026-11-23", shape: 0.3, wasDoubtful: false)]).outcome(),
            drift(shift),
            ExpectedDriftFindings(quantities: [
                .init(name: QuantityName("roi[tv]"), shift: shift, expected: shift, error: 0.01)
            ]).outcome(),
            DecisionFindings(moved: moved, largest: "tv").outcome(),
            RobustnessFindings(channels: [
                .init(name: QuantityName("roi[tv]"), mismatch: mismatch),
                .init(name: QuantityName("roi[radio]"), mismatch: nil),
            ]).outcome(),
        ])
    }

    private static let usable = Sentence(
        "Pareto k of the weights is 0.35, below 0.67.",
        french: "Le k de Pareto des poids est de \(0.35) (seuil : moins de \(0.67)).")

    private static let moved = MovedSection(
        basis: "2026-11-22",
        moves: [
            .init(
                quantity: "contribution[tv]", oldMean: 12_345_678, newMean: 13_456_789, oldSD: 1_000_000,
                parts: [
                    (.newWeeks, 900_000), (.restatedHistory, -12_345), (.changedModel, 0), (.monteCarloError, 223_456),
                ], weeks: [("2026-11-23", false), ("2026-10-05", true)], isUnexplained: true),
            .init(
                quantity: "roi[tv]", oldMean: 1.25, newMean: 1.31, oldSD: 0.2,
                parts: [(.newWeeks, 0.05), (.restatedHistory, 0), (.changedModel, 0), (.monteCarloError, 0.01)],
                weeks: [], isUnexplained: false),
        ])

    /// Nights of every kind, by what they show.
    private static let nights: [(what: String, night: NightContent)] = [
        (
            "first",
            NightContent(
                model: "Magasin", night: "2026-11-22",
                verdict: NightVerdict([data, convergence(1.002), RobustnessFindings(channels: []).outcome()]),
                start: .cold)
        ),
        (
            "promoted",
            NightContent(
                model: "Magasin", night: "2026-11-23", verdict: verdict(shift: 0.1, mismatch: 0.1, moved: 0.05, z: 0.5),
                basis: "2026-11-22", start: .warm, provisional: usable, moved: moved)
        ),
        (
            "held, at a second try, with nothing that could have moved",
            NightContent(
                model: "Magasin", night: "2026-W48", verdict: verdict(shift: -0.7, mismatch: 0.3, moved: 0.12, z: -2.8),
                basis: "2026-W47.2", start: .coldAfterWarm, provisional: usable,
                moved: MovedSection(basis: "2026-W47.2", moves: []))
        ),
        (
            "held for its own convergence",
            NightContent(
                model: "Magasin", night: "2026-11-23",
                verdict: NightVerdict([
                    data,
                    convergence(
                        1.002,
                        reasons: [Sentence("One chain disagrees.", french: "Une chaîne ne s’accorde pas aux autres.")]),
                ]), basis: "2026-11-22", start: .warm, moved: moved)
        ),
        (
            "failed",
            NightContent(
                model: "Magasin", night: "2026-11", verdict: verdict(shift: 1.8, mismatch: 0.7, moved: 0.3, z: 9),
                basis: "2026-10", start: .warm, provisional: usable, moved: moved)
        ),
        (
            "unreadable",
            NightContent(
                model: "Magasin", night: "2026-11-23",
                verdict: NightVerdict([
                    DataFindings(errors: [
                        Sentence(
                            "data.csv:42: the row is short.", french: "\(code: "`data.csv:42: the row is short.`")")
                    ]).outcome()
                ]))
        ),
    ]

    private static func page(_ night: NightContent, _ language: Language = .french) -> String {
        NightPage.render(night, in: language)
    }

    // MARK: French

    /// Words of English nights beside those of reports.
    private static let english: Set<String> = [
        "gate", "gates", "says", "why", "promote", "hold", "fail", "held", "failed", "promoted", "accepted", "result",
        "moved", "before", "after", "sd", "new", "restated", "history", "changed", "model", "error", "began",
        "warm", "cold", "compared", "refit", "drift", "expected", "robustness", "decision", "calibration", "predictive",
        "somebody", "look", "used", "than", "least", "deviations", "nights", "explained", "explain", "most", "that",
        "on", "in", "for", "has", "have", "no", "not", "as", "bars", "reach", "column", "columns",
    ]

    @Test("no English word stands on a French page", arguments: nights.indices)
    func words(_ index: Int) {
        let (what, night) = Self.nights[index]
        let page = Self.page(night)
        #expect(page.contains("<html lang=\"fr\">"))
        let words = FrenchPageTests.words(page)
        #expect(words.count > 25, "\(what)")
        #expect(Set(words).intersection(FrenchPageTests.english.union(Self.english)) == [], "\(what)")
    }

    @Test("numbers, days and signs are those of French print", arguments: nights.indices)
    func signs(_ index: Int) {
        let text = FrenchPageTests.text(Self.page(Self.nights[index].night))
        #expect(text.matches(of: #/\d\.\d/#).map { String($0.output) } == [])
        #expect(text.matches(of: #/\d{4}-\d\d|\d-W\d/#).map { String($0.output) } == [])
        #expect(text.matches(of: #/[^\x{202F}]%| [:;!?»]|«[^\x{202F}]/#).map { String($0.output) } == [])
        #expect(text.matches(of: #/[\s\[(]-\d|\p{L}'\p{L}/#).map { String($0.output) } == [])
        #expect(!text.contains("\"") && !text.contains("“"))
    }

    @Test("a French page says what has become of the result, and by which bounds")
    func french() {
        func plain(_ what: String) throws -> String {
            let night = try #require(Self.nights.first { $0.what == what }).night
            return FrenchPageTests.text(Self.page(night)).replacing("\u{202F}", with: " ")
        }
        for (what, words) in [
            (
                "first",
                ["ADOPTÉ", "Les 3 contrôles sont tous satisfaits.", "Départ des calculs à froid.", "22/11/2026"]
            ),
            (
                "promoted",
                [
                    "Comparaison avec le résultat de référence (22/11/2026).", "Départ des calculs à chaud.",
                    "Avant le nouvel ajustement : Le k de Pareto",
                    "la taille effective du ROI du canal radio est de 800",
                    "Ce qui a changé, et pourquoi", "Contribution, tv", "ROI, tv", "12,3 M", "−12,3 k", "1,11",
                    "23/11/2026, 05/10/2026 (retraitée) Non expliqué par les périodes.", "Historique retraité",
                    "Erreur de Monte-Carlo", "Dérive attendue", "FAVORABLE",
                ]
            ),
            (
                "held, at a second try, with nothing that could have moved",
                [
                    "EN ATTENTE", "Magasin, semaine 48 de 2026", "(semaine 47 de 2026, essai n° 2)",
                    "après un départ à chaud", "0,7 écart type (seuil : moins de 0,5 ; rejet au-delà de 1,5)",
                    "est de 12 % (seuil : moins de 10 % ; rejet au-delà de 25 %), surtout au titre du canal tv",
                    "faute d’indice, la note est C (ROI du canal radio)", "RÉSERVÉ",
                ]
            ),
            ("failed", ["REJETÉ", "DÉFAVORABLE", "Magasin, novembre 2026", "octobre 2026", "(rejet au-delà de 4)"]),
            ("unreadable", ["REJETÉ", "Les données comportent 1 erreur, si bien qu’un ajustement serait trompeur"]),
            ("held for its own convergence", ["Une chaîne ne s’accorde pas aux autres."]),
        ] {
            let text = try? plain(what)
            for word in words { #expect(text?.contains(word) == true, "\(what): \(word)") }
        }
    }

    @Test("what moved stands in the report in the report's language")
    func report() throws {
        let page = try #require(ReportPage.adding(Self.moved, to: FrenchPageTests.page, in: .french))
        let own = FrenchPageTests.words(FrenchPageTests.page)
        let words = FrenchPageTests.words(page)
        #expect(words.count > own.count + 50 && !page.contains("lang=\"en\""))
        #expect(Set(words).subtracting(own).intersection(FrenchPageTests.english.union(Self.english)) == [])
        #expect(FrenchPageTests.text(page).contains("Historique retraité"))
    }

    // MARK: English

    @Test("an English page says the same")
    func englishPage() throws {
        let night = try #require(Self.nights.first { $0.what == "promoted" }).night
        let page = Self.page(night, .english)
        #expect(page.contains("<html lang=\"en\">") && page.contains("<title>Magasin, 2026-11-23: PROMOTE</title>"))
        let text = FrenchPageTests.text(page)
        for words in [
            "All 8 gates are passed.", "Compared with the accepted result of 2026-11-22.", "Chains began warm.",
            "Before the refit: Pareto k", "What each gate says", "Expected drift", "What moved, and why",
            "Means of the accepted result of 2026-11-22 and of this one", "12.3M", "Contribution, tv",
            "2026-11-23, 2026-10-05 (restated) Not explained by the weeks.",
        ] {
            #expect(text.contains(words), "\(words)")
        }
        #expect(Set(FrenchPageTests.words(page)).isDisjoint(with: ["le", "la", "les", "des", "est", "seuil", "rejet"]))
    }

    @Test("names are no markup, and a night without moves has no section of them")
    func markup() throws {
        var night = try #require(Self.nights.first).night
        night.model = "<b>"
        for language in Language.allCases {
            let page = Self.page(night, language)
            #expect(page.contains("&lt;b&gt;") && !page.contains("<b>"))
            #expect(page.components(separatedBy: "<h2>").count == 2)
        }
    }
}
