import ModelDefinition

/// How often a plan's night comes.
package enum PlanPeriod: String, Sendable, Hashable, Codable, CaseIterable {
    case day, week, month
}

/// The name of the period of a plan in which a calendar day lies, under which a night's work is done once: a timer that
/// fires twice in one period finds it done.
package struct NightKey: Sendable, Hashable, RawRepresentable, Codable, CustomStringConvertible {
    /// `2026-11-30` for a day, `2026-W49` for an ISO 8601 week, `2026-11` for a month.
    package let rawValue: String

    /// Nil where the three numbers are not a day of the Gregorian calendar in the years 1 to 9999.
    package init?(_ period: PlanPeriod, year: Int, month: Int, day: Int) {
        guard let date = CalendarDate(year: year, month: month, day: day) else { return nil }
        rawValue =
            switch period {
            case .day: "\(Self.digits(year, 4))-\(Self.digits(month, 2))-\(Self.digits(day, 2))"
            case .week: "\(Self.digits(date.isoWeek.year, 4))-W\(Self.digits(date.isoWeek.number, 2))"
            case .month: "\(Self.digits(year, 4))-\(Self.digits(month, 2))"
            }
    }

    /// Nil where the text names no day, week or month that there is.
    package init?(rawValue: String) {
        let parts = rawValue.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count > 1, let year = Self.number(parts[0], digits: 4) else { return nil }
        let key: NightKey? =
            if parts.count == 3, let month = Self.number(parts[1], digits: 2),
                let day = Self.number(parts[2], digits: 2)
            {
                NightKey(.day, year: year, month: month, day: day)
            } else if parts.count == 2, parts[1].first == "W", let week = Self.number(parts[1].dropFirst(), digits: 2) {
                Self.week(week, of: year)
            } else if parts.count == 2, let month = Self.number(parts[1], digits: 2) {
                NightKey(.month, year: year, month: month, day: 1)
            } else {
                nil
            }
        guard let key else { return nil }
        self = key
    }

    package var description: String { rawValue }

    package var period: PlanPeriod {
        if rawValue.utf8.contains(UInt8(ascii: "W")) { return .week }
        return rawValue.utf8.count > 7 ? .day : .month
    }

    private static func week(_ number: Int, of year: Int) -> NightKey? {
        CalendarDate(isoYear: year, week: number).map { NightKey(week: $0) }
    }

    private init(week date: CalendarDate) {
        let week = date.isoWeek
        rawValue = "\(Self.digits(week.year, 4))-W\(Self.digits(week.number, 2))"
    }

    private static func digits(_ value: Int, _ count: Int) -> String {
        let text = String(value)
        return String(repeating: "0", count: max(0, count - text.utf8.count)) + text
    }

    private static func number(_ text: Substring, digits: Int) -> Int? {
        guard text.utf8.count == digits, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
        return Int(text)
    }
}
