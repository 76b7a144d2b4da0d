import Foundation
import Recalibration
import Testing

@Suite("the key of a night")
struct NightKeyTests {
    @Test("a day, its ISO week and its month have their names")
    func names() {
        #expect(NightKey(.day, year: 2026, month: 11, day: 30)?.rawValue == "2026-11-30")
        #expect(NightKey(.week, year: 2026, month: 11, day: 30)?.rawValue == "2026-W49")
        #expect(NightKey(.month, year: 2026, month: 11, day: 30)?.rawValue == "2026-11")
        #expect(NightKey(.day, year: 807, month: 3, day: 9)?.rawValue == "0807-03-09")
    }

    /// ISO 8601's own examples of days near the end of a year, as Wikipedia's "ISO week date" lists them.
    @Test(
        "weeks at the ends of years belong to the year of their Thursday",
        arguments: [
            (1977, 1, 1, "1976-W53"), (1977, 1, 2, "1976-W53"), (1977, 12, 31, "1977-W52"), (1978, 1, 1, "1977-W52"),
            (1978, 1, 2, "1978-W01"), (1978, 12, 31, "1978-W52"), (1979, 1, 1, "1979-W01"), (1979, 12, 30, "1979-W52"),
            (1979, 12, 31, "1980-W01"), (1980, 1, 1, "1980-W01"), (1980, 12, 28, "1980-W52"),
            (1980, 12, 29, "1981-W01"), (1981, 12, 31, "1981-W53"), (1982, 1, 3, "1981-W53"),
        ])
    func yearEnds(year: Int, month: Int, day: Int, key: String) {
        #expect(NightKey(.week, year: year, month: month, day: day)?.rawValue == key)
    }

    @Test("every day of 60 years has the week that Foundation's ISO calendar gives it")
    func everyDay() throws {
        var calendar = Calendar(identifier: .iso8601)
        calendar.timeZone = try #require(TimeZone(identifier: "UTC"))
        var date = try #require(calendar.date(from: DateComponents(year: 1990, month: 1, day: 1)))
        var wrong: [String] = []
        for _ in 0..<60 * 365 {
            let parts = calendar.dateComponents([.year, .month, .day, .yearForWeekOfYear, .weekOfYear], from: date)
            let (year, month, day) = try (
                #require(parts.year), #require(parts.month), #require(parts.day)
            )
            let expected = String(
                format: "%04d-W%02d", try #require(parts.yearForWeekOfYear), try #require(parts.weekOfYear))
            let own = NightKey(.week, year: year, month: month, day: day)?.rawValue
            if own != expected { wrong.append("\(year)-\(month)-\(day)") }
            date = try #require(calendar.date(byAdding: .day, value: 1, to: date))
        }
        #expect(wrong.isEmpty)
    }

    @Test("the first and the last day that there is have a week")
    func ends() {
        // 0001-01-01 was a Monday and 9999-12-31 is a Friday of the proleptic Gregorian calendar.
        #expect(NightKey(.week, year: 1, month: 1, day: 1)?.rawValue == "0001-W01")
        #expect(NightKey(.week, year: 9999, month: 12, day: 31)?.rawValue == "9999-W52")
    }

    @Test(
        "what is no day has no key",
        arguments: [
            (2026, 2, 29), (1900, 2, 29), (2026, 13, 1), (2026, 0, 1), (2026, 4, 31), (2026, 1, 0), (0, 1, 1),
            (10000, 1, 1), (Int.max, 1, 1),
        ])
    func noDay(year: Int, month: Int, day: Int) {
        for period in PlanPeriod.allCases { #expect(NightKey(period, year: year, month: month, day: day) == nil) }
    }

    @Test("29 February is a day of leap years", arguments: [2024, 2000, 1600])
    func leapDay(year: Int) {
        #expect(NightKey(.day, year: year, month: 2, day: 29)?.rawValue == "\(year)-02-29")
    }

    @Test(
        "a key is read back from its text, with its period",
        arguments: [
            ("2026-11-30", PlanPeriod.day), ("2026-W49", .week), ("2026-W01", .week), ("2020-W53", .week),
            ("2026-11", .month), ("9999-W52", .week),
        ])
    func read(text: String, period: PlanPeriod) {
        #expect(NightKey(rawValue: text)?.rawValue == text)
        #expect(NightKey(rawValue: text)?.period == period)
    }

    @Test(
        "a text that names no period is refused",
        arguments: [
            "", "2026", "2026-", "2026-13", "2026-W54", "2026-W00", "2025-W53", "2026-W1", "2026-1-1", "2026-11-31",
            "26-11-30", "2026-11-30-1", "2026-W٤٩", "+026-11", "2026-w49",
        ])
    func refused(text: String) {
        #expect(NightKey(rawValue: text) == nil)
    }
}
