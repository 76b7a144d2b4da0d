import Foundation
import Kernels
import ModelChecks
import ModelDefinition
import ModelFile
import Testing

@Suite("data that are well formed and cannot be right")
struct PlausibilityTests {
    /// Three years of weeks of a made-up shop: television in flights, search always, all from one seed.
    private struct Shop {
        static let weeks = 156
        var sales: [Double] = []
        var tv: [Double] = []
        var search: [Double] = []
        var clicks: [Double] = []
        /// A further column, `extra`.
        var extra: [Double]?
        var lines = ""
        var kpi = "{column: sales}"
        var channels = "{name: tv, spend: tv}, {name: search, spend: search, exposure: clicks}"

        init() {
            var stream = RandomStream(key: StreamKey(seed: 11, kind: 78, index: 0), iteration: 0, site: 0)
            while tv.count < Self.weeks {
                let isOn = stream.uniform() < 0.5
                for _ in 0..<Int(2 + 4 * stream.uniform()) { tv.append(isOn ? 80 + 200 * stream.uniform() : 0) }
            }
            tv = Array(tv.prefix(Self.weeks))
            for week in 0..<Self.weeks {
                search.append(20 + 80 * stream.uniform())
                clicks.append(search[week] * (40 + 4 * stream.normal()))
                sales.append(2500 + 2 * tv[week] + 3 * search[week] + 60 * stream.normal())
            }
        }

        static func date(_ week: Int) -> CalendarDate { CalendarDate(dayNumber: 18_995).advanced(by: 7 * week) }

        /// What is said of it, errors or warnings.
        var words: [String] {
            let model = """
                tutti: 1
                data: {sources: [{file: data.csv}], date: week, frequency: week}
                kpi: \(kpi)
                channels: [\(channels)]
                \(lines)
                """
            let rows = (0..<Self.weeks).map { week in
                "\(Self.date(week)),\(sales[week]),\(tv[week]),\(search[week]),\(clicks[week]),\(extra?[week] ?? 0)\n"
            }
            let bundle = ModelBundle(
                modelName: "model.yaml", model: Array(model.utf8),
                files: [("data.csv", Array(("week,sales,tv,search,clicks,extra\n" + rows.joined()).utf8))])
            do throws(ProblemList) {
                return try ModelFileReader.read(bundle).judged().told
            } catch {
                return error.problems.map(\.description)
            }
        }
    }

    /// What is said of a shop that `change` made unsound: one thing, or few where a slip shows in two columns.
    private func said(_ change: (inout Shop) -> Void) -> String {
        var shop = Shop()
        change(&shop)
        let words = shop.words
        #expect((1...3).contains(words.count), "\(words)")
        return words.joined()
    }

    private func isSilent(_ change: (inout Shop) -> Void) -> Bool {
        var shop = Shop()
        change(&shop)
        #expect(shop.words == [])
        return shop.words.isEmpty
    }

    @Test(
        "a sound shop passes, with promotions, Christmas, a shop that closes for summer and a channel that starts late")
    func sound() {
        #expect(isSilent { _ in })
        #expect(isSilent { for week in [20, 21, 50, 102, 154] { $0.sales[week] *= 5 } })
        #expect(isSilent { for week in 0..<60 { $0.tv[week] = 0 } })
        #expect(isSilent { shop in for week in 0..<156 where (20..<30).contains(week % 52) { shop.sales[week] = 0 } })
    }

    @Test("one week in another unit, and another unit from a date on, are dated")
    func units() {
        #expect(
            said { $0.sales[40] *= 100 }.contains("the KPI is") && said { $0.sales[40] *= 100 }.contains("2022-10-10"))
        #expect(said { $0.sales[40] /= 1000 }.contains("of its usual value"))
        #expect(said { $0.tv[$0.tv.firstIndex { $0 > 150 } ?? 0] *= 100 }.contains("times its usual value"))
        #expect(said { for week in 70..<156 { $0.sales[week] *= 100 } }.contains("from 2023-05-08 on than before"))
        #expect(said { for week in 70..<156 { $0.clicks[week] /= 1000 } }.contains("change of unit"))
    }

    @Test("a KPI far above 0 is below it by a slip of the sign, or by a number that stands for none")
    func belowZero() {
        let standIn = said { for week in [40, 90] { $0.sales[week] = -99 } }
        #expect(standIn.contains("the KPI is -99 on 2022-10-10, below 0 like no other, -99 on 2023-09-25, below 0"))
        #expect(said { $0.sales[40] *= -1 }.contains("below 0 like no other"))
        // Returns that come near it from year to year are how this KPI is.
        #expect(isSilent { shop in for week in 0..<156 { shop.sales[week] -= week % 10 == 3 ? 2900 : 900 } })
    }

    @Test("a record of a steady control, or of a price, in another unit; marks, temperatures and zeros are not")
    func steadyColumns() {
        func control(_ change: @escaping (inout [Double]) -> Void) -> (inout Shop) -> Void {
            { shop in
                var values = (0..<156).map { 10 + Double($0 * 7 % 13) / 10 }
                change(&values)
                shop.extra = values
                shop.lines = "controls: [extra]"
            }
        }
        #expect(isSilent(control { _ in }))
        #expect(said(control { $0[40] *= 100 }).contains("control 'extra' is"))
        #expect(said(control { for week in [40, 90] { $0[week] = -99 } }).contains("-99 on 2022-10-10, -99 on"))
        #expect(said(control { $0[40] = 999_999 }).components(separatedBy: "control 'extra' is").count == 2)
        #expect(isSilent(control { $0[40] = 0 }))
        #expect(isSilent(control { values in for week in 0..<156 { values[week] = week == 40 ? 12 : 1 } }))
        #expect(isSilent(control { values in for week in 0..<156 { values[week] = 13 + 7 * sin(Double(week) / 8.3) } }))
        func price(_ change: @escaping (inout [Double]) -> Void) -> (inout Shop) -> Void {
            { shop in
                control(change)(&shop)
                shop.lines = ""
                shop.kpi = "{column: sales, kind: units, revenue_per_kpi: extra}"
                shop.sales = shop.sales.map { ($0 / 10).rounded() }
            }
        }
        #expect(isSilent(price { _ in }))
        #expect(said(price { $0[40] *= 100 }).contains("what a unit of the KPI is worth is"))
        #expect(
            said(price { for week in 70..<156 { $0[week] *= 100 } }).contains(
                "worth is some 100 times larger from 2023-05-08"))
    }

    @Test("days that differ, as closed Sundays do, are no moving mean of the days; a mean of three days is one")
    func week() {
        func words(mean: Int) -> [String] {
            var stream = RandomStream(key: StreamKey(seed: 13, kind: 78, index: 0), iteration: 0, site: 0)
            let tv = (0..<300).map { _ in 200 * stream.uniform() }
            let sales = (0..<300).map { day in
                day % 7 == 6 ? 0 : (1 + 0.3 * sin(Double(day) / 58)) * (900 + 60 * stream.normal()) + tv[day]
            }
            let rows = (mean - 1..<300).map { day in
                let value = sales[day - mean + 1...day].reduce(0, +) / Double(mean)
                return "\(CalendarDate(dayNumber: 18_995).advanced(by: day)),\(value),\(tv[day])\n"
            }
            let model = """
                tutti: 1
                data: {sources: [{file: data.csv}], date: day, frequency: day}
                kpi: {column: sales}
                channels: [{name: tv, spend: tv}]
                """
            let bundle = ModelBundle(
                modelName: "model.yaml", model: Array(model.utf8),
                files: [("data.csv", Array(("day,sales,tv\n" + rows.joined()).utf8))])
            do throws(ProblemList) {
                return try ModelFileReader.read(bundle).judged().told
            } catch {
                return error.problems.map(\.description)
            }
        }
        #expect(words(mean: 1) == [])
        #expect(words(mean: 3).contains { $0.contains("moving mean over 3 days") })
        #expect(words(mean: 7).contains { $0.contains("moving mean over 7 days") })
    }

    @Test("a few flights in another unit are dated; a small pilot and a change that a control marks are not")
    func fewValues() {
        /// Television in four weeks of the first year, and in most weeks of the next ones.
        func flights(_ shop: inout Shop, pilot: Double) {
            for week in 0..<60 { shop.tv[week] = week % 13 == 7 && week < 50 ? pilot * (100 + Double(week)) : 0 }
            for week in 60..<156 { shop.tv[week] = week % 5 == 0 ? 0 : 100 + Double(week * 37 % 101) }
        }
        #expect(said { flights(&$0, pilot: 0.01) }.contains("larger from 2023-03-06 on than before"))
        #expect(said { flights(&$0, pilot: 0.001) }.contains("this looks like a change of unit"))
        #expect(isSilent { flights(&$0, pilot: 0.03) })
        #expect(isSilent { flights(&$0, pilot: 0.5) })
        let moved = { (shop: inout Shop) in for week in 70..<156 { shop.sales[week] *= 10 } }
        #expect(said { moved(&$0) }.contains("wants a control that is 0 before and 1 after"))
        #expect(
            isSilent { shop in
                moved(&shop)
                shop.extra = (0..<156).map { $0 < 70 ? 0 : 1 }
                shop.lines = "controls: [extra]"
            })
    }

    @Test("a peak is no slip where the model marks an event, unless it is beyond all events")
    func events() {
        func peak(_ factor: Double, _ lines: String) -> (inout Shop) -> Void {
            { shop in
                shop.sales[40] *= factor
                shop.extra = (0..<156).map { $0 == 40 || $0 == 90 ? 1 : 0 }
                shop.lines = lines
            }
        }
        #expect(said(peak(20, "")).contains("20"))
        #expect(isSilent(peak(20, "controls: [extra]")))
        #expect(isSilent(peak(20, "events: [{name: opening, date: 2022-10-12}]")))
        #expect(said(peak(100, "controls: [extra]")).contains("times its usual value"))
        #expect(said(peak(0.001, "controls: [extra]")).contains("of its usual value"))
    }

    @Test("a KPI that grows every week is no running total: its errors do not lean on each other")
    func growth() {
        var stream = RandomStream(key: StreamKey(seed: 12, kind: 78, index: 0), iteration: 0, site: 0)
        let noise = (0..<156).map { _ in stream.uniform() }
        #expect(isSilent { shop in shop.sales = noise.indices.map { 100 + Double($0 + 1) * 100 + 90 * noise[$0] } })
        let total = said { shop in
            var sum = 0.0
            shop.sales = noise.map { value in
                sum += 55 + 90 * value
                return sum
            }
        }
        #expect(total.contains("the KPI never falls: it looks like a running total"))
    }

    @Test("runs of zeros in the KPI are asked about wherever they are")
    func zeros() {
        #expect(said { for week in 0..<12 { $0.sales[week] = 0 } }.contains("is 0 until 2022-03-21"))
        #expect(said { for week in 60..<63 { $0.sales[week] = 0 } }.contains("is 0 from 2023-02-27 to 2023-03-13"))
        #expect(said { for week in 150..<156 { $0.sales[week] = 0 } }.contains("to the end"))
    }

    @Test("totals up to the date, months in every week, filled-in and smoothed KPIs are named")
    func shapes() {
        let total = said { shop in
            for week in 1..<156 where Shop.date(week).civil.year == Shop.date(week - 1).civil.year {
                shop.tv[week] += shop.tv[week - 1]
            }
        }
        #expect(total.contains("falls only where a year begins: it looks like a running total"))
        let months = said { shop in
            for week in 1..<156 where Shop.date(week).civil.month == Shop.date(week - 1).civil.month {
                shop.tv[week] = shop.tv[week - 1]
            }
        }
        #expect(months.contains("one value in all weeks of each month"))
        #expect(said { for week in 30..<34 { $0.sales[week] = $0.sales[29] } }.contains("looks filled in"))
        let smoothed = said { shop in
            let sales = shop.sales
            for week in 4..<156 { shop.sales[week] = sales[week - 4...week].reduce(0, +) / 5 }
        }
        #expect(smoothed.contains("moving mean over 5 weeks"))
    }

    @Test("spend that is not there, or a thousandth of what the prior expects")
    func money() {
        #expect(said { $0.search = $0.search.map { _ in 0 } }.contains("its spend is 0 all along"))
        let small = said { shop in
            shop.tv = shop.tv.map { $0 / 1000 }
            shop.search = shop.search.map { $0 / 1000 }
        }
        #expect(small.contains("so little that no data can show it"))
        let residue = said { shop in
            for week in 0..<156 where shop.tv[week] == 0 || week % 3 > 0 {
                shop.tv[week] = 0.2 + Double(week % 7) / 20
            }
        }
        #expect(residue.contains("Its scale and half-saturation are taken from the usual active period"))
    }

    @Test("controls that follow from the KPI, or from media")
    func controls() {
        func control(_ values: (Shop) -> [Double]) -> String {
            said { shop in
                shop.channels = shop.channels.replacing("{name: tv,", with: "{name: tv, kind: brand,")
                shop.extra = values(shop)
                shop.lines = "controls: [extra]"
            }
        }
        #expect(control { $0.sales.map { (1.19 * $0).rounded() } }.contains("is the KPI itself"))
        #expect(control { [$0.sales[0]] + $0.sales.dropLast() }.contains("is the KPI of 1 week before"))
        #expect(control { $0.sales.dropFirst(2) + [3000, 3100] }.contains("is the KPI of 2 weeks later"))
        let queries = control { shop in
            var carried = 0.0
            return shop.tv.enumerated().map { week, spend in
                carried = 0.5 * carried + 0.5 * spend
                return 400 + carried + Double(week * 31 % 17)
            }
        }
        #expect(queries.contains("control 'extra' goes with what channel 'tv' does"))
    }

    @Test("lifts of another sign, and shares in place of lifts")
    func lifts() {
        func lift(_ lift: Double, _ error: Double) -> String {
            said {
                $0.lines =
                    "experiments: [{name: dark, channels: [search], start: 2022-05-02, end: 2022-05-29, design: go_dark, "
                    + "lift: \(lift), se: \(error)}]"
            }
        }
        #expect(lift(700, 50).contains("less media would have sold more"))
        #expect(lift(-0.06, 0.006).contains("a return of 0, where the prior expects about"))
        #expect(lift(-600, 0.05).contains("no test is so sharp"))
        let twice = said { shop in
            let test = "channels: [search], start: 2022-05-02, end: 2022-05-29, design: go_dark, lift: -600, se: 200"
            shop.lines = "experiments: [{name: dark, \(test)}, {name: again, \(test)}]"
        }
        #expect(twice.contains("experiment 'again' is 'dark' once more"))
        #expect(lift(-900_000, 1000).contains("and the KPI of its days and geos is"))
        #expect(
            isSilent {
                $0.lines =
                    "experiments: [{name: dark, channels: [search], start: 2022-05-02, end: 2022-05-29, design: go_dark, "
                    + "lift: -600, se: 200}]"
            })
    }

    @Test("a control's record that is far from all others is dated; marks of events and wide columns are not")
    func controlRecords() {
        func price(_ shop: inout Shop, _ change: (inout [Double]) -> Void) {
            var values = (0..<Shop.weeks).map { 20 + Double($0 * 37 % 101) / 50 }
            change(&values)
            shop.extra = values
            shop.lines = "controls: [extra]"
        }
        #expect(isSilent { price(&$0) { _ in } })
        let unknown = said { price(&$0) { $0[40] = -9999 } }
        #expect(unknown.contains("control 'extra' is -9999 on 2022-10-10, and from 20 to 22 otherwise"), "\(unknown)")
        #expect(said { price(&$0) { for week in [3, 90] { $0[week] *= 100 } } }.contains("control 'extra' is"))
        #expect(isSilent { price(&$0) { for week in 0..<156 { $0[week] = week == 60 || week == 112 ? 100 : 0 } } })
        #expect(isSilent { price(&$0) { for week in 0..<156 { $0[week] = week % 20 == 3 ? 50 + $0[week] : 0 } } })
    }

    @Test("a channel of the KPI's own column is refused")
    func channelOfTheKPI() {
        #expect(said { $0.channels = "{name: tv, spend: sales}" }.contains("channel 'tv' is the KPI itself"))
    }

    @Test("a lift test that is given twice is named")
    func repeatedTest() {
        func tests(_ second: String) -> (inout Shop) -> Void {
            { shop in
                let test =
                    "channels: [search], start: 2022-05-02, end: 2022-05-29, design: go_dark, lift: -600, se: 200"
                shop.lines = "experiments: [{name: dark, \(test)}, {name: again, \(second)}]"
            }
        }
        #expect(
            said(
                tests("channels: [search], start: 2022-05-02, end: 2022-05-29, design: go_dark, lift: -600, se: 200")
            ).contains("experiment 'again' is 'dark' once more"))
        #expect(
            isSilent(
                tests("channels: [search], start: 2022-09-05, end: 2022-10-02, design: go_dark, lift: -600, se: 200")))
    }

    @Test("seasons that are not in days are asked about; calendar spans have names", arguments: [52, 26, 12, 4])
    func seasons(period: Int) {
        #expect(
            said { $0.lines = "seasonality: [{period: \(period), harmonics: 1}]" }.contains("'seasonality.period' is"))
        for name in ["year", "half_year", "quarter", "month", "365", "364", "182.5", "91.25", "30.4"] {
            #expect(isSilent { $0.lines = "seasonality: [{period: \(name), harmonics: 1}]" })
        }
    }

    @Test("a geo that is the sum or the mean of others is named, one in another unit, and a budget that stands in all")
    func geos() {
        func words(
            people: [String: Int] = [:], nationalTV: Bool = false,
            _ rows: (Shop) -> [(geo: String, factor: Double, sales: [Double])]
        ) -> [String] {
            let shop = Shop()
            let lines = rows(shop).flatMap { row in
                (0..<Shop.weeks).map { week in
                    let tv = nationalTV ? shop.tv[week] : row.factor * shop.tv[(week + row.geo.count) % 156]
                    return "\(Shop.date(week)),\(row.geo),\(row.sales[week]),\(tv),\(people[row.geo] ?? 0)\n"
                }
            }
            let model = """
                tutti: 1
                data: {sources: [{file: data.csv}], date: week, geo: geo, frequency: week}
                kpi: {column: sales\(people.isEmpty ? "" : ", population: people")}
                channels: [{name: tv, spend: tv}]
                """
            let bundle = ModelBundle(
                modelName: "model.yaml", model: Array(model.utf8),
                files: [("data.csv", Array(("week,geo,sales,tv,people\n" + lines.joined()).utf8))])
            do throws(ProblemList) {
                return try ModelFileReader.read(bundle).judged().told
            } catch {
                return error.problems.map(\.description)
            }
        }
        func series(_ shop: Shop, _ shift: Int) -> [Double] { (0..<156).map { shop.sales[($0 + shift) % 156] } }
        func panel(_ shop: Shop) -> [(geo: String, factor: Double, sales: [Double])] {
            [("no", 1, series(shop, 0)), ("eas", 1.2, series(shop, 31)), ("sout", 0.8, series(shop, 77))]
        }
        #expect(words(panel) == [])
        let total = words { shop in
            let parts = panel(shop).map(\.sales)
            return panel(shop) + [("total", 3, (0..<156).map { week in parts.reduce(0) { $0 + $1[week] } })]
        }
        #expect(total.count == 1 && total[0].contains("'total' is the sum of 'no', 'eas', 'sout'"), "\(total)")
        let mean = words { shop in
            let parts = panel(shop).map(\.sales)
            let average = (0..<156).map { week in parts.reduce(0) { $0 + $1[week] } / 3 }
            return panel(shop) + [("average", 1, average)]
        }
        #expect(mean.count == 1 && mean[0].contains("'average' is the mean of the others"), "\(mean)")
        let cents = words { shop in panel(shop) + [("fifth", 100, series(shop, 101))] }
        #expect(cents.contains { $0.contains("far from that of the other geos in 'fifth'") }, "\(cents)")
        #expect(words(people: ["no": 900_000, "eas": 500_000, "sout": 1_200_000], panel) == [])
        let thousands = words(people: ["no": 900_000, "eas": 500_000, "sout": 1200], panel)
        #expect(thousands.count == 1 && thousands[0].contains("the KPI a head of 'sout' is far"), "\(thousands)")
        func standing(roundedTo step: Double) -> [String] {
            words { shop in
                var rows = panel(shop)
                for geo in 0..<2 { rows[geo].sales = rows[geo].sales.map { ($0 / step).rounded() * step } }
                for week in 41..<43 { rows[2].sales[week] = rows[2].sales[40] }
                return rows
            }
        }
        let filled = standing(roundedTo: 0.01)
        #expect(filled.count == 1 && filled[0].contains("looks filled in"), "\(filled)")
        // Where figures are so coarse that neighbours are often equal, three in a row are chance.
        #expect(standing(roundedTo: 25) == [])
        let national = words(nationalTV: true, panel)
        #expect(national.count == 1 && national[0].contains("it counts 3 times"), "\(national)")
    }
}
