/// A day of the proleptic Gregorian calendar, counted from 1 March of the year 0; day 0 was a Wednesday.
struct GregorianDay {
    let number: Int

    init(number: Int) {
        self.number = number
    }

    /// Nil when the three numbers are not a day of the calendar in the years 1 to 9999.
    ///
    /// Years are counted from March, so that the leap day is the last of its year (Hinnant 2013, "chrono-compatible
    /// low-level date algorithms").
    init?(year: Int, month: Int, day: Int) {
        guard (1...9999).contains(year), (1...12).contains(month),
            (1...Self.dayCount(year: year, month: month)).contains(day)
        else { return nil }
        self.init(unchecked: year, month: month, day: day)
    }

    private init(unchecked year: Int, month: Int, day: Int) {
        let shifted = month <= 2 ? year - 1 : year
        let monthFromMarch = (month + 9) % 12
        number = shifted * 365 + shifted / 4 - shifted / 100 + shifted / 400 + (153 * monthFromMarch + 2) / 5 + day - 1
    }

    /// 0 for Monday, 6 for Sunday.
    var weekday: Int { (number + 2) % 7 }

    /// The week of ISO 8601: it belongs to the year of its Thursday.
    var week: (year: Int, number: Int) {
        let thursday = number - weekday + 3
        // A year has 365.2425 days on the average; the quotient is the year or the one before.
        var year = thursday * 400 / 146_097
        while Self(unchecked: year + 1, month: 1, day: 1).number <= thursday { year += 1 }
        return (year, (thursday - Self(unchecked: year, month: 1, day: 1).number) / 7 + 1)
    }

    private static func dayCount(year: Int, month: Int) -> Int {
        switch month {
        case 2: year % 4 == 0 && (year % 100 != 0 || year % 400 == 0) ? 29 : 28
        case 4, 6, 9, 11: 30
        default: 31
        }
    }
}
