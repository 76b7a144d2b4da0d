import ModelDefinition

/// What the steps of reading the data have in common: what the model file says, and what was found.
final class ReadingContext {
    /// Problems printed of one file; the rest is counted.
    private static let problemsMax = 20
    /// Problems of one column and one mend that are each printed.
    private static let alikeMax = 3
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
        let found = Self.saidOnce(all)
        problems += found.prefix(Self.problemsMax)
        if found.count > Self.problemsMax, let file = found.first?.file {
            problems.append(
                Problem(
                    file: file, message: "\(found.count - Self.problemsMax) more problems.",
                    mend: "mend those above first."))
        }
    }

    /// Of problems that one mend removes, the first and the number of the others.
    private static func saidOnce(_ problems: [Problem]) -> [Problem] {
        var kinds: [[Problem]] = []
        for problem in problems {
            if let index = kinds.firstIndex(where: {
                $0[0].file == problem.file && $0[0].column == problem.column && $0[0].mend == problem.mend
            }) {
                kinds[index].append(problem)
            } else {
                kinds.append([problem])
            }
        }
        return kinds.flatMap { kind -> [Problem] in
            guard kind.count > alikeMax else { return kind }
            var first = kind[0]
            first.message += " \(kind.count - 1) more like it."
            return [first]
        }
    }

    func mask(_ periods: [CalendarDate]) { masked.formUnion(periods) }

    func warn(_ problem: Problem) { warnings.append(problem) }
}
