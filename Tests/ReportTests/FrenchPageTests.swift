import Analysis
import Foundation
import ModelDefinition
import Posterior
import Report
import Testing
import Wording

@Suite("French page")
struct FrenchPageTests {
    /// Everything that a page may say, with names that are no words of either language.
    static let content: ReportContent = {
        var content = ShopReport.content(names: ["tv", "radio", "web", "sms"], group: "écran", passed: false)
        content.name = "Magasin"
        content.decision = ShopReport.decision
        content.resultWarnings = [Sentence("The carry-over is long.", french: "La rémanence est longue.")]
        content.evidence = EvidenceGrade.allCases.indices.map { _ in
            EvidenceRow(
                quantity: "roi[tv]", decisionStability: 0.95, posteriorSD: 1, jackknifeSD: 0.9, refitSD: 1,
                refitMethod: .sampled, figures: EvidenceFigures(evidenceRatio: 0.9, prior: nil), refitMismatchIndex: nil
            )
        }
        content.crossValidation = .init(expectedLogDensity: -1234.5, standardError: 12.3, doubtful: ["2023-01-02"])
        content.holdout = .init(coverage: 0.875, absolutePercentageError: 0.042)
        content.influence = [
            InfluenceRow(channel: "tv", rank: 1, date: content.dates[3], contribution: -0.75, roi: 0.5)
        ]
        content.sensitivity = [SensitivityRow(name: "roi[tv]", prior: 0.02, likelihood: 0.2)]
        content.predictive = content.fitted
        content.learning = [
            .init(
                name: "roi[tv]", prior: Estimate(mean: 1.5, sd: 1, q05: 0.5, q50: 1.5, q95: 3),
                posterior: Estimate(mean: 2, sd: 0.2, q05: 1.7, q50: 2, q95: 2.3))
        ]
        content.carryOver = [.init(channel: "tv", weights: [0.6, 0.3, 0.1])]
        content.dueTo = ShopReport.content(names: ["tv", "radio", "web", "sms"], isRevenue: false).dueTo
        content.geoReturns = GeoReturns(PartTablesTests.table(channels: ["tv", "web"], geoCount: 25))
        return content
    }()

    static let page = ReportPage.render(content, as: ReportSpecification(language: .french))

    /// What a reader sees, without names in code.
    static func text(_ page: String) -> String {
        page.replacing(#/<(style|script|code)[^>]*>.*?</\1>/#.dotMatchesNewlines(), with: " ")
            .replacing(#/`[^`]*`/#, with: " ").replacing(#/<[^>]+>/#.dotMatchesNewlines(), with: " ")
    }

    /// Words of English pages that no French page has.
    static let english: Set<String> = [
        "the", "of", "and", "with", "each", "spend", "spent", "draw", "draws", "week", "weeks", "mean", "share",
        "never",
        "fitted", "baseline", "period", "periods", "chance", "budget's", "what", "is", "are", "to", "from", "by",
        "money",
        "table", "show", "channel", "chain", "chains", "below", "above", "not", "worth", "better", "units", "trend",
        "seasonality", "carry", "over", "prior", "posterior", "owes", "none", "keep", "within", "size",
        "unexplained", "data", "evidence", "trusted", "it", "quarter", "plan's", "today", "adstock", "break",
        "even", "pay", "payback", "margin", "risk", "loss", "gain's", "books", "ledger", "stated", "rely",
    ]

    static func words(_ page: String) -> [String] {
        text(page).lowercased().split { !$0.isLetter && $0 != "'" && $0 != "’" }.map(String.init)
    }

    @Test("no English word stands on the French page", arguments: ReportSpecification.Audience.allCases)
    func words(_ audience: ReportSpecification.Audience) {
        let page = ReportPage.render(
            Self.content, as: ReportSpecification(language: .french, audience: audience))
        let words = Self.words(page)
        #expect(words.count > 200)
        // “table” is none of the page's French words either.
        #expect(Set(words).intersection(Self.english) == [])
    }

    @Test("numbers, money, shares and dates are written as in France")
    func numbers() {
        let text = Self.text(Self.page)
        #expect(text.matches(of: #/\d\.\d/#).map { String($0.output) } == ["0.1"], "of the version alone")
        #expect(text.matches(of: #/[^\u{202F}]%/#).isEmpty && text.matches(of: #/ [:;!?»]/#).isEmpty)
        #expect(text.matches(of: #/\d{4}-\d\d-\d\d/#).isEmpty && text.contains("02/01/2023"))
        #expect(text.contains("M€") && !text.contains("€1") && !text.contains("unit of money"))
    }

    @Test("accounts are told in the words of French accounts", arguments: ReportSpecification.Audience.allCases)
    func accounts(_ audience: ReportSpecification.Audience) {
        var content = Self.content
        content.ledgerTotal = 105_000_000
        let text = Self.text(
            ReportPage.render(content, as: ReportSpecification(language: .french, audience: audience)))
        for words in [
            "Taux de marge avant médias\u{202F}: 38,0\u{202F}%", "soit un résultat de ", "de marge avant ce coût",
            "point mort",
            "seuil de rentabilité", "total comptable", "en comptabilité, absent des données", "écart non expliqué",
            "soit un écart de ", "TVA non précisée", "105\u{202F}M€",
        ] {
            #expect(text.contains(words), "\(words)")
        }
        // Calques of the English words.
        for words in ["profit", "se paie", "la somme suivante", "rapportés", "les comptes\u{202F}:"] {
            #expect(!text.contains(words), "\(words)")
        }
    }

    @Test("signs are those of French print: apostrophes, quotation marks, minus, and no long row of digits")
    func signs() {
        let text = Self.text(Self.page).replacing(#/[0-9a-f]{64}/#, with: " ").replacing("&#39;", with: "'")
        #expect(text.matches(of: #/\p{L}'\p{L}/#).map { String($0.output) } == [])
        #expect(!text.contains("\"") && !text.contains("&quot;") && !text.contains("“"))
        #expect(text.matches(of: #/«[^\u{202F}]|[^\u{202F}]»/#).map { String($0.output) } == [])
        #expect(text.matches(of: #/[\s\[(]-\d/#).map { String($0.output) } == [])
        // Years alone have four digits in a row, but for decimals.
        let rows = text.matches(of: #/,?\d{4,}/#).map { String($0.output) }.filter { !$0.hasPrefix(",") }
        #expect(rows.filter { !("2020"..."2030").contains($0) || $0.count > 4 } == [])
    }

    @Test("the answer is one sentence: what media brought and returned, and what to move")
    func answer() throws {
        let text = Self.text(Self.page).replacing("\u{202F}", with: "_")
        let pattern =
            #/Les médias ont apporté [\d,]+_M€ \[[\d,]+_; [\d,]+\] sur [\d,]+_M€ \([\d,]+_%\)_; à 38_% de marge, chaque euro a rapporté \d,\d\d_€ \[\d,\d\d_; \d,\d\d\]_; déplacer 20,0_k€ de radio vers tv vaut \+4,00_k€ \[−1,00_; \+9,00\] de résultat au prochain trimestre, avec 91_% de chances de faire mieux\./#
        #expect(text.firstMatch(of: pattern) != nil)
        let english = Self.text(ReportPage.render(Self.content))
        #expect(
            english.contains(
                "moving €20.0k from radio to tv is worth +€4.00k [−1.00; +9.00] of profit next quarter, 91% chance of being better."
            ))
        #expect(english.firstMatch(of: #/at a 38% margin each euro returned €\d\.\d\d \[/#) != nil)
    }

    @Test("audiences see so much of the page, the answer always first")
    func audiences() {
        let pages = ReportSpecification.Audience.allCases.map {
            ReportPage.render(Self.content, as: ReportSpecification(audience: $0))
        }
        for page in pages { #expect(page.contains("Media brought") && page.contains("The budget before and after")) }
        #expect(pages.map { $0.contains("Return on investment") } == [false, true, true])
        #expect(pages.map { $0.contains("Before and after the data") } == [false, false, true])
        #expect(pages[0].count < pages[1].count && pages[1].count < pages[2].count)
    }
}
