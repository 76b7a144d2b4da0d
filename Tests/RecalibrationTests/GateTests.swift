import Posterior
import Recalibration
import Testing
import Wording

@Suite("the gates of a night")
struct GateTests {
    @Test("the standard bounds are those of the method's table")
    func table() {
        // Gate, what is just promoted, what is just held, what fails; nil where nothing fails.
        let rows: [(GateFigure, promoted: Double, held: [Double], failed: Double?)] = [
            (.missingWeeks, 0, [1, 50], nil), (.stoppedChannels, 0, [1], nil),
            (.restatedShare, 0.02, [0.0201, 1], nil),
            (.rHat, 1.0099, [1.01, 1.0499], 1.05), (.effectiveSize, 400, [399, 1], -1),
            (.divergentShare, 0.001, [0.0011, 0.01], 0.0101), (.predictiveZ, 2.99, [3, 4], 4.01),
            (.drift, 0.499, [0.5, 1.5], 1.51), (.wasserstein, 0.499, [0.5, 1.5], 1.51),
            (.spendMoved, 0.099, [0.1, 0.25], 0.251), (.mismatch, 0.249, [0.25, 0.49], 0.51),
            (.doubtfulWeeks, 0, [1, 9], nil),
        ]
        for (figure, promoted, held, failed) in rows {
            let bound = GateBounds()[figure]
            #expect(bound.verdict(promoted) == .promote, "\(figure)")
            for value in held { #expect(bound.verdict(value) == .hold, "\(figure) \(value)") }
            if let failed { #expect(bound.verdict(failed) == .fail, "\(figure)") }
        }
        for figure in GateFigure.allCases { #expect(GateBounds()[figure].verdict(.nan) == .fail, "\(figure)") }
    }

    @Test("a plan's own bounds stand in place of the standard ones, unless the second lies before the first")
    func ownBounds() throws {
        let bounds = try #require(GateBounds().setting(.drift, promote: 0.2, hold: 0.4))
        #expect(bounds[.drift].verdict(0.3) == .hold && bounds[.drift].verdict(0.41) == .fail)
        #expect(bounds[.wasserstein].verdict(0.41) == .promote)
        for (promote, hold) in [(0.4, 0.2), (.nan, 0.2), (0.2, .nan)] {
            #expect(bounds.setting(.drift, promote: promote, hold: hold) == nil)
        }
        let size = try #require(bounds.setting(.effectiveSize, promote: 400, hold: 100))
        #expect(bounds.setting(.effectiveSize, promote: 100, hold: 400) == nil)
        #expect(size[.effectiveSize].verdict(99) == .fail && size[.drift].promote == 0.2)
    }

    // MARK: Data

    @Test("clean data are promoted, warnings hold and errors fail")
    func data() {
        #expect(DataFindings(restatedShare: 0.004).outcome().verdict == .promote)
        #expect(
            DataFindings(restatedShare: 0.004).outcome().sentence.english
                == "The data are as agreed: no missing weeks, no channels whose spend stopped, and the share of rows that "
                + "were restated is 0.4 %, at most 2 %.")
        #expect(DataFindings(missingWeeks: ["2026-W48"]).outcome().verdict == .hold)
        #expect(
            DataFindings(missingWeeks: ["2026-W48"]).outcome().sentence.english
                == "1 week of the data is missing, 2026-W48: somebody should look before it is used.")
        #expect(
            DataFindings(stoppedChannels: ["tv"]).outcome().sentence.english
                == "The spend of tv is suddenly 0: somebody should look before it is used.")
        #expect(DataFindings(stoppedChannels: ["tv"]).outcome().verdict == .hold)
        #expect(
            DataFindings(restatedShare: 0.13).outcome().sentence.english
                == "The share of rows that were restated is 13 %, more than 2 %: somebody should look before it is used."
        )
        #expect(DataFindings(restatedShare: 0.13).outcome().verdict == .hold)
        #expect(DataFindings(warnings: [Sentence("odd.", french: "bizarre.")]).outcome().verdict == .hold)
        let broken = DataFindings(
            errors: [Sentence(untranslated: "The column tv is missing.")], missingWeeks: ["2026-W48"],
            restatedShare: 0.5
        ).outcome()
        #expect(broken.verdict == .fail)
        #expect(
            broken.sentence.english
                == "The data have 1 error, so that a fit of them would not mean what it says: The column tv is missing."
        )
        #expect(DataFindings(restatedShare: .nan).outcome().verdict == .fail)
    }

    // MARK: Convergence

    private func convergence(
        rHat: Double = 1.002, bulk: Double = 900, tail: Double = 800, divergent: Double = 0, reasons: [String] = []
    ) -> ConvergenceFindings {
        ConvergenceFindings(
            highestRHat: .init(name: "roi of tv", value: rHat), lowestBulkESS: .init(name: "roi of tv", value: bulk),
            lowestTailESS: .init(name: "roi of radio", value: tail), divergentShare: divergent,
            reasons: reasons.map(Sentence.init(untranslated:)))
    }

    @Test("a converged fit is promoted; one that misses its gate is held within the second bounds and failed beyond")
    func convergence() {
        #expect(convergence().outcome().verdict == .promote)
        #expect(convergence(rHat: 1.03, reasons: ["R."]).outcome().verdict == .hold)
        #expect(convergence(divergent: 0.005, reasons: ["D."]).outcome().verdict == .hold)
        #expect(convergence(tail: 120, reasons: ["E."]).outcome().verdict == .hold)
        #expect(convergence(rHat: 1.2, reasons: ["R."]).outcome().verdict == .fail)
        #expect(convergence(divergent: 0.02, reasons: ["D."]).outcome().verdict == .fail)
        for value in [convergence(rHat: .nan), convergence(bulk: .nan), convergence(tail: .nan)] {
            #expect(value.outcome().verdict == .fail)
        }
        #expect(
            convergence(rHat: 1.03).outcome().sentence.english
                == "R-hat of roi of tv is 1.03, not below 1.01 but below 1.05: the fit has nearly converged, too little to "
                + "be used unseen.")
        #expect(
            convergence(tail: 120).outcome().sentence.english
                == "ESS of roi of radio is 120, less than 400: the fit has nearly converged, too "
                + "little to be used unseen.")
    }

    @Test("a fit that misses its own gate is not promoted, whatever the plan's bounds")
    func neverPromoted() throws {
        let bounds = try #require(
            GateBounds().setting(.rHat, promote: 2, hold: 3)?.setting(.effectiveSize, promote: 1, hold: 0))
        #expect(convergence(rHat: 1.03, bulk: 50).outcome(bounds).verdict == .promote)
        let missed = convergence(rHat: 1.03, bulk: 50, reasons: ["E-BFMI of chain 2 is 0.1."]).outcome(bounds)
        #expect(missed.verdict == .hold)
        #expect(missed.sentence.english.contains("E-BFMI of chain 2 is 0.1."))
    }

    @Test("the figures of a fit's own verdict are taken over")
    func fromVerdict() {
        var random = stream(20)
        func chains(_ apart: Double) -> [[Double]] {
            (0..<4).map { chain in (0..<500).map { _ in random.normal() + (chain == 0 ? apart : 0) } }
        }
        func verdict(_ apart: Double, divergences: Int) -> GateOutcome {
            let gate = ConvergenceGate().verdict(
                quantities: [("roi", Summary(chains: chains(apart)))], divergences: divergences, draws: 2000,
                energyFractions: [1, 1, 1, 1])
            return ConvergenceFindings(gate).outcome()
        }
        #expect(verdict(0, divergences: 0).verdict == .promote)
        #expect(verdict(3, divergences: 0).verdict == .fail)
        #expect(verdict(0, divergences: 10).verdict == .hold)
        #expect(verdict(0, divergences: 40).verdict == .fail)
        let still = ConvergenceGate().verdict(
            quantities: [("roi", Summary(chains: [[1, 1, 1, 1], [1, 1, 1, 1]]))], divergences: 0, draws: 8,
            energyFractions: [1, 1])
        #expect(ConvergenceFindings(still).outcome().verdict == .fail)
    }

    // MARK: Calibration

    @Test("a week of high k holds unless it had one before, and a worse prediction of known weeks does")
    func calibration() {
        func findings(_ shape: Double, before: Bool = false, difference: Double = -1) -> GateOutcome {
            CalibrationFindings(
                weeks: [
                    .init(name: "2026-W01", shape: 0.3, wasDoubtful: false),
                    .init(name: "2026-W02", shape: shape, wasDoubtful: before),
                ],
                difference: difference, differenceError: 1.5
            ).outcome()
        }
        #expect(findings(0.69).verdict == .promote)
        #expect(findings(0.7).verdict == .hold && findings(0.7).sentence.english.contains("2026-W02"))
        #expect(findings(.nan).verdict == .hold && findings(.infinity).verdict == .hold)
        #expect(findings(0.9, before: true).verdict == .promote)
        #expect(findings(0.3, difference: -5.9).verdict == .promote)
        #expect(findings(0.3, difference: -6.1).verdict == .hold)
        #expect(findings(0.3, difference: 60).verdict == .promote)
        #expect(findings(0.3, difference: .nan).verdict == .fail)
        #expect(CalibrationFindings(weeks: []).outcome().verdict == .promote)
    }

    // MARK: Drift

    private func drift(_ shift: Double, wasserstein: Double? = nil, cause: String? = nil) -> GateOutcome {
        DriftFindings(
            quantities: [
                .init(
                    name: QuantityName("roi[radio]"),
                    drift: .init(shift: 0.1, shiftError: 0.01, wasserstein: 0.1, overlap: 0.9)),
                .init(
                    name: QuantityName("roi[tv]"),
                    drift: .init(
                        shift: shift, shiftError: 0.01, wasserstein: wasserstein ?? abs(shift), overlap: 0.8)),
            ], cause: cause.map(Sentence.init(untranslated:))
        ).outcome()
    }

    @Test("drift is promoted, held, and failed only where the data have no cause")
    func drift() {
        #expect(drift(0.4).verdict == .promote && drift(-0.4).verdict == .promote)
        #expect(drift(-0.7).verdict == .hold && drift(0.7, cause: "x").verdict == .hold)
        #expect(drift(-1.6).verdict == .fail)
        #expect(drift(-1.6, cause: "a restated history").verdict == .hold)
        #expect(drift(0, wasserstein: 0.8).verdict == .hold)
        #expect(drift(.nan, cause: "a restated history").verdict == .fail)
        #expect(drift(.infinity).verdict == .fail)
        #expect(
            drift(-0.62).sentence.english
                == "The mean of roi of tv moved by 0.62 standard deviations, not below 0.5 but at most 1.5: somebody should "
                + "look before it is used.")
        #expect(drift(-1.6, cause: "a restated history").sentence.english.contains("a restated history"))
        #expect(DriftFindings(quantities: []).outcome().verdict == .promote)
    }

    @Test("drift that the weeks do not explain fails: beyond a tenth of a deviation and four Monte Carlo errors")
    func expectedDrift() {
        func outcome(_ shift: Double, _ expected: Double, _ error: Double) -> Verdict {
            ExpectedDriftFindings(quantities: [
                .init(name: QuantityName("roi[radio]"), shift: 0.01, expected: 0, error: 0.01),
                .init(name: QuantityName("roi[tv]"), shift: shift, expected: expected, error: error),
            ]).outcome().verdict
        }
        #expect(outcome(1.2, 1.25, 0.001) == .promote)
        #expect(outcome(1.2, 0.9, 0.1) == .promote)
        #expect(outcome(1.2, 0.9, 0.07) == .fail)
        #expect(outcome(-0.9, 0.9, 0.1) == .fail)
        #expect(outcome(.nan, 0.9, 0.1) == .fail && outcome(1, .nan, 0.1) == .fail)
        #expect(outcome(0.3, 0.3, 0) == .promote)
        // An error that is no number cannot excuse a difference.
        #expect(outcome(1.2, 0.9, .nan) == .fail)
    }

    @Test("without a prediction a drift that would be promoted passes, and any other is held")
    func noPrediction() {
        for missing in [ExpectedDriftFindings.Missing.weightsUnusable, .modelChanged] {
            func outcome(_ shift: Double) -> Verdict {
                ExpectedDriftFindings(
                    quantities: [.init(name: QuantityName("roi[tv]"), shift: shift, expected: .nan, error: .nan)],
                    missing: missing
                ).outcome().verdict
            }
            #expect(
                outcome(-0.49) == .promote && outcome(0.51) == .hold && outcome(-3) == .hold && outcome(.nan) == .fail)
        }
    }

    @Test("a broken refit is told from new weeks on the conjugate model")
    func brokenRefit() {
        var random = stream(21)
        let before = NormalMean(mean: 2, variance: 0.25, noise: 9)
        let after = before.updated(by: [6, 5, 6])
        let draws = before.draws(4000, &random)
        let provisional = ProvisionalPosterior(
            newRows: draws.map { theta in [6, 5, 6].map { before.logDensity($0, at: theta) }.reduce(0, +) },
            chainCount: 4)
        func outcome(_ refit: NormalMean) -> Verdict {
            let new = WeightedDraws(refit.draws(4000, &random), chainCount: 4)
            return ExpectedDriftFindings(quantities: [
                .init(name: QuantityName("mean"), old: draws, after: provisional, new: new)
            ])
            .outcome().verdict
        }
        #expect(outcome(after) == .promote)
        // A refit that never saw the weeks, and one that saw them twice.
        #expect(outcome(before) == .fail)
        #expect(outcome(after.updated(by: [6, 5, 6])) == .fail)
    }

    // MARK: Decision and robustness

    @Test("a recommendation that moves little is promoted")
    func decision() {
        #expect(DecisionFindings(moved: 0.05).outcome().verdict == .promote)
        #expect(DecisionFindings(moved: 0.12, largest: "tv").outcome().verdict == .hold)
        #expect(DecisionFindings(moved: 0.3, largest: "tv").outcome().verdict == .fail)
        #expect(
            DecisionFindings(moved: 0.12, largest: "tv").outcome().sentence.english
                == "The share of the recommended spend that moved between channels is 12 %, not below 10 % but at most 25 %, "
                + "most of tv: somebody should look before the advice changes.")
    }

    @Test("an index that is not there passes with grade C, and the worst channel decides")
    func robustness() {
        func outcome(_ tv: Double?, _ radio: Double? = nil) -> GateOutcome {
            RobustnessFindings(channels: [
                .init(name: QuantityName("roi[tv]"), mismatch: tv),
                .init(name: QuantityName("roi[radio]"), mismatch: radio),
            ])
            .outcome()
        }
        #expect(outcome(nil).verdict == .promote)
        #expect(outcome(nil).sentence.english.contains("roi of tv, roi of radio have no index and grade C"))
        #expect(
            outcome(0.2).verdict == .promote && outcome(0.2).sentence.english.contains("radio has no index and grade C")
        )
        #expect(outcome(-0.8, 0.1).verdict == .promote)
        #expect(outcome(0.1, 0.3).verdict == .hold && outcome(0.1, 0.3).sentence.english.contains("radio"))
        #expect(outcome(0.3, 0.6).verdict == .fail)
        #expect(outcome(.nan, 0.1).verdict == .fail)
    }

    // MARK: The night

    @Test("the night's verdict is its worst gate's, with that gate's sentence; of equals the earlier gate's")
    func night() {
        let promoted = DataFindings().outcome()
        let held = DecisionFindings(moved: 0.2, largest: "tv").outcome()
        let heldEarlier = drift(0.7)
        let failed = RobustnessFindings(channels: [.init(name: QuantityName("roi[tv]"), mismatch: 0.9)]).outcome()
        let all = NightVerdict([promoted, convergence().outcome()])
        #expect(all.verdict == .promote && all.gate == nil && all.sentence.english == "All 2 gates are passed.")
        let night = NightVerdict([held, promoted, heldEarlier])
        #expect(
            night.verdict == .hold && night.gate == .drift && night.sentence.english == heldEarlier.sentence.english)
        #expect(night.outcomes.map(\.gate) == [.data, .drift, .decision])
        let worst = NightVerdict([held, failed, promoted])
        #expect(
            worst.verdict == .fail && worst.gate == .robustness && worst.sentence.english == failed.sentence.english)
    }

    /// What every gate says of every verdict.
    private var outcomes: [GateOutcome] {
        var outcomes: [GateOutcome] = []
        let odd = Sentence("something is odd.", french: "quelque chose est bizarre.")
        for findings in [
            DataFindings(), DataFindings(missingWeeks: ["2026-11-02", "2026-11-09", "c", "d"]),
            DataFindings(missingWeeks: ["2026-11-02"]), DataFindings(stoppedChannels: ["a"]),
            DataFindings(errors: [odd, odd]), DataFindings(warnings: [odd]), DataFindings(restatedShare: 0.13),
            DataFindings(restatedShare: .nan),
        ] {
            outcomes.append(findings.outcome())
        }
        for findings in [
            convergence(), convergence(rHat: 1.03), convergence(divergent: 0.2), convergence(tail: 5),
            convergence(rHat: 1.2), convergence(rHat: .nan), convergence(tail: 12345),
        ] {
            outcomes.append(findings.outcome())
        }
        for value in [0.05, 0.4, 0.7, 1.6, 12.5, .nan] {
            outcomes.append(drift(value))
            outcomes.append(drift(value, cause: "x"))
            outcomes.append(DecisionFindings(moved: value / 4, largest: "tv").outcome())
            outcomes.append(
                RobustnessFindings(channels: [
                    .init(name: QuantityName("roi[tv]"), mismatch: value),
                    .init(name: QuantityName("roi[web]"), mismatch: nil),
                ]).outcome())
            outcomes.append(PredictiveScore(draws: [[-1, 0, 1]], actual: [4 * value]).outcome())
            outcomes.append(PredictiveScore(draws: [[-1, 0, 1], [-1, 0, 1]], actual: [-value, -value]).outcome())
            for missing in [nil, ExpectedDriftFindings.Missing.weightsUnusable, .modelChanged] {
                outcomes.append(
                    ExpectedDriftFindings(
                        quantities: [
                            .init(name: QuantityName("Roi of tv"), shift: -value, expected: -0.1, error: 0.01)
                        ], missing: missing
                    ).outcome())
            }
            for before in [true, false] {
                outcomes.append(
                    CalibrationFindings(
                        weeks: [
                            .init(name: "2026-11-02", shape: value, wasDoubtful: before),
                            .init(name: "2026-11-09", shape: 2 * value, wasDoubtful: before),
                        ], difference: before ? -10 * value : nil, differenceError: before ? 1 : nil
                    ).outcome())
            }
        }
        outcomes.append(PredictiveScore(draws: [], actual: []).outcome())
        outcomes.append(RobustnessFindings(channels: []).outcome())
        outcomes.append(DriftFindings(quantities: []).outcome())
        outcomes.append(ExpectedDriftFindings(quantities: [], missing: .modelChanged).outcome())
        return outcomes
    }

    @Test("every sentence is one in each language, begins with no small letter and ends with a stop")
    func sentences() {
        #expect(Set(outcomes.map(\.gate)).count == 8)
        #expect(Set(outcomes.map(\.verdict)).count == 3)
        for outcome in outcomes {
            for language in Language.allCases {
                let text = outcome.sentence[language]
                #expect(
                    text.first?.isLowercase == false && text.last == "." && !text.dropLast().contains(". "), "\(text)")
            }
        }
    }

    /// Every number of a text, as a program writes it.
    private static func figures(_ text: String) -> [String] {
        text.matches(of: #/-?\d+(\.\d+)?/#).map { String($0.output.0) }.sorted()
    }

    /// A French text with its numbers and days as a program writes them.
    private static func plainNumbers(_ french: String) -> String {
        french.replacing(#/(\d\d)/(\d\d)/(\d{4})/#) { "\($0.output.3)-\($0.output.2)-\($0.output.1)" }
            .replacing(#/(\d)\x{202F}(?=\d)/#) { "\($0.output.1)" }
            .replacing(#/(\d),(\d)/#) { "\($0.output.1).\($0.output.2)" }.replacing("−", with: "-")
    }

    @Test("both languages tell the same figures, each in its own signs")
    func figures() {
        for outcome in outcomes {
            let sentence = outcome.sentence
            #expect(
                Self.figures(sentence.english) == Self.figures(Self.plainNumbers(sentence.french)),
                "\(sentence.english) \(sentence.french)")
            #expect(!sentence.isUntranslated)
            #expect(sentence.french.firstMatch(of: #/\d\.\d|[^\x{202F}][%:;]|-\d/#) == nil, "\(sentence.french)")
        }
    }

    @Test("French sentences name thresholds, and the bound at which a result is rejected")
    func french() {
        func plain(_ outcome: GateOutcome) -> String { outcome.sentence.french.replacing("\u{202F}", with: " ") }
        #expect(
            plain(drift(-0.62))
                == "La moyenne du ROI du canal tv s’est déplacée de 0,62 écart type (seuil : moins de 0,5 ; rejet au-delà de "
                + "1,5) : le résultat est à vérifier avant usage.")
        #expect(
            plain(drift(2.5))
                == "La moyenne du ROI du canal tv s’est déplacée de 2,5 écarts types (rejet au-delà de 1,5) : rien dans les "
                + "données ne l’explique, et le résultat ne doit pas être utilisé.")
        #expect(
            plain(convergence(tail: 120).outcome())
                == "La taille effective de roi of radio est de 120 (seuil : 400 au moins) : l’ajustement a presque convergé, "
                + "trop peu pour servir sans vérification.")
        #expect(
            plain(DataFindings(restatedShare: 0.004).outcome())
                == "Les données sont conformes : aucune période manquante, aucun canal dont la dépense s’est arrêtée, et la "
                + "part de lignes retraitées est de 0,4 % (seuil : 2 % au plus).")
        #expect(
            NightVerdict([drift(0.1), convergence().outcome()]).sentence.french
                == "Les 2 contrôles sont tous satisfaits.")
    }
}
