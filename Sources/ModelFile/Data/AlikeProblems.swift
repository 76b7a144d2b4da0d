/// Problems by what mends them: of many that one mend removes, the first is printed, and the others are counted.
struct AlikeProblems {
    /// Problems of one file, column and mend that are each printed.
    private static let printedMax = 3

    private var kinds: [(first: [Problem], count: Int)] = []

    init(_ problems: [Problem] = []) {
        problems.forEach { add($0) }
    }

    var isEmpty: Bool { kinds.isEmpty }

    mutating func add(_ problem: Problem) {
        let kind = kinds.firstIndex { kind in
            let other = kind.first[0]
            return other.file == problem.file && other.column == problem.column && other.mend == problem.mend
        }
        guard let kind else { return kinds.append(([problem], 1)) }
        kinds[kind].count += 1
        if kinds[kind].first.count < Self.printedMax { kinds[kind].first.append(problem) }
    }

    /// What is printed.
    var said: [Problem] {
        kinds.flatMap { kind -> [Problem] in
            guard kind.count > Self.printedMax else { return kind.first }
            var first = kind.first[0]
            first.message += " \(kind.count - 1) more like it."
            return [first]
        }
    }
}
