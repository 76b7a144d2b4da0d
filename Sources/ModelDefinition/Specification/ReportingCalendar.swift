/// The company's years, and how they are divided: the windows of time in which results are told.
package struct ReportingCalendar: Sendable, Hashable {
    /// What a quarter is divided into.
    package enum Months: String, Sendable, Hashable, CaseIterable {
        /// Months of the calendar.
        case calendar
        /// Whole weeks: four, four and five. The year begins with the week that begins nearest to its first day, and a
        /// 53rd week goes to the last month.
        case fourFourFive = "4-4-5"
        case fourFiveFour = "4-5-4"
        case fiveFourFour = "5-4-4"

        /// Weeks of a quarter's months; nil for months of the calendar.
        package var weeks: [Int]? {
            switch self {
            case .calendar: nil
            case .fourFourFive: [4, 4, 5]
            case .fourFiveFour: [4, 5, 4]
            case .fiveFourFour: [5, 4, 4]
            }
        }
    }

    package var months: Months
    /// The month, 1 to 12, with whose first day a year begins.
    package var firstMonth: Int

    package init(months: Months = .calendar, firstMonth: Int = 1) {
        self.months = months
        self.firstMonth = firstMonth
    }

    /// Whether its years are those of the calendar.
    package var isCivil: Bool { months == .calendar && firstMonth == 1 }
}
