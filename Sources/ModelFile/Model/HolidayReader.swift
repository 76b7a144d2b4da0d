import ModelDefinition

/// Reads `holidays`: whose days they are.
struct HolidayReader {
    private let section: YAMLSection?

    /// Says what the section lacks.
    init(_ context: SectionContext) {
        section = context.top.section("holidays")
        section?.require("country", mend: "write for example `holidays: {country: DE}`.")
    }

    func country() -> Located<String>? {
        guard let section, let country = section.text("country") else { return nil }
        return Located(country, line: section.line)
    }
}
