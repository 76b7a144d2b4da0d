import ModelDefinition

/// Reads what the calendar gives: `events` and `seasonality`.
struct CalendarReader {
    /// Seasons that a calendar has, in days.
    private static let namedSeasons: [String: Double] = [
        "year": 365.25, "half_year": 182.625, "quarter": 91.3125, "month": 30.4375, "week": 7,
    ]

    let context: SectionContext

    func events() -> [Located<Event>] {
        var events: [Located<Event>] = []
        for section in context.top.sections("events") ?? [] {
            section.require("name", mend: "give the event a name.")
            section.require("date", mend: "give the event's date as YYYY-MM-DD.")
            guard let name = section.text("name"), let date = section.date("date") else { continue }
            if events.contains(where: { $0.name == name }) {
                section.problem("name", "two events are named '\(name)'.", mend: "rename one of them.")
            }
            events.append(Located(Event(name: name, date: date), line: section.line))
        }
        return events
    }

    func seasonality() -> [Located<Seasonality>] {
        (context.top.sections("seasonality") ?? []).compactMap { section in
            section.require("period", mend: "write `period: year`, or the length of the season in days, as 365.25.")
            section.require("harmonics", mend: "give the number of harmonics, as 3.")
            let named = section.node("period")?.scalar.flatMap { Self.namedSeasons[$0.string] }
            guard
                let period = named
                    ?? section.number(
                        "period",
                        mend: "write `year`, `half_year`, `quarter`, `month` or `week`, or days, as 365.25."),
                let harmonics = section.integer("harmonics")
            else { return nil }
            return Located(Seasonality(periodDays: period, harmonics: harmonics), line: section.line("period"))
        }
    }
}
