import ModelDefinition

/// What the steps of reading the data have in common: what the model file says, and what was found.
final class ReadingContext {
    /// Problems printed of one file; the rest is counted.
    private static let problemsMax = 20
    /// The least periods of which anything can be fitted.
    static let periodsMin = 8

    let read: ReadSpecification
    let modelFile: String
    private(set) var problems: [Problem] = []
    private(set) var warnings: [Problem] = []
    /// First days of periods whose KPI is left out, and of which that was said.
    private(set) var masked: Set<CalendarDate> = []

    init(_ read: ReadSpecification, modelFile: String) {
        self.read = read
        self.modelFile = modelFile
    }

    func add(_ problem: Problem) { problems.append(problem) }

    /// What was found in one file, the first of it.
    func add(_ all: [Problem]) {
        let found = AlikeProblems(all).said
        problems += found.prefix(Self.problemsMax)
        if found.count > Self.problemsMax, let file = found.first?.file {
            problems.append(
                Problem(
                    file: file, message: "\(found.count - Self.problemsMax) more problems.",
                    mend: "mend those above first."))
        }
    }

    func mask(_ periods: [CalendarDate]) { masked.formUnion(periods) }

    func warn(_ problem: Problem) { warnings.append(problem) }
}
