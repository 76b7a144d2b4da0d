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
              {"order": [{"name": …, "shape": […], "labels": [[…]…]}…],
               "points": [{"unconstrained": […]},
                          {"constrained": {name: value or array}}…]}

            Prints, a point each in the same order: logp (unconstrained, with Jacobian), likelihood, prior, jacobian, \
            and the gradient in `order`. Without `order`, the model's own order holds. `labels` name the elements along \
            every dimension (channels, geos …); they are printed, and where they are given their order must be the \
            model's. `elements` names every number of the gradient.
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
        try Output.printJSON(PointsAnswer(order: order.entries, elements: order.elements, points: answers))
    }
}

struct PointsRequest: Decodable {
    struct Entry: Codable {
        var name: String
        var shape: [Int]
        /// Of the elements along every dimension.
        var labels: [[String]]?
    }

    struct Point: Decodable {
        var unconstrained: [Double]?
        var constrained: [String: Values]?
    }

    /// A number, or numbers in arrays of any depth, in row-major order.
    struct Values: Decodable {
        var numbers: [Double]
        /// Of arrays whose rows have one length; else nil.
        var shape: [Int]?

        init(from decoder: any Decoder) throws {
            if let number = try? decoder.singleValueContainer().decode(Double.self) {
                (numbers, shape) = ([number], [])
            } else {
                let rows = try decoder.singleValueContainer().decode([Values].self)
                numbers = rows.flatMap(\.numbers)
                let inner = rows.first?.shape ?? []
                shape = rows.allSatisfy { $0.shape == inner } ? [rows.count] + inner : nil
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
    /// The name of every number of a gradient.
    var elements: [String]
    var points: [PointAnswer]
}
