import ArgumentParser
import Foundation
import MarketingMix
import ModelDefinition

struct LogpCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "logp",
        abstract: "Evaluate the log density and its gradient at given points.",
        discussion: """
            For parity checks against other implementations. POINTS.json holds
              {"order": [{"name": …, "shape": […]}…],
               "points": [{"unconstrained": […]}, {"constrained": {name: value or array}}…]}
            Prints, a point each in the same order: logp (unconstrained, with Jacobian), likelihood, prior,
            jacobian, and the gradient in `order`. Without `order`, the model's own order holds.
            """)

    @Argument(help: "The model file.")
    var model: String

    @Option(help: "The points, as JSON.")
    var points: String

    func run() throws {
        let model = try ModelInput(path: self.model).model
        let request: PointsRequest
        do {
            request = try JSONDecoder().decode(
                PointsRequest.self, from: Data(contentsOf: URL(fileURLWithPath: points)))
        } catch {
            throw UserError.unusable("\(points): \(PointsRequest.explain(error)) Mend: see `tutti logp --help`.")
        }
        let order = try CoordinateOrder(layout: model.layout, order: request.order, file: points)
        let answers = try request.points.enumerated().map { index, point in
            let position = try order.position(of: point, index: index, model: model)
            let parts = model.evaluate(unconstrained: position)
            return PointAnswer(
                logp: parts.logDensity, likelihood: parts.likelihood, prior: parts.prior, jacobian: parts.jacobian,
                gradient: order.toRequest(parts.gradient))
        }
        try Output.printJSON(PointsAnswer(order: order.entries, points: answers))
    }
}

private struct PointsRequest: Decodable {
    struct Entry: Codable {
        var name: String
        var shape: [Int]
    }

    struct Point: Decodable {
        var unconstrained: [Double]?
        var constrained: [String: Values]?
    }

    /// A number, or numbers in arrays of any depth, in row-major order.
    struct Values: Decodable {
        var numbers: [Double]

        init(from decoder: any Decoder) throws {
            if let number = try? decoder.singleValueContainer().decode(Double.self) {
                numbers = [number]
            } else {
                numbers = try decoder.singleValueContainer().decode([Values].self).flatMap(\.numbers)
            }
        }
    }

    var order: [Entry]?
    var points: [Point]

    static func explain(_ error: any Error) -> String {
        guard let error = error as? DecodingError else { return "the file cannot be read." }
        let (context, what): (DecodingError.Context, String) =
            switch error {
            case .keyNotFound(let key, let context): (context, "the key '\(key.stringValue)' is missing")
            case .typeMismatch(_, let context), .valueNotFound(_, let context):
                (context, "the value has the wrong type")
            case .dataCorrupted(let context): (context, "this is not valid JSON")
            @unknown default: (.init(codingPath: [], debugDescription: ""), "the file cannot be read")
            }
        let path = context.codingPath.map { $0.intValue.map { "[\($0)]" } ?? ".\($0.stringValue)" }.joined()
        return path.isEmpty ? "\(what)." : "at \(path): \(what)."
    }
}

private struct PointAnswer: Encodable {
    var logp: Double
    var likelihood: Double
    var prior: Double
    var jacobian: Double
    var gradient: [Double]
}

private struct PointsAnswer: Encodable {
    var order: [PointsRequest.Entry]
    var points: [PointAnswer]
}

/// The correspondence between the order of coordinates in a points file and that of the model.
private struct CoordinateOrder {
    let entries: [PointsRequest.Entry]
    private let layout: ParameterLayout
    /// Model coordinate of each requested coordinate.
    private let indices: [Int]

    init(layout: ParameterLayout, order: [PointsRequest.Entry]?, file: String) throws {
        self.layout = layout
        entries =
            order
            ?? layout.blocks.map { block in
                PointsRequest.Entry(
                    name: block.unconstrainedName, shape: block.dimensions.map(\.labels.count))
            }
        var indices: [Int] = []
        for entry in entries {
            guard let block = layout.blocks.first(where: { [$0.name, $0.unconstrainedName].contains(entry.name) })
            else {
                let names = layout.blocks.map(\.unconstrainedName).joined(separator: ", ")
                throw UserError.unusable(
                    "\(file): the model has no parameter '\(entry.name)'. Mend: its parameters are \(names).")
            }
            guard entry.shape.reduce(1, *) == block.count else {
                throw UserError.unusable(
                    "\(file): '\(entry.name)' has shape \(entry.shape), the model has \(block.count) values. "
                        + "Mend: give the shape \(block.dimensions.map(\.labels.count)).")
            }
            indices += block.offset..<block.offset + block.count
        }
        guard indices.sorted() == Array(0..<layout.dimension) else {
            let missing = layout.blocks.filter { !indices.contains($0.offset) }.map(\.unconstrainedName)
            throw UserError.unusable(
                "\(file): `order` must name every parameter once; missing: "
                    + "\(missing.isEmpty ? "none, but one is named twice" : missing.joined(separator: ", ")).")
        }
        self.indices = indices
    }

    func position(of point: PointsRequest.Point, index: Int, model: MarketingMixModel) throws -> [Double] {
        if let unconstrained = point.unconstrained {
            guard unconstrained.count == indices.count else {
                throw UserError.unusable(
                    "point \(index): \(unconstrained.count) coordinates, the model has \(indices.count).")
            }
            var position = [Double](repeating: 0, count: indices.count)
            for (requested, own) in indices.enumerated() { position[own] = unconstrained[requested] }
            return position
        }
        guard let constrained = point.constrained else {
            throw UserError.unusable("point \(index) has neither 'unconstrained' nor 'constrained'.")
        }
        var values = [Double](repeating: 0, count: layout.dimension)
        for block in layout.blocks {
            guard let given = constrained[block.name]?.numbers, given.count == block.count else {
                throw UserError.unusable(
                    "point \(index): 'constrained' needs \(block.count) value(s) of '\(block.name)'.")
            }
            values.replaceSubrange(block.offset..<block.offset + block.count, with: given)
        }
        return model.unconstrain(values)
    }

    func toRequest(_ gradient: [Double]) -> [Double] {
        indices.map { gradient[$0] }
    }
}
