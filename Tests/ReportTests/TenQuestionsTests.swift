import Analysis
import Foundation
import ModelDefinition
import Report
import Testing
import Wording

/// Ten questions of a finance director, which Documentation.docc/Report.md lists, and what answers each. A stranger reads the
/// page from top to bottom and finds every answer after the one before, in what is seen without a click.
@Suite("Ten questions")
struct TenQuestionsTests {
    struct Question: Sendable, CustomTestStringConvertible {
        var text: String
        /// In the text that is seen, with plain spaces in place of narrow ones.
        var english: String
        var french: String

        var testDescription: String { text }
    }

    /// Paid channels of all grades, whose returns lie above break-even, below it and about it, and books that differ.
    static let content: ReportContent = {
        var content = ShopReport.content(names: ["tv", "radio", "web", "post", "sms"], resamples: 0)
        content.name = "Shop"
        content.decision = ShopReport.decision
        content.vat = .excluded
        content.ledgerTotal = 105_000_000
        func estimate(_ mean: Double, _ q05: Double, _ q95: Double) -> Estimate {
            Estimate(mean: mean, sd: (q95 - q05) / 3.29, q05: q05, q50: mean, q95: q95)
        }
        content.totals.spend = 10_000_000
        content.totals.marginROI = estimate(1.25, 0.95, 1.5)
        for (index, roi) in [estimate(1.5, 1.2, 1.8), estimate(0.5, 0.3, 0.8), estimate(1, 0.7, 1.4)].enumerated() {
            content.channels[index].marginROI = roi
        }
        content.channels[3].marginROI = estimate(1, 0.1, 4)
        content.channels[0].paybackWeeksQ50 = 3
        content.profitChances = ["tv": 1, "radio": 0, "web": 0.5, "post": 0.4]
        func row(_ channel: String, ratio: Double, correlation: Double?) -> EvidenceRow {
            var figures = EvidenceFigures(evidenceRatio: ratio, prior: nil)
            figures.residualCorrelation = correlation
            return EvidenceRow(
                quantity: "roi[\(channel)]", decisionStability: nil, posteriorSD: 1, jackknifeSD: ratio.squareRoot(),
                refitSD: 1, refitMethod: .sampled, figures: figures, refitMismatchIndex: nil)
        }
        content.evidence = [
            row("tv", ratio: 0.9, correlation: nil), row("radio", ratio: 0.9, correlation: nil),
            row("web", ratio: 0.9, correlation: nil), row("post", ratio: 0, correlation: nil),
        ]
        return content
    }()

    static let questions = [
        Question(
            text: "Of which period, in which money, with VAT or without?", english: "156 weeks, EUR, VAT excluded",
            french: "156 semaines, EUR, hors TVA"),
        Question(
            text: "What did media bring, and of how much?", english: "Media brought €",
            french: "Les médias ont apporté "),
        Question(
            text: "What did each euro return, in margin?",
            english: "at a 38% margin each euro returned €1.25 [0.95; 1.50] of margin",
            french: "à 38 % de marge, chaque euro a rapporté 1,25 € [0,95 ; 1,50]"),
        Question(
            text: "What should change next quarter?",
            english:
                "moving €20.0k from radio to tv is worth +€4.00k [−1.00; +9.00] of profit next quarter, 91% chance of being "
                + "better",
            french:
                "déplacer 20,0 k€ de radio vers tv vaut +4,00 k€ [−1,00 ; +9,00] de résultat au prochain trimestre, avec 91 % de "
                + "chances de faire mieux"),
        Question(
            text: "Did media earn more than they cost?",
            english:
                "Media cost €10.0M and earned a margin of €12.5M [9.5; 15.0] before that cost, which leaves +€2.50M "
                + "[−€500k; +€5.00M].",
            french:
                "Les médias ont coûté 10,0 M€ et dégagé 12,5 M€ [9,5 ; 15,0] de marge avant ce coût, soit un résultat de "
                + "+2,50 M€ [−500 k€ ; +5,00 M€]."),
        Question(text: "How soon does a channel pay for itself?", english: "3 weeks", french: "3 semaines"),
        Question(
            text: "Which channels surely pay for themselves, and which do not?",
            english:
                "Profitable (the whole interval above break-even): tv. Unprofitable (the whole interval below break-even): radio. "
                + "Uncertain (break-even within the interval; in brackets the chance of having been profitable): web (50%), post "
                + "(40%).",
            french:
                "Rentables (tout l’intervalle au-dessus du seuil de rentabilité) : tv. Non rentables (tout l’intervalle "
                + "au-dessous du seuil de rentabilité) : radio. Incertains (le seuil de rentabilité est dans l’intervalle ; entre "
                + "parenthèses, les chances d’avoir été rentable) : web (50 %), post (40 %)."),
        Question(
            text: "Which figures are not to be trusted?",
            english: "they rest mostly on an assumption (the prior): post.",
            french: "ils reposent surtout sur une hypothèse de départ (l’a priori) : post."),
        Question(
            text: "What would have been sold without media, and does the total agree with the books?",
            english: "The ledger shows €105M:", french: "Les comptes indiquent 105 M€, soit un écart de "),
        Question(
            text: "What does the change risk, and what should be tested next?",
            english:
                "The risk: 9% chance of doing worse than today's plan; one time in twenty, a loss of €1.00k or more. What to test "
                + "next: radio. Knowing its response before moving the money would be worth at most €2.50k:",
            french:
                "Le risque : 9 % de chances de faire moins bien que le plan actuel ; une fois sur vingt, une perte d’au "
                + "moins 1,00 k€. Prochain test à mener : radio. Connaître sa réponse avant de déplacer l’argent vaudrait "
                + "au plus 2,50 k€ :"),
    ]

    /// What is seen of a page without a click, in the order in which it is read.
    static func seen(_ page: String) -> String {
        page.replacing(#/<(style|script|details|title|desc)\b[^>]*>.*?</\1>/#.dotMatchesNewlines(), with: " ")
            .replacing(#/<[^>]+>/#.dotMatchesNewlines(), with: " ").replacing("\u{202F}", with: " ")
            .replacing("&#39;", with: "'").replacing(#/\s+/#, with: " ")
    }

    @Test(
        "the page answers all ten in the order in which it is read", arguments: Language.allCases,
        ReportSpecification.Audience.allCases)
    func order(_ language: Language, _ audience: ReportSpecification.Audience) throws {
        let page = ReportPage.render(Self.content, as: ReportSpecification(language: language, audience: audience))
        var rest = Self.seen(page)[...]
        #expect(Self.questions.count == 10)
        for question in Self.questions {
            let answer = language == .english ? question.english : question.french
            let place = try #require(rest.firstRange(of: answer), "\(question.text) \(answer)")
            rest = rest[place.upperBound...]
        }
    }

    @Test("what would have come without media is said with its interval, and what is unexplained to the cent")
    func reconciliation() throws {
        let text = Self.seen(ReportPage.render(Self.content))
        let pattern =
            #/Without media, the total would have been €([\d.]+)M \[[\d.]+; [\d.]+\]: the baseline. With the channels the model comes to €([\d.]+)M; the data hold €([\d.]+)M, which leaves [+−]€[\d.]+[kM] \([−\d.]+%\) unexplained. The ledger shows €105M: [+−]€[\d.]+[kM] against the data\./#
        let found = try #require(text.firstMatch(of: pattern)).output
        #expect(found.1 == NumberText.decimal(Self.content.totals.baseline.mean / 1e6, 1))
        #expect(found.2 == NumberText.decimal(Self.content.totals.fitted.mean / 1e6, 0))
        var content = Self.content
        content.ledgerTotal = nil
        content.vat = nil
        content.currency = "EUR"
        let other = Self.seen(ReportPage.render(content))
        #expect(other.contains("No ledger total was given") && other.contains("EUR, VAT not stated"))
    }

    @Test("a plan that cannot lose says what it gains at the least, and nothing is tested that changes no plan")
    func riskless() throws {
        var content = Self.content
        var decision = try #require(content.decision)
        decision.gain = Estimate(mean: 4000, sd: 1000, q05: 2000, q50: 4000, q95: 6000)
        decision.chance = 1
        for index in decision.rows.indices { decision.rows[index].informationValue = 0 }
        content.decision = decision
        content.evidence = Array(content.evidence.prefix(3))
        let text = Self.seen(ReportPage.render(content))
        #expect(
            text.contains(
                "under 1% chance of doing worse than today's plan; one time in twenty, a gain of no more than €2.00k."))
        #expect(text.contains("no test of a single channel would change this plan."))
        #expect(text.contains("No channel's figures rest on assumptions alone."))
    }

    @Test("a move of channels whose figures rest on assumptions is to be confirmed, and says so at once")
    func caution() throws {
        var content = Self.content
        let row = try #require(content.evidence.last)
        #expect(row.quantity == "roi[post]" && row.grade == .priorDriven)
        let decision = try #require(content.decision)
        var rows = decision.rows
        for (index, channel) in ["post", "tv"].enumerated() { rows[index].channel = channel }
        content.decision?.rows = rows
        let text = Self.seen(ReportPage.render(content))
        #expect(
            text.contains(
                "chance of being better; to be confirmed, since the figures of post rest mostly on an assumption."))
        #expect(!Self.seen(ReportPage.render(Self.content)).contains("to be confirmed"))
    }

    @Test("the last twelve months have spend, margin and what is left by themselves, to the sums of their periods")
    func lastYear() {
        var content = Self.content
        let periods = content.dates.count
        content.mediaByPeriod = ReportContent.MediaByPeriod(
            spend: (0..<periods).map { $0 < periods - 52 ? 1e6 : 10_000 },
            grossProfit: [Double](repeating: 25_000, count: periods))
        let page = ReportPage.render(content)
        #expect(
            Self.seen(page).contains("Over the last 12 months they cost €520k and earned €1.30M, which leaves +€780k."))
        // Before: 52 million of spend less the same margin.
        #expect(page.contains("<th scope=\"row\">media profit</th><td>−50.7M</td><td>780k</td>"))
    }

    @Test("what further money earns at the latest spend is told apart by whether it earns its cost")
    func furtherMoney() throws {
        var content = Self.content
        for (index, value) in [2.25, 0.5].enumerated() {
            content.decision?.rows[index].marginalMarginROI = Estimate(
                mean: value, sd: 0.1, q05: value - 0.1, q50: value, q95: value + 0.1)
        }
        let names = try #require(content.decision).rows.map(\.channel)
        let text = Self.seen(ReportPage.render(content))
        #expect(text.contains("€1 more earns more margin than it costs in \(names[0]) (€2.25)."))
        #expect(text.contains("€1 more earns less margin than it costs in \(names[1]) (€0.50): spending less there,"))
        // The table beside amounts in thousands has them to the cent as well.
        let rows = ReportPage.render(content).components(separatedBy: "<tr>")
        for (name, value) in zip(names, ["2.25", "0.50"]) {
            #expect(rows.contains { $0.contains(">\(name)</th>") && $0.contains("<td>\(value)</td></tr>") }, "\(name)")
        }
    }

    @Test("without a margin, a proposal or evidence nothing is said of them")
    func absent() {
        let text = Self.seen(ReportPage.render(ReportPageTests.variants[1]))
        for words in [
            "Media cost", "Profitable (", "Uncertain (", "Do not rely", "rest on assumptions", "The risk:",
            "test next",
        ] {
            #expect(!text.contains(words), "\(words)")
        }
    }
}
