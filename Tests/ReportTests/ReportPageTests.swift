import Analysis
import Foundation
import FoundationXML
import ModelDefinition
import Report
import Testing
import Wording

@Suite("Report page")
struct ReportPageTests {
    static let content = ShopReport.content()
    static let page = ReportPage.render(content)

    /// Pages of unlike shape: usual; no margin, no currency, units, few periods, not converged; no channel with spend;
    /// more channels than colours; one period.
    static let variants: [ReportContent] = [
        content,
        ShopReport.content(
            names: ["tv", "leaflets"], margin: nil, currency: "", isRevenue: false, periods: 30, resamples: 0,
            passed: false),
        ShopReport.content(names: ["leaflets"], resamples: 0),
        ShopReport.content(names: (0..<31).map { "channel \($0)" }, periods: 20, resamples: 0),
        ShopReport.content(names: ["tv", "leaflets"], periods: 2, resamples: 0),
    ]

    /// What an XML reader finds, or its complaint.
    final class Reading: NSObject, XMLParserDelegate {
        var elements: [String] = []
        var words = ""
        var attributes: [[String: String]] = []

        func parser(
            _ parser: XMLParser, didStartElement name: String, namespaceURI: String?, qualifiedName: String?,
            attributes: [String: String]
        ) {
            elements.append(name)
            self.attributes.append(attributes)
        }

        func parser(_ parser: XMLParser, foundCharacters string: String) { words += string }

        static func of(_ text: String) throws -> Reading {
            let reading = Reading()
            let parser = XMLParser(data: Data(text.utf8))
            parser.delegate = reading
            let isWellFormed = parser.parse()
            try #require(isWellFormed, "\(String(describing: parser.parserError)) in \(text.prefix(300))")
            return reading
        }
    }

    @Test("every chart is well-formed and has a title and a description", arguments: variants.indices)
    func wellFormed(_ variant: Int) throws {
        let charts = ReportPage.charts(Self.variants[variant])
        #expect(charts.count >= 2)
        for chart in charts {
            let reading = try Reading.of(chart.svg)
            #expect(Array(reading.elements.prefix(3)) == ["svg", "title", "desc"], "\(chart.title)")
            #expect(!chart.svg.contains("nan") && !chart.svg.contains("inf"), "\(chart.title)")
        }
    }

    @Test("charts name every channel; those of money only the ones with spend")
    func names() throws {
        let words = try ReportPage.charts(Self.content).map { ($0.title, try Reading.of($0.svg).words) }
        for name in ShopReport.channelNames {
            #expect(words[0].1.contains(name))
            #expect(words[2].1.contains(name) == (name != "newsletter"))
        }
        #expect(words.dropFirst(3).dropLast().map(\.0) == Array(ShopReport.channelNames.dropLast()))
    }

    @Test("every fill that a chart refers to is defined in it", arguments: variants.indices)
    func fills(_ variant: Int) throws {
        let reading = try Reading.of(ReportPage.charts(Self.variants[variant])[0].svg)
        let used = Set(reading.attributes.compactMap { $0["fill"] }.filter { $0.hasPrefix("url(#") })
        let defined = Set(reading.attributes.compactMap { $0["id"] }.map { "url(#\($0))" })
        #expect(used == defined && used.count == Self.variants[variant].components.count { $0.isChannel })
    }

    @Test("the top of the stacked chart is the mean fitted KPI of each period")
    func stack() throws {
        let reading = try Reading.of(ReportPage.charts(Self.content)[0].svg)
        let polygons = zip(reading.elements, reading.attributes).filter { $0.0 == "polygon" }
            .compactMap { $0.1["points"] }
        #expect(polygons.count == 7)
        func ups(_ polygon: String) -> [Double] {
            polygon.split(separator: " ").prefix(156).compactMap { Double($0.split(separator: ",")[1]) }
        }
        let top = ups(try #require(polygons.last))
        let fitted = Self.content.fitted.map(\.mean)
        // The frame maps 0 to 310 and the largest sum to 14; coordinates have tenths.
        let largest = try #require(fitted.max())
        for (up, value) in zip(top, fitted) {
            #expect(abs(up - (310 - value / largest * 296)) <= 0.0501)
        }
    }

    @Test("the page loads nothing and runs nothing", arguments: variants.indices)
    func selfContained(_ variant: Int) {
        let page = ReportPage.render(Self.variants[variant])
        for banned in ["http", "//", "<script", "@import", "src=", "href=\"h", "href=\"/", "<iframe", "<link"] {
            #expect(!page.contains(banned), "\(banned)")
        }
        #expect(page.components(separatedBy: "url(").dropFirst().allSatisfy { $0.hasPrefix("#") })
    }

    @Test("signs of markup in names come out as text")
    func escaping() throws {
        let evil = "<b>&\"x\"'\u{338}"
        let struck = "a<\u{338}i>"
        let page = ReportPage.render(ShopReport.content(names: [evil, struck, "leaflets"], periods: 20, resamples: 2))
        #expect(!page.contains("<b>") && page.contains("&lt;b&gt;&amp;&quot;x&quot;"))
        #expect(page.contains("Shop &lt;north&gt; &amp;"))
        // A sign with a combining mark is one Character, and markup all the same.
        for chart in ReportPage.charts(ShopReport.content(names: [evil, struck, "l"], periods: 20, resamples: 0)) {
            _ = try Reading.of(chart.svg)
        }
    }

    @Test("warnings stand on the page as text, under a heading that is there for them alone")
    func warnings() {
        let warned = ReportPage.render(
            ShopReport.content(
                periods: 20, resamples: 0, warnings: [Sentence(untranslated: "model.yaml:6: <tv> hardly varies.")]))
        #expect(warned.contains("<h3>Warnings about model and data</h3>"))
        #expect(warned.contains("<li>model.yaml:6: &lt;tv&gt; hardly varies.</li>"))
        #expect(!Self.page.contains("Warnings about"))
    }

    @Test("the decision table prints the channels' figures")
    func decisionTable() {
        for channel in Self.content.channels {
            #expect(Self.page.contains("<th scope=\"row\">\(channel.channel)</th>"))
            #expect(Self.page.contains("<span>\(NumberText.short(channel.contribution.mean))\n"))
            if let roi = channel.roi {
                #expect(Self.page.contains("<span>\(NumberText.decimal(roi.mean, 2))\n"))
                #expect(
                    Self.page.contains("[\(NumberText.decimal(roi.q05, 2)); \(NumberText.decimal(roi.q95, 2))]"))
            }
        }
        #expect(Self.page.contains("Margin ROI") && Self.page.contains("not reached"))
    }

    @Test("a channel has the same number beside its bar as in the table, whatever its line is rounded to")
    func barLabels() {
        var content = Self.content
        content.channels[0].contribution.mean = 2644.6
        let page = ReportPage.render(content)
        #expect(page.contains("<span>2.64k\n") && page.contains(">+€2.64k</text>"))
    }

    @Test("what channels drive has a table of its own, there for them alone")
    func mediation() {
        func estimate(_ mean: Double) -> Estimate {
            Estimate(mean: mean, sd: 1, q05: mean / 2, q50: mean, q95: 2 * mean)
        }
        var content = Self.content
        content.mediation = [
            MediationRow(
                channel: "tv", mediator: "branded <search>", exposureShare: estimate(0.25), direct: estimate(1_200_000),
                through: estimate(340_000), total: estimate(1_540_000), directROI: estimate(1.75),
                totalROI: estimate(2.25))
        ]
        let page = ReportPage.render(content)
        #expect(page.contains("<th scope=\"row\">tv</th><td>branded &lt;search&gt;</td><td>25.0%"))
        for figure in ["1.20M", "340k", "[170; 680]", "1.54M", "1.75", "[0.88; 3.50]", "2.25"] {
            #expect(page.contains(figure), "\(figure)")
        }
        #expect(page.contains("What channels drive in others") && !Self.page.contains("What channels drive in others"))
    }

    @Test("without a margin there is no word of it, and break-even is a return of 1")
    func noMargin() {
        let page = ReportPage.render(Self.variants[1])
        #expect(!page.contains("Margin ROI") && !page.contains("Payback") && page.contains("break-even 1.00"))
        #expect(Self.page.contains("break-even 2.63"))
    }

    @Test("a KPI in units is not called money")
    func units() {
        let page = ReportPage.render(
            ShopReport.content(names: ["tv", "leaflets"], isRevenue: false, periods: 20, resamples: 0))
        #expect(page.contains(" units ["))
        #expect(!page.contains("M EUR") && !page.contains("k EUR"))
        // The table's heading says in which money it is, which contributions are not.
        #expect(page.contains(">Contribution (units)</a></th>") && !page.contains(">Contribution</a></th>"))
    }

    @Test("periods held out are told apart from those that figures are of")
    func heldOut() {
        var content = Self.content
        #expect(Self.page.contains(", 156 weeks, EUR"))
        content.windowPeriodCount = 148
        let page = ReportPage.render(content)
        #expect(page.contains(" to 2025-11-02, 148 weeks (and 8 more, held out to check predictions), EUR"))
    }

    @Test("channels without spend are named, and shares of what media add together are called so")
    func notes() {
        #expect(Self.page.contains("since nothing was spent on them: newsletter."))
        #expect(Self.page.contains("less fitted KPI without it") && !Self.page.contains("multiply each other"))
        var content = Self.content
        content.multiplies = true
        let page = ReportPage.render(content)
        #expect(page.contains("The parts of this model multiply each other"))
        #expect(page.contains("Aumann–Shapley") && !page.contains("less fitted KPI without it"))
    }

    @Test("a diamond is explained where there is one; chances of better and worse add up; bounds hold as told")
    func wording() {
        #expect(!Self.page.contains("Diamond:"))
        var content = Self.content
        content.decision = ShopReport.decision
        content.decision?.chance = 0.985
        content.verdict.quantities.lowestBulkESS = .init(name: "roi[radio]", value: 282.9)
        content.verdict.quantities.highestRHat = .init(name: "roi[radio]", value: 1.0021)
        let page = ReportPage.render(content)
        #expect(page.contains("Diamond:"))
        #expect(page.contains("chance of 99%") && page.contains("The risk: 1% chance of doing worse"))
        #expect(page.contains("282 (ROI, radio)") && page.contains("1.003 (ROI, radio)"))
    }

    @Test("without any spend the page has no chart of returns and no empty heading")
    func noSpend() {
        let page = ReportPage.render(Self.variants[2])
        #expect(!page.contains("Return on investment") && !page.contains("Response curves"))
        #expect(page.contains("Contributions over time"))
    }

    @Test("a fit that is not converged says so first, with its reasons")
    func notConverged() throws {
        let page = ReportPage.render(Self.variants[1])
        let warning = try #require(page.range(of: "Not converged"))
        let answer = try #require(page.range(of: "Media brought"))
        #expect(warning.lowerBound < answer.lowerBound && page.contains("The chains disagree"))
        #expect(!Self.page.contains("Not converged"))
    }

    @Test("a fit whose figures alone converged says which parameter did not, and what to try")
    func figuresOnly() {
        var content = Self.content
        content.verdict.outcome = .figuresOnly
        content.verdict.reasons = [
            Sentence(untranslated: "Converged for the reported figures; eta[tv] has not.")
        ]
        content.verdict.advice = [Sentence(untranslated: "Take more draws: --draws 2000.")]
        let page = ReportPage.render(content)
        #expect(page.contains("Figures converged, a parameter not") && page.contains("eta[tv] has not"))
        #expect(page.contains("Try: Take more draws: --draws 2000."))
    }

    @Test("no praise stands near a fit with warnings: the head counts them, and they are all there")
    func praise() {
        var content = Self.content
        content.warnings = []
        #expect(ReportPage.render(content).contains("Independent runs of the calculation agree."))
        content.warnings = [Sentence(untranslated: "A week is missing.")]
        content.resultWarnings = [Sentence(untranslated: "Media bring 75 % of the KPI.")]
        let page = ReportPage.render(content)
        #expect(
            !page.contains("Independent runs of the calculation agree.")
                && page.contains("says nothing about 2 warnings under"))
        #expect(page.contains("<li>A week is missing.</li>") && page.contains("<li>Media bring 75 % of the KPI.</li>"))
        #expect(!page.contains("All checks"))
    }

    @Test("resamples bring their table of figures, without words on the mismatch index, which priors lower")
    func bootstrap() {
        #expect(Self.page.contains("20 resamples") && Self.page.contains("Robust sd"))
        let words = ["prior-driven", "agrees with", "caution:", "overconfident"]
        #expect(!words.contains { Self.page.contains($0) })
        #expect(!ReportPage.render(Self.variants[1]).contains("Robust sd"))
    }

    @Test("each channel, and each figure, says what it stands on; without the answer there is no room for it")
    func evidence() {
        var content = Self.content
        content.evidence = [
            EvidenceRow(
                quantity: "roi[television]", decisionStability: 0.95, posteriorSD: 1, jackknifeSD: 0.9, refitSD: 1,
                refitMethod: .sampled, figures: EvidenceFigures(evidenceRatio: 0.9, prior: nil), refitMismatchIndex: nil
            ),
            EvidenceRow(
                quantity: "contribution[newsletter]", decisionStability: nil, posteriorSD: 1, jackknifeSD: 0.1,
                refitSD: 0.1, refitMethod: .sampled, figures: EvidenceFigures(evidenceRatio: 0, prior: nil),
                refitMismatchIndex: nil),
        ]
        let page = ReportPage.render(content)
        #expect(page.components(separatedBy: "data-driven: the data tell it").count == 2)
        #expect(page.components(separatedBy: "prior-driven: the data say little").count == 2)
        #expect(
            page.contains("data-label=\"Evidence\">data</td>") && page.contains("data-label=\"Evidence\">prior</td>"))
        #expect(page.contains("What does each figure stand on?") && page.contains("<td>95.0%</td>"))
        #expect(!Self.page.contains("What does each figure stand on?"))
    }

    @Test("a table of the numbers stands under every chart")
    func tables() {
        let charts = Self.page.components(separatedBy: "<svg").count - 1
        let tables = Self.page.components(separatedBy: "<summary>Show the numbers").count - 1
        // The waterfall's numbers are its lines.
        #expect(charts == 9 && tables == charts - 1)
        let observed = NumberText.decimal(Self.content.observed[77], 0)
        #expect(Self.page.contains("<tr><th scope=\"row\">\(Self.content.dates[77])</th><td>\(observed)</td>"))
    }

    @Test("text stands out from its background by 4.5 to 1 at least, in light and in dark")
    func contrast() throws {
        let page = Self.page
        func variables(_ block: Substring) throws -> [String: Double] {
            var values: [String: Double] = [:]
            for match in block.matches(of: #/--(\w+): #([0-9a-fA-F]{3,6})/#) {
                let hex = match.output.2.count == 3 ? match.output.2.map { "\($0)\($0)" }.joined() : "\(match.output.2)"
                let number = try #require(UInt32(hex, radix: 16))
                // Relative luminance of WCAG 2.2.
                let parts = [number >> 16, number >> 8 & 255, number & 255].map { part -> Double in
                    let share = Double(part) / 255
                    return share <= 0.04045 ? share / 12.92 : pow((share + 0.055) / 1.055, 2.4)
                }
                values["\(match.output.1)"] = 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]
            }
            return values
        }
        let blocks = page.components(separatedBy: ":root {").dropFirst().map { $0.prefix { $0 != "}" } }
        #expect(blocks.count == 3)
        for block in blocks {
            let values = try variables(block)
            for text in ["ink", "soft", "accent"] {
                for ground in ["page", "card"] {
                    let pair = [try #require(values[text]), try #require(values[ground])].sorted()
                    #expect((pair[1] + 0.05) / (pair[0] + 0.05) >= 4.5, "\(text) on \(ground)")
                }
            }
        }
        #expect(page.contains("<html lang=\"en\">"))
    }

    @Test(
        "twenty channels in fifty geos with a planner of a thousand draws are a page below 3 MB, whose script alone runs"
    )
    func size() throws {
        let names = (0..<20).map { "channel \($0)" }
        var content = ShopReport.content(names: names + ["newsletter"], periods: 208)
        let (draws, length) = (1000, 12)
        let numbers = Data(repeating: 65, count: 4 * draws * (1 + length)).base64EncodedString()
        let planner: [String: Any] = [
            "channels": names, "spend": names.map { _ in 1e5 }, "proposed": names.map { _ in 1e5 }, "margin": 0.4,
            "drawCount": draws, "length": length, "numbers": names.map { _ in numbers },
        ]
        content.planner = try JSONDecoder().decode(
            PlannerContent.self, from: JSONSerialization.data(withJSONObject: planner))
        content.decision = ShopReport.decision
        content.geoReturns = GeoReturns(PartTablesTests.table(channels: names, geoCount: 50))
        let page = ReportPage.render(content)
        #expect(page.contains("class=\"pinned\""))
        #expect(page.contains("id=\"plan-data\"") && page.utf8.count < 3_000_000, "\(page.utf8.count)")
        for banned in ["http", "src=", "fetch(", "XMLHttpRequest", "import(", "eval("] {
            #expect(!page.contains(banned), "\(banned)")
        }
    }

    @Test("content that is kept is the same page again, numbers that are none included")
    func kept() throws {
        var content = FrenchPageTests.content
        content.observed[3] = .nan
        let specification = ReportSpecification(language: .french, audience: .finance)
        let archive = ReportArchive(content, as: specification)
        let again = try ReportArchive(decoding: archive.encoded())
        #expect(again.specification == specification)
        #expect(ReportPage.render(again.content, as: specification) == ReportPage.render(content, as: specification))
        #expect(throws: (any Error).self) { try ReportArchive(decoding: Array("{\"form\":99}".utf8)) }
    }

    @Test("the same content is the same page")
    func deterministic() {
        #expect(ReportPage.render(ShopReport.content()) == Self.page)
    }

    @Test("the picture of contributions stands alone: it has its namespace and every variable it uses")
    func standalone() throws {
        let picture = ReportPage.svg(contributionsOf: Self.content)
        let reading = try Reading.of(picture)
        #expect(reading.attributes[0]["xmlns"] == "http://www.w3.org/2000/svg")
        for match in picture.matches(of: #/var\(--(\w+)\)/#) { #expect(picture.contains("--\(match.output.1):#")) }
    }
}
