import Kernels
import ModelChecks
import ModelDefinition
import ModelFile
import Testing

@Suite("checks before the fit")
struct DataChecksTests {
    /// A made-up shop of sixty weeks, with two channels that ran on and off and a price.
    private struct Shop {
        static let weeks = 60
        var sales: [Double]
        var tv: [Double]
        var search: [Double]
        var price: [Double]
        /// Appended to the channel 'tv' in the model file.
        var television = ""
        /// Further lines of the model file.
        var more = ""

        init() {
            var stream = RandomStream(key: StreamKey(seed: 5, kind: 78, index: 0), iteration: 0, site: 0)
            func uniforms(_ scale: Double) -> [Double] { (0..<Self.weeks).map { _ in scale * stream.uniform() } }
            let running = uniforms(1)
            tv = zip(uniforms(100), running).map { $1 < 0.7 ? 20 + $0 : 0 }
            search = uniforms(80)
            price = uniforms(20).map { 90 + $0 }
            sales = zip(tv, uniforms(100)).map { 900 + 2 * $0 + $1 }
        }

        /// Warnings about the shop; problems that stop the fit are thrown.
        func warnings() throws(ProblemList) -> [String] {
            let model = """
                tutti: 1
                data: {sources: [{file: data.csv}], date: week, frequency: week}
                kpi: {column: sales}
                channels:
                  - {name: tv, spend: tv\(television)}
                  - {name: search, spend: search}
                controls: [price]
                \(more)
                """
            let first = CalendarDate(dayNumber: 19_723)
            let rows = (0..<Self.weeks).map { week in
                let sale = sales[week].isNaN ? "" : "\(sales[week])"
                return "\(first.advanced(by: 7 * week)),\(sale),\(tv[week]),\(search[week]),\(price[week])\n"
            }
            let bundle = ModelBundle(
                modelName: "model.yaml", model: Array(model.utf8),
                files: [("data.csv", Array(("week,sales,tv,search,price\n" + rows.joined()).utf8))])
            return try ModelFileReader.read(bundle).judged().told
        }
    }

    /// The only warning about a shop that `change` made unsound.
    private func warning(_ change: (inout Shop) -> Void) throws -> String {
        var shop = Shop()
        change(&shop)
        let warnings = try shop.warnings()
        #expect(warnings.count == 1, "\(warnings)")
        return warnings.joined()
    }

    @Test("sound data pass without a word")
    func sound() throws {
        #expect(try Shop().warnings() == [])
    }

    @Test("columns that move together are named in pairs, near copies with their correlation")
    func pairs() throws {
        #expect(try warning { $0.search = $0.tv.map { 3 * $0 } }.contains("'search' moves exactly with channel 'tv'"))
        #expect(try warning { $0.price = $0.tv.map { 200 - $0 } }.contains("'price' moves exactly against"))
        let near = try warning { shop in shop.search = zip(shop.tv, shop.search).map { 3 * $0 + $1 / 2 } }
        #expect(near.contains("almost exactly with channel 'tv' (correlation 0.99"))
    }

    @Test("three columns of which none is like another may still be one too many")
    func mixture() throws {
        let exact = try warning { shop in shop.price = zip(shop.tv, shop.search).map { $0 - $1 } }
        #expect(exact.contains("channel 'tv', channel 'search', control 'price' can be computed exactly"))
        let loose = try warning { shop in
            let price = shop.price
            shop.price = shop.tv.indices.map { shop.tv[$0] - shop.search[$0] + price[$0] / 3 }
        }
        #expect(loose.contains("can be computed almost"))
    }

    @Test("a constant control repeats the intercept, and is welcome where there is none")
    func constantControl() throws {
        let constant = [Double](repeating: 9, count: Shop.weeks)
        #expect(try warning { $0.price = constant }.contains("control 'price' is 9 in every period"))
        var shop = Shop()
        shop.price = constant
        shop.more = "intercept: false"
        #expect(try shop.warnings() == [])
    }

    @Test("a channel that ran seven times, or always alike, has too little to show")
    func variation() throws {
        let seven = try warning { shop in
            for week in shop.tv.indices { shop.tv[week] = week % 8 == 3 && week < 56 ? 50 : 0 }
        }
        #expect(seven.contains("'tv' ran in 7 of 60 periods, first on 2024-01-22"))
        let even = try warning { shop in shop.search = shop.search.map { 300 + $0 } }
        #expect(even.contains("'search' hardly varies"))
    }

    @Test("media where no KPI is known, and media cut off by either end, are not seen")
    func window() throws {
        var planned = Shop()
        for week in planned.tv.indices {
            if week < 50 { planned.tv[week] = 0 } else { planned.sales[week] = .nan }
        }
        #expect(try planned.warnings().contains { $0.contains("ran only in periods without a KPI, as on 2024-12-16") })
        let late = try warning { shop in
            for week in 0..<52 { shop.tv[week] = 0 }
            for week in 52..<60 { shop.tv[week] = 50 + Double(week % 3) }
        }
        #expect(late.contains("began on 2024-12-30, 8 periods before the data end"))
        let early = try warning { shop in
            for week in 0..<8 { shop.tv[week] = 50 + Double(week % 3) }
            for week in 8..<60 { shop.tv[week] = 0 }
        }
        #expect(early.contains("ran last on 2024-02-19, within the first 8 periods"))
    }

    @Test("more than one parameter to four known values is too many")
    func parameters() throws {
        let rich = try warning { $0.more = "seasonality: [{period: 365.25, harmonics: 4}]" }
        #expect(rich.contains("the model has 17 parameters for 60 known values"))
    }

    @Test("a prior may contradict the carry-over's window or the revenue")
    func priors() throws {
        let long = try warning { $0.television = ", adstock: {max_lag: 2, prior: {alpha: {beta: [9, 1]}}}" }
        #expect(long.contains("half-life of its carry-over is about 6.579 periods, and carry-over ends after 2"))
        let rich = try warning { $0.television = ", effect: {prior: {lognormal: [4, 0.1]}}" }
        #expect(rich.contains("a return of about 54.598") && rich.contains("more than the whole KPI"))
        let together = try warning { $0.more = "prior: {roi: {lognormal: [2.9, 0.1]}}" }
        #expect(together.contains("the channels together would make"))
    }

    @Test("units that slipped show as peaks, as spend beyond revenue, and as zeros at the end")
    func scales() throws {
        #expect(try warning { $0.price[4] = 1e6 }.contains("control 'price' is 1000000 on 2024-01-29"))
        let costly = try warning { shop in
            shop.tv = shop.tv.map { 100 * $0 }
            shop.television = ", effect: {kind: coefficient}"
        }
        #expect(costly.contains("channel 'tv' cost"))
        let ended = try warning { shop in
            shop.sales[58] = 0
            shop.sales[59] = 0
        }
        #expect(ended.contains("is 0 from 2025-02-10 to the end"))
    }

    @Test("a slow component whose window is short is named itself, and no control in its place")
    func slowWindow() throws {
        var shop = Shop()
        shop.television = ", kind: brand, long_term: {max_lag: 20}"
        let warned = try shop.warnings().filter { $0.contains("carry-over ends after") }
        #expect(warned.count == 1)
        #expect(warned.first?.contains("column 'tv': channel 'tv_long_term': by its prior the half-life") == true)
        #expect(warned.first?.contains("raise `long_term.max_lag`") == true)
        #expect(try !shop.warnings().contains { $0.contains("control 'price'") })
    }

    @Test("a control that is the KPI, and a model without any media, stop the fit")
    func errors() {
        #expect(throws: ProblemList.self) {
            var shop = Shop()
            shop.price = shop.sales
            _ = try shop.warnings()
        }
        #expect(throws: ProblemList.self) {
            var shop = Shop()
            shop.tv = [Double](repeating: 0, count: Shop.weeks)
            shop.search = shop.tv
            _ = try shop.warnings()
        }
    }

    /// Forty weeks of two geos.
    private func panelWarnings(_ row: (_ geo: Int, _ week: Int) -> (sales: Double, tv: Double, price: Double)) throws
        -> [String]
    {
        let model = """
            tutti: 1
            data: {sources: [{file: data.csv}], date: week, geo: region, frequency: week}
            kpi: {column: sales}
            channels: [{name: tv, spend: tv}]
            controls: [price]
            """
        let first = CalendarDate(dayNumber: 19_723)
        let rows = (0..<2).flatMap { geo in
            (0..<40).map { week in
                let values = row(geo, week)
                return "\(first.advanced(by: 7 * week)),\(geo == 0 ? "north" : "south"),\(values.sales),\(values.tv),"
                    + "\(values.price)\n"
            }
        }
        let bundle = ModelBundle(
            modelName: "model.yaml", model: Array(model.utf8),
            files: [("data.csv", Array(("week,region,sales,tv,price\n" + rows.joined()).utf8))])
        return try ModelFileReader.read(bundle).judged().told
    }

    @Test("geos of unlike size are no collinearity; unlike units and controls that never change in a geo are told")
    func panels() throws {
        func tv(_ week: Int) -> Double { Double(20 + week * week % 37) }
        func price(_ week: Int) -> Double { Double(90 + week * 11 % 23) }
        let sized = try panelWarnings { geo, week in
            let size = geo == 0 ? 100.0 : 1
            return (size * (500 + Double(week * 13 % 29)), size * tv(week), size * price(week))
        }
        #expect(sized == [])
        let units = try panelWarnings { geo, week in
            ((geo == 0 ? 1e5 : 1) * (500 + Double(week * 13 % 29)), (geo == 0 ? 1e5 : 1) * tv(week), price(week))
        }
        #expect(units.count == 1 && units[0].contains("the KPI of 'north' is on average"), "\(units)")
        let fixed = try panelWarnings { geo, week in
            (500 + Double(geo == 0 ? week * 13 % 29 : week * 17 % 31), tv(week + 5 * geo), Double(geo))
        }
        #expect(
            fixed.count == 1 && fixed[0].contains("control 'price' never changes within a geo"), "\(fixed)")
    }
}
