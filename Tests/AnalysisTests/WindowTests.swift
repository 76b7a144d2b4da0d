import Analysis
import MarketingMix
import ModelDefinition
import Testing

/// Years, quarters and months of a company, and what was brought in them.
@Suite("windows of the company's calendar")
struct WindowTests {
    private static func day(_ text: String) -> CalendarDate { CalendarDate(text)! }

    private static func weeks(from first: String, _ count: Int) -> [CalendarDate] {
        (0..<count).map { day(first).advanced(by: 7 * $0) }
    }

    private static func windows(
        _ calendar: ReportingCalendar, _ dates: [CalendarDate], _ frequency: Frequency = .week, count: Int? = nil
    ) -> [ReportingWindow] {
        ReportingWindow.all(calendar, frequency: frequency, dates: dates, count: count ?? dates.count)
    }

    /// The calendar of the American National Retail Federation, as published: fiscal 2022 to 2025 began on 30 January 2022,
    /// 29 January 2023, 4 February 2024 and 2 February 2025; 2023 had 53 weeks, the last of them in January.
    @Test("the retail calendar 4-5-4 from February is that of the National Retail Federation")
    func retail() {
        let windows = Self.windows(
            ReportingCalendar(months: .fourFiveFour, firstMonth: 2), Self.weeks(from: "2022-01-30", 157 + 52))
        let years = windows.filter { $0.kind == .year }
        #expect(years.map(\.name) == ["FY2022", "FY2023", "FY2024", "FY2025"])
        #expect(
            years.map(\.days.lowerBound) == ["2022-01-30", "2023-01-29", "2024-02-04", "2025-02-02"].map(Self.day))
        #expect(years.map(\.isComplete) == [true, true, true, true])
        #expect(years.map(\.periods.count) == [52, 53, 52, 52])
        let months = windows.filter { $0.kind == .month && $0.name.hasPrefix("FY2023") }
        #expect(months.map(\.periods.count) == [4, 5, 4, 4, 5, 4, 4, 5, 4, 4, 5, 5])
        #expect(months[11].days == Self.day("2023-12-31")...Self.day("2024-02-03"))
        #expect(windows.allSatisfy { $0.shares.allSatisfy { $0 == 1 } })
    }

    @Test("years of the calendar and of April, and weeks that lie in two months")
    func months() {
        let dates = Self.weeks(from: "2024-01-01", 60)
        let civil = Self.windows(ReportingCalendar(), dates)
        #expect(civil.filter { $0.kind == .year }.map(\.name) == ["2024", "2025"])
        #expect(civil.filter { $0.kind == .quarter }.map(\.name).first == "2024-Q1")
        let january = civil.first { $0.name == "2024-01" }
        #expect(january?.periods == 0..<5 && january?.shares == [1, 1, 1, 1, 3.0 / 7] && january?.isComplete == true)
        let fiscal = Self.windows(ReportingCalendar(firstMonth: 4), dates)
        #expect(fiscal.filter { $0.kind == .year }.map(\.name) == ["FY2023", "FY2024"])
        #expect(fiscal.first { $0.name == "FY2024-P01" }?.days == Self.day("2024-04-01")...Self.day("2024-04-30"))
        #expect(fiscal.first { $0.name == "FY2023" }?.isComplete == false)
        #expect(fiscal.first { $0.name == "FY2024" }?.isComplete == false)
        // A holdout belongs to no window.
        #expect(Self.windows(ReportingCalendar(), dates, count: 4).last?.isComplete == false)
        #expect(Self.windows(ReportingCalendar(), [], count: 0).isEmpty)
    }

    @Test("every period counts once in the windows of a kind", arguments: ReportingCalendar.Months.allCases)
    func partition(months: ReportingCalendar.Months) {
        for (frequency, first) in [(Frequency.week, "2023-02-15"), (.day, "2023-02-15"), (.month, "2023-02-01")] {
            var dates = [Self.day(first)]
            while dates.count < 400 { dates.append(frequency.next(after: dates[dates.count - 1])) }
            let windows = Self.windows(ReportingCalendar(months: months, firstMonth: 10), dates, frequency)
            for kind in ReportingWindow.Kind.allCases {
                var sums = dates.map { _ in 0.0 }
                for window in windows where window.kind == kind {
                    for (period, share) in zip(window.periods, window.shares) { sums[period] += share }
                }
                #expect(sums.allSatisfy { abs($0 - 1) < 1e-12 }, "\(frequency) \(kind)")
            }
        }
    }

    @Test("media of January bring what they bring less what is brought without them, within it and after it")
    func closedForm() throws {
        let model = Campaign.model()
        for truth in [Campaign.Truth(), Campaign.Truth(alpha: 0.8, effects: [0.3, 2, 1], level: 20, sigma: 3)] {
            let analysis = PosteriorAnalysis(
                model: model, constrained: [truth.constrained(model)], chainCount: 1)
            let part = 3.0 / 7
            func january(_ component: String) throws -> WindowRow {
                try #require(
                    analysis.windows.first { $0.window.name == "2024-01" && $0.component == component })
            }
            // Of tv's 100 and 50 in the first and third week, with weights over three weeks.
            let (tv, weights, effect) = (try january("tv"), truth.weights, truth.effects[0])
            let inFour = 100 + 50 * (weights[0] + weights[1])
            let carried = 50 * weights[2]
            let media = try #require(tv.media)
            #expect(media.spend == 150)
            #expect(isClose(media.own.mean, effect * (inFour + part * carried)))
            #expect(isClose(media.carriedOutMean, effect * (1 - part) * carried))
            #expect(isClose(media.roi?.mean, 2 * effect * (inFour + part * carried) / 150))
            #expect(abs(media.carriedInMean) < 1e-12)
            // What works at once carries nothing out of the month, though a week lies in two.
            let search = try #require(january("search").media)
            #expect(isClose(search.spend, 60 + part * 40))
            #expect(isClose(search.own.mean, truth.effects[1] * (60 + part * 40)))
            #expect(abs(search.carriedOutMean) < 1e-12 && abs(search.carriedInMean) < 1e-12)
            // February begins with what January's media carry into it.
            let february = try #require(
                analysis.windows.first { $0.window.name == "2024-02" && $0.component == "tv" }?.media)
            #expect(isClose(february.carriedInMean, effect * (1 - part) * carried, relative: 1e-9))
            #expect(isClose(february.own.mean, effect * 200 * weights[0]))
            #expect(isClose(february.carriedOutMean, effect * 200 * (weights[1] + weights[2])))
            #expect(try january("press").media?.roi == nil)
        }
    }

    @Test("windows add up to the whole, components to the total, in each of the draws' means")
    func sums() {
        let model = Campaign.model(geos: ["north", "south"])
        let draws = [Campaign.Truth(), Campaign.Truth(alpha: 0.2, effects: [0.9, 0.5, 2], level: 25, sigma: 4)]
        let analysis = PosteriorAnalysis(
            model: model, constrained: draws.map { $0.constrained(model) }, chainCount: 1)
        for kind in ReportingWindow.Kind.allCases {
            let rows = analysis.windows.filter { $0.window.kind == kind }
            func sum(_ component: String) -> Double {
                rows.filter { $0.component == component }.reduce(0) { $0 + $1.figure.contribution.mean }
            }
            for channel in analysis.channels {
                #expect(isClose(sum(channel.channel), channel.contribution.mean))
                let spend = rows.filter { $0.component == channel.channel }.reduce(0) { $0 + ($1.media?.spend ?? 0) }
                #expect(isClose(spend, channel.spend) || channel.spend == 0 && spend == 0)
            }
            #expect(isClose(sum("total"), analysis.totals.fitted.mean))
            #expect(isClose(sum("media"), analysis.totals.media.mean))
            #expect(isClose(sum("baseline"), analysis.totals.baseline.mean))
            #expect(rows.allSatisfy { $0.figure.change == nil })
            for row in rows {
                guard let media = row.media else { continue }
                #expect(abs(media.own.mean + media.carriedInMean - row.figure.contribution.mean) < 1e-12 * 400)
                #expect(media.carriedInMean > -1e-9 && media.carriedOutMean > -1e-9)
            }
        }
    }

    @Test("the change is that from the window a year earlier, where the data has every day of both")
    func change() {
        let dates = (0..<30).map { Self.day("2022-07-01").advanced(byMonths: $0) }
        let windows = Self.windows(ReportingCalendar(), dates, .month)
        let earlier = windows.map { $0.yearBefore(among: windows) }
        let named = zip(windows, earlier).compactMap { window, index in index.map { (window.name, windows[$0].name) } }
        #expect(named.contains { $0 == ("2023-07", "2022-07") } && named.contains { $0 == ("2024-12", "2023-12") })
        #expect(named.contains { $0 == ("2023-Q3", "2022-Q3") } && named.contains { $0 == ("2024", "2023") })
        #expect(!named.contains { $0.0 == "2023" || $0.0 == "2023-06" })
        #expect(named.count == 18 + 6 + 1)
    }
}
