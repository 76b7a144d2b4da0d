import ModelDefinition

/// Public holidays by country.
enum HolidayCalendar {
    /// The years that `text` covers.
    static let years = 2010...2030

    private static let byCountry: [String: [(name: String, dates: [CalendarDate])]] = {
        var holidays: [String: [(String, [CalendarDate])]] = [:]
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: "|", omittingEmptySubsequences: false)
            guard parts.count == 3 else { continue }
            let dates = parts[2].split(separator: " ").compactMap { day in
                CalendarDate("\(day.prefix(4))-\(day.dropFirst(4).prefix(2))-\(day.suffix(2))")
            }
            holidays[String(parts[0]), default: []].append((String(parts[1]), dates))
        }
        return holidays
    }()

    /// ISO 3166 codes, in order.
    static var countries: [String] { byCountry.keys.sorted() }

    /// The holidays of a country in the order of their names; nil for an unknown country.
    static func days(of country: String) -> [(name: String, dates: [CalendarDate])]? { byCountry[country] }
}
