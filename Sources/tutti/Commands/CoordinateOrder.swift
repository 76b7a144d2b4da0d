import MarketingMix

/// The correspondence between the order of coordinates in a points file and that of the model.
struct CoordinateOrder {
    let entries: [PointsRequest.Entry]
    /// The name of every coordinate, in the order of the points file.
    let elements: [String]
    private let layout: ParameterLayout
    /// Model coordinate of each requested coordinate.
    private let indices: [Int]

    init(layout: ParameterLayout, order: [PointsRequest.Entry]?, file: String) throws {
        self.layout = layout
        var indices: [Int] = []
        var elements: [String] = []
        var entries: [PointsRequest.Entry] = []
        let asked =
            order
            ?? layout.blocks.map {
                PointsRequest.Entry(name: $0.unconstrainedName, shape: Self.shape(of: $0), labels: nil)
            }
        for var entry in asked {
            guard let block = Self.block(named: entry.name, in: layout) else {
                let names = layout.blocks.map(\.unconstrainedName).joined(separator: ", ")
                throw UserError.unusable(
                    "\(file): the model has no parameter '\(entry.name)'. Mend: its parameters are \(names).")
            }
            guard Self.isShape(entry.shape, of: block) else {
                throw UserError.unusable(
                    "\(file): '\(entry.name)' has shape \(entry.shape), the model has \(Self.dimensions(of: block)). "
                        + "Mend: give the shape \(Self.shape(of: block)).")
            }
            let labels = block.dimensions.map(\.labels)
            if let own = entry.labels, own != labels {
                throw UserError.unusable(
                    "\(file): '\(entry.name)' has the labels \(own), the model has \(labels). Mend: put the numbers in the "
                        + "model's order.")
            }
            entry.labels = labels
            entries.append(entry)
            indices += block.offset..<block.offset + block.count
            elements += (0..<block.count).map(block.elementName)
        }
        guard indices.sorted() == Array(0..<layout.dimension) else {
            let missing = layout.blocks.filter { !indices.contains($0.offset) }.map(\.unconstrainedName)
            throw UserError.unusable(
                "\(file): `order` must name every parameter once; missing: "
                    + "\(missing.isEmpty ? "none, but one is named twice" : missing.joined(separator: ", ")).")
        }
        self.entries = entries
        self.elements = elements
        self.indices = indices
    }

    func position(of point: PointsRequest.Point, index: Int, model: MarketingMixModel) throws -> [Double] {
        if let unconstrained = point.unconstrained {
            guard unconstrained.count == indices.count else {
                throw UserError.unusable(
                    "point \(index): \(unconstrained.count) coordinates, the model has \(indices.count). Mend: give one "
                        + "for each of `elements`, which `tutti logp` prints.")
            }
            var position = [Double](repeating: 0, count: indices.count)
            for (requested, own) in indices.enumerated() { position[own] = unconstrained[requested] }
            return position
        }
        guard let constrained = point.constrained else {
            throw UserError.unusable("point \(index) has neither 'unconstrained' nor 'constrained'.")
        }
        return model.unconstrain(try values(constrained, index: index))
    }

    func toRequest(_ gradient: [Double]) -> [Double] {
        indices.map { gradient[$0] }
    }

    private func values(_ constrained: [String: PointsRequest.Values], index: Int) throws -> [Double] {
        let names = layout.blocks.map(\.name)
        if let unknown = constrained.keys.sorted().first(where: { !names.contains($0) }) {
            throw UserError.unusable(
                "point \(index): the model has no parameter '\(unknown)'. Mend: its parameters are "
                    + "\(names.joined(separator: ", ")).")
        }
        var values = [Double](repeating: 0, count: layout.dimension)
        for block in layout.blocks {
            guard let given = constrained[block.name] else {
                throw UserError.unusable(
                    "point \(index): '\(block.name)' is missing. Mend: give its \(Self.dimensions(of: block)).")
            }
            guard let shape = given.shape, Self.isShape(shape, of: block) else {
                let found = given.shape.map { "the shape \($0)" } ?? "rows of unequal lengths"
                throw UserError.unusable(
                    "point \(index): '\(block.name)' has \(found), the model has \(Self.dimensions(of: block)). Mend: give "
                        + "the shape \(Self.shape(of: block)).")
            }
            values.replaceSubrange(block.offset..<block.offset + block.count, with: given.numbers)
        }
        return values
    }

    private static func block(named name: String, in layout: ParameterLayout) -> ParameterBlock? {
        layout.blocks.first { $0.name == name } ?? layout.blocks.first { $0.unconstrainedName == name }
    }

    private static func shape(of block: ParameterBlock) -> [Int] { block.dimensions.map(\.labels.count) }

    /// Axes of one element count for nothing, and a plain list of all elements will do.
    private static func isShape(_ shape: [Int], of block: ParameterBlock) -> Bool {
        let isPlain = shape.filter { $0 != 1 } == [block.count].filter { $0 != 1 }
        return isPlain || shape.filter { $0 != 1 } == Self.shape(of: block).filter { $0 != 1 }
    }

    /// `2 geo × 3 channel values (geo: a, b; channel: …)`.
    private static func dimensions(of block: ParameterBlock) -> String {
        guard !block.dimensions.isEmpty else { return "one value" }
        let labels = block.dimensions.map { "\($0.name): \($0.labels.joined(separator: ", "))" }
        return block.dimensions.map { String($0.labels.count) }.joined(separator: " × ") + " values ("
            + labels.joined(separator: "; ") + ")"
    }
}
